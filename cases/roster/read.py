"""Reading the roster workbook (花名册) that staff keep: every good case, and every problem by sheet and
cell.

The layout is declared in :mod:`cases.roster.layout`, its sheets in :mod:`cases.roster.sheets`; a written one comes from
:mod:`cases.roster.write`. A sheet that cannot be understood (a missing, unknown or repeated heading) stops
the roster, because a column would be lost; a wrong row stops its own case only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cases.case_set import CaseDraft, CaseSet, check_drafts, reject_repeated_ids
from cases.roster.headings import Table, find_tables
from cases.roster.rows import ListReader, Row, RowDraft, Tables, read_projects
from cases.roster.sheets import SHEETS
from cases.roster.workbook import Book, open_workbook
from foundation.errors import Problem


def read_roster(path: Path, label: str | None = None) -> CaseSet:
    """Every case of a roster; ``label`` is how places name the file (its name by default).

    Errors: UnreadableError when the file is not a workbook this room opens (encrypted, macros, .xls, broken).
    """
    label = label or path.name
    with open_workbook(path, label) as book:
        by_name, problems = find_tables(book, label)
        if any(problem.severity == "error" for problem in problems):
            return CaseSet(general=tuple(problems))
        drafts, general = _gather(book, Tables(label, by_name))
    if not drafts:
        problems.append(Problem(f"{label} 项目", "没有项目（示例行不算）", severity="warning"))
    return check_drafts(reject_repeated_ids(drafts), (*problems, *general))


def _gather(book: Book, tables: Tables) -> tuple[list[CaseDraft], list[Problem]]:
    rows = _data_rows(book, tables.by_name["项目"])
    drafts: list[RowDraft] = list(read_projects(tables, rows))
    reader = ListReader(tables, drafts)
    for sheet in SHEETS[1:]:
        table = tables.by_name.get(sheet.name)
        if table is not None:
            reader.read(table, _data_rows(book, table))
    return [CaseDraft(draft.raw, draft.origin, tuple(draft.problems)) for draft in drafts], reader.general


def _data_rows(book: Book, table: Table) -> Iterator[Row]:
    """The rows under the headings; a cell covered by a downward merge shows the merged value."""
    covered = book.merged_rows(table.title)
    tops = {(row, column) for (_, column), row in covered.items()}
    held: dict[tuple[int, int], Any] = {}
    for number, cells in book.rows(table.title):
        if number <= table.header_row:
            continue
        if covered:
            cells = _unmerged(number, cells, covered, tops, held)
        yield number, cells


def _unmerged(
    number: int,
    cells: tuple[Any, ...],
    covered: dict[tuple[int, int], int],
    tops: set[tuple[int, int]],
    held: dict[tuple[int, int], Any],
) -> tuple[Any, ...]:
    for column, cell in enumerate(cells, start=1):
        if (number, column) in tops:
            held[number, column] = cell
    return tuple(
        held.get((covered.get((number, column), 0), column), cell)
        for column, cell in enumerate(cells, start=1)
    )
