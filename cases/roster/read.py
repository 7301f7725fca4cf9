"""Reading the roster workbook (花名册) that staff keep: every good case, and every problem by sheet and cell.

A sheet that cannot be understood (a missing, unknown or repeated heading) stops the roster, because a column would be
lost; a wrong row stops its own case only. :mod:`cases.roster.layout.loading` says what sheets and columns there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from openpyxl.cell.read_only import EMPTY_CELL

from cases.case_set import CaseDraft, CaseSet, check_drafts, reject_repeated_ids
from cases.roster.layout.definition import RosterLayout
from cases.roster.layout.loading import shipped_layout
from cases.roster.reading.added_rows import RowAdder
from cases.roster.reading.case_rows import read_case_rows
from cases.roster.reading.headings import find_tables
from cases.roster.reading.sheet_rows import NumberedCells
from cases.roster.reading.tables import RosterTables, SheetTable
from cases.roster.reading.workbook import RosterWorkbook, open_workbook
from cases.values.documents import default_document
from foundation.errors import Problem, UnreadableError

#: A city has some thousand projects at hand, each with some twenty rows on other sheets. So many take 500 MB at most
#: (docs/decisions/0044).
MOST_CASES = 12_000
MOST_ROWS = 320_000


def read_roster(
    path: Path,
    label: str | None = None,
    *,
    documents: Collection[str] = (),
    layout: RosterLayout | None = None,
) -> CaseSet:
    """Every case of a roster.

    :param label: how places name the file; its name by default.
    :param documents: those the office works with, by which a row without 文件 has its own.
    :param layout: the sheets and columns it may have; the program's own by default.
    :raises UnreadableError: the file is no workbook that is opened here (encrypted, with macros, .xls, broken).
    """
    label = label or path.name
    with open_workbook(path, label) as book:
        tables, problems = find_tables(book, layout or shipped_layout(), label)
        if any(problem.severity == "error" for problem in problems):
            return CaseSet(general=tuple(problems))
        drafts, general = _read_drafts(book, tables, default_document(documents))
    if not drafts:
        where = f"{label} {tables.layout.case_sheet.title}"
        problems.append(Problem(where, "没有项目（示例行不算）", severity="warning"))
    return check_drafts(reject_repeated_ids(drafts), (*problems, *general))


def _read_drafts(
    book: RosterWorkbook, tables: RosterTables, document: str | None
) -> tuple[list[CaseDraft], list[Problem]]:
    notes: list[Problem] = []
    counted = _RowCount(tables.label)
    rows = counted.of(_data_rows(book, tables.cases), MOST_CASES, "项目")
    drafts = list(read_case_rows(tables, rows, notes, document))
    adder = RowAdder(tables, drafts)
    for table in tables.by_title.values():
        if table is not tables.cases:
            adder.add(table, counted.of(_data_rows(book, table), MOST_ROWS, "行"))
    return [CaseDraft(draft.raw, draft.origin, tuple(draft.problems)) for draft in drafts], [
        *notes,
        *adder.general,
    ]


class _RowCount:
    """Counts the rows of a whole workbook that hold something; a roster has to fit into an office's PC."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._rows = 0

    def of(self, rows: Iterable[NumberedCells], most: int, what: str) -> Iterator[NumberedCells]:
        """The rows, as long as there are not more than ``most`` by now. Errors: UnreadableError."""
        for number, cells in rows:
            self._rows += any(cell.value is not None for cell in cells)
            if self._rows > most:
                problem = f"超过 {most} {what}，一个花名册放不下"
                advice = "把已办结的项目移到另一个工作区，或分成几个工作区"
                raise UnreadableError(Problem(self._label, problem, advice=advice))
            yield number, cells


def _data_rows(book: RosterWorkbook, table: SheetTable) -> Iterator[NumberedCells]:
    """The rows under the headings; a cell covered by a downward merge shows the merged value.

    A row that has nothing of its own, all its cells being covered, is part of the row above.
    """
    covered = book.merged_rows(table.title)
    if not covered:
        yield from ((number, cells) for number, cells in book.rows(table.title) if number > table.header_row)
        return
    tops = {(row, column) for columns in covered.values() for column, row in columns.items()}
    known = set(table.columns.values())
    held: dict[tuple[int, int], Any] = {}
    for number, cells in book.rows(table.title):
        for column, cell in enumerate(cells, start=1):
            if (number, column) in tops:
                held[number, column] = cell
        columns = covered.get(number, {})
        own = (cells[index] for index in known if index < len(cells) and index + 1 not in columns)
        if number > table.header_row and (not columns or any(cell.value is not None for cell in own)):
            yield number, _unmerged(cells, columns, held)


def _unmerged(
    cells: tuple[Any, ...], columns: dict[int, int], held: dict[tuple[int, int], Any]
) -> tuple[Any, ...]:
    """A row's cells, each that a merge covers as the merge's top cell, though the row itself may not have it."""
    width = max([len(cells), *columns])
    shown = [*cells, *([EMPTY_CELL] * (width - len(cells)))]
    for column, top in columns.items():
        shown[column - 1] = held.get((top, column), shown[column - 1])
    return tuple(shown)
