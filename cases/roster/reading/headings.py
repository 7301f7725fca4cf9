"""Finding the sheets and headings of a roster, in whatever order staff keep them.

What is missing, misspelt or there twice is a problem with its cell and the nearest known name: a column under a
misspelt heading would otherwise be lost silently. Columns and sheets of staff's own are passed over with a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from openpyxl.utils import get_column_letter

from cases.model.fields import nearest_name
from cases.roster.cells import unescape
from cases.roster.layout.definition import RosterColumn, RosterLayout, RosterSheet
from cases.roster.layout.names import fold_heading, without_brackets
from cases.roster.reading.tables import RosterTables, SheetTable
from cases.roster.reading.workbook import RosterWorkbook
from foundation.errors import Problem
from foundation.nearest import nearest

HEADER_WITHIN = 10  # rows; offices put a title or two above the headings
_SAMPLE_ROWS = 100
_ALIKE = (
    0.6  # from 0 to 1, as of difflib: 联系人 is like 项目联系人 (0.75), 项目状态 is not like 项目类型 (0.5)
)
_PASSED_OVER = RosterColumn(heading="不导入", field="-")
"""Stands for a column of an imported table that is not to be read."""
Headings = list[tuple[int, str]]
"""Column index (from 0) and text of each heading of a row."""


def find_tables(book: RosterWorkbook, layout: RosterLayout, label: str) -> tuple[RosterTables, list[Problem]]:
    """Every sheet of the layout that a workbook has, and every problem of its sheets and headings."""
    titles, problems = _find_sheets(book, layout, label)
    by_title = {}
    for sheet in layout.sheets:
        if sheet.title in titles:
            required = sheet is layout.case_sheet
            table, found = _read_headings(book, sheet, titles[sheet.title], label, required=required)
            problems += found
            if table:
                by_title[sheet.title] = table
    return RosterTables(label, layout, by_title), problems


def _find_sheets(
    book: RosterWorkbook, layout: RosterLayout, label: str
) -> tuple[dict[str, str], list[Problem]]:
    """The workbook's own title of each sheet of the layout, and problems with the other sheets."""
    names = {
        fold_heading(name): sheet.title for sheet in layout.sheets for name in (sheet.title, *sheet.aliases)
    }
    titles: dict[str, str] = {}
    unknown = []
    for title in book.sheet_names:
        name = names.get(fold_heading(title))
        if name is None or name in titles:
            unknown.append(title)
        else:
            titles[name] = title
    problems = [
        _unknown_sheet(book, layout, title, titles, label)
        for title in unknown
        if title not in {layout.guide.title, layout.choices_title, *layout.ignored}
        and _has_content(book, title)
    ]
    if layout.case_sheet.title not in titles:
        problems.insert(0, _no_case_sheet(book, layout.case_sheet.title, label))
    return titles, problems


def _no_case_sheet(book: RosterWorkbook, title: str, label: str) -> Problem:
    present = "、".join(f"“{name}”" for name in book.sheet_names)
    near = nearest_name(title, book.sheet_names)
    advice = f"把“{near}”改名为“{title}”？" if near else "用 daiban roster new 建一份空的花名册来填"
    return Problem(label, f"缺少工作表“{title}”，现有{present}", advice=advice)


def _has_content(book: RosterWorkbook, title: str) -> bool:
    return any(
        cell.value is not None for _, cells in islice(book.rows(title), _SAMPLE_ROWS) for cell in cells
    )


def _unknown_sheet(
    book: RosterWorkbook, layout: RosterLayout, title: str, titles: Mapping[str, str], label: str
) -> Problem:
    candidates = [sheet.title for sheet in layout.sheets if _looks_like(book, title, sheet)]
    near = nearest_name(title, candidates)
    if near is None:
        names = "、".join(sheet.title for sheet in layout.sheets if sheet.usual)
        advice = f"花名册的工作表是：{names}"
        return Problem(f"{label} {title}", "这张工作表是自己加的，没有读", advice=advice, severity="warning")
    if near in titles:
        return Problem(f"{label} {title}", f"已有工作表“{near}”，这一张没有读", severity="warning")
    return Problem(f"{label} {title}", "不认识的工作表", advice=f"是不是“{near}”？请改名")


def _looks_like(book: RosterWorkbook, title: str, sheet: RosterSheet) -> bool:
    """Whether a sheet has several headings of a known one: a similar title alone may be staff's own."""
    known = _known_headings(sheet)
    _, headings = _heading_row(book, title, known)
    return sum(_match(text, known) is not None for _, text in headings) > 1


def _known_headings(sheet: RosterSheet) -> dict[str, RosterColumn]:
    by_field = {column.field: column for column in sheet.columns}
    known = {
        fold_heading(name): column for column in sheet.columns for name in (column.heading, *column.aliases)
    }
    return known | {name: by_field.get(field, _PASSED_OVER) for name, field in sheet.renamed.items()}


