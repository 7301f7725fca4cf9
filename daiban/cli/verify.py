"""``daiban verify``: read what came back, judge it, file it, report."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workers_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.progress_bar import Progress, TerminalProgress
from daiban.worker_modules import READING_MODULES
from daiban.workspace import Workspace
from foundation.errors import ExitCode
from foundation.forking import start_early

if TYPE_CHECKING:
    from collections.abc import Sequence

    from daiban.verifying import BatchReport, DocumentOutcome, FailedFile, UnplacedPage

_SHOWN = 20  # documents, pages and warnings listed one by one before the rest is only counted
_MARKS = {"complete": "✔", "incomplete": "✗", "review": "？"}
_REASONS = {
    "blank-page": "空白页",
    "unknown-document": "不是本单位发出的页，或认不出",
    "unreadable": "读不出来",
    "superseded": "已作废的旧件",
}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("paths", metavar="文件…", nargs=-1, type=click.Path(path_type=Path))
@click.option("--inbox", is_flag=True, help="核验项目单位在网页上交来、还没有核验的（不用写文件）")
@workers_option
@json_option
def verify(
    workspace: Path, paths: tuple[Path, ...], inbox: bool, workers: int | None, as_json: bool
) -> ExitCode:
    """核验交回的文书：扫描件、照片、PDF、DOCX，或装着它们的文件夹。

    认出每一页是谁的哪一份，判断是否齐全，归档到 returned/，并写出核验报告。同一份再核验一次不会有任何变化。
    """
    if bool(paths) == inbox:
        raise click.UsageError("写要核验的文件或文件夹，或者只写 --inbox")
    # Workers load their libraries while this process loads its own.
    start_early(READING_MODULES)
    from daiban.office import Office
    from daiban.verifying import VerifyRequest
    from daiban.verifying import verify as verify_returns

    office = Office.open(workspace)
    progress = Progress() if as_json else TerminalProgress()
    if inbox:
        from daiban.handing_in.inbox import verify_waiting

        report = verify_waiting(office, workers=workers, progress=progress)
    else:
        report = verify_returns(office, VerifyRequest(paths, workers), progress)
    if as_json:
        say_json(report)
    else:
        _show(report, office.workspace)
    return report.exit_code


def _show(report: BatchReport, workspace: Workspace) -> None:
    # What needs somebody comes first, what is complete last.
    order = {"incomplete": 0, "review": 1, "complete": 2}
    documents = sorted(report.documents, key=lambda item: (order[item.verdict], item.case, item.form))
    for document in documents[:_SHOWN]:
        _show_document(document)
    if len(documents) > _SHOWN:
        say(f"…… 另有 {len(documents) - _SHOWN} 份，见报告")
    failed_sources = {failed.source for failed in report.failed}
    _show_unplaced(
        [page for page in report.unplaced if page.source not in failed_sources or page.reason != "unreadable"]
    )
    for failed in report.failed:
        note(_failed_lines(failed))
    if report.warnings:
        note(problem_lines(report.warnings[:_SHOWN]))
    say(_summary(report))
    for name in report.reports:
        say(f"报告：{workspace.path / name}")


def _show_document(document: DocumentOutcome) -> None:
    from extractors.model import VERDICT_NAMES

    verdict = f"{_MARKS[document.verdict]} {VERDICT_NAMES[document.verdict]}"
    say(f"{verdict}　{document.case}　{document.title}　{document.issue}")
    for answer in document.answers:
        say(f"    由人决定：{f'第{answer.finding}条 ' if answer.finding else ''}{answer.text}")
    for finding in document.findings:
        say(f"    {'说明：' if finding.weight == 'note' else '· '}{finding.message}")
    if document.note:
        say(f"    说明：{document.note}")


def _show_unplaced(pages: Sequence[UnplacedPage]) -> None:
    guides = sum(page.is_guide for page in pages)
    blank = sum(page.reason == "blank-page" for page in pages) - guides
    others = [page for page in pages if page.reason != "blank-page"]
    if others:
        say("没有归入任何文书的页：")
    for page in others[:_SHOWN]:
        detail = f"（{page.detail}）" if page.detail else ""
        named = f"{page.page}　" if page.page else ""
        say(f"  · {named}{page.source} 第{page.source_page}页：{_REASONS[page.reason]}{detail}")
    if len(others) > _SHOWN:
        say(f"  …… 另有 {len(others) - _SHOWN} 页，见报告")
    if blank:
        say(f"另有空白页 {blank} 页。")
    if guides:
        say(f"另有签署指引 {guides} 页，不用处理。")


def _failed_lines(failed: FailedFile) -> str:
    """What is wrong with a file, under its name unless each line begins with it."""
    lines = problem_lines(failed.problems)
    is_named = all(problem.where.startswith(failed.source) for problem in failed.problems)
    return lines if is_named else f"✗ {failed.source}：\n{lines}"


def _summary(report: BatchReport) -> str:
    if not report.sources:
        return "没有可以核验的文件。"
    from extractors.model import VERDICT_NAMES

    counts: Counter[str] = Counter(document.verdict for document in report.documents)
    verdicts = "，".join(f"{name} {counts[verdict]} 份" for verdict, name in VERDICT_NAMES.items())
    return f"核验 {len(report.sources)} 个文件，共 {len(report.documents)} 份文书：{verdicts}。"
