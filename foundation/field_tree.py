"""Data by field id: nested groups and lists, in which ``project.name`` or ``ledger.0.date`` leads to a value.

The one shape in which case data meets forms: the case model writes it, :func:`generator.bind.bind` looks ids up in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

#: What an id leads to: a text, a day, nothing, a list (ids go on with an index), or a group (ids go on with a name).
FieldNode: TypeAlias = "str | dt.date | Sequence[FieldNode] | FieldTree | None"
#: A group by the names of its members.
FieldTree: TypeAlias = "Mapping[str, FieldNode]"


class LateTree(Mapping[str, "FieldNode"]):
    """A group whose members are worked out when first asked for: of all that a case has, a form names little."""

    def __init__(self, members: Mapping[str, Callable[[], FieldNode]]) -> None:
        self._members = members
        self._known: dict[str, FieldNode] = {}

    def __getitem__(self, name: str) -> FieldNode:
        if name not in self._known:
            self._known[name] = self._members[name]()
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)
