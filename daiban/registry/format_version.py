"""The version of a registry's tables: written when they are made, checked at every opening, brought up by migrations.

The version stands in the table ``meta``, where every program since the first one looks for it; so a program that is
older than a registry refuses it. Migrations are Alembic's (``migrations/versions``), one per version, and run within
the transaction of whoever opens the registry: a kill leaves the old version or the new one. Alembic is loaded only
when there is something to migrate.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path

from sqlalchemy import Connection, insert, inspect, select, update

from daiban.registry.server import hold_tables
from daiban.registry.tables import SCHEMA_VERSION, meta, metadata
from foundation.errors import Problem, UnreadableError

_VERSION_KEY = "schema"
MARK_KEY = "mark_key"
MOVED_KEY = "moved_to"  # where the registry is now, in one that was moved away
_MIGRATIONS = Path(__file__).with_name("migrations")


def create_tables(connection: Connection) -> None:
    """Make the tables of the present version and the key of the page marks, unless there are tables already."""
    hold_tables(connection)
    if inspect(connection).has_table(meta.name):
        return
    metadata.create_all(connection)
    rows = {_VERSION_KEY: str(SCHEMA_VERSION), MARK_KEY: secrets.token_hex(32)}
    connection.execute(insert(meta), [{"key": key, "value": value} for key, value in rows.items()])


def is_empty(connection: Connection) -> bool:
    """Whether no tables have been made yet: a server's database that nobody has used."""
    return not inspect(connection).has_table(meta.name)


def is_current(connection: Connection, place: str) -> bool:
    """Whether a registry has the present version; False: an older one, to be migrated.

    :raises UnreadableError: it is no registry, or one of a newer program.
    """
    if not inspect(connection).has_table(meta.name):
        raise UnreadableError(Problem(place, "不是登记库", advice="请从备份恢复登记库"))
    if moved := connection.scalar(select(meta.c.value).where(meta.c.key == MOVED_KEY)):
        problem = f"登记库已经搬到 {moved}，这里的不再使用"
        raise UnreadableError(Problem(place, problem, advice="请核对 daiban.toml 里的 registry.url"))
    version = _version(connection)
    if version in {str(older) for older in range(1, SCHEMA_VERSION)}:
        return False
    if version != str(SCHEMA_VERSION):
        problem = f"登记库的格式是第 {version} 版，本程序只认第 {SCHEMA_VERSION} 版"
        raise UnreadableError(Problem(place, problem, advice="请使用相同或更新版本的程序"))
    return True


def migrate(connection: Connection, place: str) -> None:
    """Bring an older registry to the present version; nothing if another process was first.

    :raises UnreadableError: as :func:`is_current`.
    """
    # The lock is taken before the version is looked at: on SQLite by the transaction, elsewhere by the row.
    connection.execute(select(meta).where(meta.c.key == _VERSION_KEY).with_for_update())
    if is_current(connection, place):
        return
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are of no interest to a user
    # Here, because it takes longer to load than an up-to-date registry takes to open.
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(_MIGRATIONS))
    steps = list(scripts.iterate_revisions(str(SCHEMA_VERSION), _version(connection) or ""))
    with Operations.context(MigrationContext.configure(connection)):
        for step in reversed(steps):
            step.module.upgrade()
    row = update(meta).where(meta.c.key == _VERSION_KEY)
    connection.execute(row.values(value=str(SCHEMA_VERSION)))


def _version(connection: Connection) -> str | None:
    return connection.scalar(select(meta.c.value).where(meta.c.key == _VERSION_KEY))
