"""``daiban merge``: several departments' 研判表 as one."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.contradictions import contradiction_lines
from daiban.cli.options import json_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.merging.run import MergeResult, merge_files
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("files", metavar="文件", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--case", "case_id", metavar="编号", required=True, help="这些研判表是哪个案件的")
@click.option("--anew", is_flag=True, help="不接着以前汇总的，只用这几份重新汇总")
@json_option
def merge(workspace: Path, files: tuple[Path, ...], case_id: str, anew: bool, as_json: bool) -> ExitCode:
    """汇总各科室交回的研判表，作为案件的研判；服务方案由它得出。

    可以是改过的 DOCX、填过的 PDF，或核验过的扫描件。写到 cases/编号.assessment.yaml。后交回的接着汇总进来，
    以前的不用再交；同一科室再交的，代替它以前的。
    """
    result = merge_files(Office.open(workspace), case_id, files, anew=anew)
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
    for line in contradiction_lines(result.contradictions, settled_too=True):
        say(f"  {line}")
    if result.superseded:
        note(f"原来汇总的移到了 {result.superseded}")
    still = sum(item.settled is None for item in result.contradictions)
    found = f"，矛盾 {still} 处没有定，请会商后用 daiban settle 定下来" if still else ""
    say(f"汇总 {len(result.sources)} 份研判表：勾选 {len(result.ticks)} 项{found}。写在 {result.file}")
