"""What every observer has in common: the field it observes, and how its reading becomes an observation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from extractors.model import FieldObservation, FieldState, Measure, RegisteredPage
from extractors.observe.crops import crop
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea

SomeObservation = TypeVar("SomeObservation", bound=FieldObservation)


@dataclass(frozen=True, slots=True)
class OpenField:
    """One open field on the page: its area, and what people call it."""

    area: FieldArea
    label: str

    @property
    def box(self) -> Box:
        """Its area in mm."""
        return self.area.box

    @property
    def kind(self) -> FieldKind:
        """Text, date, check box or signing area."""
        return FieldKind(self.area.kind)


@dataclass(frozen=True, slots=True)
class FieldReading:
    """What was seen of a field: state, 0..1 confidence in it, one Chinese sentence."""

    state: FieldState
    confidence: float
    reason: str
    measures: tuple[Measure, ...] = ()
    visible: bool = True


def observation(
    kind: type[SomeObservation], page: RegisteredPage, field: OpenField, reading: FieldReading
) -> SomeObservation:
    """A reading as an observation of its field's kind, with a picture of the area."""
    return kind(
        id=field.area.id,
        state=reading.state,
        page=field.area.page,
        confidence=round(min(max(reading.confidence, 0.0), 1.0), 3),
        reason=reading.reason,
        box=field.box,
        visible=reading.visible,
        measures=reading.measures,
        crop=crop(page, field.box),
    )


def unseen(label: str, share: float, least: float) -> FieldReading:
    """The reading of an area of which only a share (0..1) can be made out, less than ``least``."""
    measure = Measure("seen", round(share, 3), least, "")
    where = "完全看不到" if share < 0.02 else f"只看得清{share:.0%}"
    return FieldReading("unsure", 1.0, f"“{label}”处{where}（切边、反光或未拍到）", (measure,), visible=False)


def certainty(value: float, low: float, high: float) -> float:
    """How sure a value is on its side of an unsure band: 0.5 at the band's edge, towards 1 at twice the distance."""
    if value >= high:
        return min(1.0, 0.5 + 0.5 * (value - high) / max(high, 1e-6))
    return min(1.0, 0.5 + 0.5 * (low - value) / max(low, 1e-6)) if value <= low else 0.5