def _read_headings(
    book: RosterWorkbook, sheet: RosterSheet, title: str, label: str, *, required: bool
) -> tuple[SheetTable | None, list[Problem]]:
    """One sheet's table; None when it has no headings, a problem unless the sheet is blank and not ``required``."""
    known = _known_headings(sheet)
    row, headings = _heading_row(book, title, known)
    place = f"{label} {title}"
    if row is None:
        if not required and not _has_content(book, title):
            return None, []
        advice = "表头应含：" + "、".join(column.heading for column in sheet.columns if column.required)
        return None, [Problem(place, f"前{HEADER_WITHIN}行里找不到表头", advice=advice)]
    columns: dict[str, int] = {}
    unknown: list[tuple[str, str]] = []
    problems = []
    whole = {column.field for _, text in headings if (column := known.get(fold_heading(text)))}
    for index, text in headings:
        column = _match(text, known)
        if column is not None and column.field in whole and known.get(fold_heading(text)) is None:
            column = None  # 备注（内部） beside 备注 is staff's own
        cell = f"{place}!{get_column_letter(index + 1)}{row}"
        if column is _PASSED_OVER:
            continue  # whoever imports says so
        if column is None:
            unknown.append((cell, " ".join(text.split())[:30]))
        elif column.field in columns:
            other = get_column_letter(columns[column.field] + 1)
            reason = f"表头“{column.heading}”重复，{other}{row} 已有"
            problems.append(Problem(cell, reason, advice="只留一列"))
        else:
            columns[column.field] = index
    table = SheetTable(sheet, title, row, columns, book.struck_styles)
    return table, [*problems, *_unmatched(table, unknown, place)]


def _heading_row(
    book: RosterWorkbook, title: str, known: Mapping[str, RosterColumn]
) -> tuple[int | None, Headings]:
    """The row with most known headings: its number (None when no row has any), and its headings.

    Headings may stand over two rows, such as 编号 beside a group of columns with a name above it; then the lower row is
    the one that is found.
    """
    covered = book.merged_rows(title)
    best: tuple[int, int | None, Headings] = (0, None, [])
    above: dict[int, str] = {}
    for number, cells in islice(book.rows(title), HEADER_WITHIN):
        own = dict(_texts(cells))
        both = own | _headings_above(own, above, known)
        count = _known_count(both, known)
        joined = any(
            top == number - 1 and column - 1 in both for column, top in covered.get(number, {}).items()
        )
        if count > best[0] or (count == best[0] and joined):
            best = (count, number, sorted(both.items()))
        above = own
    return best[1], best[2]


def _headings_above(
    own: Mapping[int, str], above: Mapping[int, str], known: Mapping[str, RosterColumn]
) -> dict[int, str]:
    """The known headings of the row above that stand over a blank and are not in the row itself."""
    matched = {column.field for text in own.values() if (column := _match(text, known))}
    return {
        index: text
        for index, text in above.items()
        if index not in own and (column := _match(text, known)) and column.field not in matched
    }


def _known_count(headings: Mapping[int, str], known: Mapping[str, RosterColumn]) -> int:
    return len({column.field for text in headings.values() if (column := _match(text, known))})


def _texts(cells: tuple[Any, ...]) -> Iterator[tuple[int, str]]:
    for index, cell in enumerate(cells):
        text = "" if cell.value is None else unescape(str(cell.value)).strip()
        if text:
            yield index, text


def _match(text: str, known: Mapping[str, RosterColumn]) -> RosterColumn | None:
    """The column a heading names, whole or without what stands in brackets; a vague one only whole: 备注（内部） is
    staff's own, and must not come out on a form.
    """
    whole, bare = known.get(fold_heading(text)), known.get(without_brackets(text))
    return whole or (bare if bare is not None and not bare.vague else None)


def _meant(shown: str, absent: Mapping[str, object]) -> str | None:
    """The absent heading that an unknown one may be meant for; one that can be left out must be more like it."""
    near = nearest_name(shown, absent)
    return near if near is None or absent[near] else nearest(shown, [near], cutoff=_ALIKE)


def _unmatched(table: SheetTable, unknown: list[tuple[str, str]], place: str) -> Iterator[Problem]:
    """Headings that name no column, by cell, and required columns without a heading.

    The two are matched with each other because they are often one and the same mistake: an unknown heading can only
    mean a column that the sheet lacks, and a missing column is looked for among the unknown headings alone.
    """
    absent = {
        column.heading: column.required
        for column in table.sheet.columns
        if column.field not in table.columns and not column.vague
    }
    meant = {shown: _meant(shown, absent) for _, shown in unknown}
    for cell, shown in unknown:
        near = meant[shown]
        if near:
            own = "" if absent[near] else "是自己加的列，就换个不相近的名称"
            yield Problem(cell, f"不认识的表头“{shown}”", advice=f"是不是“{near}”？{own}")
        else:
            yield Problem(cell, f"“{shown}”这一列是自己加的，没有读", severity="warning")
    row = f"第{table.header_row}行"
    for column in table.sheet.columns:
        if column.required and column.heading in absent:
            written = next((shown for shown, near in meant.items() if near == column.heading), None)
            advice = f"是不是写成了“{written}”？" if written else f"在{row}加上这一列"
            yield Problem(f"{place} {row}", f"缺少表头“{column.heading}”", advice=advice)
