"""Writing one sheet of a roster: widths, formats, drop-downs, headings with their notes, then row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from cases.roster.layout.definition import STAGE, CellValue, RosterColumn, RosterSheet
from cases.roster.writing import style
from cases.values.case_ids import BESIDE_ID

_SPARE_ROWS = 5_000  # rows beyond the data that keep drop-downs
_ROWS_PER_CASE = 40
_WIDEST_PAGE = 250  # characters of the body font that a landscape A4 page holds readably, at about half size
_WIDE_SCALE = 60  # per cent
Needed = Mapping[str, Mapping[str, Sequence[str]]]
"""By field id, for each document by its place (empty: of a row that names none) the stages at which a form wants it; a
blank stage stands for the first."""
SPARE_CASES = 2_000  # rows of the sheet of cases that are offered, beyond those that hold data
_FORMULA_STARTS = ("=", "+", "-", "@")
_NOTE_AUTHOR = "填表说明"


@dataclass(frozen=True, slots=True)
class DropDowns:
    """Drop-down entries that come from outside, by (sheet, heading), the hidden sheet they stand on, and the title of
    the sheet with a row per case. ``case_rows``: how many rows of it are offered. ``by_stage``: of some of them, which
    entries there are for each stage.
    """

    title: str
    case_sheet: str
    entries: Mapping[tuple[str, str], Sequence[str]]
    case_rows: int
    by_stage: Mapping[tuple[str, str], Mapping[str, Sequence[str]]] = field(default_factory=dict)

    @property
    def columns(self) -> list[tuple[str, Sequence[str]]]:
        """The columns of the hidden sheet but for the cases: what is at its head, and the entries below."""
        whole = [(f"{sheet}.{heading}", entries) for (sheet, heading), entries in self.entries.items()]
        parts = [
            (f"{sheet}.{heading}.{stage}", entries)
            for (sheet, heading), stages in self.by_stage.items()
            for stage, entries in stages.items()
        ]
        return whole + parts

    def _range(self, head: str) -> str:
        place, entries = next(
            (place, entries) for place, (name, entries) in enumerate(self.columns, 1) if name == head
        )
        letter = get_column_letter(place)
        return f"{quote_sheetname(self.title)}!${letter}$2:${letter}${len(entries) + 1}"

    @property
    def cases(self) -> str:
        """The range of the cases: as many as the sheet of cases has rows by now."""
        letter = get_column_letter(len(self.columns) + 1)
        ids = f"{quote_sheetname(self.case_sheet)}!$A$2:$A${self.case_rows}"
        return f"OFFSET({quote_sheetname(self.title)}!${letter}$2,0,0,MAX(COUNTA({ids}),1),1)"

    def case_entry(self, row: int) -> str | None:
        """The formula that shows a case by 编号 and name; a heading in the first row, nothing below the last."""
        if row == 1 or row > self.case_rows:
            return self.case_sheet if row == 1 else None
        sheet = quote_sheetname(self.case_sheet)
        return f'=IF({sheet}!$A{row}="","",{sheet}!$A{row}&"{BESIDE_ID}"&{sheet}!$B{row})'

    def formula(self, sheet: RosterSheet, column: RosterColumn) -> str | None:
        """What a column's drop-down takes its entries from: a range, or they themselves; None without entries."""
        key = (sheet.title, column.heading)
        if key in self.entries:
            head = f"{sheet.title}.{column.heading}"
            formula = self._range(head)
            letter = _stage_letter(sheet)
            for stage in reversed(tuple(self.by_stage.get(key, ())) if letter else ()):
                formula = f'IF(${letter}2="{stage}",{self._range(f"{head}.{stage}")},{formula})'
            return formula
        return f'"{",".join(column.choices)}"' if column.choices else None


def _stage_letter(sheet: RosterSheet) -> str:
    """The column that says which stage a row is of; empty where a sheet has none."""
    places = (place for place, column in enumerate(sheet.columns, 1) if column.field == STAGE)
    place = next(places, None)
    return get_column_letter(place) if place is not None and sheet.rows != "case" else ""


