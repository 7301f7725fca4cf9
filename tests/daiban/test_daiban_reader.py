"""daiban/verifying/reader.py: a worker keeps the file it is at, and lets go of it for the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pytest

from daiban.registry import Registry
from daiban.verifying import reader
from daiban.verifying.reader import Opened, PageRead, Reader, ReadJob, Refused
from daiban.workspace import Workspace


def blank_pages(path: Path, count: int) -> Path:
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(path)
    return path


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Reader]:
    workspace = Workspace.create(tmp_path / "ws")
    Registry.open(workspace.registry, create=True).close()
    staging = tmp_path / "staging"
    staging.mkdir()
    with closing(Reader(workspace, staging)) as made:
        yield made


def test_a_file_is_opened_once_for_all_its_pages(
    worker: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page comes out once, whatever was asked for in between."""
    opened: Counter[str] = Counter()
    open_return = reader.open_return

    def counted(path: Path, name: str) -> object:
        opened[name] += 1
        return open_return(path, name)

    monkeypatch.setattr(reader, "open_return", counted)
    one, other = (ReadJob(blank_pages(tmp_path / name, 5), name, 1, 2) for name in ("a.pdf", "b.pdf"))
    first, *_ = answers = list(worker.read(one))
    assert isinstance(first, Opened)
    for begin in (3, 5):
        answers += worker.read(ReadJob(one.path, one.name, begin, begin + 1, first.sha256))
    assert [item.page for item in answers if isinstance(item, PageRead)] == [1, 2, 3, 4, 5]
    assert opened == {"a.pdf": 1}
    assert len(list(worker.read(other))) == 3
    assert opened == {"a.pdf": 1, "b.pdf": 1}


def test_a_file_that_cannot_be_opened_keeps_nothing_from_the_next(worker: Reader, tmp_path: Path) -> None:
    """Refused, and the one after it is read, under the same name too."""
    broken = tmp_path / "a.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    (refused,) = worker.read(ReadJob(broken, "a.pdf"))
    assert isinstance(refused, Refused)
    blank_pages(broken, 2)
    opened, *pages = worker.read(ReadJob(broken, "a.pdf"))
    assert isinstance(opened, Opened) and opened.pages == len(pages) == 2
