"""One row of a sheet as values by field, and as part of the raw tree of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.roster.cells import cell_value
from cases.roster.layout.definition import CASE_ID, RosterColumn
from cases.roster.reading.sheet_xml import STRUCK_OPEN, split_struck
from cases.roster.reading.tables import RosterOrigin, RosterTables, SheetTable
from cases.values.case_ids import is_example
from cases.values.invalid import InvalidValue
from foundation.errors import Problem

NumberedCells = tuple[int, tuple[Any, ...]]
"""The number of a row (from 1) and its cells."""


@dataclass(slots=True)
class RowDraft:
    """A case as its rows say it so far: raw tree, places, and the problems of its cells."""

    raw: dict[str, Any]
    origin: RosterOrigin
    problems: list[Problem]


@dataclass(slots=True)
class SheetRow:
    """A row that holds something: ``values`` by field, blank cells left out, and what is wrong with single cells."""

    tables: RosterTables
    table: SheetTable
    number: int
    values: dict[str, str | dt.date]
    problems: list[Problem]

    def where(self, field_path: str) -> str:
        """The cell of a field."""
        return self.tables.where(self.table, field_path, self.number)

    def field_id(self, column: RosterColumn) -> str:
        """The field id a problem of a column's cell is filed under."""
        sheet = self.table.sheet
        if column.field == CASE_ID or not sheet.target:
            return column.field
        return sheet.root if sheet.rows == "texts" or "{" in sheet.target else sheet.target

    def doubt(self, column: RosterColumn, reason: str, advice: str) -> None:
        """Add a warning at a column's cell."""
        self.problems.append(
            Problem(self.where(column.field), reason, self.field_id(column), advice, "warning")
        )

    @property
    def is_refused(self) -> bool:
        """Whether a cell of the row cannot be used."""
        return any(problem.severity == "error" for problem in self.problems)

    def raw(self, column: RosterColumn) -> str | dt.date | list[str]:
        """A column's value as the tree holds it: the lines of a cell are a list."""
        value = self.values[column.field]
        return str(value).split("\n") if column.kind == "lines" else value

    def tree(self) -> dict[str, Any]:
        """The whole row as a tree; a field may be a path below it (``site.department``)."""
        tree: dict[str, Any] = {}
        for column in self.table.sheet.columns:
            if column.field in self.values:
                set_value(tree, column.field, self.raw(column))
        return tree


def read_rows(
    tables: RosterTables, table: SheetTable, rows: Iterable[NumberedCells], notes: list[Problem]
) -> Iterator[SheetRow]:
    """The rows of a sheet that are neither blank nor the example.

    :param notes: where it is noted that an example was typed over, for its row is not read either.
    """
    for number, cells in rows:
        if not cells:
            continue
        row = _read_row(tables, table, number, cells)
        written = row.values.get(CASE_ID)
        if isinstance(written, str) and is_example(written):
            if _is_typed_over(row):
                reason = f"编号还是“{written}”，这一行当作示例，没有读"
                advice = "要用这一行，把编号改成项目自己的；不用就删去这一行"
                notes.append(Problem(row.where(CASE_ID), reason, CASE_ID, advice, "warning"))
        elif row.values or row.problems:
            yield row


def _is_typed_over(row: SheetRow) -> bool:
    """Whether an example row says something of its own; what is picked from a drop-down does not count."""
    for column in row.table.sheet.columns:
        value = row.values.get(column.field)
        if value is None or column.field == CASE_ID or column.choices:
            continue
        shown = value.date() if isinstance(value, dt.datetime) else value
        if str(shown).strip() != str(column.example or ""):
            return True
    return False


def set_value(tree: dict[str, Any], path: str, value: object) -> None:
    """Put a value at a path (``project.name``) of a tree, making the groups on the way."""
    *groups, last = path.split(".")
    group_at(tree, groups)[last] = value


def group_at(tree: dict[str, Any], path: Iterable[str]) -> dict[str, Any]:
    """The group at a path of a tree, made where it is not there yet."""
    for part in path:
        tree = tree.setdefault(part, {})
    return tree


def _read_row(tables: RosterTables, table: SheetTable, number: int, cells: tuple[Any, ...]) -> SheetRow:
    row = SheetRow(tables, table, number, {}, [])
    struck: list[RosterColumn] = []
    for column in table.sheet.columns:
        index = table.columns.get(column.field)
        if index is None or index >= len(cells):
            continue
        try:
            value = cell_value(cells[index], column.kind)
        except InvalidValue as error:
            row.problems.append(_invalid(row, column, error))
            continue
        if isinstance(value, str) and STRUCK_OPEN in value:
            value = _without_struck(row, column, value)
        if isinstance(value, dt.date) or (value and value.strip()):
            row.values[column.field] = value
            if table.struck_styles and cells[index]._style_id in table.struck_styles:
                struck.append(column)
    if struck:
        named = "、".join(f"“{column.heading}”" for column in struck)
        advice = "不要的就删去这一格或这一行；要用就去掉删除线"
        row.doubt(struck[0], f"{named}整格划了删除线，还是照样读了", advice)
    return row


def _without_struck(row: SheetRow, column: RosterColumn, text: str) -> str:
    """A text without the runs that are struck out, which is noted; all of it where nothing else stands there."""
    kept, struck = split_struck(text)
    if not kept.strip():
        row.doubt(column, f"“{column.heading}”整格划了删除线，还是照样读了", "不要的就删去；要用就去掉删除线")
        return struck
    reason = f"“{column.heading}”里“{struck.strip()}”划了删除线，没有读，读作“{kept.strip()}”"
    row.doubt(column, reason, "把划掉的字删去；还要用的就去掉删除线")
    return kept


def _invalid(row: SheetRow, column: RosterColumn, error: InvalidValue) -> Problem:
    reason = f"“{column.heading}”{error.reason}"
    return Problem(row.where(column.field), reason, row.field_id(column), error.advice)
