"""A single case typed in somewhere else than a workbook (表单录入), read by the very readers of the roster.

What is typed is laid out as the rows that the case would have in a roster, so that nothing is checked here that is not
checked there, and every problem is at the cell it would have there. :class:`EnteredCase` says which input that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.case_set import CaseDraft, CaseSet, check_drafts
from cases.model.case import Case
from cases.roster.cells import escape
from cases.roster.layout.definition import CASE_ID, RosterLayout, RosterSheet
from cases.roster.layout.loading import shipped_layout
from cases.roster.reading.added_rows import RowAdder
from cases.roster.reading.case_rows import read_case_rows
from cases.roster.reading.sheet_rows import NumberedCells
from cases.roster.reading.tables import RosterTables, SheetTable
from cases.roster.writing.rows import rows_of
from foundation.errors import Problem

EnteredRows = Mapping[str, Sequence[Mapping[str, str]]]
"""What was typed: title of a sheet → its rows, each field of a column → text. A sheet with one row per case has one."""

_FIRST_ROW = 2
#: By what the rows of a case that has no usable 编号 yet are held together.
_NO_ID = "X"
_ALWAYS_THERE = ("project", "enterprise")


@dataclass(frozen=True, slots=True)
class EnteredPlace:
    """An input: a column of a row of a sheet; ``row`` from 0; ``field`` None: the row as a whole."""

    sheet: str
    row: int
    field: str | None


@dataclass(frozen=True, slots=True)
class EnteredProblem:
    """What is wrong with what was typed, and at which input; ``place`` None: with no input in particular."""

    problem: Problem
    place: EnteredPlace | None


@dataclass(frozen=True, slots=True)
class EnteredCase:
    """A case as typed: the case itself, None while anything in it is wrong; and every problem, doubts too."""

    case: Case | None
    problems: tuple[EnteredProblem, ...]

    @property
    def is_right(self) -> bool:
        """Whether it can be saved: nothing is wrong, though there may be doubts."""
        return self.case is not None


@dataclass(frozen=True, slots=True)
class _TypedCell:
    """A cell of a text column with this in it."""

    value: str | None
    data_type: str = "s"
    number_format: str = "@"


def read_entered(
    entered: EnteredRows, *, document: str | None = None, layout: RosterLayout | None = None
) -> EnteredCase:
    """A case and its problems. ``document``: that of a case for which none is typed."""
    layout = layout or shipped_layout()
    tables = RosterTables("", layout, {sheet.title: _table(sheet) for sheet in layout.sheets})
    main = layout.case_sheet
    (typed,) = entered.get(main.title) or ({},)
    notes: list[Problem] = []
    drafts = list(read_case_rows(tables, _rows(main, [{**typed, CASE_ID: _NO_ID}]), notes, document))
    adder = RowAdder(tables, drafts)
    for sheet in layout.sheets:
        if sheet is not main:
            rows = [
                {**row, CASE_ID: _NO_ID} if any(row.values()) else {} for row in entered.get(sheet.title, ())
            ]
            adder.add(tables.by_title[sheet.title], _rows(sheet, rows))
    (draft,) = drafts
    draft.raw[CASE_ID] = typed.get(CASE_ID, "")
    for group in _ALWAYS_THERE:
        draft.raw.setdefault(group, {})  # so that what is lacking in it is said of its input
    found = check_drafts(
        [CaseDraft(draft.raw, draft.origin, tuple(draft.problems))], [*notes, *adder.general]
    )
    places = dict(_places(tables, entered))
    problems = tuple(EnteredProblem(problem, places.get(problem.where)) for problem in found.problems)
    return EnteredCase(_whole(found), problems)


def entered_rows(case: Case, layout: RosterLayout | None = None) -> dict[str, list[dict[str, str]]]:
    """The reverse: what would have to be typed for a case; sheets on which it has nothing are left out."""
    tree = case.tree()
    found = {}
    for sheet in (layout or shipped_layout()).sheets:
        rows = [
            {field: str(value) for field, value in row.items() if value is not None}
            for row in rows_of(sheet, tree)
        ]
        if rows:
            found[sheet.title] = rows
    return found


def _whole(found: CaseSet) -> Case | None:
    return found.cases[0] if found.cases and not found.flaws and not _errors(found.general) else None


def _errors(problems: Sequence[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)


def _table(sheet: RosterSheet) -> SheetTable:
    columns = {column.field: index for index, column in enumerate(sheet.columns)}
    return SheetTable(sheet, sheet.title, _FIRST_ROW - 1, columns)


def _rows(sheet: RosterSheet, rows: Sequence[Mapping[str, str]]) -> Iterator[NumberedCells]:
    for number, row in enumerate(rows, start=_FIRST_ROW):
        yield number, tuple(_TypedCell(_text(row.get(column.field))) for column in sheet.columns)


def _text(typed: str | None) -> str | None:
    """A browser ends lines as it likes; what looks like a spreadsheet's escape is meant as it stands."""
    return escape(typed.replace("\r\n", "\n").replace("\r", "\n")) if typed else None


def _places(tables: RosterTables, entered: EnteredRows) -> Iterator[tuple[str, EnteredPlace]]:
    """Every input by the cell it would have."""
    for title, table in tables.by_title.items():
        single = table.sheet.rows in ("case", "fields")
        for row in range(max(len(entered.get(title, ())), 1 if single else 0)):
            for field in table.columns:
                named = None if field == CASE_ID and table is not tables.cases else field
                yield tables.where(table, field, row + _FIRST_ROW), EnteredPlace(title, row, named)
