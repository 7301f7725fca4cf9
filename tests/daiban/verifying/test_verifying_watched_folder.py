"""A watched folder: only whole files are taken, and what was dealt with is out of the way."""

from datetime import date
from pathlib import Path

import pytest

from daiban.verifying.watched_folder import DONE, PATIENCE_S, QUIET_S, WatchedFolder, set_aside

PDF = b"%PDF-1.7 ... %%EOF\n"


def test_a_file_is_taken_once_it_changes_no_more(tmp_path: Path) -> None:
    """A file that still grows is left alone; one that is quiet for a while is whole."""
    watched, file = WatchedFolder(tmp_path), tmp_path / "扫描.jpg"
    file.write_bytes(b"half")
    assert watched.whole_files(0.0) == ()
    file.write_bytes(b"half and more")
    assert watched.whole_files(QUIET_S) == ()
    assert watched.whole_files(2 * QUIET_S - 1) == ()
    assert watched.whole_files(2 * QUIET_S) == (file,)


def test_a_pdf_is_whole_with_its_end(tmp_path: Path) -> None:
    """A PDF that stopped growing without its end is waited for, though not for ever."""
    watched = WatchedFolder(tmp_path)
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "b.pdf").write_bytes(PDF[:10])
    watched.whole_files(0.0)
    assert [path.name for path in watched.whole_files(QUIET_S)] == ["a.pdf"]
    assert [path.name for path in watched.whole_files(PATIENCE_S)] == ["a.pdf", "b.pdf"]


@pytest.mark.parametrize("name", [".hidden.pdf", "~$临时.docx", "下载.pdf.part", "空.pdf"])
def test_what_is_no_return_yet_is_left_alone(tmp_path: Path, name: str) -> None:
    """Hidden files, files that a program is not done with and empty ones are no returns."""
    (tmp_path / name).write_bytes(b"" if name.startswith("空") else PDF)
    watched = WatchedFolder(tmp_path)
    watched.whole_files(0.0)
    assert watched.whole_files(PATIENCE_S) == ()


def test_what_was_dealt_with_is_put_aside(tmp_path: Path) -> None:
    """Files go to a folder of the day under free names, and are not taken again."""
    for _ in range(2):
        (tmp_path / "扫描.pdf").write_bytes(PDF)
        set_aside(tmp_path, [tmp_path / "扫描.pdf", tmp_path / "gone.pdf"], date(2026, 11, 30))
    kept = sorted(path.name for path in (tmp_path / DONE / "2026-11-30").iterdir())
    assert kept == ["扫描-2.pdf", "扫描.pdf"]
    watched = WatchedFolder(tmp_path)
    watched.whole_files(0.0)
    assert watched.whole_files(PATIENCE_S) == ()
