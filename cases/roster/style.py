"""How a written roster looks and guides: widths, formats, drop-downs, notes, example row and guide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from cases.roster.cells import escape
from cases.roster.layout import CHOICES_SHEET, EXAMPLE_ID, GUIDE_SHEET, Column, Sheet, Value

Lists = Mapping[tuple[str, str], Sequence[str]]
_DATE_FORMAT = 'yyyy"年"m"月"d"日"'
_SPARE_ROWS = 5_000  # rows beyond the data that keep drop-downs
_ROWS_PER_CASE = 40
_INLINE_LIMIT = 250  # a drop-down written into its rule holds 255 characters
_FORMULA_STARTS = ("=", "+", "-", "@")

_THIN = Side(style="thin", color="FFBFBFBF")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD_FILL = PatternFill("solid", fgColor="FFD9E2F3")
_NEEDED_FILL = PatternFill("solid", fgColor="FFF8CBAD")
_EXAMPLE_FILL = PatternFill("solid", fgColor="FFEDEDED")
_HEAD_FONT = Font(name="宋体", size=11, bold=True)
_FONT = Font(name="宋体", size=11)
_EXAMPLE_FONT = Font(name="宋体", size=11, italic=True, color="FF7F7F7F")
_WRAP = Alignment(wrap_text=True, vertical="top")
_CENTRE = Alignment(wrap_text=True, vertical="center", horizontal="center")


class Painter:
    """One sheet of a roster being written, headings first, then row by row."""

    def __init__(self, book: Any, sheet: Sheet, lists: Lists, cases: int) -> None:
        self._sheet = sheet
        self._page = book.create_sheet(sheet.name)
        self._page.freeze_panes = "B2"
        rows = cases * (1 if sheet.rows in ("case", "fields") else _ROWS_PER_CASE) + _SPARE_ROWS
        for number, column in enumerate(sheet.columns, start=1):
            letter = get_column_letter(number)
            self._shape(letter, column)
            self._drop_down(letter, column, lists, rows)
        self._page.row_dimensions[1].height = 32
        self._page.append([self._heading(column) for column in sheet.columns])
        # Styling a cell costs more than writing it, so each look is made once and its style shared.
        self._styles = [self._look(column, _FONT, None) for column in sheet.columns]
        self._quoted = [self._look(column, _FONT, None, quote=True) for column in sheet.columns]

    def example(self) -> None:
        """The row marked 示例, which the reader skips."""
        cells = []
        for column in self._sheet.columns:
            cell = self._cell(column.example)
            cell._style = self._look(column, _EXAMPLE_FONT, _EXAMPLE_FILL)
            cells.append(cell)
        self._page.append(cells)

    def row(self, values: Mapping[str, Value]) -> None:
        """One row by column key; absent and None are blank."""
        cells: list[Any] = []
        for place, column in enumerate(self._sheet.columns):
            value = values.get(column.key)
            if value is None:
                cells.append(None)
                continue
            cell = self._cell(value)
            risky = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
            cell._style = (self._quoted if risky else self._styles)[place]
            cells.append(cell)
        self._page.append(cells)

    def _cell(self, value: Value) -> Any:
        if isinstance(value, str):
            cell = WriteOnlyCell(self._page, escape(value))
            cell.data_type = "s"  # text stays text, also when it begins with = or looks like an error value
            return cell
        untyped: Any = value  # the stubs forget dates
        return WriteOnlyCell(self._page, untyped)

    def _heading(self, column: Column) -> Any:
        cell = self._cell(column.heading)
        cell.font, cell.alignment, cell.border = _HEAD_FONT, _CENTRE, _BOX
        cell.fill = _NEEDED_FILL if column.needed else _HEAD_FILL
        if column.note:
            cell.comment = Comment(column.note, "填表说明", height=90, width=280)
        return cell

    def _look(self, column: Column, font: Font, fill: PatternFill | None, *, quote: bool = False) -> Any:
        cell = self._cell("")
        cell.font, cell.alignment, cell.border = font, _WRAP, _BOX
        cell.number_format = _number_format(column)
        if fill:
            cell.fill = fill
        if quote:
            cell.quotePrefix = True
        return copy(cell._style)

    def _shape(self, letter: str, column: Column) -> None:
        dimension = self._page.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = _number_format(column)
        dimension.alignment = _WRAP

    def _drop_down(self, letter: str, column: Column, lists: Lists, rows: int) -> None:
        outside = lists.get((self._sheet.name, column.heading))
        entries = tuple(outside or column.choices)
        if not entries:
            return
        rule = DataValidation(type="list", formula1=self._source(entries, column, lists), allow_blank=True)
        rule.showErrorMessage = column.strict
        rule.errorTitle, rule.error = "请从下拉框中选", f"“{column.heading}”只能从下拉框中选。"
        rule.add(f"{letter}2:{letter}{rows}")
        self._page.data_validations.append(rule)

    def _source(self, entries: Sequence[str], column: Column, lists: Lists) -> str:
        joined = ",".join(entries)
        if (self._sheet.name, column.heading) not in lists and len(joined) <= _INLINE_LIMIT:
            return f'"{joined}"'
        letter = get_column_letter(list(lists).index((self._sheet.name, column.heading)) + 1)
        return f"{quote_sheetname(CHOICES_SHEET)}!${letter}$2:${letter}${len(entries) + 1}"


def add_choices_sheet(book: Any, lists: Lists) -> None:
    """The hidden sheet that long drop-downs take their entries from; none without such lists."""
    if not lists:
        return
    page = book.create_sheet(CHOICES_SHEET)
    page.sheet_state = "hidden"
    columns = [[f"{sheet}.{heading}", *entries] for (sheet, heading), entries in lists.items()]
    for place in range(max(map(len, columns))):
        page.append([_text(page, column[place]) if place < len(column) else None for column in columns])


def add_guide_sheet(book: Any, sheets: Sequence[Sheet]) -> None:
    """填表说明: what each sheet is for and what each column wants, in the order of the workbook."""
    page = book.create_sheet(GUIDE_SHEET)
    for letter, width in zip("ABCD", (14, 22, 10, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.append([_text(page, "花名册填表说明", _HEAD_FONT)])
    for line in _GUIDE:
        page.append([_text(page, line)])
    page.append([])
    page.append([_text(page, heading, _HEAD_FONT) for heading in ("工作表", "列", "必填", "说明")])
    for sheet in sheets:
        page.append([_text(page, sheet.name, _HEAD_FONT), None, None, _text(page, sheet.purpose, wrap=True)])
        for column in sheet.columns:
            needed = "必填" if column.filled or (column.needed and sheet.rows == "case") else None
            texts = (None, column.heading, needed, column.note or None)
            page.append([_text(page, text, wrap=text is column.note) if text else None for text in texts])


_GUIDE = (
    "1. “项目”表一个项目一行；其余各表一行一项，用“编号”与项目对应，没有的可以不填。",
    f"2. 编号写着“{EXAMPLE_ID}”的灰色行是示例，不当作项目，填完可以删去。",
    "3. 不要改表头和工作表的名称；列的次序可以调换，筛选、隐藏、合并编号都可以。",
    "4. 编号、代码、电话各列已设为文本：从别处粘贴时选“只粘贴值”，以免18位代码的末位或开头的0丢失。",
    "5. 不要用公式；日期可写成 2026-03-05、2026.3.5 或 2026年3月5日。",
    "6. 一格里要分行时按 Alt+回车；名称、代码、电话只能一行。",
    "7. 填好后先查一遍：daiban roster check 花名册.xlsx，它把所有问题按工作表和单元格一次列出。",
)


def _text(page: Any, text: str, font: Font = _FONT, *, wrap: bool = False) -> Any:
    cell = WriteOnlyCell(page, escape(text))
    cell.data_type = "s"
    cell.font = font
    if wrap:
        cell.alignment = _WRAP
    return cell


def _number_format(column: Column) -> str:
    if column.kind == "date":
        return _DATE_FORMAT
    return "General" if column.kind in ("text", "lines") else "@"
