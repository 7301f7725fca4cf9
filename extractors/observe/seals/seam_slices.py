"""Slices of a seal that lie within the page: a 骑缝章 over fanned sheets leaves on the last the part that begins where
the sheet before it ended. Where such a slice lies is accidental: it was pressed for no signing area.
"""

from __future__ import annotations

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.model import PX_PER_MM, Float64Array, Mask
from extractors.observe.seals.outlines import SealOutline
from extractors.thresholds import SliceThresholds
from forms.geometry import Box


def is_slice(prepared: PageLayers, outline: SealOutline, limits: SliceThresholds) -> bool:
    """Whether a seal ends at an upright line, left or right, its rim and all: one that took no ink there ends nowhere
    so straight. What the picture itself cuts off is no slice. ``outline`` in mm of the page.
    """
    points = outline.along(limits.reach_mm)
    box = Box(*(float(value) for value in (*points.min(axis=0), *points.max(axis=0))))
    view = pixels_of(box)
    ink, seen = _ink(prepared, view), prepared.page.seen[view]
    corner = np.array([view[1].start, view[0].start]) / PX_PER_MM
    rim = (outline.along() - corner) * PX_PER_MM
    width = ink.shape[1]
    mirrored = np.stack([width - 1 - rim[:, 0], rim[:, 1]], axis=1)
    return _begins_straight(ink, seen, rim, limits) or _begins_straight(
        ink[:, ::-1], seen[:, ::-1], mirrored, limits
    )


def _ink(prepared: PageLayers, view: tuple[slice, slice]) -> Mask:
    if prepared.red is not None:
        red: Mask = prepared.red[view] >= prepared.red_floor
        return red
    grey: Mask = (prepared.dark[view] >= prepared.strong) & (prepared.expected[view] < prepared.strong)
    return grey


def _begins_straight(ink: Mask, seen: Mask, rim: Float64Array, limits: SliceThresholds) -> bool:
    """Whether the ink begins all at once in one column well inside the rim, which crosses it twice; all in px."""
    inked = ink.sum(axis=0) / PX_PER_MM**2
    begun = np.nonzero(np.cumsum(inked) >= limits.specks_mm2)[0]
    if not len(begun) or not begun[0]:
        return False  # none, or the picture ends there
    first, one = int(begun[0]), round(limits.even_mm * PX_PER_MM)
    missing = (first - float(rim[:, 0].min())) / PX_PER_MM
    if missing < limits.missing_mm or float(inked[first : first + one].sum()) < limits.begin_mm2:
        return False
    if seen[:, max(0, first - 2 * one) : first].mean() < limits.seen:
        return False
    middle = float(rim[:, 1].mean())
    crossing = rim[np.abs(rim[:, 0] - first) <= one]
    return all(
        _is_inked(ink, part, one)
        for part in (crossing[crossing[:, 1] < middle], crossing[crossing[:, 1] > middle])
    )


def _is_inked(ink: Mask, points: Float64Array, reach: int) -> bool:
    """Whether ink lies near one of the points (x, y), px."""
    return any(
        bool(ink[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].any())
        for x, y in np.round(points).astype(np.int64)
    )
