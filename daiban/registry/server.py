"""What a registry on a database server (PostgreSQL) needs that one in a file does not.

A file has its workspace's lock; a server is written from several machines, whose workspaces are different folders. So
whoever writes *claims* the registry (写入权) for a whole run: by an advisory lock of the server, which ends with the
connection that holds it however its program ends. A claim that was cut off with its connection is taken up again only
if nobody else wrote in between, which a token in the table ``meta`` tells.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, delete, func, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from daiban.registry.refusals import sqlstate
from daiban.registry.tables import meta
from foundation.errors import NotWritableError, Problem

#: Numbers of our advisory locks; any other program that uses the same database has to keep from them.
_WRITER_LOCK = 0x6461_6962
_TABLES_LOCK = 0x6461_6963
_WRITER = "writer"
_SAY_AFTER_S = 1.0
_ASK_AGAIN_S = 0.5
#: How long a server is waited for that is starting, or cannot be reached for a moment.
_PATIENCE_S = 15.0


def is_server(engine: Engine) -> bool:
    """Whether the registry is kept by a database server."""
    return engine.dialect.name == "postgresql"


def hold_tables(connection: Connection) -> None:
    """Let nobody else make or change tables until the transaction's end: of those that open an empty database at the
    same time, one makes them.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_TABLES_LOCK)))


def connected(engine: Engine) -> Connection:
    """A connection; a server that is being restarted is waited for.

    :raises OperationalError: it could not be reached for a quarter of a minute.
    """
    end = time.monotonic() + (_PATIENCE_S if is_server(engine) else 0)
    while True:
        try:
            return engine.connect()
        except OperationalError as error:
            if not _may_pass(error) or time.monotonic() >= end:
                raise
            time.sleep(_ASK_AGAIN_S)


def _may_pass(error: DBAPIError) -> bool:
    """Whether waiting helps. A server that answers says why it refuses: 57P03 is starting or stopping, 53300 full."""
    state = sqlstate(error)
    return not state or state in {"57P01", "57P02", "57P03", "53300"} or state.startswith("08")


class Claim:
    """The right to write to a registry on a server, held by a connection of its own."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._place = place
        self._token = secrets.token_hex(8)
        self._connection: Connection | None = None

    @contextmanager
    def held(self, timeout_s: float, say: Callable[[str], None]) -> Iterator[None]:
        """Hold the claim; ``say`` gets a Chinese sentence if it has to wait.

        :raises NotWritableError: somebody else still holds it after ``timeout_s`` seconds.
        """
        self._wait(timeout_s, say)
        try:
            self._sign()
            yield
        finally:
            self._let_go()

    def require(self) -> None:
        """Nothing, if the claim stands or could be taken up again.

        :raises NotWritableError: the connection was lost, and somebody else has written since.
        """
        assert self._connection is not None
        try:
            self._connection.execute(select(1))
            return
        except DBAPIError:
            self._let_go()
        self._connection = self._connected()
        if not self._is_ours() or self._signature() != self._token:
            problem = "与登记库的连接断过，其间别的机器写了登记库"
            raise NotWritableError(Problem(self._place, problem, advice="请再运行一次，会接着做完"))

    def _connected(self) -> Connection:
        """A connection without transactions: none stays open for a whole run, which a server may cut off."""
        return connected(self._engine).execution_options(isolation_level="AUTOCOMMIT")

    def _wait(self, timeout_s: float, say: Callable[[str], None]) -> None:
        self._connection = self._connected()
        started, said = time.monotonic(), False
        while not self._is_ours():
            waited = time.monotonic() - started
            if waited >= timeout_s:
                self._let_go()
                problem = f"另一台机器或另一个工作区一直在写这个登记库，等了 {timeout_s:g} 秒"
                raise NotWritableError(Problem(self._place, problem, advice="请等它结束，再试一次"))
            if waited >= _SAY_AFTER_S and not said:
                say(f"另一台机器或另一个工作区正在写登记库 {self._place}，正在等它结束……")
                said = True
            time.sleep(min(_ASK_AGAIN_S, timeout_s))

    def _is_ours(self) -> bool:
        assert self._connection is not None
        return bool(self._connection.scalar(select(func.pg_try_advisory_lock(_WRITER_LOCK))))

    def _sign(self) -> None:
        assert self._connection is not None
        self._connection.execute(delete(meta).where(meta.c.key == _WRITER))
        self._connection.execute(insert(meta).values(key=_WRITER, value=self._token))

    def _signature(self) -> str | None:
        assert self._connection is not None
        return self._connection.scalar(select(meta.c.value).where(meta.c.key == _WRITER))

    def _let_go(self) -> None:
        """Close the connection, and not only give it back: the lock is the session's."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
