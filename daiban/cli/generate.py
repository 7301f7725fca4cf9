"""``daiban generate``: fill the forms of a workspace's cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, reason_option, workers_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.cli.waiting import waiting_lines
from daiban.issuing import (
    FailedItem,
    GenerateRequest,
    GenerateResult,
    IssuedItem,
    PlannedItem,
    Reissue,
)
from daiban.issuing import generate as issue
from daiban.office import Office
from daiban.progress_bar import Progress, TerminalProgress
from foundation.errors import ExitCode, Problem, UsageError

Titles = Mapping[str, str]
_ACTIONS = {"new": "新出", "anew": "重出", "again": "补出"}
_SHOWN = 20  # documents and problems listed one by one before the rest is only counted


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "cases", multiple=True, metavar="编号", help="只做这个案件（可重复；默认全部）")
@click.option(
    "--form",
    "forms",
    multiple=True,
    metavar="表单",
    help="只做这张表，写编号或名称（可重复；默认按文件和阶段）",
)
@workers_option
@click.option("--dry-run", is_flag=True, help="只说会新出、重出、作废哪些和为什么，什么也不写")
@click.option(
    "--reissue", is_flag=True, help="已交回齐全、后来数据变了的也重新出具，旧的作废；要写 --case 和 --reason"
)
@reason_option(required=False)
@by_option
@json_option
def generate(
    workspace: Path,
    cases: tuple[str, ...],
    forms: tuple[str, ...],
    workers: int | None,
    dry_run: bool,
    reissue: bool,
    reason: str | None,
    by: str,
    as_json: bool,
) -> ExitCode:
    """按案卷数据填写并出具文书（DOCX 与可填写的 PDF）。

    数据没变的不重复出具；已交回齐全的，数据变了也不作废；中断后再运行一次会接着做完。
    """
    office = Office.open(workspace)
    if reason is not None and not reissue:
        problem = "只写了原因，没有说要重新出具"
        raise UsageError(
            Problem("--reason", problem, advice="要重新出具已交回齐全的，一起写 --reissue；不是就不要写")
        )
    wish = _wish(by, reason) if reissue else None
    request = GenerateRequest(cases, forms, workers, wish, dry_run)
    titles = office.titles
    result = issue(office, request, Progress() if as_json else TerminalProgress())
    if as_json:
        say_json(result)
    elif dry_run:
        _show_plan(result, titles)
    else:
        _show(result, office.workspace.issued_root, titles)
    return result.exit_code


def _wish(by: str, reason: str | None) -> Reissue:
    if reason is None:
        problem = Problem(
            "--reissue", "没有写为什么重新出具", advice="写 --reason 原因，例如 --reason 联系电话变了"
        )
        raise UsageError(problem)
    return Reissue(by, reason)


def _show_plan(result: GenerateResult, titles: Titles) -> None:
    for item in result.planned:
        say(f"{_ACTIONS[item.action]} {item.case}《{titles[item.form]}》{_of_stage(item)}　{_because(item)}")
        for change in item.changes[:_SHOWN]:
            say(f"    {change}")
        if len(item.changes) > _SHOWN:
            say(f"    …… 另有 {len(item.changes) - _SHOWN} 处")
    _show_problems(result, titles)
    counts: Counter[str] = Counter(item.action for item in result.planned)
    voided = [item.voids for item in result.planned if item.voids]
    parts = [f"{name} {counts[action]} 份" for action, name in _ACTIONS.items() if counts[action]]
    parts += [f"其中作废 {len(voided)} 份（{'、'.join(voided)}）"] if voided else []
    parts += [f"未变 {len(result.unchanged)} 份"] if result.unchanged else []
    say(f"只是预览，什么也没有写。{'，'.join(parts) or '没有要出具的'}。")


def _of_stage(item: PlannedItem) -> str:
    return f"（{item.stage}）" if item.stage else ""


def _because(item: PlannedItem) -> str:
    if item.voids:
        return f"{item.reason}，编号 {item.voids} 将作废"
    return f"{item.reason}，编号 {item.issue}" if item.issue else item.reason


def _show(result: GenerateResult, issued_root: Path, titles: Titles) -> None:
    for item in result.issued[:_SHOWN]:
        say(f"✓ {item.case}《{titles[item.form]}》编号 {item.issue}  {item.pdf or item.docx}")
    if len(result.issued) > _SHOWN:
        say(f"  …… 另有 {len(result.issued) - _SHOWN} 份")
    _show_problems(result, titles)
    _show_missing_tool((*result.issued, *result.unchanged))
    say(_summary(result, titles))
    if result.issued:
        say(f"文书在 {issued_root}")


def _show_problems(result: GenerateResult, titles: Titles) -> None:
    doubts = result.warnings
    if doubts:
        note(problem_lines(doubts[:_SHOWN]))
        if len(doubts) > _SHOWN:
            note(f"  …… 另有 {len(doubts) - _SHOWN} 处存疑")
    for failed in result.failed:
        said = (
            "未出具"
            if failed.form or failed.case not in {item.case for item in result.issued}
            else "数据有误"
        )
        note(f"✗ {_name(failed, titles)} {said}：\n{problem_lines(failed.problems)}")
    for held in result.held:
        note(f"‖ {_name(held, titles)} 暂不出具：\n{problem_lines(held.problems)}")
    for line in waiting_lines(result.waiting, titles):
        note(line)


def _name(failed: FailedItem, titles: Titles) -> str:
    form = f"《{titles.get(failed.form, failed.form)}》" if failed.form else ""
    return f"{failed.case or '（整份文件）'}{form}"


def _show_missing_tool(items: Sequence[IssuedItem]) -> None:
    without = [item for item in items if item.pdf is None]
    if without:
        problems = dict.fromkeys(
            problem for item in without for problem in item.problems if problem.severity == "error"
        )
        note(f"✗ {len(without)} 份只有 DOCX，没有 PDF：\n{problem_lines(problems)}")


def _summary(result: GenerateResult, titles: Titles) -> str:
    if not (result.issued or result.unchanged or result.waiting or result.held or result.failed):
        return "没有案件可办：请在 roster.xlsx 的“项目”表填写案件，或在 cases/ 里放案件文件。"
    counts = {
        "新出具": len(result.issued),
        "未变": len(result.unchanged),
        "还不到出具的时候": len(result.waiting),
        "等人决定": len(result.held),
        "未出具": sum(item.form is not None for item in result.failed),
    }
    counted = "，".join(f"{name} {count} 份" for name, count in counts.items() if count or name == "新出具")
    forms = Counter(item.form for item in result.issued)
    detail = "；".join(f"《{titles[form]}》{count}" for form, count in sorted(forms.items()))
    return f"{counted}。{detail}" if detail else f"{counted}。"
