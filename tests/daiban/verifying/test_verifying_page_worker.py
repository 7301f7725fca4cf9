"""daiban/verifying/reading/page_worker.py: a worker keeps the file it reads open, and closes it for the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pytest

from daiban.registry import Registry
from daiban.verifying.reading import page_worker
from daiban.verifying.reading.jobs import FileOpened, FileRefused, PageRead, PagesJob
from daiban.verifying.reading.page_worker import PageWorker
from daiban.workspace import Workspace


def blank_pages(path: Path, count: int) -> Path:
    with pikepdf.new() as pdf:
        for _ in range(count):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(path)
    return path


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[PageWorker]:
    workspace = Workspace.create(tmp_path / "ws")
    Registry.open(workspace.registry, create=True).close()
    staging = tmp_path / "staging"
    staging.mkdir()
    with closing(PageWorker(workspace, staging)) as made:
        yield made


def test_a_file_is_opened_once_for_all_its_pages(
    worker: PageWorker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page comes out once, whatever was asked for in between."""
    opened: Counter[str] = Counter()
    open_return = page_worker.open_return

    def counted(path: Path, name: str) -> object:
        opened[name] += 1
        return open_return(path, name)

    monkeypatch.setattr(page_worker, "open_return", counted)
    one, other = (PagesJob(blank_pages(tmp_path / name, 5), name, 1, 2) for name in ("a.pdf", "b.pdf"))
    first, *_ = answers = list(worker.read(one))
    assert isinstance(first, FileOpened)
    for begin in (3, 5):
        answers += worker.read(PagesJob(one.path, one.name, begin, begin + 1, first.sha256))
    assert [item.page for item in answers if isinstance(item, PageRead)] == [1, 2, 3, 4, 5]
    assert opened == {"a.pdf": 1}
    assert len(list(worker.read(other))) == 3
    assert opened == {"a.pdf": 1, "b.pdf": 1}


def test_a_file_that_cannot_be_opened_keeps_nothing_from_the_next(worker: PageWorker, tmp_path: Path) -> None:
    """FileRefused, and the one after it is read, under the same name too."""
    broken = tmp_path / "a.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    (refused,) = worker.read(PagesJob(broken, "a.pdf"))
    assert isinstance(refused, FileRefused)
    blank_pages(broken, 2)
    opened, *pages = worker.read(PagesJob(broken, "a.pdf"))
    assert isinstance(opened, FileOpened) and opened.pages == len(pages) == 2
