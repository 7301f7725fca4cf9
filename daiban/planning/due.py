"""What is due this week and what is late, for ``daiban status``.

Steps of the timetable, and the clocks of 全代办: the 工作建议表 within three working days of 办结, the push to the next
level within one (晋市审管发〔2022〕28号; ``forms/matters/jincheng.toml``). A suspended service (中止) and one that has
ended owe no steps. A step that waits for the one before it is nobody's fault: it is neither due nor late, but waiting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cases.calendar import WorkdayDate
from cases.model.case import Case
from cases.model.progress import Suspension
from daiban.planning.derive import Deriver
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
    items = sorted((*_steps(case, deriver, today), *_clocks(case, deriver, today)), key=lambda item: item.due)
    late = [item for item in items if item.days_late]
    return Agenda(
        due=tuple(item for item in items if not item.days_late and item.due <= sunday),
        late=tuple(item for item in late if item.waiting_for is None),
        waiting=tuple(item for item in late if item.waiting_for is not None),
    )


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
