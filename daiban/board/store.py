"""``WS/.daiban/board.sqlite``: what the board keeps, and how it is read and written.

Written by one process at a time, in small transactions; readers see whole rows and never wait (write-ahead log). It can
be made anew at any time: a file of another version, or a damaged one, is thrown away.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from foundation.errors import NotWritableError, Problem

NAME = "board.sqlite"
#: To be raised when the tables, or what is worked out for them, change.
VERSION = 4
_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
-- The files that say something of cases: their stamp when they were read, and what is wrong with them as a whole.
CREATE TABLE source (label TEXT PRIMARY KEY, stamp TEXT NOT NULL, problems TEXT NOT NULL);
-- What each file says of each case.
CREATE TABLE said (label TEXT NOT NULL, folder_key TEXT NOT NULL, record TEXT NOT NULL);
CREATE INDEX said_of_case ON said (folder_key);
CREATE INDEX said_in_file ON said (label);
-- A case as all files together say it (record), where it stands (summary, and columns to find, sort and count by).
-- dirty: what follows from record, registry_mark and day has to be worked out again.
CREATE TABLE board (
  case_id TEXT PRIMARY KEY, folder_key TEXT NOT NULL, record TEXT NOT NULL, dirty INTEGER NOT NULL,
  registry_mark TEXT NOT NULL DEFAULT '', day TEXT NOT NULL DEFAULT '', summary TEXT NOT NULL DEFAULT '',
  found_by TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', enterprise TEXT NOT NULL DEFAULT '',
  document TEXT NOT NULL DEFAULT '', stage TEXT NOT NULL DEFAULT '', manager TEXT NOT NULL DEFAULT '',
  called_for INTEGER NOT NULL DEFAULT 0, missing INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,
  out INTEGER NOT NULL DEFAULT 0, complete INTEGER NOT NULL DEFAULT 0, incomplete INTEGER NOT NULL DEFAULT 0,
  review INTEGER NOT NULL DEFAULT 0, late INTEGER NOT NULL DEFAULT 0, days_late INTEGER NOT NULL DEFAULT 0,
  due INTEGER NOT NULL DEFAULT 0, next_due TEXT NOT NULL DEFAULT '9999',
  contradictions INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, moved_at TEXT NOT NULL DEFAULT '',
  for_archive INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX board_key ON board (folder_key);
CREATE INDEX board_dirty ON board (dirty);
-- Everything the board is searched, counted and sorted by, apart from the bulk of its rows.
CREATE INDEX board_narrow ON board (
  document, stage, manager, found_by, case_id, name, enterprise, called_for, missing, changed, out, complete,
  incomplete, review, late, days_late, due, next_due, contradictions, errors, moved_at,
  for_archive
);
-- What cases can be told apart by is found without looking at every case.
CREATE INDEX board_stage ON board (stage);
CREATE INDEX board_manager ON board (manager);
"""


def open_store(private: Path) -> sqlite3.Connection:
    """A connection to the board's file in a workspace's private folder; made where there is none.

    :raises NotWritableError: it cannot be made there, or the disk is full.
    """
    place = private / NAME
    try:
        private.mkdir(parents=True, exist_ok=True)
        try:
            return _opened(place)
        except (sqlite3.DatabaseError, _OtherVersion) as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            for suffix in ("", "-wal", "-shm"):
                place.with_name(place.name + suffix).unlink(missing_ok=True)
            return _opened(place)
    except (OSError, sqlite3.OperationalError) as error:
        problem = "看板的索引写不了"
        raise NotWritableError(
            Problem(str(place), problem, advice="请检查磁盘空间和文件夹权限；这个文件可以删去，会重新建立")
        ) from error


class _OtherVersion(Exception):
    """The file is of another version of the program."""


def _opened(place: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found not in (0, VERSION):
            raise _OtherVersion
        if found == 0:
            with transaction(connection):
                if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                    for statement in _TABLES.split(";"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version={VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextmanager
def store(private: Path) -> Iterator[sqlite3.Connection]:
    """The same, closed at the end."""
    with closing(open_store(private)) as connection:
        yield connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything in it is written, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def meta(connection: sqlite3.Connection, key: str) -> str:
    """A value of the board's own; empty where there is none."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(row[0]) if row else ""


def set_meta(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Set values of the board's own."""
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())


def marks(values: Iterable[object]) -> str:
    """As many question marks as there are values, for ``IN (…)``."""
    return ",".join("?" for _ in values)
