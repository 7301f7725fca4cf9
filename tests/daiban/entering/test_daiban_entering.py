"""A single case entered without Excel: the form is the roster's, so are the checks, and nobody's change is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.files.case_file import read_case_file
from cases.files.writing import case_text
from cases.model.case import Case
from cases.roster.entered import EnteredPlace, entered_rows, read_entered
from cases.roster.write import write_roster
from cases.samples import load_sample
from cases.workspace_cases import load_cases
from daiban.board.board import Board
from daiban.board.query import BoardQuery
from daiban.copying import copied
from daiban.entering.case_form import MOST_ROWS, CaseForm, copied_rows, general_problems
from daiban.entering.saving import SavedCase, save_case, version_of
from daiban.workspace import Workspace
from foundation.errors import UsageError

SAMPLES = tuple(load_sample())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two cases in the roster, one in a file of its own, two in one file."""
    made = Workspace.create(tmp_path / "ws")
    write_roster(made.roster, SAMPLES[:2])
    (made.cases / "own.yml").write_text(case_text(SAMPLES[2]), encoding="utf-8")
    both = "".join("- " + case_text(case).replace("\n", "\n  ").rstrip() + "\n" for case in SAMPLES[3:5])
    (made.cases / "both.yaml").write_text(both, encoding="utf-8")
    return made


def _renamed(case: Case, name: str) -> Case:
    return case.model_copy(update={"project": case.project.model_copy(update={"name": name})})


def _save(workspace: Workspace, case: Case, version: str | None) -> SavedCase:
    return save_case(Board(workspace.path), workspace, case, by="张三", version=version)


def _now(workspace: Workspace, case_id: str) -> Case:
    found = load_cases(workspace.path)
    assert found.rejected == ()
    return next(case for case in found.cases if case.id == case_id)


@pytest.mark.parametrize("case", SAMPLES, ids=lambda case: case.id)
def test_whatever_a_case_says_can_be_entered_and_written(case: Case, tmp_path: Path) -> None:
    """The form holds every sample case whole, and so does the file it is saved as."""
    form = CaseForm.of(case.document, {})
    sections = form.sections(entered_rows(case))
    sent = {item.name: item.value for section in sections for row in section.rows for item in row.inputs}
    assert read_entered(form.typed(sent)).case == case
    file = tmp_path / "a.yaml"
    file.write_text(case_text(case, head="两行\n说明"), encoding="utf-8")
    assert read_case_file(file).cases == (case,)


def test_problems_stand_at_the_inputs_they_are_about() -> None:
    """As the roster would say them, but at an input; what is only doubtful stops nothing."""
    rows = entered_rows(SAMPLES[0])
    rows["项目"][0] |= {"enterprise.uscc": "91140522MA0K12348Z", "project.name": "", "contact.phone": "12"}
    rows["台账"][1]["date"] = "某日"
    checked = read_entered(rows)
    assert not checked.is_right
    at = {item.place for item in checked.problems}
    assert at >= {
        EnteredPlace("项目", 0, "project.name"),
        EnteredPlace("项目", 0, "enterprise.uscc"),
        EnteredPlace("台账", 1, "date"),
    }
    form = CaseForm.of("jincheng", {})
    wrong = {section.title: section.is_wrong for section in form.sections(rows, checked.problems)}
    assert wrong["项目"]
    assert wrong["台账"]
    assert not wrong["委托事项"]
    rows = entered_rows(SAMPLES[0])
    rows["项目"][0]["authorisation.stage"] = "某阶段"
    doubtful = read_entered(rows)
    assert doubtful.is_right
    assert [item.place for item in doubtful.problems] == [EnteredPlace("项目", 0, "authorisation.stage")]


def test_an_empty_form_says_what_is_needed() -> None:
    """Number, project and enterprise, each at its input, and nothing else."""
    checked = read_entered({}, document="jincheng")
    assert {item.place and item.place.field for item in checked.problems} == {
        "id",
        "project.name",
        "enterprise.name",
    }
    assert general_problems(checked) == ()


def test_a_number_that_begins_like_an_example_is_refused_and_not_passed_over() -> None:
    """In a roster such a row is an example; in a form somebody means it."""
    rows = entered_rows(SAMPLES[0])
    rows["项目"][0]["id"] = "示例-1"
    assert [item.place for item in read_entered(rows).problems] == [EnteredPlace("项目", 0, "id")]


