"""Each period (week, half-month, year, day of a 通报) has a paper of its own."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from daiban.handing_out.papers import handout
from daiban.history import case_history
from daiban.issuing import GenerateRequest, GenerateResult, generate
from daiban.office import Office
from daiban.status import workspace_status
from daiban.workspace import Workspace

FIRST, SECOND = dt.date(2026, 11, 25), dt.date(2026, 12, 2)
LIST = "anshan-全部项目"


class Anshan:
    """Projects whose dispatches are entered week by week; papers go out as DOCX alone."""

    def __init__(self, folder: Path) -> None:
        self.workspace = Workspace.create(folder)
        settings = self.workspace.path / "daiban.toml"
        settings.write_text('[converter]\npath = "/nowhere/soffice"\n', "utf-8")

    def write(self, **more: Any) -> None:
        case = {
            "id": "A1",
            "document": "anshan",
            "project": {"name": "某项目", "category": "社会投资类"},
            "enterprise": {"name": "某公司"},
            "agency": {"name": "某局"},
            **more,
        }
        (self.workspace.cases / "A1.json").write_text(json.dumps(case, ensure_ascii=False), "utf-8")

    def generate(self, form: str, today: dt.date = FIRST, case: str = LIST) -> GenerateResult:
        office = Office.open(self.workspace.path, today=today)
        return generate(office, GenerateRequest(cases=(case,), forms=(form,), workers=1))


@pytest.fixture
def anshan(tmp_path: Path) -> Anshan:
    return Anshan(tmp_path / "ws")


def dispatches(*days: str) -> list[dict[str, str]]:
    return [{"date": day, "progress": f"{day}的进展"} for day in days]


def test_a_new_week_leaves_last_weeks_paper_standing(anshan: Anshan) -> None:
    """Last week's 周调度记录 moves below the name of its week and stands; within a week a newer one supersedes."""
    form = "anshan-weekly-dispatch"
    anshan.write(dispatches=dispatches("2026-11-24"))
    (week,) = anshan.generate("周调度记录").issued
    anshan.write(dispatches=dispatches("2026-11-24", "2026-12-01"))
    (first,) = anshan.generate(form, SECOND).issued
    anshan.write(dispatches=dispatches("2026-11-24", "2026-12-01", "2026-12-02"))
    (second,) = anshan.generate(form, SECOND).issued
    office = Office.open(anshan.workspace.path, today=SECOND)
    standing = {issue.number: issue.docx for issue in office.issues_of_case[LIST]}
    past = "2026年11月23日至2026年11月29日"
    assert standing == {
        week.issue: f"issued/{LIST}/{past}/{form}.docx",
        second.issue: f"issued/{LIST}/{form}.docx",
    }
    assert all((anshan.workspace.path / place).is_file() for place in standing.values())
    assert first.issue not in standing
    assert any(past in event.text for event in case_history(office, LIST).events)
    # handing out is of the present period; that the converter is missing is said of it alone
    assert {problem.where for problem in handout(office, (), ()).problems} == {standing[second.issue]}


def test_a_paper_without_its_date_gets_the_one_filled_in(anshan: Anshan) -> None:
    """A 督办通报 whose day was left open is superseded by the one with the day; the next day's is another."""
    matters = [{"matter": "用地预审", "department": "县自然资源局", "due": "2026-11-20"}]

    def told(day: str | None) -> str:
        more = {"date": day} if day else {}
        anshan.write(document="yangcheng", supervision={"matters": matters, **more})
        (item,) = anshan.generate("督办通报", case="A1").issued
        return item.issue

    opened, dated, later = told(None), told("2026-11-25"), told("2026-12-02")
    standing = {issue.number for issue in Office.open(anshan.workspace.path).issues_of_case["A1"]}
    assert standing == {dated, later}
    assert opened not in standing


def test_a_month_that_says_the_same_needs_no_paper(anshan: Anshan) -> None:
    """交城's 统计表 prints no period: what is the same next month is not made again, what is not voids nothing."""

    def count(progress: str, today: dt.date) -> GenerateResult:
        tasks = [{"measure": "一", "department": "综合办", "progress": progress}]
        anshan.write(document="jiaocheng", tasks=tasks)
        return anshan.generate("jiaocheng-progress-statistics", today, "A1")

    (november,) = count("已启动", FIRST).issued
    assert [item.issue for item in count("已启动", SECOND).unchanged] == [november.issue]
    (december,) = count("已完成", SECOND).issued
    office = Office.open(anshan.workspace.path, today=SECOND)
    assert {one.number for one in office.issues_of_case["A1"]} == {november.issue, december.issue}


def test_status_shows_this_period_and_the_last_one(anshan: Anshan) -> None:
    """Fifty weeks' papers would bury everything else."""
    for week in range(4):
        day = FIRST + week * dt.timedelta(days=7)
        anshan.write(dispatches=dispatches(day.isoformat()))
        anshan.generate("anshan-weekly-dispatch", day)
    status = workspace_status(Office.open(anshan.workspace.path, today=day))
    (projects,) = (case for case in status.cases if case.case == LIST)
    weekly = [form.stage for form in projects.forms if form.form == "anshan-weekly-dispatch"]
    assert weekly == ["2026年12月14日至2026年12月20日", "2026年12月7日至2026年12月13日"]
