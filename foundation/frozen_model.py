"""The base of every pydantic model that crosses a boundary: read from a file, kept in the registry, printed as JSON.

Frozen, and strict about keys: a mistyped key is an error, never ignored. A model that is printed by ``--json`` or kept
in the registry is the one description of its JSON: ``model_dump(mode="json")`` writes it, ``model_validate`` reads it,
``model_json_schema(mode="serialization")`` publishes it. What is not to be published is ``Field(exclude=True)``; what
is derived is a ``computed_field``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

#: An aware time; in JSON as ``datetime.isoformat`` writes it (``2026-03-05T14:15:02.123456+00:00``).
Timestamp = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]


class FrozenModel(BaseModel):
    """A pydantic model that cannot be changed once made and knows all its keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")
