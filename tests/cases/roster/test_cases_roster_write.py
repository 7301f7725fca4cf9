"""Written rosters: what staff get, and what a spreadsheet program makes of it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_origin

import pytest
from openpyxl import load_workbook
from pydantic import BaseModel

from cases.checking import check_case
from cases.model.case import Case
from cases.model.fields import model_in, title
from cases.roster import write as roster_write
from cases.roster.layout.definition import CASE_ID, VALUE, RosterSheet
from cases.roster.layout.loading import shipped_layout
from cases.roster.read import read_roster
from cases.roster.write import new_roster, write_roster
from cases.samples import load_case_files, load_sample
from cases.values.documents import DOCUMENTS
from cases.values.paths import Loc, dotted
from cases.values.stages import STAGE_LABELS
from foundation.errors import CaseDataError, NotWritableError


class Nowhere:
    def where(self, loc: Loc) -> str:
        return dotted(loc)


def make(raw: dict[str, Any]) -> Case:
    case, problems = check_case(raw, Nowhere())
    assert case is not None, problems
    return case


SHEETS = shipped_layout().sheets
EVERYTHING = tuple(DOCUMENTS.values())
USUAL = [
    "项目",
    "事项",
    "环节费用",
    "材料",
    "委托事项",
    "移交材料",
    "台账",
    "进度",
    "跨层级推送",
    "研判",
    "研判矛盾",
    "手续",
    "项目清单",
]


@pytest.fixture
def empty(tmp_path: Path) -> Any:
    """The empty roster of all documents as a spreadsheet program opens it."""
    offered = {"材料": ["甲", "乙"], "委托事项.事项": [f"事项{n}" for n in range(300)]}
    new_roster(tmp_path / "new.xlsx", offered, documents=EVERYTHING)
    return load_workbook(tmp_path / "new.xlsx")


def test_the_empty_roster_holds_no_case(tmp_path: Path) -> None:
    """A new roster reads without an error and without a case: its example rows do not count."""
    new_roster(tmp_path / "new.xlsx")
    found = read_roster(tmp_path / "new.xlsx")
    assert found.cases == ()
    assert [problem.severity for problem in found.problems] == ["warning"]


def test_the_example_would_be_a_right_case(tmp_path: Path) -> None:
    """Given an id of its own, the example row is a case without a problem on every sheet."""
    path = tmp_path / "new.xlsx"
    new_roster(path, documents=EVERYTHING)
    book = load_workbook(path)
    for sheet in SHEETS:
        assert book[sheet.title]["A2"].value == shipped_layout().example_id
        book[sheet.title]["A2"] = "JC-1"
    book.save(path)
    found = read_roster(path)
    assert found.problems == ()
    (case,) = found.cases
    assert case.plan.approval.items and case.ledger and case.assessment.approval.items.city
    assert case.handover.materials and case.authorisation.items and case.plan.approval.fees


def sheet_named(title: str) -> RosterSheet:
    return next(sheet for sheet in SHEETS if sheet.title == title)


def sheet_names(path: Path) -> list[str]:
    return [page.title for page in load_workbook(path) if page.sheet_state == "visible"][:-1]


def test_a_roster_for_nobody_in_particular_has_the_usual_sheets(tmp_path: Path) -> None:
    """Without a document a new roster is the one staff know, whatever sheets others need."""
    new_roster(tmp_path / "new.xlsx")
    assert sheet_names(tmp_path / "new.xlsx") == USUAL


def test_a_roster_of_one_document_has_its_sheets_only(tmp_path: Path) -> None:
    """With a document the sheets and columns of the others are left out."""
    new_roster(tmp_path / "new.xlsx", documents=("yangcheng",))
    names = sheet_names(tmp_path / "new.xlsx")
    assert {"联审", "入园意见", "模拟清单", "督办"} < set(names)
    assert not {"台账", "研判", "研判矛盾", "手续", "项目清单", "任务分工"} & set(names)
    headings = {cell.value for cell in load_workbook(tmp_path / "new.xlsx")["项目"][1]}
    assert "办结或终止" in headings
    assert not {"填表人", "清单类别", "手续办理情况"} & headings


def test_what_a_case_holds_is_written_whatever_was_asked_for(tmp_path: Path) -> None:
    """A sheet with rows and a column with a value are never left out."""
    everybody = (*load_sample(), *load_case_files())
    write_roster(tmp_path / "r.xlsx", everybody, documents=("jinkai",))
    assert read_roster(tmp_path / "r.xlsx").cases == everybody


def places(sheet: RosterSheet) -> Iterator[str]:
    """The fields a sheet's columns hold, as patterns: a list's index is ``*``."""
    fields = [
        column.field + (".*" if column.kind == "lines" else "")
        for column in sheet.columns
        if column.field != CASE_ID and not sheet.is_placing(column)
    ]
    for _, target in sheet.places():
        entry = {"entry": f"{target}.*.", "value": f"{target}.", "texts": f"{target}."}.get(sheet.rows, "")
        yield from (f"{entry}{field}" if field != VALUE else f"{entry}*" for field in fields)
        yield from (target for field in fields if field == VALUE)


def leaves(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """Every field of a model that holds a value, as a pattern."""
    for name, field in model.model_fields.items():
        inside = model_in(field.annotation)
        listed = get_origin(field.annotation) is tuple
        if inside is not None:
            yield from leaves(inside, f"{path}{name}." + ("*." if listed else ""))
        else:
            yield f"{path}{name}" + (".*" if listed else "")


#: Compiled from the cases of an office, never typed again (daiban/documents/project_lists.py).
COMPILED = {
    *("dispatches.*.group", "dispatches.*.project"),
    *(f"projects.*.{name}" for name in ("enterprise", "land", "last_year", "location", "scale")),
}


def test_whatever_a_case_can_hold_a_roster_can_say() -> None:
    """Every field of the case model has a column of its own on some sheet: no office needs a case file. What many
    projects say in sum is compiled.
    """
    columns = {place for sheet in SHEETS for place in places(sheet)}
    typed = {leaf for leaf in leaves(Case) if leaf != "id" and not leaf.startswith("portfolio.")}
    assert typed - columns == COMPILED


def test_sheets_stand_in_order(empty: Any) -> None:
    """项目 comes first, 填表说明 last and visible, the drop-down entries hidden."""
    assert empty.sheetnames[0] == "项目"
    assert empty.sheetnames[-1] == "填表说明"
    assert [page.title for page in empty if page.sheet_state == "hidden"] == ["选项"]
    assert {sheet.title for sheet in SHEETS} < set(empty.sheetnames)


def test_headings_are_frozen_and_explained(empty: Any) -> None:
    """Every sheet's heading row stays in view; headings that need it carry a note."""
    for sheet in SHEETS:
        page = empty[sheet.title]
        assert page.freeze_panes == ("C2" if sheet.rows == "case" else "B2")
        assert [cell.value for cell in page[1]] == [column.heading for column in sheet.columns]
        for cell, column in zip(page[1], sheet.columns, strict=True):
            assert (cell.comment.text if cell.comment else "") == column.note


