"""``daiban code``: access codes for the enterprise's page of a case, made, listed, ended."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.access_codes import AccessCodes, access_codes, issue_code, withdraw_codes
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, workspace_argument
from daiban.cli.output import say, say_json
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_id", metavar="编号", required=True, help="哪个案件")
@click.option("--new", is_flag=True, help="发一个新的访问码，只在这时看得到")
@click.option("--withdraw", is_flag=True, help="停用这个案件现有的全部访问码；同 --new 一起写，就是停旧发新")
@click.option("--reason", metavar="原因", default="", help="为什么，记在登记库里")
@by_option
@json_option
def code(
    workspace: Path, case_id: str, new: bool, withdraw: bool, reason: str, by: str, as_json: bool
) -> ExitCode:
    """项目单位上网页用的访问码：看有哪些，发新的，停用。

    一个访问码只看得到一个案件，到期自动失效。登记库里只存它的密文，忘了只能再发一个。
    """
    office = Office.open(workspace)
    ended = withdraw_codes(office, case_id, by=by, reason=reason.strip() or "停用") if withdraw else 0
    made = issue_code(office, case_id, by=by, reason=reason.strip() or "另发") if new else None
    codes = access_codes(office, case_id).after(ended, made)
    if as_json:
        say_json(codes)
    else:
        _show(codes)
    return ExitCode.OK


def _show(codes: AccessCodes) -> None:
    if codes.withdrawn:
        say(f"停用了 {codes.withdrawn} 个访问码。")
    if codes.made is not None:
        say(f"新访问码：{codes.made.letters}　有效期至 {codes.made.expires_at.astimezone():%Y-%m-%d}")
        if codes.made.address:
            say(f"网址：{codes.made.address}")
        else:
            say("设置里没有写 [page] address，请把网址另行告诉项目单位。")
    for one in codes.codes:
        state = {"stands": "有效", "expired": "已过期", "withdrawn": "已停用"}[one.state]
        made, until = (when.astimezone() for when in (one.made_at, one.expires_at))
        say(f"  {made:%Y-%m-%d %H:%M} {one.by} 发放　有效期至 {until:%Y-%m-%d}　{state}")
    if not codes.codes:
        say(f"{codes.case} 还没有访问码；发一个用 --new。")
