"""``daiban packet``: what an enterprise gets to sign, as one ZIP and one PDF."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.office import Office
from daiban.packing.packet import PacketResult, make_packet
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_id", metavar="编号", required=True, help="哪个案件")
@by_option
@json_option
def packet(workspace: Path, case_id: str, by: str, as_json: bool) -> ExitCode:
    """做一个案件给项目单位的材料包：签署指引在前，各表在后，一个 ZIP 和一个 PDF。

    指引按各表还空着的地方生成：哪一页、哪一处、填写还是签章，附小图。放在工作区的 packets 文件夹。
    """
    office = Office.open(workspace)
    made = make_packet(office, case_id, by=by)
    if as_json:
        say_json(made)
    else:
        _show(made, office.workspace.path)
    return ExitCode.OK


def _show(made: PacketResult, root: Path) -> None:
    for form in made.forms:
        what = f"待办 {len(form.todos)} 处" if form.todos else "留存"
        say(f"  {form.title}　编号 {form.issue}　{form.pages} 页　{what}")
    if made.code is not None:
        say(
            f"访问码：{made.code.letters}　有效期至 {made.code.expires_at.astimezone():%Y-%m-%d}，已印在签署指引上"
        )
    if made.problems:
        note(problem_lines(made.problems))
    say(f"材料包：{root / made.zip}\n　　　　{root / made.pdf}")