def test_codes_are_text_and_dates_are_dates(empty: Any) -> None:
    """编号, code and phone columns are text columns, date columns show a Chinese date, example row and all."""
    for sheet in SHEETS:
        page = empty[sheet.title]
        for cell, column in zip(page[2], sheet.columns, strict=True):
            expected = {"text": "General", "lines": "General", "date": 'yyyy"年"m"月"d"日"'}.get(
                column.kind, "@"
            )
            assert cell.number_format == expected
            assert page.column_dimensions[cell.column_letter].number_format == expected


def drop_downs(page: Any) -> dict[str, Any]:
    return {str(rule.sqref).split("2:")[0]: rule for rule in page.data_validations.dataValidation}


def test_drop_downs_offer_the_right_names(empty: Any) -> None:
    """阶段 and 类别 accept their names only; 审批权限 and outside lists are offered, not forced."""
    items = drop_downs(empty["事项"])
    assert items["B"].formula1 == '"' + ",".join(STAGE_LABELS) + '"'
    assert items["B"].showErrorMessage
    assert items["D"].formula1 == '"市级,县级,省级"'
    assert not items["D"].showErrorMessage
    assert drop_downs(empty["研判"])["C"].formula1 == '"' + ",".join(sheet_named("研判").categories) + '"'
    assert {"C", "D"} <= set(drop_downs(empty["项目"]))


def test_numbers_of_cases_are_offered_and_not_forced(empty: Any) -> None:
    """Every sheet but 项目 offers the 编号 of its cases; another spelling is left to the check."""
    for sheet in SHEETS[1:]:
        rule = drop_downs(empty[sheet.title])["A"]
        assert "项目" in rule.formula1
        assert not rule.showErrorMessage
    assert "A" not in drop_downs(empty["项目"])


def test_headings_are_printed_on_every_page(empty: Any) -> None:
    """Every page of a sheet shows its headings; a sheet too wide for one page shows the number and name as well."""
    for sheet in SHEETS:
        assert empty[sheet.title].print_title_rows == "$1:$1"
        assert empty[sheet.title].page_setup.orientation == "landscape"
    assert empty["项目"].print_title_cols == "$A:$B"
    assert empty["事项"].page_setup.fitToHeight == 0


def test_long_lists_come_from_the_hidden_sheet(empty: Any) -> None:
    """Entries given from outside stand whole on the hidden sheet that their drop-downs point to."""
    rule = drop_downs(empty["委托事项"])["B"]
    name, cells = rule.formula1.split("!")
    assert name.strip("'") == "选项"
    entries = [cell.value for (cell,) in empty["选项"][cells.replace("$", "")]]
    assert entries == [f"事项{n}" for n in range(300)]
    assert "C" in drop_downs(empty["材料"])
    assert "B" in drop_downs(empty["移交材料"])


