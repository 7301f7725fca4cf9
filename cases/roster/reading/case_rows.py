"""The sheet with a row per case: each row begins a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.roster.reading.sheet_rows import NumberedCells, RowDraft, read_rows
from cases.roster.reading.tables import RosterOrigin, RosterTables
from cases.values.documents import DEFAULT_DOCUMENT


def read_case_rows(tables: RosterTables, rows: Iterable[NumberedCells]) -> Iterator[RowDraft]:
    """A draft for each case."""
    for row in read_rows(tables, tables.cases, rows):
        raw = row.tree()
        raw.setdefault("document", DEFAULT_DOCUMENT)
        yield RowDraft(raw, RosterOrigin(tables, row.number), row.problems)
