"""The list of a batch as a workbook: documents by case, every finding, pages and files that were not placed.

Every value is text: what looks like a formula is a text cell that spreadsheet programs leave alone. Columns
can be filtered; the head stays in sight; it prints on A4 across.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from daiban.verifying.outcome import BatchReport, DocumentOutcome
from daiban.verifying.reporting import view
from extractors.model import VERDICT_NAMES
from foundation.showing import bounded, plain

_CELL_LIMIT = 32_000  # characters a cell can hold, with some room
_LINE = Side(style="thin", color="FFBFC6CC")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_HEAD_FONT = Font(name="黑体", size=11)
_HEAD_FILL = PatternFill("solid", fgColor="FFE6EAED")
_FONT = Font(name="宋体", size=10.5)
_TOP = Alignment(wrap_text=True, vertical="top")
_MIDDLE = Alignment(wrap_text=True, vertical="center", horizontal="center")
#: Verdict or weight, as shown → (fill, type).
_COLOURS = {
    "不齐全": ("FFFBE3E3", "FFA61B1B"),
    "须补齐": ("FFFBE3E3", "FFA61B1B"),
    "待人工核对": ("FFFDF1D3", "FF8A5800"),
    "须核对": ("FFFDF1D3", "FF8A5800"),
    "齐全": ("FFDFF0E7", "FF2C6E4F"),
}
_LOOKS = {
    name: (PatternFill("solid", fgColor=fill), Font(name="黑体", size=10.5, color=ink))
    for name, (fill, ink) in _COLOURS.items()
}


@dataclass(frozen=True, slots=True)
class _ListTable:
    name: str
    columns: tuple[tuple[str, int], ...]  # heading, width in characters
    rows: Iterable[tuple[str, ...]]


def write_xlsx(report: BatchReport, path: Path) -> Path:
    """Write the workbook to ``path`` and return it.

    :raises OSError: the place cannot be written.
    """
    book = Workbook()
    for page in book.worksheets:
        book.remove(page)
    for table in _tables(report):
        _fill(book.create_sheet(table.name), table)
    book.save(path)
    return path


def _tables(report: BatchReport) -> Iterator[_ListTable]:
    yield _ListTable(
        "核验清单",
        (
            ("案件编号", 15),
            ("项目名称", 30),
            ("项目单位", 24),
            ("文书", 22),
            ("文书编号", 12),
            ("结论", 12),
            ("页数", 7),
            ("须补齐", 44),
            ("须核对", 44),
            ("归档位置", 30),
            ("备注", 20),
            ("机器结论", 12),
            ("由人决定", 44),
        ),
        (_document(item) for _, documents in view.by_case(report) for item in documents),
    )
    yield _ListTable(
        "问题明细",
        (
            ("案件编号", 15),
            ("文书", 22),
            ("文书编号", 12),
            ("轻重", 9),
            ("类别", 12),
            ("页", 6),
            ("字段", 20),
            ("问题", 60),
            ("读数", 34),
            ("图片", 34),
        ),
        (row for _, documents in view.by_case(report) for item in documents for row in _findings(item)),
    )
    if report.unplaced:
        yield _ListTable(
            "未归入的页",
            (("文件", 44), ("页", 7), ("原因", 26), ("说明", 50)),
            (
                (page.source, str(page.source_page), view.reason_name(page), page.detail)
                for page in report.unplaced
            ),
        )
    if report.failed:
        yield _ListTable(
            "没能处理的文件",
            (("文件", 44), ("位置", 30), ("原因", 50), ("怎么办", 44)),
            (
                (item.source, problem.where, problem.problem, problem.advice or "")
                for item in report.failed
                for problem in item.problems
            ),
        )


def _document(item: DocumentOutcome) -> tuple[str, ...]:
    return (
        item.case,
        item.project,
        item.enterprise,
        item.title,
        item.issue,
        VERDICT_NAMES[item.verdict],
        view.pages_text(item),
        _messages(item, "incomplete"),
        _messages(item, "review"),
        item.filed or "",
        item.note,
        VERDICT_NAMES[item.machine_verdict],
        "\n".join(view.answer_text(item, answer) for answer in item.answers),
    )


def _messages(item: DocumentOutcome, weight: str) -> str:
    return "\n".join(finding.message for finding in item.findings if finding.weight == weight)


def _findings(item: DocumentOutcome) -> Iterator[tuple[str, ...]]:
    for numbered in view.numbered(item):
        finding = numbered.finding
        yield (
            item.case,
            item.title,
            item.issue,
            numbered.weight_name,
            numbered.code_name,
            str(finding.page or ""),
            finding.label,
            finding.message,
            numbered.measures,
            finding.evidence or "",
        )


def _fill(page: Any, table: _ListTable) -> None:
    for number, (heading, width) in enumerate(table.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
        cell = page.cell(1, number)
        _write(cell, heading)
        cell.font, cell.fill, cell.alignment = _HEAD_FONT, _HEAD_FILL, _MIDDLE
    page.row_dimensions[1].height = 24
    last = 1
    for last, row in enumerate(table.rows, start=2):
        for number, value in enumerate(row, start=1):
            _write(page.cell(last, number), value)
    page.freeze_panes = "B2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{last}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_title_rows = "1:1"


def _write(cell: Any, value: str) -> None:
    """A text cell, whatever its text begins with; the quote prefix keeps it so when somebody edits it."""
    text = bounded(plain(value)).replace("\ufffe", "").replace("\uffff", "")[:_CELL_LIMIT]
    cell.value = text
    cell.data_type = "s"  # openpyxl takes “=…” for a formula and “#N/A” for an error
    fill, font = _LOOKS.get(text, (None, _FONT))
    cell.font, cell.alignment, cell.border = font, _TOP, _BOX
    if fill is not None:
        cell.fill = fill
    if text[:1] in ("=", "+", "-", "@"):
        cell.quotePrefix = True
