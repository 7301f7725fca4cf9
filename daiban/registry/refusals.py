"""What a database's own errors mean to a person."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, OperationalError

from foundation.errors import DaibanError, NotWritableError, Problem, UnreadableError

_BESIDE_BYTES = 64 * 1024
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

#: The same of PostgreSQL, by the class or the whole of its SQLSTATE codes (its documentation, appendix A).
_REFUSED_BY_SERVER = {
    "42501": ("登记库服务器上的用户没有这个权限", "请库管理员授予这个用户建表和读写的权限"),
    "3F000": ("登记库服务器上的用户没有这个权限", "请库管理员授予这个用户建表和读写的权限"),
    "25006": ("登记库服务器是只读的（备用服务器，或设成了只读）", "请改用可以写的服务器"),
    "28": ("登记库服务器不认这个用户或密码", "请核对 daiban.toml 里 registry.url 的用户和密码"),
    "3D000": (
        "登记库服务器上没有这个数据库",
        "请库管理员建好数据库，或核对 daiban.toml 里 registry.url 的库名",
    ),
    "53100": ("登记库服务器的磁盘已满", "请库管理员清理磁盘，再运行一次"),
    "53": ("登记库服务器的连接数或内存用完了", "请过一会儿再试，或请库管理员调大限额"),
    "57": ("登记库服务器正在停止或重新启动", "请等它恢复，再运行一次，会接着做完"),
    "08": ("与登记库服务器的连接断了", "请检查网络，再运行一次，会接着做完"),
}

#: A server that refuses a connection gives no code, only words, in its own language; what is not known here may pass.
_CODE_OF_WORDS = {
    "does not exist": "3D000",
    "不存在": "3D000",
    "authentication failed": "28",
    "认证失败": "28",
    "pg_hba.conf": "28",
}


def sqlstate(error: DBAPIError) -> str:
    """The code by which a server says what it refuses; empty where it could not be reached or the words are unknown."""
    code = getattr(error.orig, "sqlstate", None)
    return code or next((code for words, code in _CODE_OF_WORDS.items() if words in str(error.orig)), "")


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
    state = sqlstate(error)
    for code in (state, state[:2]):
        if code in _REFUSED_BY_SERVER:
            problem, advice = _REFUSED_BY_SERVER[code]
            return NotWritableError(Problem(place, problem, advice=advice))
    if isinstance(error, OperationalError):
        problem, advice = (
            "登记库服务器连不上",
            "请检查网络、服务器，和 daiban.toml 里 registry.url 的主机与端口",
        )
        return NotWritableError(Problem(place, problem, advice=advice))
    return None


def _is_full(place: str) -> bool:
    """Whether there is no room for the files that SQLite keeps beside its own: it calls that an I/O error."""
    try:
        return shutil.disk_usage(Path(place).parent).free < _BESIDE_BYTES
    except OSError:
        return False


def _sqlite_meaning(original: sqlite3.Error, place: str) -> DaibanError | None:
    # The low byte is the primary code; the rest tells its variety.
    code = getattr(original, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        problem = Problem(place, "登记库已损坏，或不是登记库文件", advice="请从备份恢复；程序不会擅自重建")
        return UnreadableError(problem)
    if code == sqlite3.SQLITE_IOERR and _is_full(place):
        code = sqlite3.SQLITE_FULL
    if code in _REFUSED:
        problem_text, advice = _REFUSED[code]
        return NotWritableError(Problem(place, problem_text, advice=advice))
    return None
