"""Text fields (文字): written by hand or typed, or left blank.

Counted is the length of strokes of added ink that lie in the area. A lone straight stroke may be “一”, “无”'s
beginning, or a slip of the pen: that is unsure. Dust, a fold, a stray line, what shows through from the back
and what hangs over from a neighbour are measured but fill nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import seen_share
from extractors.layers.windows import InkWindow, any_ink, cut
from extractors.model import Mask, Measure, TextObservation
from extractors.observe.field_readings import FieldReading, OpenField, certainty, observation, unseen
from extractors.observe.strokes import StrokeKinds, classify, is_joined, place_of, windings
from extractors.thresholds import InkThresholds, TextThresholds
from forms.geometry import Box


@dataclass(frozen=True, slots=True)
class TextInk:
    """How much is written in an area: stroke lengths in mm, number of strokes, the most winding one; of all but specks
    the length and how far they reach together. ``blot``: how far the largest dark blot reaches. ``joined``: small
    characters run together, and no line.
    """

    pen: float
    overhang: float
    faint: float
    strokes: int
    winding: float
    main: float
    width: float
    height: float
    blot: float
    joined: bool


def observe_text(prepared: PageLayers, field: OpenField, limits: TextThresholds) -> TextObservation:
    """What stands in one text area."""
    return observation(TextObservation, prepared.page, field, read_text(prepared, field, limits))


def read_text(prepared: PageLayers, field: OpenField, limits: TextThresholds) -> FieldReading:
    """The reading of one text area."""
    share = seen_share(prepared.page, field.box)
    if share < limits.seen:
        return unseen(field.label, share, limits.seen)
    if not any_ink(prepared, field.box):
        empty = TextInk(0, 0, 0, 0, 0, 0, 0, 0, 0, joined=False)
        return _reading(field.label, empty, limits)
    margin = limits.margin_mm
    patch = cut(prepared, field.box.all_round(margin))
    seen = amount(patch, classify(patch, prepared.limits), field.box, limits, prepared.limits)
    return _reading(field.label, seen, limits)


def amount(
    patch: InkWindow, kinds: StrokeKinds, box: Box, limits: TextThresholds, ink: InkThresholds
) -> TextInk:
    """How much of the patch's ink stands in the box; a stroke mostly elsewhere only hangs over."""
    grown = box.all_round(limits.reach_mm)
    share, length = patch.share_in(grown), patch.length_in(grown)
    home = share >= limits.home
    chosen: Mask = kinds.pen & home
    pen = float(length[chosen].sum())
    # A speck at the other end of the area would make writing as long as it reaches: a line.
    main: Mask = chosen & (length >= limits.speck_share * pen)
    main = main if main.any() else chosen
    place = place_of(patch, main)
    blots = kinds.blob & home & (patch.strokes.darkness >= limits.blot_level)
    seen = TextInk(
        pen=pen,
        overhang=float(length[kinds.pen & ~home].sum()),
        faint=float(length[kinds.faint & home].sum()),
        strokes=int(chosen.sum()),
        winding=float(np.max(windings(patch.strokes)[chosen], initial=0.0)),
        main=float(length[main].sum()),
        width=place.width if place else 0.0,
        height=place.height if place else 0.0,
        blot=float(np.max(patch.strokes.major[blots], initial=0.0)),
        joined=False,
    )
    return replace(seen, joined=is_joined(patch, main, ink)) if _is_straight(seen, limits) else seen


def _reading(label: str, seen: TextInk, limits: TextThresholds) -> FieldReading:
    measures = (
        Measure("pen", round(seen.pen, 1), limits.filled_mm, "mm"),
        Measure("overhang", round(seen.overhang, 1), limits.overhang_mm, "mm"),
        Measure("faint", round(seen.faint, 1), limits.filled_mm, "mm"),
    )
    written = seen.joined or not _is_straight(seen, limits)
    is_long = seen.pen >= limits.filled_mm and written and max(seen.width, seen.height) >= limits.extent_mm
    if is_long or _is_character(seen, limits):
        sure = certainty(seen.pen, limits.blank_mm, limits.filled_mm)
        return FieldReading(
            "filled", sure, f"“{label}”处有填写的笔迹（笔画共约{seen.pen:.0f}毫米）", measures
        )
    doubt = _doubt(label, seen, limits)
    if doubt:
        return FieldReading("unsure", 0.5, doubt, measures)
    worst = max(seen.pen / limits.blank_mm, seen.faint / limits.filled_mm, seen.overhang / limits.overhang_mm)
    return FieldReading("blank", 1.0 - 0.5 * min(worst, 1.0), f"“{label}”处没有填写", measures)


def _is_character(seen: TextInk, limits: TextThresholds) -> bool:
    """Whether what there is holds a winding stroke and is as high and wide as one character, as 无."""
    high_and_wide = min(seen.width, seen.height) >= limits.character_extent_mm
    return seen.pen >= limits.character_mm and seen.winding >= limits.winding and high_and_wide


def _is_straight(seen: TextInk, limits: TextThresholds) -> bool:
    """Whether nothing but how ragged it is tells it from a line."""
    return (seen.strokes < 2 and seen.winding < limits.winding) or _is_line(seen, limits)


def _is_line(seen: TextInk, limits: TextThresholds) -> bool:
    """Whether all there is may be one line, in pieces where it crosses print: no longer than it reaches."""
    return seen.main < limits.line * math.hypot(seen.width, seen.height)


def _doubt(label: str, seen: TextInk, limits: TextThresholds) -> str:
    if seen.pen > limits.blank_mm:
        if seen.pen >= limits.filled_mm and _is_line(seen, limits):
            return f"“{label}”处只有一条线（约{seen.pen:.0f}毫米），不能确定是否算填写"
        if seen.strokes == 1:
            return f"“{label}”处只有一笔（约{seen.pen:.0f}毫米），不能确定是否算填写"
        return f"“{label}”处的笔迹太少（约{seen.pen:.1f}毫米），不能确定是否算填写"
    if seen.blot >= limits.blot_mm:
        return f"“{label}”处有一团墨迹（约{seen.blot:.0f}毫米），不能确定是糊在一起的字还是污迹"
    if seen.faint > limits.filled_mm:
        return f"“{label}”处只有极淡的痕迹，不能确定是铅笔字还是背面透过来的"
    if seen.overhang > limits.overhang_mm:
        return f"“{label}”处的笔迹大部分在格外，不能确定是否填在这里"
    return ""
