"""A form's definition: everything about a form that its template.docx does not say by itself.

One ``form.toml`` beside each ``template.docx``. The template holds wording, grid and content controls; the
definition says where the form comes from and, per field, what kind of datum it is, who fills it, when it
must be there, and how large the area on paper is. Ids are shared by template, case data, PDF, registry and
report.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, field_validator, model_validator

from forms.page_mark import PageMarks
from foundation.frozen_model import FrozenModel

_BLANK_LINE = re.compile(r"(.*)\.text_([0-9]+)")
FIELD_ID = re.compile(r"[a-z][a-z0-9_]*(\.([a-z][a-z0-9_]*|[0-9]{1,4}|\*))*")


#: A field's value as it is kept on record and compared: text as printed (dates too), a box ticked or not, None: open.
FieldValue: TypeAlias = str | bool | None


class FieldKind(StrEnum):
    """What a field holds, and so how it is drawn, filled and observed."""

    TEXT = "text"  # 文字
    DATE = "date"  # 日期: year, month and day in three slots
    CHECKBOX = "checkbox"  # 选项框
    SIGNATURE = "signature"  # 签字或盖章处


class Audience(StrEnum):
    """Whom a paper is for (给谁看): who receives, fills or signs it; the widest circle, where there are several.

    The enterprise sees those for it alone: on its page, in its packet, and among what it may hand in.
    """

    ENTERPRISE = "enterprise"  # 项目单位
    DEPARTMENT = "department"  # 业务科室、有关部门、上级
    OFFICE = "office"  # 代办机构自己, 项目长 among it


class FilledBy(StrEnum):
    """Who fills a field."""

    OFFICE = "office"  # 代办机构
    ENTERPRISE = "enterprise"  # 项目单位
    DEPARTMENT = "department"  # 业务科室
    MANAGER = "manager"  # 项目长


#: Bounds of what a definition may ask for, far above every form: an own definition may come from anywhere.
MOST_FIELDS = 2000
MOST_ENTRIES = 500
MOST_VALUES = 20_000
MOST_PAGES = 500
#: A distance on paper, in mm: no longer than a sheet of A3.
_Distance = Annotated[float, Field(ge=-420, le=420, allow_inf_nan=False)]


class Margin(FrozenModel):
    """How far an area reaches beyond the text its control draws, in mm, each side (negative: less)."""

    left: _Distance = 0
    right: _Distance = 0
    up: _Distance = 0
    down: _Distance = 0


class FieldDefinition(FrozenModel):
    """One field of a form; with ``*`` for the index, the same field of every entry of a list (``ledger.*.date``).

    ``required``: ``issue``: the office must supply it or the document is not issued; ``return``: it may be open when
    the document is issued but must be filled when it returns; ``no``: it need never be filled.

    ``blank``: width of the open blank in em (characters of the surrounding type). In a cell 1 is enough.

    ``area``: where on paper people write. ``text``: the blank itself; ``cell``: the whole table cell it
    stands in; ``row``: its own line, widened to the cell's sides; a :class:`Margin`: the blank, grown by so
    many mm.

    ``reads``: for a check box, the case datum whose lines tick it, where that is not the box's own list
    (the 研判表's two fee boxes read ``assessment.planning.fees``).

    ``signing``: for a signing place, what satisfies it: ``either`` (盖章或签字), ``pen`` (签字), ``seal``
    (盖章), ``both`` (签字并盖章). ``electronic``: what satisfies it in a file that never was paper: ``certified``, a
    digital signature; ``picture``, the picture of a seal or signature put there, which is for a person to look at
    otherwise.
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
    signing: Literal["either", "pen", "seal", "both"] = "either"
    electronic: tuple[Literal["certified", "picture"], ...] = ("certified",)
    note: str = ""

    @field_validator("id")
    @classmethod
    def _id_shape(cls, value: str) -> str:
        if not FIELD_ID.fullmatch(value):
            raise ValueError(f"字段编号“{value}”不合规则：小写英文、数字、下划线，以点分级")
        return value

    def matches(self, field_id: str) -> bool:
        """Whether this definition covers a concrete id (``ledger.3.date``)."""
        return self._shape.fullmatch(field_id) is not None

    @cached_property
    def _shape(self) -> re.Pattern[str]:
        return re.compile(re.escape(self.id).replace(r"\*", "[0-9]+"))


class ListDefinition(FrozenModel):
    """A list whose length the case decides (``handover.materials``, ``ledger``).

    ``minimum``: entries printed even when the case has fewer; the rest stay open.
    ``fill_page``: add blank entries to the end of the last page. ``where``: only entries with these values
    (``category = "社会投资类"``) belong to this list.
    """

    id: str
    label: str
    minimum: int = Field(default=0, ge=0, le=MOST_ENTRIES)
    fill_page: bool = False
    where: dict[str, str] = Field(default_factory=dict)


class AnyOf(FrozenModel):
    """At least one of these fields must be filled, at ``issue`` or on ``return``; ids may hold ``*``.

    ``when``: on return, the rule applies only if one of these is filled (none named: always). ``otherwise``: the
    verdict on a document that breaks it: ``incomplete``, or ``review`` (a person must look).

    ``each``: a list; the rule applies to each of its entries by itself (部门入园意见: every department's page).
    ``only_one``: exactly one of them (办结 or 终止, never both).
    """

    fields: tuple[str, ...]
    at: Literal["issue", "return"]
    message: str
    when: tuple[str, ...] = ()
    otherwise: Literal["incomplete", "review"] = "incomplete"
    each: str = ""
    only_one: bool = False

    def of_entry(self, index: int) -> AnyOf:
        """The rule for one entry of its list."""
        own, one = f"{self.each}.*.", f"{self.each}.{index}."
        named = {
            name: tuple(item.replace(own, one, 1) for item in getattr(self, name))
            for name in ("fields", "when")
        }
        return self.model_copy(update=named)


class StatedFact(FrozenModel):
    """A sentence of the form that states a fact of the case (事实表述): until the case says so, the form is not issued.

    ``sentence``: as the template prints it, or a part of it. ``field``, ``label``: what of the case says so, and its
    name for people. ``values``: what it has to say for the sentence to be true. ``open``: whether the form may also go
    out while the case says nothing, because the sentence is completed on paper.
    """

    sentence: str
    field: str
    label: str
    values: tuple[str, ...] = Field(min_length=1)
    open: bool = False


class Content(FrozenModel):
    """What a form is about (内容): until the case, or what follows from it, says something at one of these field ids,
    the form would be an empty sheet with a number, and is not issued.

    ``fields``: ids of the case, which the form need not print; ``*``: in any entry; a group: anything in it.
    ``message``: what is missing then, in Chinese for the office's staff.
    """

    fields: tuple[str, ...] = Field(min_length=1)
    message: str


#: The day of checking, where a date rule names a field.
TODAY = "today"


class DateRule(FrozenModel):
    """When the date of a field is plausible, judged on return; ``field`` may hold ``*``.

    ``not_before``: a date field of the same form; ``not_after``: one too, or ``today``, the day of checking.
    ``within_days``: at most so many calendar days after ``not_before``.
    """

    field: str
    not_before: str = ""
    not_after: str = ""
    within_days: int | None = Field(default=None, ge=0)


class CaseRules(FrozenModel):
    """What must agree between the returned forms of one case.

    ``same``: fields with the same value on every form. ``order``: groups of date fields (ids may hold ``*``);
    no date of a group is before one of an earlier group (委托 ≤ 台账 ≤ 办结).
    """

    same: tuple[str, ...] = ("project.name", "project.code", "enterprise.name")
    order: tuple[tuple[str, ...], ...] = ()


THIS_MONTH = "today.month"
"""In ``per_period``: the month in which a paper is issued that prints no period."""


class FormSource(FrozenModel):
    """Where a form's wording comes from: 文号, the file among the sources, and the place in it."""

    number: str
    title: str
    file: str
    place: str
    quotes: tuple[str, ...] = ()


class FormDefinition(FrozenModel):
    """A whole form.toml. ``folder`` is where it was read from; the template stands beside it.

    ``seam_seal``: whether a return of several pages must carry a 骑缝章 across their edges. ``about``: one ``project``
    (a case), or ``projects``: a list or summary of many, held by one case or compiled from an office's cases.
    ``per_stage``: each stage of a case has a paper of its own; one does not take the place of another's.
    ``per_period``: the same of a periodical paper (周汇总表, 通报): the field ids whose values say which period's it
    is; :data:`THIS_MONTH` where it prints none.

    ``paper_for``: where one document is several papers, each for somebody (推送函), the field that names whom each is
    for (``review.letters.*.department``).

    ``page_marks``: how many page marks (页面标识) each page carries: ``two``, by which a page is found again also where
    one of them is lost; on papers that never come back the lower one alone (``one``), or ``none``.

    ``audience``: whom it is for, by the text of its source; see there. Where an own form does not say so, whoever fills
    a field of it sees it: an enterprise never sees what was not said to be for it.

    ``trigger``: field ids of a case. Once a case itself has a value at each of them, the form is called for at whatever
    stage the case stands (不符合政策告知书: when it is recorded that the project is unfit); none: only its document's
    stages call for it. ``content``: what has to be said before it is issued at all. ``clock``: how often the form is
    made anew; ``status`` and the calendar say when. A list of many projects with a clock and no trigger is made only
    when it is asked for by name.
    """

    id: str
    title: str
    aliases: tuple[str, ...] = ()
    kind: Literal["reproduced", "drafted"]
    document: str
    stated_audience: Audience | None = Field(default=None, alias="audience")
    source: FormSource
    pages: tuple[int, int] = (1, 1)
    fields: tuple[FieldDefinition, ...] = Field(alias="field", max_length=MOST_FIELDS)
    lists: tuple[ListDefinition, ...] = Field(default=(), alias="list", max_length=MOST_FIELDS)
    any_of: tuple[AnyOf, ...] = ()
    dates: tuple[DateRule, ...] = ()
    facts: tuple[StatedFact, ...] = Field(default=(), alias="fact")
    seam_seal: bool = False
    about: Literal["project", "projects"] = "project"
    per_stage: bool = False
    per_period: tuple[str, ...] = ()
    page_marks: PageMarks = "two"
    paper_for: str = ""
    trigger: tuple[str, ...] = ()
    content: Content | None = None
    clock: Literal["week", "half-month", "october"] | None = None
    folder: Path = Path()

    @model_validator(mode="after")
    def _within_bounds(self) -> FormDefinition:
        printed = sum(
            item.minimum * sum(field.id.startswith(f"{item.id}.*") for field in self.fields)
            for item in self.lists
            if item.minimum
        )
        if printed > MOST_VALUES:
            raise ValueError(f"各清单至少印出的字段一共 {printed} 个，一张表最多 {MOST_VALUES} 个")
        return self

    @property
    def template(self) -> Path:
        """The template.docx beside form.toml."""
        return self.folder / "template.docx"

    @property
    def audience(self) -> Audience:
        """Whom it is for."""
        return self.stated_audience or self._filling_audience

    @property
    def is_for_enterprise(self) -> bool:
        """Whether the enterprise gets to see it."""
        return self.audience is Audience.ENTERPRISE

    @cached_property
    def _filling_audience(self) -> Audience:
        fill = {item.filled_by for item in self.fields}
        if FilledBy.ENTERPRISE in fill:
            return Audience.ENTERPRISE
        return Audience.DEPARTMENT if FilledBy.DEPARTMENT in fill else Audience.OFFICE

    @property
    def is_about_many(self) -> bool:
        """Whether it lists many projects."""
        return self.about == "projects"

    @property
    def must_return(self) -> bool:
        """Whether anything of it has to be there on its return."""
        rules = any(rule.at == "return" for rule in self.any_of)
        return rules or any(item.required == "return" for item in self.fields)

    def field(self, field_id: str) -> FieldDefinition | None:
        """The definition of a concrete id, or None if this form has no such field."""
        exact = self._by_id.get(field_id)
        if exact is not None:
            return exact
        return next((item for item in self._patterns if item.matches(field_id)), None)

    @cached_property
    def blank_lines(self) -> Mapping[str, str]:
        """The boxes printed blank, and the line each has to write on: ``….1`` → ``….text_1``."""
        matches = (_BLANK_LINE.fullmatch(item.id) for item in self.fields)
        return {f"{match[1]}.{match[2]}": match[0] for match in matches if match}

    @cached_property
    def _by_id(self) -> dict[str, FieldDefinition]:
        return {item.id: item for item in self.fields}

    @cached_property
    def _patterns(self) -> tuple[FieldDefinition, ...]:
        return tuple(item for item in self.fields if "*" in item.id)


class DocumentDefinition(FrozenModel):
    """A source document (``document.toml``): its forms in order, and which of them each stage calls for.

    ``case``: what must agree between the returned forms of one case. ``archive``: per stage, what the files of a case
    (案卷) must hold by its end; whether a form must have come back, or only gone out, follows from the form.
    ``no_archive``: why there is no such list, in Chinese for the office's staff.
    """

    id: str
    title: str
    number: str
    issuer: str
    date: str
    file: str
    forms: tuple[str, ...]
    stages: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    archive: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    no_archive: str = ""
    case: CaseRules = CaseRules()
    folder: Path = Path()
