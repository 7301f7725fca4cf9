"""Observations as JSON: one type per kind, told apart by the kind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from extractors.model import (
    CheckboxObservation,
    DateObservation,
    Measure,
    Observation,
    Seal,
    SignatureObservation,
    TextObservation,
)
from forms.geometry import Box

ADAPTER: TypeAdapter[Observation] = TypeAdapter(Observation)
COMMON: dict[str, Any] = {
    "id": "x",
    "state": "filled",
    "page": 1,
    "confidence": 0.9,
    "reason": "看到了",
    "box": Box(1, 2, 3, 4),
    "measures": (Measure("pen", 0.4, 3.0, "mm"),),
}
EACH = (
    TextObservation(**COMMON, value="张三", read=True),
    DateObservation(**COMMON, value="2026-03-05", slots=("filled", "filled", "filled")),
    CheckboxObservation(**COMMON, value=True, mark="tick"),
    SignatureObservation(**COMMON, pen=True, seals=(Seal(Box(1, 2, 3, 4), "round", 40.0, red=True),)),
)
#: Every optional key that a registry written before the kinds were told apart holds with every observation.
EARLIER = {"value": None, "read": False, "pen": None, "seals": [], "mark": None, "slots": []}


@pytest.mark.parametrize("seen", EACH, ids=lambda seen: seen.kind)
def test_written_and_read(seen: Observation) -> None:
    """An observation of any kind comes back from its JSON as it was, of its own type."""
    assert ADAPTER.validate_json(ADAPTER.dump_json(seen)) == seen


@pytest.mark.parametrize("seen", EACH, ids=lambda seen: seen.kind)
def test_earlier_registries_are_read(seen: Observation) -> None:
    """Keys that an earlier registry holds empty, because another kind has them, do no harm."""
    plain = json.loads(ADAPTER.dump_json(seen))
    assert ADAPTER.validate_python({**EARLIER, **plain}) == seen


def test_an_unknown_kind_is_refused() -> None:
    """What is of no kind is no observation."""
    plain = json.loads(ADAPTER.dump_json(EACH[0]))
    with pytest.raises(ValidationError):
        ADAPTER.validate_python({**plain, "kind": "drawing"})
