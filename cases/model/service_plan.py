"""服务方案: what has to be approved, stage by stage, and with which materials.

Source: 晋市审管发〔2022〕28号, 附件1 项目审批“全代办”服务方案.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import Entries, FieldGroup, JoinedText, Line, RequiredLine, none_as_empty

_WITH_AUTHORITY = re.compile(r"(?s)(.+?)\s*[（(]\s*([一-鿿]{1,5}级)\s*[)）]\s*")


class ApprovalItem(FieldGroup):
    """事项及审批权限: one matter and who decides it.

    Also written as one text: ``企业投资项目备案（市级）``.
    """

    name: RequiredLine = Field(title="事项")
    authority: Line = Field(default=None, title="审批权限")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = _WITH_AUTHORITY.fullmatch(value)
        return {"name": match[1], "authority": match[2]} if match else {"name": value}


ApprovalItems = Annotated[tuple[ApprovalItem, ...], BeforeValidator(none_as_empty)]


class StagePlan(FieldGroup):
    """One stage's row of the 审批事项清单 and its 申请材料清单; from ``duration`` on, what 阳城's 代办服务方案 adds.

    ``intermediaries``: 中介环节, which the 一次性告知单 tells beside them (晋市审管发〔2022〕28号, 工作方案 五(二)).
    Source of these: 阳政办函〔2026〕9号, 五(二): 时限、方式; 各阶段审批牵头部门、牵头代办员、协同代办员;
    三(二): 明确各阶段责任人与时间节点.
    """

    items: ApprovalItems = Field(default=(), title="事项及审批权限")
    special_steps: JoinedText = Field(default=None, title="特殊环节")
    fees: JoinedText = Field(default=None, title="需缴纳费用")
    materials: Entries = Field(default=(), title="申请材料清单")
    duration: JoinedText = Field(default=None, title="时限")
    method: JoinedText = Field(default=None, title="方式")
    department: Line = Field(default=None, title="审批牵头部门")
    lead_agent: Line = Field(default=None, title="牵头代办员")
    assisting_agents: Line = Field(default=None, title="协同代办员")
    responsible: Line = Field(default=None, title="责任人")
    milestone: Line = Field(default=None, title="时间节点")
    intermediaries: JoinedText = Field(default=None, title="中介环节")


_EMPTY_STAGE = StagePlan()  # shared: it never changes, and most cases leave most stages empty


def _empty_stage() -> StagePlan:
    return _EMPTY_STAGE


class ServicePlan(FieldGroup):
    """服务方案 of all four stages."""

    approval: StagePlan = Field(default_factory=_empty_stage, title="立项用地规划许可")
    planning: StagePlan = Field(default_factory=_empty_stage, title="工程建设许可")
    construction: StagePlan = Field(default_factory=_empty_stage, title="施工许可")
    completion: StagePlan = Field(default_factory=_empty_stage, title="竣工验收")
    tips: JoinedText = Field(default=None, title="审批要点提示")
    optimisation: JoinedText = Field(default=None, title="流程优化方案")
