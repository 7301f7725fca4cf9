"""A database server for the tests of a registry that is kept on one."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.postgresql import PROGRAMS, PostgresqlServer, running


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A running PostgreSQL server. Not in pytest's own folder, which the server's user may not enter."""
    if not PROGRAMS:
        pytest.skip("没有安装 PostgreSQL 服务器（Debian 软件包 postgresql）")
    place = Path(tempfile.mkdtemp(prefix="daiban-postgresql-"))
    place.chmod(0o755)
    try:
        with running(place / "server") as server:
            yield server
    finally:
        place.rmdir()
