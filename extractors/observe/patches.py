"""One field's neighbourhood: aligned anew on the print around it, and the strokes of added ink in it, in mm.

A :class:`Patch` is cut from a :class:`~extractors.observe.ink.PreparedPage`. Strokes are connected pieces of added ink,
followed under the print they cross. Nothing is decided here about fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Float64Array, Image, Mask
from extractors.observe.ink import PreparedPage, as_image, disc, pixels_of
from extractors.observe.realigning import offset
from extractors.thresholds import InkThresholds
from forms.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class StrokeTable:
    """Connected pieces of added ink, one per place in the arrays; label 1 is at place 0.

    Lengths in mm. ``length``: along the stroke; ``width``: across it; ``major``, ``minor``: how far it reaches
    along and across its own main direction; ``free_major``, ``free_minor``: the same of what lies away from print;
    ``darkness``: 0..255; ``boxes``: left, top, right, bottom in px of
    the patch; ``at_border``: touches the patch's border; ``beside_print``: share that lies close to print;
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
    centres: Float64Array
    angle: Float64Array
    at_border: Mask
    beside_print: Float64Array
    on_red: Float64Array
    redness: Float64Array

    def __len__(self) -> int:
        return len(self.length)


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The neighbourhood of a field: ``left``, ``top`` in px of the page, and what was added there."""

    left: int
    top: int
    added: Image
    labels: NDArray[np.int32]
    strokes: StrokeTable
    shift: tuple[int, int]

    def pixels(self, box: Box) -> tuple[slice, slice]:
        """The rows and columns of a box on paper, cut to the patch."""
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

    def cropped(self, mask: Mask) -> Mask:
        """The patch's part of a mask of the whole page."""
        height, width = self.labels.shape
        return mask[self.top : self.top + height, self.left : self.left + width]

    def share_of(self, mask: Mask) -> Float64Array:
        """Per stroke, the share of it that lies in a mask of the patch."""
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


def cut(prepared: PreparedPage, window: Box) -> Patch:
    """The added ink in a window on paper (mm), aligned anew on the print in it."""
    rows, columns = _on_page(prepared, window)
    dark, pad = prepared.dark[rows, columns], prepared.pad
    printed = _shifted(prepared.printed, pad, rows, columns, 0, 0)[pad:-pad, pad:-pad]
    dx, dy = offset(dark, printed, pad, prepared.limits)
    expected = _shifted(prepared.expected, pad, rows, columns, dx, dy)
    beside = _shifted(prepared.beside_print, pad, rows, columns, dx, dy)
    added = as_image(cv2.subtract(dark, expected))
    red = None if prepared.red is None else prepared.red[rows, columns]
    labels, strokes = _strokes(added, dark, expected, (beside, red), prepared)
    return Patch(columns.start, rows.start, added, labels, strokes, (dx, dy))


def any_ink(prepared: PreparedPage, box: Box) -> bool:
    """Whether anything at all may have been added in a box, before any alignment; quick."""
    rows, columns = _on_page(prepared, box)
    if rows.stop <= rows.start or columns.stop <= columns.start:
        return False
    added = cv2.subtract(
        prepared.dark[rows, columns], _shifted(prepared.expected, prepared.pad, rows, columns, 0, 0)
    )
    return bool((added >= prepared.strong).sum() > 1)


def added_mm2(prepared: PreparedPage, box: Box, but: Sequence[Box]) -> float:
    """How much was added in a box, mm², away from print and from the areas ``but``; quick."""
    rows, columns = _on_page(prepared, box)
    added = cv2.subtract(
        prepared.dark[rows, columns], _shifted(prepared.expected, prepared.pad, rows, columns, 0, 0)
    )
    found = (added >= prepared.strong) & (
        _shifted(prepared.beside_print, prepared.pad, rows, columns, 0, 0) == 0
    )
    for area in but:
        down, across = pixels_of(area)
        found[
            max(0, down.start - rows.start) : max(0, down.stop - rows.start),
            max(0, across.start - columns.start) : max(0, across.stop - columns.start),
        ] = False
    return float(found.sum()) / PX_PER_MM**2


def red_in(prepared: PreparedPage, box: Box, but: Mask | None) -> float:
    """How much red ink lies in a box, mm², away from print (whose edges a scanner tinges) and from where ``but`` is."""
    if prepared.red is None:
        return 0.0
    rows, columns = _on_page(prepared, box)
    red = prepared.red[rows, columns] >= prepared.red_floor
    red &= _shifted(prepared.beside_print, prepared.pad, rows, columns, 0, 0) == 0
    if but is not None:
        red &= ~but[rows, columns]
    return float(red.sum()) / PX_PER_MM**2


def printed_in(prepared: PreparedPage, patch: Patch) -> Image:
    """The original's darkness in a patch, aligned as the patch is."""
    height, width = patch.labels.shape
    rows, columns = slice(patch.top, patch.top + height), slice(patch.left, patch.left + width)
    return _shifted(prepared.printed, prepared.pad, rows, columns, *patch.shift)


def beside_in(prepared: PreparedPage, patch: Patch) -> Image:
    """Where a patch lies close to the original's print, not 0; aligned as the patch is."""
    height, width = patch.labels.shape
    rows, columns = slice(patch.top, patch.top + height), slice(patch.left, patch.left + width)
    return _shifted(prepared.beside_print, prepared.pad, rows, columns, *patch.shift)


def _on_page(prepared: PreparedPage, box: Box) -> tuple[slice, slice]:
    rows, columns = pixels_of(box)
    height, width = prepared.dark.shape
    bottom, right = min(rows.stop, height), min(columns.stop, width)
    return slice(min(rows.start, bottom), bottom), slice(min(columns.start, right), right)


