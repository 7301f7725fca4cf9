"""Every open field of a page, observed: the one place that joins the observers of the single kinds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from extractors.layers.page_layers import PageLayers
from extractors.layers.windows import red_in
from extractors.model import LineReader, Mask, Measure, Observation, TextObservation
from extractors.observe.boxes import observe_box, square_of
from extractors.observe.dates import observe_date
from extractors.observe.field_readings import OpenField
from extractors.observe.seals.found import SealCandidate, behind_seals, find_seals, with_slices_marked, zone
from extractors.observe.seals.seal_overlap import SealOverlap, seal_overlap
from extractors.observe.seals.seam import observe_seam as _seam_of
from extractors.observe.signing import observe_signing
from extractors.observe.text import observe_text
from extractors.observe.under_seal import is_only_a_seal
from extractors.thresholds import InkThresholds, Thresholds
from forms.definition import FieldKind, FormDefinition
from forms.geometry import Box


@dataclass(frozen=True, slots=True, eq=False)
class _PageView:
    """A page while its fields are observed. ``plain``: without the ink of seals, as far as that can be separated;
    ``pressed``: by seals whose colour the scan took; ``sealed``: where red ones lie.
    """

    prepared: PageLayers
    plain: PageLayers
    open_fields: tuple[OpenField, ...]
    squares: dict[str, Box]
    seals: tuple[SealCandidate, ...]
    overlap: SealOverlap | None
    sealed: Mask | None

    def boxes(self, *kinds: FieldKind) -> list[Box]:
        return [field.box for field in self.open_fields if field.kind in kinds]


def observe_fields(
    layers: PageLayers, form: FormDefinition, thresholds: Thresholds, *, reader: LineReader | None = None
) -> tuple[Observation, ...]:
    """What is seen of every field of this page that was left open, in the page's order.

    ``reader``: reads a picture of a date, text and 0..1 confidence; what it says is noted, never decisive.
    """
    open_fields = tuple(
        OpenField(area, _label(form, area.id)) for area in layers.page.original.areas if area.is_open
    )
    if not open_fields:
        return ()
    view = _view(layers, open_fields, thresholds)
    seen = (_observed(view, field, thresholds, reader) for field in open_fields)
    return tuple(_red_doubted(view, item, thresholds.ink) for item in seen)


def observe_seam(layers: PageLayers, thresholds: Thresholds) -> tuple[Measure, ...]:
    """The slices of a 骑缝章 at the page's edges."""
    return _seam_of(layers, thresholds.seam)


def _label(form: FormDefinition, field_id: str) -> str:
    definition = form.field(field_id)
    return definition.label if definition is not None else field_id


def _view(prepared: PageLayers, open_fields: tuple[OpenField, ...], thresholds: Thresholds) -> _PageView:
    page = prepared.page
    margin = thresholds.seals.window_mm
    windows = [field.box.all_round(margin) for field in open_fields if field.kind is FieldKind.SIGNATURE]
    seals = with_slices_marked(prepared, find_seals(prepared, windows, thresholds.seals), thresholds.slices)
    squares = {
        area.id: square_of(page.original, area.box)
        for area in page.original.areas
        if area.kind == FieldKind.CHECKBOX
    }
    plain = behind_seals(prepared, seals)
    dates = [field.box for field in open_fields if field.kind is FieldKind.DATE]
    red = [item for item in seals if item.seal.red and item.certain]
    sealed = zone(red, prepared.dark.shape) if red else None
    return _PageView(
        prepared,
        plain,
        open_fields,
        squares,
        seals,
        seal_overlap(prepared, seals, dates, thresholds.rims),
        sealed,
    )


def _observed(
    view: _PageView, field: OpenField, thresholds: Thresholds, reader: LineReader | None
) -> Observation:
    match field.kind:
        case FieldKind.CHECKBOX:
            writing = view.boxes(FieldKind.TEXT)
            return observe_box(view.plain, field, view.squares, writing, thresholds.boxes)
        case FieldKind.DATE:
            limits = thresholds.dates, thresholds.text
            return observe_date(view.plain, field, view.overlap, limits, reader)
        case FieldKind.SIGNATURE:
            areas = view.boxes(FieldKind.SIGNATURE)
            others = [other.box for other in view.open_fields if other is not field]
            return observe_signing(view.plain, field, view.seals, areas, others, thresholds.signing)
        case FieldKind.TEXT:
            return _seal_doubted(view, field, observe_text(view.plain, field, thresholds.text), thresholds)


def _seal_doubted(
    view: _PageView, field: OpenField, seen: TextObservation, thresholds: Thresholds
) -> TextObservation:
    """Writing that may be nothing but the edge of a seal: a scan without colour shows both alike."""
    if seen.state != "filled" or view.prepared.red is not None:
        return seen
    if not is_only_a_seal(view.plain, field, view.boxes(FieldKind.TEXT, FieldKind.DATE), thresholds):
        return seen
    reason = f"“{field.label}”处压着印章，分不清有没有填写"
    return replace(seen, state="unsure", confidence=0.5, reason=reason)


def _red_doubted(view: _PageView, seen: Observation, limits: InkThresholds) -> Observation:
    """A field that seems blank but holds red ink of no seal: somebody may have written or ticked in red."""
    if seen.state != "blank" or seen.kind is FieldKind.SIGNATURE or seen.box is None:
        return seen
    is_box = seen.kind is FieldKind.CHECKBOX
    box = view.squares[seen.id] if is_box else seen.box
    least = limits.red_box_mm2 if is_box else limits.red_text_mm2
    area = red_in(view.prepared, box, view.sealed)
    if area < least:
        return seen
    measures = (*seen.measures, Measure("red", round(area, 2), least, "mm²"))
    reason = f"“{_named(view, seen)}”处有红色的笔迹，不能确定是填写还是批注"
    return replace(seen, state="unsure", confidence=0.5, reason=reason, measures=measures)


def _named(view: _PageView, seen: Observation) -> str:
    return next((field.label for field in view.open_fields if field.area.id == seen.id), seen.id)
