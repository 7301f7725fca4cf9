"""The roster workbook (花名册), declared once: its sheets, headings, and where each column's values go.

Reader and writer both follow this; neither knows a heading by itself. One row per case on the first sheet,
further sheets for lists, joined by 编号.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cases.values.stages import STAGE_LABELS

EXAMPLE_ID = "示例-请删除"
GUIDE_SHEET = "填表说明"
CHOICES_SHEET = "选项"
CASE = "id"
"""Key of the 编号 column, on every sheet."""
VALUE = "value"
"""Key of a list sheet's one value."""

AUTHORITIES = ("市级", "县级", "省级")
CATEGORIES: dict[str, tuple[str, ...]] = {
    "市级审批事项": ("items", "city"),
    "县级审批事项": ("items", "county"),
    "省级审批事项": ("items", "province"),
    "各类申请": ("materials", "applications"),
    "项目批准文件": ("materials", "approvals"),
    "土地手续": ("materials", "land"),
    "部门意见": ("materials", "opinions"),
    "评估文本类": ("materials", "reports"),
    "其他": ("materials", "other"),
    "特殊环节": ("special_steps",),
    "需缴纳费用": ("fees",),
    "要点提示": ("tips",),
    "优化流程建议": ("optimisation",),
}
"""类别 of the 研判 sheet, and where under a stage each goes: pairs are lists, single keys texts."""

Value = str | dt.date | None
"""What a cell holds once read, or is to hold when written."""

Kind = Literal["text", "id", "code", "phone", "date", "lines"]
"""What a column holds; ``id``, ``code`` and ``phone`` are text that a spreadsheet must not take for a
number; ``lines`` is a list, an entry a line of its cell.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``key``: on 项目 and sheets of ``fields`` a field id, on list sheets what the cell is to its row.

    ``filled``: on a list sheet, whether a row without it is a mistake. ``choices``: drop-down entries;
    ``strict``: nothing else is accepted. ``documents``: whose forms use it, all without any; ``usual``: whether a
    roster made for no document in particular has it.
    """

    heading: str
    key: str
    kind: Kind = "text"
    needed: bool = False
    filled: bool = False
    width: int = 16
    note: str = ""
    example: Value = None
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    strict: bool = False
    documents: tuple[str, ...] = ()
    usual: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. ``target``: the place in the tree its rows go to, ``{stage}`` and ``{category}`` from the
    row; empty for 项目. ``rows``: what a row becomes there: one ``value`` of a list, a ``group`` of a
    list, or ``texts`` joined line by line to what stands there; ``fields`` are more columns of 项目, one row a case.
    ``categories``: what ``{category}`` may be, and its path. ``documents``, ``usual``: as a column's.
    """

    name: str
    purpose: str
    columns: tuple[Column, ...]
    target: str = ""
    rows: Literal["case", "fields", "value", "group", "texts"] = "case"
    aliases: tuple[str, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    usual: bool = True


ID_NOTE = "必填。汉字、字母、数字、“-”和“_”，不重复，最多64个字符，例如 JC-2026-001。"
REF_NOTE = "必填。填“项目”表里已有的编号；一个项目有几项就填几行。"
STAGE_NOTE = f"从下拉框中选：{'、'.join(STAGE_LABELS)}。"
DATE_NOTE = "日期。可写成 2026-03-05、2026.3.5 或 2026年3月5日。"
PHONE_NOTE = "手机或带区号的固定电话，按文本填写，例如 13900000000、0356-2020000。"


def id_column(note: str = REF_NOTE) -> Column:
    """编号, by which list rows find their case."""
    aliases = ("案件编号", "项目编号")
    return Column("编号", CASE, "id", needed=True, width=16, note=note, example=EXAMPLE_ID, aliases=aliases)


def category_column(heading: str, categories: Iterable[str]) -> Column:
    """Which of a sheet's categories a list row is of, by its name in a drop-down; the first is the example."""
    names = tuple(categories)
    return Column(
        heading,
        "category",
        needed=True,
        filled=True,
        width=18,
        note="从下拉框中选：" + "、".join(names) + "。",
        example=names[0],
        choices=names,
        strict=True,
    )


def stage_column() -> Column:
    """阶段 of a list row."""
    return Column(
        "阶段",
        "stage",
        needed=True,
        filled=True,
        width=20,
        note=STAGE_NOTE,
        example=STAGE_LABELS[0],
        aliases=("审批阶段",),
        choices=STAGE_LABELS,
        strict=True,
    )
