"""Notices of one case: each goes to one department and says its own matter; each is called for by its own step."""

import datetime as dt
from typing import Any

from cases.model.case import Case
from daiban.documents.called_for import forms_of
from daiban.documents.document_data import document_data
from daiban.planning.derive import Deriver
from daiban.planning.due import owed
from daiban.settings import Settings
from forms.catalogue import Catalogue
from foundation.field_tree import FieldTree
from generator.bind import bind

CATALOGUE = Catalogue.load()
URGED = {
    "matter": "环评",
    "department": "甲局",
    "due": "2026-03-20",
    "urged": "2026-03-23",
    "urged_due": "2026-03-30",
}


def case(document: str, **more: Any) -> Case:
    project, enterprise = {"name": "项目"}, {"name": "单位"}
    return Case.model_validate(
        {"id": "A-1", "document": document, "project": project, "enterprise": enterprise, **more}
    )


def tree(one: Case) -> FieldTree:
    return document_data(Deriver(Settings()).planned(one), Settings()).field_tree()


def test_oversight_goes_step_by_step() -> None:
    """催办 calls for its notice alone; 约谈 and 限期整改 for theirs when they are recorded."""
    steps = [
        URGED,
        {**URGED, "talked": "2026-04-02"},
        {**URGED, "talked": "2026-04-02", "ordered": "2026-04-02"},
    ]
    papers = ["anshan-urging-notice", "anshan-talk-notice", "anshan-rectification-notice"]
    for number, step in enumerate(steps, 1):
        told = forms_of(case("anshan", oversight=[step]), CATALOGUE)
        assert [form_id for form_id in papers if form_id in told] == papers[:number]


def test_a_notice_is_about_its_own_matters_only() -> None:
    """A page for each matter that was urged; one that was not is on none."""
    one = case("anshan", oversight=[URGED, {"matter": "能评", "department": "乙局"}])
    values = bind(tree(one), CATALOGUE.form("anshan-urging-notice")).values
    assert values["urgings.0.department"] == "甲局" and values["urgings.0.urged_due"] == dt.date(2026, 3, 30)
    assert "urgings.1.department" not in values


def test_what_was_urged_is_owed_until_it_is_done() -> None:
    """The day of 催办 counts, then that of 整改; a matter that is done owes nothing."""
    deriver, today = Deriver(Settings()), dt.date(2026, 4, 1)

    def due(**more: Any) -> list[tuple[str, dt.date, int]]:
        items = owed(case("anshan", oversight=[{**URGED, **more}]), deriver, today)
        return [(item.step, item.due, item.days_late) for item in items]

    assert due() == [("催办事项落实：环评", dt.date(2026, 3, 30), 2)]
    ordered = {"ordered": "2026-04-01", "ordered_due": "2026-04-10"}
    assert due(**ordered) == [("限期整改：环评", dt.date(2026, 4, 10), 0)]
    assert due(done="2026-03-31") == []


def test_matters_are_assigned_department_by_department() -> None:
    """Each department gets its own matters of the checklist with their limits."""
    checklist = [
        {"item": "备案", "department": "审批局", "duration": "约1个工作日"},
        {"item": "节能审查", "department": "发改局"},
        {"item": "施工许可", "department": "审批局"},
    ]
    one = case("yangcheng", checklist=checklist, assignment={"date": "2026-05-12"})
    values = bind(tree(one), CATALOGUE.form("yangcheng-matter-assignment")).values
    assert values["assigned.0.matters"] == "1. 备案（约1个工作日）\n2. 施工许可"
    assert (values["assigned.1.department"], values["assigned.1.matters"]) == ("发改局", "节能审查")


def test_progress_of_tasks_is_counted_by_department() -> None:
    """统计 covers all measures that the document prints, with what the case reports of some."""
    tasks = [{"measure": "全面放宽市场准入条件。", "progress": "负面清单已形成初稿"}]
    rows = tree(case("jiaocheng", tasks=tasks))["task_progress"]
    assert isinstance(rows, list)
    told = {row["department"]: row for row in rows if isinstance(row, dict)}
    assert sum(int(row["total"]) for row in told.values()) == 21
    assert told["审批中心"]["reported"] == "1"
    assert told["审批中心"]["measures"] == "全面放宽市场准入条件：负面清单已形成初稿"


def test_minutes_wait_for_who_attended() -> None:
    """A case of before, with the day of a 联席会议 alone, calls for no minutes."""
    before = case("yangcheng", joint_meeting={"date": "2026-08-11"})
    after = case("yangcheng", joint_meeting={"date": "2026-08-11", "attending": ["县发改局"]})
    assert "yangcheng-meeting-minutes" not in forms_of(before, CATALOGUE)
    assert "yangcheng-meeting-minutes" in forms_of(after, CATALOGUE)