class SheetWriter:
    """One sheet being written; its headings are there from the beginning."""

    def __init__(self, book: Any, sheet: RosterSheet, drop_downs: DropDowns, cases: int) -> None:
        self.sheet = sheet
        self._page = book.create_sheet(sheet.title)
        self._page.freeze_panes = "C2" if sheet.rows == "case" else "B2"
        rows = cases * (1 if sheet.rows in ("case", "fields") else _ROWS_PER_CASE) + _SPARE_ROWS
        for number, column in enumerate(sheet.columns, start=1):
            letter = get_column_letter(number)
            self._shape(letter, column)
            self._drop_down(letter, column, drop_downs.formula(sheet, column), rows)
        self._case_ids(drop_downs, rows)
        self._page.row_dimensions[1].height = 32
        self._print_setup()
        self._page.append([self._heading(column) for column in sheet.columns])
        # Styling a cell costs more than writing it, so each style is made once and shared.
        self._styles = [self._style(column, style.PLAIN_FONT) for column in sheet.columns]
        self._quoted = [self._style(column, style.PLAIN_FONT, quote=True) for column in sheet.columns]

    def write_example(self) -> None:
        """The row marked 示例, which the reader skips."""
        cells = []
        for column in self.sheet.columns:
            cell = style.make_cell(self._page, column.example)
            cell._style = self._style(column, style.EXAMPLE_FONT, style.EXAMPLE_FILL)
            cells.append(cell)
        self._page.append(cells)

    def write(self, values: Mapping[str, CellValue]) -> None:
        """One row by field; absent and None are blank."""
        cells: list[Any] = []
        for place, column in enumerate(self.sheet.columns):
            value = values.get(column.field)
            if value is None:
                cells.append(None)
                continue
            cell = style.make_cell(self._page, value)
            risky = isinstance(value, str) and value.startswith(_FORMULA_STARTS)
            cell._style = (self._quoted if risky else self._styles)[place]
            cells.append(cell)
        self._page.append(cells)

    def _heading(self, column: RosterColumn) -> Any:
        cell = style.make_cell(self._page, column.heading)
        cell.font, cell.alignment, cell.border = style.HEADING_FONT, style.CENTRED, style.BORDER
        cell.fill = style.REQUIRED_FILL if column.required else style.HEADING_FILL
        if column.note:
            cell.comment = Comment(column.note, _NOTE_AUTHOR, height=90, width=280)
        return cell

    def _style(
        self, column: RosterColumn, font: Font, fill: PatternFill | None = None, *, quote: bool = False
    ) -> Any:
        cell = style.make_cell(self._page, "")
        cell.font, cell.alignment, cell.border = font, style.WRAPPED, style.BORDER
        cell.number_format = style.number_format(column)
        if fill:
            cell.fill = fill
        if quote:
            cell.quotePrefix = True
        return copy(cell._style)

    def _shape(self, letter: str, column: RosterColumn) -> None:
        dimension = self._page.column_dimensions[letter]
        dimension.width = column.width
        dimension.number_format = style.number_format(column)
        dimension.alignment = style.WRAPPED

    def mark_needed(self, needed: Needed) -> None:
        """Colour the blank cells that a case at its stage is to have filled (应填): on the sheet of cases alone."""
        letters = {
            column.field: get_column_letter(place) for place, column in enumerate(self.sheet.columns, 1)
        }
        last = SPARE_CASES
        for name, groups in needed.items():
            if name not in letters or STAGE not in letters:
                continue
            told = [self._group_condition(document, stages, letters) for document, stages in groups.items()]
            condition = f'AND($A2<>"",{letters[name]}2="",OR({",".join(told)}))'
            make_rule: Any = FormulaRule  # its stub has no types
            rule = make_rule(formula=[condition], fill=style.NEEDED_FILL)
            self._page.conditional_formatting.add(f"{letters[name]}2:{letters[name]}{last}", rule)

    def _group_condition(self, document: str, stages: Sequence[str], letters: Mapping[str, str]) -> str:
        """Whether the row is of a document (empty: it names none) and stands at one of these stages."""
        cell = f"${letters[STAGE]}2"
        at = ",".join(f'{cell}="{stage}"' for stage in stages)
        if "document" not in letters:
            return f"OR({at})"
        return f'AND(${letters["document"]}2="{document}",OR({at}))'

    def _case_ids(self, drop_downs: DropDowns, rows: int) -> None:
        """A drop-down of the cases by 编号 and name, on every sheet but their own; another text is accepted."""
        if self.sheet.rows != "case":
            self._drop_down("A", self.sheet.columns[0], drop_downs.cases, rows)

    def _print_setup(self) -> None:
        """Landscape pages with the headings on each, as wide as the sheet unless that would be too small to read."""
        page, sheet = self._page, self.sheet
        page.print_title_rows = "1:1"
        page.page_setup.orientation = "landscape"
        page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        if sum(column.width for column in sheet.columns) > _WIDEST_PAGE:
            page.page_setup.scale = _WIDE_SCALE
            page.print_title_cols = "A:B" if sheet.rows == "case" else "A:A"
            return
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

    def _drop_down(self, letter: str, column: RosterColumn, formula: str | None, rows: int) -> None:
        if formula is None:
            return
        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        rule.showErrorMessage = column.strict
        rule.errorTitle, rule.error = "请从下拉框中选", f"“{column.heading}”只能从下拉框中选。"
        rule.add(f"{letter}2:{letter}{rows}")
        self._page.data_validations.append(rule)
