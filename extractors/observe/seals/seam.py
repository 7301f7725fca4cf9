"""骑缝章: a seal pressed across the seam of several pages leaves a slice of itself at the same edge of each.

Per page the slices at the left and the right edge are measured: how much red ink, and between which heights.
Whether the pages of one document carry one seal is a comparison of those heights, for the judge.
"""

from __future__ import annotations

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.model import PX_PER_MM, Measure
from extractors.thresholds import SeamThresholds

_EDGES = ("left", "right")


def observe_seam(prepared: PageLayers, limits: SeamThresholds) -> tuple[Measure, ...]:
    """Per edge with red ink: ``seam-<edge>`` (mm² of it), ``seam-<edge>-top`` and ``-bottom`` (mm from the top)."""
    if prepared.red is None:
        return ()
    strip = round(limits.strip_mm * PX_PER_MM)
    found: list[Measure] = []
    for edge, columns in zip(_EDGES, (slice(0, strip), slice(-strip, None)), strict=True):
        red = prepared.red[:, columns] >= prepared.red_floor
        rows = np.nonzero(red.sum(axis=1) >= 2)[0]
        area = float(red.sum()) / PX_PER_MM**2
        if area < limits.least_mm2 or not len(rows):
            continue
        top, bottom = (float(value) / PX_PER_MM for value in np.percentile(rows, (2, 98)))
        if bottom - top < limits.least_mm:
            continue
        found += [
            Measure(f"seam-{edge}", round(area, 1), limits.least_mm2, "mm²"),
            Measure(f"seam-{edge}-top", round(top, 1), None, "mm"),
            Measure(f"seam-{edge}-bottom", round(bottom, 1), None, "mm"),
        ]
    return tuple(found)
