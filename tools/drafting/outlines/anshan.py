"""Outlines of the forms of 鞍营商发〔2024〕4号: 专班成员名单 as printed, three 项目清单, 审批手续办理工作计划."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
from tools.drafting.outlines.anshan_papers import PAPERS
from tools.drafting.outlines.parts import head_row, heading, title
from tools.drafting.outlines.people import people
from tools.drafting.page import section

_WIDTHS = (1500, 1500, 5845)
_GROUPS = (
    ("（一）社会投资类项目审批工作推进组", "social"),
    ("（二）城市建设类项目审批工作推进组", "urban"),
    ("（三）工业四改类项目审批工作推进组", "industrial"),
)


def task_force(controls: Controls) -> str:
    """市营商环境建设局（市行政审批局）项目前期手续办理攻坚工作专班成员名单."""
    parts = [
        heading("附件 1", "市营商环境建设局（市行政审批局）\n项目前期手续办理攻坚工作专班成员名单"),
        people(controls, [("负责人：", "task_force.heads")], _WIDTHS),
    ]
    for name, key in _GROUPS:
        groups = [("组　长：", f"task_force.{key}.leaders"), ("组　员：", f"task_force.{key}.members")]
        parts += [printed("HeadingTwo", name), people(controls, groups, _WIDTHS)]
    return "".join(parts) + END


_APPROVALS = (
    ("立项", "initiation"),
    ("选址", "site"),
    ("规划许可", "planning"),
    ("人防报建", "civil_defence"),
    ("环评", "environment"),
    ("能评", "energy"),
    ("施工许可", "construction"),
)
#: 序号, 项目名称, 项目内容, 形象进度, and seven approvals: 225 mm. An approval's column holds “10个工作日” in a line.
_GRID = (600, 1490, 1500, 1012, *(1165,) * 7)
_NARROW = 30


def _project_list(number: str, name: str) -> Callable[[Controls], str]:
    def outline(controls: Controls) -> str:
        return "".join(
            (
                heading(number, name, gap=240),
                table(_GRID, [*_heads(), loop_row("{%tr for p in projects %}", 11), _row(controls), _end()]),
                END,
            )
        )

    outline.__doc__ = f"{name}: landscape, a row for each project."
    return on_page(section(landscape=True))(outline)


def _heads() -> list[TableRow]:
    def label(text: str, *, span: int = 1, merge: str = "", margin: int | None = None) -> TableCell:
        return TableCell([printed("CellSmallLabel", text)], span=span, merge=merge, margin=margin)

    names = ("序号", "项目名称", "项目内容", "形象进度")
    first = [*(label(name, merge="restart") for name in names), label("审批事项的承办部门及承诺时限", span=7)]
    second = [
        *(label("", merge="continue") for _ in names),
        *(label(name, margin=_NARROW) for name, _ in _APPROVALS),
    ]
    return [
        TableRow(first, height=440, whole=True, header=True),
        TableRow(second, height=440, whole=True, header=True),
    ]


def _row(controls: Controls) -> TableRow:
    def entry(leaf: str) -> str:
        return paragraph("CellSmall", controls.entry("projects", leaf, f"p.{leaf}", multiline=True))

    approvals = [
        TableCell(
            [
                paragraph(
                    "CellSmallLabel", controls.entry("projects", f"{key}.department", f"p.{key}.department")
                ),
                paragraph("CellSmallLabel", controls.entry("projects", f"{key}.limit", f"p.{key}.limit")),
            ],
            margin=_NARROW,
        )
        for _, key in _APPROVALS
    ]
    cells = [
        TableCell([paragraph("CellSmallLabel", run("{{ loop.index }}"))]),
        *(TableCell([entry(leaf)]) for leaf in ("name", "content", "progress")),
        *approvals,
    ]
    return TableRow(cells, height=760, whole=True)


def _end() -> TableRow:
    return loop_row("{%tr endfor %}", 11)


@on_page(section(landscape=True))
def procedure_plan(controls: Controls) -> str:
    """审批手续办理工作计划: landscape, a row for each procedure of one project."""
    columns = (
        ("需要办理的事项", "item", 2300),
        ("受理条件", "conditions", 2500),
        ("申请材料", "materials", 2960),
        ("设定依据", "basis", 2657),
        ("承诺办结时限", "limit", 1640),
    )
    number = TableCell([paragraph("CellLabel", run("{{ loop.index }}"))])
    cells = [
        TableCell([paragraph("CellText", controls.entry("procedures", leaf, f"e.{leaf}", multiline=True))])
        for _, leaf, _ in columns
    ]
    under = '<w:spacing w:after="120" w:line="579" w:lineRule="exact"/>'
    return "".join(
        (
            title("审批手续办理工作计划", gap=240),
            paragraph("Normal", run("项目名称："), controls.text("project.name"), properties=under),
            table(
                (700, *(width for *_, width in columns)),
                [
                    head_row(("序号", *(name for name, *_ in columns))),
                    loop_row("{%tr for e in procedures %}", 6),
                    TableRow([number, *cells], height=760, whole=True),
                    loop_row("{%tr endfor %}", 6),
                ],
            ),
            END,
        )
    )


OUTLINES: Mapping[str, Outline] = {
    "task-force": task_force,
    "social-investment": _project_list("附件 2", "社会投资类项目清单"),
    "urban-construction": _project_list("附件 3", "城市建设类项目清单"),
    "industrial-upgrade": _project_list("附件 4", "工业四改类项目清单"),
    "procedure-plan": procedure_plan,
    **PAPERS,
}
