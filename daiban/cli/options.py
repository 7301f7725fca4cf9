"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click

from cases.values.documents import DOCUMENTS, read_document
from cases.values.invalid import InvalidValue


def _count(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """A whole number of at least 1; click's own range type would refuse in English."""
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"“{value}”应为 1 以上的整数")
    return int(value)


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


workspace_argument = click.argument("workspace", metavar="WS", type=click.Path(path_type=Path))
workspace_option = click.option(
    "--workspace", metavar="WS", type=click.Path(path_type=Path), help="连同这个工作区 forms/ 里自己的表单"
)
json_option = click.option("--json", "as_json", is_flag=True, help="只在标准输出写一个 JSON 对象，供程序读取")
documents_option = click.option(
    "--document",
    "documents",
    metavar="文件",
    multiple=True,
    callback=_documents,
    help="花名册只要这个文件的工作表：晋城、阳城、鞍山、交城、晋开，可重复",
)
workers_option = click.option(
    "--workers", metavar="N", callback=_count, help="同时工作的进程数（默认按设置或处理器个数）"
)
