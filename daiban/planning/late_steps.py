"""What was late on a day, as a 问题清单 and a 督办通报 list it.

Source: 阳政办函〔2026〕9号, 三(四), 三(五), 四(一).
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.model.supervision import Issue, Overdue
from cases.values.dates import format_date
from daiban.planning.timetable import PlannedStep


def late_issues(steps: Iterable[PlannedStep]) -> tuple[Issue, ...]:
    """Every late step as a line of the 问题清单."""
    return tuple(_issue(step) for step in steps if step.is_late)


def overdue_matters(steps: Iterable[PlannedStep]) -> tuple[Overdue, ...]:
    """The late steps as 督办事项, without those that still wait for the step before them."""
    return tuple(_overdue(step) for step in steps if step.is_overdue)


# Made without validation: that is for what people type, and a step's title may be a form's.


def _issue(step: PlannedStep) -> Issue:
    due = f"应于{format_date(step.due.day)}完成，逾期{step.days_late}个工作日"
    waiting = f"等“{step.waiting_for}”办结" if step.waiting_for else None
    return Issue.model_construct(
        problem=f"“{step.title}”未按时限办结：{due}",
        cause=step.remark or waiting,
        department=step.department or None,
        due=None,
    )


def _overdue(step: PlannedStep) -> Overdue:
    return Overdue.model_construct(
        matter=step.title,
        department=step.department or None,
        due=step.due.day,
        status="；".join(filter(None, (step.remark, f"逾期{step.days_late}个工作日"))),
    )
