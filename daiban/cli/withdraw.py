"""``daiban withdraw``: an issue that is to stand no longer, and taking that back."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, reason_option, workspace_argument
from daiban.cli.output import say, say_json
from daiban.issuing.withdrawal import WithdrawalResult, restore
from daiban.issuing.withdrawal import withdraw as withdraw_issue
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("issue", metavar="编号")
@reason_option(required=True)
@by_option
@click.option("--undo", is_flag=True, help="取消撤回：这一份恢复有效")
@json_option
def withdraw(workspace: Path, issue: str, reason: str, by: str, undo: bool, as_json: bool) -> ExitCode:
    """撤回一份发出的文书（写它的编号），记下谁、何时、为什么；交回来的不再归档。

    文件移到 superseded 文件夹。内容没有变的，generate 不会再自动出具；改好数据以后会出新的一份。
    """
    run = restore if undo else withdraw_issue
    office = Office.open(workspace)
    result = run(office, issue.strip().upper(), by=by, reason=reason)
    if as_json:
        say_json(result)
    else:
        _show(result, office.titles.get(result.form, result.form))
    return ExitCode.OK


def _show(result: WithdrawalResult, title: str) -> None:
    done = "已撤回" if result.done == "withdraw" else "已恢复有效"
    say(f"{result.case}《{title}》编号 {result.issue} {done}：{result.reason}（{result.by}）")
    for file in result.files:
        say(f"  {file}")
