"""``daiban history``: what happened to a case."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import say, say_json
from daiban.history import case_history
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_id", metavar="ID", required=True, help="哪个案件")
@json_option
def history(workspace: Path, case_id: str, as_json: bool) -> ExitCode:
    """一个案件的办理历史：何时出具、作废、交回，谁决定了什么、为什么。"""
    found = case_history(Office.open(workspace), case_id)
    if as_json:
        say_json(found)
    else:
        for event in found.events:
            say(f"{event.at.astimezone():%Y-%m-%d %H:%M}　{event.text}")
        say(f"{found.case} 共 {len(found.events)} 条。")
    return ExitCode.OK
