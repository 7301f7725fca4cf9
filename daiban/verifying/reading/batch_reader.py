"""All pages of all inputs, read by a pool of worker processes; each page comes out exactly once.

A file is opened by the worker that gets its first pages; the rest of them are then given out in pieces, so that both
many photographs and one long scan keep every worker busy. A page on which a worker dies is tried once more, alone;
a page on which it hangs is not. A file that costs several workers is left alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from daiban.verifying.issued import IssueScope
from daiban.verifying.outcome import FailedFile, UnplacedPage
from daiban.verifying.reading.jobs import (
    CHUNK_PAGES,
    FileOpened,
    FileRead,
    FileRefused,
    PageRead,
    PagesJob,
    ReadingJob,
    ReadingMessage,
    WholeFileJob,
)
from daiban.verifying.reading.page_worker import worker_maker
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from daiban.verifying.reading.worker_pool import LARGEST_WORKER_MB, WorkerLost, WorkerPool
from daiban.worker_modules import READING_MODULES
from extractors.identify import IssueCandidate, ocr_available
from forms.page_mark import GUIDE_NUMBER
from foundation.errors import ExitCode, Problem, UnreadableError

#: A page may take this long, with opening its file and hashing it; then its worker is ended.
DEADLINE_S = 60.0
_LARGEST_WITH_OCR_MB = 1000
_LARGEST_READING_DATES_MB = 640  # with OCR for single lines: its models and what it works on take 200 MB
_TRIES = 2  # how often a page is given out when workers die on it
_LOSSES = 4  # how many workers a file may cost before the rest of it is given up

_DIED = "读这一页时程序异常退出，内容可能已损坏"
_HUNG = f"读这一页超过 {DEADLINE_S:g} 秒，已放弃"
_ADVICE = "请重新扫描，或换一种格式再交"


@dataclass(slots=True)
class ReadBatch:
    """Everything that was read. ``sources``: names of all inputs, in order; ``hashes``: of those that could be read;
    ``unmarked``: pages that may be identified by their print.
    """

    sources: tuple[str, ...]
    pages: list[ReturnedPage] = field(default_factory=list)
    unplaced: list[UnplacedPage] = field(default_factory=list)
    digital: list[ReturnedFile] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    unmarked: list[PagesJob] = field(default_factory=list)

    def seen_again(self, name: str, number: int, found: ReturnedPage | UnplacedPage) -> None:
        """Take what a second look at an unplaced page gave: whose it is, or what its print is like."""
        at = next(
            at for at, one in enumerate(self.unplaced) if (one.source, one.source_page) == (name, number)
        )
        if isinstance(found, ReturnedPage):
            del self.unplaced[at]
            self.pages.append(found)
        else:
            self.unplaced[at] = self.unplaced[at].model_copy(update={"alike": found.alike})

    def in_order(self) -> None:
        """Sort pages and files as a person would count them, whichever worker was done first: the same batch read again
        must be reported in the same order.
        """
        order = {name: at for at, name in enumerate(self.sources)}
        self.digital.sort(key=lambda found: (order[found.facts.ref.source], found.facts.issue))
        self.failed.sort(key=lambda failed: order[failed.source])
        self.pages.sort(key=lambda page: (order[page.ref.source], page.ref.page))
        self.unplaced.sort(key=lambda page: (order[page.source], page.source_page))


class BatchReader:
    """Reads a list of (path, name) with so many workers, against a workspace; ``staging`` takes what they saw.

    ``scope``: the issues that alone count as ours; pages of others are unknown.
    """

    def __init__(
        self,
        workspace: Path,
        staging: Path,
        workers: int,
        deadline_s: float = DEADLINE_S,
        *,
        scope: IssueScope | None = None,
    ) -> None:
        self._workspace = workspace
        self._staging = staging
        self._workers = workers
        self._deadline_s = deadline_s
        self._scope = scope

    def run(
        self,
        files: Sequence[tuple[Path, str]],
        batch: ReadBatch,
        placed: tuple[str, int] | None = None,
    ) -> Iterator[int]:
        """Read everything into ``batch``; yields how many pages are added to what there is to do (negative: done).

        ``placed``: the issue and page of it where a person placed what is read.
        """
        jobs: deque[ReadingJob] = deque(PagesJob(path, name, placed=placed) for path, name in files)
        dispatcher = _JobDispatcher(jobs, batch)
        largest = _LARGEST_READING_DATES_MB if ocr_available() else LARGEST_WORKER_MB
        make = worker_maker(self._workspace, self._staging, scope=self._scope)
        with self._pool(make, self._workers, largest) as pool:
            for job, message in pool.run(jobs):
                yield from dispatcher.take(job, message)
        dispatcher.close()
        batch.in_order()

    def look_again(self, batch: ReadBatch, candidates: tuple[IssueCandidate, ...]) -> Iterator[int]:
        """Look at pages without marks once more, to identify them by their print; yields what is done (negative).

        One worker: OCR fills a processor's cache, and its models half a gigabyte.
        """
        jobs: deque[ReadingJob] = deque(batch.unmarked)
        make = worker_maker(self._workspace, self._staging, candidates, scope=self._scope)
        with self._pool(make, 1, largest_mb=_LARGEST_WITH_OCR_MB) as pool:
            for job, message in pool.run(jobs):
                if isinstance(message, PageRead):
                    batch.seen_again(job.name, message.page, message.found)
                if not isinstance(message, FileOpened):
                    yield -1
        batch.in_order()

    def _pool(
        self,
        make: Callable[[], Callable[[ReadingJob], Iterator[ReadingMessage]]],
        workers: int,
        largest_mb: float = LARGEST_WORKER_MB,
    ) -> WorkerPool[ReadingJob]:
        return WorkerPool(
            make, workers, deadline_s=self._deadline_s, modules=READING_MODULES, largest_mb=largest_mb
        )


@dataclass(slots=True)
class _PendingPdf:
    """Pages of a PDF not yet answered for, and where those of ours belong."""

    left: int
    places: list[tuple[int, tuple[str, int]]] = field(default_factory=list)


class _JobDispatcher:
    """Takes what workers answer, and gives out what is left to do."""

    def __init__(self, jobs: deque[ReadingJob], batch: ReadBatch) -> None:
        self._jobs = jobs
        self._batch = batch
        self._open: dict[str, _PendingPdf] = {}
        self._got: dict[PagesJob, int] = {}  # the last page that a job has answered for
        self._pages: dict[str, int] = {}
        self._losses: dict[str, int] = {}

    def take(self, job: ReadingJob, message: ReadingMessage | WorkerLost) -> Iterator[int]:
        """Deal with one message; yields pages added (positive) and done (negative)."""
        if isinstance(message, FileRead):
            self._batch.digital += message.found
            yield -int(message.is_page)
        elif isinstance(job, PagesJob):
            yield from self._take(job, message)
        # A PDF that cannot be read as a file has still been looked at, page by page.

    def _take(
        self, job: PagesJob, message: FileOpened | PageRead | FileRefused | WorkerLost
    ) -> Iterator[int]:
        match message:
            case FileOpened():
                yield message.pages - 1
                self._opened(job, message)
            case PageRead():
                self._got[job] = message.page
                self._keep(job, message)
                yield -1
            case FileRefused():
                yield from self._refused(job, message)
            case WorkerLost():
                yield from self._lost(job, message)

    def _opened(self, job: PagesJob, message: FileOpened) -> None:
        self._pages[job.name] = message.pages
        self._batch.hashes[job.name] = message.sha256
        if message.is_pdf:
            self._open[job.name] = _PendingPdf(message.pages)
        for first in range(job.last + 1, message.pages + 1, CHUNK_PAGES):
            last = min(first + CHUNK_PAGES - 1, message.pages)
            self._jobs.append(replace(job, first=first, last=last, sha256=message.sha256, tries=0))

    def _keep(self, job: PagesJob, message: PageRead) -> None:
        if isinstance(message.found, ReturnedPage):
            self._batch.pages.append(message.found)
        else:
            self._batch.unplaced.append(message.found)
        if message.unmarked:
            sha256 = self._batch.hashes[job.name]
            self._batch.unmarked.append(
                replace(job, first=message.page, last=message.page, sha256=sha256, tries=0)
            )
        self._count(job, message.page, message.found)

    def _count(self, job: PagesJob, page: int, found: ReturnedPage | UnplacedPage) -> None:
        """Once every page of a PDF has been looked at, it is read as a file too, if any page of it is ours."""
        pages = self._open.get(job.name)
        if pages is None:
            return
        pages.left -= 1
        if isinstance(found, ReturnedPage):
            pages.places.append((page, (found.issue, found.number)))
        elif found.is_guide:
            pages.places.append((page, (GUIDE_NUMBER, page)))  # known, and no page that somebody added
        if pages.left == 0 and pages.places:
            places = tuple(sorted(pages.places))
            self._jobs.append(WholeFileJob(job.path, job.name, self._batch.hashes[job.name], places))

    def _refused(self, job: PagesJob, message: FileRefused) -> Iterator[int]:
        """A file that cannot be opened; or that can no longer be, in the middle."""
        self._batch.failed.append(FailedFile(source=job.name, problems=message.problems))
        yield from self._give_up(job, self._rest(job), "；".join(item.problem for item in message.problems))

    def _lost(self, job: PagesJob, lost: WorkerLost) -> Iterator[int]:
        self._losses[job.name] = self._losses.get(job.name, 0) + 1
        why = _DIED if lost.how == "died" else _HUNG
        if job.name not in self._pages:
            yield from self._lost_unopened(job, lost, why)
            return
        sha256, rest = self._batch.hashes[job.name], self._rest(job)
        if not rest:
            return
        if self._losses[job.name] >= _LOSSES:
            self._fail(job, "这个文件多次使读取进程退出或停住，其余各页未读")
            yield from self._give_up(job, rest, why)
            return
        page, others = rest[0], rest[1:]
        if lost.how == "died" and job.tries + 1 < _TRIES:
            alone = replace(job, first=page, last=page, sha256=sha256, tries=job.tries + 1)
            self._jobs.append(alone)
        else:
            yield from self._give_up(job, [page], why)
        if others:
            self._jobs.append(replace(job, first=others[0], last=others[-1], sha256=sha256, tries=0))

    def _lost_unopened(self, job: PagesJob, lost: WorkerLost, why: str) -> Iterator[int]:
        if lost.how == "died" and job.tries + 1 < _TRIES:
            self._jobs.append(replace(job, tries=job.tries + 1))
            return
        of_file = why.replace("这一页", "这个文件")
        self._fail(job, of_file)
        yield from self._give_up(job, [1], of_file)

    def close(self) -> None:
        """A file of which not one page could be read is a file that cannot be read, whoever found it out."""
        failed = {item.source for item in self._batch.failed}
        lost: dict[str, list[str]] = {}
        for page in self._batch.unplaced:
            if page.reason == "unreadable":
                lost.setdefault(page.source, []).append(page.detail)
        for name, details in lost.items():
            if name not in failed and len(details) == self._pages.get(name):
                problem = "；".join(dict.fromkeys(details))
                self._batch.failed.append(
                    FailedFile(source=name, problems=(Problem(name, problem, advice=_ADVICE),))
                )

    def _rest(self, job: PagesJob) -> list[int]:
        """The pages of a job not answered for; page 1 stands for a file that could not be opened."""
        pages = self._pages.get(job.name)
        if pages is None:
            return [1]
        return list(range(self._got.get(job, job.first - 1) + 1, min(job.last, pages) + 1))

    def _give_up(self, job: PagesJob, pages: Sequence[int], why: str) -> Iterator[int]:
        for page in pages:
            lost = UnplacedPage(source=job.name, source_page=page, reason="unreadable", detail=why)
            self._batch.unplaced.append(lost)
            self._count(job, page, lost)
            yield -1

    def _fail(self, job: PagesJob, problem: str) -> None:
        problems = (Problem(job.name, problem, advice=_ADVICE),)
        code: ExitCode = UnreadableError.exit_code
        self._batch.failed.append(FailedFile(source=job.name, problems=problems, exit_code=code))
