"""A roster that is to take the place of the workspace's own: what would follow, said before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cases.model.case import Case
from cases.roster.write import write_roster
from cases.samples import load_sample
from cases.workspace_cases import load_cases
from daiban.board.board import Board
from daiban.entering.saving import save_case, version_of
from daiban.issuing import GenerateRequest, generate
from daiban.office import Office
from daiban.roster_review import RosterReview, put_in_place, review_roster
from daiban.workspace import Workspace
from foundation.errors import UnreadableError, UsageError

SAMPLES = tuple(load_sample())
FORM = "jincheng-authorisation"


def _renamed(case: Case, name: str) -> Case:
    return case.model_copy(update={"project": case.project.model_copy(update={"name": name})})


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two cases in the roster; nothing is out. No converter, so that only DOCX would be made."""
    made = Workspace.create(tmp_path / "ws")
    write_roster(made.roster, SAMPLES[:2])
    return made


@pytest.fixture
def dropped(tmp_path: Path) -> Path:
    """One case as before, one changed, one new."""
    folder = tmp_path / "dropped"
    folder.mkdir()
    file = folder / "roster.xlsx"
    write_roster(file, [SAMPLES[0], _renamed(SAMPLES[1], "改过的项目"), SAMPLES[2]])
    return file


def _content(workspace: Workspace) -> dict[Path, Any]:
    return {path: path.read_bytes() for path in workspace.path.rglob("*") if path.is_file()}


def test_a_review_says_what_would_follow_and_writes_nothing(workspace: Workspace, dropped: Path) -> None:
    """New, changed and unchanged cases; the documents that would be made are those that ``generate`` then makes."""
    before = _content(workspace)
    review = review_roster(Office.open(workspace.path), dropped)
    assert _content(workspace) == before
    assert (review.cases, review.new, review.changed, review.gone, review.unchanged) == (
        3,
        (SAMPLES[2].id,),
        (SAMPLES[1].id,),
        (),
        1,
    )
    kept = put_in_place(workspace, dropped, review)
    assert kept is not None
    assert (workspace.path / kept).read_bytes() == before[workspace.roster]
    planned = generate(Office.open(workspace.path), GenerateRequest(dry_run=True)).planned
    assert review.planned == planned
    assert {item.case for item in planned} == {case.id for case in SAMPLES[:3]}


def test_cases_that_are_gone_are_named(workspace: Workspace, tmp_path: Path) -> None:
    """What the new roster has no more is said; a case that is only wrong in it is refused, not gone."""
    file = tmp_path / "less.xlsx"
    write_roster(file, SAMPLES[1:2])
    review = review_roster(Office.open(workspace.path), file)
    assert review.gone == (SAMPLES[0].id,)


def test_problems_have_their_cells(workspace: Workspace, dropped: Path) -> None:
    """Everything wrong is said by sheet and cell, what stops a document as well as what is wrong with a row."""
    from openpyxl import load_workbook

    book = load_workbook(dropped)
    book["项目"]["A2"] = "有 空格"
    book.save(dropped)
    review = review_roster(Office.open(workspace.path), dropped)
    assert any(problem.where == "roster.xlsx 项目!A2" for problem in review.problems)
    assert len(review.refused) == 1


def test_a_file_that_is_no_workbook_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """As a whole, with the reason; nothing is reviewed."""
    file = tmp_path / "roster.xlsx"
    file.write_bytes(b"no workbook")
    with pytest.raises(UnreadableError):
        review_roster(Office.open(workspace.path), file)


def test_only_what_was_reviewed_is_put_in_place(workspace: Workspace, dropped: Path) -> None:
    """A roster that somebody changed meanwhile stays; done once, it is not done again."""
    review = review_roster(Office.open(workspace.path), dropped)
    write_roster(workspace.roster, SAMPLES[:1], overwrite=True)
    changed = workspace.roster.read_bytes()
    with pytest.raises(UsageError, match="又被人改过"):
        put_in_place(workspace, dropped, review)
    assert workspace.roster.read_bytes() == changed
    review = review_roster(Office.open(workspace.path), dropped)
    assert put_in_place(workspace, dropped, review) is not None
    assert put_in_place(workspace, dropped, review) is None
    assert len(list((workspace.path / "superseded").iterdir())) == 1


def test_cases_changed_by_themselves_are_asked_about(workspace: Workspace, dropped: Path) -> None:
    """A case whose own file counts is named; it goes on to count, or, if wanted, the roster does from now on."""
    own = _renamed(SAMPLES[0], "网页上改的")
    save_case(Board(workspace.path), workspace, own, by="张三", version=version_of(SAMPLES[0]))
    review = review_roster(Office.open(workspace.path), dropped)
    assert review.own_files == (own.id,)
    put_in_place(workspace, dropped, review)
    assert own in load_cases(workspace.path).cases
    put_in_place(workspace, dropped, review, from_roster=[own.id, "../../etc"])
    assert SAMPLES[0] in load_cases(workspace.path).cases


def test_a_review_is_kept_whole(workspace: Workspace, dropped: Path) -> None:
    """It is read again as it was written: a person confirms it later."""
    review = review_roster(Office.open(workspace.path), dropped)
    again = RosterReview.model_validate_json(review.model_dump_json())
    assert (again.new, again.planned, again.sha256) == (review.new, review.planned, review.sha256)
