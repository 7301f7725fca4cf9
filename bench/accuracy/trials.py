"""Trials: one simulated return after the other goes through the reader, page by page, to a verdict."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from bench.accuracy.outcomes import PaperOutcome, count_fields, count_findings, count_pages
from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify import ocr_available, text_reader
from extractors.judge import judge
from extractors.model import IssuedDocument, PageFacts, PageRef, ReturnedDocument
from extractors.opening.pixels import whole_raster
from extractors.originals import Originals
from extractors.paper import PageContext, PlacedPage, read_page
from extractors.thresholds import load_thresholds
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import FormError
from simulator.defects.catalogue import DEFECTS, fitting_defects, harmful_defects
from simulator.simulate import simulate
from simulator.truth import PageTruth, SimulatedDocument, Tier
from simulator.workspaces.issued import case_contexts, issued_documents


@dataclass(frozen=True, slots=True)
class Trial:
    """One return to be simulated and read.

    ``defective``: with a defect that makes it incomplete or doubtful. ``only``: this one, on a document it fits.
    """

    tier: Tier
    seed: tuple[int, ...]
    defective: bool
    only: str | None = None


class TrialRunner:
    """Simulates returns of the documents that a workspace issued, and reads them with the reader's own steps."""

    def __init__(self, folder: Path, today: date, *, ocr: bool = True) -> None:
        workspace = Workspace.open(folder)
        self._today = today
        self._documents = issued_documents(folder)
        self._case_contexts = case_contexts(self._documents, today)
        by_number = {document.number: document for document in self._documents}
        self._catalogue = Catalogue.load(workspace.forms)
        self._thresholds = load_thresholds()
        with Registry.open(workspace.registry, create=False) as registry:
            key = registry.mark_key()
        self._page_context = PageContext(
            key=key,
            issues=by_number.get,
            form=self._form,
            originals=Originals(by_number.get),
            thresholds=self._thresholds,
            reader=text_reader().line if ocr and ocr_available() else None,
        )

    def run(self, trial: Trial) -> PaperOutcome:
        """Simulate one return, read it and compare."""
        rng = np.random.default_rng(trial.seed)
        document, defects = self._choose(rng, trial)
        context = self._case_contexts[document.number]
        return self._outcome(
            trial, document, simulate(document, rng, context, defects=defects, tier=trial.tier)
        )

    def _outcome(self, trial: Trial, document: IssuedDocument, made: SimulatedDocument) -> PaperOutcome:
        """Read a simulated return and compare."""
        start = time.perf_counter()
        read = [self._read(number, made) for number in range(len(made.pages))]
        returned = _assembled(document, [facts for facts, _ in read if facts])
        form = self._catalogue.form(document.form_id)
        judgement = judge(returned, form, today=self._today, thresholds=self._thresholds)
        seconds = time.perf_counter() - start
        outcome = PaperOutcome(
            trial.tier,
            made.pages[0].truth.look if made.pages else "",
            document.form_id,
            trial.seed,
            made.truth.complete,
            judgement.verdict,
            made.truth.defects,
        )
        outcome.said = tuple(f"{item.code}:{item.field or item.page or ''}" for item in judgement.findings)
        outcome.seconds = seconds
        registered = {page for page, facts in returned.pages.items() if facts.registered}
        count_pages(outcome, read)
        count_fields(outcome, made.truth, judgement, registered)
        count_findings(outcome, made.truth, judgement.findings)
        return outcome

    def _choose(self, rng: np.random.Generator, trial: Trial) -> tuple[IssuedDocument, tuple[str, ...]]:
        """A document and its defects, at random."""
        if not trial.defective:
            document = self._documents[int(rng.integers(len(self._documents)))]
            harmless = fitting_defects(document, harmless=True)
            return document, (str(rng.choice(harmless)),) if rng.random() < 0.3 else ()
        name = trial.only or str(rng.choice(harmful_defects()))
        while not (fitting := [item for item in self._documents if DEFECTS[name].fits(item)]):
            name = str(rng.choice(harmful_defects()))
        return fitting[int(rng.integers(len(fitting)))], (name,)

    def _form(self, form_id: str) -> FormDefinition | None:
        try:
            return self._catalogue.form(form_id)
        except FormError:
            return None

    def _read(self, number: int, made: SimulatedDocument) -> tuple[PageFacts | None, PageTruth]:
        page = made.pages[number]
        result = read_page(
            whole_raster(page.pixels, page.dpi, self._thresholds.opening),
            PageRef("simulated", number + 1),
            self._page_context,
        )
        return (result.facts if isinstance(result, PlacedPage) else None), page.truth


def _assembled(document: IssuedDocument, found: Iterable[PageFacts]) -> ReturnedDocument:
    """The pages of the document, of two copies the more readable one."""
    pages: dict[int, PageFacts] = {}
    others: list[PageFacts] = []
    for facts in found:
        if facts.sighting.issue != document.number:
            continue
        earlier = pages.get(facts.sighting.page)
        if earlier is None:
            pages[facts.sighting.page] = facts
            continue
        better, worse = sorted((earlier, facts), key=lambda item: (item.registered, item.readability))[::-1]
        pages[facts.sighting.page] = better
        others.append(worse)
    return ReturnedDocument(issue=document, pages=pages, duplicates=tuple(others))
