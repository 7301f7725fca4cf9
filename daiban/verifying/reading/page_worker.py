"""What runs in a worker process: a few pages of one returned file, from file to facts on disk.

A worker may be lost at any time (:mod:`daiban.verifying.reading.worker_pool`). It answers page by page, and what it
hands back is light: the rasters never leave it.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import cv2

from daiban.registry import PageContent, Registry
from daiban.verifying.issued import IssuedDocuments, IssueScope, trusted_roots
from daiban.verifying.outcome import UnplacedPage, UnplacedReason
from daiban.verifying.reading.jobs import (
    FileOpened,
    FileRead,
    FileRefused,
    PageRead,
    PagesJob,
    ReadingJob,
    ReadingMessage,
    WholeFileJob,
)
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage, page_pdf, save_page
from daiban.verifying.reading.upright import UprightPages
from daiban.workspace import Workspace
from extractors.digital import read_docx_return, read_pdf_return, unread_pdf
from extractors.identify import IssueCandidate, TextReader, by_print, ocr_available, text_reader
from extractors.model import Image, LineReader, PageRef, Raster
from extractors.opening import keep_freed_memory, limit_process, open_return
from extractors.originals import Originals
from extractors.paper import (
    PageContext,
    PlacedPage,
    PrintIdentifier,
    RejectedPage,
    read_page,
    read_placed,
)
from extractors.thresholds import load_thresholds
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.digests import sha256_of_file
from foundation.errors import DaibanError, FormError, Problem
from foundation.os_errors import reason_of

_ERROR_SHOWN = 200  # characters of what a library said
_ORIGINALS = 2  # rendered originals kept: copies of a page come one after the other, if at all


def worker_maker(
    workspace: Path,
    staging: Path,
    candidates: tuple[IssueCandidate, ...] = (),
    *,
    scope: IssueScope | None = None,
) -> Callable[[], Callable[[ReadingJob], Iterator[ReadingMessage]]]:
    """What a pool needs to set up a worker; with ``candidates`` it identifies pages without marks by their print."""
    return partial(_worker, workspace, staging, candidates, scope)


def _worker(
    workspace: Path, staging: Path, candidates: tuple[IssueCandidate, ...], scope: IssueScope | None
) -> Callable[[ReadingJob], Iterator[ReadingMessage]]:
    read_line = _read_line if ocr_available() else None
    # A worker that is to identify pages by their print loads OCR before the bound on memory: it maps its models.
    ocr = text_reader() if candidates and read_line else None
    limit_process()
    keep_freed_memory()
    logging.disable()  # what libraries remark on odd files, in English, is of no use to whoever scanned them
    cv2.setNumThreads(1)
    opened = Workspace.open(workspace)
    return PageWorker(opened, staging, read_line, ocr, candidates, scope=scope).read


def _read_line(picture: Image) -> tuple[str, float]:
    """A line by OCR, which is loaded for the first date there is to read: most batches have few."""
    return text_reader().line(picture)


class PageWorker:
    """Reads pages of one workspace's issues; ``staging`` is where it leaves what it saw.

    With ``ocr`` pages without marks are identified by their print, as one of the ``candidates``. ``scope``: the
    issues that alone count as ours.
    """

    def __init__(
        self,
        workspace: Workspace,
        staging: Path,
        date_reader: LineReader | None = None,
        ocr: TextReader | None = None,
        candidates: tuple[IssueCandidate, ...] = (),
        *,
        scope: IssueScope | None = None,
    ) -> None:
        self._staging = staging
        self._file: _OpenFile | None = None
        registry = Registry.open(workspace.registry, create=False)
        self._issues = issues = IssuedDocuments(registry, workspace.path, scope=scope)
        self._forms = forms = Catalogue.load(workspace.forms)
        self._roots = trusted_roots(workspace)
        originals = Originals(issues.find, cache_pages=_ORIGINALS)
        identify: PrintIdentifier = partial(
            by_print, candidates=candidates, reader=ocr, texts=originals.texts
        )
        self._context = PageContext(
            key=registry.mark_key(),
            issues=issues.find,
            form=partial(_form, forms),
            originals=originals,
            thresholds=load_thresholds().at_risk(workspace.settings.reading.risk),
            by_print=identify if ocr else None,
            reader=date_reader,
        )

    def read(self, job: ReadingJob) -> Iterator[ReadingMessage]:
        """The answer to a job, page by page."""
        if isinstance(job, WholeFileJob):
            yield self._pdf(job)
        else:
            yield from self._pages(job)

    def close(self) -> None:
        """Close the file that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _pages(self, job: PagesJob) -> Iterator[ReadingMessage]:
        try:
            file = self._opened(job)
        except (DaibanError, OSError) as error:
            yield FileRefused(_problems(error, job.name))
            return
        if not job.sha256:
            yield FileOpened(file.opened.pages, file.sha256, file.opened.kind == "pdf")
        if file.opened.is_docx:
            yield self._docx(job, file.sha256)
            return
        for number in range(job.first, min(job.last, file.opened.pages) + 1):
            yield self._page(file, PageRef(job.name, number), job.placed)

    def _opened(self, job: PagesJob) -> _OpenFile:
        """The file of a job; it stays open for the next one, which is mostly of the same file."""
        if self._file is None or not self._file.is_of(job):
            self.close()
            self._file = _OpenFile(job)
        return self._file

    def _pdf(self, job: WholeFileJob) -> FileRead:
        """A PDF as a file: nothing for a scan; one that cannot be taken apart is for a person.

        Broken files make libraries raise anything (zlib.error, KeyError).
        """
        places, find = dict(job.places), self._issues.find
        try:
            found = read_pdf_return(job.path, job.name, places, find, self._roots)
        except Exception as error:
            found = unread_pdf(job.name, places, find, _said(error, job.name))
        return FileRead(tuple(ReturnedFile(facts=facts, sha256=job.sha256, file=job.path) for facts in found))

    def _docx(self, job: PagesJob, sha256: str) -> FileRead | PageRead:
        ref = PageRef(job.name, 1)
        try:
            facts = read_docx_return(job.path, ref, self._forms.forms, self._issues.of_form)
        except Exception as error:
            return _unplaced(ref, "unreadable", _said(error, job.name))
        if facts is None:
            return _unplaced(ref, "unknown-document", "不是本单位发出的文书，或分不清是哪一份")
        issue = self._issues.find(facts.issue)
        if issue is not None and issue.is_void:
            return _unplaced(ref, "superseded", f"{issue.number} 已作废，{issue.what_stands}")
        return FileRead((ReturnedFile(facts=facts, sha256=sha256, file=job.path),), is_page=True)

    def _page(self, file: _OpenFile, ref: PageRef, placed: tuple[str, int] | None) -> PageRead:
        try:
            raster = file.opened.raster(ref.page)
            found = self._found(raster, ref, placed)
            if isinstance(found, PlacedPage):
                return PageRead(ref.page, self._saved(found, file, raster))
            kept = self._kept(found, file, raster)
        except (
            Exception
        ) as error:  # whatever it is, it costs this page and no other; the page says what it was
            return _unplaced(ref, "unreadable", _said(error, ref.source))
        page = UnplacedPage(
            source=ref.source,
            source_page=ref.page,
            reason=found.reason,
            detail=found.detail,
            thumbnail=found.preview,
            is_guide=found.is_guide,
            kept=kept,
            alike=found.alike,
        )
        return PageRead(ref.page, page, found.unmarked)

    def _found(
        self, raster: Raster, ref: PageRef, placed: tuple[str, int] | None
    ) -> PlacedPage | RejectedPage:
        issue = self._issues.find(placed[0]) if placed is not None else None
        if placed is None or issue is None:
            return read_page(raster, ref, self._context)
        return read_placed(raster, ref, issue, placed[1], self._context)

    def _kept(self, found: RejectedPage, file: _OpenFile, raster: Raster) -> Path | None:
        """A page that a person may place later, as it lies, as a PDF of its own; None where nobody need look at it."""
        if found.reason == "blank-page":
            return None
        target = page_pdf(Path(tempfile.mkdtemp(prefix="unplaced-", dir=self._staging)))
        file.upright.write(found.ref.page, 0, target, raster)
        return target

    def _saved(self, found: PlacedPage, file: _OpenFile, raster: Raster) -> ReturnedPage:
        folder = Path(tempfile.mkdtemp(prefix="page-", dir=self._staging))
        number = found.facts.ref.page
        file.upright.write(number, found.facts.sighting.turn, page_pdf(folder), raster)
        return save_page(found.facts, PageContent(file.sha256, number), found.preview, folder)


