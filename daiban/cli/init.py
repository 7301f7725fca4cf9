"""``daiban init``: makes a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import workspace_argument
from daiban.cli.output import say
from daiban.sample import make_workspace


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--sample", is_flag=True, help="在花名册里放十个示例案件")
@click.option("--agency", metavar="名称", default="", help="“全代办”机构名称，写进 daiban.toml")
def init(workspace: Path, sample: bool, agency: str) -> None:
    """新建工作区 WS：设置、花名册和各个文件夹。"""
    made = make_workspace(workspace, sample=sample, agency_name=agency)
    say(f"工作区建好了：{made.path}")
    say(f"  设置　　{made.path / 'daiban.toml'}")
    say(f"  花名册　{made.roster}" + ("（十个示例案件）" if sample else "（空表，用 Excel 或 WPS 填写）"))
    say(f"接下来：daiban roster check {made.roster}，再 daiban generate {workspace}")
