"""Dates (日期): the slots before the printed 年, 月 and 日, each filled or blank; or a free line or cell.

A date may also be written across as one string (2026.3.5). Red ink of a seal that presses the date (骑年盖月) is
no date and hides none. Where the scan took the seal's colour and its strokes cannot be distinguished from a pen's, the
slot is unsure and not visible. OCR, if there is any, may say what the date is; it decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of, seen_share
from extractors.layers.windows import InkWindow, chosen_in, cut
from extractors.model import (
    PX_PER_MM,
    DateObservation,
    FieldState,
    Glyph,
    LineReader,
    Mask,
    Measure,
    OriginalPage,
)
from extractors.observe.field_readings import FieldReading, OpenField, observation, unseen
from extractors.observe.seals.found import RIM_MM, ZONE_MM
from extractors.observe.seals.seal_overlap import SealOverlap
from extractors.observe.specks import crowd
from extractors.observe.strokes import StrokeKinds, classify
from extractors.observe.text import read_text
from extractors.thresholds import DateThresholds, InkThresholds, TextThresholds
from forms.geometry import Box

_PRINTED = ("年", "月", "日")
_RIM_SHARE = 0.9
_WRITTEN = re.compile(r"(20\d\d)[年.\-/](\d{1,2})[月.\-/](\d{1,2})(?!\d)")


@dataclass(frozen=True, slots=True)
class DateSlot:
    """One of the three: what stands in it, mm of stroke, its height in mm, and whether it could be seen. ``out``: the
    mm² of ink that continue from a seal's rim, where the state rests on that.
    """

    state: FieldState
    length: float
    height: float
    visible: bool
    out: float | None = None


def printed_marks(original: OriginalPage, area: Box) -> tuple[Glyph, ...]:
    """The printed 年, 月 and 日 of a date area, left to right; empty where the three are not there."""
    inside = [
        glyph
        for glyph in original.glyphs
        if glyph.text in _PRINTED
        and area.x0 <= glyph.box.centre[0] <= area.x1 + 2
        and area.y0 <= glyph.box.centre[1] <= area.y1
    ]
    inside.sort(key=lambda glyph: glyph.box.x0)
    return tuple(inside) if tuple(glyph.text for glyph in inside) == _PRINTED else ()


def observe_date(
    prepared: PageLayers,
    field: OpenField,
    overlap: SealOverlap | None,
    limits: tuple[DateThresholds, TextThresholds],
    reader: LineReader | None,
) -> DateObservation:
    """What stands in one date area. ``pressed``: by a seal whose colour the scan took; in black and white its strokes
    cannot be distinguished from a pen's there.
    """
    dates, text = limits
    marks = printed_marks(prepared.page.original, field.box)
    slots: tuple[FieldState, ...] = ()
    if not marks:
        reading = read_text(prepared, field, text)
    else:
        reading, slots = read_slots(prepared, field, marks, overlap, dates)
        if prepared.page.bitonal and slots == ("blank",) * 3:
            reading = _dotted(prepared, field, reading, dates)
    value = _read(prepared, field, reader, dates) if reading.state == "filled" and reader else None
    return replace(observation(DateObservation, prepared.page, field, reading), slots=slots, value=value)


def read_slots(
    prepared: PageLayers,
    field: OpenField,
    marks: Sequence[Glyph],
    overlap: SealOverlap | None,
    limits: DateThresholds,
) -> tuple[FieldReading, tuple[FieldState, ...]]:
    """The reading of a date with three printed slots, and each slot's state."""
    share = seen_share(prepared.page, field.box)
    if share < limits.seen:
        return unseen(field.label, share, limits.seen), ("unsure",) * 3
    area = field.box.grown(left=limits.left_mm)
    patch = cut(prepared, area.grown(left=2, right=5, up=limits.window_mm, down=limits.window_mm))
    kinds = classify(patch, prepared.limits)
    written = _written(patch, kinds, area, limits)
    under = overlap.under if overlap else None
    if overlap is not None:
        written &= ~_of_rim(patch, overlap, prepared.page.bitonal)
    boxes = slot_boxes(area, marks, limits)
    doubtful = _in_shade(patch, kinds, limits) | _reddish(patch, prepared.limits, limits)
    slots = [
        _slot(patch, written, box, under, prepared.page.bitonal, filled, limits)
        for box, filled in zip(boxes, _filled_from(limits), strict=True)
    ]
    if overlap is not None:
        slots = [_out_of_rim(slot, box, overlap, limits) for slot, box in zip(slots, boxes, strict=True)]
    is_dated = any(slot.state == "filled" for slot in slots)
    for at, (slot, box) in enumerate(zip(slots, boxes, strict=True)):
        view = patch.pixels(box)
        broken = is_dated and _is_broken(patch.labels[view], limits)
        if slot.state == "blank" and (broken or _any_ink(doubtful[view], limits)):
            slots[at] = replace(slot, state="unsure")
    return _joined(field.label, slots, _over_print(patch, written, marks), limits)


