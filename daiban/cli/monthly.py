"""``daiban monthly``: the month's counts (月报) as a workbook."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.monthly_report import Month, monthly_report
from daiban.office import Office
from foundation.errors import ExitCode

_MONTH = re.compile(r"(\d{4})(?:-|年|\.|/)(\d{1,2})月?")


def _month(_: click.Context, __: click.Parameter, value: str | None) -> Month:
    """The month that was written, this one if none was."""
    if value is None:
        today = dt.date.today()
        return Month.of(today.year, today.month)
    match = _MONTH.fullmatch(value)
    if match is None or not (1 <= int(match[2]) <= 12 and 1949 <= int(match[1]) <= 2100):
        raise click.BadParameter(f"“{value}”不是月份，写成 2026-06")
    return Month.of(int(match[1]), int(match[2]))


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--month", metavar="月份", callback=_month, help="哪个月，写成 2026-06（默认本月）")
@json_option
def monthly(workspace: Path, month: Month, as_json: bool) -> ExitCode:
    """月报：本月新接、办结、终止、在办的案件和出具、交回的文书各有多少，写成 Excel。

    数字从案件和登记库数出来，按文件和阶段分；放在工作区的 reports 文件夹，同一个月再数一次就换成新的。
    """
    office = Office.open(workspace)
    report = monthly_report(office, month)
    if as_json:
        say_json(report)
        return report.exit_code
    if report.problems:
        note(problem_lines(report.problems))
    total = report.rows[-1]
    say(
        f"{report.month}：新接 {total.started} 个，办结 {total.finished} 个，终止 {total.terminated} 个，"
        f"月末在办 {total.open} 个；出具 {total.issued} 份，交回齐全 {total.complete} 份。"
    )
    say(f"月报在 {office.workspace.path / report.file}")
    return report.exit_code
