"""Dates: such that can be, in the order a form asks for, none in the future.

A date counts as certain when a file says it or the office printed it; a date that OCR read off paper can
only send a document to a person.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cases.values.dates import read_date
from cases.values.invalid import InvalidValue
from extractors.judge.combining import JudgedDocument, is_read
from extractors.judge.fields import finding
from extractors.judge.wording import day, labelled
from extractors.model import DateObservation, Finding, FindingCode, FindingWeight
from forms.definition import TODAY, DateRule

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A date, and whether it is certain. ``field``: whose; None for the day of checking."""

    field: str | None
    day: dt.date
    certain: bool


def known_date(
    value: str | bool | None, issued: str | bool | None, field_id: str, *, read: bool
) -> KnownDate | None:
    """The date a field holds: the returned value, else the issued one; None where neither is a date."""
    for text, certain in ((value, not read), (issued, True)):
        if isinstance(text, str):
            try:
                return KnownDate(field_id, read_date(text), certain)
            except InvalidValue:
                continue
    return None


def check_dates(document: JudgedDocument, today: dt.date) -> Iterator[Finding]:
    """Every finding about dates. ``today``: the day of checking."""
    yield from _impossible(document)
    for rule in document.form.dates:
        for field_id in document.ids(rule.field):
            date = _date(document, field_id)
            if date is not None:
                yield from _against(document, rule, field_id, date, today)


def _date(document: JudgedDocument, field_id: str) -> KnownDate | None:
    observation = document.observations.get(field_id)
    value = observation.value if observation and observation.state == "filled" else None
    return known_date(value, document.issued(field_id), field_id, read=is_read(observation))


def _impossible(document: JudgedDocument) -> Iterator[Finding]:
    for item in document.observations.values():
        if isinstance(item, DateObservation) and item.state == "filled" and item.value is not None:
            try:
                read_date(item.value)
            except InvalidValue as refusal:
                weight: FindingWeight = "review" if item.read else "incomplete"
                is_whole = len(_NUMBERS.findall(item.value)) == 3
                code: FindingCode = "date-implausible" if is_whole else "field-invalid"
                yield finding(document, item.id, code, weight, f"：{refusal.reason}")


def _against(
    document: JudgedDocument, rule: DateRule, field_id: str, date: KnownDate, today: dt.date
) -> Iterator[Finding]:
    first = _limit(document, rule.not_before, today)
    last = _limit(document, rule.not_after, today)
    if first is not None and date.day < first.day:
        said = f"是{day(date.day)}，早于{_named(document, first)}"
        yield finding(document, field_id, "date-implausible", _weight(date, first), said)
    if last is not None and date.day > last.day:
        said = f"是{day(date.day)}，晚于{_named(document, last)}"
        yield finding(document, field_id, "date-implausible", _weight(date, last), said)
    if first is not None and rule.within_days is not None:
        span = (date.day - first.day).days
        if span > rule.within_days:
            said = f"距{_named(document, first)}{span}天，超过{rule.within_days}天"
            yield finding(document, field_id, "date-implausible", _weight(date, first), said)


def _limit(document: JudgedDocument, name: str, today: dt.date) -> KnownDate | None:
    if not name:
        return None
    return KnownDate(None, today, True) if name == TODAY else _date(document, name)


def _named(document: JudgedDocument, limit: KnownDate) -> str:
    name = labelled(document.form, limit.field) if limit.field else "核对当天"
    return f"{name}（{day(limit.day)}）"


def _weight(*dates: KnownDate) -> FindingWeight:
    return "incomplete" if all(date.certain for date in dates) else "review"
