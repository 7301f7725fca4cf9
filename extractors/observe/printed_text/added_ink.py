"""Ink that was not printed, sorted into what people may leave on a form and what they may not.

Allowed (called innocent below): writing in an open field and what runs over from it, ticks, seals and received stamps
(large, ring or frame), punch holes, staples, folds, streaks, pencil. What is left is *foreign*: a word between
the lines, a stroke in a number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.text_lines import rectangles
from extractors.model import PX_PER_MM, Float32Array, Mask, RegisteredPage
from extractors.observe.printed_text.ink_pieces import (
    ComponentPixels,
    InkCluster,
    as_bytes,
    beside_print,
    boxes_of,
    components,
    rows_of,
)
from extractors.observe.printed_text.joining import join
from extractors.observe.printed_text.print_compare import PrintComparison
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box
from forms.page_mark import mark_boxes

_LETTERS_MM = 5.0  # below a page mark stand its readable letters
_BORDER_MM = 4.0
_CHARACTER_MM = 0.8  # ink that another character leaves stays so near to the first one's box
_PAPER = 200  # grey level of the original below which it is printed


@dataclass(frozen=True, slots=True, eq=False)
class AddedInk:
    """``foreign``: the added picture without what is innocent. ``covered``: where a stamp or writing lies over
    the page. ``pale``: the clusters, with what would be foreign too if it were darker. ``stamps``: around what is as
    large as a seal, mm.
    """

    foreign: Float32Array
    covered: Mask
    clusters: tuple[InkCluster, ...]
    pale: tuple[InkCluster, ...]
    stamps: tuple[Box, ...]


def classify_ink(layers: PageLayers, compared: PrintComparison, thresholds: PrintedThresholds) -> AddedInk:
    """Sort a page's added ink."""
    page, added = layers.page, compared.added_picture
    grain = cv2.dilate(as_bytes(added > thresholds.added_level), np.ones((3, 3), np.uint8))
    ink = np.asarray(grain, np.uint8)
    joined = join(ink, layers.beside_rules, thresholds)
    count, labelled, stats, centres = components(joined)
    # From here on only pixels of components are looked at: mostly a few in a hundred.
    at = np.flatnonzero(joined.view(np.bool_))
    labels, inked = labelled.ravel()[at], ink.ravel()[at] > 0
    pixels = ComponentPixels(at, labels, inked, inked & ~beside_print(compared).ravel()[at], count)
    boxes = boxes_of(pixels, stats[:, :4], joined.shape[1]) / PX_PER_MM
    innocent = _reaching(pixels, open_zone(page, *_ZONE_TOUCH), thresholds)
    innocent |= _near(page, boxes, centres, thresholds)
    large = (boxes[:, 2] > thresholds.stamp_mm) & (boxes[:, 3] > thresholds.stamp_mm)
    large[0] = False
    # A shadow along the paper's edge may reach around the whole page: what stands inside is not excused by it.
    stamps = large & (boxes[:, 2:].max(axis=1) <= thresholds.stamp_most_mm)
    innocent |= large | _within(boxes, np.concatenate([boxes[stamps], _slices(page, boxes, thresholds)]))
    innocent |= _streaks(boxes, thresholds) | _holes(ink, boxes, pixels, thresholds)
    innocent |= pixels.touching(_ignored(page))
    innocent[0] = True
    darkest = _darkest(compared, pixels)
    dust = pixels.area_mm2(inked) < thresholds.speck_mm2
    pale = ~innocent & ~dust & (darkest < thresholds.faint_level) & (darkest >= thresholds.pale_level)
    innocent |= dust | (darkest < thresholds.faint_level)
    allowed = innocent[labels]
    foreign, covered = np.zeros_like(added), np.zeros(added.shape, np.bool_)
    foreign.ravel()[at] = np.where(allowed, 0, added.ravel()[at])
    covered.ravel()[at] = allowed & inked
    # Nothing is pale in black and white.
    with_pale = pale | ~innocent if pale.any() and not page.bitonal else np.zeros_like(pale)
    clusters, pale_clusters = rows_of(compared, pixels, (~innocent, with_pale), thresholds)
    return AddedInk(
        foreign=foreign,
        covered=covered,
        clusters=clusters,
        pale=pale_clusters,
        stamps=tuple(Box(x, y, x + width, y + height) for x, y, width, height in boxes[stamps].tolist()),
    )


