"""Dates (日期) on paper: what is written in the three slots (年, 月, 日), measured.

A date may be written across the printed 年 月 日 as one string, or lie under a seal pressed over it (骑年盖月). Where
the scan took the seal's colour, its strokes cannot be told from a pen's inside it; what lies beside it,
and what continues from its rim, can.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import pixels_of
from extractors.layers.windows import InkWindow, chosen_in, cut, red_in
from extractors.model import PX_PER_MM, Glyph, Mask, OriginalPage, SlotEvidence
from extractors.observe.seal_overlap import SealOverlap
from extractors.observe.seals import RIM_MM, ZONE_MM
from extractors.observe.strokes import StrokeKinds, classify
from extractors.observe.text import weighted
from extractors.thresholds import DateThresholds, InkThresholds
from forms.geometry import Box

_PRINTED = ("年", "月", "日")
_RIM_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class DateSlot:
    """One of the three slots: where it is, mm, and what was measured in it."""

    box: Box
    evidence: SlotEvidence


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


def slot_boxes(area: Box, marks: Sequence[Glyph], limits: DateThresholds) -> list[Box]:
    """Where year, month and day are written, mm: between the printed characters."""
    area = area.grown(left=limits.left_mm)
    lefts = [area.x0, marks[0].box.x1, marks[1].box.x1]
    grow = limits.grow_mm
    return [
        Box(left, area.y0 - grow, mark.box.x0, area.y1 + grow)
        for left, mark in zip(lefts, marks, strict=True)
    ]


def measure_slots(
    prepared: PageLayers,
    box: Box,
    boxes: Sequence[Box],
    overlap: SealOverlap | None,
    sealed: Mask | None,
    limits: DateThresholds,
) -> tuple[DateSlot, ...]:
    """What lies in each slot of a date. ``overlap``: of seals without colour; ``sealed``: where red ones lie."""
    area = box.grown(left=limits.left_mm)
    patch = cut(prepared, area.grown(left=2, right=5, up=limits.window_mm, down=limits.window_mm))
    kinds = classify(patch, prepared.limits)
    written = kinds.pen & (
        patch.share_in(area.grown(up=limits.grow_mm, down=limits.grow_mm, right=4)) >= limits.home
    )
    clear = written
    if overlap is not None:
        written = written & ~_of_rim(patch, overlap, prepared.page.bitonal)
        clear = written & (patch.share_of(patch.cropped(overlap.under)) < 1 - _RIM_SHARE)
    looks = _SlotMeasures(
        prepared,
        patch,
        kinds,
        written,
        clear,
        _in_shade(patch, kinds, limits),
        _reddish(patch, prepared.limits, limits),
        overlap,
        sealed,
    )
    lengths = [float(patch.length_in(one)[written].sum()) for one in boxes]
    return tuple(
        DateSlot(one, looks.of(one, max(lengths[:at] + lengths[at + 1 :]))) for at, one in enumerate(boxes)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _SlotMeasures:
    """A date's patch, from which its slots are measured."""

    prepared: PageLayers
    patch: InkWindow
    kinds: StrokeKinds
    written: Mask
    clear: Mask
    shade: Mask
    reddish: Mask
    overlap: SealOverlap | None
    sealed: Mask | None

    def of(self, box: Box, beside: float) -> SlotEvidence:
        """One slot. ``beside``: the length in the fullest other one."""
        patch, (rows, columns) = self.patch, self.patch.pixels(box)
        labels, length = patch.labels[rows, columns], patch.length_in(box)
        on_page = pixels_of(box)
        weight = length * self.written
        return SlotEvidence(
            length=float(weight.sum()),
            height=_height_mm(chosen_in(labels, self.written)),
            any=_area(labels > 0),
            pieces=float(len(np.unique(labels[labels > 0]))),
            tall=_height_mm(labels > 0),
            clear=float(length[self.clear].sum()),
            out=_area(self.overlap.out[on_page]) if self.overlap else 0.0,
            covered=float(self.overlap.under[on_page].mean()) if self.overlap else 0.0,
            shade=_area(self.shade[rows, columns]),
            reddish=_area(self.reddish[rows, columns]),
            red=red_in(self.prepared, box, self.sealed),
            line=float(length[self.kinds.line].sum()),
            faint=float(length[self.kinds.faint].sum()),
            darkness=weighted(patch.strokes.darkness, weight),
            beside=beside,
            wide=box.width,
        )


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


def _height_mm(inked: Mask) -> float:
    rows = np.flatnonzero(inked.any(axis=1))
    return float(rows[-1] - rows[0] + 1) / PX_PER_MM if len(rows) else 0.0


def _area(mask: Mask) -> float:
    return float(mask.sum()) / PX_PER_MM**2
