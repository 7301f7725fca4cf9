"""研判: what the departments found that a project needs, stage by stage.

Source: 晋市审管发〔2022〕28号, 附件1 of the 一站式 mechanism, 一站式项目研判表. Entries are the printed
labels; what is not printed goes to the form's blank lines. The paper prints the first two stages; the
data holds all four.
"""

from __future__ import annotations

from pydantic import Field

from cases.model.field_types import Entries, FieldGroup, JoinedText, Line

AUTHORITIES = {"city": "市级", "county": "县级", "province": "省级"}
"""Who decides a matter, by the name of its list below."""


class AssessmentItems(FieldGroup):
    """(一)事项清单, by who decides."""

    city: Entries = Field(default=(), title="市级审批事项")
    county: Entries = Field(default=(), title="县级审批事项")
    province: Entries = Field(default=(), title="省级审批事项")


class AssessmentMaterials(FieldGroup):
    """(二)材料清单, by group."""

    applications: Entries = Field(default=(), title="各类申请")
    approvals: Entries = Field(default=(), title="项目批准文件")
    land: Entries = Field(default=(), title="土地手续")
    opinions: Entries = Field(default=(), title="部门意见")
    reports: Entries = Field(default=(), title="评估文本类")
    other: Entries = Field(default=(), title="其他")


_NO_ITEMS = AssessmentItems()
_NO_MATERIALS = AssessmentMaterials()


class StageAssessment(FieldGroup):
    """One stage's block of the 研判表, (一) to (六)."""

    items: AssessmentItems = Field(default_factory=lambda: _NO_ITEMS, title="事项清单")
    materials: AssessmentMaterials = Field(default_factory=lambda: _NO_MATERIALS, title="材料清单")
    special_steps: JoinedText = Field(default=None, title="特殊环节")
    fees: JoinedText = Field(default=None, title="需缴纳费用")
    tips: JoinedText = Field(default=None, title="要点提示")
    optimisation: JoinedText = Field(default=None, title="优化流程建议")


_EMPTY_STAGE = StageAssessment()


def _empty_stage() -> StageAssessment:
    return _EMPTY_STAGE


class Assessment(FieldGroup):
    """研判表."""

    filled_by: Line = Field(default=None, title="填表人")
    approval: StageAssessment = Field(default_factory=_empty_stage, title="立项用地规划许可")
    planning: StageAssessment = Field(default_factory=_empty_stage, title="工程建设许可")
    construction: StageAssessment = Field(default_factory=_empty_stage, title="施工许可")
    completion: StageAssessment = Field(default_factory=_empty_stage, title="竣工验收")
