"""Outline of the list of a case's files (卷内文件目录), with the columns of a 归档文件目录 (DA/T 22-2015)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.drafting.markup import END, Controls, TableCell, TableRow, loop_row, paragraph, run, table
from tools.drafting.outlines.parts import head_row, title

_UNDER = '<w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'
#: Column, field, width in twips, style of the cell.
_COLUMNS = (
    ("文件编号", "issue", 1500, "CellSmallLabel"),
    ("责任者", "responsible", 1750, "CellSmall"),
    ("题　名", "title", 2095, "CellSmall"),
    ("日　期", "date", 1400, "CellSmallLabel"),
    ("页数", "pages", 650, "CellSmallLabel"),
    ("备注", "remark", 850, "CellSmallLabel"),
)


def contents(controls: Controls) -> str:
    """卷内文件目录: a row for each document, the heading row on every page, blank rows for what is added by hand."""
    number = TableCell([paragraph("CellSmallLabel", run("{{ loop.index }}"))])
    cells = [
        TableCell([paragraph(style, controls.entry("archive.documents", leaf, f"d.{leaf}", multiline=many))])
        for _, leaf, _, style in _COLUMNS
        for many in (leaf in ("responsible", "title", "remark"),)
    ]
    count = len(_COLUMNS) + 1
    return "".join(
        (
            title("卷内文件目录", gap=290),
            paragraph("Normal", run("项目名称："), controls.text("project.name")),
            paragraph("Normal", run("项目单位："), controls.text("enterprise.name"), properties=_UNDER),
            table(
                (600, *(width for *_, width, _ in _COLUMNS)),
                [
                    head_row(("序号", *(name for name, *_ in _COLUMNS)), small=True),
                    loop_row("{%tr for d in archive.documents %}", count),
                    TableRow([number, *cells], height=680, whole=True),
                    loop_row("{%tr endfor %}", count),
                ],
            ),
            END,
        )
    )


OUTLINES: Mapping[str, Callable[[Controls], str]] = {"contents": contents}
