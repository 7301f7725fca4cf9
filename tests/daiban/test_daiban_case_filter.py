"""Cases that are looked for, cancelled and copied."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cases.samples import load_sample
from cases.workspace_cases import load_cases
from daiban.archiving.archive_report import archive_report
from daiban.board.query import BoardFilter, BoardQuery, page_of
from daiban.board.refreshing import private, refresh
from daiban.board.store import store
from daiban.cancelling import cancel, reopen
from daiban.case_filter import CaseFilter
from daiban.cli import cli
from daiban.copying import copy_case
from daiban.history import case_history, history_of
from daiban.issuing import GenerateRequest, generate
from daiban.monthly_report import Month, monthly_report
from daiban.office import Office
from daiban.rosters import check
from daiban.status import workspace_status
from daiban.workspace import Workspace
from foundation.errors import ExitCode, UsageError
from tests.daiban.on_record import put_out

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws")
    steps = [{"step": "节能审查", "department": "能源局", "limit": "5"}]
    _write(
        made,
        "A-1",
        stage="立项用地规划许可",
        project={"name": "新材料项目", "code": "2601-140502-04-01-123456"},
    )
    _write(
        made,
        "A-2",
        stage="施工许可",
        manager={"name": "王建国"},
        progress={"start": "2026-03-02", "steps": steps},
    )
    _write(made, "Y-1", document="yangcheng", stage="施工许可")
    return made


def _write(workspace: Workspace, case_id: str, **changes: Any) -> None:
    case: dict[str, Any] = {
        "id": case_id,
        "document": "jincheng",
        "project": {"name": f"{case_id}厂"},
        "enterprise": {"name": "公司"},
    }
    (workspace.cases / f"{case_id}.json").write_text(json.dumps(case | changes, ensure_ascii=False), "utf-8")


def _issue(workspace: Workspace, case_id: str, form_id: str = "jincheng-ledger") -> str:
    return put_out(workspace, case_id, form_id, NOW, pages=1)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--search", "新材料"], ["A-1"]),
        (["--search", "Ａ-1 新材料"], ["A-1"]),
        (["--search", "140502"], ["A-1"]),
        (["--search", "没有这个"], []),
        (["--department", "能源"], ["A-2"]),
        (["--stage", "施工"], ["A-2", "Y-1"]),
        (["--stage", "施工许可", "--document", "阳城"], ["Y-1"]),
        (["--manager", "建国"], ["A-2"]),
        (["--late"], ["A-2"]),
        (["--missing"], ["A-1", "A-2", "Y-1"]),
        (["--late", "--search", "新材料"], []),
    ],
)
def test_commands_find_cases_by_the_same_conditions(
    workspace: Workspace, options: list[str], found: list[str]
) -> None:
    """Every condition narrows, several hold together; what is compared is folded, and a part of a name suffices."""
    shown = CliRunner().invoke(cli, ["status", str(workspace.path), "--json", *options])
    assert [case["case"] for case in json.loads(shown.stdout)["cases"]] == found
    plans = CliRunner().invoke(cli, ["plan", str(workspace.path), "--json", *options])
    assert [case["case"] for case in json.loads(plans.stdout)["cases"]] == found


def test_a_stage_that_there_is_not_is_refused(workspace: Workspace) -> None:
    """A condition that nothing can fulfil is a wrong command line, with what may be written."""
    result = CliRunner().invoke(cli, ["status", str(workspace.path), "--stage", "五"], standalone_mode=False)
    assert "四个阶段" in str(result.exception)


def test_a_history_is_of_one_case_or_of_those_that_fit(workspace: Workspace) -> None:
    """With conditions, the events of several cases stand in order of time, each with its case; without any, asked."""
    for case_id in ("A-2", "Y-1"):
        _issue(workspace, case_id)
    found = history_of(Office(workspace), CaseFilter(search="厂"))
    assert (found.case, [event.case for event in found.events]) == (None, ["A-2", "Y-1"])
    result = CliRunner().invoke(cli, ["history", str(workspace.path)], standalone_mode=False)
    assert isinstance(result.exception, UsageError)


def test_a_cancelled_case_is_pursued_no_more(workspace: Workspace) -> None:
    """Nothing is made, listed, counted or asked for of it; who cancelled it, when and why is shown; its papers stay."""
    number = _issue(workspace, "A-1")
    done = cancel(Office(workspace), "A-1", by="王建国", reason="企业放弃投资")
    assert done.issued == (number,)
    office = Office(workspace, today=date(2026, 12, 1))
    assert [case.id for case in office.cases.cases] == ["A-2", "Y-1"]
    found = {case.case: case for case in workspace_status(office).cases}
    status = found["A-1"]
    assert status.cancelled is not None and (status.cancelled.by, status.cancelled.reason) == (
        "王建国",
        "企业放弃投资",
    )
    assert ([form.issue for form in status.forms], status.next, status.missing) == ([number], (), ())
    with pytest.raises(UsageError, match=r"已由王建国于 .* 撤销：企业放弃投资"):
        generate(office, GenerateRequest(cases=("A-1",), dry_run=True))
    planned = generate(office, GenerateRequest(dry_run=True))
    assert "A-1" not in {item.case for item in (*planned.planned, *planned.waiting, *planned.failed)}
    (archived,) = archive_report(office, ["A-1"]).cases
    assert (archived.verdict, [item.issue for item in archived.others]) == ("review", [number])
    assert "撤销" in archived.reasons[0]
    month = Month.of(done.at.astimezone().year, done.at.astimezone().month)
    total = monthly_report(office, month).rows[-1]
    assert (total.cancelled, total.open) == (1, 2)
    assert [event.kind for event in case_history(office, "A-1").events] == ["issued", "decided"]
    assert check(workspace.cases / "A-1.json").cases == ("A-2", "Y-1")


def test_a_cancellation_is_taken_back_whole(workspace: Workspace) -> None:
    """A case that is reopened is as it was; both decisions are on record; twice the same is refused."""
    cancel(Office(workspace), "A-1", by="王建国", reason="放弃")
    with pytest.raises(UsageError, match="撤销"):
        cancel(Office(workspace), "A-1", by="王建国", reason="放弃")
    reopen(Office(workspace), "A-1", by="李四", reason="又办了")
    with pytest.raises(UsageError, match="没有撤销过"):
        reopen(Office(workspace), "A-1", by="李四", reason="又办了")
    office = Office(workspace)
    assert [case.id for case in office.cases.cases] == ["A-1", "A-2", "Y-1"]
    assert [event.by for event in case_history(office, "A-1").events] == ["王建国", "李四"]


def test_the_board_shows_a_cancelled_case_for_what_it_is(workspace: Workspace) -> None:
    """It stands on the board with who cancelled it, and in none of the groups of things to do."""
    cancel(Office(workspace), "A-2", by="王建国", reason="放弃")
    refresh(workspace)
    with store(private(workspace)) as connection:
        page = page_of(connection, BoardQuery(search="A-2"))
        late = page_of(connection, BoardQuery(which=BoardFilter.MISSING))
    assert [(row.cancelled, row.late, row.missing) for row in page.rows] == [(True, 0, 0)]
    assert "王建国" in page.rows[0].next[0]
    assert [row.case_id for row in late.rows] == ["A-1", "Y-1"]


def test_a_copy_has_what_describes_a_project_and_not_what_happened_to_it(tmp_path: Path) -> None:
    """A copied case stands in a roster of its own, which is read beside the others; what it lacks is said."""
    workspace = Workspace.create(tmp_path / "ws")
    sample = next(case for case in load_sample() if case.ledger and case.handover.date)
    file = workspace.cases / "a.json"
    tree = json.loads(json.dumps(sample.tree(), default=str))
    file.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    assert Office(workspace).cases.exit_code is ExitCode.OK
    made = copy_case(Office(workspace), sample.id, "B-1", name="二期项目")
    assert made.file == "rosters/B-1.xlsx"
    assert {"台账", "办结", "项目代码"} <= set(made.left_out)
    found = {case.id: case for case in load_cases(workspace.path).cases}
    copy = found["B-1"]
    assert (copy.project.name, copy.project.code, copy.ledger, copy.stage) == ("二期项目", None, (), None)
    assert (copy.enterprise, copy.plan, copy.assessment) == (
        sample.enterprise,
        sample.plan,
        sample.assessment,
    )
    assert load_cases(workspace.path).where("B-1") == "rosters/B-1.xlsx 项目!A2"
    with pytest.raises(UsageError, match="已经用过"):
        copy_case(Office(workspace), sample.id, "b-1")
