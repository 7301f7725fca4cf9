"""A registered page's print compared with the original's: aligned piece by piece, at the same blur and blackness.

What is left after that are two pictures in the original's frame: ink that was printed and is not there
(*missing*), ink that is there and was not printed (*added*), both beyond what a pixel of misfit, the scanner's
blur and a printer's blackness explain. All pictures are floats, 0 for paper, 255 for the page's own black.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.text_lines import Rectangles, character_pixels, rectangles
from extractors.model import Float32Array, OriginalPage, RegisteredPage
from extractors.thresholds import PrintedThresholds

_SQUARE = np.ones((3, 3), np.uint8)
_GOOD = 0.92


@dataclass(frozen=True, slots=True, eq=False)
class PrintComparison:
    """Both pictures and what was added; and per character: ``missing``, share of its ink; ``agreement``, correlation;
    ``there``, how black it is beside what it should be; ``seen``, share of its box; ``ink``, what it should have.
    """

    printed: Float32Array
    found: Float32Array
    added_picture: Float32Array
    ink: Float32Array
    missing: Float32Array
    agreement: Float32Array
    there: Float32Array
    seen: Float32Array


def compare(layers: PageLayers, thresholds: PrintedThresholds) -> PrintComparison:
    """Compare a page with its original."""
    page, gain = layers.page, layers.printed.gain
    printed = layers.printed.picture.astype(np.float32)
    found = layers.shifts.onto_original(layers.dark.astype(np.float32))
    found *= np.float32(gain / layers.gain)
    near = cv2.dilate(layers.printed.picture, _SQUARE).astype(np.float32)
    added = _beyond(found, near, thresholds.tolerance_level)
    if not page.seen.all():
        added[~page.seen] = 0
    # Print run thick makes the factor small; where the scan is as black as it gets, nothing is missing all the same.
    return _measured(page, printed, found, added, max(1.0, 1 / gain), thresholds)


def _beyond(picture: Float32Array, other: MatLike, margin: float) -> Float32Array:
    """How far one picture is above the other and a margin, 0 where it is not; ``other`` is used up."""
    cv2.subtract(picture, other, dst=other)
    other -= margin
    return np.asarray(np.maximum(other, 0, out=other), np.float32)


def _measured(
    page: RegisteredPage,
    printed: Float32Array,
    found: Float32Array,
    added: Float32Array,
    blackest: float,
    thresholds: PrintedThresholds,
) -> PrintComparison:
    """The differences gathered per character. ``blackest``: the factor by which what was found may be blacker."""
    margin = thresholds.tolerance_level
    at = character_pixels(page.original, 1)
    boxes = grown(rectangles(page.original), 1, page.original)
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1)
    here, there, seen = at.pixels(printed), at.pixels(found), at.pixels(page.seen)
    widened = at.pixels(np.asarray(cv2.dilate(found, _SQUARE), np.float32)) * np.float32(blackest)
    missing = _beyond(here, widened, margin) * seen
    p, f = at.sums(here), at.sums(there)
    pp, ff, pf = at.sums(here * here), at.sums(there * there), at.sums(here * there)
    spread = np.sqrt(np.maximum(pp - p * p / area, 1) * np.maximum(ff - f * f / area, 1))
    reach = 1 if page.residual_mm < thresholds.flat_mm else 3
    agreement = _at_best((pf - p * f / area) / spread, printed, found, boxes, reach)
    # A comma or a dash has little ink; a difference counts against what a character of its size has.
    side = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    ink = np.maximum(p, 0.08 * 255 * side**2)
    return PrintComparison(
        printed=printed,
        found=found,
        added_picture=added,
        ink=ink.astype(np.float32),
        missing=(at.sums(missing) / ink).astype(np.float32),
        agreement=agreement.astype(np.float32),
        there=(f / np.maximum(p, 1)).astype(np.float32),
        seen=(at.sums(seen) / area).astype(np.float32),
    )


def _at_best(
    agreement: NDArray[np.float64], printed: Float32Array, found: Float32Array, boxes: Rectangles, reach: int
) -> NDArray[np.float64]:
    """Characters that agree badly, tried some px to every side: a line's own middle is not each character's."""
    result = agreement.copy()
    for index in np.flatnonzero(agreement < _GOOD):
        x0, y0, x1, y1 = boxes[index]
        pattern = printed[y0:y1, x0:x1]
        room = found[max(0, y0 - reach) : y1 + reach, max(0, x0 - reach) : x1 + reach]
        if min(pattern.shape) > 0 and room.shape == tuple(side + 2 * reach for side in pattern.shape):
            surface = cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED)
            result[index] = max(result[index], float(np.nan_to_num(surface).max()))
    return result


def grown(boxes: Rectangles, by: int, original: OriginalPage) -> Rectangles:
    """Rectangles made larger by some px, within the page."""
    height, width = original.grey.shape
    larger = boxes + np.array([-by, -by, by, by])
    return np.asarray(np.clip(larger, 0, [width, height, width, height]), np.int64)
