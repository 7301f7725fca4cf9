"""The sheet with a row per case: each row begins a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.roster.reading.sheet_rows import NumberedCells, RowDraft, read_rows
from cases.roster.reading.tables import RosterOrigin, RosterTables
from foundation.errors import Problem

_NAMED = ("project", "enterprise")
"""The groups whose name every case has."""


def read_case_rows(
    tables: RosterTables, rows: Iterable[NumberedCells], notes: list[Problem], document: str | None
) -> Iterator[RowDraft]:
    """A draft for each case; ``notes``: as of :func:`read_rows`. ``document``: that of a row without 文件, if any."""
    for row in read_rows(tables, tables.cases, rows, notes):
        raw = row.tree()
        for group in _NAMED:  # so that what is missing is told at its own cell, not as a whole group
            raw.setdefault(group, {})
        if document is not None:
            raw.setdefault("document", document)
        yield RowDraft(raw, RosterOrigin(tables, row.number), row.problems)
