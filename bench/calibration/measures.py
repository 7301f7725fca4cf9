"""The measures that are calibrated: each decides between blank and filled by two thresholds.

A measure is taken of many fields whose truth is known; from these readings new thresholds can be suggested.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.model import Measure
from extractors.thresholds import Thresholds
from forms.definition import FieldKind


@dataclass(frozen=True, slots=True)
class CalibratedMeasure:
    """A measure that decides for one kind of field, with its thresholds in force.

    Up to ``blank`` a field counts as blank, from ``filled`` on as filled, both in ``unit``; between them it is unsure.
    """

    key: str
    title: str
    kind: FieldKind
    unit: str
    blank: float
    filled: float


@dataclass(frozen=True, slots=True)
class LabelledReading:
    """The reading of one field beside its truth.

    ``value``, ``state``, ``reason``, ``crop``: what was read; ``filled``, ``how``: what was really written.
    """

    measure: str
    field: str
    tier: str
    look: str
    value: float
    filled: bool
    how: str
    state: str
    reason: str
    crop: bytes | None

    @property
    def wrong(self) -> bool:
        """Whether the state is the opposite of the truth."""
        return self.state != "unsure" and (self.state == "filled") != self.filled


@dataclass(frozen=True, slots=True)
class SuggestedThresholds:
    """Thresholds that fit the readings; None where these are too few.

    ``overlap``: some blank field reads higher than a filled one, so that no threshold separates them.
    """

    blank: float | None
    filled: float | None
    overlap: bool


def calibrated_measures(thresholds: Thresholds) -> tuple[CalibratedMeasure, ...]:
    """Every calibrated measure, with the thresholds in force."""
    text, boxes, dates, signing = thresholds.text, thresholds.boxes, thresholds.dates, thresholds.signing
    seals = thresholds.seals
    return (
        CalibratedMeasure("text", "文字：笔画总长", FieldKind.TEXT, "mm", text.blank_mm, text.filled_mm),
        CalibratedMeasure(
            "box", "选项框：框内笔画长", FieldKind.CHECKBOX, "mm", boxes.blank_mm, boxes.filled_mm
        ),
        CalibratedMeasure(
            "date", "日期：三格中最短的笔画", FieldKind.DATE, "mm", dates.blank_mm, dates.filled_mm
        ),
        CalibratedMeasure(
            "pen", "签字：笔画总长", FieldKind.SIGNATURE, "mm", signing.blank_mm, signing.filled_mm
        ),
        CalibratedMeasure(
            "seal", "印章：轮廓吻合度", FieldKind.SIGNATURE, "", seals.doubtful_score, seals.certain_score
        ),
    )


#: Where the measure is called otherwise in what is observed; the parts of a date are measured one by one.
_OBSERVED_AS = {"text": ("pen",), "box": ("inside",), "date": ("year", "month", "day")}


def measured_value(measure: CalibratedMeasure, measures: Sequence[Measure]) -> float | None:
    """The value that an observation was decided by; None where nothing was measured. Of a date the part with least ink
    decides, of one that was not taken apart its whole.
    """
    values = {item.name: item.value for item in measures}
    parts = [values[name] for name in _OBSERVED_AS.get(measure.key, (measure.key,)) if name in values]
    return min(parts) if parts else values.get("pen") if measure.key == "date" else None


def suggest(readings: Sequence[LabelledReading]) -> SuggestedThresholds:
    """Thresholds with every blank reading below and every filled one above, and a margin between.

    ``blank`` stands a little above the highest blank one, ``filled`` half way (as a ratio) to the lowest filled one.
    One filled field in two hundred may lie below: it goes to a person, while a blank one above would be the worst
    mistake.
    """
    blank = sorted(item.value for item in readings if not item.filled)
    filled = sorted(item.value for item in readings if item.filled)
    if not blank or not filled:
        return SuggestedThresholds(None, None, False)
    highest, lowest = blank[-1], filled[len(filled) // 200]
    if highest >= lowest:
        return SuggestedThresholds(round(float(np.percentile(blank, 99)), 2), round(highest * 1.1, 2), True)
    between = float(np.sqrt(max(highest, 0.05 * lowest) * lowest))
    return SuggestedThresholds(round(max(highest * 1.1, 0.25 * between), 2), round(between, 2), False)
