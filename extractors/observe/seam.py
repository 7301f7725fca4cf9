"""骑缝章: a seal pressed across the seam of several pages leaves a slice of itself at the same edge of each.

Per page the slices at the left and the right edge are measured: how much red ink, and between which heights.
Whether the pages of one document carry one seal is a comparison of those heights, page by page.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.model import PX_PER_MM, Measure
from extractors.observe.ink import Sheet
from extractors.thresholds import Seam

_EDGES = ("left", "right")


def observe_seam(sheet: Sheet, limits: Seam) -> tuple[Measure, ...]:
    """Per edge with red ink: ``seam-<edge>`` (mm² of it), ``seam-<edge>-top`` and ``-bottom`` (mm from the top)."""
    if sheet.red is None:
        return ()
    strip = round(limits.strip_mm * PX_PER_MM)
    found: list[Measure] = []
    for edge, columns in zip(_EDGES, (slice(0, strip), slice(-strip, None)), strict=True):
        red = sheet.red[:, columns] >= sheet.red_floor
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


def continuous(pages: Sequence[Sequence[Measure]], limits: Seam) -> bool:
    """Whether every page carries a slice at one and the same edge, at heights that fit one seal.

    ``pages``: what :func:`observe_seam` measured, page by page. An even page seen from its back side may carry
    it at the other edge; so edges are tried as left on all, right on all, and alternating.
    """
    if len(pages) < 2:
        return False
    patterns = [["left"] * len(pages), ["right"] * len(pages)]
    patterns += [[_EDGES[(start + number) % 2] for number in range(len(pages))] for start in (0, 1)]
    return any(_fit(pages, pattern, limits) for pattern in patterns)


def _fit(pages: Sequence[Sequence[Measure]], edges: Sequence[str], limits: Seam) -> bool:
    spans = []
    for measures, edge in zip(pages, edges, strict=True):
        values = {item.name: item.value for item in measures}
        if f"seam-{edge}" not in values:
            return False
        spans.append((values[f"seam-{edge}-top"], values[f"seam-{edge}-bottom"]))
    middles = [(top + bottom) / 2 for top, bottom in spans]
    return max(middles) - min(middles) <= limits.shift_mm
