"""A place on the page: the pieces of added ink that lie in it, and quick looks at what was added there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.pieces import PieceTable
from extractors.model import PX_PER_MM, Float64Array, Image, Mask
from forms.geometry import Box

PixelType = TypeVar("PixelType", bound=np.generic)


@dataclass(frozen=True, slots=True, eq=False)
class InkWindow:
    """A window of the page: ``left``, ``top`` in px of the page, and what was added there. ``labels``: of each pixel
    its stroke, label 1 is at place 0 of ``strokes``, which are whole pieces, also where they go on outside.
    """

    left: int
    top: int
    added: Image
    labels: NDArray[np.int32]
    strokes: PieceTable

    def pixels(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of a box on paper, cut to the window."""
        rows, columns = pixels_of(box)
        height, width = self.labels.shape
        return (
            slice(min(max(rows.start - self.top, 0), height), min(max(rows.stop - self.top, 0), height)),
            slice(
                min(max(columns.start - self.left, 0), width), min(max(columns.stop - self.left, 0), width)
            ),
        )

    def counts_in(self, box: Box) -> Float64Array:
        """Per stroke, how many of its pixels lie in the box."""
        inside = np.bincount(self.labels[self.pixels(box)].ravel(), minlength=len(self.strokes) + 1)
        return inside[1:].astype(np.float64)

    def share_in(self, box: Box) -> Float64Array:
        """Per stroke, the share of it that lies in the box."""
        share: Float64Array = self.counts_in(box) / np.maximum(self.strokes.pixels, 1)
        return share

    def cropped(self, picture: NDArray[PixelType]) -> NDArray[PixelType]:
        """The window's part of a picture or mask of the whole page."""
        height, width = self.labels.shape
        return picture[self.top : self.top + height, self.left : self.left + width]

    def share_of(self, mask: Mask) -> Float64Array:
        """Per stroke, the share of it that lies in a mask of the window."""
        inside = np.bincount(self.labels[mask], minlength=len(self.strokes) + 1)[1:]
        share: Float64Array = inside / np.maximum(self.strokes.pixels, 1)
        return share

    def length_in(self, box: Box) -> Float64Array:
        """Per stroke, the mm of it that lie in the box."""
        length: Float64Array = self.share_in(box) * self.strokes.length
        return length


def chosen_in(labels: NDArray[np.int32], which: Mask) -> Mask:
    """The pixels of some pieces, in a picture of labels or a part of it; label 1 is at place 0."""
    mask: Mask = np.concatenate([[False], which])[labels]
    return mask


def cut(layers: PageLayers, window: Box) -> InkWindow:
    """The added ink in a window on paper (mm)."""
    rows, columns = on_page(layers, window)
    pieces = layers.pieces
    view = pieces.labels[rows, columns]
    there = np.bincount(view.ravel(), minlength=1) > 0
    there[0] = False
    number = np.cumsum(there, dtype=np.int32) * there
    strokes = pieces.table.taken(np.flatnonzero(there) - 1, columns.start, rows.start)
    added = layers.added[rows, columns]
    return InkWindow(columns.start, rows.start, added, number.take(view), strokes)


def any_ink(layers: PageLayers, box: Box) -> bool:
    """Whether anything at all may have been added in a box."""
    return bool((layers.added[on_page(layers, box)] >= layers.strong).sum() > 1)


def red_in(layers: PageLayers, box: Box, but: Mask | None) -> float:
    """How much red ink lies in a box, mm², away from print (whose edges a scanner tinges) and from where ``but`` is."""
    if layers.red is None:
        return 0.0
    view = on_page(layers, box)
    red = (layers.red[view] >= layers.red_floor) & (layers.beside_print[view] == 0)
    if but is not None:
        red &= ~but[view]
    return float(red.sum()) / PX_PER_MM**2


def on_page(layers: PageLayers, box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box on paper, cut to the page."""
    rows, columns = pixels_of(box)
    height, width = layers.dark.shape
    bottom, right = min(rows.stop, height), min(columns.stop, width)
    return slice(min(rows.start, bottom), bottom), slice(min(columns.start, right), right)
