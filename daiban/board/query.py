"""What is asked of the board, and one page of the answer."""

from __future__ import annotations

import datetime as dt
import sqlite3
from enum import StrEnum
from typing import Literal

from pydantic import Field

from cases.values.case_ids import same_folder_key
from daiban.board.records import CaseRecord
from daiban.board.refreshing import problems_of_files
from daiban.board.rows import BoardRow
from daiban.board.store import meta
from daiban.case_filter import folded
from foundation.errors import Problem
from foundation.frozen_model import FrozenModel

PAGE_SIZE = 50
_DEEPEST = 10_000  # pages; a number in an address may be anything


class BoardFilter(StrEnum):
    """Which cases: a kind of thing that somebody has to do."""

    ALL = "all"
    LATE = "late"
    DUE = "due"
    MISSING = "missing"
    CHANGED = "changed"
    OUT = "out"
    INCOMPLETE = "incomplete"
    REVIEW = "review"
    CONTRADICTED = "contradicted"
    WRONG = "wrong"
    COMPLETE = "complete"

    @property
    def label(self) -> str:
        """In Chinese."""
        return _LABELS[self]


_LABELS = {
    BoardFilter.ALL: "全部",
    BoardFilter.LATE: "逾期",
    BoardFilter.DUE: "本周到期",
    BoardFilter.MISSING: "待出具",
    BoardFilter.CHANGED: "待更新",
    BoardFilter.OUT: "在外未回",
    BoardFilter.INCOMPLETE: "待补正",
    BoardFilter.REVIEW: "待核对",
    BoardFilter.CONTRADICTED: "研判有矛盾",
    BoardFilter.WRONG: "数据有误",
    BoardFilter.COMPLETE: "已齐全",
}
_CONDITIONS = {
    BoardFilter.ALL: "1",
    BoardFilter.LATE: "late > 0",
    BoardFilter.DUE: "due > 0",
    BoardFilter.MISSING: "missing > 0",
    BoardFilter.CHANGED: "changed > 0",
    BoardFilter.OUT: "out > 0",
    BoardFilter.INCOMPLETE: "incomplete > 0",
    BoardFilter.REVIEW: "review > 0",
    BoardFilter.CONTRADICTED: "contradictions > 0",
    BoardFilter.WRONG: "errors > 0",
    BoardFilter.COMPLETE: "called_for > 0 AND complete >= called_for AND missing + changed = 0",
}
BoardOrder = Literal[
    "case_id", "name", "enterprise", "stage", "manager", "next_due", "late", "missing", "out", "moved_at"
]
_ORDERS: dict[str, str] = {
    "late": "days_late {way}, late {way}",
    "next_due": "next_due {way}",
}


class BoardQuery(FrozenModel):
    """``search``: words that must all be found in number, names, code or people of a case; ``document``, ``stage``,
    ``manager``: as the board's rows say them, empty for any. ``page``: from 1.
    """

    search: str = Field(default="", max_length=200)
    which: BoardFilter = BoardFilter.ALL
    document: str = ""
    stage: str = ""
    manager: str = ""
    order: BoardOrder = "case_id"
    descending: bool = False
    page: int = Field(default=1, ge=1, le=_DEEPEST)


class BoardChoices(FrozenModel):
    """What the board's cases can be told apart by: documents, stages and managers, each by name."""

    documents: tuple[str, ...]
    stages: tuple[str, ...]
    managers: tuple[str, ...]


class BoardPage(FrozenModel):
    """One page of the board. ``total``: how many cases answer the query; ``counts``: how many of those that answer it
    but for ``which`` each filter has; ``cases``: all there are; ``pending``: how many of them are being worked out
    again; ``behind``: something changed of which it is not known yet what; ``day``: by which due and late were counted;
    ``problems``: of files as a whole.
    """

    rows: tuple[BoardRow, ...]
    total: int
    pages: int
    page: int
    counts: dict[BoardFilter, int]
    cases: int
    pending: int
    behind: bool
    day: dt.date | None
    problems: tuple[Problem, ...]


class ArchiveCasesPage(FrozenModel):
    """A stretch of the cases whose files are archived one by one: they can be used, nobody cancelled them, and they are
    no list of projects. ``total``: how many there are; ``pending``, ``behind``: as of :class:`BoardPage`.
    """

    records: tuple[CaseRecord, ...]
    total: int
    page: int
    pending: int
    behind: bool


