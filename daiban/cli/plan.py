"""``daiban plan``: the 服务方案 a case would get, what of it follows from the 研判, and where the two differ."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.case_filter import CaseFilter
from daiban.cli.chinese import ChineseCommand
from daiban.cli.contradictions import contradiction_lines
from daiban.cli.options import filter_options, json_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.office import Office
from daiban.plan_report import CasePlan, PlanReport, plan_report
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_ids", metavar="编号", multiple=True, help="只看这个案件，可重复")
@filter_options
@json_option
def plan(workspace: Path, case_ids: tuple[str, ...], wanted: CaseFilter, as_json: bool) -> ExitCode:
    """各案件的服务方案哪些是手写的、哪些由研判得出，两者哪里不一致。"""
    report = plan_report(Office.open(workspace), case_ids, wanted)
    if as_json:
        say_json(report)
    else:
        _show(report)
    return report.exit_code


def _show(report: PlanReport) -> None:
    for case in report.cases:
        _show_case(case)
    if report.problems:
        note(problem_lines(report.problems))
    differing = sum(bool(case.differences) for case in report.cases)
    say(f"共 {len(report.cases)} 个案件，手写的方案与研判不一致的 {differing} 个（以手写的为准）。")


def _show_case(case: CasePlan) -> None:
    say(f"{case.case}　{case.name}")
    for origin, label in (("written", "手写"), ("derived", "由研判得出")):
        titles = [title for title, found in case.origins.items() if found == origin]
        if titles:
            say(f"  {label}：{'、'.join(titles)}")
    for line in contradiction_lines(case.contradictions, settled_too=True):
        say(f"  ? {line}")
    for item in case.differences:
        say(f"  ≠ {item.title}")
        if not item.missing and not item.extra:
            say(f"      方案：{_one_line(item.written)}")
            say(f"      研判：{_one_line(item.derived)}")
        if item.missing:
            say(f"      研判有、方案没有：{'、'.join(item.missing)}")
        if item.extra:
            say(f"      方案有、研判没有：{'、'.join(item.extra)}")


def _one_line(text: str) -> str:
    return " / ".join(text.splitlines())
