"""Working days (工作日): which days count, and dates so many of them away.

Inside the years that the ``chinesecalendar`` package covers, its table of the State Council's yearly notices
decides: holidays on weekdays, and weekends that are worked in exchange (调休). Past its coverage what is known are
weekends, and the statutory holidays that have a fixed date, which are off in every year (《全国年节及纪念日放假办法》,
国务院令第795号, 第二条). The office's own settings win over all, day by day. A result that depends on a day not
published yet is *estimated* (暂估): it may change when the notice comes out.

A period of N working days does not count the day it begins on (《中华人民共和国民法典》第二百零一条): one day after
the last working day before a holiday is the first one after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import chinese_calendar

from cases.values.dates import EARLIEST_YEAR, LATEST_YEAR

_DAY = dt.timedelta(days=1)
_FIRST, _LAST = dt.date(EARLIEST_YEAR, 1, 1), dt.date(LATEST_YEAR, 12, 31)
_OFF, _WORKED = frozenset(chinese_calendar.holidays), frozenset(chinese_calendar.workdays)
_YEARS = {day.year for day in _OFF}
COVERAGE = (min(_YEARS), max(_YEARS))
"""First and last year whose working days are published in full."""
ESTIMATED = "暂估"
#: (month, day) of 元旦, 劳动节 and 国庆节; the days of the others go by the moon or the sun.
_FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


@dataclass(frozen=True, slots=True)
class WorkdayDate:
    """The day a count ends on; ``estimated``: the count includes days not published yet."""

    day: dt.date
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class WorkdayCount:
    """A number of working days; ``estimated``: some of the days counted are not published yet."""

    days: int
    estimated: bool = False


@dataclass(frozen=True)
class WorkdayCalendar:
    """The working days of an office. ``workdays``, ``holidays``: its own exceptions, which win over everything."""

    workdays: frozenset[dt.date] = frozenset()
    holidays: frozenset[dt.date] = frozenset()

    @classmethod
    def of(cls, workdays: Iterable[dt.date], holidays: Iterable[dt.date]) -> WorkdayCalendar:
        """A calendar with these exceptions. Errors: ValueError when a day is in both."""
        calendar = cls(frozenset(workdays), frozenset(holidays))
        both = sorted(calendar.workdays & calendar.holidays)
        if both:
            raise ValueError(f"{both[0].isoformat()} is a working day and a holiday at once")
        return calendar

    def is_workday(self, day: dt.date) -> bool:
        """Whether people work that day, as far as it can be known."""
        if day in self.workdays:
            return True
        if day in self.holidays:
            return False
        # The package's own function looks for its first and last year at every call, 60 µs each.
        return day in _WORKED or (day.weekday() < 5 and day not in _OFF and not _is_fixed_holiday(day))

    def is_estimated(self, day: dt.date) -> bool:
        """Whether it is not published yet if that day is worked (暂估): only its weekday is known."""
        own = day in self.workdays or day in self.holidays
        return not (own or _published(day) or _is_fixed_holiday(day))

    def add(self, start: dt.date, days: int) -> WorkdayDate:
        """The day ``days`` working days after ``start``, which itself does not count; ``start`` for 0.

        Errors: ValueError for a negative number, or past the last year dates are read for.
        """
        if days < 0:
            raise ValueError(f"{days} working days are no period")
        left, day, estimated = days, start, False
        for day in self._after(start) if days else ():
            estimated = estimated or self.is_estimated(day)
            left -= self.is_workday(day)
            if not left:
                break
        return WorkdayDate(day, estimated)

    def next_workday(self, day: dt.date) -> WorkdayDate:
        """The first working day after a day. Errors: as :meth:`add`."""
        return self.add(day, 1)

    def at_or_after(self, day: dt.date) -> WorkdayDate:
        """The day itself when it is worked, else the next working day. Errors: as :meth:`add`."""
        return WorkdayDate(day, self.is_estimated(day)) if self.is_workday(day) else self.next_workday(day)

    def between(self, start: dt.date, end: dt.date) -> WorkdayCount:
        """How many working days lie after ``start`` up to and with ``end``; negative when ``end`` is the earlier.

        ``add(start, n)`` ends where ``between(start, …)`` is n.
        """
        if end < start:
            back = self.between(end, start)
            return WorkdayCount(-back.days, back.estimated)
        days = [start + _DAY * number for number in range(1, (end - start).days + 1)]
        return WorkdayCount(sum(map(self.is_workday, days)), any(map(self.is_estimated, days)))

    def _after(self, start: dt.date) -> Iterator[dt.date]:
        if not _FIRST <= start <= _LAST:
            raise ValueError(f"{start.isoformat()} is out of the years dates are read for")
        day = start
        while day < _LAST:
            day += _DAY
            yield day
        raise ValueError("the period ends past the last year dates are read for")


def _published(day: dt.date) -> bool:
    return bool(COVERAGE[0] <= day.year <= COVERAGE[1])


def _is_fixed_holiday(day: dt.date) -> bool:
    """Whether a day of a year that is not published yet is off by law; published years say it themselves."""
    return day.year > COVERAGE[1] and (day.month, day.day) in _FIXED_HOLIDAYS
