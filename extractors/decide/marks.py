"""One mark decided: filled, blank or unsure, where two witnesses agree.

The first is the physical evidence, asked by boosted trees; the second a learned look at the picture. A mark is there
only where both say so, and not there only where neither sees it; else a person looks.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from extractors.decide.looks import Look
from extractors.decide.models import ROWS, decision_models, joined, row_of
from extractors.decide.wording import Weighed, against_it, for_it, seems
from extractors.model import FieldState, Measure, PageEvidence, SlotEvidence
from extractors.observe.places import Mark
from extractors.thresholds import DecisionThresholds


@dataclass(frozen=True, slots=True)
class DecidedMark:
    """``chance``: of the state, 0..1; ``why``: a Chinese clause on what weighed most, empty where it is plain;
    ``measures``: the whole evidence and both chances; ``hidden``: a seal without colour lies over what may be there.
    """

    name: str
    state: FieldState
    chance: float
    why: str
    measures: tuple[Measure, ...]
    hidden: bool = False


def decide_mark(mark: Mark, look: Look | None, page: PageEvidence, limits: DecisionThresholds) -> DecidedMark:
    """Decide one mark. ``look``: None where nobody looked, since no ink lies there."""
    models, kind = decision_models(), ROWS[mark.name]
    row = row_of(mark.evidence, page)
    chance = models.trees[kind].probabilities(row[None])
    seen = np.array([np.nan if look is None else look.chance])
    there, gone = (float(values[0]) for values in joined(chance, seen))
    from_, to = models.filled_from(kind, limits.risk), models.blank_to(kind, limits.risk_blank)
    # Where no ink at all lies, there is nothing to be unsure of.
    is_gone = look is None or gone <= to
    state: FieldState = "filled" if there >= from_ else "blank" if is_gone else "unsure"
    measures = (
        *mark.evidence.measures(f"{mark.name}."),
        Measure(f"{mark.name}.evidence-chance", round(float(chance[0]), 4), round(from_, 4), ""),
        *(
            []
            if look is None
            else [Measure(f"{mark.name}.look-chance", round(look.chance, 4), round(from_, 4), "")]
        ),
    )
    hidden = state != "filled" and look is not None and _is_under_a_seal(mark, limits)
    if hidden:
        state = "unsure"
    sure = there if state == "filled" else 1 - gone if state == "blank" else 0.5
    why = "" if state != "unsure" else _why(kind, row, float(chance[0]), look)
    return DecidedMark(mark.name, state, sure, why, measures, hidden)


def _is_under_a_seal(mark: Mark, limits: DecisionThresholds) -> bool:
    """Whether so much of a date's slot lies under a seal without colour that its strokes may be the seal's own."""
    return isinstance(mark.evidence, SlotEvidence) and mark.evidence.covered > limits.covered


def _why(kind: str, row: np.typing.NDArray[np.float64], chance: float, look: Look | None) -> str:
    """Where the witnesses differ, what each says; else what weighed most for and against."""
    trees = decision_models().trees[kind]
    weighed = [
        Weighed(*item) for item in zip(trees.features, row.tolist(), trees.weights(row).tolist(), strict=True)
    ]
    said, but = for_it(weighed), against_it(weighed)
    if look is not None and look.chance < 0.5 <= chance:
        but = seems(look.other)
    return "，但".join(filter(None, (said, but)))