class _OpenFile:
    """A returned file, open: its pages as rasters, and upright.

    :raises DaibanError: it cannot be read; OSError: it cannot be hashed.
    """

    def __init__(self, job: PagesJob) -> None:
        self._key = job.path, job.name
        with ExitStack() as stack:
            self.opened = stack.enter_context(open_return(job.path, job.name))
            self.sha256 = job.sha256 or sha256_of_file(job.path)
            is_pdf, pages = self.opened.kind == "pdf", self.opened.pages
            self.upright = stack.enter_context(UprightPages(job.path, is_pdf=is_pdf, pages=pages))
            self._resources = stack.pop_all()

    def is_of(self, job: PagesJob) -> bool:
        """Whether it is the one that a job asks for."""
        return self._key == (job.path, job.name)

    def close(self) -> None:
        """Close it."""
        self._resources.close()


def _unplaced(ref: PageRef, reason: UnplacedReason, detail: str) -> PageRead:
    page = UnplacedPage(source=ref.source, source_page=ref.page, reason=reason, detail=detail)
    return PageRead(ref.page, page)


def _said(error: Exception, name: str) -> str:
    return "；".join(problem.problem for problem in _problems(error, name))


def _form(forms: Catalogue, form_id: str) -> FormDefinition | None:
    try:
        return forms.form(form_id)
    except FormError:
        return None


def _problems(error: Exception, name: str) -> tuple[Problem, ...]:
    if isinstance(error, DaibanError):
        return error.problems
    if isinstance(error, MemoryError):
        return (Problem(name, "这一页太大，内存不够", advice="请降低分辨率重新扫描"),)
    if isinstance(error, OSError):
        return (Problem(name, f"文件读不出来：{reason_of(error)}"),)
    what = f"{type(error).__name__}: {error}"[:_ERROR_SHOWN]
    return (
        Problem(
            name, f"读的时候程序出错（{what}）", advice="请重新扫描或换一种格式；仍然这样，请告诉维护人员"
        ),
    )
