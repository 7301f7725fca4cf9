"""Pages that were in no document (未归入的页), as they came, and what became of them.

A page is known by what it is: the SHA-256 of the file it came in, and its place in it. It stays on record when a person
places it, so that the same batch read again puts it where that person did; and a page that a person took away from a
document is not put back by its mark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, func, insert, select, update

from daiban.registry.connecting import Connect
from daiban.registry.decisions import Decision, add
from daiban.registry.returns import PageContent
from daiban.registry.tables import unplaced_page

_PREFIX = "P"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedRecord:
    """One page. ``reason``: why it was in no document, as ``verify`` gives it; ``detail``: one Chinese sentence more;
    ``file``: where it is kept as a PDF of one page, relative to the workspace, and its SHA-256; None where it could not
    be read.

    ``issue``, ``page``: where a person placed it; ``taken_from``, ``taken_page``: where a person took it away;
    ``dismissed_at``: when a person said that it is of no document. ``number``: given when it is recorded.
    """

    source_sha256: str
    source_page: int
    source: str
    batch: str
    reason: str
    detail: str
    file: str | None
    file_sha256: str | None
    recorded_at: datetime
    issue: str | None = None
    page: int | None = None
    taken_from: str | None = None
    taken_page: int | None = None
    dismissed_at: datetime | None = None
    number: int = 0

    @property
    def content(self) -> PageContent:
        """What it is."""
        return PageContent(self.source_sha256, self.source_page)

    @property
    def is_open(self) -> bool:
        """Whether a person still has to say where it belongs."""
        return self.issue is None and self.dismissed_at is None

    @property
    def subject(self) -> str:
        """How decisions about it name it."""
        return page_subject(self.number)


def page_subject(number: int) -> str:
    """How decisions, and people, name a page: ``P17``."""
    return f"{_PREFIX}{number}"


def page_number(subject: str) -> int | None:
    """The number of such a name, in any case of its letter; None where it is none."""
    digits = subject[len(_PREFIX) :]
    is_page = subject[: len(_PREFIX)].upper() == _PREFIX and digits.isdecimal() and digits.isascii()
    return int(digits) if is_page and len(digits) < 10 else None


_LARGEST_NUMBER = 2**31 - 1  # of an INTEGER on any database


class UnplacedPages:
    """The registry's part on such pages; made by :class:`daiban.registry.registry.Registry`."""

    def __init__(self, reading: Connect, writing: Connect) -> None:
        self._reading = reading
        self._writing = writing

    def find(self, number: int) -> UnplacedRecord | None:
        """A page by its number; None for one that was never given, whatever its size."""
        if not 0 < number <= _LARGEST_NUMBER:
            return None
        with self._reading() as connection:
            row = connection.execute(
                select(unplaced_page).where(unplaced_page.c.number == number)
            ).one_or_none()
        return _record(row) if row is not None else None

    def placed_at(self, issue: str, page: int) -> UnplacedRecord | None:
        """The page that a person placed there last."""
        same = and_(unplaced_page.c.issue == issue, unplaced_page.c.page == page)
        query = select(unplaced_page).where(same).order_by(unplaced_page.c.number.desc()).limit(1)
        with self._reading() as connection:
            row = connection.execute(query).first()
        return _record(row) if row is not None else None

    def of_contents(self, contents: Iterable[PageContent]) -> dict[PageContent, UnplacedRecord]:
        """What is on record of these pages."""
        wanted = set(contents)
        found: dict[PageContent, UnplacedRecord] = {}
        with self._reading() as connection:
            for sha256 in sorted({one.sha256 for one in wanted}):
                query = select(unplaced_page).where(unplaced_page.c.source_sha256 == sha256)
                records = map(_record, connection.execute(query))
                found |= {one.content: one for one in records if one.content in wanted}
        return found

    def open(self, *, limit: int, offset: int = 0) -> tuple[UnplacedRecord, ...]:
        """Pages that wait for a person, those that came first first."""
        query = select(unplaced_page).where(_is_open()).order_by(unplaced_page.c.number)
        with self._reading() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
        return tuple(map(_record, rows))

    def count_open(self) -> int:
        """How many there are."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(unplaced_page).where(_is_open())) or 0

    def record(self, came: Sequence[UnplacedRecord]) -> dict[PageContent, UnplacedRecord]:
        """Put pages on record that came now; one that is known keeps its number and what was decided about it."""
        known = self.of_contents(one.content for one in came)
        with self._writing() as connection:
            for one in came:
                if one.content not in known:
                    known[one.content] = replace(one, number=_inserted(connection, one))
        return known

    def forget(self, numbers: Iterable[int]) -> None:
        """Drop pages about which nobody decided anything: they were read and placed after all."""
        with self._writing() as connection:
            for number in numbers:
                connection.execute(delete(unplaced_page).where(unplaced_page.c.number == number))

    def settle(self, decided: UnplacedRecord, made: Decision) -> UnplacedRecord:
        """Write what became of a page together with the decision that made it so; a page that is not on record yet
        (number 0) is put there, and the decision is about it.
        """
        with self._writing() as connection:
            number = decided.number or _inserted(connection, decided)
            settled = replace(decided, number=number)
            same = unplaced_page.c.number == number
            connection.execute(update(unplaced_page).where(same).values(_row(settled)))
            add(connection, replace(made, subject=settled.subject))
        return settled


def _is_open() -> Any:
    return and_(unplaced_page.c.issue.is_(None), unplaced_page.c.dismissed_at.is_(None))


def _inserted(connection: Connection, one: UnplacedRecord) -> int:
    result = connection.execute(insert(unplaced_page).values(_row(one)))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def _row(one: UnplacedRecord) -> dict[str, Any]:
    return {item.name: getattr(one, item.name) for item in fields(one) if item.name != "number"}


def _record(row: Row[Any]) -> UnplacedRecord:
    return UnplacedRecord(**row._mapping)
