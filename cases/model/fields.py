"""Names of what a case is made of: known keys, Chinese titles, and the nearest right name for a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel

from cases.model.case import Case

Loc = tuple[str | int, ...]
"""A place in the tree as pydantic writes it: ``("plan", "approval", "items", 0, "name")``."""


def dotted(loc: Loc) -> str:
    """A place as a field id: ``plan.approval.items.0.name``."""
    return ".".join(map(str, loc))


def title(loc: Loc) -> str | None:
    """The Chinese title of the field at a place, or None if there is no such field."""
    model: type[BaseModel] | None = Case
    found: str | None = None
    for part in loc:
        if isinstance(part, int):
            continue
        if model is None or part not in model.model_fields:
            return None
        field = model.model_fields[part]
        found, model = field.title, model_in(field.annotation)
    return found


def keys(loc: Loc) -> dict[str, str]:
    """The known keys of the group at a place, with their titles; empty where no group is."""
    model: type[BaseModel] | None = Case
    for part in loc:
        if isinstance(part, str) and model is not None:
            field = model.model_fields.get(part)
            model = model_in(field.annotation) if field else None
    return {name: field.title or name for name, field in model.model_fields.items()} if model else {}


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name most like a word, or None when nothing is like it."""
    candidates = list(known)
    folded = {name.casefold(): name for name in candidates}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.5)
    return folded[close[0]] if close else None


def nearest_key(loc: Loc) -> str | None:
    """The known key most like the unknown one at a place, by key or by Chinese title."""
    known = keys(loc[:-1])
    by_title = {text: name for name, text in known.items()}
    word = str(loc[-1])
    found = nearest(word, [*known, *by_title])
    return by_title.get(found, found) if found else None


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model an annotation holds, itself or as the entry of a tuple."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for arg in get_args(annotation) if (model := model_in(arg))), None)
