"""``daiban roster``: a new roster workbook, and the check of a filled one."""

from __future__ import annotations

from pathlib import Path

import click

from daiban import rosters
from daiban.cli.chinese import ChineseGroup
from daiban.cli.options import documents_option, json_option
from daiban.cli.output import problem_lines, say, say_json
from daiban.cli.waiting import waiting_lines
from foundation.errors import ExitCode

_file = click.argument("file", metavar="FILE", type=click.Path(path_type=Path))


@click.group(cls=ChineseGroup)
def roster() -> None:
    """花名册：新建空表，检查填好的表。"""


@roster.command()
@_file
@documents_option
def new(file: Path, documents: tuple[str, ...]) -> None:
    """新建一份空的花名册，带下拉框、批注和示例行。

    写上 --document，就只有这个文件的表单用得着的工作表和列。
    """
    rosters.write_new(file, documents=documents)
    say(f"空花名册写好了：{file}。用 Excel 或 WPS 填写，填好后：daiban roster check {file}")


@roster.command()
@_file
@json_option
def check(file: Path, as_json: bool) -> ExitCode:
    """检查花名册（或 YAML、JSON 案件文件），一次列出全部问题及其单元格。

    工作区里的花名册，连同该工作区自己的表单一起对照。
    """
    report = rosters.check(file)
    if as_json:
        say_json(report)
    else:
        _show(report)
    return report.exit_code


def _show(report: rosters.RosterReport) -> None:
    if report.problems:
        say(problem_lines(report.problems))
    for line in waiting_lines(report.waiting):
        say(line)
    errors = sum(problem.severity == "error" for problem in report.problems)
    doubts = len(report.problems) - errors
    refused = len(report.refused)
    counts = f"可用 {len(report.cases)} 个案件" + (f"，不能用 {refused} 个" if refused else "")
    found = f"；错误 {errors} 处，存疑 {doubts} 处" if report.problems else "，没有问题"
    say(counts + found + "。")
