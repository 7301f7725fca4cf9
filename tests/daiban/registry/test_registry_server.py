"""A registry on a database server: all that one in a file does, and writers on several machines."""

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from daiban.office import Office
from daiban.registry import Decision, IssueRecord, Registry
from daiban.registry_move import OWN_FILE, move_registry
from daiban.status import workspace_status
from daiban.workspace import Workspace
from forms.geometry import Box, FieldArea
from foundation.errors import NotWritableError, UnreadableError, UsageError
from tests.servers.postgresql import PostgresqlServer

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def an_issue(number: str, case_id: str = "案1") -> IssueRecord:
    return IssueRecord(
        number=number,
        case_id=case_id,
        form_id="f",
        digest="d" * 64,
        values={"project.name": "𠮷&<>\n厂\x00", "assessment.approval.items.city.0": True},
        areas=(FieldArea("authorisation.date", "date", 2, Box(10.5, 20, 30, 40.25), True),),
        blank=("authorisation.date",),
        pages=2,
        page_sizes=((210, 297), (297, 210)),
        docx=f"issued/{case_id}/f.docx",
        pdf=None,
        docx_sha256="a" * 64,
        pdf_sha256=None,
        created_at=NOW,
    )


def workspace_at(folder: Path, url: str) -> Office:
    made = Workspace.create(folder)
    settings = made.path / "daiban.toml"
    settings.write_text(settings.read_text("utf-8").replace('url = ""', f'url = "{url}"'), "utf-8")
    return Office.open(made.path)


def test_what_is_recorded_comes_back(postgresql: PostgresqlServer) -> None:
    """Issues, their publishing and people's decisions read back as they were, whatever stands in the values."""
    url = postgresql.database()
    with Registry.open(url) as registry:
        registry.record([an_issue("A"), an_issue("B", "案2")])
        registry.mark_published(["A", "B"], NOW)
        registry.decisions.record(
            Decision(case_id="案1", kind="withdraw", subject="A", reason="写错了", by="王建国", at=NOW)
        )
        key = registry.mark_key()
    with Registry.open(url, create=False) as registry:
        assert registry.mark_key() == key
        found = registry.find("A")
        assert found is not None
        assert found.values == an_issue("A").values
        assert found.areas == an_issue("A").areas
        assert found.published_at == NOW
        assert [one.reason for one in registry.decisions.of_case("案1")] == ["写错了"]


def test_of_many_that_open_an_empty_database_one_makes_its_tables(postgresql: PostgresqlServer) -> None:
    """Four at the same moment: no error, and one key of the page marks."""
    url = postgresql.database()

    def key(_: int) -> bytes:
        with Registry.open(url) as registry:
            return registry.mark_key()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(key, range(4)))) == 1


