"""Contradictions (矛盾) of a merged 研判, and who settled them."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import BeforeValidator, Field

from cases.model.field_types import (
    Entries,
    FieldGroup,
    Line,
    RequiredDay,
    RequiredLine,
    RequiredText,
    Text,
    none_as_empty,
)

_CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
_CODE_LENGTH = 4


class Settlement(FieldGroup):
    """Who settled a contradiction, when (ISO 8601) and why, and what was chosen; nothing chosen: what the file says."""

    choice: Text = Field(default=None, title="定为")
    reason: Line = Field(default=None, title="原因")
    by: RequiredLine = Field(title="何人")
    at: RequiredLine = Field(title="何时")


class Contradiction(FieldGroup):
    """A contradiction between departments, or something that could not be read: for a person to settle.

    ``kind``: ``level`` (审批层级不一), ``exclusive`` (只能走一种), ``text`` (“无”与内容), ``unread`` (没有认清),
    ``idle`` (勾选与 所写不一); ``entry``: the matter it is about; ``options``: what may be chosen. ``settled``: by
    whom; None while it is open.
    """

    field: RequiredLine = Field(title="字段")
    problem: RequiredLine = Field(title="矛盾")
    by: Entries = Field(default=(), title="科室")
    kind: Line = Field(default=None, title="种类")
    entry: Line = Field(default=None, title="事项")
    options: Entries = Field(default=(), title="可选")
    settled: Settlement | None = Field(default=None, title="已定")

    @property
    def code(self) -> str:
        """A short code (代号) that follows from what the contradiction says: it stays while others come and go, and is
        another once departments say something else.
        """
        number = int.from_bytes(hashlib.sha256(f"{self.field}\n{self.problem}".encode()).digest())
        signs = []
        for _ in range(_CODE_LENGTH):
            number, place = divmod(number, len(_CODE_SIGNS))
            signs.append(_CODE_SIGNS[place])
        return "".join(signs)


class Ruling(FieldGroup):
    """What a person decided about one contradiction, as a row of the roster says it.

    ``matter``: its code, or words that name it; ``choice``: one of its options, or what is to hold.
    """

    matter: RequiredLine = Field(title="矛盾")
    choice: RequiredText = Field(title="定为")
    by: RequiredLine = Field(title="决定人")
    date: RequiredDay = Field(title="决定日期")
    reason: Line = Field(default=None, title="原因")


Rulings = Annotated[tuple[Ruling, ...], BeforeValidator(none_as_empty)]
