"""Outlines of the forms of 交开党工委发〔2023〕9号: the 领导组名单 as printed; 任务分工, 进展 and 挂账整改."""

from __future__ import annotations

from collections.abc import Mapping

from tools.drafting.markup import (
    END,
    Controls,
    Outline,
    TableCell,
    TableRow,
    control_line,
    loop_row,
    on_page,
    paragraph,
    run,
    table,
)
from tools.drafting.outlines.parts import addressed, closing, entry_table, head_row, title
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


_NARROW = {"total", "reported", "open"}


def progress_statistics(controls: Controls) -> str:
    """工作进展统计表: a row for each 牵头部室."""
    columns = (
        ("牵头部室", "department", 1900),
        ("牵头举措", "total", 1200),
        ("已报进展", "reported", 1200),
        ("未报进展", "open", 1200),
        ("进展情况", "measures", 2645),
    )
    rows = entry_table(controls, "task_progress", columns, centred=_NARROW)
    return title("工作进展统计表", gap=400) + rows + END


def progress_report(controls: Controls) -> str:
    """工作进展情况汇报: from the 领导小组办公室 to the 领导小组, 牵头部室 by 牵头部室."""

    def entry(leaf: str) -> str:
        return controls.entry("task_progress", leaf, f"d.{leaf}", multiline=leaf == "measures")

    return "".join(
        (
            title("工作进展情况汇报"),
            addressed("领导小组"),
            paragraph("FormBody", run("现将优化营商环境工作进展情况汇报如下：")),
            control_line("{%p for d in task_progress %}"),
            paragraph(
                "FormBody",
                run("{{ loop.index }}. "),
                entry("department"),
                run("：牵头"),
                entry("total"),
                run("项举措，已报进展"),
                entry("reported"),
                run("项。"),
                properties='<w:jc w:val="left"/>',
            ),
            control_line("{%p if d.measures %}"),
            paragraph(
                "FormBody",
                entry("measures"),
                properties='<w:ind w:left="632" w:firstLine="0"/><w:jc w:val="left"/>',
            ),
            control_line("{%p endif %}"),
            control_line("{%p endfor %}"),
            paragraph("FormBody", run("特此汇报。"), properties="<w:keepNext/>"),
            closing(run("领导小组办公室"), controls.date("task_report.date")),
        )
    )


@on_page(section(landscape=True))
def rectification_list(controls: Controls) -> str:
    """挂账整改清单: landscape, a row for each problem, with its 完成情况."""
    columns = (
        ("问题", "problem", 2357),
        ("类别", "kind", 1000),
        ("层级", "level", 1000),
        ("责任部室", "department", 1400),
        ("责任领导", "leader", 1100),
        ("整改期限", "due", 1850),
        ("完成情况", "result", 1500),
        ("销账日期", "done", 1850),
    )
    centred = {"kind", "level", "leader"}
    rows = entry_table(
        controls, "rectifications", columns, dates={"due", "done"}, centred=centred, small=True
    )
    return title("挂账整改清单", gap=290) + rows + END


OUTLINES: Mapping[str, Outline] = {
    "leading-group": leading_group,
    "task-list": task_list,
    "progress-statistics": progress_statistics,
    "progress-report": progress_report,
    "rectification-list": rectification_list,
}
