"""Registries of older programs: brought to the present version with all they hold, or left as they were."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from daiban.registry import Generation, QueueFilter, Registry
from daiban.registry.facts import dump_observation, dump_page_facts
from daiban.registry.format_version import create_tables
from daiban.registry.tables import SCHEMA_VERSION
from foundation.errors import NotWritableError, UnreadableError

#: Version 2, made by commit adc4c6e: two sample cases, six documents, four returns (three scans, one signed PDF).
FIXTURE = Path(__file__).parent / "fixtures" / "registry-adc4c6e.sqlite"
MIGRATIONS = Path(sys.modules[create_tables.__module__].__file__ or "").with_name("migrations")

Rows = list[dict[str, Any]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The registry of version 2."""
    return Path(shutil.copyfile(FIXTURE, tmp_path / "registry.sqlite"))


@pytest.fixture
def first_version(file: Path) -> Path:
    """The same as it was in version 1, before anything could come back."""
    with sqlite3.connect(file) as connection:
        for table in ("finding", "observation", "return_page", "returned", "batch"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    connection.close()
    return file


def rows(file: Path, query: str, *values: object) -> Rows:
    """Rows as they lie in the file, read without the program."""
    connection = sqlite3.connect(file)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(query, values)]
    finally:
        connection.close()


