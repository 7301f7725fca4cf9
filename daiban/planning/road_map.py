"""路线图: a timetable drawn with characters, a line of text per step, so that it prints as sharp as other text.

Source: 阳政办函〔2026〕9号, 五(二): 形成清晰的时间表、路线图和责任分工. A line has ``WIDTH`` places from the first
planned day to the last; ━ from a step's start to its earliest finish, ┅ on to its latest where its 时限 is a range.
Over them stands a scale: a mark where each month begins, and its name where there is room.
Box drawing characters are in every Chinese font (GB 2312, row 9) and join without gaps.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from cases.model.field_types import FieldGroup
from daiban.planning.timetable import PlannedStep

WIDTH = 32
_SURE, _OPEN, _BEFORE = "━", "┅", "\u3000"
_FULL_WIDTH = {ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}  # a digit takes a whole place


class RoadMapLine(FieldGroup):
    """One step: its title, and its line of characters."""

    step: str
    line: str


class RoadMap(FieldGroup):
    """What a form draws: the ``first`` and ``last`` planned day, the ``months`` and marks of the scale between them,
    and a line per step; empty without steps.
    """

    first: dt.date | None = None
    last: dt.date | None = None
    months: str | None = None
    scale: str | None = None
    steps: tuple[RoadMapLine, ...] = ()


def road_map(steps: Sequence[PlannedStep]) -> RoadMap:
    """The road map of a timetable."""
    if not steps:
        return RoadMap()
    first = min(step.start.earliest.day for step in steps)
    last = max(step.finish.latest.day for step in steps)
    scale = _Scale(first, last)
    lines = tuple(RoadMapLine(step=step.title, line=scale.line(step)) for step in steps)
    return RoadMap(first=first, last=last, months=scale.months() or None, scale=scale.marks(), steps=lines)


class _Scale:
    """Days to places on a line."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self._first = first
        self._last = last
        self._days = (last - first).days + 1

    def line(self, step: PlannedStep) -> str:
        start = min(self._place(step.start.earliest.day), WIDTH - 1)
        sure = max(self._place(step.finish.earliest.day, end=True), start + 1)
        full = max(self._place(step.finish.latest.day, end=True), sure)
        return _BEFORE * start + _SURE * (sure - start) + _OPEN * (full - sure)

    def months(self) -> str:
        """The names of the months, each where it begins; a new year is named with its first month that has room."""
        text, year = "", self._first.year
        for day in self._month_starts():
            place = self._place(day)
            name = f"{day.month}月" if day.year == year else f"{day.year}年{day.month}月"
            if place < len(text) or place + len(name) > WIDTH:
                continue
            text = text.ljust(place, _BEFORE) + name.translate(_FULL_WIDTH) + _BEFORE
            year = day.year
        return text.rstrip(_BEFORE)

    def marks(self) -> str:
        """The scale: a mark at either end and where each month begins."""
        line = ["─"] * WIDTH
        for day in self._month_starts():
            line[min(self._place(day), WIDTH - 1)] = "┬"
        line[0], line[-1] = "├", "┤"
        return "".join(line)

    def _month_starts(self) -> Iterator[dt.date]:
        day = self._first.replace(day=1)
        while True:
            day = (day + dt.timedelta(days=31)).replace(day=1)
            if day > self._last:
                return
            yield day

    def _place(self, day: dt.date, *, end: bool = False) -> int:
        days = (day - self._first).days + (1 if end else 0)
        return round(days * WIDTH / self._days)
