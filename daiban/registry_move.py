"""Moving a workspace's registry (迁移登记库) from its own file to a database server, or back."""

from __future__ import annotations

from pathlib import Path

import tomlkit
from sqlalchemy import make_url

from daiban.office import Office
from daiban.registry import Registry
from daiban.workspace import LOCK_TIMEOUT_S, SETTINGS_NAME, say_on_stderr
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel
from foundation.reading import text_of
from foundation.writing import write_atomically

#: What a person writes for the workspace's own file.
OWN_FILE = "file"
_FILE_NAME = "registry.sqlite"


class MovedTableReport(FrozenModel):
    """How many rows of a table were moved, and are the same in both places."""

    table: str
    rows: int


class RegistryMoveResult(FrozenModel):
    """Where the registry was, where it is now (no passwords), and what went there."""

    before: str
    now: str
    tables: tuple[MovedTableReport, ...]


def move_registry(office: Office, destination: str) -> RegistryMoveResult:
    """Move the registry to a database's URL, or for ``file`` to the workspace's own; then name it in daiban.toml.

    The old registry stays, and says where it went to whoever opens it.

    :raises UsageError: it is there already, or the other holds something.
    :raises NotWritableError: a server cannot be reached or refuses. Whatever fails, the old one counts on.
    """
    own = office.workspace.path / _FILE_NAME
    target: Path | str = own if destination == OWN_FILE else destination
    with office.writing() as locked:
        before, now = _shown(locked.workspace.registry), _shown(target)
        if before == now:
            raise UsageError(Problem(now, "登记库已经在这里，不用搬"))
        settings = office.workspace.path / SETTINGS_NAME
        renamed = _with_url(settings, "" if target == own else destination)
        if target == own and own.exists():
            own.replace(own.with_name(f"{_FILE_NAME}.before-move"))
        with Registry.open(target) as there, there.claimed(LOCK_TIMEOUT_S, say_on_stderr):
            tables = locked.open_registry.move_to(there, now)
        write_atomically(renamed, settings)
    rows = tuple(MovedTableReport(table=table.name, rows=table.rows) for table in tables)
    return RegistryMoveResult(before=before, now=now, tables=rows)


def _shown(place: Path | str) -> str:
    if isinstance(place, Path) or "://" not in place:
        return str(place)
    return make_url(place).render_as_string(hide_password=True)


def _with_url(settings: Path, url: str) -> bytes:
    """The settings with this one written in them, and everything else as a person wrote it."""
    document = tomlkit.parse(text_of(settings.read_bytes()))
    section = document.setdefault("registry", tomlkit.table())
    section["url"] = url
    return tomlkit.dumps(document).encode("utf-8")
