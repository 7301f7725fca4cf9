"""Reports about many projects: what they say is compiled from the cases, and when they are called for."""

import datetime as dt
from typing import Any

from cases.model.case import Case
from daiban.documents.called_for import clocked_forms, forms_of, unlisted
from daiban.documents.project_lists import project_list, project_list_id
from daiban.planning.derive import Deriver
from daiban.planning.due import periodic
from daiban.settings import Settings
from forms.catalogue import Catalogue

TODAY = dt.date(2026, 11, 19)  # a Thursday
CATALOGUE = Catalogue.load()
DERIVER = Deriver(Settings())


def case(number: int, document: str = "anshan", category: str | None = None, **more: Any) -> Case:
    project = {"name": f"项目{number}", "category": category}
    return Case.model_validate(
        {
            "id": f"A-{number}",
            "document": document,
            "project": project,
            "enterprise": {"name": "单位"},
            **more,
        }
    )


def listed(*members: Case) -> Case:
    document = members[0].document
    return project_list(members, project_list_id(document), TODAY, Deriver(Settings()))


def test_a_week_record_holds_what_was_dispatched_in_the_week() -> None:
    """Entries of the week from all projects, group by group and by day; those of other weeks are left out."""
    days = ["2026-11-18", "2026-11-09", "2026-11-16"]
    one = case(1, category="城市建设类", dispatches=[{"date": "2026-11-17", "progress": "丙"}])
    other = case(2, category="社会投资类", dispatches=[{"date": day, "progress": day[-2:]} for day in days])
    made = listed(one, other)
    assert [(entry.project, entry.progress) for entry in made.dispatches] == [
        ("项目2", "16"),
        ("项目2", "18"),
        ("项目1", "丙"),
    ]
    assert "anshan-weekly-dispatch" in forms_of(made, CATALOGUE)
    quiet = listed(case(1, category="城市建设类"))
    assert "anshan-weekly-dispatch" not in forms_of(quiet, CATALOGUE)


def test_groups_and_departments_are_counted_from_the_steps() -> None:
    """Done, under way and late are the timetable's; the head of a group is the notice's."""
    steps = [
        {
            "step": "备案",
            "department": "甲局",
            "limit": "1",
            "started": "2026-03-02",
            "finished": "2026-03-03",
        },
        {"step": "环评", "department": "乙局", "limit": "3", "started": "2026-03-04"},
    ]
    made = listed(case(1, category="社会投资类", progress={"start": "2026-03-02", "steps": steps}))
    (group,) = made.portfolio.by_group
    assert (group.leader, group.projects, group.finished, group.under_way, group.late) == (
        "高向宁",
        "1",
        "1",
        "1",
        "1",
    )
    assert group.problems is not None and group.problems.startswith("项目1：环评逾期")
    counted = [(row.department, row.total, row.in_time, row.late) for row in made.portfolio.by_department]
    assert counted == [("甲局", "1", "1", "0"), ("乙局", "1", "0", "1")]


def test_a_circular_is_the_newest() -> None:
    """What cases name for one day is one 通报; what they named for an earlier one is not in it."""
    old = {"date": "2026-06-01", "praised": [{"unit": "旧局", "fact": "快"}]}
    new = {"date": "2026-07-01", "number": "〔2026〕2号", "lagging": [{"unit": "乙局", "fact": "慢"}]}
    also = {"date": "2026-07-01", "praised": [{"unit": "甲局", "fact": "快"}]}
    made = listed(case(1, circular=old), case(2, circular=new), case(3, circular=also)).circular
    assert (made.number, made.date) == ("〔2026〕2号", dt.date(2026, 7, 1))
    assert [unit.unit for unit in made.praised] == ["甲局"]
    assert [unit.unit for unit in made.lagging] == ["乙局"]


def test_a_liaison_is_listed_once_and_last_year_follows_from_decisions() -> None:
    """One row per 联络员; 上一年度办理情况 is what was decided last year, unless the case says it itself."""
    decision = {
        "item": "备案",
        "result": "准予",
        "date": "2025-08-20",
        "department": "甲部",
        "liaison": "张三",
    }
    later = {**decision, "item": "许可", "date": "2026-02-03"}
    own = {"previous": "自己写的"}
    made = listed(case(1, "jinkai", decisions=[decision, later]), case(2, "jinkai", situation=own))
    assert [(row.department, row.name) for row in made.portfolio.liaisons] == [("甲部", "张三")]
    assert [row.last_year for row in made.projects] == ["2025年8月20日，备案：准予", "自己写的"]
    assert [row.previous for row in made.projects] == [row.last_year for row in made.projects]
    assert {"jinkai-liaison-list", "jinkai-previous-year"} <= set(forms_of(made, CATALOGUE))
    silent = listed(case(1, "jinkai"))
    assert forms_of(silent, CATALOGUE) == ("jinkai-weekly-summary", "jinkai-annual-projects")


