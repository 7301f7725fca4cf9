"""项目代码, the code of an investment project for its whole life.

Issuer: 全国投资项目在线审批监管平台; source: GB/T 40058-2021《全国固定资产投资项目代码编码规范》.
Structure: ``YYMM-行政区划-行业指导部门-项目类型-随机码和校验码`` as ``2601-140502-04-01-123456``. Before
2020-11-30 Shanxi wrote the year first: ``2020-141129-77-03-006679``; the second half of the first group
tells them apart (01–12 is a month). The check digit's algorithm is not public, so it is not judged here.
"""

from __future__ import annotations

import re

from cases.identifiers import regions
from cases.values.invalid import Flaw, errors_of
from cases.values.text import fold_code

_SHAPE = re.compile(r"(\d{4})-(\d{6})-(\d{2})-(\d{2})-(\d{6})", re.ASCII)
_BARE = re.compile(r"(\d{4})(\d{6})(\d{2})(\d{2})(\d{6})", re.ASCII)
_OLD_YEARS = range(2013, 2022)  # the old form ended in 2020; a little room at both ends
_NEW_YEARS = range(15, 50)
_EXAMPLE = "项目代码形如 2601-140502-04-01-123456，照备案证或批复填写"


def compact(text: str) -> str:
    """Half width, plain hyphens, no blanks; twenty bare digits get their hyphens."""
    code = fold_code(text)
    bare = _BARE.fullmatch(code)
    return "-".join(bare.groups()) if bare else code


def validate(text: str) -> tuple[Flaw, ...]:
    """Every flaw. An impossible shape or month is an error; an unknown region or odd year a warning."""
    code = compact(text)
    match = _SHAPE.fullmatch(code)
    if match is None:
        return (Flaw("error", f"项目代码“{code}”的位数或分段不对，应为4-6-2-2-6位数字", _EXAMPLE),)
    if not _is_old(match[1]) and not 1 <= int(match[1][2:]) <= 12:
        reason = f"项目代码第一段“{match[1]}”的月份不对：后两位应为01至12"
        return (Flaw("error", reason, _EXAMPLE),)
    return tuple(
        Flaw("warning", f"项目代码存疑：{reason}", "对照备案证或批复核对") for reason in _warnings(match)
    )


def is_valid(text: str) -> bool:
    """Whether nothing is certainly wrong with the code."""
    return not errors_of(validate(text))


def _is_old(group: str) -> bool:
    return not 1 <= int(group[2:]) <= 12 and int(group) in _OLD_YEARS


def _warnings(match: re.Match[str]) -> list[str]:
    warnings = []
    if not _is_old(match[1]) and int(match[1][:2]) not in _NEW_YEARS:
        warnings.append(f"第一段“{match[1]}”的年份少见")
    region = regions.implausible(match[2])
    if region is not None:
        warnings.append(region)
    return warnings
