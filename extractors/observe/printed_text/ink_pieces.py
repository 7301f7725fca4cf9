"""Pieces of added ink: where each stands, how large by its own ink, and which stand together in a row as words do.

Beside print, added ink is the print's own: thin lines that a black-and-white scan made thick. So a piece is as large
as its ink away from print, and rows are gathered of that alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Mask
from extractors.observe.printed_text.joining import REACH, SOME_INK
from extractors.observe.printed_text.print_compare import PrintComparison
from extractors.observe.strokes import raggedness_mm
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box


@dataclass(frozen=True, slots=True)
class InkCluster:
    """Foreign ink that stands together in a row, as words do: how much of it, every pixel widened by one to each side.

    ``ragged_mm``: how far its upper or its lower edge (the worse one) lies off its own course: a line's edges are even.
    ``solid``: the share of its ink that was there before it was widened: dots apart from each other have little.
    """

    box: Box
    ink_mm2: float
    ragged_mm: float
    solid: float


def components(
    picture: NDArray[np.uint8],
) -> tuple[int, NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Connected pieces, neighbours at the corners included: how many, labels, statistics and middles as OpenCV gives
    them, but those of the paper (label 0). OpenCV's own statistics go over all the paper and take four times as long.
    """
    count, labelled = cv2.connectedComponents(picture, connectivity=8)
    labels = np.asarray(labelled, np.int32)
    at = np.flatnonzero(picture != 0)
    own = labels.ravel()[at]
    rows, columns = np.divmod(at, picture.shape[1])
    area = np.bincount(own, minlength=count)
    middles = [
        np.bincount(own, weights=side, minlength=count) / np.maximum(area, 1) for side in (columns, rows)
    ]
    stats = np.concatenate([_bounds(rows, columns, own, count), area[:, None]], axis=1)
    return count, labels, stats.astype(np.int32), np.stack(middles, axis=1)


def _bounds(
    rows: NDArray[np.int64], columns: NDArray[np.int64], labels: NDArray[np.int32], count: int
) -> NDArray[np.int64]:
    """Left, top, width and height around the pixels of each label; the width is none or less where it has none.

    Pixels come row by row, and the last one stays.
    """
    top, bottom, right = (np.zeros(count, np.int64) for _ in range(3))
    left = np.full(count, np.iinfo(np.int32).max, np.int64)
    top[labels[::-1]], bottom[labels] = rows[::-1], rows
    np.minimum.at(left, labels, columns)
    np.maximum.at(right, labels, columns)
    return np.stack([left, top, right - left + 1, bottom - top + 1], axis=1)


def as_bytes(mask: Mask) -> NDArray[np.uint8]:
    """A mask as 0 and 1, without a copy."""
    return mask.view(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class ComponentPixels:
    """The pixels of all components: where in the flat picture, whose, whether they are ink themselves, and whether they
    are ink away from print.
    """

    at: NDArray[np.int64]
    labels: NDArray[np.int32]
    inked: Mask
    clear: Mask
    count: int

    def touching(self, mask: Mask) -> Mask:
        """Which components have a pixel in a mask."""
        return self._any(mask.ravel()[self.at])

    def clear_in(self, mask: Mask) -> Mask:
        """Which components have ink away from print in a mask."""
        return self._any(mask.ravel()[self.at] & self.clear)

    def area_mm2(self, chosen: Mask) -> NDArray[np.float64]:
        """How much of each component is chosen."""
        area: NDArray[np.float64] = np.bincount(self.labels[chosen], minlength=self.count) / PX_PER_MM**2
        return area

    def _any(self, chosen: Mask) -> Mask:
        touched = np.zeros(self.count, np.bool_)
        touched[self.labels[chosen]] = True
        return touched


def beside_print(compared: PrintComparison) -> Mask:
    """Where added ink is the print's own: thin lines that a black-and-white scan made thick."""
    grown = cv2.dilate(as_bytes(compared.printed > SOME_INK), np.ones((5, 5), np.uint8))
    return np.asarray(grown, np.uint8).view(np.bool_)


def boxes_of(pixels: ComponentPixels, around: NDArray[np.int32], width: int) -> NDArray[np.float64]:
    """Left, top, width and height of each component, px, by its ink away from print as far as it has any: along a
    rough frame line a word is joined to whatever else stands there.
    """
    rows, columns = np.divmod(pixels.at[pixels.clear], width)
    own = _bounds(rows, columns, pixels.labels[pixels.clear], pixels.count)
    boxes = around.astype(np.float64)
    has_any = own[:, 2] > 0
    boxes[has_any] = own[has_any] + np.array([-REACH, -REACH, 2 * REACH, 2 * REACH])
    return boxes


def rows_of(
    compared: PrintComparison, pixels: ComponentPixels, choices: tuple[Mask, ...], limits: PrintedThresholds
) -> list[tuple[InkCluster, ...]]:
    """Each choice of components gathered into rows, away from print."""
    if not any(chosen.any() for chosen in choices):
        return [() for _ in choices]
    grain = compared.added_picture > limits.added_level
    result = []
    for chosen in choices:
        words = np.zeros(compared.printed.shape, np.uint8)
        words.ravel()[pixels.at] = chosen[pixels.labels] & pixels.clear
        result.append(tuple(_clusters(words, grain, limits)))
    return result


def _clusters(foreign: NDArray[np.uint8], grain: Mask, limits: PrintedThresholds) -> Iterator[InkCluster]:
    """Foreign ink gathered into rows. ``grain``: the added ink before it was widened."""
    if not foreign.any():
        return
    reach = (round(limits.word_gap_mm * PX_PER_MM) | 1, round(limits.word_gap_mm / 3 * PX_PER_MM) | 1)
    around = _around(foreign, reach)
    y0, x0 = (side.start for side in around)
    foreign, grain = foreign[around], grain[around]
    joined = cv2.dilate(foreign, cv2.getStructuringElement(cv2.MORPH_RECT, reach))
    count, labels, stats, _ = components(np.asarray(joined, np.uint8))
    for label in range(1, count):
        x, y, width, height = stats[label, :4]
        here = slice(y, y + height), slice(x, x + width)
        own = (labels[here] == label) & (foreign[here] > 0)
        left, top = x0 + x + reach[0] // 2, y0 + y + reach[1] // 2
        right, bottom = x0 + x + width - reach[0] // 2, y0 + y + height - reach[1] // 2
        box = Box(*(float(edge / PX_PER_MM) for edge in (left, top, right, bottom)))
        ink = int(np.count_nonzero(own))
        solid = float(np.count_nonzero(own & grain[here])) / ink
        yield InkCluster(box, ink / PX_PER_MM**2, _ragged_mm(own), solid)


def _around(foreign: NDArray[np.uint8], reach: tuple[int, int]) -> tuple[slice, slice]:
    """The part of the page that has any, so many px (across, down) larger."""
    x, y, width, height = cv2.boundingRect(foreign)
    return (
        slice(max(0, y - reach[1]), y + height + reach[1]),
        slice(max(0, x - reach[0]), x + width + reach[0]),
    )


def _ragged_mm(ink: Mask) -> float:
    """Of the upper and the lower edge the worse one, where there is ink at all."""
    there = ink.any(axis=0)
    upper = np.argmax(ink, axis=0)[there]
    lower = np.argmax(ink[::-1], axis=0)[there]
    if len(upper) < 3:
        return 0.0
    return max(raggedness_mm(edge.astype(np.float64)) for edge in (upper, lower))
