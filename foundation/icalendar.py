"""Calendar files (iCalendar, RFC 5545) of whole-day events, as WPS, Outlook and telephones read them.

Lines end with CRLF and are folded after 75 octets, never inside a character. An event keeps its ``uid``, so that
importing a newer file replaces it instead of adding a second one. Each event reminds at nine on the day before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_OCTETS = 75
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One whole-day event. ``repeat``: its recurrence rule (RFC 5545, 3.3.10), empty for none."""

    uid: str
    day: dt.date
    summary: str
    description: str = ""
    repeat: str = ""


def calendar_text(name: str, events: Iterable[CalendarEvent], day: dt.date) -> str:
    """A calendar called ``name``, as of a day."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//daiban//daiban//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for event in events:
        lines += _event(event, day)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(event: CalendarEvent, day: dt.date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{day:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + _DAY:%Y%m%d}"
    if event.repeat:
        yield f"RRULE:{event.repeat}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{_escaped(event.description)}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{_escaped(event.summary)}"
    yield "TRIGGER:-PT15H"
    yield "END:VALARM"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    """Text as a value (3.3.11)."""
    for character in "\\;,":
        text = text.replace(character, f"\\{character}")
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets; each further one begins with a space (3.1)."""
    part, room = "", _OCTETS
    for character in line:
        size = len(character.encode())
        if size > room:
            yield part
            part, room = " ", _OCTETS - 1
        part += character
        room -= size
    yield part
