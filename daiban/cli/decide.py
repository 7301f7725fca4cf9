"""``daiban decide``: a person accepts or rejects what came back."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import (
    at_least,
    by_option,
    json_option,
    one_of,
    reason_option,
    seen_option,
    workspace_argument,
)
from daiban.cli.output import note, say, say_json
from daiban.deciding.decide import AnswerRequest, DecisionResult, latest_words
from daiban.deciding.decide import decide as decide_return
from daiban.office import Office
from foundation.errors import ExitCode

if TYPE_CHECKING:
    from daiban.registry import Answer

_ANSWERS: dict[str, Answer] = {"accept": "accept", "收下": "accept", "reject": "reject", "退回": "reject"}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("issue", metavar="编号")
@click.argument("answer", metavar="决定", callback=one_of(_ANSWERS))
@click.option(
    "--finding", metavar="序号", callback=at_least(1), help="只决定第几条问题（daiban queue 列出的序号）"
)
@reason_option(required=True)
@by_option
@seen_option
@json_option
def decide(
    workspace: Path,
    issue: str,
    answer: Answer,
    finding: int | None,
    reason: str,
    by: str,
    seen: int | None,
    as_json: bool,
) -> ExitCode:
    """由人决定交回的一份文书：写它的编号，再写 accept（收下）或 reject（退回），记下谁、何时、为什么。

    机器的结论照样留着，两个都看得到；以后交回更好的，会再请人决定。写 --finding 就只决定其中一条：收下的
    不再妨碍齐全，退回的就算不齐全。设置里写了两人复核的，要另一个人再决定一次同样的才算数。
    """
    request = AnswerRequest(
        issue=issue.strip().upper(), answer=answer, by=by, reason=reason, finding=finding, seen=seen
    )
    office = Office.open(workspace)
    result = decide_return(office, request)
    if as_json:
        say_json(result)
    else:
        show(result, office.titles)
    return ExitCode.OK


def show(result: DecisionResult, titles: Mapping[str, str]) -> None:
    """What was recorded, for people. ``titles``: of forms, by id."""
    title = titles.get(result.form, result.form)
    words = latest_words(result.returned)
    say(f"{result.case}《{title}》　{result.issue}　{result.done}；现在的结论：{words}")
    if not result.counts:
        note("这一决定还不算数：设置里写了两人复核，要另一个人再决定一次同样的。")
