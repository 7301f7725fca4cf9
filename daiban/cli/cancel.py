"""``daiban cancel``: a case that is pursued no more, and taking that back."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cancelling import CancellationResult, reopen
from daiban.cancelling import cancel as cancel_case
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, reason_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_id", metavar="编号", required=True, help="哪个案件")
@reason_option(required=True)
@by_option
@click.option("--undo", is_flag=True, help="恢复：这个案件接着办")
@json_option
def cancel(workspace: Path, case_id: str, reason: str, by: str, undo: bool, as_json: bool) -> ExitCode:
    """撤销一个案件（项目不办了、重复登记等），记下谁、何时、为什么；加 --undo 恢复。

    撤销以后不再出具、打印、催办、列入清单和月末在办；花名册里的一行不用删，已发出的文书照旧在册，交回来的照样归档。
    """
    run = reopen if undo else cancel_case
    result = run(Office.open(workspace), case_id, by=by, reason=reason)
    if as_json:
        say_json(result)
    else:
        _show(result, workspace)
    return ExitCode.OK


def _show(result: CancellationResult, workspace: Path) -> None:
    done = "已撤销" if result.done == "cancel" else "已恢复"
    say(f"{result.case}　{done}：{result.reason}（{result.by}）")
    if result.issued and result.done == "cancel":
        note(
            f"已发出的 {len(result.issued)} 份照旧在册：{'、'.join(result.issued)}。"
            f"要逐份声明作废的，用 daiban withdraw {workspace} 编号"
        )
