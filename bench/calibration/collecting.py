"""Readings for calibration: simulated returns are identified, registered and observed beside their truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from bench.calibration.measures import CalibratedMeasure, LabelledReading, calibrated_measures, measured_value
from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify.marks import sight
from extractors.layers.page_layers import page_layers
from extractors.model import IssuedDocument, Observation, Sighting, SignatureObservation
from extractors.observe.fields import observe_fields
from extractors.opening.pixels import whole_raster
from extractors.originals import Originals
from extractors.register.page import register
from extractors.thresholds import load_thresholds
from simulator.defects.catalogue import fitting_defects
from simulator.filling.planning import form_of
from simulator.simulate import simulate
from simulator.truth import SimulatedDocument, SimulatedPage, Tier, WrittenField
from simulator.workspaces.issued import case_contexts, issued_documents


def collect(workspace: Path, count: int, tiers: Sequence[Tier], seed: int) -> list[LabelledReading]:
    """Readings of ``count`` simulated returns, the tiers in turn; one in three has a harmless defect."""
    documents = [item for item in issued_documents(workspace) if any(area.is_open for area in item.areas)]
    if not documents:
        raise SystemExit(f"{workspace} 里没有留有空白的 PDF，先运行 daiban generate {workspace}")
    contexts = case_contexts(documents, date.today())
    rng = np.random.default_rng(seed)
    chain = _ObservationChain(workspace, documents)
    readings: list[LabelledReading] = []
    for number in range(count):
        document = documents[int(rng.integers(len(documents)))]
        harmless = fitting_defects(document, harmless=True) if number % 3 == 2 else []
        defects = [str(rng.choice(harmless))] if harmless else []
        tier = tiers[number % len(tiers)]
        returned = simulate(document, rng, contexts[document.number], defects=defects, tier=tier, turns=False)
        readings += chain.readings(document, returned)
    return readings


class _ObservationChain:
    """The steps of the reader from a picture to observations."""

    def __init__(self, workspace: Path, documents: Sequence[IssuedDocument]) -> None:
        by_number = {item.number: item for item in documents}
        self._originals = Originals(by_number.get)
        self._thresholds = load_thresholds()
        self._measures = calibrated_measures(self._thresholds)
        with Registry.open(Workspace.open(workspace).registry, create=False) as registry:
            self._key = registry.mark_key()

    def readings(self, document: IssuedDocument, returned: SimulatedDocument) -> Iterator[LabelledReading]:
        """Every reading of a returned document, beside its truth."""
        truth = {item.id: item for item in returned.truth.written}
        for page in returned.pages:
            for seen in self._observations(document, page):
                written = truth.get(seen.id)
                for measure in self._measures:
                    if measure.kind == seen.kind and seen.visible:
                        yield _reading(measure, seen, written, page)

    def _observations(self, document: IssuedDocument, page: SimulatedPage) -> tuple[Observation, ...]:
        if page.truth.kind != "issued" or page.truth.page is None:
            return ()
        raster = whole_raster(page.pixels, page.dpi, self._thresholds.opening)
        sighting = sight(raster, self._key)
        if not isinstance(sighting, Sighting):
            return ()
        original = self._originals.page(document.number, page.truth.page)
        registered = register(raster, sighting, original, self._thresholds.registration)
        if registered is None:
            return ()
        layers = page_layers(registered, self._thresholds.ink)
        return observe_fields(layers, form_of(document), self._thresholds)


def _reading(
    measure: CalibratedMeasure, seen: Observation, written: WrittenField | None, page: SimulatedPage
) -> LabelledReading:
    marks = written.marks if written is not None else ()
    filled = bool(marks)
    state: str = seen.state
    if measure.key == "pen":
        filled = "pen" in marks
        state = "filled" if isinstance(seen, SignatureObservation) and seen.pen else _not_found(seen)
    if measure.key == "seal":
        filled = "seal" in marks
        state = "filled" if isinstance(seen, SignatureObservation) and seen.seals else _not_found(seen)
    return LabelledReading(
        measure=measure.key,
        field=seen.id,
        tier=page.truth.tier,
        look=page.truth.look,
        value=measured_value(measure, seen.measures) or 0.0,
        filled=filled,
        how="、".join(marks) or "空白",
        state=state,
        reason=seen.reason,
        crop=seen.crop,
    )


def _not_found(seen: Observation) -> str:
    """The state of a signature or seal that was not found: unsure where the whole field is, otherwise blank."""
    return "unsure" if seen.state == "unsure" else "blank"