def page_of(connection: sqlite3.Connection, query: BoardQuery, *, behind: bool = False) -> BoardPage:
    """One page; a page behind the last one is the last. ``behind``: as :class:`BoardPage` says it."""
    base, values = _condition(query)
    counted = ", ".join(f"total({condition})" for condition in _CONDITIONS.values())
    numbers = connection.execute(
        f"SELECT {counted} FROM board INDEXED BY board_narrow WHERE {base}", values
    ).fetchone()
    counts = {name: int(number) for name, number in zip(_CONDITIONS, numbers, strict=True)}
    total = counts[query.which]
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(query.page, pages)
    wanted = (
        f"SELECT case_id FROM board INDEXED BY board_narrow WHERE {base} AND ({_CONDITIONS[query.which]})"
        f" ORDER BY {_order(query)} LIMIT ? OFFSET ?"
    )
    found = connection.execute(
        f"SELECT case_id, summary FROM board WHERE case_id IN ({wanted}) ORDER BY {_order(query)}",
        (*values, PAGE_SIZE, (page - 1) * PAGE_SIZE),
    )
    rows = tuple(
        BoardRow.model_validate_json(row["summary"]) if row["summary"] else BoardRow(case_id=row["case_id"])
        for row in found
    )
    cases, pending = connection.execute("SELECT count(*), total(dirty) FROM board").fetchone()
    day = meta(connection, "day")
    return BoardPage(
        rows=rows,
        total=total,
        pages=pages,
        page=page,
        counts=counts,
        cases=cases,
        pending=int(pending),
        behind=behind,
        day=dt.date.fromisoformat(day) if day else None,
        problems=problems_of_files(connection),
    )


def choices_of(connection: sqlite3.Connection) -> BoardChoices:
    """What is there to choose from."""

    def named(column: str) -> tuple[str, ...]:
        # From one to the next by an index: DISTINCT would look at every case.
        following = f"SELECT min({column}) FROM board WHERE {column} >"
        query = f"""
            WITH RECURSIVE one (name) AS (
              {following} '' UNION ALL SELECT ({following} one.name) FROM one WHERE one.name IS NOT NULL
            )
            SELECT name FROM one WHERE name IS NOT NULL
        """
        return tuple(row[0] for row in connection.execute(query))

    return BoardChoices(documents=named("document"), stages=named("stage"), managers=named("manager"))


def archive_page_of(
    connection: sqlite3.Connection, search: str, page: int, size: int, *, behind: bool = False
) -> ArchiveCasesPage:
    """A stretch of them that answers a search, by id; a page behind the last one is the last."""
    base, values = _condition(BoardQuery(search=search))
    meant = f"FROM board INDEXED BY board_narrow WHERE {base} AND for_archive"
    total = connection.execute(f"SELECT count(*) {meant}", values).fetchone()[0]
    number = min(page, max(1, -(-total // size)))
    wanted = f"SELECT case_id {meant} ORDER BY case_id LIMIT ? OFFSET ?"
    found = connection.execute(
        f"SELECT record FROM board WHERE case_id IN ({wanted}) ORDER BY case_id",
        (*values, size, (number - 1) * size),
    )
    return ArchiveCasesPage(
        records=tuple(CaseRecord.model_validate_json(row[0]) for row in found),
        total=total,
        page=number,
        pending=connection.execute("SELECT count(*) FROM board WHERE dirty").fetchone()[0],
        behind=behind,
    )


def record_of(connection: sqlite3.Connection, case_id: str) -> CaseRecord | None:
    """What is kept of one case; None where there is no such case."""
    row = connection.execute("SELECT record FROM board WHERE case_id = ?", (case_id,)).fetchone()
    return CaseRecord.model_validate_json(row[0]) if row else None


def files_of(connection: sqlite3.Connection, case_id: str) -> dict[str, int]:
    """The files that say something of a case, merged 研判 left out, each with how many cases it speaks of."""
    query = """
        SELECT label, (SELECT count(*) FROM said AS other WHERE other.label = said.label)
        FROM said WHERE folder_key = ?
    """
    return dict(connection.execute(query, (same_folder_key(case_id),)).fetchall())


def _condition(query: BoardQuery) -> tuple[str, list[str]]:
    parts, values = ["1"], []
    for word in folded(query.search).split():
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parts.append("found_by LIKE ? ESCAPE '\\'")
        values.append(f"%{escaped}%")
    for column in ("document", "stage", "manager"):
        wanted = getattr(query, column)
        if wanted:
            parts.append(f"{column} = ?")
            values.append(wanted)
    return " AND ".join(parts), values


def _order(query: BoardQuery) -> str:
    way = "DESC" if query.descending else "ASC"
    return f"{_ORDERS.get(query.order, '{order} {way}').format(order=query.order, way=way)}, case_id"
