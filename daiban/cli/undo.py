"""``daiban undo``: a person takes back a decision about a return or a page."""

from __future__ import annotations

from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.decide import show
from daiban.cli.options import by_option, json_option, reason_option, seen_option, workspace_argument
from daiban.cli.output import say_json
from daiban.cli.place import show_page
from daiban.deciding.decide import undo_answer
from daiban.deciding.placing import undo_placing
from daiban.office import Office
from daiban.registry import page_number
from foundation.errors import ExitCode


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("subject", metavar="编号")
@reason_option(required=True)
@by_option
@seen_option
@json_option
def undo(workspace: Path, subject: str, reason: str, by: str, seen: int | None, as_json: bool) -> ExitCode:
    """撤销最近一次决定。写文书编号（收下、退回），或页的编号如 P17（归入、移出、不归入）。

    撤销也记在登记库里。撤回和恢复一份文书用 daiban withdraw。
    """
    office, name = Office.open(workspace), subject.strip().upper()
    if page_number(name) is not None:
        placed = undo_placing(office, name, by=by, reason=reason, seen=seen)
        if as_json:
            say_json(placed)
        else:
            show_page(placed, office.titles)
        return ExitCode.OK
    result = undo_answer(office, name, by=by, reason=reason, seen=seen)
    if as_json:
        say_json(result)
    else:
        show(result, office.titles)
    return ExitCode.OK
