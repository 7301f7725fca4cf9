"""How the cells of a written roster look."""

from __future__ import annotations

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

from cases.roster.cells import escape
from cases.roster.layout.definition import CellValue, RosterColumn

DATE_FORMAT = 'yyyy"年"m"月"d"日"'
_THIN = Side(style="thin", color="FFBFBFBF")
BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
HEADING_FILL = PatternFill("solid", fgColor="FFD9E2F3")
REQUIRED_FILL = PatternFill("solid", fgColor="FFF8CBAD")
NEEDED_FILL = PatternFill("solid", bgColor="FFFFF2CC")
EXAMPLE_FILL = PatternFill("solid", fgColor="FFEDEDED")
HEADING_FONT = Font(name="宋体", size=11, bold=True)
PLAIN_FONT = Font(name="宋体", size=11)
EXAMPLE_FONT = Font(name="宋体", size=11, italic=True, color="FF7F7F7F")
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")


def number_format(column: RosterColumn) -> str:
    """The format of a column's cells: dates as Chinese dates; text where a spreadsheet would spoil a number."""
    if column.kind == "date":
        return DATE_FORMAT
    return "General" if column.kind in ("text", "lines") else "@"


def make_cell(page: Any, value: CellValue) -> Any:
    """A cell that holds a value and has no style yet."""
    if isinstance(value, str):
        cell = WriteOnlyCell(page, escape(value))
        cell.data_type = "s"  # text stays text, also when it begins with = or looks like an error value
        return cell
    untyped: Any = value  # the stubs forget dates
    return WriteOnlyCell(page, untyped)
