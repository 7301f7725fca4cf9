"""Forms about many projects (项目清单, 汇总表): one row per project, and the fields of a project that go into its row.

A list is either written in a case of its own (``projects``), or compiled from the cases of an office. Sources:
鞍营商发〔2024〕4号, 三(一): 三张项目清单 of 社会投资类, 城市建设类, 工业“四改”类 with 项目名称、项目内容、形象进度
and the approvals;
晋市开办〔2021〕5号, 二1–3: 上一年度办理情况, 需要办理的手续事项, 项目经理, 每周对接汇总.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import (
    Day,
    FieldGroup,
    JoinedText,
    Line,
    RequiredLine,
    Text,
    invalid_value,
    none_as_empty,
    one_of,
)
from cases.model.procedures import Procedure

CATEGORIES = ("社会投资类", "城市建设类", "工业四改类")
Category = Annotated[
    str | None,
    BeforeValidator(
        one_of(
            {name: name for name in CATEGORIES}
            | {"社会投资": CATEGORIES[0], "城市建设": CATEGORIES[1]}
            | dict.fromkeys(("工业四改", "工业“四改”类", "工业“四改”", '工业"四改"类'), CATEGORIES[2])
        )
    ),
]

#: The approvals that 三(一) names, and the words by which a procedure is recognised as one of them.
APPROVALS = {
    "initiation": ("立项", ("立项", "备案", "核准", "项目建议书", "可行性研究")),
    "site": ("选址", ("选址", "用地预审")),
    "planning": ("规划许可", ("规划许可", "用地规划", "工程规划")),
    "civil_defence": ("人防报建", ("人防",)),
    "environment": ("环评", ("环评", "环境影响")),
    "energy": ("能评", ("能评", "节能")),
    "construction": ("施工许可", ("施工许可",)),
}


class Handling(FieldGroup):
    """Who handles one approval of a project, and how soon it is promised."""

    department: Line = Field(default=None, title="承办部门")
    limit: Line = Field(default=None, title="承诺时限")


class Situation(FieldGroup):
    """办理情况 of one project, as summaries report it."""

    status: Text = Field(default=None, title="手续办理情况")
    problems: Text = Field(default=None, title="存在问题")
    solution: Text = Field(default=None, title="解决情况")
    previous: Text = Field(default=None, title="上一年度办理情况")


class ListedProject(FieldGroup):
    """One row of a list of projects."""

    name: RequiredLine = Field(title="项目名称")
    enterprise: Line = Field(default=None, title="项目单位")
    category: Category = Field(default=None, title="清单类别")
    type: Text = Field(default=None, title="项目性质")
    location: Text = Field(default=None, title="建设地点")
    scale: Text = Field(default=None, title="建设规模")
    land: Text = Field(default=None, title="用地情况")
    content: Text = Field(default=None, title="项目内容")
    progress: Text = Field(default=None, title="形象进度")
    manager: Line = Field(default=None, title="项目经理")
    steward: Line = Field(default=None, title="领办代办人员")
    matters: JoinedText = Field(default=None, title="需要办理的手续事项")
    status: Text = Field(default=None, title="手续办理情况")
    problems: Text = Field(default=None, title="存在问题")
    solution: Text = Field(default=None, title="解决情况")
    previous: Text = Field(default=None, title="上一年度办理情况")
    last_year: Text = Field(default=None, title="上一年度办理情况汇总")
    initiation: Handling = Field(default_factory=Handling, title="立项")
    site: Handling = Field(default_factory=Handling, title="选址")
    planning: Handling = Field(default_factory=Handling, title="规划许可")
    civil_defence: Handling = Field(default_factory=Handling, title="人防报建")
    environment: Handling = Field(default_factory=Handling, title="环评")
    energy: Handling = Field(default_factory=Handling, title="能评")
    construction: Handling = Field(default_factory=Handling, title="施工许可")


Projects = Annotated[tuple[ListedProject, ...], BeforeValidator(none_as_empty)]


class Listing(FieldGroup):
    """What is printed above a list of projects: its year, or the week it covers."""

    year: Line = Field(default=None, title="年度")
    start: Day = Field(default=None, title="汇总起始日期")
    end: Day = Field(default=None, title="汇总截止日期")

    @model_validator(mode="after")
    def _in_order(self) -> Listing:
        if self.start and self.end and self.end < self.start:
            raise invalid_value("汇总的截止日期早于起始日期", "核对两个日期")
        return self


def handlings(procedures: Iterable[Procedure]) -> dict[str, Handling]:
    """A project's procedures by the approval whose columns of a list they go into; the first of each counts."""
    found: dict[str, Handling] = {}
    for procedure in procedures:
        key = next((key for key, (_, words) in APPROVALS.items() if _names(procedure.item, words)), None)
        if key is not None:
            found.setdefault(key, Handling(department=procedure.department, limit=procedure.limit))
    return found


def _names(item: str, words: Iterable[str]) -> bool:
    return any(word in item for word in words)
