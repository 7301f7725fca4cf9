"""模拟清单 of a case that writes none: the plan's matters by stage, with what the timetable says of each.

Source: 阳政办函〔2026〕9号, 五(二).
"""

from __future__ import annotations

from collections.abc import Iterable

from cases.model.checklist import ChecklistEntry
from cases.model.service_plan import ApprovalItem, ServicePlan, StagePlan
from daiban.planning.timetable_rows import TimetableRow


def checklist_of(plan: ServicePlan, timetable: Iterable[TimetableRow]) -> tuple[ChecklistEntry, ...]:
    """An entry per matter of the plan; a matter that is a step of the timetable has its limit and planned days."""
    steps = {row.step: row for row in timetable}
    stages = (plan.approval, plan.planning, plan.construction, plan.completion)
    return tuple(_entry(item, stage, steps.get(item.name)) for stage in stages for item in stage.items)


def _entry(item: ApprovalItem, stage: StagePlan, step: TimetableRow | None) -> ChecklistEntry:
    # Made without validation: 办理方式 is one line where people type it, but a stage's 方式 may have several.
    return ChecklistEntry.model_construct(
        item=f"{item.name}（{item.authority}）" if item.authority else item.name,
        department=(step.department if step else None) or stage.department,
        duration=step.limit if step else None,
        method=stage.method,
        remark=f"计划{step.finish}完成" if step else None,
    )
