"""``daiban export``: what is out under names that people read, with a manifest."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.case_filter import CaseFilter
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import cases_option, filter_options, forms_option, json_option, workspace_argument
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.handing_out.export import export as export_papers
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path))
@cases_option
@forms_option
@filter_options
@json_option
def export(
    workspace: Path,
    folder: Path,
    case_ids: tuple[str, ...],
    form_ids: tuple[str, ...],
    wanted: CaseFilter,
    as_json: bool,
) -> ExitCode:
    """把已出具的文书按“项目名称-表单”的名字导出到一个新文件夹，附清单。

    每个案件一个文件夹；推送函每个部门一个 PDF，可以单独发送。清单是 CSV，Excel 和 WPS 能直接打开。
    """
    made = export_papers(Office.open(workspace), folder.resolve(), case_ids, form_ids, wanted)
    if as_json:
        say_json(made)
    else:
        if made.problems:
            note(problem_lines(made.problems))
        say(f"导出 {len(made.files)} 个文件：{made.folder}\n清单：{made.manifest}")
    return made.exit_code
