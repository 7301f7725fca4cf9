"""What is out as one file to print, and under names that people read: nothing that was changed, each paper apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest

from cases.samples import load_case_files
from daiban import rosters
from daiban.handing_out.export import MANIFEST, export
from daiban.handing_out.print_file import make_print_file
from daiban.issuing.run import GenerateRequest, generate
from daiban.office import Office
from daiban.registry import Registry
from daiban.workspace import Workspace
from foundation.digests import sha256_of_file
from foundation.errors import CaseDataError, ExitCode, NotWritableError, UsageError
from tests.small_disk import enlarge, small_disk

pytestmark = pytest.mark.office
CASE, LETTER, LIST = "YC-2026-001", "yangcheng-referral-letter", "yangcheng-simulated-checklist"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace.create(tmp_path_factory.mktemp("handout") / "ws")
    rosters.write_new(made.roster, [case for case in load_case_files() if case.id == CASE])
    Registry.open(made.registry).close()
    assert not generate(Office(made), GenerateRequest((CASE,), (LETTER, LIST), 1)).failed
    return made


def text(path: Path, page: int) -> str:
    document = pdfium.PdfDocument(path)
    try:
        return "".join(document[page - 1].get_textpage().get_text_range().split())
    finally:
        document.close()


def test_every_paper_begins_on_a_sheet_of_its_own(workspace: Workspace) -> None:
    """Each paper stands on an odd page with its own text, a letter per department; behind odd ones is nothing."""
    made = make_print_file(Office(workspace))
    letters = [paper for paper in made.papers if paper.form == LETTER]
    assert len(letters) == 7 and len({paper.recipient for paper in letters}) == 7
    assert [paper.form for paper in made.papers].count(LIST) == 1
    file = workspace.path / made.file
    for paper in made.papers:
        assert paper.first % 2 == 1
        assert f"{paper.recipient or paper.title}" in text(file, paper.first)
        if paper.pages % 2:
            assert text(file, paper.first + paper.pages) == ""
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == made.pages == 2 * made.sheets
        assert not any("/Annots" in page.obj for page in pdf.pages)


def test_files_have_names_that_people_read(workspace: Workspace, tmp_path: Path) -> None:
    """Project, form and recipient name each file; the manifest has a row for each with its hash, and for no other."""
    folder = tmp_path / "out"
    made = export(Office(workspace), folder)
    with (folder / MANIFEST).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")} - {MANIFEST}
    assert {row["文件"] for row in rows} == files == {item.file for item in made.files}
    assert all(row["SHA-256"] == sha256_of_file(folder / row["文件"]) for row in rows)
    letters = [item for item in made.files if item.form == LETTER]
    assert len(letters) == 7
    for item in letters:
        assert item.file.endswith(f"-化工项目县级联审推送函-{item.recipient}.pdf")
        assert f"{item.recipient}：" in text(folder / item.file, 1)
    assert {Path(item.file).suffix for item in made.files if item.form == LIST} == {".pdf", ".docx"}


def test_forms_are_asked_for_by_name(workspace: Workspace) -> None:
    """推送函 means the letters, and they alone are printed."""
    made = make_print_file(Office(workspace), form_ids=("推送函",))
    assert {paper.form for paper in made.papers} == {LETTER}


def test_an_export_goes_into_an_empty_folder(workspace: Workspace, tmp_path: Path) -> None:
    """What lies in a folder already is neither mixed with an export nor written over."""
    (tmp_path / "mine.txt").write_text("我的", "utf-8")
    with pytest.raises(NotWritableError):
        export(Office(workspace), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_full_disk_leaves_nothing_of_an_export(workspace: Workspace, tmp_path: Path) -> None:
    """Without room an export says so and leaves nothing; with room the same folder is exported to."""
    with small_disk(tmp_path / "disk", "300k") as disk:
        with pytest.raises(NotWritableError, match="磁盘已满"):
            export(Office(workspace), disk / "out")
        assert not list(disk.iterdir())
        enlarge(disk)
        assert export(Office(workspace), disk / "out").files


def test_what_was_changed_is_left_out_and_said(workspace: Workspace) -> None:
    """A PDF that is not as it went out is named and not printed; the others are, and the exit code says so."""
    pdf = workspace.issued(CASE, LIST, ".pdf")
    kept = pdf.read_bytes()
    try:
        pdf.write_bytes(kept + b"\n")
        made = make_print_file(Office(workspace))
        assert [problem.where for problem in made.problems] == [workspace.relative(pdf)]
        assert {paper.form for paper in made.papers} == {LETTER}
        assert made.exit_code == ExitCode.UNREADABLE
        with pytest.raises(CaseDataError):
            make_print_file(Office(workspace), form_ids=(LIST,))
    finally:
        pdf.write_bytes(kept)


def test_unknown_names_are_refused(workspace: Workspace) -> None:
    """A case or form that there is not is wrong usage, not an empty file."""
    with pytest.raises(UsageError):
        make_print_file(Office(workspace), ("YC-2026-999",))
    with pytest.raises(UsageError):
        make_print_file(Office(workspace), form_ids=("yangcheng-refferal",))
