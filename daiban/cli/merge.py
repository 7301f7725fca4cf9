"""``daiban merge``: several departments' 研判表 as one."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.merging.run import MergeOutcome, merge_files
from daiban.workspace import Workspace
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("files", metavar="FILE", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--case", "case_id", metavar="ID", required=True, help="这些研判表是哪个案件的")
@json_option
def merge(workspace: Path, files: tuple[Path, ...], case_id: str, as_json: bool) -> ExitCode:
    """汇总各科室交回的研判表，作为案件的研判；服务方案由它得出。

    可以是改过的 DOCX、填过的 PDF，或核验过的扫描件。写到 cases/编号.assessment.yaml。
    """
    outcome = merge_files(Workspace.open(workspace), case_id, files)
    if as_json:
        say_json(outcome.to_json())
    else:
        _tell(outcome)
    return ExitCode.OK


def _tell(outcome: MergeOutcome) -> None:
    merged = outcome.overlay.merged
    for source in merged.sources:
        ticked = sum(source.department in tick.by for tick in merged.ticks)
        written = sum(text.by == source.department for text in merged.texts)
        say(f"  {source.department}　{source.file}　勾选 {ticked} 项，填写 {written} 处")
    for item in merged.contradictions:
        say(f"  矛盾　{item.problem}")
    if outcome.superseded:
        note(f"原来汇总的移到了 {outcome.superseded}")
    found = f"，矛盾 {len(merged.contradictions)} 处，请会商后在文件里改定" if merged.contradictions else ""
    say(f"汇总 {len(merged.sources)} 份研判表：勾选 {len(merged.ticks)} 项{found}。写在 {outcome.file}")
