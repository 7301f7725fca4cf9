"""Notices of one case, a page for each of those they go to: 催办、约谈、限期整改, 任务交办, 审管信息推送; and 进展统计.

Sources: 鞍营商发〔2024〕4号, 四(四); 阳政办函〔2026〕9号, 五(三); 晋市开办〔2021〕5号, 二6;
交开党工委发〔2023〕9号, 三.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cases.model.case import Case
from cases.model.field_types import FieldGroup
from cases.model.papers.anshan import Oversight
from cases.model.papers.jinkai import ApprovalResult
from cases.model.tasks import TaskAssignment


class OversightNotice(FieldGroup):
    """One lagging matter, as the notice about it says it."""

    department: str | None
    project: str
    matter: str
    due: dt.date | None
    urged: dt.date | None
    urged_due: dt.date | None
    talked: dt.date | None
    invitee: str | None
    ordered: dt.date | None
    ordered_due: dt.date | None
    sender: str | None
    date: dt.date | None


class AssignedMatters(FieldGroup):
    """The matters of one department: what, until when, and who of it does it."""

    department: str
    project: str
    enterprise: str
    matters: tuple[str, ...]
    steward: str | None
    sender: str | None
    date: dt.date | None


class DecisionPush(FieldGroup):
    """One 行政审批结果 on its way to the department that supervises."""

    department: str | None
    liaison: str | None
    project: str
    code: str | None
    enterprise: str
    item: str
    result: str | None
    number: str | None
    decided: dt.date | None
    pushed: dt.date | None
    sender: str | None
    feedback: str | None


class TaskProgress(FieldGroup):
    """The measures of one 牵头部室; counts as they are printed."""

    department: str
    total: str
    reported: str
    open: str
    measures: str | None


def urging_notices(case: Case) -> tuple[OversightNotice, ...]:
    """督查催办: every matter that was urged."""
    return tuple(_notice(case, item, item.urged) for item in case.oversight if item.urged)


def talk_notices(case: Case) -> tuple[OversightNotice, ...]:
    """约谈: every matter about which its leaders are asked to come. No day of the notice itself is on record."""
    return tuple(_notice(case, item, None) for item in case.oversight if item.talked)


def rectification_notices(case: Case) -> tuple[OversightNotice, ...]:
    """限期整改: every matter that has to be put right by a day."""
    return tuple(_notice(case, item, item.ordered) for item in case.oversight if item.ordered)


def _notice(case: Case, item: Oversight, date: dt.date | None) -> OversightNotice:
    return OversightNotice(
        project=case.project.name,
        sender=case.agency.name,
        date=date,
        **{name: value for name, value in item if name != "done"},
    )


def assigned_matters(case: Case) -> tuple[AssignedMatters, ...]:
    """A page for each department that the 模拟清单 gives a matter. ``case``: with the office's defaults."""
    departments = dict.fromkeys(entry.department for entry in case.checklist if entry.department)
    return tuple(_assigned(case, department) for department in departments)


def _assigned(case: Case, department: str) -> AssignedMatters:
    own = [entry for entry in case.checklist if entry.department == department]
    return AssignedMatters(
        department=department,
        project=case.project.name,
        enterprise=case.enterprise.name,
        matters=tuple(f"{entry.item}（{entry.duration}）" if entry.duration else entry.item for entry in own),
        steward=" ".join(filter(None, (case.manager.name, case.manager.phone))) or None,
        sender=case.agency.name,
        date=case.assignment.date,
    )


def decision_pushes(case: Case) -> tuple[DecisionPush, ...]:
    """A page for each decision."""
    return tuple(_push(case, decision) for decision in case.decisions)


def _push(case: Case, decision: ApprovalResult) -> DecisionPush:
    return DecisionPush(
        department=decision.department,
        liaison=" ".join(filter(None, (decision.liaison, decision.phone))) or None,
        project=case.project.name,
        code=case.project.code,
        enterprise=case.enterprise.name,
        item=decision.item,
        result=decision.result,
        number=decision.number,
        decided=decision.date,
        pushed=decision.pushed,
        sender=case.agency.name,
        feedback=decision.feedback,
    )


def task_progress(tasks: Iterable[TaskAssignment]) -> tuple[TaskProgress, ...]:
    """统计: the measures by 牵头部室, how many of them report progress, and what that is."""
    by_department: dict[str, list[TaskAssignment]] = {}
    for task in tasks:
        by_department.setdefault(task.department or "", []).append(task)
    return tuple(_progress(department, own) for department, own in by_department.items())


def _progress(department: str, own: list[TaskAssignment]) -> TaskProgress:
    reported = [task for task in own if task.progress]
    lines = [f"{_short(task.measure)}：{task.progress}" for task in reported]
    return TaskProgress(
        department=department,
        total=f"{len(own)}",
        reported=f"{len(reported)}",
        open=f"{len(own) - len(reported)}",
        measures="\n".join(lines) or None,
    )


def _short(measure: str) -> str:
    """A measure by its first sentence, which is its name."""
    return measure.partition("。")[0]
