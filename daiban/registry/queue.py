"""What is back, for lists of any length (待办): chosen, ordered and paged by the database, by what stands beside every
newest generation. Void issues are not in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, String, and_, cast, func, literal, or_, select, tuple_

from daiban.registry.connecting import Connect
from daiban.registry.issues import stands
from daiban.registry.rulings import Queue
from daiban.registry.tables import finding, issue, return_page, returned
from extractors.model import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which returns. ``queues``: what is to be done with them; ``decided``: only those a person decided something
    about; ``text``: in the case's id, the issue's number, or the names of project and enterprise, or of a form among
    those ``titled`` by it; ``forms``: ids. What is empty chooses nothing.
    """

    queues: Collection[Queue] = ()
    decided: bool = False
    text: str = ""
    titled: Collection[str] = ()
    cases: Collection[str] = ()
    forms: Collection[str] = ()

    @property
    def is_whole(self) -> bool:
        """Whether it chooses by what is to be done alone."""
        return not (self.decided or self.text.strip() or self.cases or self.forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """One return. ``standing``: the verdict that counts; ``machine``: the machine's; ``decided``: the number of the
    latest decision about it.
    """

    issue: str
    case_id: str
    form_id: str
    stage: str | None
    project: str
    enterprise: str
    generation: int
    machine: Verdict
    standing: Verdict
    queue: Queue
    decided: int | None
    returned_at: datetime
    is_filed: bool


@dataclass(frozen=True, slots=True)
class QueueStretch:
    """Some of the returns that a filter chooses. ``total``: how many it chooses in all; ``counts``: how many returns of
    any kind there are to do each thing with.
    """

    rows: tuple[QueueRow, ...]
    total: int
    counts: Mapping[Queue, int]


@dataclass(frozen=True, slots=True)
class LackedPage:
    """A page that is not back of a document of which others are."""

    issue: str
    case_id: str
    form_id: str
    project: str
    pages: int
    number: int


#: What is said of the issue in which a page is lacking.
_PLACE = (
    issue.c.number.label("issue"),
    issue.c.case_id,
    issue.c.form_id,
    issue.c["values"]["project.name"].as_string().label("project"),
    issue.c.pages,
)


class QueueQueries:
    """The registry's part on such lists; made by :class:`daiban.registry.registry.Registry`."""

    def __init__(self, reading: Connect) -> None:
        self._reading = reading

    def stretch(self, wanted: QueueFilter, *, limit: int, offset: int = 0) -> QueueStretch:
        """Those that came first first, so many of them."""
        # The stretch is chosen first: what its documents say is read of them alone.
        meant = (
            select(returned.c.issue)
            .select_from(_joined())
            .where(_condition(wanted))
            .order_by(returned.c.recorded_at, returned.c.issue)
        )
        with self._reading() as connection:
            counts = _counts(connection)
            if wanted.is_whole:
                total = sum(number for queue, number in counts.items() if queue in (wanted.queues or counts))
                chosen = connection.scalars(meant.limit(limit).offset(offset)).all()
            else:  # every document is looked at, so it is done once
                found = connection.scalars(meant).all()
                total, chosen = len(found), found[offset : offset + limit]
            query = _selected(QueueFilter()).where(returned.c.issue.in_(chosen))
            rows = tuple(_queue_row(row) for row in connection.execute(query)) if chosen else ()
        return QueueStretch(rows, total, counts)

    def after(self, wanted: QueueFilter, number: str) -> QueueRow | None:
        """The one after an issue, whether or not that one is still among them; the first one where it is the last."""
        place = select(returned.c.recorded_at).where(
            returned.c.issue == number, returned.c.queue.is_not(None)
        )
        with self._reading() as connection:
            when = connection.scalar(place)
            beyond = tuple_(returned.c.recorded_at, returned.c.issue) > tuple_(when, number)
            query = _selected(wanted)
            row = connection.execute(query.where(beyond).limit(1)).first() if when is not None else None
            row = row or connection.execute(query.where(returned.c.issue != number).limit(1)).first()
        return _queue_row(row) if row is not None else None

    def lacked(self, *, of_source: str | None, limit: int) -> tuple[LackedPage, ...]:
        """Pages that are lacking of documents of which others are back, those that came last first. ``of_source``: only
        of documents other pages of which came in the file of this hash.
        """
        newest = and_(finding.c.issue == returned.c.issue, finding.c.generation == returned.c.generation)
        query = (
            select(*_PLACE, finding.c.page.label("number"))
            .select_from(_joined().join(finding, newest))
            .where(stands(), returned.c.queue.is_not(None))
            .where(finding.c.code == "page-missing", finding.c.page.is_not(None))
            .order_by(returned.c.recorded_at.desc(), issue.c.number, finding.c.page)
            .limit(limit)
        )
        if of_source is not None:
            came = select(return_page.c.issue).where(return_page.c.source_sha256 == of_source)
            query = query.where(issue.c.number.in_(came))
        return self._lacked(query)

    def awaited(self, form_id: str, *, page: int, limit: int) -> tuple[LackedPage, ...]:
        """This page of issues of a form that stand and of which nothing is back, those that went out last first."""
        back = select(returned.c.issue).where(returned.c.issue == issue.c.number).exists()
        query = (
            select(*_PLACE, literal(page).label("number"))
            .where(issue.c.form_id == form_id, issue.c.pages >= page, issue.c.published_at.is_not(None))
            .where(stands(), ~back)
            .order_by(issue.c.created_at.desc(), issue.c.number)
            .limit(limit)
        )
        return self._lacked(query)

    def _lacked(self, query: Select[Any]) -> tuple[LackedPage, ...]:
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return tuple(LackedPage(**{**row._mapping, "project": row.project or ""}) for row in rows)

    def find(self, number: str) -> QueueRow | None:
        """What is back of one issue; None where nothing is, or it is void."""
        query = _selected(QueueFilter()).where(returned.c.issue == number)
        with self._reading() as connection:
            row = connection.execute(query).first()
        return _queue_row(row) if row is not None else None

    def counts(self) -> Mapping[Queue, int]:
        """How many returns there are to do each thing with."""
        with self._reading() as connection:
            return _counts(connection)


def _counts(connection: Connection) -> Mapping[Queue, int]:
    query = (
        select(returned.c.queue, func.count().label("number"))
        .select_from(_joined())
        .where(_condition(QueueFilter()))
        .group_by(returned.c.queue)
    )
    return {row.queue: row.number for row in connection.execute(query)}


def _joined() -> Any:
    return returned.join(issue, issue.c.number == returned.c.issue)


def _selected(wanted: QueueFilter) -> Select[Any]:
    values = issue.c["values"]
    columns = (
        returned.c.issue,
        issue.c.case_id,
        issue.c.form_id,
        issue.c.stage,
        values["project.name"].as_string().label("project"),
        values["enterprise.name"].as_string().label("enterprise"),
        returned.c.generation,
        returned.c.verdict.label("machine"),
        returned.c.standing,
        returned.c.queue,
        returned.c.decided,
        returned.c.recorded_at.label("returned_at"),
        returned.c.filed_at.is_not(None).label("is_filed"),
    )
    query = select(*columns).select_from(_joined()).where(_condition(wanted))
    return query.order_by(returned.c.recorded_at, returned.c.issue)


def _condition(wanted: QueueFilter) -> Any:
    conditions: list[Any] = [stands()]
    queue = returned.c.queue
    conditions.append(queue.in_(list(wanted.queues)) if wanted.queues else queue.is_not(None))
    if wanted.decided:
        conditions.append(returned.c.decided.is_not(None))
    if wanted.cases:
        conditions.append(issue.c.case_id.in_(list(wanted.cases)))
    if wanted.forms:
        conditions.append(issue.c.form_id.in_(list(wanted.forms)))
    if wanted.text.strip():
        conditions.append(or_(_says(wanted.text.strip()), issue.c.form_id.in_(list(wanted.titled))))
    return and_(*conditions)


def _says(text: str) -> Any:
    values = issue.c["values"]
    named = [values[name].as_string() for name in ("project.name", "enterprise.name")]
    places = [issue.c.case_id, cast(issue.c.number, String), *named]
    return or_(*(place.icontains(text, autoescape=True) for place in places))


def _queue_row(row: Row[Any]) -> QueueRow:
    found = dict(row._mapping)
    names = {name: found[name] or "" for name in ("project", "enterprise")}
    return QueueRow(**{**found, **names, "is_filed": bool(found["is_filed"])})
