"""What the papers of 鞍营商发〔2024〕4号 need: 周调度, 督查 from 催办 to 限期整改, 通报.

Source: 二 (每周要至少调度一次), 四(四) (通报表扬; 督查催办，催办后仍未按时限落实到位的，要约谈…，限期责令整改办结).
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import (
    Day,
    FieldGroup,
    Line,
    RequiredLine,
    RequiredText,
    Text,
    none_as_empty,
    require_order,
)


class Dispatch(FieldGroup):
    """What one 调度 of a project found and asked for. ``group``, ``project``: in a record of many projects."""

    date: Day = Field(default=None, title="调度日期")
    group: Line = Field(default=None, title="推进组")
    project: Line = Field(default=None, title="项目名称")
    progress: Text = Field(default=None, title="进展情况")
    problems: Text = Field(default=None, title="存在问题")
    request: Text = Field(default=None, title="调度要求")


Dispatches = Annotated[tuple[Dispatch, ...], BeforeValidator(none_as_empty)]


class Oversight(FieldGroup):
    """One matter that lags behind: 催办, then 约谈, then 限期整改, each with its day."""

    matter: RequiredLine = Field(title="事项")
    department: Line = Field(default=None, title="责任单位")
    due: Day = Field(default=None, title="原定时限")
    urged: Day = Field(default=None, title="催办日期")
    urged_due: Day = Field(default=None, title="催办期限")
    talked: Day = Field(default=None, title="约谈日期")
    invitee: Line = Field(default=None, title="约谈对象")
    ordered: Day = Field(default=None, title="责令整改日期")
    ordered_due: Day = Field(default=None, title="整改期限")
    done: Day = Field(default=None, title="办结日期")

    @model_validator(mode="after")
    def _in_order(self) -> Oversight:
        require_order("催办日期", self.urged, "的催办期限", self.urged_due)
        require_order("催办日期", self.urged, "的约谈日期", self.talked)
        require_order("催办日期", self.urged, "的责令整改日期", self.ordered)
        require_order("责令整改日期", self.ordered, "的整改期限", self.ordered_due)
        return self


Oversights = Annotated[tuple[Oversight, ...], BeforeValidator(none_as_empty)]


class NamedUnit(FieldGroup):
    """A unit or person that a 通报 names, and for what."""

    unit: RequiredLine = Field(title="单位或个人")
    fact: RequiredText = Field(title="事由")


NamedUnits = Annotated[tuple[NamedUnit, ...], BeforeValidator(none_as_empty)]


class Circular(FieldGroup):
    """推进情况通报: whom it praises, and who does not move on."""

    number: Line = Field(default=None, title="通报发文字号")
    date: Day = Field(default=None, title="推进情况通报日期")
    praised: NamedUnits = Field(default=(), title="通报表扬")
    lagging: NamedUnits = Field(default=(), title="推进不力")
