"""Placing returned pages by hand (归入、移出、不归入): an unplaced page to its document, or a wrongly placed one away.

The page that was kept is read again as the page it is said to be, the document judged anew and filed as a new
generation. A page that is taken away becomes unplaced, and is not put back by its mark. Who did it stands on record
beside it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from daiban.deciding.decide import DecidedMeanwhileError
from daiban.documents.return_status import ReturnStatus, return_status
from daiban.office import LockedOffice, Office
from daiban.registry import Decision, Generation, PageContent, UnplacedRecord, page_subject, standing
from daiban.registry.unplaced import page_number
from daiban.verifying.assembling.best_copies import AssembledDocument, IssueArrival
from daiban.verifying.assembling.case_judge import CaseJudge
from daiban.verifying.assembling.previous_return import earlier_page, previous_return
from daiban.verifying.filing.filer import Filer
from daiban.verifying.filing.unplaced import kept_file
from daiban.verifying.issued import IssuedDocuments
from daiban.verifying.reading.batch_reader import BatchReader, ReadBatch
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from daiban.verifying.reading.upright import bind
from daiban.verifying.reporting.document_outcome import document_outcome
from extractors.model import IssuedDocument, PageRef
from foundation.digests import sha256_of_file, sha256_of_file_if_readable
from foundation.errors import NotWritableError, Problem, UnreadableError, UsageError
from foundation.frozen_model import FrozenModel, Timestamp

_TAKEN_AWAY = "由人移出"
_DONE = {"place": "归入", "remove": "移出", "dismiss": "定为不归入", "undo": "撤销"}


class PlacingResult(FrozenModel):
    """What was done with a page. ``page``: how it is named; ``issue``, ``number``: the document and page of it that
    it was placed to or taken away from, null for one that is of no document; ``returned``: what is back of that
    document now.
    """

    page: str
    source: str
    source_page: int
    done: Literal["place", "remove", "dismiss", "undo"]
    by: str
    at: Timestamp
    reason: str
    case: str | None
    form: str | None
    issue: str | None
    number: int | None
    returned: ReturnStatus | None


@dataclass(frozen=True, slots=True)
class _Said:
    """Who says it, when and why."""

    by: str
    reason: str
    at: dt.datetime


def place(
    office: Office, page: str, issue: str, number: int, *, by: str, reason: str, seen: int | None = None
) -> PlacingResult:
    """Put an unplaced page where it belongs: page ``number`` of an issue. ``seen``: the number of the latest decision
    about the page that the person has before them (0: none), None where nobody can know it.

    :raises UsageError: no such page or issue, the page is placed already, or another one is back in its place.
    :raises DecidedMeanwhileError: somebody decided about the page since the person looked.
    :raises UnreadableError: what was kept of the page is gone or was changed, or cannot be read.
    :raises NotWritableError: the workspace cannot be written.
    """
    with office.writing() as locked:
        run = _PlacingRun(locked, _said(by, reason))
        record = run.open_page(page, seen)
        target = run.issue(issue, number)
        if run.is_back(target, number):
            advice = (
                f"要换成这一页，先把原来的移出：daiban place {office.workspace.path} {issue}/{number} --away"
            )
            raise UsageError(Problem(issue, f"第 {number} 页已经交回", advice=advice))
        return run.place(record, target, number, "place")


def take_away(
    office: Office, issue: str, number: int, *, by: str, reason: str, generation: int | None = None
) -> PlacingResult:
    """Take page ``number`` of what is back of an issue out of it; it is unplaced from then on. ``generation``: the
    state of the return that the person has before them, None where nobody can know it.

    :raises UsageError: no such issue, the page is not back, or it is part of an electronic file.
    :raises DecidedMeanwhileError: the return is another by now.
    :raises UnreadableError: the filed page is gone or was changed.
    :raises NotWritableError: the workspace cannot be written.
    """
    with office.writing() as locked:
        run = _PlacingRun(locked, _said(by, reason))
        run.refuse_other_return(issue, generation)
        return run.take_away(run.issue(issue, number), number, "remove")


def dismiss(office: Office, page: str, *, by: str, reason: str, seen: int | None = None) -> PlacingResult:
    """Say of an unplaced page that it is of no document of ours; it asks nobody any more. ``seen``,
    DecidedMeanwhileError: as :func:`place`.

    :raises UsageError: no such page, or it is placed.
    """
    with office.writing() as locked:
        run = _PlacingRun(locked, _said(by, reason))
        record = run.open_page(page, seen)
        return run.settled(replace(record, dismissed_at=run.said.at), "dismiss", None, None)


def undo_placing(
    office: Office, page: str, *, by: str, reason: str, seen: int | None = None
) -> PlacingResult:
    """Take back the latest decision about a page: it is again where it was before. ``seen``, DecidedMeanwhileError: as
    :func:`place`.

    :raises UsageError: no such page, nobody decided about it, or its place is taken by now.
    :raises UnreadableError, NotWritableError: as :func:`place` and :func:`take_away`.
    """
    with office.writing() as locked:
        return _PlacingRun(locked, _said(by, reason)).undo(page, seen)


def placing_words(made: Decision) -> str:
    """A decision about a page, for people: ``王芳 2026-11-30 归入 7K3M9QX2 第2页：是它的第二页``."""
    issue, _, number = (made.outcome or "").partition("/")
    where = f" {issue} 第{number}页" if issue else ""
    return f"{made.by} {made.at.astimezone().date().isoformat()} {_DONE[made.kind]}{where}：{made.reason}"


def _said(by: str, reason: str) -> _Said:
    return _Said(by, reason, dt.datetime.now(dt.UTC))


class _PlacingRun:
    """One decision about a page, while the workspace is locked."""

    def __init__(self, office: LockedOffice, said: _Said) -> None:
        self._office = office
        self._workspace = office.workspace
        self._registry = office.open_registry
        self._issues = IssuedDocuments(self._registry, self._workspace.path)
        self.said = said

    # -- what it is about ------------------------------------------------------------------------------

    def page(self, name: str) -> UnplacedRecord:
        """A page by its name (``P17``)."""
        number = page_number(name)
        record = self._registry.unplaced.find(number) if number is not None else None
        if record is None:
            advice = "未归入的页和它们的编号，用 daiban queue --unplaced 查看"
            raise UsageError(Problem(name, f"没有未归入的页“{name}”", advice=advice))
        return record

    def open_page(self, name: str, seen: int | None) -> UnplacedRecord:
        """A page that is not placed and of which nobody said that it is of no document."""
        record = self.page(name)
        self._refuse_overtaken(record, seen)
        if not record.is_open:
            where = f"已归入 {record.issue} 第{record.page}页" if record.issue else "已定为不归入"
            advice = f"要改的，先用 daiban undo {self._workspace.path} {record.subject} 撤销"
            raise UsageError(Problem(record.subject, f"这一页{where}", advice=advice))
        return record

    def issue(self, number: str, page: int) -> IssuedDocument:
        """An issue that stands and has such a page."""
        found = self._issues.find(number)
        if found is None:
            advice = "编号印在每页的二维码下面，daiban status 也会列出"
            raise UsageError(Problem(number, f"登记库里没有编号“{number}”", advice=advice))
        if found.is_void:
            raise UsageError(Problem(number, f"这一份已作废；{found.what_stands}"))
        if not 1 <= page <= found.pages:
            raise UsageError(Problem(number, f"没有第 {page} 页：这一份共 {found.pages} 页"))
        return found

    def refuse_other_return(self, issue: str, generation: int | None) -> None:
        """Stop whoever looked at another return of the document than the one that is on record now."""
        newest = self._registry.returns.newest(issue)
        if generation is not None and newest is not None and newest.generation != generation:
            problem = "您看的时候到现在，这一份又变了（有人归过页，或又交回了新的），请看过再移出"
            raise DecidedMeanwhileError(Problem(issue, problem))

    def _refuse_overtaken(self, record: UnplacedRecord, seen: int | None) -> None:
        """Stop whoever has not seen the latest decision about a page."""
        made = self._registry.decisions.about(record.subject)
        if seen is not None and made and made[-1].number != seen:
            said = placing_words(made[-1])
            advice = f"看过以后仍要决定的，加上 --seen {made[-1].number}"
            raise DecidedMeanwhileError(Problem(record.subject, f"别人已经决定过（{said}）", advice=advice))

    def is_back(self, issue: IssuedDocument, number: int) -> bool:
        """Whether such a page is back already."""
        newest = self._registry.returns.newest(issue.number)
        return newest is not None and any(page.number == number for page in newest.pages)

    # -- doing it --------------------------------------------------------------------------------------

    def place(
        self, record: UnplacedRecord, issue: IssuedDocument, number: int, kind: Literal["place", "undo"]
    ) -> PlacingResult:
        """Read a page as that page of the issue, and file the document with it."""
        kept = self._kept(record)
        with self._workspace.staging() as staging:
            pages, files = self._read(kept, record, issue, number, staging)
            self._file(issue, IssueArrival(pages=pages, digital=files), staging, must_have=number)
        placed = replace(record, issue=issue.number, page=number, dismissed_at=None)
        return self.settled(placed, kind, issue, number)

    def take_away(self, issue: IssuedDocument, number: int, kind: Literal["remove", "undo"]) -> PlacingResult:
        """File the document without that page, and keep the page."""
        previous = previous_return(self._workspace, self._registry.returns, issue)
        page = previous.pages.get(number) if previous is not None else None
        if previous is None or page is None:
            problem = f"第 {number} 页没有交回，或归档的文件不在了、被人改过，不能移出"
            raise UsageError(Problem(issue.number, problem, advice="用 daiban status 查看"))
        if any(page.is_from(item) for item in previous.digital):
            advice = f"整份不对的，退回：daiban decide {self._workspace.path} {issue.number} reject"
            raise UsageError(Problem(issue.number, "这一页是电子文件的一部分，不能单独移出", advice=advice))
        record = self._taken(previous.newest, page, issue, number)
        with self._workspace.staging() as staging:
            file, sha256 = self._keep(page, record, staging)
            self._file(issue, IssueArrival(), staging, without=number)
        taken = replace(
            record,
            file=file,
            file_sha256=sha256,
            issue=None,
            page=None,
            taken_from=issue.number,
            taken_page=number,
        )
        return self.settled(taken, kind, issue, number)

    def undo(self, name: str, seen: int | None) -> PlacingResult:
        """What was decided last about a page, taken back."""
        record = self.page(name)
        self._refuse_overtaken(record, seen)
        made = standing(self._registry.decisions.about(record.subject))
        if not made:
            raise UsageError(Problem(record.subject, "这一页还没有人决定过，没有可以撤销的"))
        last = made[-1]
        self._undone = last.number
        if last.kind == "dismiss":
            return self.settled(replace(record, dismissed_at=None), "undo", None, None)
        issue, _, number = (last.outcome or "").partition("/")
        target = self.issue(issue, int(number))
        if last.kind == "place":
            return self.take_away(target, int(number), "undo")
        if self.is_back(target, int(number)):
            raise UsageError(Problem(issue, f"第 {number} 页已经另有一页，不能放回", advice="先把那一页移出"))
        return self._put_back(record, target, int(number), last)

    def settled(
        self,
        record: UnplacedRecord,
        kind: Literal["place", "remove", "dismiss", "undo"],
        issue: IssuedDocument | None,
        number: int | None,
    ) -> PlacingResult:
        """Record what became of a page, and who said so."""
        made = Decision(
            case_id=issue.case_id if issue is not None else "",
            kind=kind,
            subject=record.subject,
            outcome=f"{issue.number}/{number}" if issue is not None else None,
            reason=self.said.reason,
            by=self.said.by,
            at=self.said.at,
            file=record.file,
            file_sha256=record.file_sha256,
            about=self._undone,
        )
        done = self._registry.unplaced.settle(record, made)
        return self._result(done, made, issue, number)

    #: The number of the decision that is taken back.
    _undone: int | None = None

    # -- steps -----------------------------------------------------------------------------------------

    def _kept(self, record: UnplacedRecord) -> Path:
        """The file that was kept of a page, as it was kept."""
        place = self._workspace.path / record.file if record.file else None
        if place is None or sha256_of_file_if_readable(place) != record.file_sha256:
            where = record.file or record.source
            problem = "这一页留存的文件不在了，或被人改过" if record.file else "这一页当时读不出来，没有留存"
            raise UnreadableError(Problem(where, problem, advice="请把原件重新扫描，再核验一次"))
        return place

    def _read(
        self, kept: Path, record: UnplacedRecord, issue: IssuedDocument, number: int, staging: Path
    ) -> tuple[list[ReturnedPage], list[ReturnedFile]]:
        """What a kept page says as that page of an issue; it goes by the name of the file it came in."""
        name = record.source
        read = ReadBatch((name,))
        reader = BatchReader(self._workspace.path, staging, workers=1)
        for _ in reader.run([(kept, name)], read, placed=(issue.number, number)):
            pass
        if not read.pages:
            problems = tuple(problem for item in read.failed for problem in item.problems)
            details = (Problem(name, page.detail) for page in read.unplaced)
            raise UnreadableError(*(problems or details))
        ref = PageRef(name, record.source_page)
        return [replace(page, ref=ref) for page in read.pages], read.digital

    def _file(
        self,
        issue: IssuedDocument,
        arrival: IssueArrival,
        staging: Path,
        *,
        without: int | None = None,
        must_have: int | None = None,
    ) -> None:
        """Judge and file a document with what arrives, or without one of its pages."""
        judge = CaseJudge(self._office, self._registry, self._issues)
        left_out = {issue.number: without} if without is not None else {}
        [document] = judge.case(issue.case_id, [(issue, arrival)], left_out)
        _require(document, must_have)
        outcome = document_outcome(document, judge.form(issue.form_id))
        batch = f"place-{self.said.at.astimezone():%Y%m%d-%H%M%S}"
        filer = Filer(self._workspace, self._registry.returns, staging, batch)
        _, failed = filer.place([filer.prepare(document, outcome, self.said.at)], self.said.at)
        if failed:
            raise NotWritableError(*(problem for item in failed for problem in item.problems))

    def _taken(
        self, newest: Generation, page: ReturnedPage, issue: IssuedDocument, number: int
    ) -> UnplacedRecord:
        """The record of a page that is taken away: its own, if a person placed it, or one that is new."""
        known = self._registry.unplaced.placed_at(issue.number, number)
        if known is not None and page.content in (known.content, PageContent(known.file_sha256 or "", 1)):
            return known
        found = self._registry.unplaced.of_contents([page.content]).get(page.content)
        if found is not None:
            return found
        row = next(row for row in newest.pages if row.number == number)
        return UnplacedRecord(
            source_sha256=page.content.sha256,
            source_page=page.content.page,
            source=row.source,
            batch=newest.batch,
            reason="unknown-document",
            detail=f"{_TAKEN_AWAY}：原在 {issue.number} 第{number}页",
            file=None,
            file_sha256=None,
            recorded_at=self.said.at,
        )

    def _keep(self, page: ReturnedPage, record: UnplacedRecord, staging: Path) -> tuple[str, str]:
        """A filed page as a file of its own among the unplaced; its path and SHA-256."""
        if record.file is not None and record.file_sha256 is not None:
            return record.file, record.file_sha256
        staged = staging / "taken.pdf"
        bind([(page.pdf, page.pdf_page)], staged)
        sha256 = sha256_of_file(staged)
        target = kept_file(self._workspace, page.content)
        self._workspace.publish(staged, target)
        return self._workspace.relative(target), sha256

    def _put_back(
        self, record: UnplacedRecord, issue: IssuedDocument, number: int, made: Decision
    ) -> PlacingResult:
        """A page that was taken away goes back as it was, from the history of its document; where that is gone, it is
        read again.
        """
        page = earlier_page(self._workspace, self._registry.returns, issue, number, record.content)
        if page is None:
            return self.place(record, issue, number, "undo")
        with self._workspace.staging() as staging:
            self._file(issue, IssueArrival(pages=[page]), staging, must_have=number)
        back = replace(record, issue=issue.number, page=number, taken_from=None, taken_page=None)
        return self.settled(back, "undo", issue, number)

    def _result(
        self, record: UnplacedRecord, made: Decision, issue: IssuedDocument | None, number: int | None
    ) -> PlacingResult:
        summary = self._registry.find(issue.number) if issue is not None else None
        latest = (
            self._registry.returns.latest(issues=[issue.number]).get(issue.number)
            if issue is not None
            else None
        )
        kind = made.kind
        assert kind in ("place", "remove", "dismiss", "undo")
        return PlacingResult(
            page=page_subject(record.number),
            source=record.source,
            source_page=record.source_page,
            done=kind,
            by=made.by,
            at=made.at,
            reason=made.reason,
            case=issue.case_id if issue is not None else None,
            form=issue.form_id if issue is not None else None,
            issue=issue.number if issue is not None else None,
            number=number,
            returned=return_status(summary, latest) if summary is not None else None,
        )


def _require(document: AssembledDocument, number: int | None) -> None:
    """Raises UsageError where what is back stands without the page that was to be placed."""
    if number is not None and number not in document.pages:
        problem = "已交回的电子文件更齐全，这一页没有用上"
        advice = "电子文件不对的，先用 daiban decide 退回"
        raise UsageError(Problem(document.issue.number, problem, advice=advice))
