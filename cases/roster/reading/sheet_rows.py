"""One row of a sheet as values by field, and as part of the raw tree of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cases.model.fields import title
from cases.roster.cells import cell_value
from cases.roster.layout.definition import CASE_ID, RosterColumn
from cases.roster.reading.tables import RosterOrigin, RosterTables, SheetTable
from cases.values.case_ids import is_example
from cases.values.invalid import InvalidValue
from cases.values.paths import loc_of
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


def read_rows(tables: RosterTables, table: SheetTable, rows: Iterable[NumberedCells]) -> Iterator[SheetRow]:
    """The rows of a sheet that are neither blank nor the example."""
    for number, cells in rows:
        row = _read_row(tables, table, number, cells)
        written = row.values.get(CASE_ID)
        if (row.values or row.problems) and not (isinstance(written, str) and is_example(written)):
            yield row


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
    for column in table.sheet.columns:
        index = table.columns.get(column.field)
        if index is None or index >= len(cells):
            continue
        try:
            value = cell_value(cells[index], column.kind)
        except InvalidValue as error:
            row.problems.append(_invalid(row, column, error))
            continue
        if isinstance(value, dt.date) or (value and value.strip()):
            row.values[column.field] = value
    return row


def _invalid(row: SheetRow, column: RosterColumn, error: InvalidValue) -> Problem:
    field_id = column.field if title(loc_of(column.field)) else row.table.sheet.target.split(".")[0]
    reason = f"“{column.heading}”{error.reason}"
    return Problem(row.where(column.field), reason, field_id or None, error.advice)
