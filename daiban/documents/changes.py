"""What a document says otherwise than it did when it went out: value by value, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from forms.definition import FieldKind, FieldValue
from foundation.frozen_model import FrozenModel
from generator.bind import Bound


class ValueChange(FrozenModel):
    """One field: what the issue says, and what the document would say now; null: nothing; true: a ticked box."""

    field: str
    label: str
    before: str | bool | None
    after: str | bool | None

    def __str__(self) -> str:
        """For people: 联系电话：13800000000 → 13900000000."""
        return f"{self.label}：{_shown(self.before)} → {_shown(self.after)}"


def changes(before: Mapping[str, FieldValue], bound: Bound) -> tuple[ValueChange, ...]:
    """Every field whose value is another than ``before``, in the form's order; then those that are no more."""
    return tuple(_changes(before, bound))


def _changes(before: Mapping[str, FieldValue], bound: Bound) -> Iterator[ValueChange]:
    after = bound.json_values()
    for field_id in dict.fromkeys((*after, *before)):
        old, new = before.get(field_id), after.get(field_id)
        definition = bound.form.field(field_id)
        # A signing place, and a field the form does not have any more, is nothing that data change.
        if old == new or definition is None or definition.kind is FieldKind.SIGNATURE:
            continue
        yield ValueChange(field=field_id, label=definition.label, before=old, after=new)


def _shown(value: FieldValue) -> str:
    if isinstance(value, bool):
        return "勾选" if value else "不勾选"
    return "空" if value is None else f"“{' '.join(value.split())}”"
