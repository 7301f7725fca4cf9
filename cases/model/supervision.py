"""联审办 and 督导办: the problems that a joint meeting lists, and the overdue matters that a 督办通报 reports.

Source: 阳政办函〔2026〕9号, 三(四): 梳理形成问题清单，明确责任单位与解决时限; 三(五), 四(一):
对未按时限完成的事项进行督办通报.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import Day, Entries, FieldGroup, Line, RequiredText, Text, none_as_empty


class Issue(FieldGroup):
    """One line of the 问题清单."""

    problem: RequiredText = Field(title="问题")
    cause: Text = Field(default=None, title="问题症结")
    department: Line = Field(default=None, title="责任单位")
    due: Day = Field(default=None, title="解决时限")


Issues = Annotated[tuple[Issue, ...], BeforeValidator(none_as_empty)]


class JointMeeting(FieldGroup):
    """联席会议. 五(三): it studies how the procedure can be made better (审批流程优化)."""

    number: Line = Field(default=None, title="联席会议纪要编号")
    date: Day = Field(default=None, title="会议日期")
    place: Line = Field(default=None, title="联席会议地点")
    chair: Line = Field(default=None, title="联席会议召集人")
    attending: Entries = Field(default=(), title="联席会议参会部门")
    optimisation: Text = Field(default=None, title="审批流程优化事项")
    issues: Issues = Field(default=(), title="问题清单")


class Overdue(FieldGroup):
    """One matter that was not done in time."""

    matter: RequiredText = Field(title="事项")
    department: Line = Field(default=None, title="责任单位")
    due: Day = Field(default=None, title="完成时限")
    status: Text = Field(default=None, title="办理情况")


OverdueMatters = Annotated[tuple[Overdue, ...], BeforeValidator(none_as_empty)]


class Supervision(FieldGroup):
    """督办通报."""

    number: Line = Field(default=None, title="发文字号")
    date: Day = Field(default=None, title="通报日期")
    matters: OverdueMatters = Field(default=(), title="督办事项")
    copies: Entries = Field(default=(), title="抄送单位")
