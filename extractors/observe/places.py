"""Every open field of a page, measured: the one place that joins what is measured of the single kinds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.layers.page_layers import PageLayers
from extractors.layers.pictures import seen_share
from extractors.model import (
    BoxMark,
    EvidenceRecord,
    Mask,
    PageEvidence,
    Seal,
    TextEvidence,
)
from extractors.observe.boxes import MeasuredBox, measure_box, square_of
from extractors.observe.dates import DateSlot, measure_slots, printed_marks, slot_boxes
from extractors.observe.seal_overlap import SealOverlap, seal_overlap
from extractors.observe.seals import SealCandidate, behind_seals, find_seals, with_slices_marked, zone
from extractors.observe.signing import credited, doubt_of, measure_pen, measure_seal
from extractors.observe.text import measure_text
from extractors.thresholds import Thresholds
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that a place may hold: where it would be, mm, and what was measured there."""

    name: str
    box: Box
    evidence: EvidenceRecord


@dataclass(frozen=True, slots=True)
class MeasuredPlace:
    """One open field as it was measured.

    ``seen``: share of it that can be made out, 0..1. ``marks``: what it may hold, each with its evidence: a text, the
    three slots of a date, a box's mark, a pen's strokes and a seal. ``how``: how a box is marked if it is; ``seals``:
    the seals that count for a place to sign if its seal does. ``doubt``: why its seal cannot count, whatever it looks
    like: it lies beside the place, or the light burnt half of it out.
    """

    area: FieldArea
    seen: float
    marks: tuple[Mark, ...]
    how: BoxMark | None = None
    seals: tuple[Seal, ...] = ()
    doubt: str = ""


def page_evidence(prepared: PageLayers) -> PageEvidence:
    """What the picture as a whole is like."""
    page = prepared.page
    return PageEvidence(
        dpi=page.dpi,
        residual=page.residual_mm,
        bitonal=float(page.bitonal),
        colour=float(page.colour),
        noise=prepared.strong,
    )


def measure_places(
    layers: PageLayers, areas: Sequence[FieldArea], thresholds: Thresholds
) -> tuple[PageEvidence, tuple[MeasuredPlace, ...]]:
    """Everything measured at some places of a page, in their order, and of the picture as a whole."""
    if not areas:
        return page_evidence(layers), ()
    view = _view(layers, areas, thresholds)
    return page_evidence(layers), tuple(_measured(view, area, thresholds) for area in areas)


@dataclass(frozen=True, slots=True, eq=False)
class _PageView:
    """A page while its places are measured. ``plain``: without the ink of seals, as far as that can be separated;
    ``sealed``: where red seals lie; ``pressed``: where seals without colour do.
    """

    prepared: PageLayers
    plain: PageLayers
    areas: tuple[FieldArea, ...]
    squares: dict[str, Box]
    seals: tuple[SealCandidate, ...]
    overlap: SealOverlap | None
    sealed: Mask | None
    pressed: Mask | None

    def boxes(self, *kinds: FieldKind) -> list[Box]:
        return [area.box for area in self.areas if area.kind in kinds]


def _view(prepared: PageLayers, areas: Sequence[FieldArea], thresholds: Thresholds) -> _PageView:
    page = prepared.page
    margin = thresholds.seals.window_mm
    windows = [area.box.all_round(margin) for area in areas if area.kind == FieldKind.SIGNATURE]
    seals = with_slices_marked(prepared, find_seals(prepared, windows, thresholds.seals), thresholds.slices)
    boxes = {area.id: area for area in page.original.areas if area.kind == FieldKind.CHECKBOX}
    boxes |= {area.id: area for area in areas if area.kind == FieldKind.CHECKBOX}
    squares = {key: square_of(page.original, area.box) for key, area in boxes.items()}
    dates = [area.box for area in areas if area.kind == FieldKind.DATE]
    red = [item for item in seals if item.seal.red and item.certain]
    grey = [item for item in seals if not item.seal.red]
    return _PageView(
        prepared,
        behind_seals(prepared, seals),
        tuple(areas),
        squares,
        seals,
        seal_overlap(prepared, seals, dates, thresholds.rims),
        zone(red, prepared.dark.shape) if red else None,
        zone(grey, prepared.dark.shape) if grey else None,
    )


def _measured(view: _PageView, area: FieldArea, thresholds: Thresholds) -> MeasuredPlace:
    kind = FieldKind(area.kind)
    place = view.squares[area.id] if kind is FieldKind.CHECKBOX else area.box
    seen = seen_share(view.prepared.page, place)
    match kind:
        case FieldKind.CHECKBOX:
            box = _box(view, area, thresholds)
            return MeasuredPlace(area, seen, (Mark("tick", place, box.evidence),), how=box.mark)
        case FieldKind.DATE:
            return MeasuredPlace(area, seen, _date(view, area, thresholds))
        case FieldKind.SIGNATURE:
            return _signing(view, area, seen, thresholds)
        case FieldKind.TEXT:
            return MeasuredPlace(area, seen, (Mark("text", area.box, _text(view, area, thresholds)),))


def _box(view: _PageView, area: FieldArea, thresholds: Thresholds) -> MeasuredBox:
    writing = view.boxes(FieldKind.TEXT)
    return measure_box(view.plain, area.id, view.squares, writing, view.sealed, thresholds.boxes)


def _text(view: _PageView, area: FieldArea, thresholds: Thresholds) -> TextEvidence:
    return measure_text(view.plain, area.box, view.sealed, view.pressed, thresholds.text)


def _date(view: _PageView, area: FieldArea, thresholds: Thresholds) -> tuple[Mark, ...]:
    """Its three slots; of a date without printed ones, all of it as a text."""
    marks = printed_marks(view.prepared.page.original, area.box)
    if not marks:
        return (Mark("text", area.box, _text(view, area, thresholds)),)
    boxes = slot_boxes(area.box, marks, thresholds.dates)
    slots: tuple[DateSlot, ...] = measure_slots(
        view.plain, area.box, boxes, view.overlap, view.sealed, thresholds.dates
    )
    return tuple(
        Mark(name, slot.box, slot.evidence)
        for name, slot in zip(("year", "month", "day"), slots, strict=True)
    )


def _signing(view: _PageView, area: FieldArea, seen: float, thresholds: Thresholds) -> MeasuredPlace:
    areas = view.boxes(FieldKind.SIGNATURE)
    near = credited(view.seals, area.box, areas, thresholds.signing)
    others = [other.box for other in view.areas if other is not area]
    pen = measure_pen(view.plain, area.box, view.seals, others, view.sealed, thresholds.signing)
    best = near[0] if near else None
    marks = Mark("pen", area.box, pen), Mark("seal", area.box, measure_seal(best, area.box))
    doubt = doubt_of(best, area.box, thresholds.signing) if best else ""
    return MeasuredPlace(area, seen, marks, seals=tuple(item.seal for item in near), doubt=doubt)
