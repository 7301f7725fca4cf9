"""daiban/planning/timetable.py: planned days, due days and what is refused."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.calendar import WorkdayCalendar
from cases.model.case import Case
from daiban.planning.timetable import PlannedStep, timetable
from forms.matters.lists import reference_matters
from foundation.errors import CaseDataError

CALENDAR = WorkdayCalendar()
fixed = settings(derandomize=True, deadline=None, max_examples=40)


def make(document: str = "yangcheng", hazard: str = "否", **progress: Any) -> Case:
    return Case.model_validate(
        {
            "id": "YC-1",
            "document": document,
            "project": {"name": "某化工项目"},
            "enterprise": {"name": "某化工公司"},
            "review": {"hazard": hazard},
            "progress": progress,
        }
    )


def plan(case: Case, today: str | None = None) -> dict[str, PlannedStep]:
    day = dt.date.fromisoformat(today) if today else None
    return {step.id: step for step in timetable(case, CALENDAR, day, reference_matters())}


def test_county_review_adds_up() -> None:
    """The county's seven steps take 56 to 58 working days, one after the other, without a gap."""
    steps = list(plan(make(start="2026-03-10")).values())
    assert [step.id for step in steps] == [f"county.{number}" for number in range(1, 8)]
    last = steps[-1].finish
    start = dt.date(2026, 3, 10)
    assert CALENDAR.between(start, last.earliest.day).days == 3 + 40 + 1 + 5 + 1 + 3 + 3
    assert CALENDAR.between(start, last.latest.day).days == 3 + 40 + 3 + 5 + 1 + 3 + 3
    for before, after in itertools.pairwise(steps):
        assert after.start.earliest == CALENDAR.next_workday(before.finish.earliest.day)
        assert after.start.latest == CALENDAR.next_workday(before.finish.latest.day)


def test_a_one_day_step_is_one_day() -> None:
    """A step of one working day begins and ends on the same day."""
    meeting = plan(make(start="2026-03-10"))["county.5"]
    assert meeting.start == meeting.finish


def test_ranges_are_printed_with_both_ends() -> None:
    """After a step of 1-3 working days each day has an earliest and a latest, printed as a range."""
    steps = plan(make(start="2026-03-10"))
    assert steps["county.1"].finish.text() == "2026年3月13日"
    assert steps["county.3"].finish.text() == "2026年5月14日至5月18日"


def test_land_runs_beside_the_county_from_its_own_day() -> None:
    """土地保障 counts from its own day, and only where there is one."""
    assert not any(key.startswith("land") for key in plan(make(start="2026-03-10")))
    steps = plan(make(start="2026-03-10", land_start="2026-03-02"))
    assert steps["land.1"].start.earliest.day == dt.date(2026, 3, 2)
    assert steps["land.3"].finish.latest == CALENDAR.add(dt.date(2026, 3, 2), 150)
    assert steps["county.1"].finish.text() == "2026年3月13日"


def test_hazardous_projects_go_on_to_the_city() -> None:
    """With “两重点一重大” the city's review follows the county's, whose own 立项备案 falls away."""
    steps = list(plan(make(start="2026-03-10", hazard="是")).values())
    assert [step.id for step in steps[5:]] == ["county.6", *(f"city.{number}" for number in range(1, 6))]
    assert CALENDAR.between(dt.date(2026, 3, 10), steps[-1].finish.latest.day).days == 55 + 20
    assert steps[6].start.earliest == CALENDAR.next_workday(steps[5].finish.earliest.day)
    filed = make(start="2026-03-10", hazard="是", steps=[{"step": "立项备案", "started": "2026-07-01"}])
    assert [step.id for step in plan(filed).values() if step.started] == ["city.5"]


def test_the_countys_filing_is_not_for_hazardous_projects() -> None:
    """The step the city takes over is refused by its number, with the reason."""
    with pytest.raises(CaseDataError, match="市级联审后才立项备案"):
        plan(make(start="2026-03-10", hazard="是", steps=[{"step": "county.7"}]))


def test_past_the_published_calendar_is_marked() -> None:
    """What reaches into a year nobody has published is 暂估, and everything after it as well."""
    steps = plan(make(start="2026-12-01"))
    assert steps["county.1"].finish.text() == "2026年12月4日"
    assert steps["county.2"].finish.text().endswith("（暂估）")
    assert steps["county.7"].finish.latest.estimated


def test_without_a_first_day_nothing_is_planned() -> None:
    """A case without 起算日 and without steps has no timetable, and nothing is wrong with it."""
    assert plan(make()) == {}
    assert plan(make("jincheng", start="2026-03-10")) == {}


def test_open_steps_are_late_when_their_day_is_over() -> None:
    """A step is late from the day after its latest finish, by working days, until it is finished."""
    case = make(start="2026-03-10")
    assert not plan(case, "2026-03-13")["county.1"].is_late
    late = plan(case, "2026-03-16")["county.1"]
    assert (late.is_late, late.days_late, late.state) == (True, 1, "逾期")
    assert plan(case)["county.1"].state == "未开始"
    done = make(start="2026-03-10", steps=[{"step": "提出申请与签订委托", "finished": "2026-03-17"}])
    step = plan(done, "2026-12-01")["county.1"]
    assert (step.is_late, step.days_late, step.state) == (False, 2, "逾期完成")


