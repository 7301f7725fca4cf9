"""What came back (回收), as the registry keeps it: generation after generation per issue.

A *generation* is one state of what is back of an issue: its pages put together, every field's observation, the
findings and the verdict. The first return makes generation 1; one that adds or betters something makes the next; older
ones stay. Recorded *before* its files are put into ``returned/`` and marked filed after, so a kill in between leaves a
record whose files the same ``verify`` puts in place when it is run again.

Shapes: facts, observations and findings are without pictures; times are aware UTC; paths have ``/`` and are relative
to the document's own folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Table, and_, delete, func, insert, select, update

from daiban.registry.connecting import Connect
from daiban.registry.decisions import Decision, add, decisions_about
from daiban.registry.facts import RecordedFile
from daiban.registry.issues import of_cases
from daiban.registry.rulings import ReturnRuling, ruling
from daiban.registry.tables import finding, observation, return_page, returned
from daiban.registry.tables import issue as issue_table
from extractors.model import Finding, Observation, PageFacts, Verdict

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True, order=True)
class PageContent:
    """What a page is, whatever its file is called: the SHA-256 of the file, and the page in it, from 1."""

    sha256: str
    page: int

    def __str__(self) -> str:
        """As digests of generations name it: ``<sha256>:<page>``. Must not change: old digests are compared."""
        return f"{self.sha256}:{self.page}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPage:
    """One page of an issue that counts. ``source``: the name of the file it came in, as people know it."""

    number: int
    source: str
    content: PageContent
    facts: PageFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSummary:
    """One generation without its bulk. ``digest``: over everything that makes it what it is; ``files``: name in the
    document's folder → SHA-256. ``filed_at`` is None until they are in place.
    """

    issue: str
    generation: int
    batch: str
    verdict: Verdict
    digest: str
    files: Mapping[str, str]
    recorded_at: datetime
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(GenerationSummary):
    """A whole generation. ``observations``: every field's final one, in the form's order."""

    pages: tuple[RecordedPage, ...] = ()
    digital: tuple[RecordedFile, ...] = ()
    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class LatestReturn:
    """What is back of an issue now, for lists: its newest generation, its findings, which pages it has, and what people
    decided about it.
    """

    newest: GenerationSummary
    pages: tuple[int, ...]
    findings: tuple[Finding, ...]
    ruling: ReturnRuling

    @property
    def verdict(self) -> Verdict:
        """The verdict that counts: a person's where there is one."""
        return self.ruling.verdict

    @property
    def since(self) -> datetime:
        """Since when it counts: when the return was recorded, or when a person decided."""
        made = self.ruling.latest
        return made.at if made is not None and self.ruling.is_decided else self.newest.recorded_at


