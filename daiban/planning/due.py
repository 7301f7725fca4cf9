"""What is due this week and what is late, for ``daiban status``.

Steps of the timetable, and the clocks of 全代办: the 工作建议表 within three working days of 办结, the push to the next
level within one (晋市审管发〔2022〕28号; ``forms/matters/jincheng.toml``). A suspended service (中止) and one that has
ended owe no steps. A step that waits for the one before it is nobody's fault: it is neither due nor late, but waiting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cases.calendar import WorkdayDate
from cases.model.case import Case
from cases.model.progress import Suspension
from daiban.planning.derive import Deriver
from daiban.planning.periods import period_of
from forms.definition import FormDefinition
from forms.matters.service import Clock, service
from foundation.frozen_model import FrozenModel

_SERVICE_DOCUMENT = "jincheng"


class DueItem(FrozenModel):
    """Something to be done. ``planned_finish``: the timetable's latest day; ``due``: the day that counts.

    ``days_late``: working days, 0 when it is not late. ``estimated`` (暂估): the day may still change.
    ``waiting_for``: the step before it that is not finished.
    """

    step: str
    track: str
    department: str
    planned_finish: dt.date
    due: dt.date
    days_late: int
    estimated: bool = False
    waiting_for: str | None = None


class SuspensionStatus(FrozenModel):
    """A suspension (中止) that is on. ``reason``: its number in the document's list; ``text``: what that list says."""

    reason: int
    text: str
    date: dt.date
    remark: str | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One case's week: what is due in it and not late yet, what is late, and what could be late by its planned day but
    waits for the step before it; each by day.
    """

    due: tuple[DueItem, ...] = ()
    late: tuple[DueItem, ...] = ()
    waiting: tuple[DueItem, ...] = ()


NOTHING_DUE = Agenda()


def agenda(case: Case, deriver: Deriver, today: dt.date) -> Agenda:
    """What a case owes: until this week's Sunday, and from before today.

    :raises CaseDataError: its timetable cannot be made.
    """
    sunday = today + dt.timedelta(days=6 - today.weekday())
    items = owed(case, deriver, today)
    late = [item for item in items if item.days_late]
    return Agenda(
        due=tuple(item for item in items if not item.days_late and item.due <= sunday),
        late=tuple(item for item in late if item.waiting_for is None),
        waiting=tuple(item for item in late if item.waiting_for is not None),
    )


def owed(case: Case, deriver: Deriver, today: dt.date) -> tuple[DueItem, ...]:
    """Everything a case still has to do, however far ahead, by day. Errors: as :func:`agenda`."""
    items = (
        *_steps(case, deriver, today),
        *_clocks(case, deriver, today),
        *_day_clocks(case, deriver, today),
    )
    return tuple(sorted(items, key=lambda item: item.due))


def suspension_status(suspension: Suspension) -> SuspensionStatus | None:
    """The suspension that is on; None where there is none."""
    if not suspension.is_on:
        return None
    assert suspension.reason is not None and suspension.date is not None
    return SuspensionStatus(
        reason=int(suspension.reason),
        text=service().suspension(int(suspension.reason)).text,
        date=suspension.date,
        remark=suspension.remark,
    )


def _steps(case: Case, deriver: Deriver, today: dt.date) -> Iterator[DueItem]:
    steps = deriver.timetable(case, today)
    if case.suspension.is_on or case.handover.date is not None:
        return
    for step in steps:
        if step.finished is None:
            yield DueItem(
                step=step.title,
                track=step.track,
                department=step.department,
                planned_finish=step.finish.latest.day,
                due=step.due.day,
                days_late=step.days_late,
                estimated=step.due.estimated,
                waiting_for=step.waiting_for,
            )


def _clocks(case: Case, deriver: Deriver, today: dt.date) -> Iterator[DueItem]:
    if case.document != _SERVICE_DOCUMENT:
        return
    rules, manager = service(), case.manager.name or ""
    if case.handover.date is not None and case.suggestion.opinion is None:
        yield _clock(rules.clock("suggestion"), "", manager, case.handover.date, deriver, today)
    for push in case.progress.pushes if not case.suspension.is_on else ():
        if push.completed is not None and push.pushed is None:
            clock = rules.clock("push")
            yield _clock(clock, f"：{push.item}", push.department or manager, push.completed, deriver, today)


def _clock(
    clock: Clock, what: str, department: str, since: dt.date, deriver: Deriver, today: dt.date
) -> DueItem:
    due: WorkdayDate = deriver.calendar.add(since, clock.days)
    late = max(1, deriver.calendar.between(due.day, today).days) if today > due.day else 0
    return DueItem(
        step=clock.title + what,
        track="全代办",
        department=department,
        planned_finish=due.day,
        due=due.day,
        days_late=late,
        estimated=due.estimated,
    )


def _day_clocks(case: Case, deriver: Deriver, today: dt.date) -> Iterator[DueItem]:
    """Days that people set: 催办 and 整改 (鞍营商发〔2024〕4号, 四(四)); 审管推送 on the day of the decision
    (晋市开办〔2021〕5号, 二6: 第一时间).
    """
    for item in case.oversight:
        day = item.ordered_due or item.urged_due
        if item.done is None and day is not None:
            what = "限期整改" if item.ordered_due else "催办事项落实"
            yield _on_day(f"{what}：{item.matter}", "督查", item.department, day, deriver, today)
    for decision in case.decisions:
        if decision.date is not None and decision.pushed is None:
            step = f"推送审批结果：{decision.item}"
            yield _on_day(step, "审管推送", decision.department, decision.date, deriver, today)


def _on_day(
    step: str, track: str, department: str | None, day: dt.date, deriver: Deriver, today: dt.date
) -> DueItem:
    late = max(1, deriver.calendar.between(day, today).days) if today > day else 0
    return DueItem(
        step=step, track=track, department=department or "", planned_finish=day, due=day, days_late=late
    )


def periodic(
    case: Case,
    forms: Iterable[FormDefinition],
    made: Mapping[str, dt.date],
    deriver: Deriver,
    today: dt.date,
) -> tuple[DueItem, ...]:
    """What a list of all projects has to bring out in the period of today, and has not.

    ``made``: form → the day of its newest issue.

    A 推进组 that dispatched no project this week owes that too (鞍营商发〔2024〕4号, 二).
    """
    return (*_undispatched(case, today), *_lists_due(forms, made, deriver, today))


def _lists_due(
    forms: Iterable[FormDefinition], made: Mapping[str, dt.date], deriver: Deriver, today: dt.date
) -> Iterator[DueItem]:
    for form in forms:
        period = period_of(form.clock, today) if form.clock else None
        if period is None or (form.id in made and made[form.id] >= period.start):
            continue
        step = f"出《{form.title}》（{period.name}；daiban generate --form {form.title}）"
        yield _on_day(step, "定期", None, period.end, deriver, today)


def _undispatched(case: Case, today: dt.date) -> Iterator[DueItem]:
    dispatched = {entry.group for entry in case.dispatches}
    for report in case.portfolio.by_group:
        if report.group not in dispatched:
            sunday = today + dt.timedelta(days=6 - today.weekday())
            yield DueItem(
                step=f"{report.group}项目推进组本周调度",
                track="定期",
                department=report.leader or "",
                planned_finish=sunday,
                due=sunday,
                days_late=0,
            )
