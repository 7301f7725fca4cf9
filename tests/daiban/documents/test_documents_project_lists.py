"""Lists of many projects: whose rows they hold."""

import datetime as dt
from typing import Any

from cases.case_set import CaseSet
from cases.model.case import Case
from daiban.documents.called_for import forms_of
from daiban.documents.project_lists import project_list_id, project_lists
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue

TODAY = dt.date(2026, 3, 5)  # a Thursday
CATALOGUE = Catalogue.load()


def case(number: int, document: str = "anshan", **more: Any) -> Case:
    return Case.model_validate(
        {
            "id": f"A-{number}",
            "document": document,
            "project": {"name": f"项目{number}", **more.pop("project", {})},
            "enterprise": {"name": "单位"},
            **more,
        }
    )


def made(*cases: Case) -> list[Case]:
    return list(project_lists(CaseSet(cases).cases, CATALOGUE, TODAY, Deriver(Settings())))


def test_all_cases_of_a_document_make_one_list() -> None:
    """The list has one row per case, in their order, and none of another document's."""
    (listed,) = made(case(1), case(2), case(3, "jincheng"))
    assert listed.id == project_list_id("anshan")
    assert [row.name for row in listed.projects] == ["项目1", "项目2"]


def test_procedures_go_to_their_columns() -> None:
    """A project's procedures fill the column of their approval; the first of two counts."""
    procedures = [
        {"item": "企业投资项目备案", "department": "市发改委", "limit": "1个工作日"},
        {"item": "项目核准", "department": "另一家"},
        {"item": "环境影响评价文件审批", "department": "市生态环境局"},
        {"item": "别的手续", "department": "某局"},
    ]
    (row,) = made(case(1, procedures=procedures))[0].projects
    assert (row.initiation.department, row.initiation.limit) == ("市发改委", "1个工作日")
    assert row.environment.department == "市生态环境局"
    assert row.energy.department is None


def test_year_and_dates_are_those_that_staff_wrote() -> None:
    """年度 and the dates of 汇总 come from the first project that says any; without one they are today's."""
    assert made(case(1, "jinkai"))[0].listing.year == "2026"
    told = made(case(1, "jinkai"), case(2, "jinkai", listing={"year": "2025", "end": "2026-02-08"}))[
        0
    ].listing
    assert (told.year, told.start, told.end) == ("2025", dt.date(2026, 2, 2), dt.date(2026, 2, 8))


def test_a_list_of_its_own_stands_for_itself() -> None:
    """A case that writes out its projects is no row of the office's list."""
    assert made(case(1, projects=[{"name": "甲"}])) == []


def test_forms_follow_from_the_rows() -> None:
    """A list calls for the forms it has rows for; a project calls for no list."""
    listed = made(case(1, project={"category": "城市建设类"}))[0]
    assert forms_of(listed, CATALOGUE) == ("anshan-urban-construction",)
    assert forms_of(case(1), CATALOGUE) == ("anshan-procedure-plan",)


def test_a_summary_is_of_the_week_of_today() -> None:
    """The weekly summary runs from Monday to Sunday."""
    listed = made(case(1, "jinkai"))[0]
    assert (listed.listing.start, listed.listing.end) == (dt.date(2026, 3, 2), dt.date(2026, 3, 8))
    assert forms_of(listed, CATALOGUE) == ("jinkai-weekly-summary", "jinkai-annual-projects")


def test_a_summary_draws_on_the_timetable() -> None:
    """Where a project says nothing of its own, what is done, under way and late follows from its steps."""
    steps = [
        {"step": "用地预审", "limit": "5", "started": "2026-02-02", "finished": "2026-02-06"},
        {"step": "环评审批", "limit": "3", "started": "2026-02-24", "department": "生态环境局"},
    ]
    progress = {"start": "2026-02-02", "steps": steps}
    row = made(case(1, "jinkai", progress=progress))[0].projects[0]
    assert row.status is not None and row.problems is not None
    assert row.status.startswith("已办完：用地预审\n正在办理：环评审批（应于2026年")
    assert row.problems.startswith("环评审批逾期") and row.problems.endswith("（生态环境局）")
    own = made(case(1, "jinkai", progress=progress, situation={"status": "正在公示"}))[0].projects[0]
    assert own.status == "正在公示"
