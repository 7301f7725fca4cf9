"""Looking up the fields of the case model by their place: Chinese titles, known keys, and the nearest right key."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cases.model.case import Case
from cases.values.paths import Loc
from foundation.nearest import nearest

_CUTOFF = 0.5  # lower than for programs: staff vary headings and names more


def field_at(loc: Loc) -> FieldInfo | None:
    """The field of the case model at a place (list indices do not matter), or None where there is none."""
    model: type[BaseModel] | None = Case
    field: FieldInfo | None = None
    for part in loc:
        if isinstance(part, int):
            continue
        if model is None or part not in model.model_fields:
            return None
        field = model.model_fields[part]
        model = model_in(field.annotation)
    return field


def title(loc: Loc) -> str | None:
    """The Chinese title of the field at a place, or None if there is no such field."""
    field = field_at(loc)
    return field.title if field else None


def keys(loc: Loc) -> dict[str, str]:
    """The known keys of the group at a place, with their titles; empty where no group is."""
    field = field_at(loc)
    at_top = all(isinstance(part, int) for part in loc)
    model = Case if at_top else model_in(field.annotation) if field else None
    return {name: item.title or name for name, item in model.model_fields.items()} if model else {}


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """The known name (a heading, a key, a case id) most like a word, or None when nothing is like it."""
    return nearest(word, known, cutoff=_CUTOFF, ignore_case=True)


def nearest_key(loc: Loc) -> str | None:
    """The known key most like the unknown one at a place, by key or by Chinese title."""
    known = keys(loc[:-1])
    by_title = {text: name for name, text in known.items()}
    word = str(loc[-1])
    found = nearest_name(word, [*known, *by_title])
    return by_title.get(found, found) if found else None


def is_list(field: FieldInfo) -> bool:
    """Whether a field holds a list, of texts or of groups."""
    return get_origin(field.annotation) is tuple


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model an annotation holds, itself or as the entry of a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in get_args(annotation) if (model := model_in(arg))), None)
