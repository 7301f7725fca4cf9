"""People with a name and a post (姓名, 职务), and their groups: printed lists (名单) are data, not part of a template.

Source: 阳政办函〔2026〕9号, 一 (领导小组). The people as printed are in ``cases/reference``; those of a case replace
them.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from cases.model.field_types import FieldGroup, Line, RequiredLine, none_as_empty

# Printed lists space a name of two characters to the width of three: 刘 彧.
_PRINTED_PERSON = re.compile(r"\s*(\S\s+\S(?=\s)|\S+)\s*(.*?)\s*", re.DOTALL)


class Person(FieldGroup):
    """One line of a 名单. Also written as one text, as it is printed: ``刘 彧 县政府办副主任``."""

    name: RequiredLine = Field(title="姓名")
    post: Line = Field(default=None, title="职务")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        match = _PRINTED_PERSON.fullmatch(value)
        return {"name": re.sub(r"\s", "", match[1]), "post": match[2]} if match else {"name": value}


People = Annotated[tuple[Person, ...], BeforeValidator(none_as_empty)]


class LeadingGroup(FieldGroup):
    """领导小组: 组长, 副组长, 成员, each in printed order."""

    leaders: People = Field(default=(), title="组长")
    deputies: People = Field(default=(), title="副组长")
    members: People = Field(default=(), title="成员")
