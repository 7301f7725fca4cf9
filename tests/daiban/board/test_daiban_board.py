"""The board of cases: found, counted and sorted from what is kept, which follows every change of the workspace."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from cases.roster.write import write_roster
from cases.samples import load_sample
from daiban.archiving.archive_report import archive_report
from daiban.board.board import Board
from daiban.board.kept_office import KeptOffice
from daiban.board.query import BoardFilter, BoardPage, BoardQuery, page_of
from daiban.board.records import CaseRecord, records_of, set_of
from daiban.board.refreshing import private, refresh, what_is_stale
from daiban.board.store import NAME, store
from daiban.cancelling import cancel
from daiban.office import Office
from daiban.status import workspace_status
from daiban.workspace import Workspace
from foundation.errors import UsageError
from tests.daiban.on_record import put_out

TODAY = dt.date(2026, 7, 1)
NOW = dt.datetime(2026, 6, 30, 9, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Two cases in a roster, one in a file."""
    made = Workspace.create(tmp_path / "ws")
    write_roster(made.roster, load_sample()[:2])
    _write_case(made, "F-1", enterprise={"name": "丁公司"})
    return made


def _write_case(workspace: Workspace, case_id: str, name: str = "", **changes: Any) -> None:
    case = {
        "id": case_id,
        "document": "jincheng",
        "stage": "立项用地规划许可",
        "project": {"name": f"{case_id}厂"},
        "enterprise": {"name": "公司"},
    }
    text = json.dumps(case | changes, ensure_ascii=False)
    file = workspace.cases / f"{name or case_id}.yaml"
    file.write_text(text, encoding="utf-8")
    later = file.stat().st_mtime_ns + len(text)
    os.utime(file, ns=(later, later))  # two writes within one tick of a coarse clock are two


def _page(workspace: Workspace, **asked: Any) -> BoardPage:
    assert refresh(workspace, today=TODAY)
    with store(private(workspace)) as connection:
        return page_of(connection, BoardQuery(**asked))


def _ids(page: BoardPage) -> list[str]:
    return [row.case_id for row in page.rows]


def _issue(workspace: Workspace, case_id: str, number: str = "7K3M9QX2") -> None:
    recorded = {"number": number, "blank": ("authorisation.signature",), "stage": "立项用地规划许可"}
    put_out(workspace, case_id, "jincheng-authorisation", NOW, **recorded)


def test_rows_count_what_status_says(workspace: Workspace) -> None:
    """Every number on the board is counted from what ``status`` says of the case."""
    _issue(workspace, "F-1")
    page = _page(workspace)
    assert (page.cases, page.pending, page.day) == (3, 0, TODAY)
    for status in workspace_status(Office(workspace, today=TODAY)).cases:
        (row,) = [row for row in page.rows if row.case_id == status.case]
        assert (row.name, row.stage) == (status.name, status.stage or "")
        assert row.missing == len(status.missing)
        assert (row.late, row.due) == (len(status.late), len(status.due))
        assert row.changed == sum(form.state == "changed" for form in status.forms)
        assert row.next == status.next[:3]


def test_what_changes_is_worked_out_again_and_nothing_else(workspace: Workspace) -> None:
    """A changed file, a new one and one that is gone show; a case that is the same is not worked out again."""
    _page(workspace)
    assert not what_is_stale(workspace, TODAY).files
    with store(private(workspace)) as connection:
        connection.execute("UPDATE board SET manager = '记号' WHERE case_id = 'JC-2026-002'")
    _write_case(workspace, "F-1", enterprise={"name": "戊公司"})
    _write_case(workspace, "F-2")
    page = _page(workspace, search="戊公司")
    assert _ids(page) == ["F-1"]
    assert page.cases == 4
    (workspace.cases / "F-1.yaml").unlink()
    assert _ids(_page(workspace)) == ["F-2", "JC-2026-001", "JC-2026-002"]
    with store(private(workspace)) as connection:
        query = "SELECT manager FROM board WHERE case_id = 'JC-2026-002'"
        assert connection.execute(query).fetchone()[0] == "记号"


def test_what_goes_out_shows(workspace: Workspace) -> None:
    """A document that goes out moves its case, and only that."""
    before = {row.case_id: row for row in _page(workspace).rows}
    _issue(workspace, "F-1")
    after = {row.case_id: row for row in _page(workspace).rows}
    assert after["F-1"].missing == before["F-1"].missing - 1
    assert after["F-1"].moved_at == NOW.isoformat()
    assert after["JC-2026-001"] == before["JC-2026-001"]


