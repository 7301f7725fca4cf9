"""Outlines of the two lists drafted after 晋市开办〔2021〕5号: the weekly summary and the year's list of projects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.drafting.markup import END, Controls, TableCell, TableRow, loop_row, on_page, paragraph, run, table
from tools.drafting.outlines.parts import head_row, title
from tools.drafting.page import section

_UNDER = '<w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'


def _list(controls: Controls, columns: tuple[tuple[str, str, int], ...]) -> str:
    number = TableCell([paragraph("CellLabel", run("{{ loop.index }}"))])
    cells = [
        TableCell([paragraph("CellText", controls.entry("projects", leaf, f"p.{leaf}", multiline=True))])
        for _, leaf, _ in columns
    ]
    count = len(columns) + 1
    return table(
        (700, *(width for *_, width in columns)),
        [
            head_row(("序号", *(name for name, *_ in columns))),
            loop_row("{%tr for p in projects %}", count),
            TableRow([number, *cells], height=760, whole=True),
            loop_row("{%tr endfor %}", count),
        ],
    )


@on_page(section(landscape=True))
def weekly_summary(controls: Controls) -> str:
    """项目手续办理情况周汇总表: landscape, a row for each project."""
    week = paragraph(
        "Normal",
        run("汇总时间："),
        controls.date("listing.start"),
        run("至"),
        controls.date("listing.end"),
        properties=_UNDER,
    )
    columns = (
        ("项目名称", "name", 2500),
        ("项目经理", "manager", 1200),
        ("代办员", "steward", 1200),
        ("手续办理情况", "status", 3157),
        ("存在问题", "problems", 2000),
        ("解决情况", "solution", 2000),
    )
    return title("项目手续办理情况周汇总表", gap=240) + week + _list(controls, columns) + END


@on_page(section(landscape=True))
def annual_projects(controls: Controls) -> str:
    """年度重点项目手续清单: landscape, a row for each project."""
    year = paragraph("Normal", run("年度："), controls.text("listing.year"), properties=_UNDER)
    columns = (
        ("项目名称", "name", 2700),
        ("项目性质", "type", 1500),
        ("上一年度办理情况", "previous", 2857),
        ("需要办理的手续事项", "matters", 3500),
        ("项目经理", "manager", 1500),
    )
    return title("年度重点项目手续清单", gap=240) + year + _list(controls, columns) + END


OUTLINES: Mapping[str, Callable[[Controls], str]] = {
    "weekly-summary": weekly_summary,
    "annual-projects": annual_projects,
}
