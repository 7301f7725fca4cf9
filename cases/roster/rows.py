"""Rows of a roster as drafts of cases: the 项目 sheet first, then what the list sheets add to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cases.model.fields import Loc, dotted, nearest, title
from cases.roster.cells import cell_value
from cases.roster.headings import Table
from cases.roster.layout import CASE, CATEGORIES, VALUE, Column
from cases.values.case_ids import fold_case_id, is_example, same_folder_key
from cases.values.documents import DEFAULT_DOCUMENT
from cases.values.invalid import InvalidValue
from cases.values.stages import find_stage
from cases.values.text import fold_code
from foundation.errors import Problem

Row = tuple[int, tuple[Any, ...]]
Values = dict[str, str | dt.date]


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of one roster and how places name it."""

    label: str
    by_name: dict[str, Table]

    def where(self, table: Table, key: str, row: int) -> str:
        """``roster.xlsx 项目!C5``."""
        return f"{self.label} {table.cell(key, row)}"


@dataclass(slots=True)
class RosterOrigin:
    """Where one case stands in a roster: its row on 项目, and the row of each list entry."""

    tables: Tables
    row: int
    entries: dict[Loc, tuple[str, int]] = field(default_factory=dict)

    def where(self, loc: Loc) -> str:
        """The cell of a field; the case's 编号 cell for what has none."""
        for end in range(len(loc), 0, -1):
            entry = self.entries.get(loc[:end])
            if entry is not None:
                table = self.tables.by_name[entry[0]]
                # The key of a column is a field id, a path below an entry, or the last part of one.
                keys = (dotted(loc), dotted(loc[:end]), dotted(loc[end:]), str(loc[-1]))
                key = next((key for key in keys if key in table.columns), VALUE)
                return self.tables.where(table, key, entry[1])
        return self.tables.where(self.tables.by_name["项目"], dotted(loc), self.row)


@dataclass(slots=True)
class RowDraft:
    """A case being gathered."""

    raw: dict[str, Any]
    origin: RosterOrigin
    problems: list[Problem]


def read_projects(tables: Tables, rows: Iterable[Row]) -> Iterator[RowDraft]:
    """A draft for each row of 项目 that is neither blank nor the example."""
    table = tables.by_name["项目"]
    for number, cells in rows:
        values, problems = _values(
            tables, table, number, cells, {column.key for column in table.sheet.columns}
        )
        written = values.get(CASE)
        if (not values and not problems) or (isinstance(written, str) and is_example(written)):
            continue
        draft = RowDraft({}, RosterOrigin(tables, number), problems)
        for key, value in values.items():
            _set(draft.raw, key.split("."), value)
        draft.raw.setdefault("document", DEFAULT_DOCUMENT)
        yield draft


class ListReader:
    """Adds the rows of list sheets to their cases; ``general`` holds what belongs to none."""

    def __init__(self, tables: Tables, drafts: Iterable[RowDraft]) -> None:
        self._tables = tables
        self._drafts: dict[str, RowDraft] = {}
        self._ids: list[str] = []
        self._locs: dict[Loc, Loc] = {}  # shared between cases: most have the same places
        self.general: list[Problem] = []
        for draft in drafts:
            written = draft.raw.get(CASE)
            if isinstance(written, str):
                self._ids.append(fold_case_id(written))
                self._drafts.setdefault(same_folder_key(self._ids[-1]), draft)

    def read(self, table: Table, rows: Iterable[Row]) -> None:
        """All rows of one list sheet."""
        keys = {column.key for column in table.sheet.columns}
        for number, cells in rows:
            values, problems = _values(self._tables, table, number, cells, keys)
            written = values.pop(CASE, None)
            if (not values and not problems) or (isinstance(written, str) and is_example(written)):
                continue
            draft = self._draft_of(table, number, written, problems)
            if draft is None:
                continue
            row = _ListRow(self._tables, table, number, values, ())
            refused = {problem.where for problem in problems}
            found = [problem for problem in row.check() if problem.where not in refused]
            draft.problems += problems + found
            if not found and not problems:
                self._place(draft, row)

    def _draft_of(
        self, table: Table, number: int, written: object, problems: list[Problem]
    ) -> RowDraft | None:
        """The case a row belongs to; without one, its problems are the roster's."""
        where = self._tables.where(table, CASE, number)
        if not isinstance(written, str):
            self.general += problems
            if all(problem.where != where for problem in problems):
                self.general.append(
                    Problem(where, "缺少编号，不知道这一行属于哪个项目", CASE, "填“项目”表里的编号")
                )
            return None
        case_id = fold_case_id(written)
        draft = self._drafts.get(same_folder_key(case_id))
        if draft is None:
            near = nearest(case_id, self._ids)
            advice = f"是不是“{near}”？" if near else "先在“项目”表里加上这个项目"
            reason = f"“项目”表里没有编号“{case_id}”"
            self.general += [*problems, Problem(where, reason, CASE, advice)]
        return draft

    def _place(self, draft: RowDraft, row: _ListRow) -> None:
        kind, path = row.table.sheet.rows, row.path
        if kind == "fields":
            self._fields(draft, row)
        elif kind == "texts":
            for key, value in row.values.items():
                self._join(draft, (*path, key), str(value), row)
        elif path[-1] in _TEXT_KEYS:
            self._join(draft, path, str(row.values[VALUE]), row)
        else:
            entries: list[Any] = _group(draft.raw, path[:-1]).setdefault(path[-1], [])
            self._note(draft, (*path, len(entries)), row)
            entries.append(row.values[VALUE] if kind == "value" else _nested(row.values))

    def _fields(self, draft: RowDraft, row: _ListRow) -> None:
        """More fields of a case, which has one row of them."""
        first = next((draft.origin.entries[loc] for loc in row.fields() if loc in draft.origin.entries), None)
        if first is not None:
            where = self._tables.where(row.table, CASE, row.number)
            reason = f"这个项目在“{row.table.sheet.name}”里已有一行（第{first[1]}行）"
            draft.problems.append(Problem(where, reason, CASE, "两行并作一行"))
            return
        for loc in row.fields():
            column = row.column(dotted(loc))
            value = row.values[column.key]
            _set(
                draft.raw, column.key.split("."), str(value).split("\n") if column.kind == "lines" else value
            )
            self._note(draft, loc, row)
            self._note(draft, loc[:1], row)  # what is wrong with the group as a whole

    def _join(self, draft: RowDraft, path: tuple[str, ...], text: str, row: _ListRow) -> None:
        group = _group(draft.raw, path[:-1])
        before = group.get(path[-1])
        group[path[-1]] = f"{before}\n{text.strip()}" if before else text.strip()
        if path not in draft.origin.entries:
            self._note(draft, path, row)

    def _note(self, draft: RowDraft, loc: Loc, row: _ListRow) -> None:
        draft.origin.entries[self._locs.setdefault(loc, loc)] = (row.table.sheet.name, row.number)


