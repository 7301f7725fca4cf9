"""``daiban serve``: the page of a workspace."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import workspace_argument
from daiban.cli.output import say
from foundation.errors import ExitCode

_LAST_PORT = 65535


def _port(_: click.Context, __: click.Parameter, value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= _LAST_PORT:
        raise click.BadParameter(f"“{value}”应为 1 到 {_LAST_PORT} 的整数")
    return int(value)


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option(
    "--host", metavar="地址", default="127.0.0.1", help="在哪个地址上等浏览器（默认只供本机；0.0.0.0 供全网）"
)
@click.option("--port", metavar="端口", default="8000", callback=_port, help="端口（默认 8000）")
@click.option("--new-password", is_flag=True, help="忘了密码：给管理员 admin 一个新密码，然后结束")
def serve(workspace: Path, host: str, port: int, new_password: bool) -> ExitCode:
    """打开网页：经办、项目单位、档案员各有一个入口，用浏览器办理。

    第一次启动时建立一个管理员账户，密码只显示一次。按 Ctrl+C 停止；没做完的任务下次启动时接着做。
    """
    from daiban.web.serving import renew_password
    from daiban.web.serving import serve as serve_page

    if new_password:
        renew_password(workspace, say)
        return ExitCode.OK
    serve_page(workspace, host, port, say)
    return ExitCode.OK
