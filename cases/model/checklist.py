"""模拟清单: the matters of a project as its 项目落地审批服务模拟清单 lists them.

Source: 阳政办函〔2026〕9号, 五(二): 审批事项、材料、时限、方式; 明确各阶段审批牵头部门.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import FieldGroup, JoinedText, Line, RequiredLine, Text, none_as_empty


class ChecklistEntry(FieldGroup):
    """One matter, and how it is done."""

    item: RequiredLine = Field(title="审批事项")
    department: Line = Field(default=None, title="牵头部门")
    materials: JoinedText = Field(default=None, title="申请材料")
    duration: Line = Field(default=None, title="时限")
    method: Line = Field(default=None, title="办理方式")
    remark: Text = Field(default=None, title="备注")


Checklist = Annotated[tuple[ChecklistEntry, ...], BeforeValidator(none_as_empty)]
