"""What the papers of 阳政办函〔2026〕9号 need: 专职代办员, 责任人变更, 任务交办.

Source: 三 (选派3-5名专职代办员), 三(二) (应及时递补并报领导小组备案), 五(三) (代办事项任务交办).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import Day, FieldGroup, Line, Phone, RequiredLine, Text, none_as_empty


class Agent(FieldGroup):
    """One 专职代办员 of a project."""

    name: RequiredLine = Field(title="代办员姓名")
    unit: Line = Field(default=None, title="所在单位")
    post: Line = Field(default=None, title="职务")
    phone: Phone = Field(default=None, title="代办员电话")


class AgentTeam(FieldGroup):
    """The agents who are assigned to a project, and since when."""

    date: Day = Field(default=None, title="指派日期")
    members: Annotated[tuple[Agent, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="专职代办员"
    )


class Replacement(FieldGroup):
    """责任人变更: who follows whom at one unit."""

    unit: RequiredLine = Field(title="单位")
    former: Line = Field(default=None, title="原责任人")
    successor: Line = Field(default=None, title="递补责任人")
    post: Line = Field(default=None, title="递补责任人职务")
    phone: Phone = Field(default=None, title="递补责任人电话")
    reason: Text = Field(default=None, title="变更原因")
    date: Day = Field(default=None, title="变更日期")


Replacements = Annotated[tuple[Replacement, ...], BeforeValidator(none_as_empty)]


class Assignment(FieldGroup):
    """代办事项任务交办: when the matters of the plan are assigned to their departments."""

    date: Day = Field(default=None, title="交办日期")
