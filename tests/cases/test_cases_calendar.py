"""cases/calendar.py: working days, published and estimated, and an office's own."""

from __future__ import annotations

import datetime as dt

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.calendar import COVERAGE, WorkdayCalendar

CALENDAR = WorkdayCalendar()
fixed = settings(derandomize=True, deadline=None, max_examples=80)
days = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))


def day(text: str) -> dt.date:
    year = "2026-" if text.count("-") == 1 else ""
    return dt.date.fromisoformat(year + text)


def span(first: str, last: str) -> set[dt.date]:
    return {day(first) + dt.timedelta(days=number) for number in range((day(last) - day(first)).days + 1)}


# 国务院办公厅关于2026年部分节假日安排的通知, written out here by hand: not read from the package under test.
OFF = [
    ("01-01", "01-03"),
    ("02-15", "02-23"),
    ("04-04", "04-06"),
    ("05-01", "05-05"),
    ("06-19", "06-21"),
    ("09-25", "09-27"),
    ("10-01", "10-07"),
]
WORKED = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def test_every_day_of_2026() -> None:
    """Each of the 365 days of 2026 is worked or not as the published notice says: 248 working days."""
    off = set().union(*(span(first, last) for first, last in OFF))
    worked = {day(text) for text in WORKED}
    year = span("01-01", "12-31")
    expected = {item for item in year if item in worked or (item.weekday() < 5 and item not in off)}
    assert {item for item in year if CALENDAR.is_workday(item)} == expected
    assert len(expected) == 248
    assert not any(CALENDAR.is_estimated(item) for item in year)


@pytest.mark.parametrize("text", ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"])
def test_holidays_with_a_fixed_date_are_off_in_every_year(text: str) -> None:
    """Past the published years 元旦, 劳动节 and 国庆节 are off by law, and certain; other weekdays stay estimates."""
    for year in range(COVERAGE[1] + 1, COVERAGE[1] + 6):
        holiday = dt.date.fromisoformat(f"{year}-{text}")
        assert not CALENDAR.is_workday(holiday)
        assert not CALENDAR.is_estimated(holiday)
    first = dt.date(COVERAGE[1] + 1, 1, 1)
    began = CALENDAR.at_or_after(first)
    assert began.day > first
    assert began.estimated


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("02-13", 3, "02-25"),
        ("09-18", 5, "09-24"),
        ("09-30", 1, "10-08"),
        ("10-01", 1, "10-08"),
        ("03-07", 0, "03-07"),
    ],
)
def test_known_periods(start: str, days: int, end: str) -> None:
    """Periods over holidays and worked weekends end where they are known to end."""
    reached = CALENDAR.add(day(start), days)
    assert (reached.day, reached.estimated) == (day(end), False)


def test_past_the_published_years_is_estimated() -> None:
    """A period that leans on a year nobody has published is estimated; one that ends before is not."""
    last = dt.date(COVERAGE[1], 12, 31)
    inside, outside = CALENDAR.add(last - dt.timedelta(days=10), 1), CALENDAR.add(last, 1)
    assert (inside.estimated, outside.estimated) == (False, True)
    assert outside.day == dt.date(COVERAGE[1] + 1, 1, 4)  # after 元旦, a Friday in 2027, and its weekend
    assert CALENDAR.between(last, outside.day) == type(CALENDAR.between(last, last))(1, estimated=True)


def test_own_days_make_an_estimate_certain() -> None:
    """Days the office itself has set are certain, and a period over them alone is no estimate."""
    own = WorkdayCalendar.of(
        workdays=[dt.date(2027, 1, 3)], holidays=[dt.date(2027, 1, 1), dt.date(2027, 1, 2)]
    )
    reached = own.add(dt.date(2026, 12, 31), 1)
    assert (reached.day, reached.estimated) == (dt.date(2027, 1, 3), False)


def test_own_days_win_inside_the_published_years() -> None:
    """The office's own days win over the published table, both ways."""
    own = WorkdayCalendar.of(workdays=[day("10-03")], holidays=[day("10-08")])
    assert own.is_workday(day("10-03")) and not own.is_workday(day("10-08"))
    assert own.add(day("09-30"), 2).day == day("10-09")


def test_a_day_is_not_both() -> None:
    """A day that is a working day and a holiday at once is refused."""
    with pytest.raises(ValueError, match="2026-05-06"):
        WorkdayCalendar.of([day("05-06")], [day("05-06")])


@pytest.mark.parametrize(("start", "days"), [("2026-01-05", -1), ("1900-01-01", 1), ("2100-12-30", 400)])
def test_what_is_no_period_is_refused(start: str, days: int) -> None:
    """Negative periods and periods out of the years that dates are read for are refused."""
    with pytest.raises(ValueError):
        CALENDAR.add(dt.date.fromisoformat(start), days)


@fixed
@given(days, st.integers(1, 60))
def test_adding_and_counting_agree(start: dt.date, count: int) -> None:
    """N working days after a day lies a working day, with exactly N working days up to it."""
    end = CALENDAR.add(start, count).day
    assert CALENDAR.is_workday(end)
    assert CALENDAR.between(start, end).days == count
    assert CALENDAR.between(end, start).days == -count


@fixed
@given(days, st.integers(0, 30), st.integers(0, 30))
def test_periods_add_up(start: dt.date, first: int, second: int) -> None:
    """One period after another ends where the whole one does."""
    assert CALENDAR.add(CALENDAR.add(start, first).day, second).day == CALENDAR.add(start, first + second).day


@fixed
@given(days, st.integers(1, 30))
def test_a_later_start_never_ends_earlier(start: dt.date, count: int) -> None:
    """Periods keep their order: who begins a day later does not end before."""
    assert CALENDAR.add(start, count).day <= CALENDAR.add(start + dt.timedelta(days=1), count).day


def test_the_published_years_are_the_packages() -> None:
    """Every day of the published years is worked or not as the package of the holiday notices says."""
    day = dt.date(COVERAGE[0], 1, 1)
    while day.year <= COVERAGE[1]:
        if day.year >= 2024 or day.day == 1:
            assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day)
        day += dt.timedelta(days=1)


@fixed
@given(days)
def test_the_next_working_day_is_the_nearest(start: dt.date) -> None:
    """Between a day and the next working day there is no other; a working day is its own at-or-after."""
    after = CALENDAR.next_workday(start).day
    gap = [start + dt.timedelta(days=number) for number in range(1, (after - start).days)]
    assert not any(map(CALENDAR.is_workday, gap))
    assert CALENDAR.at_or_after(start).day == (start if CALENDAR.is_workday(start) else after)
