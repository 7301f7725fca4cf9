"""One simulated return through the reader, page by page, and to a verdict: what was asked, what was said."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify import ocr_available, text_reader
from extractors.judge import judge
from extractors.model import (
    FieldObservation,
    Finding,
    IssuedDocument,
    Judgement,
    PageFacts,
    PageRef,
    Raster,
    ReturnedDocument,
    SignatureObservation,
)
from extractors.originals import Originals
from extractors.paper import PageContext, PlacedPage, read_page
from extractors.thresholds import load_thresholds
from forms.catalogue import Catalogue
from forms.definition import FieldKind, FormDefinition
from foundation.errors import FormError
from simulator.defects.catalogue import DEFECTS, fitting_defects
from simulator.simulate import simulate
from simulator.truth import CaseContext, DocumentTruth, ExpectedFinding, PageTruth, SimulatedDocument, Tier
from simulator.workspaces.issued import case_contexts, issued_documents


@dataclass(slots=True)
class Outcome:
    """What became of one document; every pair is (right, asked)."""

    tier: Tier
    look: str
    form: str
    seed: tuple[int, ...]
    complete: bool
    verdict: str
    defects: tuple[str, ...]
    said: tuple[str, ...] = ()
    pages: tuple[int, int] = (0, 0)
    registered: tuple[int, int] = (0, 0)
    wrong: int = 0
    expected: tuple[int, int] = (0, 0)
    altered_imagined: bool = False
    seals_seen: tuple[int, int] = (0, 0)
    seals_imagined: tuple[int, int] = (0, 0)
    fills_seen: tuple[int, int] = (0, 0)
    fills_imagined: tuple[int, int] = (0, 0)
    seconds: float = 0.0
    faults: tuple[str, ...] = field(default=())


class Reader:
    """A workspace as the reader sees it, and as the simulator does."""

    def __init__(self, folder: Path, today: date, *, ocr: bool = True) -> None:
        workspace = Workspace.open(folder)
        self.today = today
        self.documents = issued_documents(folder)
        self.case_contexts = case_contexts(self.documents, today)
        by_number = {document.number: document for document in self.documents}
        self._catalogue = Catalogue.load(workspace.forms)
        self._thresholds = load_thresholds()
        with Registry.open(workspace.registry, create=False) as registry:
            key = registry.mark_key()
        self._context = PageContext(
            key=key,
            issues=by_number.get,
            form=self._form,
            originals=Originals(by_number.get),
            thresholds=self._thresholds,
            reader=text_reader().line if ocr and ocr_available() else None,
        )

    def run(self, tier: Tier, seed: tuple[int, ...], *, spoilt: bool, only: str | None = None) -> Outcome:
        """Simulate one return and read it. ``only``: this defect, on a document it fits."""
        rng = np.random.default_rng(seed)
        document, defects = self._choose(rng, spoilt=spoilt, only=only)
        made = simulate(document, rng, self._case_context(document), defects=defects, tier=tier)
        start = time.perf_counter()
        placed = [self._read(number, made) for number in range(len(made.pages))]
        returned = _put_together(document, [facts for facts, _ in placed if facts])
        form = self._catalogue.form(document.form_id)
        judgement = judge(returned, form, today=self.today, thresholds=self._thresholds)
        seconds = time.perf_counter() - start
        look = made.pages[0].truth.look if made.pages else ""
        outcome = Outcome(tier, look, document.form_id, seed, made.truth.complete, judgement.verdict, defects)
        outcome.said = tuple(f"{item.code}:{item.field or item.page or ''}" for item in judgement.findings)
        outcome.seconds = seconds
        _count_pages(outcome, placed)
        _count_fields(
            outcome,
            made.truth,
            judgement,
            {page for page, facts in returned.pages.items() if facts.registered},
        )
        _count_findings(outcome, made.truth, judgement.findings)
        return outcome

    def _choose(
        self, rng: np.random.Generator, *, spoilt: bool, only: str | None
    ) -> tuple[IssuedDocument, tuple[str, ...]]:
        if spoilt or only:
            name = only or str(rng.choice([item.name for item in DEFECTS.values() if not item.harmless]))
            able = [item for item in self.documents if DEFECTS[name].fits(item)]
            if able:
                return able[int(rng.integers(len(able)))], (name,)
            return self._choose(rng, spoilt=True, only=None)
        document = self.documents[int(rng.integers(len(self.documents)))]
        harmless = fitting_defects(document, harmless=True)
        return document, (str(rng.choice(harmless)),) if rng.random() < 0.3 else ()

    def _case_context(self, document: IssuedDocument) -> CaseContext:
        return self.case_contexts[document.number]

    def _form(self, form_id: str) -> FormDefinition | None:
        try:
            return self._catalogue.form(form_id)
        except FormError:
            return None

    def _read(self, number: int, made: SimulatedDocument) -> tuple[PageFacts | None, PageTruth]:
        page = made.pages[number]
        found = read_page(Raster(page.pixels, page.dpi), PageRef("simulated", number + 1), self._context)
        return (found.facts if isinstance(found, PlacedPage) else None), page.truth


def _put_together(document: IssuedDocument, found: Iterable[PageFacts]) -> ReturnedDocument:
    """The document's own pages, of two copies the better one."""
    pages: dict[int, PageFacts] = {}
    others: list[PageFacts] = []
    for facts in found:
        if facts.sighting.issue != document.number:
            continue
        standing = pages.get(facts.sighting.page)
        if standing is None:
            pages[facts.sighting.page] = facts
            continue
        better, worse = sorted((standing, facts), key=lambda item: (item.registered, item.readability))[::-1]
        pages[facts.sighting.page] = better
        others.append(worse)
    return ReturnedDocument(issue=document, pages=pages, duplicates=tuple(others))


