"""The connected pieces of added ink of a whole page: one table with their measures.

Strokes are followed under the print they cross, and cut to half their own darkness. Nothing is decided here about what
they are.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from math import ceil

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.layers.pictures import as_bytes, as_image, disc
from extractors.model import PX_PER_MM, Float64Array, Image, Mask
from extractors.thresholds import InkThresholds


@dataclass(frozen=True, eq=False)
class InkPictures:
    """What was printed on a page and what it shows, on the page itself; pictures ``uint8``.

    ``dark``: darkness (0 paper, 255 as dark as print) without red ink. ``red``: redness, None where the scan kept no
    colour; ``red_floor``: from where it counts. ``expected``: print where it stands on the page, widened by the
    tolerance. ``beside_print``: 255 within some 0.6 mm of print or 0.9 mm of a frame line. ``strong``: darkness from
    which added ink counts.
    """

    limits: InkThresholds
    dark: Image
    red: Image | None
    red_floor: float
    expected: Image
    beside_print: Image
    strong: float

    @property
    def weak(self) -> np.uint8:
        """Darkness down to which a stroke is followed."""
        # A byte: pictures are compared with it four times as quickly as with a fraction.
        return np.uint8(min(ceil(self.strong * self.limits.follow), 255))

    @cached_property
    def added(self) -> Image:
        """How much darker the page is than print can be there."""
        return as_image(cv2.subtract(self.dark, self.expected))

    @cached_property
    def pieces(self) -> InkPieces:
        """All connected pieces of added ink, measured."""
        return ink_pieces(self)


@dataclass(frozen=True, slots=True, eq=False)
class PieceTable:
    """Connected pieces of added ink, one per place in the arrays; label 1 is at place 0.

    Lengths in mm. ``length``: along the stroke; ``width``: across it; ``major``, ``minor``: how far it reaches
    along and across its own main direction; ``free_major``, ``free_minor``: the same of what lies away from print;
    ``darkness``: 0..255; ``boxes``: left, top, right, bottom in px; ``beside_print``: share that lies close to print;
    ``on_red``: share that is red itself, as what is left of a seal's ink is, and no pen's stroke over it; ``redness``:
    how red it is on average, in what counts as red.
    """

    pixels: Float64Array
    length: Float64Array
    width: Float64Array
    major: Float64Array
    minor: Float64Array
    free_major: Float64Array
    free_minor: Float64Array
    darkness: Float64Array
    boxes: NDArray[np.int64]
    beside_print: Float64Array
    on_red: Float64Array
    redness: Float64Array

    def __len__(self) -> int:
        return len(self.length)

    def taken(self, places: NDArray[np.intp], left: int, top: int) -> PieceTable:
        """Some of the pieces, in that order, with their boxes from another corner, px."""
        columns = {column.name: getattr(self, column.name)[places] for column in fields(self)}
        columns["boxes"] = columns["boxes"] - np.array([left, top, left, top])
        return PieceTable(**columns)


@dataclass(frozen=True, slots=True, eq=False)
class InkPieces:
    """``labels``: which piece each pixel of the page is of, 0 for none; ``table``: their measures."""

    labels: NDArray[np.int32]
    table: PieceTable


def ink_pieces(layers: InkPictures) -> InkPieces:
    """The pieces of a page."""
    added = layers.added
    weak = as_bytes(added >= layers.weak)
    labels = np.zeros(added.shape, np.int32)
    joined = as_image(cv2.bitwise_or(weak, _bridges(weak, layers)))
    count, pieces = cv2.connectedComponents(joined, connectivity=8)
    # From here on only over ink: most of a page is paper.
    at = np.flatnonzero(joined.view(np.bool_))
    own, value = np.asarray(pieces, np.int32).ravel().take(at), added.ravel().take(at)
    keep = np.bincount(own[value >= layers.strong], minlength=count) >= layers.limits.strong_pixels
    keep[0] = False
    strokes = int(keep.sum())
    renumber = np.zeros(count, np.int32)
    renumber[keep] = np.arange(1, strokes + 1, dtype=np.int32)
    own = renumber.take(own)
    at, own, value = at[own > 0], own[own > 0], value[own > 0]
    sharp = _is_sharp(own, value, weak.ravel().take(at) == 0, strokes, layers.limits)
    at, own = at[sharp], own[sharp]
    labels.ravel()[at] = own
    return InkPieces(labels, _measured(labels, at, own - 1, strokes, layers))


def _bridges(weak: Image, layers: InkPictures) -> Image:
    """Where a stroke runs on under print that hides it: dark places of print between two ends of added ink."""
    reach = 2 * round(layers.limits.bridge_mm * PX_PER_MM / 2) + 1
    closed = cv2.morphologyEx(weak, cv2.MORPH_CLOSE, disc(reach // 2))
    dark = as_image(cv2.min(layers.expected, layers.dark)) >= layers.weak
    return as_image(cv2.bitwise_and(closed, as_bytes(dark)))


def _is_sharp(own: NDArray[np.int32], dark: Image, bridge: Mask, count: int, limits: InkThresholds) -> Mask:
    """Which pixels are left of strokes cut to half their own darkness, so that the blur around black ink adds no width;
    bridges stay. ``own``: the stroke of each pixel.
    """
    values = dark.astype(np.float64)
    pixels = np.maximum(np.bincount(own, minlength=count + 1), 1)
    level = np.bincount(own, weights=values, minlength=count + 1) / pixels
    square = np.bincount(own, weights=values * values, minlength=count + 1) / pixels
    peak = level + np.sqrt(np.maximum(square - level * level, 0.0))
    kept: Mask = bridge | (dark >= limits.sharpen * peak[own])
    return kept


def _measured(
    labels: NDArray[np.int32],
    at: NDArray[np.int64],
    place: NDArray[np.int32],
    count: int,
    layers: InkPictures,
) -> PieceTable:
    """``at``: where in the flat picture the pieces are; ``place``: of which one each pixel is."""
    rows, columns = np.divmod(at, labels.shape[1])
    beside = layers.beside_print.ravel().take(at)
    red = np.zeros(len(at)) if layers.red is None else layers.red.ravel().take(at) / layers.red_floor
    area = np.bincount(place, minlength=count).astype(np.float64)

    def mean(values: NDArray[np.generic]) -> Float64Array:
        sums = np.bincount(place, weights=values.astype(np.float64), minlength=count)
        result: Float64Array = sums / np.maximum(area, 1)
        return result

    distance = cv2.distanceTransform((labels > 0).view(np.uint8), cv2.DIST_L2, 3)
    width = np.maximum(1.0, 4.0 * (mean(distance.ravel().take(at)) - 0.5))
    x, y = columns - mean(columns)[place], rows - mean(rows)[place]
    major, minor = _reach(mean(x * x), mean(y * y), mean(x * y))
    free_major, free_minor = _free_reach(place, x, y, beside == 0, count)
    value = layers.added.ravel().take(at).astype(np.float64)
    level = mean(value)
    spread = np.sqrt(np.maximum(mean(value * value) - level * level, 0.0))
    return PieceTable(
        pixels=area,
        length=area / width / PX_PER_MM,
        width=width / PX_PER_MM,
        major=major / PX_PER_MM,
        minor=minor / PX_PER_MM,
        free_major=free_major / PX_PER_MM,
        free_minor=free_minor / PX_PER_MM,
        darkness=level + spread,
        boxes=_bounds(place, rows, columns, count),
        beside_print=mean(beside > 0),
        on_red=mean(red >= 1),
        redness=mean(red),
    )


def _free_reach(
    place: NDArray[np.int32], x: Float64Array, y: Float64Array, free: Mask, count: int
) -> tuple[Float64Array, Float64Array]:
    """How far each piece reaches along and across, px, where it is free of print; x and y about its own middle."""
    place, x, y = place[free], x[free], y[free]
    whole = np.maximum(np.bincount(place, minlength=count), 1)

    def mean(values: Float64Array) -> Float64Array:
        result: Float64Array = np.bincount(place, weights=values, minlength=count) / whole
        return result

    middle = mean(x), mean(y)
    return _reach(
        mean(x * x) - middle[0] ** 2, mean(y * y) - middle[1] ** 2, mean(x * y) - middle[0] * middle[1]
    )


def _bounds(
    place: NDArray[np.int32], rows: NDArray[np.int64], columns: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Left, top, right, bottom of each piece; right and bottom are the first pixel beyond."""
    result = np.zeros((count, 4), np.int64)
    result[:, :2] = 1 << 30
    np.minimum.at(result[:, 0], place, columns)
    np.minimum.at(result[:, 1], place, rows)
    np.maximum.at(result[:, 2], place, columns + 1)
    np.maximum.at(result[:, 3], place, rows + 1)
    return result


def _reach(xx: Float64Array, yy: Float64Array, xy: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Reach along and across the main direction, px, of second moments."""
    middle, difference = (xx + yy) / 2, (xx - yy) / 2
    root = np.sqrt(difference * difference + xy * xy)
    major = np.sqrt(12.0 * np.maximum(middle + root, 0.0) + 1.0)
    minor = np.sqrt(12.0 * np.maximum(middle - root, 0.0) + 1.0)
    return major, minor
