"""Marks that lie around a box rather than in it: a tick whose arms run along the frame or just outside its corners.

The frame hides parts of such a tick, so it comes in pieces, none of which is conclusive; together they span the box.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.layers.windows import InkWindow, chosen_in
from extractors.model import PX_PER_MM, Mask
from extractors.observe.strokes import StrokeKinds
from extractors.thresholds import BoxThresholds
from forms.geometry import Box


@dataclass(frozen=True, slots=True)
class SurroundingMark:
    """Pieces of ink around a box, taken together: mm of stroke, the share of the box within their convex hull, mm
    below the box's lower edge and mm beyond its farthest edge.
    """

    length: float
    hull: float
    below: float
    beyond: float


NO_MARK = SurroundingMark(0.0, 0.0, 0.0, 0.0)


def surrounding_mark(
    patch: InkWindow, kinds: StrokeKinds, elsewhere: Mask, square: Box, limits: BoxThresholds
) -> SurroundingMark:
    """What lies about one box. ``elsewhere``: strokes that have their place in another field."""
    strokes, about = patch.strokes, square.all_round(limits.around_mm)
    # The edges of print never come far into a box, and lie along print all the way: what does not is ink.
    ink = (kinds.pen & (strokes.beside_print < limits.free_share)) | deep_in(patch, square, limits)
    pieces = ink & ~kinds.faint & (strokes.length >= limits.piece_mm) & ~elsewhere
    pieces &= (patch.counts_in(about) > 0) & (strokes.major <= limits.mark_most_mm)
    if not pieces.any():
        return NO_MARK
    rows, columns = np.nonzero(chosen_in(patch.labels, pieces))
    down, across = patch.pixels(square)
    beyond = max(
        rows.max() + 1 - down.stop,
        down.start - rows.min(),
        columns.max() + 1 - across.stop,
        across.start - columns.min(),
    )
    return SurroundingMark(
        length=float(strokes.length[pieces].sum()),
        hull=_hull_share(patch, np.stack([columns, rows], axis=1), (down, across)),
        below=(int(rows.max()) + 1 - down.stop) / PX_PER_MM,
        beyond=float(beyond) / PX_PER_MM,
    )


def deep_in(patch: InkWindow, square: Box, limits: BoxThresholds) -> Mask:
    """Which strokes come so far into the box as no edge of its frame does."""
    deep: Mask = patch.length_in(square.all_round(-limits.deep_mm)) >= limits.deep_least_mm
    return deep


def _hull_share(patch: InkWindow, points: np.typing.NDArray[np.int64], square: tuple[slice, slice]) -> float:
    """The share of the box (rows, columns) that lies within the convex hull of points (x, y) in px of the patch."""
    whole = np.zeros(patch.labels.shape, np.uint8)
    cv2.fillConvexPoly(whole, cv2.convexHull(points.astype(np.int32)), 1)
    view = whole[square]
    return float(view.mean()) if view.size else 0.0
