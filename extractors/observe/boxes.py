"""Check boxes (选项框): ticked, crossed, filled in, struck out with their label, or empty.

A mark counts for the box in whose inside most of it lies: the tail of a tick that runs through the neighbour's
box, some 6 mm away, ticks no neighbour. A mark beside every box is unsure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of, seen_share
from extractors.layers.windows import InkWindow, any_ink, chosen_in, cut
from extractors.model import PX_PER_MM, BoxMark, CheckboxObservation, Mask, Measure, OriginalPage
from extractors.observe.field_readings import FieldReading, OpenField, certainty, observation, unseen
from extractors.observe.strokes import StrokeKinds, classify
from extractors.observe.surrounding_marks import (
    NO_MARK,
    SurroundingMark,
    deep_in,
    is_around,
    is_mark,
    surrounding_mark,
)
from extractors.thresholds import BoxThresholds
from forms.geometry import Box

_GLYPHS = "□☐◻▢"


@dataclass(frozen=True, slots=True)
class BoxInk:
    """What lies in a box: mm of stroke inside, share of the inside covered, mm beside it, mm a neighbour claims
    too, mm of lines passing through; whole length of the marks that end below in or beside it; a mark around it.
    """

    inside: float
    covered: float
    beside: float
    disputed: float
    passing: float
    mark: float
    around: SurroundingMark


def square_of(original: OriginalPage, area: Box) -> Box:
    """The printed square of a check box: its glyph, or where none is printed, the area's own middle square."""
    for glyph in original.glyphs:
        if glyph.text in _GLYPHS and glyph.box.overlap_mm2(area) > 0.5 * glyph.box.width * glyph.box.height:
            return glyph.box
    side, (x, y) = min(area.width, area.height) * 0.85, area.centre
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def observe_box(
    prepared: PageLayers,
    field: OpenField,
    squares: dict[str, Box],
    writing: Sequence[Box],
    limits: BoxThresholds,
) -> CheckboxObservation:
    """What stands in one check box. ``squares``: every box of the page by id; ``writing``: its text areas."""
    reading, mark = read_box(prepared, field, squares, writing, limits)
    return replace(observation(CheckboxObservation, prepared.page, field, reading), mark=mark)


def read_box(
    prepared: PageLayers,
    field: OpenField,
    squares: dict[str, Box],
    writing: Sequence[Box],
    limits: BoxThresholds,
) -> tuple[FieldReading, BoxMark]:
    """The reading of one check box, and how it was marked."""
    square = squares[field.area.id]
    share = seen_share(prepared.page, square)
    if share < limits.seen:
        return unseen(field.label, share, limits.seen), "none"
    near = square.all_round(limits.beside_mm)
    if not any_ink(prepared, near):
        return _reading(field.label, BoxInk(0, 0, 0, 0, 0, 0, NO_MARK), limits), "none"
    window = square.all_round(limits.window_mm).grown(right=max(0.0, limits.label_mm - limits.window_mm) + 1)
    patch = cut(prepared, window)
    others = [box for key, box in squares.items() if key != field.area.id and box.overlap_mm2(window) > 0]
    kinds = classify(patch, prepared.limits)
    owned, disputed = _ownership(patch, square, others, limits)
    seen = _amount(patch, kinds, owned, disputed, square, near, others, writing, limits)
    has_label = not any(box.overlap_mm2(_label(square, limits)) > 0 for box in writing)
    if (
        has_label
        and _reaches_label(patch, owned, square, limits)
        and _struck(prepared, patch, square, limits)
    ):
        return _struck_reading(field.label, seen, limits), "struck"
    reading = _reading(field.label, seen, limits)
    mark = _mark(patch, owned & ~kinds.faint, square, seen, limits) if reading.state == "filled" else "none"
    return reading, mark


def _ownership(
    patch: InkWindow, square: Box, others: Sequence[Box], limits: BoxThresholds
) -> tuple[Mask, Mask]:
    """Which strokes are this box's, and which two boxes could both claim."""
    inset = -limits.inset_mm
    mine = patch.counts_in(square.all_round(inset))
    theirs = np.zeros(len(patch.strokes))
    for other in others:
        theirs = np.maximum(theirs, patch.counts_in(other.all_round(inset)))
    lowest = patch.strokes.boxes[:, 3] + patch.top
    bottom = pixels_of(square)[0].stop
    reach = limits.vertex_mm * PX_PER_MM
    below = lowest > bottom + reach
    mine_weight = np.where(below | (lowest < bottom - 2 * reach), 1.0, limits.vertex_factor)
    rival = theirs * np.where(below, limits.vertex_factor, 1.0) / mine_weight
    owned: Mask = (mine > 0) & (mine > rival * limits.own_factor)
    disputed: Mask = (mine > 0) & ~owned & (mine * limits.own_factor >= rival)
    return owned, disputed