def test_a_fresh_database_is_no_loss(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    """Before anything went out, status of an empty database says so, and does not advise a restore."""
    office = workspace_at(tmp_path / "ws", postgresql.database())
    assert not any("恢复" in (problem.advice or "") for problem in workspace_status(office).problems)
    with office.registry() as registry:
        assert registry is None


def test_where_documents_went_out_an_empty_database_is_a_loss(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    """With files issued, tables that are not there are reported and never made anew."""
    office = workspace_at(tmp_path / "ws", postgresql.database())
    issued = office.workspace.path / "issued" / "案1"
    issued.mkdir(parents=True)
    (issued / "f.docx").write_bytes(b"x")
    with pytest.raises(UnreadableError, match="不是登记库"), office.registry():
        pass
    with pytest.raises(UnreadableError), office.writing():
        pass


def test_two_folders_on_one_registry_write_one_after_the_other(
    postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    """Who writes holds the registry, not only the folder; the other waits, and is told."""
    url = postgresql.database()
    first, second = (workspace_at(tmp_path / name, url) for name in ("一", "二"))
    said: list[str] = []
    with first.writing(), Registry.open(url) as other:
        with pytest.raises(NotWritableError, match="另一台机器"), other.claimed(1.2, said.append):
            pass
        assert len(said) == 1
    with second.writing() as locked:
        assert locked.open_registry.mark_key()


def _hold(folder: str, holding: Any) -> None:
    with Office.open(Path(folder)).writing():
        holding.set()
        time.sleep(60)


def test_a_killed_writer_holds_nothing(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    """The claim ends with the process that held it, without anybody's help."""
    url = postgresql.database()
    first, second = (workspace_at(tmp_path / name, url) for name in ("一", "二"))
    context = multiprocessing.get_context("spawn")
    holding = context.Event()
    holder = context.Process(target=_hold, args=(str(first.workspace.path), holding))
    holder.start()
    assert holding.wait(30)
    holder.kill()
    holder.join()
    with second.writing():
        pass


def test_a_run_keeps_no_transaction_open(postgresql: PostgresqlServer) -> None:
    """Between two writes whoever holds the registry is idle: a server may cut off a transaction that is left open."""
    url = postgresql.database()
    asked = (
        "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    looking = create_engine(url)
    with Registry.open(url) as registry, registry.claimed(5, print), looking.connect() as connection:
        registry.record([an_issue("A")])
        assert set(connection.scalars(text(asked))) == {"idle"}
    looking.dispose()


def test_a_server_that_restarts_is_waited_for(postgresql: PostgresqlServer) -> None:
    """A run goes on after its server was restarted, for nobody else wrote meanwhile."""
    url = postgresql.database()
    with Registry.open(url) as registry, registry.claimed(5, print):
        registry.record([an_issue("A")])
        postgresql.stop()
        postgresql.start()
        registry.record([an_issue("B")])
        assert {one.number for one in registry.issues()} == {"A", "B"}


def test_a_run_that_was_cut_off_while_another_wrote_ends(postgresql: PostgresqlServer) -> None:
    """What was read before the cut may not hold any more: the run is to begin again."""
    url = postgresql.database()
    with Registry.open(url) as registry, Registry.open(url) as other:
        with pytest.raises(NotWritableError, match="别的机器写了"), registry.claimed(5, print):
            postgresql.stop()
            postgresql.start()
            with other.claimed(5, print):
                other.record([an_issue("B")])
            registry.record([an_issue("A")])
        assert [one.number for one in registry.issues()] == ["B"]


def _without_rights(server: PostgresqlServer, name: str) -> str:
    server.execute("CREATE ROLE guest LOGIN", name)
    server.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC", name)
    return server.url(name, "guest")


def _read_only(server: PostgresqlServer, name: str) -> str:
    server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on", name)
    return server.url(name)


def _no_such_database(server: PostgresqlServer, name: str) -> str:
    return server.url(f"not_{name}")


@pytest.mark.parametrize(
    ("made", "said"), [(_without_rights, "权限"), (_read_only, "只读"), (_no_such_database, "没有这个数据库")]
)
def test_what_a_server_refuses_is_said(
    postgresql: PostgresqlServer, made: Callable[[PostgresqlServer, str], str], said: str
) -> None:
    """Missing rights, a standby, a wrong name: each is told as what it is, with exit code 50."""
    name = postgresql.database().rpartition("/")[2]
    with pytest.raises(NotWritableError, match=said) as error:
        Registry.open(made(postgresql, name))
    assert error.value.exit_code == 50


def test_a_registry_moves_to_a_server_and_back(postgresql: PostgresqlServer, tmp_path: Path) -> None:
    """Every row is there and numbers go on; the old place says where the registry went; a used one is refused."""
    url = postgresql.database()
    made = Workspace.create(tmp_path / "ws")
    with Office.open(made.path).writing() as locked:
        locked.open_registry.record([an_issue("A"), an_issue("B", "案2")])
        decided = Decision(case_id="案1", kind="withdraw", subject="A", reason="写错了", by="王", at=NOW)
        locked.open_registry.withdraw(decided)
        key = locked.open_registry.mark_key()
    result = move_registry(Office.open(made.path), url)
    assert {table.table: table.rows for table in result.tables}["issue"] == 2
    with pytest.raises(UnreadableError, match="已经搬到"):
        Registry.open(made.path / "registry.sqlite")
    with Office.open(made.path).writing() as locked:
        registry = locked.open_registry
        assert registry.mark_key() == key
        assert registry.find("A") is not None
        registry.restore(decided)
        assert [one.case_id for one in registry.decisions.of_case("案1")] == ["案1", "案1"]
    with pytest.raises(UsageError, match="已经有记录"):
        move_registry(workspace_at(tmp_path / "other", postgresql.database()), url)
    move_registry(Office.open(made.path), OWN_FILE)
    assert Office.open(made.path).workspace.registry == made.path / "registry.sqlite"
    with Office.open(made.path).registry() as back:
        assert back is not None
        assert len(back.decisions.of_case("案1")) == 2


def test_settings_in_gbk_name_where_the_registry_went(tmp_path: Path) -> None:
    """They are read as everywhere else, and kept but for the place, when a registry moves."""
    made = Workspace.create(tmp_path / "ws", agency_name="某局")
    settings, elsewhere = made.path / "daiban.toml", f"sqlite:///{tmp_path / 'registry.sqlite'}"
    settings.write_bytes(settings.read_text("utf-8").encode("gb18030"))
    with Office.open(made.path).writing() as locked:
        key = locked.open_registry.mark_key()
    move_registry(Office.open(made.path), elsewhere)
    office = Office.open(made.path)
    assert (office.settings.registry.url, office.settings.agency.name) == (elsewhere, "某局")
    with office.registry() as registry:
        assert registry is not None
        assert registry.mark_key() == key


def test_an_older_registry_migrates(postgresql: PostgresqlServer) -> None:
    """Alembic's steps run on a server as on a file: tables of version 3 become the present ones."""
    url = postgresql.database()
    Registry.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE decision, unplaced_page"))
        connection.execute(
            text("ALTER TABLE returned DROP COLUMN standing, DROP COLUMN queue, DROP COLUMN decided")
        )
        connection.execute(text("ALTER TABLE issue DROP COLUMN stage, DROP COLUMN withdrawn_at"))
        connection.execute(text("UPDATE meta SET value = '3' WHERE key = 'schema'"))
    engine.dispose()
    with Registry.open(url) as registry:
        registry.record([an_issue("A")])
        assert registry.find("A") is not None