def _count_pages(outcome: Outcome, placed: list[tuple[PageFacts | None, PageTruth]]) -> None:
    right = registered = asked = 0
    for facts, truth in placed:
        told = (facts.sighting.issue, facts.sighting.page) if facts else None
        if truth.kind == "issued":
            asked += 1
            right += told == (truth.issue, truth.page)
            registered += bool(facts and facts.registered)
        outcome.wrong += told is not None and told != (truth.issue, truth.page)
    outcome.pages, outcome.registered = (right, asked), (registered, asked)


def _count_fields(outcome: Outcome, truth: DocumentTruth, judgement: Judgement, registered: set[int]) -> None:
    """Seals and fills, on registered pages only: the others have been counted as such."""
    hidden = {item.field for item in truth.expected if item.code == "area-not-visible"}
    seen = {item.id: item for item in judgement.observations}
    faults = []
    for item in truth.written:
        observation = seen.get(item.id)
        if observation is None or item.page not in registered or item.id in hidden:
            continue
        if item.kind == FieldKind.SIGNATURE and "seal-elsewhere" not in outcome.defects:
            _count_seal(outcome, observation, sealed=item.seal is not None)
        filled, imagined = observation.state == "filled", not item.filled
        if imagined:
            outcome.fills_imagined = _add(outcome.fills_imagined, filled)
        elif "seal-elsewhere" not in outcome.defects and "tick-outside" not in outcome.defects:
            outcome.fills_seen = _add(outcome.fills_seen, observation.state != "blank")
        if filled == imagined or (observation.state == "blank") != imagined:
            faults.append(f"{item.id}={observation.state}")
    outcome.faults = tuple(faults)


def _count_seal(outcome: Outcome, observation: FieldObservation, *, sealed: bool) -> None:
    found = isinstance(observation, SignatureObservation) and bool(observation.seals)
    if sealed:
        outcome.seals_seen = _add(outcome.seals_seen, found)
    elif "seal-edge" not in outcome.defects:
        outcome.seals_imagined = _add(outcome.seals_imagined, found)


def _count_findings(outcome: Outcome, truth: DocumentTruth, findings: tuple[Finding, ...]) -> None:
    found = sum(any(_answers(item, expected) for item in findings) for expected in truth.expected)
    outcome.expected = (found, len(truth.expected))
    wanted = any(item.code == "text-altered" or "text-altered" in item.also for item in truth.expected)
    outcome.altered_imagined = not wanted and any(item.code == "text-altered" for item in findings)


def _answers(finding: Finding, expected: ExpectedFinding) -> bool:
    if finding.code != expected.code and finding.code not in expected.also:
        return False
    if expected.field is not None and finding.field is not None:
        return finding.field == expected.field
    return expected.page is None or finding.page is None or finding.page == expected.page


def _add(pair: tuple[int, int], hit: bool) -> tuple[int, int]:
    return pair[0] + bool(hit), pair[1] + 1
