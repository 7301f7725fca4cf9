"""``daiban archive``: what the files of each case need and hold, and whether it can be filed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from daiban.archiving.archive_report import (
    VERDICT_NAMES,
    ArchiveCase,
    ArchiveReport,
    archive_report,
)
from daiban.archiving.document import ArchiveDocument
from daiban.case_filter import CaseFilter
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import filter_options, json_option, workspace_argument
from daiban.cli.output import day_of, note, problem_lines, say, say_json
from daiban.office import Office
from foundation.errors import ExitCode

_MARKS = {"complete": "✔", "review": "？", "incomplete": "✗", "changed": "↻", "awaited": "·", "missing": "·"}
_CONTENTS_TITLE = "卷内文件目录"
_CONTENTS = {"missing": "还没有卷内文件目录", "changed": "卷内文件目录要更新", "issued": "卷内文件目录已出具"}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.option("--case", "case_ids", metavar="编号", multiple=True, help="只看这个案件，可重复")
@filter_options
@json_option
def archive(workspace: Path, case_ids: tuple[str, ...], wanted: CaseFilter, as_json: bool) -> ExitCode:
    """各案件归档要哪些文件，哪些已在卷，能不能归档。

    要交回的，交回齐全、文件都在才算在卷；不用交回的，出具了就算。卷内文件目录用 daiban generate 出具。
    """
    found = archive_report(Office.open(workspace), case_ids, wanted)
    if as_json:
        say_json(found)
    else:
        _show(found, workspace)
    return found.exit_code


def _show(found: ArchiveReport, workspace: Path) -> None:
    for case in found.cases:
        _show_case(case, workspace)
    if found.problems:
        note(problem_lines(found.problems))
    counts = Counter(case.verdict for case in found.cases)
    counted = "，".join(
        f"{name} {counts[verdict]} 个" for verdict, name in VERDICT_NAMES.items() if counts[verdict]
    )
    say(f"共 {len(found.cases)} 个案件{'：' + counted if counted else ''}。")


def _show_case(case: ArchiveCase, workspace: Path) -> None:
    stage = f"（{case.stage}）" if case.stage else ""
    say(f"{case.case}　{case.name}{stage}　{case.label}")
    shown: set[str] = set()
    for part in case.stages:
        say(f"  {part.stage}")
        for item in part.documents:
            say(f"    {_line(item, again=item.form in shown)}")
            shown.add(item.form)
    if case.others:
        say("  其他")
        for item in case.others:
            say(f"    {_line(item)}")
    for reason in case.reasons:
        # What is wrong with a document stands beside it already.
        if not (case.stages and reason.startswith("《")):
            say(f"  ! {reason}")
    if case.verdict == "complete":
        ending = "" if case.contents == "issued" else _how(case, workspace)
        say(f"  {_CONTENTS[case.contents]}{ending}")


def _how(case: ArchiveCase, workspace: Path) -> str:
    return f"：daiban generate {workspace} --case {case.case} --form {_CONTENTS_TITLE}"


def _line(item: ArchiveDocument, *, again: bool = False) -> str:
    mark = f"{_MARKS[item.state]} {item.title}"
    if again:
        return f"{mark}　同上"
    if item.issue is None:
        return f"{mark}　{item.label}　→ {item.next}"
    when = item.returned.returned_at if item.returned else item.issued_at
    day = f"　{day_of(when)}" if when else ""
    came = " 交回" if item.returned else " 出具"
    line = f"{mark}　{item.issue}　{item.pages} 页{day}{came}：{item.label}"
    if item.returned is not None and item.returned.word:
        line = f"{line}（{item.returned.word}）"
    place = f"　{item.file}" if item.file and item.state in ("complete", "review") else ""
    return f"{line}{place}{'　→ ' + item.next if item.next else ''}"
