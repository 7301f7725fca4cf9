"""``daiban place``: a person says where a returned page belongs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from daiban.cli.chinese import ChineseCommand
from daiban.cli.options import by_option, json_option, reason_option, workspace_argument
from daiban.cli.output import say, say_json
from daiban.deciding.placing import PlacingResult, dismiss, take_away
from daiban.deciding.placing import place as place_page
from daiban.office import Office
from foundation.errors import ExitCode, Problem, UsageError

_DONE = {"place": "归入", "remove": "移出", "dismiss": "定为不归入任何文书", "undo": "回到原处"}


@click.command(cls=ChineseCommand)
@workspace_argument
@click.argument("page", metavar="页")
@click.argument("target", metavar="[编号/页码]", required=False)
@click.option("--away", is_flag=True, help="把归错的页移出来，页写成 文书编号/页码")
@click.option("--dismiss", "is_none", is_flag=True, help="这一页不是本单位的文书，不归入，不再列出")
@reason_option(required=True)
@by_option
@json_option
def place(
    workspace: Path,
    page: str,
    target: str | None,
    away: bool,
    is_none: bool,
    reason: str,
    by: str,
    as_json: bool,
) -> ExitCode:
    """由人归页：把没有归入的页（如 P17，用 daiban queue --unplaced 查看）归入一份文书的一页，如 7K3M9QX2/2。

    归入的页照着那一页再读一遍，整份重新判断、归档；不用原来的扫描文件。归错的用 --away 移出。
    """
    office, name = Office.open(workspace), page.strip().upper()
    if away and target is None and not is_none:
        result = take_away(office, *_page_of(name), by=by, reason=reason)
    elif is_none and target is None and not away:
        result = dismiss(office, name, by=by, reason=reason)
    elif target is not None and not (away or is_none):
        result = place_page(office, name, *_page_of(target.strip().upper()), by=by, reason=reason)
    else:
        raise UsageError(
            Problem("编号/页码", "写明归入哪里（编号/页码），或用 --away 移出，或用 --dismiss 不归入")
        )
    if as_json:
        say_json(result)
    else:
        show_page(result, office.titles)
    return ExitCode.OK


def show_page(result: PlacingResult, titles: Mapping[str, str]) -> None:
    """What was done with a page, for people. ``titles``: of forms, by id."""
    title = f"《{titles.get(result.form, result.form)}》" if result.form else ""
    where = f"　{result.case}{title}　{result.issue} 第{result.number}页" if result.issue else ""
    done = "的决定已撤销，" if result.done == "undo" else "已"
    say(f"{result.page}（{result.source} 第{result.source_page}页）{done}{_DONE[result.done]}{where}")
    if result.returned is not None:
        say(f"  现在的结论：{result.returned.label}")


def _page_of(text: str) -> tuple[str, int]:
    issue, slash, number = text.partition("/")
    if not slash or not number.isdecimal() or len(number) > 6:
        raise UsageError(Problem(text, "应写成 文书编号/页码，如 7K3M9QX2/2"))
    return issue, int(number)