def version(file: Path) -> str:
    [row] = rows(file, "SELECT value FROM meta WHERE key = 'schema'")
    return str(row["value"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def says_no_more(new: Any, old: Any) -> bool:
    """Whether everything in ``new`` is in ``old`` as well; old observations have every optional key of every kind.

    A key that is newer than the fixture says nothing as long as its value is None.
    """
    if isinstance(new, dict):
        return all(
            says_no_more(value, old[key]) if key in old else value is None for key, value in new.items()
        )
    if isinstance(new, list):
        return len(new) == len(old) and all(map(says_no_more, new, old))
    return bool(new == old)


def test_issues_are_the_same(file: Path) -> None:
    """Every issue of an old registry is there with all it has, and the key of the page marks is the same."""
    [key] = rows(FIXTURE, "SELECT value FROM meta WHERE key = 'mark_key'")
    before = rows(FIXTURE, "SELECT * FROM issue ORDER BY created_at, number")
    with Registry.open(file, create=False) as registry:
        assert registry.mark_key().hex() == key["value"]
        found = [registry.find(item.number) for item in registry.issues()]
    assert version(file) == str(SCHEMA_VERSION)
    assert len(found) == len(before) == 6
    for record, row in zip(found, before, strict=True):
        assert record is not None
        for name in ("number", "case_id", "form_id", "digest", "docx", "pdf", "docx_sha256", "pdf_sha256"):
            assert getattr(record, name) == row[name]
        assert record.values == json.loads(row["values"])
        assert list(record.blank) == json.loads(row["blank"])
        assert [area.id for area in record.areas] == [area["id"] for area in json.loads(row["areas"])]
        assert record.published_at == moment(row["published_at"])
        assert len(record.page_sizes) == record.pages == row["pages"]


def generations(registry: Registry, issues: Rows) -> Iterator[tuple[Generation, dict[str, Any]]]:
    for row in issues:
        found = registry.returns.generation(row["issue"], row["generation"])
        assert found is not None
        yield found, row


def test_returns_are_the_same(file: Path) -> None:
    """Every return of an old registry is there: its digest, files and verdict, what its pages are and what was seen."""
    before = rows(FIXTURE, "SELECT * FROM returned")
    assert len(before) == 4
    with Registry.open(file, create=False) as registry:
        for found, row in generations(registry, before):
            whose = (row["issue"], row["generation"])
            assert (found.verdict, found.digest, found.batch) == (row["verdict"], row["digest"], row["batch"])
            assert (found.files, found.filed_at) == (json.loads(row["files"]), moment(row["filed_at"]))
            old_files = json.loads(row["digital"])
            assert [item.content for item in found.digital] == [item["content"] for item in old_files]
            pages = rows(
                FIXTURE, "SELECT * FROM return_page WHERE issue=? AND generation=? ORDER BY number", *whose
            )
            assert [str(page.content) for page in found.pages] == [row["content"] for row in pages]
            for page, old in zip(found.pages, pages, strict=True):
                assert (page.number, page.source) == (old["number"], old["source"])
                assert says_no_more(dump_page_facts(page.facts), json.loads(old["facts"]))
            seen = rows(
                FIXTURE, "SELECT * FROM observation WHERE issue=? AND generation=? ORDER BY place", *whose
            )
            assert says_no_more(
                [dump_observation(item) for item in found.observations],
                [json.loads(old["data"]) for old in seen],
            )
            noted = rows(
                FIXTURE, "SELECT * FROM finding WHERE issue=? AND generation=? ORDER BY place", *whose
            )
            assert [(item.code, item.message, item.field) for item in found.findings] == [
                (old["code"], old["message"], old["field"]) for old in noted
            ]


def test_what_came_back_stands_as_it_was_judged(file: Path) -> None:
    """Of every return of an old registry the newest generation is in the queue, under the machine's verdict."""
    [old] = rows(FIXTURE, "SELECT count(DISTINCT issue) AS number FROM returned")
    with Registry.open(file, create=False) as registry:
        found = registry.queue.stretch(QueueFilter(), limit=99).rows
        back = registry.returns.latest()
    assert len(found) == old["number"]
    for row in found:
        assert row.standing == row.machine == back[row.issue].verdict
        assert row.queue == ("decide" if row.machine == "review" else row.machine)
        assert row.generation == back[row.issue].newest.generation


def test_an_old_run_of_verify_finds_its_reports(file: Path) -> None:
    """A batch of an old registry is found by its digest, with its reports."""
    [old] = rows(FIXTURE, "SELECT * FROM batch")
    with Registry.open(file, create=False) as registry:
        found = registry.batches.latest(old["digest"])
    assert found is not None
    assert (found.name, list(found.reports)) == (old["name"], json.loads(old["reports"]))


@pytest.mark.parametrize("create", [True, False])
def test_a_registry_of_version_1_is_brought_up(first_version: Path, create: bool) -> None:
    """A registry made before returns were recorded keeps its issues, and takes returns from then on."""
    with Registry.open(first_version, create=create) as registry:
        assert len(registry.issues()) == 6
        assert registry.returns.latest() == {}
    assert version(first_version) == str(SCHEMA_VERSION)


def test_papers_of_a_stage_get_their_stage(file: Path) -> None:
    """委托书 and 办结单 are of the stage that they print; what prints none, of that of the 委托书 made next to it."""
    columns = (
        "digest, '{}', areas, blank, pages, docx, pdf, docx_sha256, pdf_sha256, created_at, published_at"
    )
    query = f"INSERT INTO issue SELECT ?, case_id, ?, {columns}, NULL, NULL FROM issue WHERE number = ?"
    with sqlite3.connect(file) as connection:
        [number] = connection.execute(
            "SELECT number FROM issue WHERE form_id LIKE '%-authorisation'"
        ).fetchone()
        for name, form in (("A", "jincheng-assessment"), ("B", "jincheng-completion")):
            connection.execute(query, (name, form, number))
    connection.close()
    with Registry.open(file, create=False) as registry:
        records = [registry.find(one.number) for one in registry.issues()]
    stages = {record.number: record.stage for record in records if record}
    assert stages["A"] == stages["B"] == stages[number] == "立项用地规划许可"
    fields = {"jincheng-authorisation": "authorisation.stage", "jincheng-completion": "handover.stage"}
    for record in records:
        assert record is not None
        printed = record.values.get(fields.get(record.form_id, ""))
        if record.form_id not in (*fields, "jincheng-assessment"):
            assert record.stage is None
        elif printed:
            assert record.stage == printed


def test_periodical_papers_get_their_period(file: Path) -> None:
    """A week is read off its paper; what prints none is of the month it was made in; what says nothing stays so."""
    columns = "areas, blank, pages, docx, pdf, docx_sha256, pdf_sha256, created_at, published_at"
    query = f"INSERT INTO issue SELECT ?, case_id, ?, digest, ?, {columns}, NULL, NULL FROM issue LIMIT 1"
    week = json.dumps({"listing.start": "2026年11月23日", "listing.end": "2026年11月29日"})
    made = {
        "A": ("jinkai-weekly-summary", week),
        "B": ("jiaocheng-progress-statistics", "{}"),
        "C": ("yangcheng-supervision-notice", "{}"),
    }
    with sqlite3.connect(file) as connection:
        for number, (form, values) in made.items():
            connection.execute(query, (number, form, values))
    connection.close()
    with Registry.open(file, create=False) as registry:
        found = {one.number: one for one in registry.issues()}
    month = f"{found['B'].created_at.year}年{found['B'].created_at.month}月"
    assert [found[one].stage for one in "ABC"] == ["2026年11月23日至2026年11月29日", month, None]


def schema(connection: sa.Connection) -> dict[str, Any]:
    """Tables, columns, keys and indexes of a database, as it tells them itself."""
    inspector = sa.inspect(connection)
    return {
        name: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name)],
            inspector.get_pk_constraint(name)["constrained_columns"],
            [(one["constrained_columns"], one["referred_table"]) for one in inspector.get_foreign_keys(name)],
            [(one["name"], one["column_names"]) for one in inspector.get_indexes(name)],
        )
        for name in inspector.get_table_names()
    }


