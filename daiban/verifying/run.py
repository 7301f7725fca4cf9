"""The whole way of ``verify``: collect, read, assemble, judge, file, report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from daiban.office import LockedOffice, Office
from daiban.progress_bar import Progress
from daiban.verifying.assembling.best_copies import AssembledDocument, IssueArrival, by_issue
from daiban.verifying.assembling.case_judge import CaseJudge
from daiban.verifying.filing.filer import Filer, PreparedFiling, not_filed
from daiban.verifying.filing.unplaced import UnplacedKeeper
from daiban.verifying.issued import IssuedDocuments, IssueScope, trusted_roots
from daiban.verifying.outcome import BatchReport, DocumentOutcome, FailedFile, UnplacedPage
from daiban.verifying.reading.batch_reader import BatchReader, ReadBatch
from daiban.verifying.reading.print_candidates import print_candidates
from daiban.verifying.reporting.batch_report import batch_name, report_batch
from daiban.verifying.reporting.decided import decided
from daiban.verifying.reporting.document_outcome import document_outcome
from extractors.identify import ocr_available
from extractors.model import IssuedDocument
from extractors.opening import collect
from foundation.errors import DaibanError, Problem

_NO_OCR = "；本机没有文字识别，没有按印刷文字辨认"
_TOGETHER = 30  # documents that are put in place with one flush of the disk


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """What to verify: files and folders; ``workers``: how many processes read (default: by the settings).

    ``named``: files that people know by another name than theirs on disk. ``scope``: the issues that alone count as
    ours: for what somebody handed in who has no business with any other.
    """

    paths: tuple[Path, ...] = ()
    workers: int | None = None
    named: tuple[tuple[Path, str], ...] = ()
    scope: IssueScope | None = None


def verify(office: Office, request: VerifyRequest, progress: Progress | None = None) -> BatchReport:
    """Read what came back, judge it, file it and report. One bad file, page or document never stops the others.

    Raises DaibanError only for what makes the whole run impossible: a workspace that is locked or cannot be written, a
    damaged or missing registry, a root certificate of the settings that cannot be read.
    """
    progress = progress or Progress()
    with office.writing(progress.waiting) as locked:
        return _VerifyRun(locked, request, progress).report()


@dataclass(slots=True)
class _RunResults:
    """What is gathered on the way. ``generations``: by issue, which one its document speaks of."""

    documents: list[DocumentOutcome] = field(default_factory=list)
    generations: dict[str, int] = field(default_factory=dict)
    ready: list[PreparedFiling] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


class _VerifyRun:
    def __init__(self, office: LockedOffice, request: VerifyRequest, progress: Progress) -> None:
        self.office = office
        self.workspace = office.workspace
        self.registry = office.open_registry
        self.request = request
        self.progress = progress
        self.now = dt.datetime.now(dt.UTC)
        self.issues = IssuedDocuments(self.registry, self.workspace.path, scope=request.scope)
        self.judge = CaseJudge(office, self.registry, self.issues)
        self.unplaced = UnplacedKeeper(office.workspace, self.registry, self.issues)

    def report(self) -> BatchReport:
        trusted_roots(self.workspace)  # a wrong certificate is reported before anything is read
        found = collect(self.request.paths)
        batch = batch_name(self.workspace.reports, self.now)
        with self.workspace.staging() as staging:
            read = self._read((*found.files, *self.request.named), staging)
            self.unplaced.heed(read)
            self.unplaced.keep(read, batch, self.now)
            results = self._file(read, Filer(self.workspace, self.registry.returns, staging, batch))
            report = BatchReport(
                batch=batch,
                checked_at=self.now,
                sources=read.sources,
                documents=tuple(decided(results.documents, results.generations, self.registry.returns)),
                unplaced=tuple(read.unplaced),
                failed=(*read.failed, *results.failed),
                warnings=(*found.skipped, *results.warnings),
            )
            return report_batch(self.workspace, self.registry.batches, report, read.hashes, staging)

    def _read(self, files: tuple[tuple[Path, str], ...], staging: Path) -> ReadBatch:
        read = ReadBatch(tuple(name for _, name in files))
        workers = self.office.settings.work.worker_count(self.request.workers)
        scope = self.request.scope
        reader = BatchReader(self.workspace.path, staging, workers, scope=scope)
        with self.progress.bar(len(files), "读取回件") as bar:
            for pages in reader.run(files, read):
                if pages > 0:
                    bar.extend(pages)
                else:
                    bar.advance(-pages)
        if read.unmarked:
            self._identify_by_print(reader, read)
        return read

    def _identify_by_print(self, reader: BatchReader, read: ReadBatch) -> None:
        """Pages with something on them and no mark are identified by their print, where OCR is there; never guessed."""
        if not ocr_available():
            read.unplaced = [_without_ocr(page) for page in read.unplaced]
            return
        with self.progress.bar(len(read.unmarked), "按印刷文字辨认") as bar:
            found = print_candidates(self.registry, self.office.catalogue, scope=self.request.scope)
            if found:
                for pages in reader.look_again(read, found):
                    bar.advance(-pages)

    def _file(self, read: ReadBatch, filer: Filer) -> _RunResults:
        """Judge and file every document, case by case; what is held in memory is a handful of them."""
        results = _RunResults()
        cases = self._arrivals(read)
        with self.progress.bar(len(cases), "核验归档") as bar:
            for case_id, arrivals in sorted(cases.items()):
                for document in self.judge.case(case_id, arrivals):
                    self._prepare(document, filer, results)
                if len(results.ready) >= _TOGETHER:
                    self._place(filer, results)
                bar.advance()
            self._place(filer, results)
        return results

    def _prepare(self, document: AssembledDocument, filer: Filer, results: _RunResults) -> None:
        outcome = document_outcome(document, self.judge.form(document.issue.form_id))
        try:
            prepared = filer.prepare(document, outcome, self.now)
        except DaibanError as error:
            results.failed.append(not_filed(document.issue, error))
            results.documents.append(outcome)
            return
        results.ready.append(prepared)
        results.generations[prepared.issue.number] = prepared.generation.generation
        results.documents.append(prepared.outcome)

    def _place(self, filer: Filer, results: _RunResults) -> None:
        warnings, failed = filer.place(results.ready, self.now)
        results.warnings += warnings
        results.failed += failed
        results.ready.clear()

    def _arrivals(self, read: ReadBatch) -> dict[str, list[tuple[IssuedDocument, IssueArrival]]]:
        """What came back, by case and issue."""
        cases: dict[str, list[tuple[IssuedDocument, IssueArrival]]] = {}
        for number, arrival in by_issue(read.pages, read.digital).items():
            issue = self.issues.find(number)
            assert issue is not None, "a page is placed only where its issue is on record"
            cases.setdefault(issue.case_id, []).append((issue, arrival))
        return cases


def _without_ocr(page: UnplacedPage) -> UnplacedPage:
    """Says so of a page that OCR might have identified."""
    if page.reason != "unknown-document":
        return page
    return page.model_copy(update={"detail": f"{page.detail}{_NO_OCR}"})
