"""Check boxes (选项框): what lies in and about each, measured; and how it was marked.

A mark is its box's in whose inside most of it lies: the tail of a tick that runs through the neighbour's box, some
6 mm away, ticks no neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.windows import InkWindow, any_ink, chosen_in, cut, red_in
from extractors.model import PX_PER_MM, BoxEvidence, BoxMark, Mask, OriginalPage
from extractors.observe.strokes import StrokeKinds, classify
from extractors.observe.surrounding_marks import SurroundingMark, deep_in, surrounding_mark
from extractors.observe.text import weighted
from extractors.thresholds import BoxThresholds
from forms.geometry import Box

_GLYPHS = "□☐◻▢"


@dataclass(frozen=True, slots=True)
class MeasuredBox:
    """What was measured of a check box, and how it is marked if it is."""

    evidence: BoxEvidence
    mark: BoxMark


def square_of(original: OriginalPage, area: Box) -> Box:
    """The printed square of a check box: its glyph, or where none is printed, the area's own middle square."""
    for glyph in original.glyphs:
        if glyph.text in _GLYPHS and glyph.box.overlap_mm2(area) > 0.5 * glyph.box.width * glyph.box.height:
            return glyph.box
    side, (x, y) = min(area.width, area.height) * 0.85, area.centre
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)


def measure_box(
    prepared: PageLayers,
    key: str,
    squares: dict[str, Box],
    writing: Sequence[Box],
    sealed: Mask | None,
    limits: BoxThresholds,
) -> MeasuredBox:
    """What lies in and about one check box. ``squares``: every box of the page by id, ``key`` this one's; ``writing``:
    the page's text areas; ``sealed``: where red seals lie.
    """
    square = squares[key]
    red = red_in(prepared, square, sealed)
    if not any_ink(prepared, square.all_round(limits.beside_mm)):
        none = dict.fromkeys(BoxEvidence.names(), 0.0)
        return MeasuredBox(BoxEvidence(**{**none, "red": red}), "none")
    window = square.all_round(limits.window_mm).grown(right=max(0.0, limits.label_mm - limits.window_mm) + 1)
    patch = cut(prepared, window)
    others = [box for name, box in squares.items() if name != key and box.overlap_mm2(window) > 0]
    kinds = classify(patch, prepared.limits)
    owned, disputed = _ownership(patch, square, others, limits)
    evidence = _evidence(patch, kinds, owned, disputed, square, others, writing, red, limits)
    has_label = not any(box.overlap_mm2(_label(square, limits)) > 0 for box in writing)
    if (
        has_label
        and _reaches_label(patch, owned, square, limits)
        and _struck(prepared, patch, square, limits)
    ):
        return MeasuredBox(evidence, "struck")
    return MeasuredBox(evidence, _mark(patch, owned & ~kinds.faint, evidence.share, limits))


def _evidence(
    patch: InkWindow,
    kinds: StrokeKinds,
    owned: Mask,
    disputed: Mask,
    square: Box,
    others: Sequence[Box],
    writing: Sequence[Box],
    red: float,
    limits: BoxThresholds,
) -> BoxEvidence:
    inner = square.all_round(-limits.inset_mm)
    inside, share = patch.length_in(inner), patch.share_in(inner)
    real = ~kinds.faint & ~kinds.bits
    passing = owned & real & kinds.line & (share < limits.line_share)
    marks = owned & real & ~passing
    labels = patch.labels[patch.pixels(inner)]
    covered = chosen_in(labels, marks)
    elsewhere = _elsewhere(patch, others, writing, inner, limits)
    loose = kinds.pen & ~owned & ~disputed & ~elsewhere & (patch.strokes.major <= limits.mark_most_mm)
    # A tick's arm may reach into the line to write on that begins beside the box: it is the box's all the same.
    around = surrounding_mark(patch, kinds, (elsewhere & ~owned) | disputed, square, limits)
    return BoxEvidence(
        inside=float(inside[marks].sum()),
        share=float(covered.mean()) if covered.size else 0.0,
        mark=float(patch.strokes.length[marks & _rooted(patch, square, limits)].sum()),
        beside=float(patch.length_in(square.all_round(limits.beside_mm))[loose].sum()),
        disputed=float(inside[disputed & real].sum()),
        edge=_edge_trace(patch, kinds, owned, square, around, limits),
        passing=float(inside[passing].sum()),
        around=around.length,
        hull=around.hull,
        below=around.below,
        faint=float(inside[owned & kinds.faint].sum()),
        any=float((labels > 0).sum()) / PX_PER_MM**2,
        darkness=weighted(patch.strokes.darkness, inside * marks),
        red=red,
    )


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


# -- how a box was marked ----------------------------------------------------------------------------


def _mark(patch: InkWindow, owned: Mask, covered: float, limits: BoxThresholds) -> BoxMark:
    """Filled in, crossed or ticked: by how much is covered, and by whether the mark reaches its lower right."""
    if covered >= limits.fill_share:
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