def test_all_migrations_make_the_tables_of_a_new_registry() -> None:
    """From nothing, one migration after the other leads to the very tables that a new registry is made with."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    with sa.create_engine("sqlite://").begin() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            for step in reversed(list(scripts.iterate_revisions("heads", "base"))):
                step.module.upgrade()
        migrated = schema(connection)
    with sa.create_engine("sqlite://").begin() as connection:
        create_tables(connection)
        assert schema(connection) == migrated


def test_there_is_a_migration_for_every_version() -> None:
    """Migrations are numbered from 1 to the present version without a gap or a fork."""
    steps = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert [step.revision for step in steps] == [str(number) for number in range(SCHEMA_VERSION, 0, -1)]


def run(body: str, *arguments: object) -> subprocess.Popen[str]:
    script = [sys.executable, "-c", body, *map(str, arguments)]
    return subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


_OPEN = """
import logging, sys
logging.basicConfig(level="INFO")
from daiban.registry import Registry
Registry.open(sys.argv[1], create=False).close()
"""


def test_processes_migrate_one_registry_at_once(file: Path) -> None:
    """Four processes that open an old registry at the same time all succeed, and none says a word."""
    processes = [run(_OPEN, file) for _ in range(4)]
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, said
    assert said == [("", "")] * 4
    assert version(file) == str(SCHEMA_VERSION)
    assert rows(file, "PRAGMA foreign_key_check") == []


_OPEN_AND_DIE = """
import os, signal, sys
from sqlalchemy import Engine, event
from daiban.registry import Registry

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, *_):
    if statement.startswith("UPDATE return_page"):
        os.kill(os.getpid(), signal.SIGKILL)

Registry.open(sys.argv[1], create=False)
"""


def test_a_killed_migration_leaves_the_old_version(file: Path) -> None:
    """A process killed in the middle leaves the registry as it was; the next one brings it up."""
    with run(_OPEN_AND_DIE, file) as process:
        assert process.wait() == -signal.SIGKILL
    assert version(file) == "2"
    [first, *_] = rows(file, "SELECT content FROM return_page")
    assert ":" in first["content"]
    with Registry.open(file, create=False) as registry:
        assert len(registry.returns.latest()) == 4


def test_an_up_to_date_registry_opens_without_alembic(tmp_path: Path) -> None:
    """Opening a registry of the present version loads nothing that only migrations need."""
    file = tmp_path / "r.sqlite"
    Registry.open(file).close()
    body = f"{_OPEN}\nprint([name for name in sys.modules if name.startswith('alembic')])"
    with run(body, file) as process:
        assert process.communicate() == ("[]\n", "")


def test_a_registry_of_a_newer_program_is_left_alone(file: Path) -> None:
    """A registry of a later version is refused with both versions, and not touched."""
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    connection.close()
    before = file.read_bytes()
    with pytest.raises(UnreadableError, match=f"第 99 版，本程序只认第 {SCHEMA_VERSION} 版"):
        Registry.open(file)
    assert file.read_bytes() == before


def test_a_locked_registry_cannot_be_migrated(file: Path) -> None:
    """Whoever cannot get the lock is told so, and the registry keeps its version."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(NotWritableError, match="占用"):
            Registry.open(file, busy_timeout_s=0.1)
    finally:
        other.close()
    assert version(file) == "2"


def test_a_damaged_old_registry_is_told(file: Path) -> None:
    """An old registry whose pages are overwritten is said to be damaged, not half migrated."""
    with file.open("r+b") as stream:
        stream.seek(8192)
        stream.write(b"\xff" * 100_000)
    with pytest.raises(UnreadableError, match="损坏"):
        Registry.open(file)
