"""daiban/planning: from 研判 to 方案, what is due, and what forms draw on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cases.model.case import Case
from cases.model.supervision import Overdue
from cases.samples import load_sample
from daiban.planning.derive import Deriver
from daiban.planning.due import agenda
from daiban.planning.plan_from_assessment import derive_plan, differences, effective_plan
from daiban.planning.road_map import WIDTH, RoadMap, road_map
from daiban.settings import Settings

ASSESSMENT: dict[str, Any] = {
    "filled_by": "项目一科",
    "approval": {
        "items": {"city": ["企业投资项目备案"], "county": ["水土保持登记"], "province": ["节能审查"]},
        "materials": {
            "applications": ["企业申请备案的文件", "晋城市企业投资项目备案表"],
            "reports": ["节能报告", "企业申请备案的文件"],
            "other": ["授权委托书；"],
        },
        "special_steps": "节能审查",
        "fees": "无",
        "tips": "先备案。",
    },
    "construction": {"items": {"city": ["施工许可"]}, "tips": "一次受理。"},
}


def make(**groups: Any) -> Case:
    return Case.model_validate(
        {
            "id": "JC-1",
            "document": "jincheng",
            "project": {"name": "某项目"},
            "enterprise": {"name": "某公司"},
            **groups,
        }
    )


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# -- 研判 → 方案 --------------------------------------------------------------------------------------------


def test_items_carry_their_authority() -> None:
    """Each ticked matter becomes an item with the level it was ticked under, in the order of the levels."""
    items = derive_plan(make(assessment=ASSESSMENT)).approval.items
    assert [(item.name, item.authority) for item in items] == [
        ("企业投资项目备案", "市级"),
        ("水土保持登记", "县级"),
        ("节能审查", "省级"),
    ]


def test_materials_come_once() -> None:
    """Materials of all groups, in the groups' order, each once, without the form's closing punctuation."""
    assert derive_plan(make(assessment=ASSESSMENT)).approval.materials == (
        "企业申请备案的文件",
        "晋城市企业投资项目备案表",
        "节能报告",
        "授权委托书",
    )


def test_texts_of_several_stages_name_them() -> None:
    """Tips of several stages stand under their stage; those of one stage stand alone."""
    both, alone = make(assessment=ASSESSMENT), make(assessment={"approval": ASSESSMENT["approval"]})
    assert derive_plan(both).tips == "立项用地规划许可阶段：先备案。\n施工许可阶段：一次受理。"
    assert derive_plan(alone).tips == "先备案。"


def test_the_hand_written_plan_wins_field_by_field() -> None:
    """What the office wrote stays; what it left empty comes from the 研判."""
    plan = {"approval": {"items": ["企业投资项目备案（县级）"], "special_steps": "环评"}, "tips": "手写"}
    found = effective_plan(make(assessment=ASSESSMENT, plan=plan))
    assert [item.authority for item in found.approval.items] == ["县级"]
    assert (found.approval.special_steps, found.approval.fees, found.tips) == ("环评", "无", "手写")
    assert found.approval.materials[0] == "企业申请备案的文件"
    assert found.construction.items[0].name == "施工许可"


def test_differences_are_listed() -> None:
    """Every field that both fill differently is listed, with what is missing and what is more."""
    plan = {
        "approval": {
            "items": ["企业投资项目备案（县级）", "水土保持登记（县级）"],
            "fees": "无 。",
            "special_steps": "环评",
        }
    }
    found = {item.field: item for item in differences(make(assessment=ASSESSMENT, plan=plan))}
    assert set(found) == {"plan.approval.items", "plan.approval.special_steps"}
    items = found["plan.approval.items"]
    assert items.missing == ("企业投资项目备案（市级）", "节能审查（省级）")
    assert items.extra == ("企业投资项目备案（县级）",)


@pytest.mark.parametrize("groups", [{"assessment": ASSESSMENT}, {"plan": {"tips": "手写"}}, {}])
def test_one_side_alone_differs_from_nothing(groups: dict[str, Any]) -> None:
    """A case with a plan alone, a 研判 alone, or neither has no differences."""
    assert differences(make(**groups)) == ()


def test_what_is_derived_agrees_with_itself() -> None:
    """A plan taken over as derived has no differences, whatever the sample."""
    for case in load_sample():
        taken = case.model_copy(update={"plan": derive_plan(case)})
        assert differences(taken) == ()
        assert effective_plan(taken) == taken.plan


# -- due and late ------------------------------------------------------------------------------------------


def due(case: Case, today: str) -> tuple[list[str], list[str]]:
    found = agenda(case, Deriver(Settings()), day(today))
    return [item.step for item in found.due], [item.step for item in found.late]


STEPS = {"start": "2026-03-02", "steps": [{"step": "甲", "limit": "3"}, {"step": "乙", "limit": "4"}]}


def test_this_week_and_late() -> None:
    """A step is due in the week its day lies in, and late from the day after; one that waits for another never is."""
    case = make(progress=STEPS)  # 甲 ends on Thursday 5 March, 乙 on Wednesday 11 March
    assert due(case, "2026-02-27") == ([], [])
    assert due(case, "2026-03-02") == (["甲"], [])
    assert due(case, "2026-03-05") == (["甲"], [])
    assert due(case, "2026-03-06") == ([], ["甲"])
    assert due(case, "2026-03-09") == (["乙"], ["甲"])
    assert due(case, "2026-03-12") == ([], ["甲"])
    assert [item.step for item in agenda(case, Deriver(Settings()), day("2026-03-12")).waiting] == ["乙"]


def test_late_items_say_how_late() -> None:
    """A late item carries its planned finish, its due day, its working days and whom it waits for."""
    found = agenda(make(progress=STEPS), Deriver(Settings()), day("2026-03-13"))
    assert found.late[0].model_dump(mode="json") == {
        "step": "甲",
        "track": "办理进度",
        "department": "",
        "planned_finish": "2026-03-05",
        "due": "2026-03-05",
        "days_late": 6,
        "estimated": False,
        "waiting_for": None,
    }
    assert (found.waiting[0].days_late, found.waiting[0].waiting_for) == (2, "甲")


def test_suspended_and_ended_services_owe_no_steps() -> None:
    """While the service is suspended, and after 办结, no step is late; resumed, it is again."""
    suspension = {"reason": "4", "date": "2026-03-03"}
    ended = make(progress=STEPS, handover={"date": "2026-03-03"}, suggestion={"opinion": "无"})
    assert due(make(progress=STEPS, suspension=suspension), "2026-03-20") == ([], [])
    assert due(ended, "2026-03-20") == ([], [])
    resumed = make(progress=STEPS, suspension=suspension | {"resumed": "2026-03-04"})
    assert due(resumed, "2026-03-20") == ([], ["甲"])


def test_the_suggestions_are_due_three_days_after_the_handover() -> None:
    """建议表 within three working days of 办结, over a holiday as well, until it is written."""
    case = make(handover={"date": "2026-09-30"})
    assert due(case, "2026-09-30") == ([], [])
    assert due(case, "2026-10-10") == (["填写工作建议表"], [])
    assert due(case, "2026-10-11") == ([], ["填写工作建议表"])
    assert due(make(handover={"date": "2026-09-30"}, suggestion={"opinion": "无"}), "2026-10-11") == ([], [])


def test_the_push_is_due_one_day_after_the_own_level() -> None:
    """跨层级推送 within one working day of the own level's approval, until it is pushed."""
    push = {"item": "企业投资项目备案", "department": "县局", "completed": "2026-03-06"}
    assert due(make(progress={"pushes": [push]}), "2026-03-09") == (["跨层级推送：企业投资项目备案"], [])
    assert due(make(progress={"pushes": [push]}), "2026-03-10") == ([], ["跨层级推送：企业投资项目备案"])
    assert due(make(progress={"pushes": [push | {"pushed": "2026-03-11"}]}), "2026-03-12") == ([], [])


