"""The two sheets beside the data: 填表说明 for people, and the hidden one with the entries of long drop-downs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cases.roster.layout.definition import RosterGuide, RosterSheet
from cases.roster.writing import style
from cases.roster.writing.sheet_writer import DropDowns


def add_choices_sheet(book: Any, drop_downs: DropDowns) -> None:
    """A hidden sheet with a column of entries for each drop-down, and one of the cases: 编号, 项目名称."""
    page = book.create_sheet(drop_downs.title)
    page.sheet_state = "hidden"
    columns = [[head, *entries] for head, entries in drop_downs.columns]
    rows = max([drop_downs.case_rows, *map(len, columns)])
    for row in range(rows):
        cells = [_text(page, column[row]) if row < len(column) else None for column in columns]
        page.append([*cells, drop_downs.case_entry(row + 1)])


def add_guide_sheet(book: Any, guide: RosterGuide, sheets: Sequence[RosterSheet]) -> None:
    """What each sheet is for and what each column wants, in the order of the workbook."""
    page = book.create_sheet(guide.title)
    for letter, width in zip("ABCD", (14, 22, 10, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.append([_heading(page, guide.heading)])
    for line in guide.lines:
        page.append([_text(page, line)])
    page.append([])
    page.append([_heading(page, heading) for heading in ("工作表", "列", "必填", "说明")])
    for sheet in sheets:
        page.append([_heading(page, sheet.title), None, None, _text(page, sheet.purpose, wrap=True)])
        for column in sheet.columns:
            always = column.required == "value" or (column.required and sheet.rows == "case")
            note = _text(page, column.note, wrap=True) if column.note else None
            page.append([None, _text(page, column.heading), _text(page, "必填") if always else None, note])


def _heading(page: Any, text: str) -> Any:
    cell = _text(page, text)
    cell.font = style.HEADING_FONT
    return cell


def _text(page: Any, text: str, *, wrap: bool = False) -> Any:
    cell = style.make_cell(page, text)
    cell.font = style.PLAIN_FONT
    if wrap:
        cell.alignment = style.WRAPPED
    return cell
