"""Clocks that come round (每周, 每半月, 每年十月): the period a day lies in, by the key ``clock`` of form.toml.

Sources: 鞍营商发〔2024〕4号, 二: 每周要至少调度一次; 每半月听取一次各小组工作汇报; 阳政办函〔2026〕9号, 六(一)1:
于每年十月份…报送下一年度用地收储计划; 晋市开办〔2021〕5号, 二3: 每周…对接汇总. A half-month ends on the 15th and on the
month's last day.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

_DAY, _MIDDLE, _OCTOBER = dt.timedelta(days=1), 15, 10


@dataclass(frozen=True, slots=True)
class Period:
    """One turn of a clock: its first and last day, and what people call it."""

    start: dt.date
    end: dt.date
    name: str


def period_of(clock: str, day: dt.date) -> Period | None:
    """The period of a clock that a day lies in; None: it lies in none (before October).

    October's period lasts until the end of the year for what is still owed: its ``end`` stays 31 October.
    """
    if clock == "week":
        monday = day - day.weekday() * _DAY
        return Period(monday, monday + 6 * _DAY, "本周")
    if clock == "half-month":
        return half_month(day)
    if day.month < _OCTOBER:
        return None
    return Period(dt.date(day.year, _OCTOBER, 1), dt.date(day.year, _OCTOBER, 31), f"{day.year}年十月")


def half_month(day: dt.date) -> Period:
    """The half of its month that a day lies in."""
    name = f"{day.year}年{day.month}月"
    if day.day <= _MIDDLE:
        return Period(day.replace(day=1), day.replace(day=_MIDDLE), f"{name}上半月")
    last = monthrange(day.year, day.month)[1]
    return Period(day.replace(day=_MIDDLE + 1), day.replace(day=last), f"{name}下半月")