def _dotted(
    prepared: PageLayers, field: OpenField, blank: FieldReading, limits: DateThresholds
) -> FieldReading:
    """Blank, unless many more specks lie there than elsewhere on the page: a pale pen that the threshold lost."""
    found = crowd(prepared, field.box, limits.specks, limits.specks_times)
    if found is None:
        return blank
    reason = f"“{field.label}”处只有一些细点，可能是扫描时没有扫清的字迹，不能确定"
    return FieldReading("unsure", 0.5, reason, (*blank.measures, found))


def slot_boxes(area: Box, marks: Sequence[Glyph], limits: DateThresholds) -> list[Box]:
    """Where year, month and day are written, mm: between the printed characters."""
    lefts = [area.x0, marks[0].box.x1, marks[1].box.x1]
    grow = limits.grow_mm
    return [
        Box(left, area.y0 - grow, mark.box.x0, area.y1 + grow)
        for left, mark in zip(lefts, marks, strict=True)
    ]


def _filled_from(limits: DateThresholds) -> tuple[float, float, float]:
    """The stroke length, mm, from which year, month and day are filled."""
    return limits.year_mm, limits.filled_mm, limits.filled_mm


def _written(patch: InkWindow, kinds: StrokeKinds, area: Box, limits: DateThresholds) -> Mask:
    """Strokes that have their place in the date: not a fold, nor what hangs over from a signature."""
    grown = area.grown(up=limits.grow_mm, down=limits.grow_mm, right=4)
    written: Mask = kinds.pen & (patch.share_in(grown) >= limits.home)
    return written


def _of_rim(patch: InkWindow, overlap: SealOverlap, bitonal: bool) -> Mask:
    """Strokes all but within a seal's rim, or in black and white within a seal: of a digit across it something stands
    out.
    """
    own = _covered(patch.cropped(overlap.under)) if bitonal else patch.cropped(overlap.edge)
    mask: Mask = patch.share_of(own) > _RIM_SHARE
    return mask


def _covered(under: Mask) -> Mask:
    """Where seals lie, to the outer edge of a rim that was fitted too small."""
    reach = 2 * round((RIM_MM - ZONE_MM) * PX_PER_MM) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return np.asarray(cv2.dilate(under.astype(np.uint8), kernel) > 0)


def _in_shade(patch: InkWindow, kinds: StrokeKinds, limits: DateThresholds) -> Mask:
    """What is much darker than the shadow or smudge it is one piece with: writing may lie there."""
    of_blobs = chosen_in(patch.labels, kinds.blob)
    level = np.concatenate([[0.0], patch.strokes.darkness])[patch.labels]
    dark: Mask = of_blobs & (patch.added > level + limits.shaded)
    return dark


def _reddish(patch: InkWindow, ink: InkThresholds, limits: DateThresholds) -> Mask:
    """What seems left of a seal's red, and is as dark and as high as a digit that a seal's rim runs through."""
    strokes = patch.strokes
    found = (strokes.redness >= ink.reddish) & (strokes.on_red < ink.on_red)
    found &= (strokes.darkness >= limits.remnant) & (strokes.major >= limits.height_mm)
    return chosen_in(patch.labels, found)


