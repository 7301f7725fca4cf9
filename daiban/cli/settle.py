"""``daiban settle``: a person settles a contradiction of a merged 研判."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import at_least, by_option, json_option, reason_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.merging.run import MergeResult
from daiban.merging.run import settle as settle_contradiction
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("number", metavar="序号", callback=at_least(1))
@click.option("--case", "case_id", metavar="编号", required=True, help="哪个案件的研判")
@click.option("--choose", metavar="选项", help="定为哪一个：选项的序号或原话；不写就是按文件里已经改好的")
@reason_option(required=False)
@by_option
@json_option
def settle(
    workspace: Path,
    number: int,
    case_id: str,
    choose: str | None,
    reason: str | None,
    by: str,
    as_json: bool,
) -> ExitCode:
    """定下汇总的研判里的第 N 处矛盾，记下谁、何时、定为什么；编号和选项用 daiban plan 查看。

    定下来以前，凡要印矛盾内容的文书都不出具。
    """
    office = Office.open(workspace)
    result = settle_contradiction(office, case_id, number, choice=choose, by=by, reason=reason)
    if as_json:
        say_json(result)
    else:
        _show(result, number)
    return ExitCode.OK


def _show(result: MergeResult, number: int) -> None:
    one = result.contradictions[number - 1]
    chosen = one.settled.choice if one.settled and one.settled.choice else "按文件里写的"
    say(f"{result.case} 第{number}处矛盾已定：{chosen}。{one.problem}")
    still = [place for place, other in enumerate(result.contradictions, 1) if other.settled is None]
    if still:
        note(f"还有 {len(still)} 处没有定：第 {'、'.join(map(str, still))} 处")
