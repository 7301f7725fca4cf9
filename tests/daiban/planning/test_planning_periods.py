"""Clocks that come round: which period a day lies in."""

import datetime as dt

import pytest

from daiban.planning.periods import period_of


@pytest.mark.parametrize(
    ("clock", "day", "start", "end"),
    [
        ("week", "2026-11-18", "2026-11-16", "2026-11-22"),
        ("week", "2026-11-22", "2026-11-16", "2026-11-22"),
        ("half-month", "2026-11-15", "2026-11-01", "2026-11-15"),
        ("half-month", "2028-02-16", "2028-02-16", "2028-02-29"),
        ("half-month", "2026-12-31", "2026-12-16", "2026-12-31"),
        ("october", "2026-10-01", "2026-10-01", "2026-10-31"),
        ("october", "2026-12-31", "2026-10-01", "2026-10-31"),
    ],
)
def test_a_day_lies_in_its_period(clock: str, day: str, start: str, end: str) -> None:
    """A week ends on Sunday, a half-month on the 15th or the last; October's is owed until the year ends."""
    period = period_of(clock, dt.date.fromisoformat(day))
    assert period is not None
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)


def test_october_is_not_before_october() -> None:
    """Until the end of September nothing is owed for October."""
    assert period_of("october", dt.date(2026, 9, 30)) is None
