"""Square seals (方章, 名章) in ink without colour: four straight sides, also where a signature lies over them.

The outline of all the ink is no help there, since the signature is part of it. So a square of each size a 名章
has is tried in each place, a little turned either way, by how much of its four sides is inked.
"""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.observe.seals.outlines import InkMap, SealOutline, refined
from extractors.thresholds import SealThresholds

_TURNS_DEG = range(-12, 13, 3)  # seals are hardly ever pressed more askew
_STEP_MM = 1.0


def best_square(ink_map: InkMap, limits: SealThresholds) -> SealOutline | None:
    """The square of a name seal's size whose sides are inked best."""
    near = (ink_map.away <= limits.side_reach_mm).astype(np.float32)
    middle = (near.shape[1] / 2, near.shape[0] / 2)
    best: tuple[float, SealOutline] | None = None
    for degrees in _TURNS_DEG:
        matrix = cv2.getRotationMatrix2D(middle, degrees, 1.0)
        level = cv2.warpAffine(near, matrix, near.shape[::-1])
        back = cv2.invertAffineTransform(matrix)
        for side in np.arange(limits.name_least_mm, limits.name_most_mm + 0.1, _STEP_MM):
            score, place = _sought(level, side, ink_map.mm, limits)
            if best is None or score > best[0]:
                x, y = (back @ np.array([*place, 1.0])) * ink_map.mm
                best = score, SealOutline("square", x, y, side, side, float(np.deg2rad(degrees)), 0, 0, 0)
    return refined(ink_map, best[1], limits) if best is not None else None


def _sought(level: MatLike, side: float, mm: float, limits: SealThresholds) -> tuple[float, tuple[int, int]]:
    """Where a level square of that side (mm) has most ink on its sides and least just outside, px."""
    half = round(side / mm / 2)
    outer = half + round(limits.fringe_mm / mm)
    if min(level.shape) <= 2 * outer + 1:
        return 0.0, (0, 0)
    across, down = _along(level, 2 * half + 1)
    traced = _about(across, down, half, outer) - _about(across, down, outer, outer)
    _, best, _, (x, y) = cv2.minMaxLoc(traced)
    return best, (x + outer, y + outer)


def _along(level: MatLike, length: int) -> tuple[MatLike, MatLike]:
    """How much of a level and of an upright line of that length about each place is inked."""
    border = cv2.BORDER_CONSTANT
    across = cv2.blur(level, (length, 1), borderType=border)
    return across, cv2.blur(level, (1, length), borderType=border)


def _about(across: MatLike, down: MatLike, reach: int, margin: int) -> MatLike:
    """The mean of four lines so far above, below, left and right of each place that is a margin from the border."""
    height, width = across.shape
    rows, columns = slice(margin, height - margin), slice(margin, width - margin)
    lines = (
        across[margin - reach : height - margin - reach, columns],
        across[margin + reach : height - margin + reach, columns],
        down[rows, margin - reach : width - margin - reach],
        down[rows, margin + reach : width - margin + reach],
    )
    return np.asarray(sum(lines) / 4, np.float32)


def sides(ink_map: InkMap, outline: SealOutline, reach_mm: float) -> NDArray[np.float64]:
    """How much of each side of a square has ink so near, the least first."""
    points = outline.along().reshape(4, -1, 2)
    return np.sort([ink_map.near(one, reach_mm) for one in points])


def has_sides(ink_map: InkMap, outline: SealOutline, limits: SealThresholds) -> bool:
    """Whether a square is as large as a name seal and has its sides: one of the four may be all but dry."""
    found = sides(ink_map, outline, limits.side_reach_mm)
    large = min(outline.width, outline.height) >= limits.name_least_mm - _STEP_MM
    return bool(large and found[0] >= limits.side_weakest and found[1] >= limits.side_least)
