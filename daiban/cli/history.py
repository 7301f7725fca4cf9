"""``daiban history``: what happened to a case, or to all that fit."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.case_filter import CaseFilter
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import filter_options, json_option, workspace_argument
from daiban.cli.output import say, say_json
from daiban.history import CaseHistory, case_history, history_of
from daiban.office import Office
from foundation.errors import ExitCode, Problem, UsageError


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_id", metavar="编号", help="哪个案件；不写就按下面的条件找")
@filter_options
@json_option
def history(workspace: Path, case_id: str | None, wanted: CaseFilter, as_json: bool) -> ExitCode:
    """一个案件的办理历史：何时出具、作废、交回，谁决定了什么、为什么。

    不写 --case，写了条件，就是合乎条件的各案件的，按时间排在一起。
    """
    if case_id is None and wanted.is_plain:
        advice = "写 --case 编号，或写 --search 等条件"
        raise UsageError(Problem("--case", "没有写是哪个案件", advice=advice))
    office = Office.open(workspace)
    found = case_history(office, case_id) if case_id is not None else history_of(office, wanted)
    if as_json:
        say_json(found)
    else:
        _show(found, wanted)
    return ExitCode.OK


def _show(found: CaseHistory, wanted: CaseFilter) -> None:
    for event in found.events:
        case = f"{event.case}　" if event.case else ""
        say(f"{event.at.astimezone():%Y-%m-%d %H:%M}　{case}{event.text}")
    of_whom = found.case or f"{wanted}的案件"
    say(f"{of_whom} 共 {len(found.events)} 条。")
