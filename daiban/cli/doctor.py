"""``daiban doctor``: what this machine lacks, and what to install."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option
from daiban.cli.output import note, say, say_json, table
from daiban.converter import confirm, named_converter
from daiban.doctor import MachineReport, examine
from daiban.workspace import Workspace
from foundation.errors import ExitCode, Problem, UsageError

_MARKS = {"ok": "✓", "missing": "✗", "note": "·"}


@click.command(cls=ChineseCommand)
@click.argument("workspace", metavar="[工作区]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--confirm-converter",
    is_flag=True,
    help="确认工作区的 daiban.toml 指定的排版程序可信：本机本用户只需一次，程序换了要重新确认。",
)
@json_option
def doctor(workspace: Path | None, confirm_converter: bool, as_json: bool) -> ExitCode:
    """检查本机缺什么（排版程序、字体等），该装什么。

    写上工作区，就按它的设置检查。
    """
    opened = Workspace.open(workspace) if workspace else None
    if confirm_converter:
        _confirm(opened)
    report = examine(opened)
    if as_json:
        say_json(report)
    else:
        _show(report)
    return report.exit_code


def _confirm(workspace: Workspace | None) -> None:
    program = named_converter(workspace.settings) if workspace else None
    if program is None:
        advice = "写上工作区：daiban doctor 工作区 --confirm-converter"
        raise UsageError(Problem("--confirm-converter", "没有指定排版程序，不必确认", advice=advice))
    confirm(program)
    note(f"已确认：{program.absolute()}")


def _show(report: MachineReport) -> None:
    rows = [(_MARKS[check.state], check.name, check.detail) for check in report.checks]
    say(table(("", "项目", "情况"), rows))
    advised = [check for check in report.checks if check.advice]
    # Several fonts are missing for the same reason: the advice for them is printed once.
    for advice in dict.fromkeys(check.advice for check in advised):
        names = "、".join(check.name for check in advised if check.advice == advice)
        say(f"\n{names}：{advice}")
    say("\n可以工作。" if report.ok else "\n有必需的东西没有装，见上。")
