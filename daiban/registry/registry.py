"""The registry (登记库): which document went out under which number, with what in it and where its fields
are.

One SQLite file in the workspace, or any database SQLAlchemy can reach: nothing here is SQLite's own SQL. An
issue is recorded *before* its files are published and marked published after, so a kill in between leaves a
record without files, which the next run finds and completes, and never files without a record. A newer
issue of the same form of the same case supersedes (作废) the older one, which stays on record.

The registry also keeps the workspace's mark key, with which page marks are signed. Losing it would make
every paper that is out unknown, so a registry is never silently created anew: see :meth:`Registry.open`.

Shapes: times are aware UTC ``datetime``; boxes and paper sizes are mm from the page's top left; ``page``
counts from 1; hashes are lower-case hex SHA-256; ``docx`` and ``pdf`` are paths relative to the workspace,
with ``/``.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    and_,
    delete,
    insert,
    inspect,
    or_,
    select,
    update,
)

from daiban.registry.returns import Returns
from daiban.registry.store import UPGRADABLE, address, engine_for, lay_schema, provide_file, upgrade
from daiban.registry.tables import SCHEMA_VERSION, issue, meta, page, translated
from forms.geometry import Box, FieldArea
from forms.page_mark import ALPHABET, NUMBER_LENGTH
from foundation.errors import Problem, UnreadableError

_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueSummary:
    """One issue without its bulk: what deciding, listing and counting need (60,000 of them fit in memory).

    ``digest`` is the hash of form, template and values: equal digests mean nothing changed.
    ``blank`` are the ids of the fields left open. ``published_at`` is None until both files are in place.
    """

    number: str
    case_id: str
    form_id: str
    digest: str
    pages: int
    docx: str
    pdf: str | None
    docx_sha256: str
    pdf_sha256: str | None
    created_at: datetime
    blank: tuple[str, ...] = ()
    published_at: datetime | None = None
    superseded_by: str | None = None
    superseded_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueRecord(IssueSummary):
    """A whole issue. ``page_sizes`` holds ``(width_mm, height_mm)`` per page, in order."""

    values: Mapping[str, Any]
    areas: tuple[FieldArea, ...] = ()
    page_sizes: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PrintedValues:
    """What the pages of one issue say of its case; nothing of where they say it."""

    number: str
    form_id: str
    pages: int
    values: Mapping[str, Any]


class Registry:
    """An open registry. Use it as a context manager, or ``close()`` it."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writing=True)
        self._place = place

    # -- opening -----------------------------------------------------------------------------------

    @classmethod
    def open(cls, path_or_url: Path | str, *, create: bool = True, busy_timeout_s: float = 30.0) -> Registry:
        """Open the registry, making it if it is not there and ``create`` allows that.

        Callers pass ``create=not workspace.has_issued``: where documents went out, a missing registry is a
        loss to be told, not a thing to be made anew. ``busy_timeout_s`` is how long to wait for another
        writer.

        :raises UnreadableError: missing and not to be created, not a database, damaged, or of a newer
        program.
        :raises NotWritableError: locked by another program, no permission, disk full.
        """
        url, file = address(path_or_url)
        place = str(file) if file else url.render_as_string(hide_password=True)
        if file is not None:
            provide_file(file, create=create)
        registry = cls(engine_for(url, busy_timeout_s), place)
        try:
            registry._check(create=create and file is None)
        except BaseException:
            registry.close()
            raise
        return registry

    @property
    def returns(self) -> Returns:
        """What came back of the issues on record."""
        return Returns(self._read, self._write)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _check(self, *, create: bool) -> None:
        if create:
            with self._write() as connection:
                lay_schema(connection)
        with self._read() as connection:
            if not inspect(connection).has_table(meta.name):
                raise UnreadableError(Problem(self._place, "不是登记库", advice="请从备份恢复登记库"))
            version = connection.scalar(select(meta.c.value).where(meta.c.key == "schema"))
        if version in UPGRADABLE:
            with self._write() as connection:
                upgrade(connection)
        elif version != str(SCHEMA_VERSION):
            problem = f"登记库的格式是第 {version} 版，本程序只认第 {SCHEMA_VERSION} 版"
            raise UnreadableError(Problem(self._place, problem, advice="请使用相同或更新版本的程序"))

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with translated(self._place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with translated(self._place), self._writer.begin() as connection:
            yield connection

    # -- keys and numbers --------------------------------------------------------------------------

    def mark_key(self) -> bytes:
        """The workspace's secret, 32 bytes, with which page marks are signed; made once with the registry."""
        with self._read() as connection:
            value = connection.scalar(select(meta.c.value).where(meta.c.key == "mark_key"))
        if not value:
            raise UnreadableError(
                Problem(self._place, "登记库里的页码标记密钥不见了", advice="请从备份恢复登记库")
            )
        return bytes.fromhex(value)

    def new_numbers(self, count: int) -> list[str]:
        """``count`` fresh random issue numbers, unlike each other and every number on record."""
        fresh: dict[str, None] = {}
        with self._read() as connection:
            while len(fresh) < count:
                wanted = {_random_number() for _ in range(count - len(fresh))} - fresh.keys()
                taken = set(_select_in(connection, select(issue.c.number), wanted))
                fresh.update(dict.fromkeys(wanted - taken))
        return list(fresh)

    # -- reading -----------------------------------------------------------------------------------

    def current(self) -> dict[tuple[str, str], IssueSummary]:
        """The latest issue not superseded of every (case id, form id), published or not."""
        query = _SUMMARIES.where(issue.c.superseded_by.is_(None))
        with self._read() as connection:
            # Sorted from old to new, so that the latest of a key is the one that stays.
            rows = connection.execute(query, execution_options={"yield_per": 1000})
            return {(row.case_id, row.form_id): _summary(row) for row in rows}

    def current_for(self, case_id: str, form_id: str) -> IssueRecord | None:
        """The latest issue not superseded of one form of one case, whole."""
        query = (
            select(issue.c.number)
            .where(issue.c.case_id == case_id, issue.c.form_id == form_id, issue.c.superseded_by.is_(None))
            .order_by(issue.c.created_at.desc(), issue.c.number.desc())
            .limit(1)
        )
        with self._read() as connection:
            number = connection.scalar(query)
        return self.find(number) if number else None

    def issues(self, case_id: str | None = None) -> list[IssueSummary]:
        """Every issue on record, superseded ones too, from old to new; of one case if named."""
        query = _SUMMARIES if case_id is None else _SUMMARIES.where(issue.c.case_id == case_id)
        with self._read() as connection:
            return [_summary(row) for row in connection.execute(query)]

    def find(self, number: str) -> IssueRecord | None:
        """The whole issue of a number, or None if that number never went out."""
        sizes = (
            select(page.c.width_mm, page.c.height_mm).where(page.c.issue == number).order_by(page.c.number)
        )
        with self._read() as connection:
            row = connection.execute(select(issue).where(issue.c.number == number)).one_or_none()
            if row is None:
                return None
            page_sizes = tuple((size.width_mm, size.height_mm) for size in connection.execute(sizes))
        return _record(row, page_sizes)

    def values_out(self) -> Iterator[PrintedValues]:
        """What every issue says that is out with a PDF, superseded ones left out; from old to new."""
        query = (
            select(issue.c.number, issue.c.form_id, issue.c.pages, issue.c["values"])
            .where(
                issue.c.superseded_by.is_(None), issue.c.published_at.is_not(None), issue.c.pdf.is_not(None)
            )
            .order_by(issue.c.created_at, issue.c.number)
        )
        with self._read() as connection:
            for row in connection.execute(query, execution_options={"yield_per": 1000}):
                yield PrintedValues(row.number, row.form_id, row.pages, row._mapping["values"])

    # -- writing -----------------------------------------------------------------------------------

    def record(self, records: Sequence[IssueRecord]) -> None:
        """Write these issues in one transaction, replacing what stands under their numbers. Before
        publishing."""
        if not records:
            return
        numbers = [record.number for record in records]
        pages = [row for record in records for row in _page_rows(record)]
        with self._write() as connection:
            for chunk in _chunks(numbers):
                connection.execute(delete(page).where(page.c.issue.in_(chunk)))
                connection.execute(delete(issue).where(issue.c.number.in_(chunk)))
            connection.execute(insert(issue), [_issue_row(record) for record in records])
            if pages:
                connection.execute(insert(page), pages)

    def mark_published(self, numbers: Sequence[str], when: datetime) -> None:
        """Note that the files of these issues are in place; older issues of the same form of the same case
        become superseded by them in the same transaction.

        :raises KeyError: a number was never recorded.
        """
        columns = select(issue.c.number, issue.c.case_id, issue.c.form_id, issue.c.created_at)
        with self._write() as connection:
            rows = {
                row.number: row for chunk in _chunks(numbers) for row in _among(connection, columns, chunk)
            }
            for number in numbers:
                connection.execute(update(issue).where(issue.c.number == number).values(published_at=when))
                connection.execute(_supersede(rows[number], when))


def _supersede(newer: Row[Any], when: datetime) -> Any:
    """The update that lets ``newer`` supersede what is older; the number breaks ties so that never both
    fall."""
    older = or_(
        issue.c.created_at < newer.created_at,
        and_(issue.c.created_at == newer.created_at, issue.c.number < newer.number),
    )
    same = and_(issue.c.case_id == newer.case_id, issue.c.form_id == newer.form_id)
    return (
        update(issue)
        .where(same, older, issue.c.superseded_by.is_(None))
        .values(superseded_by=newer.number, superseded_at=when)
    )


# -- rows ------------------------------------------------------------------------------------------

_BULK = ("values", "areas")
_SUMMARIES: Select[Any] = select(*(column for column in issue.c if column.name not in _BULK)).order_by(
    issue.c.created_at, issue.c.number
)


def _random_number() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    """Pieces small enough for any database's limit on bound values."""
    rest = iter(items)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _among(connection: Connection, query: Select[Any], numbers: Sequence[str]) -> Iterator[Row[Any]]:
    yield from connection.execute(query.where(issue.c.number.in_(numbers)))


def _select_in(connection: Connection, query: Select[Any], numbers: Iterable[str]) -> Iterator[str]:
    for chunk in _chunks(numbers):
        yield from (row[0] for row in _among(connection, query, chunk))


def _common(row: Row[Any]) -> dict[str, Any]:
    fields = {name: value for name, value in row._mapping.items() if name not in _BULK}
    # Field ids repeat over all issues of a form; one copy of each keeps 60,000 issues small.
    fields["blank"] = tuple(map(sys.intern, row.blank))
    return fields


def _summary(row: Row[Any]) -> IssueSummary:
    return IssueSummary(**_common(row))


def _record(row: Row[Any], page_sizes: tuple[tuple[float, float], ...]) -> IssueRecord:
    areas = tuple(
        FieldArea(area["id"], area["kind"], area["page"], Box(*area["box"]), area["open"])
        for area in row._mapping["areas"]
    )
    return IssueRecord(**_common(row), values=row._mapping["values"], areas=areas, page_sizes=page_sizes)


def _issue_row(record: IssueRecord) -> dict[str, Any]:
    areas = [_area_json(area) for area in record.areas]
    plain = {column.name: getattr(record, column.name) for column in issue.c if column.name not in _BULK}
    return plain | {"blank": list(record.blank), "values": dict(record.values), "areas": areas}


def _area_json(area: FieldArea) -> dict[str, Any]:
    box = area.box
    # A hundredth of a millimetre is finer than any printer; more digits only make the database larger.
    sides = [round(side, 2) for side in (box.x0, box.y0, box.x1, box.y1)]
    return {"id": area.id, "kind": area.kind, "page": area.page, "box": sides, "open": area.is_open}


def _page_rows(record: IssueRecord) -> list[dict[str, Any]]:
    return [
        {"issue": record.number, "number": number, "width_mm": width, "height_mm": height}
        for number, (width, height) in enumerate(record.page_sizes, start=1)
    ]
