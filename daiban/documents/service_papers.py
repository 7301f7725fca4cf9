"""Papers of 全代办 that follow from a case: 审批层级, 推送单, 办结告知, and the words of 中止.

Source: 晋市审管发〔2022〕28号: “一站式”机制 第七条(三); 工作方案 四(二)1, 四(二)4, 四(三).
"""

from __future__ import annotations

import datetime as dt

from cases.calendar import WorkdayCalendar
from cases.model.case import Case
from cases.model.field_types import FieldGroup
from cases.model.papers.jincheng import Delivery
from cases.model.progress import Push, Suspension
from cases.model.service_plan import StagePlan
from cases.values.stages import Stage
from forms.matters.service import service
from foundation.field_tree import FieldNode

#: The order in which levels of approval are listed; others, and matters without one, come after them.
_LEVELS = ("市级", "县级", "省级")


class ApprovalLevel(FieldGroup):
    """The matters that one level decides. ``level`` None: the plan does not say who does."""

    level: str | None
    items: tuple[str, ...]


class PushSlip(FieldGroup):
    """What one authority hands on to the next. ``due``: the last day for it."""

    department: str | None
    project: str
    code: str | None
    enterprise: str
    item: str
    completed: dt.date | None
    due: dt.date | None
    pushed: dt.date | None
    sender: str | None
    manager: str | None


class StageDelivery(FieldGroup):
    """The results of one stage, which the enterprise is told at once."""

    stage: str | None
    items: tuple[Delivery, ...]


def approval_levels(case: Case) -> tuple[ApprovalLevel, ...]:
    """The matters of the whole plan by who decides them."""
    plans: list[StagePlan] = [getattr(case.plan, stage.value) for stage in Stage]
    items = [item for plan in plans for item in plan.items]
    found = dict.fromkeys(item.authority for item in items)
    ordered = [level for level in _LEVELS if level in found]
    ordered += [level for level in found if level and level not in _LEVELS]
    return tuple(
        ApprovalLevel(level=level, items=tuple(item.name for item in items if item.authority == level))
        for level in [*ordered, *([None] if None in found else [])]
    )


def push_slips(case: Case, calendar: WorkdayCalendar) -> tuple[PushSlip, ...]:
    """A slip for each push of the case. ``case``: with the office's defaults."""
    return tuple(_slip(case, push, calendar) for push in case.progress.pushes)


def _slip(case: Case, push: Push, calendar: WorkdayCalendar) -> PushSlip:
    days = service().clock("push").days
    return PushSlip(
        department=push.department,
        project=case.project.name,
        code=case.project.code,
        enterprise=case.enterprise.name,
        item=push.item,
        completed=push.completed,
        due=calendar.add(push.completed, days).day if push.completed else None,
        pushed=push.pushed,
        sender=case.agency.name,
        manager="　".join(filter(None, (case.manager.name, case.manager.phone))) or None,
    )


def stage_delivery(case: Case) -> StageDelivery:
    """The results of the stage the case stands in, or of the last one before it that has any."""
    stages = list(Stage)
    reached = stages[: stages.index(case.stage) + 1] if case.stage else stages
    for stage in reversed(reached):
        items = tuple(item for item in case.deliveries if (item.stage or case.stage) == stage)
        if items:
            return StageDelivery(stage=stage.label, items=items)
    return StageDelivery(stage=case.stage.label if case.stage else None, items=case.deliveries)


def suspension_words(suspension: Suspension) -> dict[str, FieldNode]:
    """A suspension with the words of its case, and the days of the notices about its beginning and its end."""
    return {
        **suspension.tree(),
        "text": service().suspension(int(suspension.reason)).text if suspension.reason else None,
        "notice_date": suspension.date,
        "resumption_date": suspension.resumed,
    }
