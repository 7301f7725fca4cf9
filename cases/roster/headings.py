"""Finding the sheets and headings of a roster, in whatever order staff keep them.

Headings match after folding width, blanks, line breaks, brackets and quotation marks. What is missing,
unknown or there twice is a problem with its cell and the nearest known name: a column under a misspelt
heading would otherwise be lost silently.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from openpyxl.utils import get_column_letter

from cases.model.fields import nearest
from cases.roster.cells import unescape
from cases.roster.layout import CHOICES_SHEET, GUIDE_SHEET, Column, Sheet
from cases.roster.sheet_projects import PROJECTS
from cases.roster.sheets import SHEETS
from cases.roster.workbook import Book
from cases.values.text import fold_width
from foundation.errors import Problem

HEADER_WITHIN = 10
_DECORATION = re.compile(r"[\s()\[\]{}<>【】〔〕《》「」“”\"'‘’*:_•]+")
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet found in a workbook: its title there, the row of its headings (from 1), and key → column
    index (from 0).
    """

    sheet: Sheet
    title: str
    header_row: int
    columns: dict[str, int]

    def cell(self, key: str, row: int) -> str:
        """``项目!C5``: the cell of a column, or of 编号 where the sheet has no such column."""
        index = self.columns.get(key, self.columns.get("id", 0))
        return f"{self.title}!{get_column_letter(index + 1)}{row}"


def find_tables(book: Book, label: str) -> tuple[dict[str, Table], list[Problem]]:
    """Every sheet of the roster that is there, by its official name, and every problem of sheets and
    headings.
    """
    titles, problems = _find_sheets(book, label)
    tables = {}
    for sheet in SHEETS:
        if sheet.name in titles:
            table, found = _read_headings(book, sheet, titles[sheet.name], label)
            problems += found
            if table:
                tables[sheet.name] = table
    return tables, problems


def fold_heading(text: str) -> str:
    """A heading or sheet name without what people vary."""
    return _DECORATION.sub("", fold_width(text)).casefold()


def _find_sheets(book: Book, label: str) -> tuple[dict[str, str], list[Problem]]:
    names = {fold_heading(name): sheet.name for sheet in SHEETS for name in (sheet.name, *sheet.aliases)}
    titles: dict[str, str] = {}
    unknown = []
    for title in book.sheet_names:
        name = names.get(fold_heading(title))
        if name is None or name in titles:
            unknown.append(title)
        else:
            titles[name] = title
    problems = [
        _unknown_sheet(book, title, titles, label) for title in unknown if _may_hold_data(book, title)
    ]
    if PROJECTS.name not in titles:
        there = "、".join(f"“{title}”" for title in book.sheet_names)
        near = nearest(PROJECTS.name, book.sheet_names)
        advice = f"把“{near}”改名为“项目”？" if near else "用 daiban roster new 建一份空的花名册来填"
        problems.insert(0, Problem(label, f"缺少工作表“{PROJECTS.name}”，现有{there}", advice=advice))
    return titles, problems


def _may_hold_data(book: Book, title: str) -> bool:
    if title in {GUIDE_SHEET, CHOICES_SHEET}:
        return False
    return any(cell.value is not None for _, cells in islice(book.rows(title), 100) for cell in cells)


def _unknown_sheet(book: Book, title: str, titles: dict[str, str], label: str) -> Problem:
    near = nearest(title, [sheet.name for sheet in SHEETS if sheet.usual or _looks_like(book, title, sheet)])
    if near is None:
        names = "、".join(sheet.name for sheet in SHEETS if sheet.usual)
        advice = f"花名册的工作表是：{names}"
        return Problem(f"{label} {title}", "不认识的工作表，没有读", advice=advice, severity="warning")
    if near in titles:
        return Problem(f"{label} {title}", f"已有工作表“{near}”，这一张没有读", severity="warning")
    return Problem(f"{label} {title}", "不认识的工作表", advice=f"是不是“{near}”？请改名")


