"""One cell of a roster as a value, or the reason it cannot be trusted.

Spreadsheets change what people type: an 18-digit code becomes 9.11405E+17, ``0356…`` loses its zero,
``3-5`` becomes a date, ``50%`` is stored as 0.5. A value that may have been changed is refused with advice, never
guessed at.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from typing import Any

from cases.roster.layout.definition import CellKind, CellValue
from cases.values.invalid import InvalidValue

_PLAIN_FORMATS = {"General", "0", "@", "G/通用格式"}
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_SAFE_DIGITS = 15  # a spreadsheet number keeps fifteen digits
_AS_TEXT = "请把该列设为文本后重新填写"
_WHOLE_PHONE = re.compile(r"1[3-9]\d{9}|[48]00\d{7}|[2-9]\d{6,7}")
_DAY_NUMBER = re.compile(r"(19|20)\d{6}")


def cell_value(cell: Any, kind: CellKind) -> CellValue:
    """The value of an openpyxl cell for a column of a kind; None when blank.

    :raises InvalidValue: it is a formula or an error value, or a spreadsheet may have changed it.
    """
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        raise InvalidValue("是公式，打印出来可能不是看到的值", "复制后选择性粘贴为“数值”")
    if cell.data_type == "e":
        raise InvalidValue(f"是错误值 {value}", "改成正确的内容")
    if isinstance(value, bool):
        raise InvalidValue("是逻辑值 TRUE/FALSE，不是文字", _AS_TEXT)
    if isinstance(value, int | float):
        return _number(value, kind, cell.number_format in _PLAIN_FORMATS)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return _day(value, kind)
    # Labels and names recur in thousands of rows; one copy of each keeps a large roster small.
    return sys.intern(unescape(str(value)))


def unescape(text: str) -> str:
    """``_x000A_`` as the character it stands for (ECMA-376 part 1, 22.9.2.19, ST_Xstring)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def escape(text: str) -> str:
    """The reverse, for text that only looks like an escape."""
    return _LOOKS_ESCAPED.sub("_x005F_", text) if "_x" in text else text


def _day(value: dt.date | dt.time | dt.timedelta, kind: CellKind) -> dt.date:
    if kind != "date":
        raise InvalidValue("被表格软件当成了日期或时间，原来写的已看不出", _AS_TEXT)
    if not isinstance(value, dt.date):
        raise InvalidValue("只有时间，没有日期", "写成 2026-03-05")
    return value


def _number(value: int | float, kind: CellKind, plain: bool) -> str:
    if isinstance(value, float) and value.is_integer() and kind in {"text", "date"}:
        value = int(value)
    if kind == "date":
        return _day_number(value)
    if kind != "text":
        return _code_number(value, kind, plain)
    if not plain:
        raise InvalidValue("是带格式的数值，存的与看到的可能不同", "连同单位写成文字，" + _AS_TEXT)
    if abs(value) >= 10**_SAFE_DIGITS:
        raise InvalidValue(f"是超过{_SAFE_DIGITS}位的数值，末位已丢失", _AS_TEXT)
    return format(value, ".15g") if isinstance(value, float) else str(value)


def _day_number(value: int | float) -> str:
    if isinstance(value, int) and _DAY_NUMBER.fullmatch(str(value)):
        return str(value)
    raise InvalidValue(f"是数值 {value}，不是日期", "写成 2026-03-05")


def _code_number(value: int | float, kind: CellKind, plain: bool) -> str:
    """Ids and phones stored as whole numbers pass where no leading zero can have been lost; codes never do."""
    digits = str(value) if isinstance(value, int) else f"{value:.0f}"
    if len(digits) > _SAFE_DIGITS:
        raise InvalidValue(f"的{len(digits)}位数字被 Excel 存成了数值，末位已丢失", _AS_TEXT)
    if isinstance(value, float) or value < 0:
        raise InvalidValue("被 Excel 存成了数值，不能确定原来怎么写", _AS_TEXT)
    if plain and (kind == "id" or (kind == "phone" and _WHOLE_PHONE.fullmatch(digits))):
        return digits
    raise InvalidValue("被 Excel 存成了数值，开头的0可能已丢失", _AS_TEXT)
