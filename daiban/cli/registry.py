"""``daiban registry``: where a workspace's registry is kept."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseGroup
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import say, say_json
from daiban.office import Office
from daiban.registry_move import move_registry


@click.group(cls=ChineseGroup)
def registry() -> None:
    """登记库：放在工作区自己的文件里，或放在数据库服务器上。"""


@registry.command()
@workspace_argument
@click.argument("destination", metavar="地址")
@json_option
def move(workspace: Path, destination: str, as_json: bool) -> None:
    """把登记库搬到数据库服务器（postgresql+psycopg://用户:密码@主机/库名），或写 file 搬回工作区自己的文件。

    逐行核对，一致了才改 daiban.toml；原来的登记库留着，不再使用。
    """
    result = move_registry(Office.open(workspace), destination)
    if as_json:
        say_json(result)
        return
    rows = sum(table.rows for table in result.tables)
    say(f"登记库从 {result.before} 搬到了 {result.now}：{len(result.tables)} 张表，{rows} 行，逐行核对一致。")
    say("daiban.toml 里的 registry.url 已经改好；原来的登记库留着，不再使用。")
