"""Contradictions (矛盾) of a merged 研判, and who settled them."""

from __future__ import annotations

from pydantic import Field

from cases.model.field_types import Entries, FieldGroup, Line, RequiredLine, Text


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
