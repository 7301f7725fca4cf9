"""What is left to do for the enterprise on each page of a form, made from the open fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daiban.registry import IssueRecord
from forms.definition import FieldDefinition, FieldKind, FilledBy, FormDefinition
from forms.geometry import Box, FieldArea

_SIGNING = {"either": "盖章或签字", "pen": "签字", "seal": "盖章", "both": "签字并盖章"}
#: So many boxes of one group are named one by one; more are named by the first.
_NAMED_BOXES = 2


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: its number on the page, where (mm), and what, in Chinese."""

    number: int
    box: Box
    text: str


@dataclass(frozen=True, slots=True)
class PageTodos:
    """One page with something to do on it. ``others``: whether anybody else fills something there too."""

    page: int
    todos: tuple[Todo, ...]
    others: bool


@dataclass(frozen=True, slots=True)
class PacketForm:
    """One form of a packet: what it is, its issue, and its pages with something to do (none: to be kept)."""

    form: FormDefinition
    record: IssueRecord
    pages: tuple[PageTodos, ...]


def packet_form(form: FormDefinition, record: IssueRecord) -> PacketForm | None:
    """A form with what the enterprise has to do on it; None if it is not for the enterprise."""
    if not form.is_for_enterprise:
        return None
    return PacketForm(form, record, tuple(page for page in _pages(form, record) if page.todos))


def _pages(form: FormDefinition, record: IssueRecord) -> Iterator[PageTodos]:
    for page in range(1, record.pages + 1):
        areas = [area for area in record.areas if area.is_open and area.page == page]
        placed = [(area, field) for area in areas if (field := form.field(area.id)) is not None]
        own = [(area, field) for area, field in placed if field.filled_by is FilledBy.ENTERPRISE]
        others = any(field.filled_by is not FilledBy.ENTERPRISE for _, field in placed)
        yield PageTodos(page, tuple(_todos(own)), others)


def _todos(fields: Sequence[tuple[FieldArea, FieldDefinition]]) -> Iterator[Todo]:
    for number, group in enumerate(_grouped(fields), 1):
        box = group[0][0].box
        for area, _ in group[1:]:
            box = box.union(area.box)
        yield Todo(number, box, _text([field for _, field in group]))


def _grouped(
    fields: Sequence[tuple[FieldArea, FieldDefinition]],
) -> Iterator[list[tuple[FieldArea, FieldDefinition]]]:
    """Check boxes of one group together, everything else by itself, from top to bottom."""
    groups: dict[str, list[tuple[FieldArea, FieldDefinition]]] = {}
    for area, field in sorted(fields, key=lambda item: (item[0].box.y0, item[0].box.x0)):
        boxed = field.kind is FieldKind.CHECKBOX
        groups.setdefault(area.id.rpartition(".")[0] if boxed else area.id, []).append((area, field))
    yield from groups.values()


def _text(fields: Sequence[FieldDefinition]) -> str:
    first = fields[0]
    if first.kind is FieldKind.CHECKBOX:
        names = "、".join(f"“{field.label}”" for field in fields[:_NAMED_BOXES])
        return f"勾选{names}" + (f"等 {len(fields)} 项中的有关项" if len(fields) > _NAMED_BOXES else "")
    if first.kind is FieldKind.SIGNATURE:
        return f"在“{_plain(first.label)}”处{_SIGNING[first.signing]}"
    if first.kind is FieldKind.DATE:
        return f"填写“{first.label}”，写全年、月、日"
    return f"填写“{first.label}”"


def _plain(label: str) -> str:
    """A signing place's label without what it says about the way of signing."""
    return label.partition("（")[0] or label
