"""Text fields (文字): what is written in them by hand or typed, measured.

Counted is the length of strokes of added ink that have their place in the area. Dust, a fold, a stray line, what shows
through from the back and what hangs over from a neighbour are measured beside it.
"""

from __future__ import annotations

import math

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.windows import any_ink, cut, red_in
from extractors.model import Mask, TextEvidence
from extractors.observe.strokes import classify, is_joined, place_of, windings
from extractors.thresholds import TextThresholds
from forms.geometry import Box


def measure_text(
    prepared: PageLayers, box: Box, sealed: Mask | None, pressed: Mask | None, limits: TextThresholds
) -> TextEvidence:
    """What lies in one text area. ``sealed``: where red seals lie; ``pressed``: where seals without colour do."""
    red = red_in(prepared, box, sealed)
    covered = float(pressed[pixels_of(box)].mean()) if pressed is not None else 0.0
    if not any_ink(prepared, box):
        return _nothing(red, covered)
    patch = cut(prepared, box.all_round(limits.margin_mm))
    kinds, strokes = classify(patch, prepared.limits), patch.strokes
    grown = box.all_round(limits.reach_mm)
    share, length = patch.share_in(grown), patch.length_in(grown)
    home = share >= limits.home
    chosen: Mask = kinds.pen & home
    pen = float(length[chosen].sum())
    # A speck at the other end of the area would make writing as long as it reaches: a line.
    main: Mask = chosen & (length >= limits.speck_share * pen)
    place = place_of(patch, main)
    width, height = (place.width, place.height) if place else (0.0, 0.0)
    blots = kinds.blob & home & (strokes.darkness >= limits.blot_level)
    weight = length * chosen
    return TextEvidence(
        length=pen,
        longest=float(np.max(length[chosen], initial=0.0)),
        strokes=float(chosen.sum()),
        winding=float(np.max(windings(strokes)[chosen], initial=0.0)),
        width=width,
        height=height,
        bend=float(length[main].sum()) / max(math.hypot(width, height), 0.2),
        overhang=float(length[kinds.pen & ~home].sum()),
        faint=float(length[kinds.faint & home].sum()),
        line=float(length[kinds.line].sum()),
        bits=float(length[kinds.bits & home].sum()),
        blot=float(np.max(strokes.major[blots], initial=0.0)),
        joined=float(bool(main.any()) and is_joined(patch, main, prepared.limits)),
        darkness=weighted(strokes.darkness, weight),
        thickness=weighted(strokes.width, weight),
        free=weighted(1 - strokes.beside_print, weight),
        red=red,
        covered=covered,
    )


def weighted(values: np.typing.NDArray[np.float64], weight: np.typing.NDArray[np.float64]) -> float:
    """The mean of some strokes' values, by weight; 0 where nothing weighs."""
    whole = float(weight.sum())
    return float((values * weight).sum()) / whole if whole > 0 else 0.0


def _nothing(red: float, covered: float) -> TextEvidence:
    none = dict.fromkeys(TextEvidence.names(), 0.0)
    return TextEvidence(**{**none, "red": red, "covered": covered})
