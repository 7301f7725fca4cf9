"""联审: the opinions of county and city departments on a chemical project, and the letters and minutes around them.

Source: 阳政办函〔2026〕9号, 六(二): 县级联审 (一般化工项目), 市级联审 (“两重点一重大”化工项目); 部门预审 about five
working days, 联审会议 one, 正式入园意见 three. Dates in the wrong order are rejected: a letter cannot be later than the
meeting it asks for.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import (
    Day,
    Entries,
    FieldGroup,
    Line,
    RequiredLine,
    Text,
    invalid_value,
    none_as_empty,
    one_of,
    require_order,
)

#: 部门入园意见, 六(二)1(6) and (7); 补正后同意 for what the same step calls 完善资料.
DISAGREED = "不同意"
VERDICTS = ("同意", DISAGREED, "补正后同意")
#: How the 县级联审 ended; 六(二)2(1): only what passed it goes on to the city's.
PASSED = "通过"
REVIEW_OUTCOMES = (PASSED, "未通过")
_YES_NO = {"是": "是", "涉及": "是", "否": "否", "不涉及": "否"}

Verdict = Annotated[str | None, BeforeValidator(one_of({verdict: verdict for verdict in VERDICTS}))]
ReviewOutcome = Annotated[str | None, BeforeValidator(one_of({name: name for name in REVIEW_OUTCOMES}))]
YesNo = Annotated[str | None, BeforeValidator(one_of(_YES_NO))]


class Opinion(FieldGroup):
    """One department's 入园意见, at the meeting and in writing."""

    department: RequiredLine = Field(title="部门")
    verdict: Verdict = Field(default=None, title="入园意见")
    reasons: Text = Field(default=None, title="理由")
    hazard: YesNo = Field(default=None, title="是否涉及“两重点一重大”")
    date: Day = Field(default=None, title="日期")


Opinions = Annotated[tuple[Opinion, ...], BeforeValidator(none_as_empty)]


class Referral(FieldGroup):
    """推送: the 化工项目县级联审推送函 to each department."""

    number: Line = Field(default=None, title="发文字号")
    date: Day = Field(default=None, title="推送日期")
    reply_by: Day = Field(default=None, title="反馈期限")
    materials: Entries = Field(default=(), title="项目资料")

    @model_validator(mode="after")
    def _in_order(self) -> Referral:
        require_order("推送日期", self.date, "里反馈期限", self.reply_by)
        return self


class Minutes(FieldGroup):
    """县级联审会议."""

    number: Line = Field(default=None, title="纪要编号")
    date: Day = Field(default=None, title="会议日期")
    place: Line = Field(default=None, title="会议地点")
    chair: Line = Field(default=None, title="主持人")
    attending: Entries = Field(default=(), title="与会单位")
    conclusion: Text = Field(default=None, title="会议结论")
    outcome: ReviewOutcome = Field(default=None, title="县级联审结果")
    issued: Day = Field(default=None, title="印发日期")

    @model_validator(mode="after")
    def _in_order(self) -> Minutes:
        require_order("会议日期", self.date, "里印发日期", self.issued)
        return self


class CityApplication(FieldGroup):
    """市级联审: what is sent with the 申请书."""

    enclosures: Entries = Field(default=(), title="随附资料")


_REFERRAL, _MINUTES, _CITY = Referral(), Minutes(), CityApplication()


class JointReview(FieldGroup):
    """联审 of one project."""

    hazard: YesNo = Field(default=None, title="是否涉及“两重点一重大”")
    departments: Entries = Field(default=(), title="征求意见单位")
    referral: Referral = Field(default_factory=lambda: _REFERRAL, title="推送函")
    opinions: Opinions = Field(default=(), title="部门入园意见")
    minutes: Minutes = Field(default_factory=lambda: _MINUTES, title="联审会议")
    city: CityApplication = Field(default_factory=lambda: _CITY, title="市级联审")

    @model_validator(mode="after")
    def _consistent(self) -> JointReview:
        require_order("推送日期", self.referral.date, "里会议日期", self.minutes.date)
        names = [opinion.department for opinion in self.opinions]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise invalid_value(f"里“{twice}”出现了不止一次", "一个部门只留一条入园意见")
        for opinion in self.opinions:
            require_order("推送日期", self.referral.date, f"里“{opinion.department}”的意见日期", opinion.date)
        return self
