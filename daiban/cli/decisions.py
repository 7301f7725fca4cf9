"""``daiban decisions``: people's decisions as labelled readings, for calibrating."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import day_of, say, say_json
from daiban.deciding.labelled import decided_readings
from daiban.documents.person_answer import ANSWER_NAMES
from daiban.office import Office
from foundation.errors import ExitCode
from foundation.writing import write_atomically, writing

_STATES = {"filled": "已填", "blank": "空白", "unsure": "存疑"}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option(
    "--export",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件",
    help="写成 JSON 文件，供 bench.calibrate 校准阈值；不会自己改动任何阈值",
)
@json_option
def decisions(workspace: Path, target: Path | None, as_json: bool) -> ExitCode:
    """人的决定逐处列出：机器量了多少、怎么看，人怎么定。"""
    found = decided_readings(Office.open(workspace))
    if target is not None:
        with writing(target):
            write_atomically((found.model_dump_json(indent=2) + "\n").encode(), target)
    if as_json:
        say_json(found)
        return ExitCode.OK
    for one in found.readings:
        answer = ANSWER_NAMES["accept" if one.accepted else "reject"]
        seen = _STATES[one.state] if one.state else "疑似改动"
        place = f"{one.issue}　第{one.page}页 {one.field or '印刷内容'}　机器：{seen}"
        say(f"{place}　{one.by} {day_of(one.at)} {answer}：{one.reason}")
    say(f"共 {len(found.readings)} 处。{f'写到了 {target}' if target else ''}")
    return ExitCode.OK