def test_the_guide_explains_every_column(empty: Any) -> None:
    """填表说明 names every sheet and every column."""
    page = empty["填表说明"]
    columns = {cell.value for cell in page["B"]}
    assert {sheet.title for sheet in SHEETS} <= {cell.value for cell in page["A"]}
    assert {column.heading for sheet in SHEETS for column in sheet.columns} <= columns


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@a", '=HYPERLINK("x")', "#N/A", "TRUE", "007", "1e5", "2026-03-05"]
)
def test_dangerous_text_stays_text(tmp_path: Path, text: str) -> None:
    """What looks like a formula, an error or a number is written as text and reads back as it was."""
    path = tmp_path / "r.xlsx"
    case = make({"id": "a", "document": "jincheng", "project": {"name": text}, "enterprise": {"name": text}})
    write_roster(path, [case])
    cell: Any = load_workbook(path)["项目"]["B2"]
    assert (cell.data_type, cell.value) == ("s", text)
    assert cell.quotePrefix == (text[0] in "=+-@")
    assert read_roster(path).cases == (case,)


def test_samples_survive_the_round_trip(tmp_path: Path) -> None:
    """The ten sample cases, written and read, are the same ten cases without a problem."""
    write_roster(tmp_path / "r.xlsx", load_sample(), {"材料": ["甲"]})
    found = read_roster(tmp_path / "r.xlsx")
    assert found.problems == ()
    assert found.cases == load_sample()


def test_every_column_is_a_field() -> None:
    """Each column of 项目, and of the sheets that go on with it, is a field of the case model."""
    sheets = [sheet for sheet in SHEETS if sheet.rows in ("case", "fields")]
    fields = [column.field for sheet in sheets for column in sheet.columns]
    assert [field for field in fields if title(tuple(field.split("."))) is None] == []


def test_dates_are_written_as_dates(tmp_path: Path) -> None:
    """A date is a date cell, so that it sorts and filters."""
    path = tmp_path / "r.xlsx"
    write_roster(path, [case for case in load_sample() if case.handover.date])
    values = [cell.value for cell in load_workbook(path)["台账"]["B"][1:]]
    assert values and all(isinstance(value, dt.datetime) for value in values)


def test_a_value_longer_than_a_cell_is_refused(tmp_path: Path) -> None:
    """What a cell would cut off is refused, and nothing is written."""
    case = make(
        {
            "id": "a",
            "document": "jincheng",
            "project": {"name": "x", "content": "长" * 32_768},
            "enterprise": {"name": "y"},
        }
    )
    with pytest.raises(CaseDataError, match="32768个字符"):
        write_roster(tmp_path / "r.xlsx", [case])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("write", [lambda path: write_roster(path, []), new_roster])
def test_what_is_there_is_not_overwritten(tmp_path: Path, write: Callable[[Path], None]) -> None:
    """A file that exists is left alone unless overwriting is asked for."""
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"mine")
    with pytest.raises(NotWritableError, match="已存在"):
        write(path)
    assert path.read_bytes() == b"mine"
    new_roster(path, overwrite=True)
    assert read_roster(path).cases == ()


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves neither half a roster nor a leftover, and says so."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(roster_write.Path, "replace", full)
    with pytest.raises(NotWritableError, match="磁盘已满"):
        new_roster(tmp_path / "r.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs file modes")
@pytest.mark.parametrize("umask", [0o022, 0o007, 0o077])
def test_workbooks_follow_the_habits_of_the_place(tmp_path: Path, umask: int) -> None:
    """A new workbook may be read by whom the user's umask lets: colleagues open the roster that one of them made."""
    before = os.umask(umask)
    try:
        new_roster(tmp_path / "new.xlsx")
        write_roster(tmp_path / "cases.xlsx", load_sample())
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes == {0o666 & ~umask}


def test_an_unwritable_place_is_said(tmp_path: Path) -> None:
    """A folder that does not exist is not writable."""
    with pytest.raises(NotWritableError, match="写不进去"):
        new_roster(tmp_path / "none" / "r.xlsx")


def test_every_sheet_offers_the_cases_by_number_and_name(tmp_path: Path) -> None:
    """The 编号 of every sheet but 项目 is picked from its rows, with 项目名称 beside it."""
    new_roster(tmp_path / "r.xlsx")
    book = load_workbook(tmp_path / "r.xlsx")
    hidden = book[shipped_layout().choices_title]
    assert hidden.cell(3, hidden.max_column).value == "=IF('项目'!$A3=\"\",\"\",'项目'!$A3&\"　\"&'项目'!$B3)"
    for sheet in shipped_layout().sheets_for(())[1:]:
        rules = book[sheet.title].data_validations.dataValidation
        (ids,) = [rule for rule in rules if "A2" in str(rule.sqref).split(":")[0]]
        assert hidden.title in ids.formula1 and "项目" in ids.formula1
