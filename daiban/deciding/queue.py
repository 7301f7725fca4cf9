"""The queue (待办): what is back and waits for a person, what is incomplete, what is complete, and unplaced pages.

Read only, and never more than a page of it: the database chooses, orders and counts (:mod:`daiban.registry.queue`), so
that it takes as long with thirty thousand documents as with thirty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from daiban.documents.person_answer import PersonAnswer
from daiban.office import Office
from daiban.registry import LatestReturn, Queue, QueueFilter, QueueRow, Registry, UnplacedRecord
from extractors.model import FindingCode, FindingWeight, Verdict
from forms.geometry import Box
from foundation.errors import UsageError
from foundation.frozen_model import FrozenModel, Timestamp

#: A part of the queue: what a person must decide or confirm (待核对), what must be mended (不齐全), what is complete
#: (齐全), what people decided (已决定), everything.
QueuePart = Literal["todo", "incomplete", "complete", "decided", "all"]
PART_NAMES: dict[QueuePart, str] = {
    "todo": "待核对",
    "incomplete": "不齐全",
    "complete": "齐全",
    "decided": "已决定",
    "all": "全部",
}
_QUEUES: dict[QueuePart, tuple[Queue, ...]] = {
    "todo": ("decide", "confirm"),
    "incomplete": ("incomplete",),
    "complete": ("complete",),
    "decided": (),
    "all": (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRequest:
    """Which part of the queue, and which stretch of it. ``text``: in the case's id, the issue's number, the names of
    project and enterprise, or the form's title; ``cases``, ``forms``: only these, by id; empty: all.
    """

    part: QueuePart = "todo"
    text: str = ""
    cases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    limit: int = 50
    offset: int = 0


class QueueFinding(FrozenModel):
    """One finding of a document. ``number``: how decisions name it, from 1; ``weight``: by what people said of it;
    ``machine_weight``: the machine's own; ``box``: in mm from the top left of the issued page.
    """

    number: int
    code: FindingCode
    message: str
    field: str | None
    page: int | None
    weight: FindingWeight
    machine_weight: FindingWeight
    box: tuple[float, float, float, float] | None
    decision: PersonAnswer | None


class QueueDocument(FrozenModel):
    """One document that is back. ``queue``: what is to be done with it; ``generation``, ``last``: the state of the
    return, and the number of the latest decision about it: what a person who decides has seen.
    """

    issue: str
    case: str
    form: str
    title: str
    stage: str | None
    project: str
    enterprise: str
    queue: Queue
    verdict: Verdict
    machine_verdict: Verdict
    returned_at: Timestamp
    filed: bool
    generation: int
    last: int
    findings: tuple[QueueFinding, ...]
    decision: PersonAnswer | None
    waiting: tuple[PersonAnswer, ...]
    earlier: tuple[PersonAnswer, ...]


class QueuePage(FrozenModel):
    """An unplaced page that waits for a person. ``page``: how it is named; ``file``: where it is kept, relative to the
    workspace, null where it could not be read.
    """

    page: str
    source: str
    source_page: int
    reason: str
    detail: str
    file: str | None
    came_at: Timestamp


class QueueCounts(FrozenModel):
    """How many documents there are to do each thing with, and unplaced pages."""

    decide: int = 0
    confirm: int = 0
    incomplete: int = 0
    complete: int = 0
    unplaced: int = 0

    @property
    def todo(self) -> int:
        """How many documents wait for a person."""
        return self.decide + self.confirm


class QueueReport(FrozenModel):
    """A stretch of the queue. ``total``: how many documents the request chooses in all."""

    counts: QueueCounts
    total: int
    documents: tuple[QueueDocument, ...] = ()
    unplaced: tuple[QueuePage, ...] = ()


def return_queue(office: Office, request: QueueRequest) -> QueueReport:
    """The documents of a part of the queue, those that came first first.

    :raises UnreadableError: the registry is missing though documents went out, or damaged.
    """
    with office.registry() as registry:
        if registry is None:
            return QueueReport(counts=QueueCounts(), total=0)
        stretch = registry.queue.stretch(_filter(office, request), limit=request.limit, offset=request.offset)
        return QueueReport(
            counts=_counts(registry, stretch.counts),
            total=stretch.total,
            documents=_documents(office, registry, stretch.rows),
        )


def unplaced_queue(office: Office, *, limit: int = 50, offset: int = 0) -> QueueReport:
    """The unplaced pages that wait for a person, those that came first first. Errors: as :func:`return_queue`."""
    with office.registry() as registry:
        if registry is None:
            return QueueReport(counts=QueueCounts(), total=0)
        counts = _counts(registry, registry.queue.counts())
        pages = registry.unplaced.open(limit=limit, offset=offset)
        return QueueReport(counts=counts, total=counts.unplaced, unplaced=tuple(map(_page, pages)))


def next_document(office: Office, request: QueueRequest, after: str) -> QueueDocument | None:
    """The document of a part of the queue that comes after an issue, decided or not by now; the first one where it was
    the last, None where no other is left. Errors: as :func:`return_queue`.
    """
    with office.registry() as registry:
        if registry is None:
            return None
        row = registry.queue.after(_filter(office, request), after)
        return _documents(office, registry, [row])[0] if row is not None else None


def queued_document(office: Office, issue: str) -> QueueDocument:
    """One document that is back, whichever part of the queue it is in.

    :raises UsageError: there is no such issue, it is void, or nothing is back of it. Other errors: as
        :func:`return_queue`.
    """
    with office.registry() as registry:
        row = registry.queue.find(issue) if registry is not None else None
        if registry is None or row is None:
            raise UsageError(f"编号“{issue}”没有交回，或已作废")
        return _documents(office, registry, [row])[0]


def _filter(office: Office, request: QueueRequest) -> QueueFilter:
    text = request.text.strip()
    titled = tuple(form.id for form in office.catalogue.forms if text and text in form.title)
    return QueueFilter(
        queues=_QUEUES[request.part],
        decided=request.part == "decided",
        text=text,
        titled=titled,
        cases=request.cases,
        forms=request.forms,
    )


def _counts(registry: Registry, found: Mapping[Queue, int]) -> QueueCounts:
    return QueueCounts(
        decide=found.get("decide", 0),
        confirm=found.get("confirm", 0),
        incomplete=found.get("incomplete", 0),
        complete=found.get("complete", 0),
        unplaced=registry.unplaced.count_open(),
    )


def _documents(office: Office, registry: Registry, rows: Iterable[QueueRow]) -> tuple[QueueDocument, ...]:
    listed = tuple(rows)
    back = registry.returns.latest(issues=[row.issue for row in listed])
    return tuple(_document(office, row, back[row.issue]) for row in listed)


def _document(office: Office, row: QueueRow, back: LatestReturn) -> QueueDocument:
    ruling = back.ruling
    return QueueDocument(
        issue=row.issue,
        case=row.case_id,
        form=row.form_id,
        title=office.titles.get(row.form_id, row.form_id),
        stage=row.stage,
        project=row.project,
        enterprise=row.enterprise,
        queue=ruling.queue,
        verdict=ruling.verdict,
        machine_verdict=ruling.machine,
        returned_at=row.returned_at,
        filed=row.is_filed,
        generation=row.generation,
        last=ruling.last,
        findings=tuple(_findings(back)),
        decision=PersonAnswer.of(ruling.whole) if ruling.whole is not None else None,
        waiting=tuple(map(PersonAnswer.of, ruling.waiting)),
        earlier=tuple(map(PersonAnswer.of_decision, ruling.earlier)),
    )


def _findings(back: LatestReturn) -> Iterable[QueueFinding]:
    weighed = zip(back.findings, back.ruling.weighed(back.findings), strict=True)
    for number, (item, now) in enumerate(weighed, 1):
        given = back.ruling.findings.get(number)
        yield QueueFinding(
            number=number,
            code=item.code,
            message=item.message,
            field=item.field,
            page=item.page,
            weight=now.weight,
            machine_weight=item.weight,
            box=_sides(item.box),
            decision=PersonAnswer.of(given) if given is not None else None,
        )


def _sides(box: Box | None) -> tuple[float, float, float, float] | None:
    return None if box is None else (box.x0, box.y0, box.x1, box.y1)


def _page(record: UnplacedRecord) -> QueuePage:
    return QueuePage(
        page=record.subject,
        source=record.source,
        source_page=record.source_page,
        reason=record.reason,
        detail=record.detail,
        file=record.file,
        came_at=record.recorded_at,
    )