# -- what forms draw on ------------------------------------------------------------------------------------


def test_a_planned_case_has_a_timetable_to_print() -> None:
    """Each step is a row of texts and days; what has happened stands beside what was planned."""
    steps = [{"step": "提出申请与签订委托", "started": "2026-03-10", "finished": "2026-03-12"}]
    planned = Deriver(Settings()).planned(
        make(document="yangcheng", progress={"start": "2026-03-10", "steps": steps})
    )
    first, second = planned.timetable[:2]
    assert first.tree() == {
        "number": "1",
        "step": "提出申请与签订委托",
        "track": "县级联审",
        "phase": None,
        "department": "开发区审批局",
        "limit": "约 3 个工作日",
        "start": "2026年3月10日",
        "finish": "2026年3月13日",
        "due": day("2026-03-13"),
        "actual": "2026年3月10日至2026年3月12日",
        "state": "已完成",
        "remark": None,
    }
    assert (second.actual, second.state) == (None, "未开始")


def test_a_planned_case_says_what_the_case_says() -> None:
    """Of the case only an open plan is filled in; without steps its timetable is empty."""
    for case in load_sample():
        planned = Deriver(Settings()).planned(case)
        assert planned.case.model_copy(update={"plan": case.plan}) == case
        assert bool(planned.timetable) == bool(case.progress.steps)


