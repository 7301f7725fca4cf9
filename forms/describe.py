"""Says what a form is, as plain data with official terms, for people and for ``--json``."""

from __future__ import annotations

from typing import Any

from forms.definition import FieldDefinition, FieldKind, FilledBy, FormDefinition

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
REQUIRED_NAMES = {"issue": "出件前必填", "return": "交回时必填", "no": "可不填"}


def describe(form: FormDefinition) -> dict[str, Any]:
    """A form as JSON-ready data: what it is, where it comes from, who fills what.

    ``filled_by`` groups the field ids by who fills them; each enumerated value stands beside its official
    term.
    """
    return {
        "id": form.id,
        "title": form.title,
        "aliases": list(form.aliases),
        "document": form.document,
        "kind": form.kind,
        "kind_name": KIND_NAMES[form.kind],
        "source": form.source.model_dump(mode="json"),
        "pages": list(form.pages),
        "template": str(form.template),
        "filled_by": {
            who.value: {"name": name, "fields": ids}
            for who, name in FILLED_BY_NAMES.items()
            if (ids := [item.id for item in form.fields if item.filled_by is who])
        },
        "fields": [_field(item) for item in form.fields],
        "lists": [item.model_dump(mode="json") for item in form.lists],
        "any_of": [item.model_dump(mode="json") for item in form.any_of],
        "dates": [item.model_dump(mode="json") for item in form.dates],
        "seam_seal": form.seam_seal,
    }


def _field(item: FieldDefinition) -> dict[str, Any]:
    return {
        "id": item.id,
        "label": item.label,
        "kind": item.kind.value,
        "kind_name": FIELD_KIND_NAMES[item.kind],
        "filled_by": item.filled_by.value,
        "filled_by_name": FILLED_BY_NAMES[item.filled_by],
        "required": item.required,
        "required_name": REQUIRED_NAMES[item.required],
        "multiline": item.multiline,
        "signing": item.signing if item.kind is FieldKind.SIGNATURE else None,
        "note": item.note,
    }
