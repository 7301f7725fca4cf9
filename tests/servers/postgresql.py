"""A PostgreSQL server of the tests' own: Debian's packages, a folder of its own, one database for each that asks."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

#: Where Debian's packages put the server, newest version last; empty where it is not installed.
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class PostgresqlServer:
    """A server that can be stopped and started again; ``folder``: where it lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = _free_port()
        self._numbers = itertools.count(1)
        self._run(
            "initdb", "-D", folder / "data", "--auth=trust", "--no-sync", "--encoding=UTF8", "-U", "daiban"
        )

    def start(self) -> None:
        """Start it, and return when it answers."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self._run(
            "pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", options, "start"
        )

    def stop(self) -> None:
        """Stop it, cutting off whoever is connected."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def database(self) -> str:
        """The URL of a new, empty database."""
        name = f"d{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}", "postgres")
        return self.url(name)

    def url(self, name: str, user: str = "daiban") -> str:
        """The URL of a database for one of the server's users."""
        return f"postgresql+psycopg://{user}@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str, name: str) -> None:
        """Run a statement as the server's owner."""
        address = f"postgresql://daiban@127.0.0.1:{self.port}/{name}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _run(self, program: str, *arguments: str | Path) -> None:
        command = [str(PROGRAMS[-1] / program), *map(str, arguments)]
        # The server refuses to run as root; Debian's package has a user for it.
        user = "postgres" if os.geteuid() == 0 else None
        done = subprocess.run(
            command, user=user, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def running(folder: Path) -> Iterator[PostgresqlServer]:
    """A running server, in a new folder that is removed afterwards."""
    folder.mkdir(mode=0o700)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        server = PostgresqlServer(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
