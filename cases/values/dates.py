"""Dates as people write them, read strictly and printed one way.

``2026.3.5``, ``2026年3月5日``, ``2026-03-05``, ``2026/3/5``, ``20260305``, ``二〇二六年三月五日``,
full-width digits, and the date cells of a workbook. A date that does not exist, or is ambiguous
(``26.3.5``, ``2026.3``), is rejected. Printed as GB/T 9704-2012 7.3.5.4 asks: Arabic digits, full year, no
leading zeros.
"""

from __future__ import annotations

import datetime as dt
import re

from cases.values.invalid import InvalidValue
from cases.values.text import fold_code, fold_width

EARLIEST_YEAR = 1949
LATEST_YEAR = 2100
_ADVICE = "写成 2026-03-05 或 2026年3月5日"
_TIME = re.compile(r"(?<=\d)[T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")
_SEPARATED = re.compile(r"(\d{4})([-./。])(\d{1,2})\2(\d{1,2})")
_CHINESE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHORT_YEAR = re.compile(r"\d{2}[-./年]\d{1,2}[-./月]\d{1,2}日?")
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_NUMERALS = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]?"
)
_TENS = re.compile(r"([一二三四五六七八九]?)(十?)([一二三四五六七八九]?)")


def read_date(value: str | dt.date | dt.datetime) -> dt.date:
    """The day a value names; a time of day beside it is dropped.

    :raises InvalidValue: it does not exist, is out of 1949–2100, or is not written in full.
    """
    if isinstance(value, dt.datetime):
        return _within(value.date())
    if isinstance(value, dt.date):
        return _within(value)
    digits = _split(value)
    if digits is None:
        raise InvalidValue(f"“{value}”不是完整的日期{_why(value)}", _ADVICE)
    try:
        day = dt.date(*digits)
    except ValueError:
        raise InvalidValue(f"“{value}”这一天不存在", "核对年、月、日") from None
    return _within(day)


def format_date(day: dt.date) -> str:
    """``2026年3月5日``."""
    return f"{day.year}年{day.month}月{day.day}日"


def _within(day: dt.date) -> dt.date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise InvalidValue(f"年份{day.year}不在{EARLIEST_YEAR}至{LATEST_YEAR}之间", "核对年份")
    return day


def _split(text: str) -> tuple[int, int, int] | None:
    folded = fold_code(_TIME.sub("", fold_width(text).strip()))
    match = _SEPARATED.fullmatch(folded)
    if match:
        return int(match[1]), int(match[3]), int(match[4])
    match = _CHINESE.fullmatch(folded) or _COMPACT.fullmatch(folded)
    if match:
        return int(match[1]), int(match[2]), int(match[3])
    match = _NUMERALS.fullmatch(folded)
    if match:
        return int(match[1].translate(_YEAR_DIGITS)), _numeral(match[2]), _numeral(match[3])
    return None


def _numeral(text: str) -> int:
    """A Chinese numeral up to 99; 0, which is no month or day, for what is not one."""
    match = _TENS.fullmatch(text)
    if match is None or (match[1] and not match[2]):
        return 0 if match is None or match[3] else int(match[1].translate(_YEAR_DIGITS))
    tens = int(match[1].translate(_YEAR_DIGITS)) if match[1] else 1 if match[2] else 0
    return tens * 10 + (int(match[3].translate(_YEAR_DIGITS)) if match[3] else 0)


def _why(text: str) -> str:
    folded = fold_code(text)
    if _SHORT_YEAR.fullmatch(folded):
        return "：年份要写四位"
    if re.fullmatch(r"\d{4}[-./年]\d{1,2}月?", folded):
        return "：缺少日"
    return ""