def test_what_comes_round_is_owed_until_it_is_made_in_its_period() -> None:
    """A report with a clock alone is never issued by itself; status owes it until it went out in this half-month."""
    made = listed(case(1, category="社会投资类", dispatches=[{"date": "2026-11-17"}]))
    assert "anshan-half-month-report" not in forms_of(made, CATALOGUE)
    forms = [form for form in clocked_forms(made, CATALOGUE) if form.clock == "half-month"]
    (owed,) = periodic(made, forms, {}, DERIVER, TODAY)
    assert owed.due == dt.date(2026, 11, 30) and "《各小组半月工作汇报》" in owed.step
    assert periodic(made, forms, {"anshan-half-month-report": dt.date(2026, 11, 16)}, DERIVER, TODAY) == ()
    assert (
        len(periodic(made, forms, {"anshan-half-month-report": dt.date(2026, 11, 15)}, DERIVER, TODAY)) == 1
    )


def test_a_group_that_dispatched_nothing_owes_its_week() -> None:
    """每周要至少调度一次: a group without an entry this week is named with its head, one with an entry is not."""
    busy = case(1, category="社会投资类", dispatches=[{"date": "2026-11-17"}])
    made = listed(busy, case(2, category="城市建设类"))
    (owed,) = periodic(made, (), {}, DERIVER, TODAY)
    assert (owed.step, owed.department, owed.due) == (
        "城市建设类项目推进组本周调度",
        "孙虹",
        dt.date(2026, 11, 22),
    )


def test_the_land_plan_is_octobers() -> None:
    """The 用地收储计划 is owed from October on, late after it, and not before."""
    made = listed(case(1, "yangcheng"))
    forms = clocked_forms(made, CATALOGUE)
    assert forms_of(made, CATALOGUE) == ()
    assert periodic(made, forms, {}, DERIVER, dt.date(2026, 9, 30)) == ()
    (owed,) = periodic(made, forms, {}, DERIVER, dt.date(2026, 10, 8))
    assert (owed.due, owed.days_late) == (dt.date(2026, 10, 31), 0)
    (late,) = periodic(made, forms, {}, DERIVER, dt.date(2026, 11, 2))
    assert late.days_late == 1  # a Saturday to the Monday after it: one working day


def test_who_waits_for_another_is_not_blamed() -> None:
    """A step that waits for the one before it is late through no fault of its department, and is counted for nobody."""
    steps = [
        {"step": "备案", "department": "甲局", "limit": "1", "started": "2026-03-02"},
        {"step": "环评", "department": "乙局", "limit": "3"},
    ]
    made = listed(case(1, category="社会投资类", progress={"start": "2026-03-02", "steps": steps}))
    assert [(one.department, one.late) for one in made.portfolio.by_department] == [
        ("甲局", "1"),
        ("乙局", "0"),
    ]
    assert made.portfolio.by_group[0].late == "1"


def test_projects_in_no_list_are_told() -> None:
    """A project without a category is in none of 鞍山's three lists; 晋开's lists take all."""
    assert unlisted(listed(case(1, category="社会投资类"), case(2)), CATALOGUE) == ("项目2",)
    assert unlisted(listed(case(1, "jinkai")), CATALOGUE) == ()


def test_a_circular_counts_as_of_its_own_day() -> None:
    """What is finished or becomes late after the day of the 通报 does not change it."""
    steps = [
        {
            "step": "备案",
            "department": "甲局",
            "limit": "1",
            "started": "2026-03-02",
            "finished": "2026-04-01",
        },
        {"step": "环评", "department": "乙局", "limit": "30", "started": "2026-04-02"},
    ]
    told = {"date": "2026-03-10", "praised": [{"unit": "甲局", "fact": "快"}]}
    made = listed(case(1, progress={"start": "2026-03-02", "steps": steps}, circular=told))
    assert [(one.department, one.finished, one.late) for one in made.portfolio.by_department] == [
        ("甲局", "0", "1"),
        ("乙局", "0", "0"),
    ]
