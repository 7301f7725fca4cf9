"""How altered print is reported: where, with what confidence, with a picture of the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from extractors.model import Alteration, Measure, RegisteredPage
from extractors.observe.crops import crop
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box

#: A person looks.
DOUBTFUL = 0.6


def confidence(ratio: float, limits: PrintedThresholds) -> float:
    """0.5 at the threshold, near 1 from ``sure_ratio`` on."""
    return float(np.clip(0.5 + 0.4 * (ratio - 1) / (limits.sure_ratio - 1), 0.5, 0.98))


def doubted(found: Sequence[Alteration]) -> list[Alteration]:
    """The alterations with their confidence lowered, so that a person looks."""
    return [replace(one, confidence=min(one.confidence, DOUBTFUL)) for one in found]


def box_of(page: RegisteredPage, run: Sequence[int]) -> Box:
    """Around some characters of a page, by their places among its glyphs."""
    box = page.original.glyphs[run[0]].box
    for index in run[1:]:
        box = box.union(page.original.glyphs[index].box)
    return box


def alteration(
    page: RegisteredPage,
    box: Box,
    how: str,
    text: str,
    sure: float,
    reason: str,
    measures: tuple[Measure, ...],
) -> Alteration:
    """What was found at a place of a page (``box``, mm), pictured with its surroundings."""
    return Alteration(
        page=page.original.number,
        box=box,
        how=how,  # type: ignore[arg-type]
        text=text,
        confidence=round(sure, 3),
        reason=reason,
        measures=measures,
        crop=crop(page, box.grown(left=4, right=4, up=1, down=1)),
    )
