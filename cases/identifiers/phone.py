"""联系电话: mobile numbers and landlines of mainland China.

Source: the national numbering plan (工信部《电信网编号计划》): mobiles have eleven digits beginning
13–19; landlines an area code beginning with 0 and seven or eight digits, or the local number alone;
400/800 service numbers and five-digit short numbers. Plans change faster than programs, so an unknown
pattern is only a warning. One value may hold several numbers, separated by ``/``, ``、`` or ``,``.

Examples: ``13912345678``, ``0356-2024567``, ``(0356) 2024567-803``.
"""

from __future__ import annotations

import re

from cases.values.invalid import Flaw, errors_of
from cases.values.text import clean_line, fold_code, fold_width

_SEPARATOR = re.compile(r"[/、,;，；]|或")
_PATTERNS = (
    re.compile(r"1[3-9]\d{9}", re.ASCII),
    re.compile(r"0\d{2,3}[2-9]\d{6,7}", re.ASCII),
    re.compile(r"[2-9]\d{6,7}", re.ASCII),
    re.compile(r"[48]00\d{7}", re.ASCII),
    re.compile(r"1[02]\d{3}|9\d{4}", re.ASCII),
)
_COUNTRY = re.compile(r"^(\+86|0086|86(?=1[3-9]\d{9}$))")
_EXTENSION = re.compile(r"(?<=\d{7})(-|转|#|ext\.?)\d{1,6}$", re.IGNORECASE)
_DAMAGED = re.compile(r"\d(\.\d+)?[eE]\+?\d+|\d{7,}\.\d+")


def compact(text: str) -> str:
    """Half width and trimmed; blanks and hyphens inside stay as the staff wrote them."""
    return clean_line(fold_width(text))


def validate(text: str) -> tuple[Flaw, ...]:
    """Every flaw. No digit at all, or a number that a spreadsheet damaged, is an error; the rest a warning."""
    folded = fold_code(text)
    if not any(char.isdigit() for char in folded):
        return (Flaw("error", "联系电话里没有数字", "填写电话号码"),)
    if _DAMAGED.fullmatch(folded):
        return (Flaw("error", "联系电话被存成了数值，不能确定原来的号码", "按文本重新填写"),)
    odd = [part for part in _SEPARATOR.split(fold_width(text)) if not _known(part)]
    if not odd:
        return ()
    digits = sum(char.isdigit() for char in odd[0])
    return (Flaw("warning", f"联系电话存疑：{digits}位，不像手机或固定电话号码", "核对位数和区号"),)


def is_valid(text: str) -> bool:
    """Whether nothing is certainly wrong with the number."""
    return not errors_of(validate(text))


def _known(part: str) -> bool:
    number = _EXTENSION.sub("", _COUNTRY.sub("", fold_code(part)))
    number = re.sub(r"[-()]", "", number)
    return any(pattern.fullmatch(number) for pattern in _PATTERNS)