def test_who_is_handed_a_matter_late_is_not_late_himself() -> None:
    """A step's own limit counts from the day it could begin, where that is after the plan."""
    steps = [
        {"step": "county.1", "finished": "2026-03-13"},
        {"step": "county.2", "finished": "2026-06-01"},
        {"step": "county.3", "started": "2026-06-03"},
    ]
    found = plan(make(start="2026-03-10", steps=steps), "2026-06-08")
    assert found["county.3"].due.day == dt.date(2026, 6, 8)
    assert not found["county.3"].is_late
    assert found["county.3"].waiting_for is None
    assert found["county.4"].waiting_for == "受理与初审"
    early = [{"step": "county.1", "finished": "2026-03-11"}]
    assert plan(make(start="2026-03-10", steps=early))["county.2"].due == found["county.2"].finish.latest


def test_an_own_limit_wins() -> None:
    """A limit the case gives takes the place of the document's; its department as well."""
    steps = [{"step": "县级联审：受理与初审", "limit": "2", "department": "代办窗口"}]
    step = plan(make(start="2026-03-10", steps=steps))["county.3"]
    assert (step.days, step.limit, step.department) == ((2, 2), "2", "代办窗口")


def test_own_steps_of_other_documents() -> None:
    """Where the document prints no steps, the case's own are planned in their order, known limits filled in."""
    steps = [{"step": "施工图审查"}, {"step": "施工许可"}, {"step": "办公会", "limit": "1"}]
    found = list(plan(make("jincheng", start="2026-03-10", steps=steps)).values())
    assert [(step.title, step.days) for step in found] == [
        ("施工图审查", (7, 7)),
        ("施工许可", (3, 7)),
        ("办公会", (1, 1)),
    ]
    assert found[1].limit == "3-7个工作日"


@pytest.mark.parametrize(
    ("document", "progress", "field", "words"),
    [
        ("yangcheng", {"start": "2026-03-10", "steps": [{"step": "专家论正"}]}, "progress.steps.0.step", "没有环节"),
        ("yangcheng", {"start": "2026-03-10", "steps": [{"step": "专家论证"}]}, "progress.steps.0.step", "一重大"),
        ("yangcheng", {"start": "2026-03-10", "steps": [{"step": "组卷报批"}]}, "progress.steps.0.step", "土地保障"),
        ("yangcheng", {"land_start": "2026-03-10", "steps": [{"step": "部门预审"}]}, "progress.steps.0.step", "起算日"),
        ("yangcheng", {"start": "2026-03-10", "steps": [{"step": "部门预审"}, {"step": "county.4"}]},
         "progress.steps.1.step", "不止一次"),
        ("yangcheng", {"steps": [{"step": "部门预审"}]}, "progress.start", "没有起算日"),
        ("yangcheng", {"start": "2100-12-01"}, "progress.start", "日期范围以外"),
        ("jincheng", {"start": "2026-03-10", "steps": [{"step": "人防备案"}]}, "progress.steps.0.limit", "没有时限"),
        ("jincheng", {"start": "2026-03-10", "steps": [{"step": "自己的事"}]}, "progress.steps.0.limit", "没有时限"),
    ],
)  # fmt: skip
def test_what_cannot_be_planned_is_refused(
    document: str, progress: dict[str, Any], field: str, words: str
) -> None:
    """Unknown, unneeded and repeated steps, a step without a limit, steps without a first day: at their fields."""
    with pytest.raises(CaseDataError) as caught:
        plan(make(document, **progress))
    told = [problem for problem in caught.value.problems if problem.field == field]
    assert told and words in told[0].problem


def test_everything_wrong_is_told_at_once() -> None:
    """All steps that cannot be planned are told together."""
    steps = [{"step": "人防备案"}, {"step": "甲"}, {"step": "施工许可"}, {"step": "施工许可"}]
    with pytest.raises(CaseDataError) as caught:
        plan(make("jincheng", start="2026-03-10", steps=steps))
    assert [problem.field for problem in caught.value.problems] == [
        "progress.steps.0.limit",
        "progress.steps.1.limit",
        "progress.steps.3.step",
    ]


@fixed
@given(st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)), st.integers(-400, 800))
def test_plans_run_forward(start: dt.date, after: int) -> None:
    """Whatever the day, planned days run forward, the earliest never after the latest, and all are worked."""
    today = start + dt.timedelta(days=after)
    steps = timetable(make(start=start.isoformat(), land_start=start.isoformat()), CALENDAR, today)
    assert len(steps) == 12
    for step in steps:
        days = [step.start.earliest.day, step.finish.earliest.day, step.finish.latest.day]
        assert days == sorted(days)
        assert step.start.earliest.day <= step.start.latest.day <= step.finish.latest.day
        assert all(map(CALENDAR.is_workday, [*days, step.due.day]))
        assert step.is_late == (today > step.due.day)