class Returns:
    """The registry's part on what came back; made by :class:`daiban.registry.registry.Registry`."""

    def __init__(self, reading: Connect, writing: Connect) -> None:
        self._reading = reading
        self._writing = writing

    # -- reading -----------------------------------------------------------------------------------

    def generations(self, issue: str) -> list[GenerationSummary]:
        """Every generation of an issue, from old to new."""
        query = select(*_SUMMARY_COLUMNS).where(returned.c.issue == issue).order_by(returned.c.generation)
        with self._reading() as connection:
            return [GenerationSummary(**row._mapping) for row in connection.execute(query)]

    def of_place(self, docx: str) -> list[GenerationSummary]:
        """Every generation of every issue with this place in ``issued/``, void ones too; in the order of recording.

        Issues of one paper share their place, and so the folder of their returns.
        """
        query = (
            select(*_SUMMARY_COLUMNS)
            .join(issue_table, issue_table.c.number == returned.c.issue)
            .where(issue_table.c.docx == docx)
            .order_by(returned.c.recorded_at, returned.c.generation)
        )
        with self._reading() as connection:
            return [GenerationSummary(**row._mapping) for row in connection.execute(query)]

    def generation(self, issue: str, number: int) -> Generation | None:
        """One generation, whole."""
        with self._reading() as connection:
            return _generation(connection, issue, number)

    def newest(self, issue: str) -> Generation | None:
        """The newest generation of an issue, whole; filed or not."""
        query = select(func.max(returned.c.generation)).where(returned.c.issue == issue)
        with self._reading() as connection:
            number = connection.scalar(query)
            return _generation(connection, issue, number) if number is not None else None

    def contents(self, issue: str) -> dict[int, tuple[PageContent, ...]]:
        """What the pages of every generation of an issue are, in the order of their numbers; by generation, from old
        to new.
        """
        query = (
            select(return_page.c.generation, return_page.c.source_sha256, return_page.c.source_page)
            .where(return_page.c.issue == issue)
            .order_by(return_page.c.generation, return_page.c.number)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return _grouped((row.generation, PageContent(row.source_sha256, row.source_page)) for row in rows)

    def pages_from(self, issue: str, sha256: str) -> list[RecordedPage]:
        """Every page of an issue that ever counted and came in the file of this hash; from old to new, so a page may
        be there several times.
        """
        query = (
            select(return_page)
            .where(return_page.c.issue == issue, return_page.c.source_sha256 == sha256)
            .order_by(return_page.c.generation, return_page.c.number)
        )
        with self._reading() as connection:
            return [_page(row) for row in connection.execute(query)]

    def latest(
        self, case_ids: Collection[str] | None = None, *, issues: Collection[str] | None = None
    ) -> dict[str, LatestReturn]:
        """What is back of every issue of which anything is, by issue number; of these cases, or these issues, if any
        are named.
        """
        with self._reading() as connection:
            return latest_returns(connection, case_ids, issues)

    # -- writing -----------------------------------------------------------------------------------

    def record(self, generation: Generation) -> None:
        """Write a generation in one transaction, replacing what stands under its number. Before filing."""
        key = {"issue": generation.issue, "generation": generation.generation}
        head = {name: getattr(generation, name) for name in _HEAD}
        with self._writing() as connection:
            for table in (finding, observation, return_page, returned):
                same = and_(table.c.issue == generation.issue, table.c.generation == generation.generation)
                connection.execute(delete(table).where(same))
            connection.execute(insert(returned), [head])
            for table, rows in (
                (return_page, [_page_row(page) for page in generation.pages]),
                (observation, [_observation_row(*item) for item in enumerate(generation.observations)]),
                (finding, [_finding_row(*item) for item in enumerate(generation.findings)]),
            ):
                if rows:
                    connection.execute(insert(table), [key | row for row in rows])
            _restate(connection, generation.issue)

    def mark_filed(self, issue: str, generation: int, when: datetime) -> None:
        """Note that the files of a generation are in place."""
        same = and_(returned.c.issue == issue, returned.c.generation == generation)
        with self._writing() as connection:
            connection.execute(update(returned).where(same).values(filed_at=when))

    def decide(self, made: Decision, last: int) -> int | None:
        """Record a decision about what is back of an issue, its subject. ``last``: the number of the latest decision
        about it that the person knows of, 0 for none.

        Returns its number; None, and nothing is recorded, where another decision or a newer return has come since.
        """
        own = returned.c.issue == made.subject
        with self._writing() as connection:
            # Whoever comes second waits here; on SQLite every writer does.
            connection.execute(select(returned.c.generation).where(own).with_for_update())
            known = latest_returns(connection, None, [made.subject]).get(made.subject)
            if known is None or known.ruling.last != last or known.newest.generation != made.generation:
                return None
            number = add(connection, made)
            _restate(connection, made.subject)
        return number


def latest_returns(
    connection: Connection, case_ids: Collection[str] | None, issues: Collection[str] | None
) -> dict[str, LatestReturn]:
    """:meth:`Returns.latest` within somebody's transaction."""
    newest_query = select(returned.c.issue, func.max(returned.c.generation).label("generation"))
    if case_ids is not None:
        newest_query = newest_query.join(issue_table, issue_table.c.number == returned.c.issue).where(
            of_cases(case_ids)
        )
    if issues is not None:
        newest_query = newest_query.where(returned.c.issue.in_(tuple(issues)))
    newest = newest_query.group_by(returned.c.issue).subquery()

    def of_newest(table: Table) -> Any:
        return and_(table.c.issue == newest.c.issue, table.c.generation == newest.c.generation)

    heads = connection.execute(select(*_SUMMARY_COLUMNS).join(newest, of_newest(returned))).all()
    pages = connection.execute(
        select(return_page.c.issue, return_page.c.number)
        .join(newest, of_newest(return_page))
        .order_by(return_page.c.number)
    ).all()
    findings = connection.execute(
        select(finding).join(newest, of_newest(finding)).order_by(finding.c.place)
    ).all()
    numbers = _grouped((row.issue, row.number) for row in pages)
    noted = _grouped((row.issue, _finding(row)) for row in findings)
    is_part = case_ids is not None or issues is not None
    decided = decisions_about(connection, [row.issue for row in heads] if is_part else None)
    return {
        head.issue: LatestReturn(
            newest=head,
            pages=numbers.get(head.issue, ()),
            findings=(found := noted.get(head.issue, ())),
            ruling=ruling(head.verdict, head.generation, found, decided.get(head.issue, ())),
        )
        for head in (GenerationSummary(**row._mapping) for row in heads)
    }


def _restate(connection: Connection, issue: str) -> None:
    """Write what counts of an issue's newest generation beside it, so that lists need not work it out."""
    latest = latest_returns(connection, None, [issue])[issue]
    nothing = {"standing": None, "queue": None, "decided": None}
    connection.execute(update(returned).where(returned.c.issue == issue).values(nothing))
    same = and_(returned.c.issue == issue, returned.c.generation == latest.newest.generation)
    made = latest.ruling.latest
    stands = {
        "standing": latest.verdict,
        "queue": latest.ruling.queue,
        "decided": made.number if made is not None else None,
    }
    connection.execute(update(returned).where(same).values(stands))


def return_marks() -> Select[Any]:
    """The query for what changes of a case's returns when one is recorded or filed."""
    return (
        select(
            issue_table.c.case_id,
            func.count(returned.c.generation),
            func.max(returned.c.recorded_at),
            func.count(returned.c.filed_at),
            func.max(returned.c.filed_at),
        )
        .join(issue_table, issue_table.c.number == returned.c.issue)
        .group_by(issue_table.c.case_id)
    )


# -- rows ------------------------------------------------------------------------------------------

_SUMMARY_COLUMNS = [returned.c[item.name] for item in fields(GenerationSummary)]
_HEAD = [*(column.name for column in _SUMMARY_COLUMNS), "digital"]
_FINDING_COLUMNS = [item.name for item in fields(Finding) if item.name in finding.c]


def _generation(connection: Connection, issue: str, number: int) -> Generation | None:
    def rows(table: Table, order: str) -> Sequence[Row[Any]]:
        same = and_(table.c.issue == issue, table.c.generation == number)
        return connection.execute(select(table).where(same).order_by(table.c[order])).all()

    head = rows(returned, "generation")
    if not head:
        return None
    return Generation(
        **{name: head[0]._mapping[name] for name in _HEAD},
        pages=tuple(_page(row) for row in rows(return_page, "number")),
        observations=tuple(row.data for row in rows(observation, "place")),
        findings=tuple(_finding(row) for row in rows(finding, "place")),
    )


def _page(row: Row[Any]) -> RecordedPage:
    return RecordedPage(
        number=row.number,
        source=row.source,
        content=PageContent(row.source_sha256, row.source_page),
        facts=row.facts,
    )


def _page_row(page: RecordedPage) -> dict[str, Any]:
    return {
        "number": page.number,
        "source": page.source,
        "source_sha256": page.content.sha256,
        "source_page": page.content.page,
        "facts": page.facts,
    }


def _observation_row(place: int, item: Observation) -> dict[str, Any]:
    return {"place": place, "field": item.id, "state": item.state, "data": item}


def _finding(row: Row[Any]) -> Finding:
    return Finding(**{name: row._mapping[name] for name in _FINDING_COLUMNS})


def _finding_row(place: int, item: Finding) -> dict[str, Any]:
    return {"place": place} | {name: getattr(item, name) for name in _FINDING_COLUMNS}


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, tuple[Value, ...]]:
    found: dict[Key, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in found.items()}