def _amount(
    patch: InkWindow,
    kinds: StrokeKinds,
    owned: Mask,
    disputed: Mask,
    square: Box,
    near: Box,
    others: Sequence[Box],
    writing: Sequence[Box],
    limits: BoxThresholds,
) -> BoxInk:
    inner = square.all_round(-limits.inset_mm)
    inside, share = patch.length_in(inner), patch.share_in(inner)
    real = ~kinds.faint & ~kinds.bits
    passing = owned & real & kinds.line & (share < limits.line_share)
    marks = owned & real & ~passing
    view = chosen_in(patch.labels[patch.pixels(inner)], marks)
    elsewhere = _elsewhere(patch, others, writing, inner, limits)
    loose = kinds.pen & ~owned & ~disputed & ~elsewhere & (patch.strokes.major <= limits.mark_most_mm)
    # A tick's arm may reach into the line to write on that begins beside the box: it is the box's all the same.
    around = surrounding_mark(patch, kinds, (elsewhere & ~owned) | disputed, square, limits)
    return BoxInk(
        inside=float(inside[marks].sum()),
        covered=float(view.mean()) if view.size else 0.0,
        beside=float(patch.length_in(near)[loose].sum()),
        disputed=max(
            float(inside[disputed & real].sum()), _edge_trace(patch, kinds, owned, square, around, limits)
        ),
        passing=float(inside[passing].sum()),
        mark=float(patch.strokes.length[marks & _rooted(patch, square, limits)].sum()),
        around=around,
    )


def _edge_trace(
    patch: InkWindow,
    kinds: StrokeKinds,
    owned: Mask,
    square: Box,
    around: SurroundingMark,
    limits: BoxThresholds,
) -> float:
    """Mm of what passes for the edge of print, but is more than a box's own edge leaves: a tick along its frame.

    It comes far into the box, or only an arm of it leaves the frame; or all of it is much, and reaches beyond.
    """
    strokes = patch.strokes
    more = deep_in(patch, square, limits) & (strokes.major >= limits.arm_mm)  # no speck is so long
    more |= (strokes.free_major >= limits.arm_mm) & (strokes.free_minor >= limits.arm_wide_mm)
    if around.beyond >= limits.edge_beyond_mm:
        more |= patch.counts_in(square) / PX_PER_MM**2 >= limits.edge_mm2
    return float(patch.length_in(square)[owned & kinds.bits & more].sum())


def _elsewhere(
    patch: InkWindow, others: Sequence[Box], writing: Sequence[Box], inner: Box, limits: BoxThresholds
) -> Mask:
    """Strokes that have their place in another field: in another box at all, or well inside a text area."""
    result = np.zeros(len(patch.strokes), dtype=np.bool_)
    for box in others:
        result |= patch.counts_in(box.all_round(-limits.inset_mm)) > 0
    for box in writing:
        if box.overlap_mm2(inner) == 0:
            result |= patch.share_in(box) > 0.25
    return result


def _rooted(patch: InkWindow, square: Box, limits: BoxThresholds) -> Mask:
    """Strokes that end below in this box or just beside it, as a tick made for it does."""
    rows, columns = patch.pixels(square.all_round(limits.vertex_mm))
    low = patch.strokes.boxes[:, 3] - 1
    left, right = patch.strokes.boxes[:, 0], patch.strokes.boxes[:, 2]
    rooted: Mask = (low >= rows.start) & (low < rows.stop) & (left < columns.stop) & (right > columns.start)
    return rooted


def _reading(label: str, seen: BoxInk, limits: BoxThresholds) -> FieldReading:
    measures = (
        Measure("inside", round(seen.inside, 2), limits.filled_mm, "mm"),
        Measure("covered", round(seen.covered, 3), limits.filled_share, ""),
        Measure("beside", round(seen.beside, 2), limits.outside_mm, "mm"),
        Measure("disputed", round(seen.disputed, 2), limits.blank_mm, "mm"),
        Measure("around", round(seen.around.hull, 2), limits.around_hull, ""),
    )
    rooted = seen.mark >= limits.mark_mm and seen.inside >= limits.rooted_mm
    around = is_mark(seen.around, limits)
    if seen.inside >= limits.filled_mm or seen.covered >= limits.filled_share or rooted or around:
        length = max(seen.inside, seen.around.length if around else 0.0)
        sure = certainty(length, limits.blank_mm, limits.filled_mm)
        return FieldReading("filled", max(sure, 0.5 + seen.covered / 2), f"“{label}”前的方框已勾选", measures)
    doubt = _doubt(label, seen, limits)
    if doubt:
        return FieldReading("unsure", 0.5, doubt, measures)
    sure = 1.0 - 0.5 * min(1.0, max(seen.inside / limits.blank_mm, seen.beside / limits.outside_mm))
    return FieldReading("blank", sure, f"“{label}”前的方框是空的", measures)