def _shifted(padded: Image, pad: int, rows: slice, columns: slice, dx: int, dy: int) -> Image:
    top, left = pad - dy, pad - dx
    return padded[rows.start + top : rows.stop + top, columns.start + left : columns.stop + left]


def _strokes(
    added: Image, dark: Image, expected: Image, about: tuple[Image, Image | None], prepared: PreparedPage
) -> tuple[NDArray[np.int32], StrokeTable]:
    weak = (added >= prepared.weak).astype(np.uint8)
    labels = np.zeros(weak.shape, np.int32)
    if not weak.any():
        return labels, _measured(labels, np.zeros(0, np.int64), 0, added, about, prepared)
    joined = weak | _bridges(weak, dark, expected, prepared)
    count, pieces = cv2.connectedComponents(joined, connectivity=8)
    # From here on only over ink: most of a patch is paper.
    at = np.flatnonzero(joined.view(np.bool_))
    own, value = np.asarray(pieces, np.int32).ravel().take(at), added.ravel().take(at)
    keep = np.bincount(own[value >= prepared.strong], minlength=count) >= prepared.limits.strong_pixels
    keep[0] = False
    strokes = int(keep.sum())
    renumber = np.zeros(count, np.int32)
    renumber[keep] = np.arange(1, strokes + 1, dtype=np.int32)
    own = renumber.take(own)
    at, own, value = at[own > 0], own[own > 0], value[own > 0]
    sharp = _is_sharp(own, value, weak.ravel().take(at) == 0, strokes, prepared.limits)
    at = at[sharp]
    labels.ravel()[at] = own[sharp]
    return labels, _measured(labels, at, strokes, added, about, prepared)


def _bridges(weak: Image, dark: Image, expected: Image, prepared: PreparedPage) -> Image:
    """Where a stroke runs on under print that hides it: dark places of print between two ends of added ink."""
    reach = 2 * round(prepared.limits.bridge_mm * PX_PER_MM / 2) + 1
    closed = cv2.morphologyEx(weak, cv2.MORPH_CLOSE, disc(reach // 2))
    hidden = np.minimum(closed, (np.minimum(expected, dark) >= prepared.weak).astype(np.uint8))
    return as_image(hidden)


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
    count: int,
    added: Image,
    about: tuple[Image, Image | None],
    prepared: PreparedPage,
) -> StrokeTable:
    """``at``: where in the flat picture the strokes are; ``about``: what is beside print, and how red it is."""
    rows, columns = np.divmod(at, labels.shape[1])
    place = labels.ravel().take(at) - 1
    beside = about[0][rows, columns]
    red = np.zeros(len(at)) if about[1] is None else about[1][rows, columns] / prepared.red_floor
    area = np.bincount(place, minlength=count).astype(np.float64)

    def mean(values: NDArray[np.generic]) -> Float64Array:
        sums = np.bincount(place, weights=values.astype(np.float64), minlength=count)
        result: Float64Array = sums / np.maximum(area, 1)
        return result

    distance = cv2.distanceTransform((labels > 0).astype(np.uint8), cv2.DIST_L2, 3)
    width = np.maximum(1.0, 4.0 * (mean(distance[rows, columns]) - 0.5))
    centres = np.stack([mean(columns), mean(rows)], axis=1)
    x, y = columns - centres[place, 0], rows - centres[place, 1]
    major, minor, angle = _axes(mean(x * x), mean(y * y), mean(x * y))
    free_major, free_minor = _free_axes(place, x, y, beside == 0, count)
    value = added.ravel().take(at).astype(np.float64)
    level = mean(value)
    spread = np.sqrt(np.maximum(mean(value * value) - level * level, 0.0))
    boxes = _bounds(place, rows, columns, count)
    height, across = labels.shape
    return StrokeTable(
        pixels=area,
        length=area / width / PX_PER_MM,
        width=width / PX_PER_MM,
        major=major / PX_PER_MM,
        minor=minor / PX_PER_MM,
        free_major=free_major / PX_PER_MM,
        free_minor=free_minor / PX_PER_MM,
        darkness=level + spread,
        boxes=boxes,
        centres=centres,
        angle=angle,
        at_border=(boxes[:, :2] <= 0).any(axis=1) | (boxes[:, 2] >= across) | (boxes[:, 3] >= height),
        beside_print=mean(beside > 0),
        on_red=mean(red >= 1),
        redness=mean(red),
    )


def _free_axes(
    place: NDArray[np.int32], x: Float64Array, y: Float64Array, free: Mask, count: int
) -> tuple[Float64Array, Float64Array]:
    """How far each piece reaches along and across, px, where it is free of print; x and y about its own middle."""
    place, x, y = place[free], x[free], y[free]
    whole = np.maximum(np.bincount(place, minlength=count), 1)

    def mean(values: Float64Array) -> Float64Array:
        result: Float64Array = np.bincount(place, weights=values, minlength=count) / whole
        return result

    middle = mean(x), mean(y)
    across = mean(x * x) - middle[0] ** 2, mean(y * y) - middle[1] ** 2, mean(x * y) - middle[0] * middle[1]
    major, minor, _ = _axes(*across)
    return major, minor


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


def _axes(
    xx: Float64Array, yy: Float64Array, xy: Float64Array
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Reach along and across the main direction, in px, and that direction in radians, x to the right."""
    middle, difference = (xx + yy) / 2, (xx - yy) / 2
    root = np.sqrt(difference * difference + xy * xy)
    major = np.sqrt(12.0 * np.maximum(middle + root, 0.0) + 1.0)
    minor = np.sqrt(12.0 * np.maximum(middle - root, 0.0) + 1.0)
    return major, minor, np.arctan2(2 * xy, xx - yy) / 2