def test_a_form_takes_only_its_own_inputs() -> None:
    """Names that are no input, and rows beyond all bounds, are passed over; blank rows go; 编号 stays as it is."""
    form = CaseForm.of("jincheng", {}, fixed_id="A-1")
    sent = {
        "s0-0-0": "B",
        "s0-0-1": "甲厂",
        "s999-0-0": "x",
        f"s1-{MOST_ROWS}-1": "x",
        "csrf": "x",
        "s0-0-999": "x",
    }
    sent |= {"s1-0-3": "", "s1-7-3": "节能审查"}
    typed = form.typed(sent)
    assert typed["项目"][0]["id"] == "A-1"
    assert [len(rows) for rows in typed.values()] == [1, 1]
    assert form.blank_row("事项", 3) is not None
    assert form.blank_row("事项", MOST_ROWS) is None
    assert form.blank_row("项目", 1) is None


def test_a_copy_has_what_a_copy_has_but_no_number() -> None:
    """What a new case begins with after the pattern of another: what ``daiban copy`` takes over."""
    rows = copied_rows(SAMPLES[0])
    assert "id" not in rows["项目"][0]
    rows["项目"][0]["id"] = "NEW-1"
    assert read_entered(rows).case == copied(SAMPLES[0], "NEW-1")[0]


def test_a_new_case_has_a_file_of_its_own(workspace: Workspace) -> None:
    """``cases/<编号>.yaml``; it is on the board at once; its number is taken from then on."""
    new = SAMPLES[0].model_copy(update={"id": "NEW-1"})
    board = Board(workspace.path)
    saved = save_case(board, workspace, new, by="张三", version=None)
    assert (saved.file, saved.superseded, saved.instead_of) == ("cases/NEW-1.yaml", None, None)
    assert _now(workspace, "NEW-1") == new
    assert [row.case_id for row in board.page(BoardQuery(search="new-1")).rows] == ["NEW-1"]
    for taken in ("new-1", SAMPLES[0].id):
        with pytest.raises(UsageError, match="已经有案件用了"):
            _save(workspace, new.model_copy(update={"id": taken}), None)


@pytest.mark.parametrize(
    ("index", "file", "instead_of"),
    [
        (0, f"cases/{SAMPLES[0].id}.case.yaml", "roster.xlsx"),
        (2, "cases/own.yml", None),
        (3, f"cases/{SAMPLES[3].id}.case.yaml", "cases/both.yaml"),
    ],
)
def test_a_changed_case_counts_wherever_it_stood(
    workspace: Workspace, index: int, file: str, instead_of: str | None
) -> None:
    """A file of one case is written anew, the old one kept; one of several, and the roster, stay untouched, and a file
    of the case's own counts instead.
    """
    before = {path: path.read_bytes() for path in (workspace.roster, workspace.cases / "both.yaml")}
    changed = _renamed(SAMPLES[index], "改过的项目")
    saved = _save(workspace, changed, version_of(SAMPLES[index]))
    assert (saved.file, saved.instead_of) == (file, instead_of)
    assert (saved.superseded is None) == (instead_of is not None)
    assert _now(workspace, changed.id) == changed
    assert {path: path.read_bytes() for path in before} == before
    again = _renamed(changed, "又改过")
    assert _save(workspace, again, version_of(changed)).file == file
    assert _now(workspace, changed.id) == again
    assert len(load_cases(workspace.path).cases) == 5


def test_a_change_somebody_else_made_is_not_lost(workspace: Workspace) -> None:
    """Whoever opened the case before that is told so, and nothing is written."""
    version = version_of(SAMPLES[2])
    first = _renamed(SAMPLES[2], "先改的")
    _save(workspace, first, version)
    with pytest.raises(UsageError, match="被别人改过"):
        _save(workspace, _renamed(SAMPLES[2], "后改的"), version)
    assert _now(workspace, first.id) == first
    with pytest.raises(UsageError, match="已经不在了"):
        _save(workspace, SAMPLES[0].model_copy(update={"id": "GONE"}), version)


def test_saving_does_not_wait_for_a_long_run(workspace: Workspace) -> None:
    """Whoever verifies holds the workspace for hours; a case can be entered meanwhile."""
    with workspace.lock():
        saved = _save(workspace, SAMPLES[0].model_copy(update={"id": "NEW-1"}), None)
    assert saved.file == "cases/NEW-1.yaml"
