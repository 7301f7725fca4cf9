"""``daiban merge``: several departments' 研判表 as one."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.merging.run import MergeResult, merge_files
from daiban.office import Office
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
    result = merge_files(Office.open(workspace), case_id, files)
    if as_json:
        say_json(result)
    else:
        _show(result)
    return ExitCode.OK


def _show(result: MergeResult) -> None:
    for source in result.sources:
        ticked = sum(source.department in tick.by for tick in result.ticks)
        written = sum(text.by == source.department for text in result.texts)
        say(f"  {source.department}　{source.file}　勾选 {ticked} 项，填写 {written} 处")
    for item in result.contradictions:
        say(f"  矛盾　{item.problem}")
    if result.superseded:
        note(f"原来汇总的移到了 {result.superseded}")
    found = f"，矛盾 {len(result.contradictions)} 处，请会商后在文件里改定" if result.contradictions else ""
    say(f"汇总 {len(result.sources)} 份研判表：勾选 {len(result.ticks)} 项{found}。写在 {result.file}")
