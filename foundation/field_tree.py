"""Data by field id: nested groups and lists, in which ``project.name`` or ``ledger.0.date`` leads to a value.

The one shape in which case data meets forms: the case model writes it, :func:`generator.bind.bind` looks ids up in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TypeAlias

#: What an id leads to: a text, a day, nothing, a list (ids go on with an index), or a group (ids go on with a name).
FieldNode: TypeAlias = "str | dt.date | Sequence[FieldNode] | FieldTree | None"
#: A group by the names of its members.
FieldTree: TypeAlias = "Mapping[str, FieldNode]"