def test_a_new_day_counts_anew(workspace: Workspace) -> None:
    """Due and late are counted by the day of the refresh."""
    _page(workspace)
    assert refresh(workspace, today=TODAY + dt.timedelta(days=400))
    with store(private(workspace)) as connection:
        late = page_of(connection, BoardQuery(which=BoardFilter.LATE))
    assert late.day == TODAY + dt.timedelta(days=400)
    expected = workspace_status(Office(workspace, today=late.day)).cases
    assert sorted(_ids(late)) == sorted(case.case for case in expected if case.late)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"search": "丁公司"}, ["F-1"]),
        ({"search": "ｆ－1"}, ["F-1"]),
        ({"search": "ｆ-１ 厂"}, ["F-1"]),
        ({"search": "100%_"}, []),
        ({"which": "missing", "document": "jincheng"}, ["F-1", "JC-2026-001", "JC-2026-002"]),
        ({"document": "yangcheng"}, []),
        ({"order": "case_id", "descending": True}, ["JC-2026-002", "JC-2026-001", "F-1"]),
        ({"page": 9}, ["F-1", "JC-2026-001", "JC-2026-002"]),
    ],
)
def test_cases_are_found(workspace: Workspace, asked: dict[str, Any], found: list[str]) -> None:
    """By words, whatever their width and case; by filters; in the order asked for; a page too far is the last."""
    assert _ids(_page(workspace, **asked)) == found


def test_a_refused_case_is_on_the_board_with_its_reason(workspace: Workspace) -> None:
    """Two files that claim one id refuse it; freed of one of them, it is a case again."""
    _write_case(workspace, "F-1", name="again")
    page = _page(workspace, which="wrong")
    assert _ids(page) == ["F-1"]
    (row,) = page.rows
    assert row.refused
    assert "重复" in row.next[0]
    (workspace.cases / "again.yaml").unlink()
    (row,) = _page(workspace, search="f-1").rows
    assert not row.refused
    assert row.errors == 0


def test_a_case_file_of_its_own_counts_instead_of_the_roster(workspace: Workspace) -> None:
    """As for every reader; and a broken one refuses the case."""
    _write_case(workspace, "JC-2026-001", name="JC-2026-001.case", enterprise={"name": "戊公司"})
    assert _ids(_page(workspace, search="戊公司")) == ["JC-2026-001"]
    (workspace.cases / "JC-2026-001.case.yaml").write_text("a: [")
    (row,) = _page(workspace, search="jc-2026-001").rows
    assert row.refused


def test_a_file_that_cannot_be_read_is_said(workspace: Workspace) -> None:
    """What is wrong with a file as a whole stands above the board, and the other files' cases below it."""
    workspace.roster.write_bytes(b"no workbook")
    page = _page(workspace)
    assert _ids(page) == ["F-1"]
    assert "roster.xlsx" in page.problems[0].where


def test_a_damaged_board_is_made_anew(workspace: Workspace) -> None:
    """It follows from the workspace: one that cannot be read, or is of another version, is thrown away."""
    _page(workspace)
    place = private(workspace) / NAME
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    place.write_bytes(b"no database at all" * 100)
    assert len(_page(workspace).rows) == 3
    with sqlite3.connect(place) as connection:
        connection.execute("PRAGMA user_version=999")
    connection.close()
    assert len(_page(workspace).rows) == 3


def test_kept_cases_are_the_cases(workspace: Workspace) -> None:
    """What is kept of a case is the case, with all that is wrong with it."""
    found = Office(workspace).cases
    kept = set_of([CaseRecord.model_validate_json(record.to_json()) for record in records_of(found)])
    assert kept.cases == found.cases
    assert (kept.flaws, kept.warnings, kept.rejected) == (found.flaws, found.warnings, found.rejected)


def test_every_sample_case_is_kept_whole(tmp_path: Path) -> None:
    """Whatever a case can hold is kept."""
    samples = tuple(load_sample())
    for case in samples:
        record = CaseRecord(case_id=case.id, case=case, place="")
        assert CaseRecord.model_validate_json(record.to_json()).case == case