def _doubt(label: str, seen: BoxInk, limits: BoxThresholds) -> str:
    if seen.inside > limits.blank_mm:
        return f"“{label}”前的方框里只有一点笔迹，不能确定是否勾选"
    if seen.disputed > limits.blank_mm:
        return f"“{label}”的方框上有记号，但贴着框线或也压着相邻的方框，不能确定勾的是不是它"
    if is_around(seen.around, limits):
        return f"“{label}”的方框四周有记号，落笔却离方框较远，不能确定勾的是不是它"
    if seen.passing > limits.blank_mm:
        return f"有一道线穿过“{label}”前的方框，不能确定是否勾选"
    if seen.beside > limits.outside_mm:
        return f"“{label}”的方框旁边有记号，但不在框内，不能确定是否勾选"
    return ""


# -- how a box was marked ----------------------------------------------------------------------------


def _mark(patch: InkWindow, owned: Mask, square: Box, seen: BoxInk, limits: BoxThresholds) -> BoxMark:
    """Filled in, crossed or ticked: by how much is covered, and by whether the mark reaches its lower right."""
    if seen.covered >= limits.fill_share:
        return "fill"
    rows, columns = np.nonzero(chosen_in(patch.labels, owned))
    if not len(rows):
        return "tick"  # around the box, none of it inside
    left, right, top, bottom = columns.min(), columns.max(), rows.min(), rows.max()
    across = (columns - left) / max(right - left, 1)
    down = (rows - top) / max(bottom - top, 1)
    lower_right = bool(((across > 0.72) & (down > 0.72)).any())
    upper_left = bool(((across < 0.28) & (down < 0.28)).any())
    return "cross" if lower_right and upper_left else "tick"


def _struck_reading(label: str, seen: BoxInk, limits: BoxThresholds) -> FieldReading:
    measures = (Measure("inside", round(seen.inside, 2), limits.blank_mm, "mm"),)
    return FieldReading("blank", 0.7, f"“{label}”连同方框被划掉了", measures)


def _reaches_label(patch: InkWindow, owned: Mask, square: Box, limits: BoxThresholds) -> bool:
    """Whether one of the box's own strokes runs on towards the label, under whose print it is not seen."""
    far = pixels_of(square.grown(right=-limits.inset_mm))[1].stop - patch.left
    return bool((patch.strokes.boxes[owned, 2] >= far).any())


def _label(square: Box, limits: BoxThresholds) -> Box:
    """Where a box's label begins; where people write instead (其他), nothing is there to be struck out."""
    return Box(square.x1 + 0.3, square.y0, square.x1 + limits.label_mm, square.y1)


def _struck(prepared: PageLayers, patch: InkWindow, square: Box, limits: BoxThresholds) -> bool:
    """Whether one line runs through the box and on through its label: dark all along, where print has gaps."""
    label = _label(square, limits)
    printed = patch.cropped(prepared.printed.picture)
    rows, columns = patch.pixels(label)
    if columns.stop - columns.start < (limits.label_mm - 1) * PX_PER_MM:
        return False
    # A rule to write on may be printed just below: moved a little up by the scan, it would strike out its own box.
    around = patch.pixels(label.grown(up=limits.rule_mm, down=limits.rule_mm))
    page = prepared.dark[patch.top : patch.top + printed.shape[0], patch.left : patch.left + printed.shape[1]]
    return (
        _darkest_line(page[rows, columns], limits.struck_dark) >= limits.struck_share
        and _darkest_line(printed[around], limits.struck_dark) < limits.struck_printed
    )


def _darkest_line(view: cv2.typing.MatLike, level: float) -> float:
    """The largest share of ink along any nearly level line across a picture, three px thick."""
    ink = cv2.dilate((view >= level).astype(np.uint8), np.ones((3, 1), np.uint8))
    height, width = ink.shape
    rises = np.arange(-(height // 2), height // 2 + 1, 2)
    along = np.round(np.outer(rises, np.arange(width) / max(width - 1, 1))).astype(np.int64)
    rows = np.arange(height)[None, :, None] + along[:, None, :]
    inside = (rows >= 0) & (rows < height)
    dark = ink[np.clip(rows, 0, height - 1), np.arange(width)[None, None, :]] * inside
    whole = inside.mean(axis=2) > 0.9
    return float((dark.sum(axis=2) / np.maximum(inside.sum(axis=2), 1))[whole].max(initial=0.0))