def _reaching(pixels: ComponentPixels, zone: Mask, limits: PrintedThresholds) -> Mask:
    """Writing that reaches into an open area. What does so by the print's own edges only, as words beside a rough frame
    line, reaches nowhere.
    """
    little = pixels.area_mm2(pixels.clear) < limits.speck_mm2
    return np.asarray(pixels.clear_in(zone) | (pixels.touching(zone) & little))


_ZONE_TOUCH = (0.8, 0.8)


def open_zone(page: RegisteredPage, beside_mm: float = 0.0, above_mm: float = 0.0) -> Mask:
    """The open areas, grown: what is written there may run on into the print beside it."""
    zone = np.zeros(page.grey.shape, np.bool_)
    for area in page.original.areas:
        if area.is_open:
            _fill(zone, area.box.grown(left=beside_mm, right=beside_mm, up=above_mm, down=above_mm))
    return zone


def _fill(mask: Mask, box: Box) -> None:
    mask[pixels_of(box)] = True


def _near(
    page: RegisteredPage, boxes: NDArray[np.float64], centres: NDArray[np.float64], limits: PrintedThresholds
) -> Mask:
    """Writing that runs over from an open field: small pieces, not far from it, with no line of their own.

    What stays within one printed character has run over from nowhere: the character may be another.
    """
    zone = open_zone(page, limits.overflow_mm, limits.overflow_mm / 2)
    rows, columns = np.round(centres[:, ::-1]).astype(np.int64).T
    height, width = zone.shape
    near = zone[np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)]
    near &= boxes[:, 2] < limits.overflow_piece_mm
    return np.asarray(near & ~_within_characters(page, boxes, near))


def _within_characters(page: RegisteredPage, boxes: NDArray[np.float64], which: Mask) -> Mask:
    """Which of these components lie within one printed character each."""
    printed = rectangles(page.original) / PX_PER_MM + np.array([-1, -1, 1, 1]) * _CHARACTER_MM
    found = np.zeros(len(boxes), np.bool_)
    for index in np.flatnonzero(which):
        x, y, width, height = boxes[index]
        inside = (printed[:, 0] <= x) & (printed[:, 1] <= y)
        inside &= (printed[:, 2] >= x + width) & (printed[:, 3] >= y + height)
        found[index] = bool(inside.any())
    return found


def _within(boxes: NDArray[np.float64], stamps: NDArray[np.float64]) -> Mask:
    """Components inside a stamp's rectangle."""
    inside = np.zeros(len(boxes), np.bool_)
    middle = boxes[:, :2] + boxes[:, 2:] / 2
    for x, y, width, height in stamps:
        inside |= np.all((middle >= (x, y)) & (middle <= (x + width, y + height)), axis=1)
    return inside


def _slices(
    page: RegisteredPage, boxes: NDArray[np.float64], limits: PrintedThresholds
) -> NDArray[np.float64]:
    """Around what is left of a seal across the paper's left or right edge (骑缝章): pieces from the edge on, near each
    other, together as high as a seal, where nothing is printed.
    """
    corners = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    width, reach = page.original.width_mm, _BORDER_MM + limits.slice_gap_mm
    inside = (corners[:, 2] > _BORDER_MM) & (corners[:, 0] < width - _BORDER_MM)
    corners = corners[inside & (boxes[:, 2:].max(axis=1) <= limits.stamp_most_mm)]
    edges = corners[:, 0] < reach, corners[:, 2] > width - reach
    found = [_gathered(corners, at_edge, limits.slice_gap_mm) for at_edge in edges]
    return np.array(
        [
            (x0, y0, x1 - x0, y1 - y0)
            for x0, y0, x1, y1 in chain.from_iterable(found)
            if limits.stamp_mm < y1 - y0 <= limits.stamp_most_mm
            and x1 - x0 > limits.slice_mm
            and not _is_printed(page, Box(x0, y0, x1, y1))
        ]
    ).reshape(-1, 4)


