"""``daiban roster``: a new roster workbook, and the check of a filled one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from daiban import rosters
from daiban.cli.chinese import ChineseGroup
from daiban.cli.options import documents_option, json_option
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.cli.waiting import waiting_lines
from foundation.errors import ExitCode, Problem, UsageError

if TYPE_CHECKING:
    from daiban.roster_import import ImportResult

_file = click.argument("file", metavar="文件", type=click.Path(path_type=Path))


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


@roster.command("import")
@_file
@click.option(
    "--workspace",
    metavar="工作区",
    type=click.Path(path_type=Path),
    help="导入到哪个工作区（默认当前文件夹）",
)
@click.option("--accept", is_flag=True, help="列名对应照程序猜的，不再问；猜不出的列不导入")
@json_option
def import_(file: Path, workspace: Path | None, accept: bool, as_json: bool) -> ExitCode:
    """导入一份列名不同的 Excel，成为工作区 rosters 文件夹里的一份花名册。

    第一次把拿不准的列写进工作区的 import.toml，改好再运行一次；记住以后不再问。有错一处也不写，按单元格一次列出。
    """
    from daiban.office import Office
    from daiban.roster_import import import_roster
    from daiban.workspace import SETTINGS_NAME

    if workspace is None and not (Path() / SETTINGS_NAME).is_file():
        problem = Problem(
            "--workspace", "没有写导入到哪个工作区", advice="写 --workspace 我的工作区，或在工作区里运行"
        )
        raise UsageError(problem)
    result = import_roster(Office.open(workspace or Path()), file, accept=accept)
    if as_json:
        say_json(result)
    else:
        _show_import(result, workspace or Path())
    return result.exit_code


def _show_import(result: ImportResult, workspace: Path) -> None:
    for one in result.questions:
        what = f"“{one.heading}”这一列" if one.heading else f"工作表“{one.title}”"
        example = f"（例如“{one.example}”）" if one.example else ""
        guess = "看不出是哪一项，先写不导入" if one.proposal == "不导入" else f"是不是“{one.proposal}”？"
        say(f"？ {one.where}　{what}{example}　{guess}")
    if result.questions:
        say(
            f"有 {len(result.questions)} 处要定，写在 {workspace / result.mapping}：对的删去“？”，不对的改掉，"
            "再运行一次；都对的，加 --accept。"
        )
        return
    if result.problems:
        note(problem_lines(result.problems))
    if result.left_out:
        note(f"没有导入的：{'、'.join(result.left_out)}")
    if result.roster is None:
        say("有错或没有项目，什么也没有写。改好以后再运行一次。")
        return
    say(f"导入 {len(result.cases)} 个案件：{workspace / result.roster}")
    if result.superseded:
        note(f"以前导入的一份移到了 {result.superseded}")


def _show(report: rosters.RosterReport) -> None:
    if report.problems:
        say(problem_lines(report.problems))
    for line in waiting_lines(report.waiting, report.titles):
        say(line)
    errors = sum(problem.severity == "error" for problem in report.problems)
    doubts = len(report.problems) - errors
    refused = len(report.refused)
    counts = f"可用 {len(report.cases)} 个案件" + (f"，不能用 {refused} 个" if refused else "")
    found = f"；错误 {errors} 处，存疑 {doubts} 处" if report.problems else "，没有问题"
    say(counts + found + "。")
