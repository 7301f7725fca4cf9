"""Outlines of the lists and papers drafted after 晋市开办〔2021〕5号."""

from __future__ import annotations

from collections.abc import Mapping

from tools.drafting.markup import (
    END,
    Controls,
    Outline,
    TableCell,
    TableRow,
    loop_row,
    on_page,
    paragraph,
    printed,
    run,
    table,
)
from tools.drafting.outlines.parts import entry_table, head_row, pages_of, title
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


def decision_push(controls: Controls) -> str:
    """审管信息推送单: a page for each decision, with room for what the supervising department sends back."""
    pushes = "decision_pushes"

    def row(name: str, leaf: str, *, height: int = 794, multiline: bool = False) -> TableRow:
        value = controls.entry(pushes, leaf, f"d.{leaf}", multiline=multiline)
        return TableRow(
            [_large(name), TableCell([paragraph("CellLarge", value)])], height=height, whole=not multiline
        )

    def day(name: str, leaf: str) -> TableRow:
        cell = TableCell([paragraph("CellLarge", controls.entry_date(pushes, leaf, "d"))])
        return TableRow([_large(name), cell], height=794, whole=True)

    rows = [
        row("监管部门", "department"),
        row("联络员及电话", "liaison"),
        row("项目名称", "project"),
        row("项目代码", "code"),
        row("项目单位", "enterprise"),
        row("审批事项", "item"),
        row("审批结果", "result"),
        row("批准文号", "number"),
        day("决定日期", "decided"),
        day("推送日期", "pushed"),
        row("推送部门", "sender"),
        row("事中事后监管结果", "feedback", height=2041, multiline=True),
    ]
    return pages_of(pushes, "d", "审管信息推送单", table((2300, 6545), rows))


def _large(text: str) -> TableCell:
    return TableCell([printed("CellLargeLabel", text)])


@on_page(section(landscape=True))
def previous_year(controls: Controls) -> str:
    """上一年度办理情况汇总: landscape, a row for each project."""
    year = paragraph("Normal", run("汇总年度："), controls.text("listing.last_year"), properties=_UNDER)
    columns = (
        ("项目名称", "name", 3000),
        ("项目单位", "enterprise", 2300),
        ("项目性质", "type", 1500),
        ("上一年度办理情况", "last_year", 3757),
        ("项目经理", "manager", 1500),
    )
    return title("上一年度办理情况汇总", gap=240) + year + _list(controls, columns) + END


def liaison_list(controls: Controls) -> str:
    """联络员名单: each 监管部门 and the one whom it has charged with 信息互通对接."""
    columns = (("监管部门", "department", 3945), ("联络员", "name", 1800), ("联系电话", "phone", 2400))
    rows = entry_table(controls, "portfolio.liaisons", columns, centred={"name", "phone"})
    return title("联络员名单", gap=400) + rows + END


OUTLINES: Mapping[str, Outline] = {
    "weekly-summary": weekly_summary,
    "annual-projects": annual_projects,
    "decision-push": decision_push,
    "previous-year": previous_year,
    "liaison-list": liaison_list,
}
