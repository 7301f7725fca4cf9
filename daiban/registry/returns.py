"""What came back (回收), as the registry keeps it: generation after generation per issue, and batch after batch.

A *generation* is one state of what is back of an issue: its pages put together, every field's observation, the
findings and the verdict. The first return makes generation 1; one that adds or betters something makes the next; older
ones stay. Recorded *before* its files are put into ``returned/`` and marked filed after, so a kill in between leaves a
record whose files the same ``verify`` puts in place when it is run again.

Shapes: ``facts``, ``digital`` and observations are plain data as :mod:`daiban.verifying.facts_json` writes them; times
are aware UTC; paths have ``/`` and are relative to the document's own folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, and_, delete, func, insert, select, update

from daiban.registry.tables import batch, finding, observation, return_page, returned

Value = TypeVar("Value")
Connect = Callable[[], AbstractContextManager[Connection]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """One page that counts. ``content``: what it is, whatever its file is called (hash of the file, and page)."""

    number: int
    content: str
    source: str
    source_page: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding, without its picture. ``box``: x0, y0, x1, y1 in mm."""

    code: str
    weight: str
    message: str
    field: str | None = None
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSummary:
    """One generation without its bulk. ``digest``: over everything that makes it what it is; ``files``: name in the
    document's folder → SHA-256. ``filed_at`` is None until they are in place.
    """

    issue: str
    generation: int
    batch: str
    verdict: str
    digest: str
    files: Mapping[str, str]
    recorded_at: datetime
    filed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation(GenerationSummary):
    """A whole generation. ``observations``: field id, state and all there is, in the form's order."""

    pages: tuple[PageRow, ...] = ()
    digital: tuple[Mapping[str, Any], ...] = ()
    observations: tuple[Mapping[str, Any], ...] = ()
    findings: tuple[FindingRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """One run of ``verify`` that has been reported. ``digest``: over what went in and what came out."""

    name: str
    digest: str
    checked_at: datetime
    sources: tuple[str, ...]
    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is back of an issue now, for lists: its newest generation, its findings and which pages it has."""

    newest: GenerationSummary
    pages: tuple[int, ...]
    findings: tuple[FindingRow, ...]


class Returns:
    """The registry's part on what came back; made by :class:`daiban.registry.registry.Registry`."""

    def __init__(self, reading: Connect, writing: Connect) -> None:
        self._reading = reading
        self._writing = writing

    # -- reading -----------------------------------------------------------------------------------

    def generations(self, issue: str) -> list[GenerationSummary]:
        """Every generation of an issue, from old to new."""
        query = select(returned).where(returned.c.issue == issue).order_by(returned.c.generation)
        with self._reading() as connection:
            return [GenerationSummary(**_plain(row)) for row in connection.execute(query)]

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

    def contents(self, issue: str) -> frozenset[str]:
        """The contents of all pages of an issue that ever were on record."""
        query = select(return_page.c.content).where(return_page.c.issue == issue).distinct()
        with self._reading() as connection:
            return frozenset(connection.scalars(query))

    def standings(self) -> dict[str, Standing]:
        """What is back of every issue of which anything is."""
        latest = (
            select(returned.c.issue, func.max(returned.c.generation).label("generation"))
            .group_by(returned.c.issue)
            .subquery()
        )

        def of_latest(table: Table) -> Any:
            return and_(table.c.issue == latest.c.issue, table.c.generation == latest.c.generation)

        with self._reading() as connection:
            newest = connection.execute(select(returned).join(latest, of_latest(returned))).all()
            pages = connection.execute(
                select(return_page.c.issue, return_page.c.number)
                .join(latest, of_latest(return_page))
                .order_by(return_page.c.number)
            ).all()
            findings = connection.execute(
                select(finding).join(latest, of_latest(finding)).order_by(finding.c.place)
            ).all()
        numbers = _grouped((row.issue, row.number) for row in pages)
        told = _grouped((row.issue, _finding(row)) for row in findings)
        return {
            row.issue: Standing(
                GenerationSummary(**_plain(row)),
                tuple(numbers.get(row.issue, ())),
                tuple(told.get(row.issue, ())),
            )
            for row in newest
        }

    def batch_of(self, digest: str) -> BatchRow | None:
        """The latest batch that put the same in and got the same out."""
        query = select(batch).where(batch.c.digest == digest).order_by(batch.c.checked_at.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        fields = dict(row._mapping)
        return BatchRow(**fields | {name: tuple(fields[name]) for name in ("sources", "reports")})

    # -- writing -----------------------------------------------------------------------------------

    def record(self, generation: Generation) -> None:
        """Write a generation in one transaction, replacing what stands under its number. Before filing."""
        key = {"issue": generation.issue, "generation": generation.generation}
        with self._writing() as connection:
            for table in (finding, observation, return_page, returned):
                same = and_(table.c.issue == generation.issue, table.c.generation == generation.generation)
                connection.execute(delete(table).where(same))
            connection.execute(insert(returned), [key | _returned_row(generation)])
            for table, rows in (
                (return_page, [_page_row(page) for page in generation.pages]),
                (observation, _observation_rows(generation.observations)),
                (finding, [_finding_row(at, item) for at, item in enumerate(generation.findings)]),
            ):
                if rows:
                    connection.execute(insert(table), [key | row for row in rows])

    def mark_filed(self, issue: str, generation: int, when: datetime) -> None:
        """Note that the files of a generation are in place."""
        same = and_(returned.c.issue == issue, returned.c.generation == generation)
        with self._writing() as connection:
            connection.execute(update(returned).where(same).values(filed_at=when))

    def record_batch(self, row: BatchRow) -> None:
        """Note that a batch has been checked and reported."""
        with self._writing() as connection:
            connection.execute(delete(batch).where(batch.c.name == row.name))
            values = {column.name: getattr(row, column.name) for column in batch.c}
            connection.execute(
                insert(batch), [values | {"sources": list(row.sources), "reports": list(row.reports)}]
            )


def _generation(connection: Connection, issue: str, number: int) -> Generation | None:
    def rows(table: Table, order: str) -> Sequence[Row[Any]]:
        same = and_(table.c.issue == issue, table.c.generation == number)
        return connection.execute(select(table).where(same).order_by(table.c[order])).all()

    head = rows(returned, "generation")
    if not head:
        return None
    names = PageRow.__dataclass_fields__
    return Generation(
        **_plain(head[0]),
        digital=tuple(head[0]._mapping["digital"]),
        pages=tuple(
            PageRow(**{name: row._mapping[name] for name in names}) for row in rows(return_page, "number")
        ),
        observations=tuple(row._mapping["data"] for row in rows(observation, "place")),
        findings=tuple(_finding(row) for row in rows(finding, "place")),
    )


def _plain(row: Row[Any]) -> dict[str, Any]:
    return {name: value for name, value in row._mapping.items() if name != "digital"}


def _finding(row: Row[Any]) -> FindingRow:
    fields = {name: row._mapping[name] for name in FindingRow.__dataclass_fields__}
    return FindingRow(**fields | {"box": tuple(row.box) if row.box else None})


def _returned_row(generation: Generation) -> dict[str, Any]:
    names = ("batch", "verdict", "digest", "recorded_at", "filed_at")
    row = {name: getattr(generation, name) for name in names}
    return row | {
        "files": dict(generation.files),
        "digital": [dict(item) for item in generation.digital],
    }


def _page_row(page: PageRow) -> dict[str, Any]:
    return {
        "number": page.number,
        "content": page.content,
        "source": page.source,
        "source_page": page.source_page,
        "facts": dict(page.facts),
    }


def _observation_rows(observations: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"place": at, "field": item["id"], "state": item["state"], "data": dict(item)}
        for at, item in enumerate(observations)
    ]


def _finding_row(place: int, item: FindingRow) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in FindingRow.__dataclass_fields__}
    return row | {"place": place, "box": list(item.box) if item.box else None}


def _grouped(pairs: Iterator[tuple[str, Value]]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
