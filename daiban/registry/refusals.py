"""What a database's own errors mean to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError

from foundation.errors import DaibanError, NotWritableError, Problem, UnreadableError

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
