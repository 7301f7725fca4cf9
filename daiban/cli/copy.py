"""``daiban copy``: a case for another project that is much like one that is there."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.copying import CopyResult, copy_case
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_id", metavar="编号", required=True, help="照哪个案件")
@click.option("--to", "new_id", metavar="编号", required=True, help="新案件的编号")
@click.option("--name", metavar="名称", help="新项目的名称（默认同原来的，写进花名册以后改也行）")
@json_option
def copy(workspace: Path, case_id: str, new_id: str, name: str | None, as_json: bool) -> ExitCode:
    """照一个案件复制一个新案件：项目、单位、方案、研判照抄，办过的事（台账、进度、办结、中止等）和项目代码不抄。

    写成 rosters 文件夹里的一份花名册，用 Excel 或 WPS 改；工作区把它同 roster.xlsx 一起读。
    """
    result = copy_case(Office.open(workspace), case_id, new_id, name=name)
    if as_json:
        say_json(result)
    else:
        _show(result, workspace)
    return ExitCode.OK


def _show(result: CopyResult, workspace: Path) -> None:
    say(f"{result.case}　{result.name}　照 {result.copy_of} 复制好了：{workspace / result.file}")
    if result.left_out:
        note(f"没有抄的：{'、'.join(result.left_out)}。阶段要自己填。")
