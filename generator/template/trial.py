"""Filling a form on trial: with nothing known of a case, and with something in every field.

What a template asks of its values shows only when it is filled: a filter that cannot take what it is given, a condition
that compares a text with a number. ``forms check`` finds it so before any case does.
"""

from __future__ import annotations

import datetime as dt

from forms.definition import FieldKind, FormDefinition
from foundation.errors import DaibanError, Problem
from generator.bind import Bound, bind
from generator.template.fill import FormFiller
from generator.values import DocumentValue

_SAMPLES: dict[FieldKind, DocumentValue] = {
    FieldKind.TEXT: "字",
    FieldKind.DATE: dt.date(2026, 3, 5),
    FieldKind.CHECKBOX: True,
    FieldKind.SIGNATURE: None,
}


def trial_problems(form: FormDefinition) -> list[Problem]:
    """What filling the form stumbles over, whatever the case; nothing for a form that can be filled."""
    try:
        filler = FormFiller(form)
        empty = bind({"id": "0"}, form)
        for item in form.lists:
            empty = empty.with_entries(item.id, max(2, item.minimum))
        for bound in (empty, _filled(empty)):
            filler.fill(bound)
    except DaibanError as error:
        return list(error.problems)
    return []


def _filled(bound: Bound) -> Bound:
    values = {field_id: _SAMPLES[bound.definition(field_id).kind] for field_id in bound.values}
    return Bound(bound.case_id, bound.form, values, bound.entries)
