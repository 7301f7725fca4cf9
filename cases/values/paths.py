"""Places in the tree of a case: as tuples, as pydantic writes them, and as field ids."""

from __future__ import annotations

Loc = tuple[str | int, ...]
"""A place in the tree: ``("plan", "approval", "items", 0, "name")``."""


def dotted(loc: Loc) -> str:
    """A place as a field id: ``plan.approval.items.0.name``."""
    return ".".join(map(str, loc))


def loc_of(field_id: str) -> Loc:
    """A field id as a place: the reverse of :func:`dotted`."""
    return tuple(int(part) if part.isdigit() else part for part in field_id.split("."))
