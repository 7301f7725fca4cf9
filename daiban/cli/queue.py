"""``daiban queue``: what came back and waits for a person."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import at_least, cases_option, json_option, one_of, workspace_argument
from daiban.cli.output import day_of, say, say_json
from daiban.deciding.queue import (
    PART_NAMES,
    QueueDocument,
    QueuePart,
    QueueReport,
    QueueRequest,
    return_queue,
    unplaced_queue,
)
from daiban.office import Office
from extractors.model import VERDICT_NAMES
from foundation.errors import ExitCode

_WEIGHTS = {"incomplete": "须补齐", "review": "须核对", "note": "说明"}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option(
    "--show",
    "part",
    metavar="部分",
    callback=one_of({part: part for part in PART_NAMES}),
    default="todo",
    help="看哪一部分：todo 待核对（默认）、incomplete 不齐全、complete 齐全、decided 已决定、all 全部",
)
@click.option("--unplaced", is_flag=True, help="看没有归入任何文书的页")
@click.option(
    "--search",
    "text",
    metavar="文字",
    default="",
    help="案件编号、文书编号、表名、项目或单位名称里有这些字的",
)
@cases_option
@click.option("--limit", metavar="个数", callback=at_least(1), default="50", help="一次最多列几份（默认 50）")
@click.option("--offset", metavar="个数", callback=at_least(0), default="0", help="跳过前面几份")
@json_option
def queue(
    workspace: Path,
    part: QueuePart,
    unplaced: bool,
    text: str,
    case_ids: tuple[str, ...],
    limit: int,
    offset: int,
    as_json: bool,
) -> ExitCode:
    """待办：交回的文书里要人核对的、不齐全的，没有归入的页；先交回的在前。用 decide、place 决定。"""
    office = Office.open(workspace)
    if unplaced:
        found = unplaced_queue(office, limit=limit, offset=offset)
    else:
        request = QueueRequest(part=part, text=text, cases=case_ids, limit=limit, offset=offset)
        found = return_queue(office, request)
    if as_json:
        say_json(found)
    else:
        _show(found)
    return ExitCode.OK


def _show(found: QueueReport) -> None:
    for document in found.documents:
        _show_document(document)
    for page in found.unplaced:
        say(f"{page.page}　{page.source} 第{page.source_page}页　{day_of(page.came_at)}　{page.detail}")
    counts = found.counts
    listed = len(found.documents) + len(found.unplaced)
    rest = f"，列出 {listed} 份" if listed < found.total else ""
    say(
        f"共 {found.total} 份{rest}。待核对 {counts.todo} 份，不齐全 {counts.incomplete} 份，"
        f"齐全 {counts.complete} 份；没有归入的页 {counts.unplaced} 页。"
    )


def _show_document(document: QueueDocument) -> None:
    machine = f"（机器结论：{VERDICT_NAMES[document.machine_verdict]}）" if document.decision else ""
    verdict = f"{VERDICT_NAMES[document.verdict]}{machine}"
    day = day_of(document.returned_at)
    say(f"{document.issue}　{document.case}　{document.title}　{day} 交回：{verdict}")
    if document.decision is not None:
        say(f"    {document.decision.text}")
    for answer in document.waiting:
        about = f"第{answer.finding}条" if answer.finding else "整份"
        say(f"    等第二个人复核：{about}　{answer.text}")
    if document.earlier:
        say(f"    对以前交回的决定不再算数：{document.earlier[-1].text}")
    for finding in document.findings:
        said = f"　{finding.decision.text}" if finding.decision is not None else ""
        say(f"    {finding.number}. {_WEIGHTS[finding.machine_weight]}：{finding.message}{said}")
