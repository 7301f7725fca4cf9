"""The sheet with a row per case: each row begins a case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cases.roster.reading.sheet_rows import NumberedCells, RowDraft, read_rows
from cases.roster.reading.tables import RosterOrigin, RosterTables
from cases.values.documents import DEFAULT_DOCUMENT
from foundation.errors import Problem


def read_case_rows(
    tables: RosterTables, rows: Iterable[NumberedCells], notes: list[Problem]
) -> Iterator[RowDraft]:
    """A draft for each case; ``notes``: as of :func:`read_rows`."""
    for row in read_rows(tables, tables.cases, rows, notes):
        raw = row.tree()
        raw.setdefault("document", DEFAULT_DOCUMENT)
        yield RowDraft(raw, RosterOrigin(tables, row.number), row.problems)
