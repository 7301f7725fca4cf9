"""A form's definition: everything about a form that its template.docx does not say by itself.

One ``form.toml`` beside each ``template.docx``. The template holds wording, grid and content controls; the
definition says where the form comes from and, per field, what kind of datum it is, who fills it, when it
must be there, and how large the area on paper is. Ids are shared by template, case data, PDF, registry and
report (``attachments.md``, Field ids).
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

FIELD_ID = re.compile(r"[a-z][a-z0-9_]*(\.([a-z][a-z0-9_]*|[0-9]+|\*))*")


class FieldKind(StrEnum):
    """What a field holds, and so how it is drawn, filled and observed."""

    TEXT = "text"  # 文字
    DATE = "date"  # 日期: year, month and day in three slots
    CHECKBOX = "checkbox"  # 选项框
    SIGNATURE = "signature"  # 签字或盖章处


class FilledBy(StrEnum):
    """Who fills a field."""

    OFFICE = "office"  # 代办机构
    ENTERPRISE = "enterprise"  # 项目单位
    DEPARTMENT = "department"  # 业务科室
    MANAGER = "manager"  # 项目长


class Strict(BaseModel):
    """Frozen, and no unknown keys: a typing mistake in form.toml is an error, not silence."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Margin(Strict):
    """How far an area reaches beyond the text its control draws, in mm, each side (negative: less)."""

    left: float = 0
    right: float = 0
    up: float = 0
    down: float = 0


class FieldDefinition(Strict):
    """One field of a form, or with ``*`` for the index, one list of fields (``ledger.*.date``).

    ``required``: ``issue``: the office must supply it or the document is not issued; ``return``: it may
    leave the office open but must be there when the document returns; ``no``: may stay empty for ever.

    ``blank``: width of the open blank in em (characters of the surrounding type). In a cell 1 is enough.

    ``area``: where on paper the person writes. ``text``: the blank itself; ``cell``: the whole table cell it
    stands in; ``row``: its own line, widened to the cell's sides; a :class:`Margin`: the blank, grown by so
    many mm.

    ``reads``: for a check box, the case datum whose lines tick it, where that is not the box's own list
    (the 研判表's two fee boxes read ``assessment.planning.fees``).
    """

    id: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    filled_by: FilledBy
    required: Literal["issue", "return", "no"] = "no"
    blank: int = Field(default=1, ge=1, le=200)
    area: Literal["text", "cell", "row"] | Margin = "text"
    multiline: bool = False
    reads: str = ""
    note: str = ""

    @field_validator("id")
    @classmethod
    def _id_shape(cls, value: str) -> str:
        if not FIELD_ID.fullmatch(value):
            raise ValueError(f"字段编号“{value}”不合规则：小写英文、数字、下划线，以点分级")
        return value

    def matches(self, field_id: str) -> bool:
        """Whether a concrete id (``ledger.3.date``) is of this definition."""
        return self._shape.fullmatch(field_id) is not None

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.id).replace(r"\*", "[0-9]+"))


class ListDefinition(Strict):
    """A list whose length the case decides (``handover.materials``, ``ledger``).

    ``minimum``: entries printed even when the case has fewer; the rest stay open.
    ``fill_page``: add blank entries to the end of the last page.
    """

    id: str
    label: str
    minimum: int = 0
    fill_page: bool = False


class AnyOf(Strict):
    """At least one of these fields must be there, at ``issue`` or on ``return``; ids may hold ``*``."""

    fields: tuple[str, ...]
    at: Literal["issue", "return"]
    message: str


class Source(Strict):
    """Where the wording comes from: 文号, the file among the sources, and the place in it."""

    number: str
    title: str
    file: str
    place: str
    quotes: tuple[str, ...] = ()


class FormDefinition(Strict):
    """A whole form.toml. ``folder`` is where it was read from; the template stands beside it."""

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    kind: Literal["reproduced", "drafted"]
    document: str
    source: Source
    pages: tuple[int, int] = (1, 1)
    fields: tuple[FieldDefinition, ...] = Field(alias="field")
    lists: tuple[ListDefinition, ...] = Field(default=(), alias="list")
    any_of: tuple[AnyOf, ...] = ()
    folder: Path = Path()

    @property
    def template(self) -> Path:
        """The template.docx beside form.toml."""
        return self.folder / "template.docx"

    def field(self, field_id: str) -> FieldDefinition | None:
        """The definition of a concrete id, or None if this form has no such field."""
        exact = self._by_id.get(field_id)
        if exact is not None:
            return exact
        return next((item for item in self._patterns if item.matches(field_id)), None)

    @cached_property
    def _by_id(self) -> dict[str, FieldDefinition]:
        return {item.id: item for item in self.fields}

    @cached_property
    def _patterns(self) -> tuple[FieldDefinition, ...]:
        return tuple(item for item in self.fields if "*" in item.id)


class DocumentDefinition(Strict):
    """A source document (``document.toml``): its forms in order, and which of them each stage calls for."""

    id: str
    title: str
    number: str
    issuer: str
    date: str
    file: str
    forms: tuple[str, ...]
    stages: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    folder: Path = Path()
