"""时间表: a case's steps with planned start and finish, earliest and latest, and the actual dates beside them.

A sequence's first step counts from the case's own day (起算日), each further one from the day the step before it is
planned to end; a range (约1-3个工作日) is carried through as earliest and latest. The day a limit counts from is not
part of it: a step of one working day that follows another is planned for one day, the next working one.

A step is *due* on its planned latest finish, or its limit after the day it could really begin, whichever is later:
whoever received the matter late is not late for that. It is *late* when that day is over and it is not finished.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.calendar import ESTIMATED, WorkdayCalendar, WorkdayDate
from cases.model.case import Case
from cases.values.dates import format_date
from daiban.planning.steps import StepSequence, StepToPlan, step_sequences
from forms.matters.lists import Matter
from foundation.errors import CaseDataError, Problem


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """A planned day: the earliest and the latest it can be."""

    earliest: WorkdayDate
    latest: WorkdayDate

    @property
    def estimated(self) -> bool:
        """暂估: whether either depends on public holidays that are not published yet."""
        return self.earliest.estimated or self.latest.estimated

    def text(self) -> str:
        """``2026年3月10日``, ``2026年3月10日至3月12日``, with （暂估） where it is an estimate."""
        first, last = self.earliest.day, self.latest.day
        text = format_date(first)
        if last != first:
            short = format_date(last).partition("年")[2] if last.year == first.year else format_date(last)
            text = f"{text}至{short}"
        return f"{text}（{ESTIMATED}）" if self.estimated else text


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a timetable. ``track``: its sequence's title; ``limit`` as printed; ``days``: working days.

    ``started``, ``finished``: what really happened. ``due``: the day by which it must be done. ``waiting_for``: the
    title of the step before it while that one is not finished. ``days_late``: working days between due day and
    ``finished``, or today while it is open; 0 when it is in time or no today was given.
    """

    id: str
    track: str
    title: str
    phase: str
    department: str
    limit: str
    days: tuple[int, int]
    start: PlannedDay
    finish: PlannedDay
    started: dt.date | None
    finished: dt.date | None
    due: WorkdayDate
    remark: str
    waiting_for: str | None
    days_late: int

    @property
    def is_late(self) -> bool:
        """Whether it is open and its day is over."""
        return self.finished is None and self.days_late > 0

    @property
    def is_overdue(self) -> bool:
        """Whether it is late and in its department's hands: what waits for the step before it is nobody's fault."""
        return self.is_late and self.waiting_for is None

    @property
    def state(self) -> str:
        """已完成, 逾期完成, 逾期, 办理中, 未开始."""
        if self.finished is not None:
            return "逾期完成" if self.days_late else "已完成"
        if self.days_late:
            return "逾期"
        return "办理中" if self.started else "未开始"


def timetable(
    case: Case,
    calendar: WorkdayCalendar,
    today: dt.date | None = None,
    reference: Iterable[Matter] = (),
) -> tuple[PlannedStep, ...]:
    """All steps of a case, sequence by sequence; none where there is nothing to plan.

    Without ``today`` nothing open counts as late, so the same case gives the same timetable whatever the day.

    :raises CaseDataError: a step that cannot be planned, with its field id.
    """
    planner = _Planner(case, calendar, today)
    try:
        return tuple(step for sequence in step_sequences(case, reference) for step in planner.plan(sequence))
    except ValueError:  # the calendar's: past the last year that dates are read for
        problem = Problem("", "时间表排到了日期范围以外", "progress.start", "核对起算日和各环节时限")
        raise CaseDataError(problem) from None


class _Planner:
    """Plans sequences in order; remembers where each ended, for the one that follows it."""

    def __init__(self, case: Case, calendar: WorkdayCalendar, today: dt.date | None) -> None:
        self._case = case
        self._calendar = calendar
        self._today = today
        self._ends: dict[str, tuple[PlannedDay, PlannedStep | None]] = {}

    def plan(self, sequence: StepSequence) -> Iterator[PlannedStep]:
        reached, before = self._ends[sequence.after] if sequence.after else (self._first_day(sequence), None)
        for step in sequence.steps:
            start = reached if before is None else self._next(reached)
            reached = self._after(reached, step.days)
            before = self._step(sequence, step, PlannedDay(start.earliest, start.latest), reached, before)
            yield before
        self._ends[sequence.id] = (reached, before)

    def _first_day(self, sequence: StepSequence) -> PlannedDay:
        progress = self._case.progress
        day = progress.land_start if sequence.id == "land" else progress.start or progress.land_start
        assert day is not None, "sequences without a first day are refused before"
        first = self._calendar.at_or_after(day)
        return PlannedDay(first, first)

    def _next(self, reached: PlannedDay) -> PlannedDay:
        return PlannedDay(self._add(reached.earliest, 1), self._add(reached.latest, 1))

    def _after(self, reached: PlannedDay, days: tuple[int, int]) -> PlannedDay:
        least, most = days
        return PlannedDay(self._add(reached.earliest, least), self._add(reached.latest, most))

    def _add(self, start: WorkdayDate, days: int) -> WorkdayDate:
        reached = self._calendar.add(start.day, days)
        return WorkdayDate(reached.day, reached.estimated or start.estimated)

    def _step(
        self,
        sequence: StepSequence,
        step: StepToPlan,
        start: PlannedDay,
        finish: PlannedDay,
        before: PlannedStep | None,
    ) -> PlannedStep:
        entry = step.entry
        started, finished = (entry.started, entry.finished) if entry else (None, None)
        due = self._due(step, finish, started or (before.finished if before else None))
        return PlannedStep(
            id=step.id,
            track=sequence.title,
            title=step.title,
            phase=step.phase,
            department=step.department,
            limit=step.limit,
            days=step.days,
            start=start,
            finish=finish,
            started=started,
            finished=finished,
            due=due,
            remark=(entry.remark if entry else None) or "",
            waiting_for=before.title if before and before.finished is None and started is None else None,
            days_late=self._late(due.day, finished or self._today),
        )

    def _due(self, step: StepToPlan, finish: PlannedDay, begun: dt.date | None) -> WorkdayDate:
        if begun is None:
            return finish.latest
        own = self._calendar.add(begun, step.days[1])
        return own if own.day > finish.latest.day else finish.latest

    def _late(self, due: dt.date, until: dt.date | None) -> int:
        """Working days late; a day off after the due day is late already, and counts as one."""
        if until is None or until <= due:
            return 0
        return max(1, self._calendar.between(due, until).days)