def test_a_broken_timetable_does_not_break_other_forms() -> None:
    """A timetable that cannot be made is empty, and so is its road map; the check tells what is wrong."""
    case = make(progress={"steps": [{"step": "甲"}]})
    planned = Deriver(Settings()).planned(case)
    assert (planned.timetable, planned.road_map) == ((), RoadMap())


def test_papers_of_a_day_list_what_was_late_then() -> None:
    """A meeting's list has everything late on its day; a notice only what waits for nobody; own lists stay."""
    dates = {"joint_meeting": {"date": "2026-03-13"}, "supervision": {"date": "2026-03-13"}}
    deriver = Deriver(Settings())
    late = deriver.planned(make(progress=STEPS, **dates)).case
    assert [(item.problem[:4], item.cause) for item in late.joint_meeting.issues] == [
        ("“甲”未", None),
        ("“乙”未", "等“甲”办结"),
    ]
    assert late.supervision.matters == (
        Overdue(matter="甲", department=None, due=day("2026-03-05"), status="逾期6个工作日"),
    )
    own = make(progress=STEPS, supervision={"date": "2026-03-13", "matters": [{"matter": "丙"}]})
    assert [item.matter for item in deriver.planned(own).case.supervision.matters] == ["丙"]
    undated = deriver.planned(make(progress=STEPS)).case
    assert undated.supervision.matters == () and undated.joint_meeting.issues == ()


def test_an_offices_own_days_and_limits_count(tmp_path: Path) -> None:
    """Own holidays move the plan, and an own list of matters gives limits."""
    (tmp_path / "matters.toml").write_text(
        '[[matter]]\nstage = "completion"\nname = "人防备案"\ndays = [2, 2]\n', "utf-8"
    )
    own = Settings.model_validate({"calendar": {"holidays": ["2026-03-03"]}})
    case = make(progress={"start": "2026-03-02", "steps": [{"step": "人防备案"}]})
    (step,) = Deriver(own, tmp_path).timetable(case)
    assert step.finish.text() == "2026年3月5日"


def test_the_road_map_spans_the_whole_timetable() -> None:
    """Lines follow each other from the left end to the right; what a range leaves open is drawn open."""
    steps = [{"step": "甲", "limit": "10"}, {"step": "乙", "limit": "1-9"}, {"step": "丙", "limit": "20"}]
    deriver = Deriver(Settings())
    drawn = road_map(deriver.timetable(make(progress={"start": "2026-03-02", "steps": steps})))
    lines = [item.line for item in drawn.steps]
    starts = [len(line) - len(line.lstrip("\u3000")) for line in lines]
    assert starts == sorted(starts) and starts[0] == 0
    assert len(lines[-1]) == WIDTH == max(map(len, lines))
    assert ["┅" in line for line in lines] == [False, True, True]
    assert drawn.first == day("2026-03-02")
    assert road_map(()).tree() == RoadMap().tree()


def test_the_road_map_has_a_scale() -> None:
    """A mark stands where each month begins, over the first day of that month; a new year is named with its month."""
    deriver = Deriver(Settings())
    progress = {"start": "2026-11-02", "steps": [{"step": "甲", "limit": "80"}]}
    drawn = road_map(deriver.timetable(make(progress=progress)))
    assert drawn.scale is not None and drawn.months is not None and drawn.first and drawn.last
    assert len(drawn.scale) == WIDTH
    marks = [place for place, character in enumerate(drawn.scale) if character == "┬"]
    span = (drawn.last - drawn.first).days + 1
    expected = [day("2026-12-01"), day("2027-01-01"), day("2027-02-01"), day("2027-03-01")]
    starts = [(first - drawn.first).days for first in expected if first <= drawn.last]
    assert marks == [round(days * WIDTH / span) for days in starts]
    assert drawn.months.index("１２月") == marks[0]
    assert drawn.months.index("２０２７年１月") == marks[1]
