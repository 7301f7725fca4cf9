"""The registry's tables, and what a database's own errors mean to a person.

Apart from :mod:`daiban.registry.registry` because the tables are the lasting thing: what they hold outlives any code
that reads them. A change here needs a new ``SCHEMA_VERSION`` and a way from the old one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
)
from sqlalchemy.exc import DBAPIError, OperationalError

from foundation.errors import DaibanError, NotWritableError, Problem, UnreadableError

SCHEMA_VERSION = 2


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept as naive UTC: the one form all databases store and sort alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC; a naive time is a bug, since nobody knows what it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("times in the registry must be aware")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to an aware time in UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", String, nullable=False),
)

issue = Table(
    "issue",
    metadata,
    Column("number", String(8), primary_key=True),
    Column("case_id", String(200), nullable=False),
    Column("form_id", String(100), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("values", JSON, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("blank", JSON, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("docx", String, nullable=False),
    Column("pdf", String),
    Column("docx_sha256", String(64), nullable=False),
    Column("pdf_sha256", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("published_at", UtcDateTime),
    Column("superseded_by", String(8)),
    Column("superseded_at", UtcDateTime),
    Index("issue_of_case", "case_id", "form_id"),
)

page = Table(
    "page",
    metadata,
    Column("issue", String(8), ForeignKey("issue.number"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("width_mm", Float, nullable=False),
    Column("height_mm", Float, nullable=False),
)

# What came back, since version 2. A *generation* is one state of what is back of an issue: the first return is 1,
# a better one 2; older ones stay. The newest with ``filed_at`` is what stands in returned/.

returned = Table(
    "returned",
    metadata,
    # No foreign key: an issue that is made again is written anew under its number, with its returns on record.
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("batch", String(60), nullable=False),
    Column("verdict", String(20), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("files", JSON, nullable=False),
    Column("digital", JSON, nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("filed_at", UtcDateTime),
)


def _of_return() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["issue", "generation"], ["returned.issue", "returned.generation"])


return_page = Table(
    "return_page",
    metadata,
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("content", String(80), nullable=False),
    Column("source", String, nullable=False),
    Column("source_page", Integer, nullable=False),
    Column("facts", JSON, nullable=False),
    _of_return(),
)

observation = Table(
    "observation",
    metadata,
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("field", String(200), nullable=False),
    Column("state", String(20), nullable=False),
    Column("data", JSON, nullable=False),
    _of_return(),
)

finding = Table(
    "finding",
    metadata,
    Column("issue", String(8), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("code", String(40), nullable=False),
    Column("field", String(200)),
    Column("page", Integer),
    Column("weight", String(20), nullable=False),
    Column("message", String, nullable=False),
    Column("box", JSON),
    _of_return(),
)

batch = Table(
    "batch",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("reports", JSON, nullable=False),
    Index("batch_of_inputs", "digest"),
)

_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_REFUSED = {
    sqlite3.SQLITE_BUSY: ("登记库正被另一个程序占用", "请等它结束后再试一次"),
    sqlite3.SQLITE_LOCKED: ("登记库正被另一个程序占用", "请等它结束后再试一次"),
    sqlite3.SQLITE_READONLY: ("登记库是只读的", "请检查它和旁边 -wal、-shm 文件以及文件夹的权限"),
    sqlite3.SQLITE_PERM: ("没有读写登记库的权限", "请检查文件和文件夹的权限"),
    sqlite3.SQLITE_CANTOPEN: ("登记库打不开，可能没有权限", "请检查文件和文件夹的权限"),
    sqlite3.SQLITE_FULL: ("磁盘已满，登记库写不进去", "请清理磁盘后再运行一次"),
    sqlite3.SQLITE_IOERR: ("读写登记库时磁盘出错", "请检查磁盘后再运行一次"),
}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Turn what the database refuses into an error for people; a bug stays a bug.

    :raises UnreadableError: not a database, damaged, or without our tables.
    :raises NotWritableError: locked, no permission, disk full, or a server that cannot be reached.
    """
    try:
        yield
    except DBAPIError as error:
        meaning = _meaning(error, place)
        if meaning is None:
            raise
        raise meaning from error


def _meaning(error: DBAPIError, place: str) -> DaibanError | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite_meaning(original, place)
    if isinstance(error, OperationalError):
        problem = Problem(place, "登记库服务器连不上或拒绝了请求", advice="请检查网络和 daiban.toml 里的地址")
        return NotWritableError(problem)
    return None


def _sqlite_meaning(original: sqlite3.Error, place: str) -> DaibanError | None:
    # The low byte is the primary code; the rest tells its variety.
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        problem = Problem(place, "登记库已损坏，或不是登记库文件", advice="请从备份恢复；程序不会擅自重建")
        return UnreadableError(problem)
    if code in _REFUSED:
        problem_text, advice = _REFUSED[code]
        return NotWritableError(Problem(place, problem_text, advice=advice))
    return None
