"""The second witness: what a learned look makes of each place that holds any ink.

It knows seals, signatures, handwriting and ticks, and what is none: stamps of other kinds, fingerprints, stains, folds,
staples, shadows (:mod:`extractors.witness`). It looks at each place once; all places of a page together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.model import RegisteredPage
from extractors.observe.places import Mark, MeasuredPlace
from extractors.witness.network import FILLS, WitnessModel
from forms.definition import FieldKind

#: What the network calls a mark that would be there.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "text": FILLS[FieldKind.TEXT],
    "year": FILLS[FieldKind.DATE],
    "month": FILLS[FieldKind.DATE],
    "day": FILLS[FieldKind.DATE],
    "tick": FILLS[FieldKind.CHECKBOX],
    "pen": ("signature",),
    "seal": ("seal",),
}
_FILLING = frozenset(name for names in FILLS.values() for name in names)
#: Numbers of the evidence that are no ink of the place itself.
_SURROUNDINGS = frozenset({"covered", "beside", "wide", "overhang", "off"})


@dataclass(frozen=True, slots=True)
class Look:
    """``chance``: 0..1 that the mark is there; ``other``: of what fills no place, the likeliest."""

    chance: float
    other: str


def looks_at(page: RegisteredPage, places: Sequence[MeasuredPlace]) -> list[tuple[Look | None, ...]]:
    """A look at each mark of each place; None where no ink at all was measured."""
    asked = [place for place in places if any(holds_ink(mark) for mark in place.marks)]
    found = _model().looks(page, [(place.area.box, FieldKind(place.area.kind)) for place in asked])
    by_place = {place.area.id: look.chances for place, look in zip(asked, found, strict=True)}
    return [
        tuple(
            _look(mark, by_place.get(place.area.id)) if _shares_ink(place) or holds_ink(mark) else None
            for mark in place.marks
        )
        for place in places
    ]


def _shares_ink(place: MeasuredPlace) -> bool:
    """Whether its marks lie over each other, as a pen's strokes and a seal do; the slots of a date lie apart."""
    return place.area.kind == FieldKind.SIGNATURE


@cache
def _model() -> WitnessModel:
    return WitnessModel.load()


def _look(mark: Mark, chances: Mapping[str, float] | None) -> Look | None:
    if chances is None:
        return None
    others = [name for name in chances if name not in _FILLING]
    return Look(
        max(chances[name] for name in _CALLED[mark.name]),
        max(others, key=lambda name: chances[name], default=""),
    )


def holds_ink(mark: Mark) -> bool:
    """Whether any ink was measured there."""
    numbers = zip(mark.evidence.names(), mark.evidence.vector(), strict=True)
    return any(value > 0 for name, value in numbers if name not in _SURROUNDINGS)
