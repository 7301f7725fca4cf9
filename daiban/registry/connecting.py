"""Where a registry is kept, and connections to it: the places where one database differs from another."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from functools import lru_cache, partial
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError

from foundation.errors import Problem, ToolMissingError, UnreadableError, UsageError

Connect = Callable[[], AbstractContextManager[Connection]]

_SETTING = "daiban.toml registry.url"
_plain = partial(json.dumps, ensure_ascii=False)


def address(path_or_url: Path | str) -> tuple[URL, Path | None]:
    """The database URL, and the file if it is a SQLite one."""
    if isinstance(path_or_url, str) and "://" in path_or_url:
        url = _checked_url(path_or_url)
    else:
        url = URL.create("sqlite", database=str(Path(path_or_url).absolute()))
    if url.get_backend_name() != "sqlite":
        return url, None
    if url.database in (None, "", ":memory:"):
        advice = "写成 sqlite:////文件夹/registry.sqlite，或去掉这一行，用工作区自己的登记库"
        raise UsageError(Problem(_SETTING, "登记库不能只在内存里：程序一结束就没有了", advice=advice))
    return url, Path(str(url.database))


def _checked_url(text: str) -> URL:
    """The URL of a database that can be reached with what is installed here."""
    try:
        url = make_url(text)
        url.get_dialect().import_dbapi()
    except ArgumentError:
        advice = "写成 postgresql+psycopg://用户:密码@主机/库名"
        raise UsageError(Problem(_SETTING, "登记库地址写法不对", advice=advice)) from None
    except ImportError as error:
        problem = f"缺少连接登记库的驱动 {error.name}"
        raise ToolMissingError(Problem(_SETTING, problem, advice=f"请安装 {error.name}")) from None
    return url


def engine_for(url: URL, busy_timeout_s: float) -> Engine:
    """The engine of a database; on SQLite one that waits so many seconds for another writer."""
    if url.get_backend_name() != "sqlite":
        # A connection that the server cut off meanwhile is told before it is used, and replaced.
        return create_engine(url, json_serializer=_plain, pool_pre_ping=True)
    return _sqlite_engine(url, busy_timeout_s)


@lru_cache(maxsize=8)
def _sqlite_engine(url: URL, busy_timeout_s: float) -> Engine:
    """The same one for the same file, for as long as this process has few: it keeps the statements that it has put into
    SQL, which costs more than to ask them. Closing a registry closes its connections, not the engine.
    """
    engine = create_engine(url, json_serializer=_plain, connect_args={"timeout": busy_timeout_s})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: object) -> None:
    # The driver must not open transactions by itself: _begin_sqlite says when and which.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the write lock at once: a lock taken halfway cannot wait, and fails where it need not."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def carry_over(engine: Engine) -> None:
    """Have a SQLite file take in what its log holds, before whoever wrote it closes; readers are not held up by it.

    Whoever closes last does it otherwise, with everybody locked out until the disk has it: as likely as not somebody
    who only read, for a page.
    """
    if engine.dialect.name != "sqlite":
        return
    # What cannot be carried over now, the next writer does.
    with suppress(sqlite3.Error), closing(engine.raw_connection()) as connection:
        connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def provide_file(file: Path, *, create: bool, fill: Callable[[Connection], None]) -> None:
    """Have a SQLite file in its place: one that is there stays; a new one is made whole beside its place by ``fill``
    and linked there. So a kill leaves no empty registry behind, and of two processes that make one at the same time
    both use the first one's.

    :raises UnreadableError: the file is empty, or missing and not to be created.
    """
    if file.exists():
        if file.stat().st_size == 0:
            raise UnreadableError(
                Problem(str(file), "登记库是空文件", advice="请从备份恢复；程序不会擅自重建")
            )
        return
    if not create:
        problem = "已有出具的文件，登记库却不见了"
        raise UnreadableError(Problem(str(file), problem, advice="请从备份恢复；程序不会擅自重建"))
    draft = file.with_name(f"{file.name}.new-{secrets.token_hex(4)}")
    engine = create_engine(URL.create("sqlite", database=str(draft)))
    try:
        with engine.begin() as connection:
            fill(connection)
        engine.dispose()
        _place_first(draft, file)
    finally:
        engine.dispose()
        draft.unlink(missing_ok=True)


def _place_first(draft: Path, file: Path) -> None:
    """Give the draft its name unless another process was first; needs no hard links where there are none."""
    try:
        file.hardlink_to(draft)
    except FileExistsError:
        return
    except OSError:
        if not file.exists():
            draft.rename(file)
