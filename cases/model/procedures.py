"""手续: the procedures a project has to go through, each with who handles it and what it takes.

Source: 鞍营商发〔2024〕4号, 三(一): 细化立项、选址、规划许可、人防报建、环评、能评、施工许可等具体审批事项，
确定具体承办部门及承诺时限;
三(二): 需要办理的事项以及受理条件、申请材料、设定依据、承诺办结时限.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import FieldGroup, JoinedText, Line, RequiredLine, Text, none_as_empty


class Procedure(FieldGroup):
    """One procedure of a project."""

    item: RequiredLine = Field(title="需要办理的事项")
    department: Line = Field(default=None, title="承办部门")
    limit: Line = Field(default=None, title="承诺办结时限")
    conditions: Text = Field(default=None, title="受理条件")
    materials: JoinedText = Field(default=None, title="申请材料")
    basis: Text = Field(default=None, title="设定依据")


Procedures = Annotated[tuple[Procedure, ...], BeforeValidator(none_as_empty)]
