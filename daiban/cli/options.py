"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path

import click


def _count(_: click.Context, __: click.Parameter, value: str | None) -> int | None:
    """A whole number of at least 1; click's own range type would refuse in English."""
    if value is None:
        return None
    if not value.isdecimal() or int(value) < 1:
        raise click.BadParameter(f"“{value}”应为 1 以上的整数")
    return int(value)


workspace_argument = click.argument("workspace", metavar="WS", type=click.Path(path_type=Path))
workspace_option = click.option(
    "--workspace", metavar="WS", type=click.Path(path_type=Path), help="连同这个工作区 forms/ 里自己的表单"
)
json_option = click.option("--json", "as_json", is_flag=True, help="只在标准输出写一个 JSON 对象，供程序读取")
workers_option = click.option(
    "--workers", metavar="N", callback=_count, help="同时排版的进程数（默认按设置或处理器个数）"
)
