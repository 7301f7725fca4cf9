"""``daiban init``: makes a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import documents_option, workspace_argument
from daiban.cli.output import say
from daiban.sample import make_workspace, samples_of


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--sample", is_flag=True, help="在花名册里放示例案件：晋城的十个，或 --document 所写文件的")
@click.option("--agency", metavar="名称", default="", help="“全代办”机构名称，写进 daiban.toml")
@documents_option
def init(workspace: Path, sample: bool, agency: str, documents: tuple[str, ...]) -> None:
    """新建工作区：设置、花名册和各个文件夹。"""
    made = make_workspace(workspace, sample=sample, agency_name=agency, documents=documents)
    say(f"工作区建好了：{made.path}")
    say(f"  设置　　{made.path / 'daiban.toml'}")
    holds = f"{len(samples_of(documents))} 个示例案件" if sample else "空表，用 Excel 或 WPS 填写"
    say(f"  花名册　{made.roster}（{holds}）")
    say(f"接下来：daiban roster check {made.roster}，再 daiban generate {workspace}")
