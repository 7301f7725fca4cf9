"""daiban/documents/checklist: the 模拟清单 of a case that writes none."""

from __future__ import annotations

import datetime as dt

from cases.model.service_plan import ServicePlan
from daiban.documents.checklist import checklist_of
from daiban.planning.timetable_rows import TimetableRow


def test_the_checklist_draws_on_the_timetable() -> None:
    """模拟清单: a matter that is a step has its limit, its department and when it is planned to be done."""
    plan = ServicePlan.model_validate(
        {
            "approval": {
                "items": [{"name": "备案", "authority": "县级"}, {"name": "环评"}],
                "method": "线上\n线下",
            }
        }
    )
    row = TimetableRow(
        number="1",
        step="备案",
        track="甲",
        phase=None,
        department="审批局",
        limit="3个工作日",
        start="2026年3月3日",
        finish="2026年3月5日",
        due=dt.date(2026, 3, 5),
        actual=None,
        state="未开始",
        remark=None,
    )
    first, second = checklist_of(plan, [row])
    assert (first.duration, first.department, first.remark) == (
        "3个工作日",
        "审批局",
        "计划2026年3月5日完成",
    )
    assert (first.item, first.method) == ("备案（县级）", "线上\n线下")
    assert (second.duration, second.remark) == (None, None)
