"""Options that several commands share."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from cases.values.documents import DOCUMENTS, read_document
from cases.values.invalid import InvalidValue
from cases.values.stages import Stage, read_stage

Value = TypeVar("Value")
_DIGITS = 9  # more of them no number here has


def at_least(least: int) -> Callable[[click.Context, click.Parameter, str | None], int | None]:
    """Reads a whole number that is not smaller; click's own range type would refuse in English."""

    def read(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
        if value is None:
            return None
        if not value.isdecimal() or len(value) > _DIGITS or int(value) < least:
            raise click.BadParameter(f"“{value}”应为 {least} 以上的整数")
        return int(value)

    return read


def one_of(choices: Mapping[str, Value]) -> Callable[[click.Context, click.Parameter, str], Value]:
    """Reads one of these words as what it means; click's own choice would refuse in English."""

    def read(_: click.Context, __: click.Parameter, value: str) -> Value:
        if value not in choices:
            raise click.BadParameter(f"没有“{value}”，可写{'、'.join(choices)}")
        return choices[value]

    return read


def _documents(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Documents by id or by place; each once."""
    known = set(DOCUMENTS.values())
    found = []
    for value in values:
        try:
            document = read_document(value)
        except InvalidValue:
            document = ""
        if document not in known:
            raise click.BadParameter(f"没有文件“{value}”，可写{'、'.join(DOCUMENTS)}之一")
        found.append(document)
    return tuple(dict.fromkeys(found))


def _said(_: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A line of text with something in it."""
    if value is not None and not value.strip():
        raise click.BadParameter(f"{parameter.opts[-1]} 后面没有写内容")
    return value.strip() if value is not None else None


def _login_name() -> str:
    """Who is logged in; a decision is never on record without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "未署名"


def reason_option(*, required: bool) -> Callable[[Any], Any]:
    """Why a person decides something."""
    text = "为什么，记在登记库里" + ("" if required else "（同 --reissue 一起写）")
    return click.option("--reason", metavar="原因", required=required, callback=_said, help=text)


by_option = click.option(
    "--by",
    metavar="姓名",
    default=_login_name,
    callback=_said,
    help="谁决定的，记在登记库里（默认本机登录名）",
)
seen_option = click.option(
    "--seen",
    metavar="号码",
    callback=at_least(0),
    help="看过的最近一次决定的号码（daiban queue --json 的 last）；别人以后又决定过的，不予记录",
)
workspace_argument = click.argument("workspace", metavar="工作区", type=click.Path(path_type=Path))
workspace_option = click.option(
    "--workspace",
    metavar="工作区",
    type=click.Path(path_type=Path),
    help="连同这个工作区 forms/ 里自己的表单",
)
json_option = click.option("--json", "as_json", is_flag=True, help="只在标准输出写一个 JSON 对象，供程序读取")
cases_option = click.option("--case", "case_ids", metavar="编号", multiple=True, help="只要这个案件，可重复")
forms_option = click.option(
    "--form", "form_ids", metavar="表单", multiple=True, help="只要这张表，写编号或名称，可重复"
)
documents_option = click.option(
    "--document",
    "documents",
    metavar="文件",
    multiple=True,
    callback=_documents,
    help="花名册只要这个文件的工作表：晋城、阳城、鞍山、交城、晋开，可重复",
)
workers_option = click.option(
    "--workers", metavar="个数", callback=at_least(1), help="同时工作的进程数（默认按设置或处理器个数）"
)


def _stage(_: click.Context, __: click.Parameter, value: str | None) -> Stage | None:
    try:
        return read_stage(value) if value is not None else None
    except InvalidValue as error:
        raise click.BadParameter(f"{error.reason}，{error.advice}") from None


def _document(context: click.Context, parameter: click.Parameter, value: str | None) -> str:
    return _documents(context, parameter, (value,))[0] if value is not None else ""


_FILTERS = (
    click.option(
        "--search", metavar="文字", default="", help="编号、项目名称、单位、代码、人名、部门里有这些字的"
    ),
    click.option("--department", metavar="部门", default="", help="环节、清单、意见里有这个部门的"),
    click.option("--stage", metavar="阶段", callback=_stage, help="正处在这个阶段的"),
    click.option(
        "--document", metavar="文件", callback=_document, help="适用这个文件的：晋城、阳城、鞍山、交城、晋开"
    ),
    click.option("--manager", metavar="姓名", default="", help="项目长是这个人的"),
    click.option("--late", is_flag=True, help="有环节逾期的"),
    click.option("--missing", is_flag=True, help="有该出的表还没有出具的"),
)


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which people look for cases; the command gets them as one ``wanted``."""

    @wraps(command)
    def with_filter(**given: Any) -> Any:
        from daiban.case_filter import CaseFilter  # it knows the whole office, which few commands load

        names = CaseFilter.__dataclass_fields__
        wanted = CaseFilter(**{name: given.pop(name) for name in names})
        return command(wanted=wanted, **given)

    for option in reversed(_FILTERS):
        with_filter = option(with_filter)
    return with_filter