_TEXT_KEYS = {path[0] for path in CATEGORIES.values() if len(path) == 1}


@dataclass(slots=True)
class _ListRow:
    """One row of a list sheet, 编号 taken off; ``check`` finds its ``path`` in the tree."""

    tables: Tables
    table: Table
    number: int
    values: Values
    path: tuple[str, ...]

    def fields(self) -> list[Loc]:
        """The places of the fields a row of ``fields`` has values for."""
        return [tuple(key.split(".")) for key in self.values]

    def column(self, key: str) -> Column:
        """The column of a key."""
        return next(column for column in self.table.sheet.columns if column.key == key)

    def check(self) -> list[Problem]:
        """What is missing or not one of the names it must be; takes 阶段 and 类别 out of the values."""
        problems = [
            self._problem(column, f"缺少“{column.heading}”", column.note)
            for column in self.table.sheet.columns
            if column.filled and column.key not in self.values
        ]
        names: dict[str, str] = {}
        for column in self.table.sheet.columns:
            if f"{{{column.key}}}" in self.table.sheet.target and column.key in self.values:
                written = str(self.values.pop(column.key))
                name = self._place_of(column, written)
                if name is None:
                    problems.append(self._unknown(column, written))
                else:
                    names[column.key] = name
        if not problems:
            self.path = tuple(self.table.sheet.target.format(**names).split("."))
        return problems

    def _place_of(self, column: Column, written: str) -> str | None:
        """The path a 阶段 or 类别 stands for, if it is one; 市级 is short for 市级审批事项."""
        if column.key == "stage":
            return _stage_key(written)
        paths = {fold_code(name): path for name, path in self.table.sheet.categories.items()}
        path = paths.get(fold_code(written)) or paths.get(fold_code(written) + "审批事项")
        return ".".join(path) if path else None

    def _unknown(self, column: Column, written: str) -> Problem:
        near = nearest(written, column.choices)
        advice = f"是不是“{near}”？" if near else f"填{'、'.join(column.choices)}之一"
        return self._problem(column, f"“{written}”不是{column.heading}的名称", advice)

    def _problem(self, column: Column, reason: str, advice: str) -> Problem:
        where = self.tables.where(self.table, column.key, self.number)
        field_id = self.table.sheet.target.split(".")[0]
        return Problem(where, reason, field_id, advice or None)


def _stage_key(written: str) -> str | None:
    stage = find_stage(written)
    return stage.value if stage else None


def _values(
    tables: Tables, table: Table, number: int, cells: tuple[Any, ...], keys: set[str]
) -> tuple[Values, list[Problem]]:
    """The cells of a row by key, blank ones left out, and what is wrong with single cells."""
    values: Values = {}
    problems = []
    for column in table.sheet.columns:
        index = table.columns.get(column.key)
        if column.key not in keys or index is None or index >= len(cells):
            continue
        try:
            value = cell_value(cells[index], column.kind)
        except InvalidValue as refusal:
            problems.append(_refused(tables, table, number, column, refusal))
            continue
        if isinstance(value, dt.date) or (value and value.strip()):
            values[column.key] = value
    return values, problems


def _refused(tables: Tables, table: Table, number: int, column: Column, refusal: InvalidValue) -> Problem:
    field_id = column.key if title(tuple(column.key.split("."))) else table.sheet.target.split(".")[0]
    where = tables.where(table, column.key, number)
    return Problem(where, f"“{column.heading}”{refusal.reason}", field_id or None, refusal.advice)


def _nested(values: Values) -> dict[str, Any]:
    """A row's values as a tree: a key may be a path below its entry (``site.department``)."""
    entry: dict[str, Any] = {}
    for key, value in values.items():
        _set(entry, key.split("."), value)
    return entry


def _set(tree: dict[str, Any], path: list[str], value: object) -> None:
    _group(tree, path[:-1])[path[-1]] = value


def _group(tree: dict[str, Any], path: Iterable[str]) -> dict[str, Any]:
    for part in path:
        tree = tree.setdefault(part, {})
    return tree
