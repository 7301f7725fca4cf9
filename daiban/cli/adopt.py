"""``daiban adopt``: a DOCX that staff edited, issued as it is."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, reason_option, workspace_argument
from daiban.cli.output import note, say, say_json
from daiban.issuing.edited import EditedIssue, issue_edited
from daiban.office import Office
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("issue", metavar="编号")
@click.option(
    "--docx",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="改过的 DOCX 在哪里（默认就在出具的位置）",
)
@reason_option(required=True)
@by_option
@json_option
def adopt(workspace: Path, issue: str, docx: Path | None, reason: str, by: str, as_json: bool) -> ExitCode:
    """照改过的 DOCX 出具：编号是原来一份的，改过的照它自己的样子出 PDF，给新编号和页面标识，原来的作废。

    字段与案件数据不同的、文字与表单不同的，逐处列出并记在登记库里；批注、修订等没有清掉的不出。以后数据变了也不会自动换掉它。
    """
    office = Office.open(workspace)
    result = issue_edited(office, issue.strip().upper(), by=by, reason=reason, docx=docx)
    if as_json:
        say_json(result)
    else:
        _show(result, office.titles.get(result.issued.form, result.issued.form))
    return ExitCode.OK


def _show(result: EditedIssue, title: str) -> None:
    made = result.issued
    say(f"✓ {made.case}《{title}》编号 {made.issue}  {made.pdf or made.docx}（{result.voids} 作废）")
    for change in result.differs:
        note(f"与案件数据不同　{change}")
    for line in result.wording:
        note(f"文字与表单不同　{line}")
    if not (result.differs or result.wording):
        note("字段和文字都与原来一样，只改了样式。")
