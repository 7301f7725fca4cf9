"""任务分工: measures, who leads each, its progress and its deadline.

Source: 交开党工委发〔2023〕9号, 二 (21 具体举措, each with 牵头领导 and 牵头部室); 三: 列出清单，分类、分层、
分责限期挂账整改.
The measures as printed are in ``cases/reference``; those of a case replace them.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import FieldGroup, Line, RequiredText, Text, none_as_empty
from cases.model.people import People


class TaskAssignment(FieldGroup):
    """One measure (具体举措)."""

    measure: RequiredText = Field(title="具体举措")
    leader: Line = Field(default=None, title="牵头领导")
    department: Line = Field(default=None, title="牵头部室")
    progress: Text = Field(default=None, title="进展")
    deadline: Line = Field(default=None, title="整改时限")


Tasks = Annotated[tuple[TaskAssignment, ...], BeforeValidator(none_as_empty)]


class TaskGroup(FieldGroup):
    """One 工作推进组: 组长 and 组员."""

    leaders: People = Field(default=(), title="组长")
    members: People = Field(default=(), title="组员")


class TaskForce(FieldGroup):
    """攻坚工作专班 (鞍营商发〔2024〕4号, 附件1): its head and three groups."""

    heads: People = Field(default=(), title="负责人")
    social: TaskGroup = Field(default_factory=TaskGroup, title="社会投资类项目审批工作推进组")
    urban: TaskGroup = Field(default_factory=TaskGroup, title="城市建设类项目审批工作推进组")
    industrial: TaskGroup = Field(default_factory=TaskGroup, title="工业四改类项目审批工作推进组")
