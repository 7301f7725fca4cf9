"""What the papers of 全代办 need beside plan and progress: 集体会商, 联合勘验, 一次性告知, 补正, 办结告知.

Source: 晋市审管发〔2022〕28号: “一站式”机制 第六至八条; 工作方案 四(二)4, 五(一), 五(二); “项目长”机制 五(二).
A paper is called for by what is recorded here (``trigger`` in its form.toml), so every group is empty until it happens.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import (
    CaseStage,
    Day,
    Entries,
    FieldGroup,
    Line,
    RequiredLine,
    RequiredText,
    Text,
    none_as_empty,
    one_of,
    require_order,
)

#: 第八条: how 集体会商 is organised.
CONSULTATION_MODES = ("线上征询", "线下联席会议")
#: 第六条 and 工作方案 五(一): what is done together before 立项.
SURVEY_KINDS = ("联合勘验", "联合论证")

ConsultationMode = Annotated[str | None, BeforeValidator(one_of({name: name for name in CONSULTATION_MODES}))]
SurveyKind = Annotated[
    str | None, BeforeValidator(one_of({name: name for name in SURVEY_KINDS} | {"现场踏勘": SURVEY_KINDS[0]}))
]


class Consultation(FieldGroup):
    """集体会商 (第六至八条). ``unfit``: in what the project does not fit the policies, which the enterprise is told."""

    date: Day = Field(default=None, title="会商日期")
    mode: ConsultationMode = Field(default=None, title="会商方式")
    attending: Entries = Field(default=(), title="参加会商的科室和单位")
    policy: Text = Field(default=None, title="产业政策意见")
    siting: Text = Field(default=None, title="项目选址意见")
    department_materials: Entries = Field(default=(), title="行业主管部门需提供的基础资料")
    enterprise_materials: Entries = Field(default=(), title="项目单位需提供的基础资料")
    unfit: Text = Field(default=None, title="不符合政策的情形")
    notified: Day = Field(default=None, title="不符合政策告知日期")

    @model_validator(mode="after")
    def _in_order(self) -> Consultation:
        require_order("会商日期", self.date, "里不符合政策告知日期", self.notified)
        return self


class SurveyOpinion(FieldGroup):
    """What one department said at the site or the meeting."""

    department: RequiredLine = Field(title="部门")
    opinion: Text = Field(default=None, title="意见")


class JointSurvey(FieldGroup):
    """联合勘验 or 联合论证: “一次勘验、一会征询、一站完成”."""

    kind: SurveyKind = Field(default=None, title="勘验或论证")
    date: Day = Field(default=None, title="勘验论证日期")
    place: Line = Field(default=None, title="勘验论证地点")
    findings: Text = Field(default=None, title="勘验论证情况")
    conclusion: Text = Field(default=None, title="可行性论证结论")
    opinions: Annotated[tuple[SurveyOpinion, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="勘验论证意见"
    )


class MaterialsNotice(FieldGroup):
    """申请材料一次性告知: when it is given. What it says is the plan's."""

    date: Day = Field(default=None, title="一次性告知日期")


class CorrectionItem(FieldGroup):
    """One material that has to be put right (补正)."""

    material: RequiredLine = Field(title="材料")
    opinion: RequiredText = Field(title="补正意见")
    section: Line = Field(default=None, title="初审科室")


class Correction(FieldGroup):
    """一次性补正意见: everything that the 初步审查 found, at once."""

    date: Day = Field(default=None, title="补正意见日期")
    due: Day = Field(default=None, title="补正期限")
    items: Annotated[tuple[CorrectionItem, ...], BeforeValidator(none_as_empty)] = Field(
        default=(), title="补正意见"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Correction:
        require_order("补正意见日期", self.date, "里补正期限", self.due)
        return self


class Delivery(FieldGroup):
    """One matter that is decided: the result, and the document or certificate that is delivered."""

    stage: CaseStage = Field(default=None, title="阶段")
    item: RequiredLine = Field(title="事项")
    result: Line = Field(default=None, title="审批结果")
    completed: Day = Field(default=None, title="办结日期")
    certificate: Text = Field(default=None, title="证照文件")
    copies: Line = Field(default=None, title="份数")


Deliveries = Annotated[tuple[Delivery, ...], BeforeValidator(none_as_empty)]
