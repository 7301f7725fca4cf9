"""All pages of all inputs, read by a crew of worker processes; each page comes out exactly once.

A file is opened by whoever gets its first pages; what it has beyond them is then given out in pieces, so that both a
heap of photographs and one long scan keep every worker busy. A page on which a worker dies is tried once more, alone;
a page on which it hangs is not. A file that costs several workers is left alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from daiban.verifying.crew import LARGEST_WORKER_MB, Crew, Lost
from daiban.verifying.outcome import FailedFile, UnplacedPage
from daiban.verifying.reader import (
    CHUNK_PAGES,
    DigitalJob,
    DigitalRead,
    Job,
    Message,
    Opened,
    PageRead,
    ReadJob,
    Refused,
    reader_for,
)
from daiban.verifying.sheets import Sheet
from daiban.verifying.standing import Digital
from extractors.identify import IssueCandidate, ocr_available
from foundation.errors import ExitCode, Problem, UnreadableError
from foundation.forking import READING

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
class Pile:
    """Everything that was read. ``sources``: names of all inputs, in order; ``hashes``: of those that could be read;
    ``unmarked``: pages that may be told by their print.
    """

    sources: tuple[str, ...]
    sheets: list[Sheet] = field(default_factory=list)
    unplaced: list[UnplacedPage] = field(default_factory=list)
    digital: list[Digital] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    unmarked: list[ReadJob] = field(default_factory=list)

    def in_order(self) -> None:
        """Put pages and files as a person would count them, whichever worker was done first: the same pile read again
        must be told in the same words.
        """
        order = {name: at for at, name in enumerate(self.sources)}
        self.digital.sort(key=lambda found: (order[found.facts.ref.source], found.facts.issue))
        self.failed.sort(key=lambda failed: order[failed.source])
        self.sheets.sort(key=lambda sheet: (order[sheet.ref.source], sheet.ref.page))
        self.unplaced.sort(key=lambda page: (order[page.source], page.source_page))


class Reading:
    """Reads a list of (path, name) with so many workers, against a workspace; ``staging`` takes what they saw."""

    def __init__(self, workspace: Path, staging: Path, workers: int, deadline_s: float = DEADLINE_S) -> None:
        self._workspace = workspace
        self._staging = staging
        self._workers = workers
        self._deadline_s = deadline_s

    def run(self, files: Sequence[tuple[Path, str]], pile: Pile) -> Iterator[int]:
        """Read everything into ``pile``; yields how many pages are added to what there is to do (negative: done)."""
        jobs: deque[Job] = deque(ReadJob(path, name) for path, name in files)
        desk = _Desk(jobs, pile)
        largest = _LARGEST_READING_DATES_MB if ocr_available() else LARGEST_WORKER_MB
        with self._crew(reader_for(self._workspace, self._staging), self._workers, largest) as crew:
            for job, message in crew.run(jobs):
                yield from desk.take(job, message)
        desk.close()
        pile.in_order()

    def look_again(self, pile: Pile, candidates: tuple[IssueCandidate, ...]) -> Iterator[int]:
        """Look at pages without marks once more, to tell them by their print; yields what is done (negative).

        One worker: OCR fills a processor's cache, and its models half a gigabyte.
        """
        jobs: deque[Job] = deque(pile.unmarked)
        make = reader_for(self._workspace, self._staging, candidates)
        with self._crew(make, 1, largest_mb=_LARGEST_WITH_OCR_MB) as crew:
            for job, message in crew.run(jobs):
                if isinstance(message, PageRead) and isinstance(message.found, Sheet):
                    place = (job.name, message.page)
                    pile.unplaced = [
                        page for page in pile.unplaced if (page.source, page.source_page) != place
                    ]
                    pile.sheets.append(message.found)
                if not isinstance(message, Opened):
                    yield -1
        pile.in_order()

    def _crew(
        self,
        make: Callable[[], Callable[[Job], Iterator[Message]]],
        workers: int,
        largest_mb: float = LARGEST_WORKER_MB,
    ) -> Crew[Job]:
        return Crew(make, workers, deadline_s=self._deadline_s, modules=READING, largest_mb=largest_mb)


@dataclass(slots=True)
class _PdfPages:
    """Pages of a PDF not yet answered for, and where those of ours belong."""

    left: int
    places: list[tuple[int, tuple[str, int]]] = field(default_factory=list)


class _Desk:
    """Takes what workers say, and hands out what is left to do."""

    def __init__(self, jobs: deque[Job], pile: Pile) -> None:
        self._jobs = jobs
        self._pile = pile
        self._open: dict[str, _PdfPages] = {}
        self._got: dict[ReadJob, int] = {}  # the last page that a job has answered for
        self._pages: dict[str, int] = {}
        self._losses: dict[str, int] = {}

    def take(self, job: Job, message: Message | Lost) -> Iterator[int]:
        """Deal with one message; yields pages added (positive) and done (negative)."""
        if isinstance(message, DigitalRead):
            self._pile.digital += message.found
            yield -int(message.is_page)
        elif isinstance(job, ReadJob):
            yield from self._take(job, message)
        # A PDF that cannot be read as a file has still been looked at, page by page.

    def _take(self, job: ReadJob, message: Opened | PageRead | Refused | Lost) -> Iterator[int]:
        match message:
            case Opened():
                yield message.pages - 1
                self._opened(job, message)
            case PageRead():
                self._got[job] = message.page
                self._keep(job, message)
                yield -1
            case Refused():
                yield from self._refused(job, message)
            case Lost():
                yield from self._lost(job, message)

    def _opened(self, job: ReadJob, message: Opened) -> None:
        self._pages[job.name] = message.pages
        self._pile.hashes[job.name] = message.sha256
        if message.is_pdf:
            self._open[job.name] = _PdfPages(message.pages)
        for first in range(job.last + 1, message.pages + 1, CHUNK_PAGES):
            last = min(first + CHUNK_PAGES - 1, message.pages)
            self._jobs.append(replace(job, first=first, last=last, sha256=message.sha256, tries=0))

    def _keep(self, job: ReadJob, message: PageRead) -> None:
        if isinstance(message.found, Sheet):
            self._pile.sheets.append(message.found)
        else:
            self._pile.unplaced.append(message.found)
        if message.unmarked:
            sha256 = self._pile.hashes[job.name]
            self._pile.unmarked.append(
                replace(job, first=message.page, last=message.page, sha256=sha256, tries=0)
            )
        self._count(job, message.page, message.found)

    def _count(self, job: ReadJob, page: int, found: Sheet | UnplacedPage) -> None:
        """Once every page of a PDF has been looked at, it is read as a file too, if any page of it is ours."""
        pages = self._open.get(job.name)
        if pages is None:
            return
        pages.left -= 1
        if isinstance(found, Sheet):
            pages.places.append((page, (found.issue, found.number)))
        if pages.left == 0 and pages.places:
            places = tuple(sorted(pages.places))
            self._jobs.append(DigitalJob(job.path, job.name, self._pile.hashes[job.name], places))

    def _refused(self, job: ReadJob, message: Refused) -> Iterator[int]:
        """A file that cannot be opened; or that can no longer be, in the middle."""
        self._pile.failed.append(FailedFile(source=job.name, problems=message.problems))
        yield from self._give_up(job, self._rest(job), "；".join(item.problem for item in message.problems))

    def _lost(self, job: ReadJob, lost: Lost) -> Iterator[int]:
        self._losses[job.name] = self._losses.get(job.name, 0) + 1
        told = _DIED if lost.how == "died" else _HUNG
        if job.name not in self._pages:
            yield from self._lost_unopened(job, lost, told)
            return
        sha256, rest = self._pile.hashes[job.name], self._rest(job)
        if not rest:
            return
        if self._losses[job.name] >= _LOSSES:
            self._fail(job, "这个文件多次使读取进程退出或停住，其余各页未读")
            yield from self._give_up(job, rest, told)
            return
        page, others = rest[0], rest[1:]
        if lost.how == "died" and job.tries + 1 < _TRIES:
            alone = replace(job, first=page, last=page, sha256=sha256, tries=job.tries + 1)
            self._jobs.append(alone)
        else:
            yield from self._give_up(job, [page], told)
        if others:
            self._jobs.append(replace(job, first=others[0], last=others[-1], sha256=sha256, tries=0))

    def _lost_unopened(self, job: ReadJob, lost: Lost, told: str) -> Iterator[int]:
        if lost.how == "died" and job.tries + 1 < _TRIES:
            self._jobs.append(replace(job, tries=job.tries + 1))
            return
        self._fail(job, told.replace("这一页", "这个文件"))
        yield from self._give_up(job, [1], told.replace("这一页", "这个文件"))

    def close(self) -> None:
        """A file of which not one page could be read is a file that cannot be read, whoever found it out."""
        told = {failed.source for failed in self._pile.failed}
        lost: dict[str, list[str]] = {}
        for page in self._pile.unplaced:
            if page.reason == "unreadable":
                lost.setdefault(page.source, []).append(page.detail)
        for name, details in lost.items():
            if name not in told and len(details) == self._pages.get(name):
                problem = "；".join(dict.fromkeys(details))
                self._pile.failed.append(
                    FailedFile(source=name, problems=(Problem(name, problem, advice=_ADVICE),))
                )

    def _rest(self, job: ReadJob) -> list[int]:
        """The pages of a job not answered for; page 1 stands for a file that could not be opened."""
        pages = self._pages.get(job.name)
        if pages is None:
            return [1]
        return list(range(self._got.get(job, job.first - 1) + 1, min(job.last, pages) + 1))

    def _give_up(self, job: ReadJob, pages: Sequence[int], why: str) -> Iterator[int]:
        for page in pages:
            lost = UnplacedPage(source=job.name, source_page=page, reason="unreadable", detail=why)
            self._pile.unplaced.append(lost)
            self._count(job, page, lost)
            yield -1

    def _fail(self, job: ReadJob, problem: str) -> None:
        problems = (Problem(job.name, problem, advice=_ADVICE),)
        code: ExitCode = UnreadableError.exit_code
        self._pile.failed.append(FailedFile(source=job.name, problems=problems, exit_code=code))