def test_the_office_of_one_case_says_the_same(workspace: Workspace) -> None:
    """An office that knows one case alone says of it what an office that knows all of them says."""
    _issue(workspace, "F-1")
    _issue(workspace, "JC-2026-001", "7K3M9QX3")
    whole = Office(workspace, today=TODAY)
    (expected,) = workspace_status(whole, ["F-1"]).cases
    board = Board(workspace.path)
    office = board.office("F-1")
    few = KeptOffice(workspace, office.cases, today=TODAY)
    assert workspace_status(few).cases == (expected,)
    with pytest.raises(UsageError, match="没有案件编号"):
        board.office("nobody")


def test_who_only_reads_the_registry_makes_nothing_stale(workspace: Workspace) -> None:
    """Nothing is out of date because somebody had the registry open while the board was worked out, or has not."""
    _issue(workspace, "F-1")
    with closing(sqlite3.connect(workspace.registry)) as reader:
        reader.execute("SELECT count(*) FROM issue").fetchall()
        assert refresh(workspace, today=TODAY)
        assert not what_is_stale(workspace, TODAY)
    assert not what_is_stale(workspace, TODAY)
    with closing(sqlite3.connect(workspace.registry)) as reader:
        reader.execute("SELECT count(*) FROM issue").fetchall()
        assert not what_is_stale(workspace, TODAY)


def test_the_archive_lists_what_has_files_of_its_own(workspace: Workspace) -> None:
    """Cases that can be used and are pursued, found by the board's words, so many at a time, with their office."""
    _write_case(workspace, "F-2", stage="没有这个阶段")
    _write_case(workspace, "F-3")
    cancel(Office(workspace), "F-3", by="王", reason="不做了")
    board = Board(workspace.path)
    found, office = board.archive_page("", 1, 2)
    assert ([case.id for case in office.all_cases.cases], found.total) == (["F-1", "JC-2026-001"], 3)
    last, office = board.archive_page("", 99, 2)
    assert ([case.id for case in office.all_cases.cases], last.page) == (["JC-2026-002"], 2)
    assert board.archive_page("丁公司", 1, 2)[0].total == 1
    assert (
        archive_report(office, ["JC-2026-002"]).cases
        == archive_report(Office(workspace), ["JC-2026-002"]).cases
    )


def test_choices_are_what_cases_have(workspace: Workspace) -> None:
    """Each document, stage and manager once, in order, and nothing where a case has none."""
    cases = Office(workspace).all_cases.cases
    board = Board(workspace.path)
    board.keep_fresh()
    choices = board.choices()
    assert list(choices.documents) == sorted({case.document for case in cases})
    assert list(choices.stages) == sorted({case.stage.label for case in cases if case.stage})
    assert list(choices.managers) == sorted({case.manager.name for case in cases if case.manager.name})


def test_a_small_board_is_answered_as_it_is(workspace: Workspace) -> None:
    """Few cases are worked out before the answer, and again as soon as something is changed here."""
    board = Board(workspace.path)
    assert board.page(BoardQuery()).pending == 0
    _write_case(workspace, "F-9")
    board.changed(["F-9"])
    assert _ids(board.page(BoardQuery(search="f-9"))) == ["F-9"]


def test_a_registry_elsewhere_is_asked_every_time(workspace: Workspace) -> None:
    """A database that cannot tell whether it is another is asked at every look, and nobody is told that the board is
    behind for it.
    """
    file = workspace.path / "daiban.toml"
    url = f"sqlite:///{(workspace.path.parent / 'elsewhere.sqlite').as_posix()}"
    file.write_text(f'[registry]\nurl = "{url}"\n', encoding="utf-8")
    elsewhere = Workspace.open(workspace.path)
    board = Board(workspace.path)
    assert not board.page(BoardQuery()).behind
    before = board.page(BoardQuery(search="f-1")).rows[0]
    _issue(elsewhere, "F-1")
    after = board.page(BoardQuery(search="f-1"))
    assert (after.rows[0].moved_at > before.moved_at, after.behind) == (True, False)


def test_a_process_of_its_own_brings_it_up_to_date(workspace: Workspace) -> None:
    """``python -m daiban.board WS`` works out everything and ends."""
    done = subprocess.run(
        [sys.executable, "-m", "daiban.board", str(workspace.path)], capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    with store(private(workspace)) as connection:
        assert page_of(connection, BoardQuery()).cases == 3
