"""``daiban print``: what is out as one PDF to print."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.case_filter import CaseFilter
from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import (
    cases_option,
    filter_options,
    forms_option,
    json_option,
    one_of,
    workspace_argument,
)
from daiban.cli.output import note, problem_lines, say, say_json
from daiban.handing_out.print_file import By, make_print_file
from daiban.office import Office
from foundation.errors import ExitCode

_ORDERS: dict[str, By] = {"案件": "case", "表单": "form"}


@click.command("print", cls=ChineseCommand)
@workspace_argument
@cases_option
@forms_option
@filter_options
@click.option(
    "--by",
    metavar="次序",
    callback=one_of(_ORDERS),
    default="案件",
    help="按案件排（一个案件的各表在一起），还是按表单排（一张表的各案件在一起）；默认案件",
)
@json_option
def print(
    workspace: Path,
    case_ids: tuple[str, ...],
    form_ids: tuple[str, ...],
    by: By,
    wanted: CaseFilter,
    as_json: bool,
) -> ExitCode:
    """把已出具的文书合成一个 PDF 供打印：每份文书从新的一张纸开始，双面打印也不会两份印在一张上。

    推送函每个部门一份。已经交回齐全的不再打印。放在工作区的 prints 文件夹。
    """
    office = Office.open(workspace)
    made = make_print_file(office, case_ids, form_ids, by, wanted)
    if as_json:
        say_json(made)
    else:
        if made.problems:
            note(problem_lines(made.problems))
        say(
            f"{len(made.papers)} 份，{made.pages} 页（双面打印 {made.sheets} 张）：{office.workspace.path / made.file}"
        )
    return made.exit_code
