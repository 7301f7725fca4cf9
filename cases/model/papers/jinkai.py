"""What the papers of 晋市开办〔2021〕5号 need: 审批结果 that are pushed to whoever supervises, and the 联络员.

Source: 二6: 将行政审批结果信息第一时间…推送至相应监管部门，同时信息通知各监管部门的联络员;
三2: 都要确定专人负责信息互通对接.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import (
    Day,
    FieldGroup,
    Line,
    Phone,
    RequiredLine,
    Text,
    none_as_empty,
    require_order,
)


class ApprovalResult(FieldGroup):
    """One 行政审批结果, and its way to the department that supervises."""

    item: RequiredLine = Field(title="审批事项")
    result: Line = Field(default=None, title="审批结果")
    number: Line = Field(default=None, title="批准文号")
    date: Day = Field(default=None, title="决定日期")
    department: Line = Field(default=None, title="监管部门")
    liaison: Line = Field(default=None, title="联络员")
    phone: Phone = Field(default=None, title="联络员电话")
    pushed: Day = Field(default=None, title="推送日期")
    feedback: Text = Field(default=None, title="事中事后监管结果")

    @model_validator(mode="after")
    def _in_order(self) -> ApprovalResult:
        require_order("决定日期", self.date, "的推送日期", self.pushed)
        return self


Decisions = Annotated[tuple[ApprovalResult, ...], BeforeValidator(none_as_empty)]
