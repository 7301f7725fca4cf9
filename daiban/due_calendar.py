"""The clocks of an office as one calendar file (.ics): what every case still owes, and what comes round by itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from cases.model.case import Case
from daiban.office import Office
from daiban.planning.due import DueItem, owed
from daiban.planning.periods import period_of
from forms.definition import FormDefinition
from foundation.errors import CaseDataError
from foundation.icalendar import CalendarEvent, calendar_text

_NAME = "代办事项"
#: How the clocks of form.toml come round, as recurrence rules from the end of their first period.
_RULES = {
    "week": "FREQ=WEEKLY",
    "half-month": "FREQ=MONTHLY;BYMONTHDAY=15,-1",
    "october": "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=31",
}


def due_calendar(office: Office) -> str:
    """The text of the calendar file, as of the office's today. Cases whose timetable cannot be made are left out."""
    return calendar_text(_NAME, _events(office), office.today)


def _events(office: Office) -> Iterator[CalendarEvent]:
    for case in office.cases.cases:
        try:
            items = owed(case, office.deriver, office.today)
        except CaseDataError:  # ``status`` tells it
            continue
        yield from (_event(case, item) for item in items)
    lists = {case.document for case in office.project_lists}
    for form in office.catalogue.forms:
        if form.clock and form.document in lists:
            yield _repeated(form, office.today)


def _event(case: Case, item: DueItem) -> CalendarEvent:
    about = [f"项目：{case.project.name}", f"编号：{case.id}", f"责任单位：{item.department}"]
    about += [f"等“{item.waiting_for}”办完"] if item.waiting_for else []
    about += ["日期为暂估，节假日安排公布后可能变动"] if item.estimated else []
    return CalendarEvent(
        uid=_uid(case.id, item.track, item.step),
        day=item.due,
        summary=f"{item.step}（{case.project.name}）",
        description="\n".join(line for line in about if not line.endswith("：")),
    )


def _repeated(form: FormDefinition, today: dt.date) -> CalendarEvent:
    assert form.clock is not None
    period = period_of(form.clock, today)
    first = period.end if period else dt.date(today.year, 10, 31)
    return CalendarEvent(
        uid=_uid(form.id),
        day=first,
        summary=f"出《{form.title}》",
        description=f"daiban generate --form {form.title}",
        repeat=_RULES[form.clock],
    )


def _uid(*parts: str) -> str:
    """The same for the same matter every time, so that a calendar takes a newer day for it as a change."""
    return f"{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:24]}@daiban"
