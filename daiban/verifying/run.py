"""The whole way of ``verify``: collect, read, sort, judge, file, report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path

from daiban.progress_bar import ProgressBar
from daiban.registry import Registry
from daiban.verifying.candidates import candidates
from daiban.verifying.filing import Filer, Prepared, not_filed
from daiban.verifying.issues import Issues, trusted_roots
from daiban.verifying.judging import Bench
from daiban.verifying.outcome import BatchReport, DocumentOutcome, FailedFile
from daiban.verifying.reading import Pile, Reading
from daiban.verifying.reporting import batch_name, report_batch
from daiban.verifying.sorting import Arrival, Document, by_issue
from daiban.verifying.telling import outcome_of
from daiban.workspace import Workspace
from extractors.identify import ocr_available
from extractors.model import IssuedDocument
from extractors.opening import collect
from forms.catalogue import Catalogue
from foundation.errors import DaibanError, Problem

_NO_OCR = "；本机没有文字识别，没有按印刷文字辨认"
_TOGETHER = 30  # documents that are put in place with one flush of the disk


@dataclass(frozen=True, slots=True)
class Request:
    """What to verify: files and folders; ``workers``: how many processes read (default: by the settings)."""

    paths: tuple[Path, ...]
    workers: int | None = None


def verify(workspace: Workspace, request: Request, *, show_progress: bool = False) -> BatchReport:
    """Read what came back, judge it, file it and report. One bad file, page or document never stops the others.

    Raises DaibanError only for what makes the whole run impossible: a workspace that is locked or cannot be written, a
    damaged or missing registry, a root certificate of the settings that cannot be read.
    """
    with workspace.lock(), Registry.open(workspace.registry, create=not workspace.has_issued) as registry:
        return _Run(workspace, registry, request, show_progress).report()


@dataclass(slots=True)
class _Results:
    """What is gathered on the way."""

    documents: list[DocumentOutcome] = field(default_factory=list)
    ready: list[Prepared] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class _Run:
    def __init__(
        self, workspace: Workspace, registry: Registry, request: Request, show_progress: bool
    ) -> None:
        self.workspace = workspace
        self.registry = registry
        self.returns = registry.returns
        self.request = request
        self.show_progress = show_progress
        self.now = dt.datetime.now(dt.UTC)
        self.issues = Issues(registry, workspace.path)
        self.bench = Bench(workspace, registry, self.issues, self.now.astimezone().date())

    def report(self) -> BatchReport:
        trusted_roots(self.workspace)  # a wrong certificate is told before anything is read
        found = collect(self.request.paths)
        batch = batch_name(self.workspace.reports, self.now)
        with self.workspace.staging() as staging:
            pile = self._read(found.files, staging)
            results = self._file(pile, Filer(self.workspace, self.returns, staging, batch))
            report = BatchReport(
                batch=batch,
                checked_at=self.now,
                sources=pile.sources,
                documents=tuple(results.documents),
                unplaced=tuple(pile.unplaced),
                failed=(*pile.failed, *results.failed),
                warnings=(*found.skipped, *results.warnings),
            )
            return report_batch(self.workspace, self.registry.batches, report, pile.hashes, staging)

    def _read(self, files: tuple[tuple[Path, str], ...], staging: Path) -> Pile:
        pile = Pile(tuple(name for _, name in files))
        workers = self.workspace.settings.work.worker_count(self.request.workers)
        reading = Reading(self.workspace.path, staging, workers)
        with ProgressBar(len(files), "读取回件", enabled=self.show_progress) as bar:
            for pages in reading.run(files, pile):
                if pages > 0:
                    bar.extend(pages)
                else:
                    bar.advance(-pages)
        if pile.unmarked:
            self._tell_by_print(reading, pile)
        return pile

    def _tell_by_print(self, reading: Reading, pile: Pile) -> None:
        """Pages with something on them and no mark are told by what is printed, where OCR is there; never guessed."""
        if not ocr_available():
            pile.unplaced = [
                replace(page, detail=f"{page.detail}{_NO_OCR}") if page.reason == "unknown-document" else page
                for page in pile.unplaced
            ]
            return
        with ProgressBar(len(pile.unmarked), "按印刷文字辨认", enabled=self.show_progress) as bar:
            found = candidates(self.registry, Catalogue.load(self.workspace.forms))
            if found:
                for pages in reading.look_again(pile, found):
                    bar.advance(-pages)

    def _file(self, pile: Pile, filer: Filer) -> _Results:
        """Judge and file every document, case by case; what is held in memory is a handful of them."""
        results = _Results()
        cases = self._arrivals(pile)
        with ProgressBar(len(cases), "核验归档", enabled=self.show_progress) as bar:
            for case_id, arrivals in sorted(cases.items()):
                for document in self.bench.case(case_id, arrivals):
                    self._prepare(document, filer, results)
                if len(results.ready) >= _TOGETHER:
                    self._place(filer, results)
                bar.advance()
            self._place(filer, results)
        return results

    def _prepare(self, document: Document, filer: Filer, results: _Results) -> None:
        outcome = outcome_of(document, self.bench.form(document.issue.form_id))
        try:
            prepared = filer.prepare(document, outcome, self.now)
        except DaibanError as error:
            results.failed.append(not_filed(document.issue, error))
            results.documents.append(outcome)
            return
        results.ready.append(prepared)
        results.documents.append(prepared.shown)

    def _place(self, filer: Filer, results: _Results) -> None:
        warnings, failed = filer.place(results.ready, self.now)
        results.warnings += warnings
        results.failed += failed
        results.ready.clear()

    def _arrivals(self, pile: Pile) -> dict[str, list[tuple[IssuedDocument, Arrival]]]:
        """What the pile holds, by case and issue."""
        cases: dict[str, list[tuple[IssuedDocument, Arrival]]] = {}
        for number, arrival in by_issue(pile.sheets, pile.digital).items():
            issue = self.issues.find(number)
            assert issue is not None, "a page is placed only where its issue is on record"
            cases.setdefault(issue.case_id, []).append((issue, arrival))
        return cases