def _looks_like(book: Book, title: str, sheet: Sheet) -> bool:
    """Whether a sheet has headings of one that few offices use: by its name alone it may be something of their own."""
    known = _known(sheet)
    _, headings = _heading_row(islice(book.rows(title), HEADER_WITHIN), known)
    return sum(_match(text, known) is not None for _, text in headings) > 1


def _known(sheet: Sheet) -> dict[str, Column]:
    return {
        fold_heading(name): column for column in sheet.columns for name in (column.heading, *column.aliases)
    }


def _read_headings(book: Book, sheet: Sheet, title: str, label: str) -> tuple[Table | None, list[Problem]]:
    known = _known(sheet)
    row, headings = _heading_row(islice(book.rows(title), HEADER_WITHIN), known)
    place = f"{label} {title}"
    if row is None:
        if sheet is not PROJECTS and not _may_hold_data(book, title):
            return None, []
        advice = "表头应含：" + "、".join(column.heading for column in sheet.columns if column.needed)
        return None, [Problem(place, f"前{HEADER_WITHIN}行里找不到表头", advice=advice)]
    columns: dict[str, int] = {}
    unknown: list[tuple[str, str]] = []
    problems = []
    for index, text in headings:
        column = _match(text, known)
        cell = f"{place}!{get_column_letter(index + 1)}{row}"
        if column is None:
            unknown.append((cell, " ".join(text.split())[:30]))
        elif column.key in columns:
            other = get_column_letter(columns[column.key] + 1)
            problems.append(
                Problem(cell, f"表头“{column.heading}”重复，{other}{row} 已有", advice="只留一列")
            )
        else:
            columns[column.key] = index
    table = Table(sheet, title, row, columns)
    return table, [*problems, *_not_matched(table, unknown, place)]


def _heading_row(
    rows: Iterable[tuple[int, tuple[Any, ...]]], known: dict[str, Column]
) -> tuple[int | None, list[tuple[int, str]]]:
    """The row with most known headings: its number (None without any), its texts by column index."""
    best: tuple[int, int | None, list[tuple[int, str]]] = (0, None, [])
    for number, cells in rows:
        texts = list(_texts(cells))
        count = sum(_match(text, known) is not None for _, text in texts)
        if count > best[0]:
            best = (count, number, texts)
    return best[1], best[2]


def _texts(cells: tuple[Any, ...]) -> Iterator[tuple[int, str]]:
    for index, cell in enumerate(cells):
        text = "" if cell.value is None else unescape(str(cell.value)).strip()
        if text:
            yield index, text


def _match(text: str, known: dict[str, Column]) -> Column | None:
    """The column a heading names, whole or without what stands in brackets (``完结日期（年月日）``)."""
    return known.get(fold_heading(text)) or known.get(fold_heading(_BRACKETED.sub("", fold_width(text))))


def _not_matched(table: Table, unknown: list[tuple[str, str]], place: str) -> Iterator[Problem]:
    """Headings that name no column, by cell, and needed columns without a heading.

    They are told together because they are often one and the same mistake: an unknown heading may only mean a column
    that nothing else on the sheet is, and a missing column is looked for among those headings alone.
    """
    absent = [column.heading for column in table.sheet.columns if column.key not in table.columns]
    meant = {shown: nearest(shown, absent) for _, shown in unknown}
    for cell, shown in unknown:
        near = meant[shown]
        advice = f"是不是“{near}”？" if near else "删去这一列；表头见 daiban roster new 建的空花名册"
        yield Problem(cell, f"不认识的表头“{shown}”", advice=advice)
    row = f"第{table.header_row}行"
    for column in table.sheet.columns:
        if column.needed and column.heading in absent:
            written = next((shown for shown, near in meant.items() if near == column.heading), None)
            advice = f"是不是写成了“{written}”？" if written else f"在{row}加上这一列"
            yield Problem(f"{place} {row}", f"缺少表头“{column.heading}”", advice=advice)