def _is_broken(labels: NDArray[np.int32], limits: DateThresholds) -> bool:
    """Whether specks stand as high as a digit in a slot: a threshold broke a thin pen, or the red of a seal's rim that
    was taken away parts it.
    """
    pieces = len(np.unique(labels[labels > 0]))
    return pieces >= limits.broken and _height_mm(labels > 0) >= limits.height_mm


def _height_mm(inked: Mask) -> float:
    rows = np.flatnonzero(inked.any(axis=1))
    return float(rows[-1] - rows[0] + 1) / PX_PER_MM if len(rows) else 0.0


def _slot(
    patch: InkWindow,
    written: Mask,
    box: Box,
    under: Mask | None,
    bitonal: bool,
    filled_mm: float,
    limits: DateThresholds,
) -> DateSlot:
    rows, columns = patch.pixels(box)
    view = chosen_in(patch.labels[rows, columns], written)
    length = float(patch.length_in(box)[written].sum())
    height = _height_mm(view)
    covered = float(under[pixels_of(box)].mean()) if under is not None else 0.0
    if under is not None and _is_filled_beside(patch, written, box, under, filled_mm, limits):
        return DateSlot("filled", length, height, True)
    if under is not None and bitonal and covered > limits.murky_share:
        return _murky_slot(patch.labels[rows, columns] > 0, view, under[pixels_of(box)], length, limits)
    # In black and white the rim of a seal that only touches the slot is no digit; in grey its ink was taken away.
    sure = length * _beside(view, under[pixels_of(box)]) if under is not None and bitonal else length
    if sure >= filled_mm and height >= limits.height_mm:
        return DateSlot("filled", length, height, True)
    if covered > limits.touched_share and (not bitonal or _any_ink(patch.labels[rows, columns] > 0, limits)):
        # Digits that run into the seal's rim count as its strokes, and pale ones go when its ink is taken away.
        return DateSlot("unsure", length, height, False)
    return DateSlot("blank" if length <= limits.blank_mm else "unsure", length, height, True)


def _is_filled_beside(
    patch: InkWindow, written: Mask, box: Box, under: Mask, filled_mm: float, limits: DateThresholds
) -> bool:
    """Whether strokes that lie all but beside the seal, not across its rim, fill the slot by themselves."""
    beside = written & (patch.share_of(patch.cropped(under)) < 1 - _RIM_SHARE)
    inked = chosen_in(patch.labels[patch.pixels(box)], beside)
    length = float(patch.length_in(box)[beside].sum())
    return length >= filled_mm and _height_mm(inked) >= limits.height_mm


def _out_of_rim(slot: DateSlot, box: Box, overlap: SealOverlap, limits: DateThresholds) -> DateSlot:
    """A slot that a seal hides, unless what comes out of the seal's rim there is the end of a digit."""
    if slot.visible:
        return slot
    out = float(overlap.out[pixels_of(box)].sum()) / PX_PER_MM**2
    return replace(slot, state="filled", visible=True, out=out) if out >= limits.out_mm2 else slot


def _beside(inked: Mask, murky: Mask) -> float:
    """The share of a slot's ink that lies beside a seal."""
    rows, columns = min(inked.shape[0], murky.shape[0]), min(inked.shape[1], murky.shape[1])
    ink = inked[:rows, :columns]
    return float((ink & ~murky[:rows, :columns]).sum()) / max(int(ink.sum()), 1)


def _murky_slot(inked: Mask, written: Mask, murky: Mask, length: float, limits: DateThresholds) -> DateSlot:
    """A slot under a seal without colour: filled only by writing beside the seal; blank when there is no ink at all.

    ``written``: the ink that is no line or arc, as the seal's own rim is where it stands a little off its outline.
    """
    if float(written.sum()) * _beside(written, murky) >= limits.clear_pixels:
        return DateSlot("filled", length, 0.0, True)
    return (
        DateSlot("unsure", length, 0.0, False)
        if _any_ink(inked, limits)
        else DateSlot("blank", length, 0.0, True)
    )