def _gathered(
    corners: NDArray[np.float64], first: Mask, gap_mm: float
) -> Iterator[tuple[float, float, float, float]]:
    """The rectangles (left, top, right, bottom) around pieces that stand together, gathered from the first ones on."""
    left = np.ones(len(corners), np.bool_)
    for start in np.flatnonzero(first):
        if not left[start]:
            continue
        around, before = corners[start], 0
        while True:
            near = np.all(corners[:, :2] <= around[2:] + gap_mm, axis=1)
            near &= np.all(corners[:, 2:] >= around[:2] - gap_mm, axis=1)
            if (count := int(near.sum())) == before:
                break
            before = count
            low, high = corners[near, :2].min(axis=0), corners[near, 2:].max(axis=0)
            around = np.concatenate([low, high])
        left[near] = False
        yield tuple(around.tolist())


def _is_printed(page: RegisteredPage, box: Box) -> bool:
    """Whether the original has print there."""
    return bool((page.original.grey[pixels_of(box)] < _PAPER).any())


def _streaks(boxes: NDArray[np.float64], limits: PrintedThresholds) -> Mask:
    """Folds, a scanner's streaks, edges of paper: very long, hardly any width."""
    long, short = boxes[:, 2:].max(axis=1), boxes[:, 2:].min(axis=1)
    return np.asarray((long > limits.streak_mm) & (short < 0.15 * long))


def _holes(
    ink: NDArray[np.uint8], boxes: NDArray[np.float64], pixels: ComponentPixels, limits: PrintedThresholds
) -> Mask:
    """Punch holes: round, filled with ink (a character of that size is not), some mm wide; with a fleck beside it or
    without.
    """
    sides = boxes[:, 2:]
    area = pixels.area_mm2(pixels.inked)
    candidate = (sides.min(axis=1) > limits.hole_min_mm) & (sides.max(axis=1) < 2 * limits.hole_max_mm)
    candidate &= area > limits.hole_full * limits.hole_min_mm**2
    found = np.zeros(pixels.count, np.bool_)
    for index in np.flatnonzero(candidate):
        core = _core(ink[pixels_of(Box(*boxes[index, :2], *(boxes[index, :2] + sides[index])))], limits)
        size = np.array(core.shape[::-1]) / PX_PER_MM
        fits = bool(np.all((size > limits.hole_min_mm) & (size < limits.hole_max_mm)))
        full = core.sum() / PX_PER_MM**2
        found[index] = (
            fits and full > limits.hole_full * size.prod() and full > limits.hole_whole * area[index]
        )
    return found


def _core(ink: NDArray[np.uint8], limits: PrintedThresholds) -> NDArray[np.uint8]:
    """What stays of ink where half a hole's width fits in, cut to its bounds."""
    reach = round(limits.hole_min_mm / 2 * PX_PER_MM)
    core = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    rows, columns = np.nonzero(core)
    if not len(rows):
        return np.zeros((0, 0), np.uint8)
    return np.asarray(core[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1], np.uint8)


def _darkest(compared: PrintComparison, pixels: ComponentPixels) -> Float32Array:
    """How dark each component is at its darkest: pencil, bleed-through and smudges are much lighter than print."""
    darkest = np.zeros(pixels.count, np.float32)
    places = pixels.at[pixels.inked]
    np.maximum.at(darkest, pixels.labels[pixels.inked], compared.found.ravel()[places])
    return darkest


def mark_zone(mark: Box) -> Box:
    """A page mark and its readable letters, with what surrounds them; mm."""
    return mark.grown(left=8, right=8, up=2, down=_LETTERS_MM)


def _ignored(page: RegisteredPage) -> Mask:
    """Page marks and their letters, the paper's very edge, and the surroundings of what cannot be seen."""
    if page.seen.all():
        ignored = np.zeros(page.seen.shape, np.bool_)
    else:
        ignored = np.asarray(cv2.dilate(as_bytes(~page.seen), np.ones((13, 13), np.uint8)) > 0)
    for box in mark_boxes(page.original.width_mm, page.original.height_mm):
        _fill(ignored, mark_zone(box))
    border = round(_BORDER_MM * PX_PER_MM)
    ignored[:border], ignored[-border:] = True, True
    ignored[:, :border], ignored[:, -border:] = True, True
    return ignored
