"""The other sheets: what their rows add to the cases of the first one, joined by 编号."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from cases.model.fields import field_at, is_list, nearest_name
from cases.roster.layout.definition import CASE_ID, VALUE, RosterColumn
from cases.roster.reading.sheet_rows import NumberedCells, RowDraft, SheetRow, group_at, read_rows, set_value
from cases.roster.reading.tables import RosterTables, SheetTable
from cases.values.case_ids import fold_case_id, same_folder_key
from cases.values.paths import Loc, loc_of
from foundation.errors import Problem


class RowAdder:
    """Adds the rows of sheets to their cases; ``general`` holds the problems that belong to no case."""

    def __init__(self, tables: RosterTables, drafts: Iterable[RowDraft]) -> None:
        self._tables = tables
        self._drafts: dict[str, RowDraft] = {}
        self._ids: list[str] = []
        self._locs: dict[Loc, Loc] = {}  # places are shared between cases: most have the same
        self.general: list[Problem] = []
        for draft in drafts:
            written = draft.raw.get(CASE_ID)
            if isinstance(written, str):
                self._ids.append(fold_case_id(written))
                self._drafts.setdefault(same_folder_key(self._ids[-1]), draft)

    def add(self, table: SheetTable, rows: Iterable[NumberedCells]) -> None:
        """Add all rows of one sheet; a row with a problem adds only that."""
        for row in read_rows(self._tables, table, rows, self.general):
            written = row.values.pop(CASE_ID, None)
            draft = self._draft_of(row, written) if row.values or row.problems else None
            if draft is None:
                continue
            target, problems = _target_of(row)
            refused = {problem.where for problem in row.problems if problem.severity == "error"}
            problems = [problem for problem in problems if problem.where not in refused]
            draft.problems += [_at_target(problem, target) for problem in row.problems] + problems
            if target is not None and not row.is_refused:
                self._place(draft, target, row)

    def _draft_of(self, row: SheetRow, written: object) -> RowDraft | None:
        """The case whose 编号 is written in a row; where there is none, the row's problems are the roster's."""
        where = row.where(CASE_ID)
        if not isinstance(written, str):
            self.general += row.problems
            if all(problem.where != where for problem in row.problems):
                reason, advice = "缺少编号，不知道这一行属于哪个项目", "填“项目”表里的编号"
                self.general.append(Problem(where, reason, CASE_ID, advice))
            return None
        case_id = fold_case_id(written)
        draft = self._drafts.get(same_folder_key(case_id))
        if draft is None and case_id.split():  # 编号 with the name of its project, as the drop-down offers it
            draft = self._drafts.get(same_folder_key(case_id.split()[0]))
        if draft is None:
            near = nearest_name(case_id, self._ids)
            advice = f"是不是“{near}”？" if near else "先在“项目”表里加上这个项目"
            reason = f"“项目”表里没有编号“{case_id}”"
            self.general += [*row.problems, Problem(where, reason, CASE_ID, advice)]
        return draft

    def _place(self, draft: RowDraft, target: str, row: SheetRow) -> None:
        match row.table.sheet.rows:
            case "fields":
                self._set_fields(draft, row)
            case "texts":
                for field, value in row.values.items():
                    self._join(draft, f"{target}.{field}", str(value), row)
            case "value" if not _is_list(target):
                self._join(draft, target, str(row.values[VALUE]), row)
            case kind:
                entry = row.values[VALUE] if kind == "value" else row.tree()
                *groups, last = target.split(".")
                entries: list[Any] = group_at(draft.raw, groups).setdefault(last, [])
                self._note(draft, (*groups, last, len(entries)), row)
                entries.append(entry)

    def _set_fields(self, draft: RowDraft, row: SheetRow) -> None:
        """Set more fields of a case, which has at most one such row."""
        columns = [column for column in row.table.sheet.columns if column.field in row.values]
        locs = [loc_of(column.field) for column in columns]
        first = next((draft.origin.entries[loc] for loc in locs if loc in draft.origin.entries), None)
        if first is not None:
            reason = f"这个项目在“{row.table.sheet.title}”里已有一行（第{first[1]}行）"
            for group in dict.fromkeys(str(loc[0]) for loc in locs):
                draft.problems.append(Problem(row.where(CASE_ID), reason, group, "两行并作一行"))
            return
        for column, loc in zip(columns, locs, strict=True):
            set_value(draft.raw, column.field, row.raw(column))
            self._note(draft, loc, row)
            self._note(draft, loc[:1], row)  # what is wrong with the group as a whole is shown at this row

    def _join(self, draft: RowDraft, path: str, text: str, row: SheetRow) -> None:
        """Add a text as one more line of the text at a path."""
        *groups, last = path.split(".")
        group = group_at(draft.raw, groups)
        before = group.get(last)
        group[last] = f"{before}\n{text.strip()}" if before else text.strip()
        if (*groups, last) not in draft.origin.entries:
            self._note(draft, (*groups, last), row)

    def _note(self, draft: RowDraft, loc: Loc, row: SheetRow) -> None:
        draft.origin.entries[self._locs.setdefault(loc, loc)] = (row.table.sheet.title, row.number)


@cache
def _is_list(path: str) -> bool:
    field = field_at(loc_of(path))
    return field is not None and is_list(field)


def _target_of(row: SheetRow) -> tuple[str | None, list[Problem]]:
    """Where a row goes, by what its placing columns say, which is taken off its values; None with any problem."""
    sheet = row.table.sheet
    problems = [
        _problem(row, column, f"缺少“{column.heading}”", column.note)
        for column in sheet.columns
        if column.required == "value" and column.field not in row.values
    ]
    paths: dict[str, str] = {}
    for column in sheet.columns:
        if sheet.is_placing(column) and column.field in row.values:
            written = str(row.values.pop(column.field))
            path = sheet.path_of(column, written)
            if path is None:
                problems.append(_unknown_name(row, column, written))
            else:
                paths[column.field] = path
    return (None if problems else sheet.target.format(**paths)), problems


def _at_target(problem: Problem, target: str | None) -> Problem:
    """A problem of a cell, filed under the place its row goes to, where that is known more closely."""
    if target and problem.field and target.startswith(f"{problem.field}."):
        return replace(problem, field=target)
    return problem


def _unknown_name(row: SheetRow, column: RosterColumn, written: str) -> Problem:
    near = nearest_name(written, column.choices)
    advice = f"是不是“{near}”？" if near else f"填{'、'.join(column.choices)}之一"
    return _problem(row, column, f"“{written}”不是{column.heading}的名称", advice)


def _problem(row: SheetRow, column: RosterColumn, reason: str, advice: str) -> Problem:
    return Problem(row.where(column.field), reason, row.table.sheet.root, advice or None)
