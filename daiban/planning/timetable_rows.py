"""A timetable as forms print it: a row of texts and days per step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cases.model.field_types import FieldGroup
from cases.values.dates import format_date
from daiban.planning.timetable import PlannedStep


class TimetableRow(FieldGroup):
    """One step. ``number``: its place in the whole timetable, from 1; ``start`` and ``finish``: planned days as text;
    ``due``: the day by which it must be done; ``actual``: what really happened.
    """

    number: str
    step: str
    track: str
    phase: str | None
    department: str | None
    limit: str
    start: str
    finish: str
    due: dt.date
    actual: str | None
    state: str
    remark: str | None


def timetable_rows(steps: Iterable[PlannedStep]) -> tuple[TimetableRow, ...]:
    """The rows of a timetable, in its order."""
    return tuple(_row(number, step) for number, step in enumerate(steps, 1))


def _row(number: int, step: PlannedStep) -> TimetableRow:
    return TimetableRow(
        number=str(number),
        step=step.title,
        track=step.track,
        phase=step.phase or None,
        department=step.department or None,
        limit=step.limit,
        start=step.start.text(),
        finish=step.finish.text(),
        due=step.due.day,
        actual=_actual(step),
        state=step.state,
        remark=step.remark or None,
    )


def _actual(step: PlannedStep) -> str | None:
    """``2026年3月5日至2026年3月9日``; what has begun and is open ends with 起."""
    if step.started is None:
        return f"{format_date(step.finished)}完成" if step.finished else None
    return f"{format_date(step.started)}{'至' + format_date(step.finished) if step.finished else '起'}"
