"""Field ids with ``*`` in them: whether two can mean the same field."""

from __future__ import annotations

from collections.abc import Iterable


def meet(first: str, second: str, *, any_name: bool = False) -> bool:
    """Whether two ids, each perhaps with ``*``, can mean the same field.

    ``*`` stands for an index; with ``any_name``, a ``*`` in ``first`` also stands for any one name, as in conditions.
    """
    ones, others = first.split("."), second.split(".")
    return len(ones) == len(others) and all(
        _segments_meet(one, other, any_name) for one, other in zip(ones, others, strict=True)
    )


def listed(field_id: str, patterns: Iterable[str]) -> bool:
    """Whether a condition that names these ids covers this field; ``*`` stands for any one name."""
    return any(meet(pattern, field_id, any_name=True) for pattern in patterns)


def _segments_meet(one: str, other: str, any_name: bool) -> bool:
    if one == other or (any_name and one == "*"):
        return True
    return (one == "*" and other.isdigit()) or (other == "*" and one.isdigit())
