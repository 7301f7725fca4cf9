"""What the papers of 交开党工委发〔2023〕9号 need: 挂账整改.

Source: 三: 聚焦营商环境的实际问题，列出清单，分类、分层、分责限期挂账整改，确保落实到位.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import Day, FieldGroup, Line, RequiredText, Text, none_as_empty


class Rectification(FieldGroup):
    """One problem on the account, until it is put right. ``kind``, ``level``: 分类、分层."""

    problem: RequiredText = Field(title="问题")
    kind: Line = Field(default=None, title="类别")
    level: Line = Field(default=None, title="层级")
    department: Line = Field(default=None, title="责任部室")
    leader: Line = Field(default=None, title="责任领导")
    due: Day = Field(default=None, title="整改期限")
    result: Text = Field(default=None, title="完成情况")
    done: Day = Field(default=None, title="销账日期")


Rectifications = Annotated[tuple[Rectification, ...], BeforeValidator(none_as_empty)]
