"""Describes a form to people and programs: what ``daiban forms`` prints, each value beside its official term."""

from __future__ import annotations

from typing import Literal

from forms.definition import (
    AnyOf,
    Audience,
    DateRule,
    FieldDefinition,
    FieldKind,
    FilledBy,
    FormDefinition,
    FormSource,
    ListDefinition,
)
from foundation.frozen_model import FrozenModel

#: 照印: the document prints the form. 拟制: the document only names it, the layout is ours.
KIND_NAMES = {"reproduced": "照印", "drafted": "拟制"}
FIELD_KIND_NAMES = {
    FieldKind.TEXT: "文字",
    FieldKind.DATE: "日期",
    FieldKind.CHECKBOX: "选项框",
    FieldKind.SIGNATURE: "签字或盖章",
}
FILLED_BY_NAMES = {
    FilledBy.OFFICE: "代办机构",
    FilledBy.ENTERPRISE: "项目单位",
    FilledBy.DEPARTMENT: "业务科室",
    FilledBy.MANAGER: "项目长",
}
AUDIENCE_NAMES = {
    Audience.ENTERPRISE: "给项目单位",
    Audience.DEPARTMENT: "给部门",
    Audience.OFFICE: "内部使用",
}
REQUIRED_NAMES = {"issue": "出件前必填", "return": "交回时必填", "no": "可不填"}


class FormSummary(FrozenModel):
    """A form in the list of all forms: what it is and where it comes from."""

    id: str
    title: str
    aliases: tuple[str, ...]
    document: str
    kind: Literal["reproduced", "drafted"]
    kind_name: str
    audience: Audience
    audience_name: str
    source: FormSource
    pages: tuple[int, int]
    template: str


class FieldsFilledBy(FrozenModel):
    """The ids of the fields that one party fills, and what that party is called."""

    name: str
    fields: tuple[str, ...]


class FieldDescription(FrozenModel):
    """One field. ``signing``: what a signing place asks for; None for other fields."""

    id: str
    label: str
    kind: FieldKind
    kind_name: str
    filled_by: FilledBy
    filled_by_name: str
    required: Literal["issue", "return", "no"]
    required_name: str
    multiline: bool
    signing: Literal["either", "pen", "seal", "both"] | None
    note: str


class FormDescription(FormSummary):
    """A form with its fields, lists and rules. ``filled_by``: by party, for those that fill any."""

    filled_by: dict[FilledBy, FieldsFilledBy]
    fields: tuple[FieldDescription, ...]
    lists: tuple[ListDefinition, ...]
    any_of: tuple[AnyOf, ...]
    dates: tuple[DateRule, ...]
    seam_seal: bool
    per_stage: bool
    per_period: tuple[str, ...]


def summarise(form: FormDefinition) -> FormSummary:
    """A form as the list of all forms shows it."""
    return FormSummary(
        id=form.id,
        title=form.title,
        aliases=form.aliases,
        document=form.document,
        kind=form.kind,
        kind_name=KIND_NAMES[form.kind],
        audience=form.audience,
        audience_name=AUDIENCE_NAMES[form.audience],
        source=form.source,
        pages=form.pages,
        template=str(form.template),
    )


def describe(form: FormDefinition) -> FormDescription:
    """Everything about a form: what it is, where it comes from, who fills what, which rules hold."""
    return FormDescription(
        **dict(summarise(form)),
        filled_by=_filled_by(form),
        fields=tuple(map(_describe_field, form.fields)),
        lists=form.lists,
        any_of=form.any_of,
        dates=form.dates,
        seam_seal=form.seam_seal,
        per_stage=form.per_stage,
        per_period=form.per_period,
    )


def _filled_by(form: FormDefinition) -> dict[FilledBy, FieldsFilledBy]:
    parties = {
        party: tuple(item.id for item in form.fields if item.filled_by is party) for party in FILLED_BY_NAMES
    }
    return {
        party: FieldsFilledBy(name=FILLED_BY_NAMES[party], fields=ids)
        for party, ids in parties.items()
        if ids
    }


def _describe_field(field: FieldDefinition) -> FieldDescription:
    return FieldDescription(
        id=field.id,
        label=field.label,
        kind=field.kind,
        kind_name=FIELD_KIND_NAMES[field.kind],
        filled_by=field.filled_by,
        filled_by_name=FILLED_BY_NAMES[field.filled_by],
        required=field.required,
        required_name=REQUIRED_NAMES[field.required],
        multiline=field.multiline,
        signing=field.signing if field.kind is FieldKind.SIGNATURE else None,
        note=field.note,
    )
