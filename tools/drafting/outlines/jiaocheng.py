"""Outlines of the forms of 交开党工委发〔2023〕9号: the 领导组名单 as printed, and the 任务分工清单."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.drafting.markup import END, Controls, TableCell, TableRow, loop_row, on_page, paragraph, run, table
from tools.drafting.outlines.parts import head_row, title
from tools.drafting.outlines.people import people
from tools.drafting.page import section


def leading_group(controls: Controls) -> str:
    """优化营商环境工作领导组名单."""
    groups = [
        ("组　长：", "leading_group.leaders"),
        ("副组长：", "leading_group.deputies"),
        ("成　员：", "leading_group.members"),
    ]
    return "".join(
        (
            title("交城经济开发区管理委员会\n优化营商环境工作领导组名单"),
            people(controls, groups, (1500, 1500, 5845)),
            END,
        )
    )


@on_page(section(landscape=True))
def task_list(controls: Controls) -> str:
    """任务分工清单: landscape, a row for each measure."""
    columns = (
        ("具体举措", "measure", 5817),
        ("牵头领导", "leader", 1200),
        ("牵头部室", "department", 1500),
        ("进展", "progress", 2000),
        ("整改时限", "deadline", 1540),
    )
    number = TableCell([paragraph("CellSmallLabel", run("{{ loop.index }}"))])
    cells = [
        TableCell([paragraph("CellSmall", controls.entry("tasks", leaf, f"t.{leaf}", multiline=True))])
        for _, leaf, _ in columns
    ]
    return "".join(
        (
            title("任务分工清单", gap=290),
            table(
                (700, *(width for *_, width in columns)),
                [
                    head_row(("序号", *(name for name, *_ in columns))),
                    loop_row("{%tr for t in tasks %}", 6),
                    TableRow([number, *cells], height=680, whole=True),
                    loop_row("{%tr endfor %}", 6),
                ],
            ),
            END,
        )
    )


OUTLINES: Mapping[str, Callable[[Controls], str]] = {"leading-group": leading_group, "task-list": task_list}
