"""Dates as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.values.dates import format_date, read_date
from cases.values.invalid import InvalidValue

fixed = settings(derandomize=True, deadline=None)
days = st.dates(dt.date(1949, 1, 1), dt.date(2100, 12, 31))
MARCH_5 = dt.date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "2026.3.5",
        "2026年3月5日",
        "2026年03月05日",
        "2026 年 3 月 5 日",
        "2026年3月5号",
        "2026-03-05",
        "2026-3-5",
        "2026/3/5",
        "20260305",
        "２０２６．３．５",
        "２０２６年３月５日",
        "2026。3。5",
        "2026—03—05",
        "2026-03-05 00:00:00",
        "2026-03-05T08:30:00+08:00",
        "二〇二六年三月五日",
        "二○二六年三月五日",
        "  2026-03-05　",
    ],
)
def test_every_common_spelling_is_read(text: str) -> None:
    """Each way of writing 5 March 2026 is that day."""
    assert read_date(text) == MARCH_5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-02-29", "不存在"),
        ("2026年13月1日", "不存在"),
        ("20260230", "不存在"),
        ("2026.0.5", "不存在"),
        ("26.3.5", "四位"),
        ("2026.3", "缺少日"),
        ("2026年3月", "缺少日"),
        ("3月5日", "不是完整的日期"),
        ("2026-3.5", "不是完整的日期"),
        ("待定", "不是完整的日期"),
        ("1026-03-05", "年份"),
        ("2926-03-05", "年份"),
        ("二〇二六年三月三一日", "不存在"),
        ("46086", "不是完整的日期"),
    ],
)
def test_impossible_and_incomplete_dates_are_refused(text: str, said: str) -> None:
    """What is no day, or cannot be told for certain, is refused with its reason."""
    with pytest.raises(InvalidValue, match=said):
        read_date(text)


@fixed
@given(days)
def test_every_day_reads_back_from_every_form(day: dt.date) -> None:
    """Writing a day in any supported form and reading it gives the day."""
    y, m, d = day.year, day.month, day.day
    forms = [format_date(day), day.isoformat(), f"{y}.{m}.{d}", f"{y}/{m:02}/{d:02}", f"{y}{m:02}{d:02}"]
    assert {read_date(form) for form in forms} == {day}


@fixed
@given(days)
def test_chinese_numerals_read_back(day: dt.date) -> None:
    """A day in Chinese numerals, as old documents write it, is that day."""
    ones = "〇一二三四五六七八九"

    def numeral(number: int) -> str:
        tens, rest = divmod(number, 10)
        return ("" if tens < 2 else ones[tens]) + ("十" if tens else "") + (ones[rest] if rest else "")

    year = "".join(ones[int(digit)] for digit in str(day.year))
    assert read_date(f"{year}年{numeral(day.month)}月{numeral(day.day)}日") == day


@fixed
@given(st.datetimes(dt.datetime(1949, 1, 1), dt.datetime(2100, 12, 31)))
def test_cells_with_a_time_are_their_day(moment: dt.datetime) -> None:
    """A date cell with a time of day is its day."""
    assert read_date(moment) == moment.date()


def test_printed_form_has_no_leading_zeros() -> None:
    """GB/T 9704: Arabic digits, full year, no leading zeros."""
    assert format_date(MARCH_5) == "2026年3月5日"


@pytest.mark.parametrize("day", [dt.date(1900, 1, 1), dt.date(2200, 1, 1)])
def test_date_cells_out_of_range_are_refused(day: dt.date) -> None:
    """A date cell far from any project is refused too."""
    with pytest.raises(InvalidValue):
        read_date(day)