def _any_ink(inked: Mask, limits: DateThresholds) -> bool:
    return int(inked.sum()) >= limits.clear_pixels / 2


def _over_print(patch: InkWindow, written: Mask, marks: Sequence[Glyph]) -> bool:
    """Whether strokes run into the printed 年 or 月, as a date written across as one string does."""
    for mark in marks[:2]:
        around = patch.pixels(mark.box.grown(left=0.3, right=0.3, up=0.5, down=0.5))
        if float(chosen_in(patch.labels[around], written).sum()) / PX_PER_MM**2 > 0.8:
            return True
    return False


def _joined(
    label: str, slots: Sequence[DateSlot], across: bool, limits: DateThresholds
) -> tuple[FieldReading, tuple[FieldState, ...]]:
    states = tuple(slot.state for slot in slots)
    measures = tuple(
        Measure(name, round(slot.length, 1), filled, "mm")
        if slot.out is None
        else Measure(f"{name}_out", round(slot.out, 2), limits.out_mm2, "mm²")
        for name, slot, filled in zip(("year", "month", "day"), slots, _filled_from(limits), strict=True)
    )
    missing = "、".join(name for name, slot in zip(_PRINTED, slots, strict=True) if slot.state == "blank")
    doubtful = "、".join(name for name, slot in zip(_PRINTED, slots, strict=True) if slot.state == "unsure")
    if all(state == "filled" for state in states):
        least = min(
            slot.length / limits.filled_mm if slot.out is None else slot.out / limits.out_mm2
            for slot in slots
        )
        sure = min(1.0, 0.5 * least)
        return FieldReading("filled", sure, f"“{label}”的年、月、日都已填写", measures), states
    if all(state == "blank" for state in states):
        most = max(slot.length for slot in slots)
        return FieldReading("blank", 1 - 0.5 * most / limits.blank_mm, f"“{label}”没有填写", measures), states
    if not all(slot.visible for slot in slots):
        reason = f"“{label}”的“{doubtful}”被印章压住，看不清是否填写"
        return FieldReading("unsure", 0.5, reason, measures, visible=False), states
    if across:
        return FieldReading(
            "unsure", 0.5, f"“{label}”好像连着写成一串，压在印好的字上，分不清年月日", measures
        ), states
    if missing and not doubtful:
        return FieldReading("blank", 0.8, f"“{label}”缺“{missing}”", measures), states
    also = f"，缺“{missing}”" if missing else ""
    return FieldReading("unsure", 0.5, f"“{label}”的“{doubtful}”处只有一点笔迹{also}", measures), states


def _read(prepared: PageLayers, field: OpenField, reader: LineReader, limits: DateThresholds) -> str | None:
    """The date (2026-03-05) the reader makes of the area, where it is confident; never decides anything.

    It looks twice, the second time at a little less: what it only guesses, mostly a 2 for a 0, comes out otherwise.
    """
    whole = field.box.grown(left=limits.left_mm, right=3)
    less = whole.grown(left=-limits.second_left_mm, up=-limits.second_up_mm, down=-limits.second_down_mm)
    first = _look(prepared, whole, reader, limits)
    return first if first is not None and first == _look(prepared, less, reader, limits) else None


def _look(prepared: PageLayers, box: Box, reader: LineReader, limits: DateThresholds) -> str | None:
    picture = prepared.page.rgb[pixels_of(box)]
    text, confidence = reader(picture) if picture.size else ("", 0.0)
    return read_out(text) if confidence >= limits.reader_confidence else None


def read_out(text: str) -> str | None:
    """The one date in what was read, as 2026-03-05: what stands around it (a row's number, words) is left away.

    People write a 13th month or a 32nd of March by mistake; a month 00 or a day 77 is a mistake of the reader's.
    """
    found = {tuple(map(int, match)) for match in _WRITTEN.findall("".join(text.split()))}
    if len(found) != 1:
        return None
    year, month, day = found.pop()
    if not (1 <= month < 20 and 1 <= day < 40):
        return None
    return f"{year:04}-{month:02}-{day:02}"
