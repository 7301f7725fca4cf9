"""The registry (登记库): which document was issued under which number, with what in it and where its fields are, and
what came back of it.

One SQLite file in the workspace, or any database SQLAlchemy can reach: nothing here is SQLite's own SQL. An
issue is recorded *before* its files are published and marked published after, so a kill in between leaves a
record without files, which the next run finds and completes, and never files without a record. A newer
issue of the same paper supersedes (作废) the older one, which stays on record. A person may withdraw (撤回) one.

The registry also keeps the workspace's mark key, with which page marks are signed. Losing it would make
every paper that is out unknown, so a registry is never silently created anew: see :meth:`Registry.open`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, Update, and_, delete, insert, select, update

from daiban.registry.batches import Batches
from daiban.registry.connecting import address, carry_over, engine_for, provide_file
from daiban.registry.decisions import Decision, Decisions, add, decision_marks
from daiban.registry.format_version import MARK_KEY, MOVED_KEY, create_tables, is_current, is_empty, migrate
from daiban.registry.issues import (
    IssueRecord,
    IssueSummary,
    PaperKey,
    PrintedValues,
    is_of,
    issue_marks,
    of_cases,
    page_rows_of,
    record_of,
    row_of,
    stands,
    summaries,
    summary_of,
)
from daiban.registry.moving import MovedTable, copy_tables
from daiban.registry.queue import QueueQueries
from daiban.registry.refusals import translated
from daiban.registry.returns import Returns, return_marks
from daiban.registry.server import Claim, connected, is_server
from daiban.registry.tables import issue, meta, page
from daiban.registry.unplaced import UnplacedPages
from forms.page_mark import ALPHABET, GUIDE_NUMBER, NUMBER_LENGTH
from foundation.errors import Problem, UnreadableError

_CHUNK = 500


class Registry:
    """An open registry. Use it as a context manager, or ``close()`` it."""

    def __init__(self, engine: Engine, place: str) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writing=True)
        self._place = place
        self._claim: Claim | None = None
        self._has_written = False

    # -- opening -----------------------------------------------------------------------------------

    @classmethod
    def open(cls, path_or_url: Path | str, *, create: bool = True, busy_timeout_s: float = 30.0) -> Registry:
        """Open the registry, making it if it is not there and ``create`` allows that.

        Callers pass ``create=not workspace.has_issued``: where documents went out, a missing registry is a
        loss to report, not a thing to be made anew. ``busy_timeout_s`` is how long to wait for another
        writer. A registry of an older program is brought to the present version.

        :raises UnreadableError: missing and not to be created, not a database, damaged, or of a newer
            program.
        :raises NotWritableError: locked by another program, no permission, disk full.
        """
        url, file = address(path_or_url)
        place = str(file) if file else url.render_as_string(hide_password=True)
        if file is not None:
            with translated(place):
                provide_file(file, create=create, fill=create_tables)
        registry = cls(engine_for(url, busy_timeout_s), place)
        try:
            registry._check(create=create and file is None)
        except BaseException:
            registry.close()
            raise
        return registry

    @classmethod
    def exists(cls, path_or_url: Path | str) -> bool:
        """Whether there is a registry in this place, be it damaged; on a server: whether its tables have been made.

        :raises NotWritableError: the server cannot be reached.
        """
        url, file = address(path_or_url)
        if file is not None:
            return file.exists()
        registry = cls(engine_for(url, 0), url.render_as_string(hide_password=True))
        try:
            with registry._read() as connection:
                return not is_empty(connection)
        finally:
            registry.close()

    def move_to(self, target: Registry, name: str) -> tuple[MovedTable, ...]:
        """Copy everything on record into another registry, which is empty, and note in this one that it moved.

        ``name``: of the other, for whoever opens this one. Both are claimed by the caller.

        :raises UsageError, UnreadableError: as :func:`daiban.registry.moving.copy_tables`; then nothing has changed.
        """
        with self._write() as here, target._write() as there:
            moved = copy_tables(here, there, target._place)
        with self._write() as here:
            here.execute(insert(meta).values(key=MOVED_KEY, value=name))
        return moved

    @property
    def returns(self) -> Returns:
        """What came back of the issues on record."""
        return Returns(self._read, self._write)

    @property
    def decisions(self) -> Decisions:
        """What people decided."""
        return Decisions(self._read, self._write)

    @property
    def unplaced(self) -> UnplacedPages:
        """Pages that were in no document, and what became of them."""
        return UnplacedPages(self._read, self._write)

    @property
    def queue(self) -> QueueQueries:
        """What is back, for lists of any length."""
        return QueueQueries(self._read)

    @property
    def batches(self) -> Batches:
        """The runs of ``verify`` that have been reported."""
        return Batches(self._read, self._write)

    def close(self) -> None:
        """Close every connection."""
        if self._has_written:
            carry_over(self._engine)
        self._engine.dispose()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def claimed(self, timeout_s: float, say: Callable[[str], None]) -> Iterator[None]:
        """Hold a registry on a server against writers on other machines and in other workspaces; one in a file is held
        by its workspace's lock. ``say`` gets a Chinese sentence if it has to wait.

        :raises NotWritableError: still held by another after ``timeout_s`` seconds.
        """
        if not is_server(self._engine):
            yield
            return
        claim = Claim(self._engine, self._place)
        with translated(self._place), claim.held(timeout_s, say):
            self._claim = claim
            try:
                yield
            finally:
                self._claim = None

    def _check(self, *, create: bool) -> None:
        if create:
            with self._write() as connection:
                create_tables(connection)
        with self._read() as connection:
            current = is_current(connection, self._place)
        if not current:
            with self._write() as connection:
                migrate(connection, self._place)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with translated(self._place), connected(self._engine) as connection:
            yield connection

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        if self._claim is not None:
            self._claim.require()
        self._has_written = True
        with translated(self._place), connected(self._writer) as connection, connection.begin():
            yield connection

    # -- keys and numbers --------------------------------------------------------------------------

    def mark_key(self) -> bytes:
        """The workspace's secret, 32 bytes, with which page marks are signed; made once with the registry."""
        with self._read() as connection:
            value = connection.scalar(select(meta.c.value).where(meta.c.key == MARK_KEY))
        if not value:
            raise UnreadableError(
                Problem(self._place, "登记库里的页码标记密钥不见了", advice="请从备份恢复登记库")
            )
        return bytes.fromhex(value)

    def new_numbers(self, count: int) -> list[str]:
        """``count`` fresh random issue numbers, unlike each other, every number on record and that of guides."""
        fresh: dict[str, None] = {}
        with self._read() as connection:
            while len(fresh) < count:
                wanted = {_random_number() for _ in range(count - len(fresh))} - {*fresh, GUIDE_NUMBER}
                taken = set(_select_in(connection, select(issue.c.number), wanted))
                fresh.update(dict.fromkeys(wanted - taken))
        return list(fresh)

    # -- reading -----------------------------------------------------------------------------------

    def current(self, case_ids: Collection[str] | None = None) -> dict[PaperKey, IssueSummary]:
        """The latest issue that is not void of every paper, published or not; of these cases, if any are named."""
        query = summaries().where(stands(), of_cases(case_ids))
        with self._read() as connection:
            # Sorted from old to new, so that the latest of a key is the one that stays.
            rows = connection.execute(query, execution_options={"yield_per": 1000})
            found = (summary_of(row) for row in rows)
            return {one.key: one for one in found}

    def withdrawn(self, case_ids: Collection[str] | None = None) -> dict[PaperKey, IssueSummary]:
        """The latest issue of every paper that a person withdrew; of these cases, if any are named."""
        query = summaries().where(
            issue.c.withdrawn_at.is_not(None), issue.c.superseded_by.is_(None), of_cases(case_ids)
        )
        with self._read() as connection:
            found = [summary_of(row) for row in connection.execute(query)]
        return {one.key: one for one in found}

    def current_for(self, case_id: str, form_id: str, stage: str | None = None) -> IssueRecord | None:
        """The latest issue of one paper that is not void, whole."""
        query = (
            select(issue.c.number)
            .where(is_of(PaperKey(case_id, form_id, stage)), stands())
            .order_by(issue.c.created_at.desc(), issue.c.number.desc())
            .limit(1)
        )
        with self._read() as connection:
            number = connection.scalar(query)
        return self.find(number) if number else None

    def issues(self, case_id: str | None = None) -> list[IssueSummary]:
        """Every issue on record, superseded ones too, from old to new; of one case if named."""
        query = summaries() if case_id is None else summaries().where(issue.c.case_id == case_id)
        with self._read() as connection:
            return [summary_of(row) for row in connection.execute(query)]

    def marks_of_cases(self) -> dict[str, str]:
        """A mark for every case with anything on record, which is another as soon as anything of it is: for whoever
        keeps what follows from the record, and has to know what is out of date.
        """
        marks: dict[str, list[str]] = {}
        with self._read() as connection:
            for query in (issue_marks(), return_marks(), decision_marks()):
                for case_id, *parts in connection.execute(query):
                    marks.setdefault(case_id, []).append("/".join(map(str, parts)))
        return {case_id: " ".join(parts) for case_id, parts in marks.items()}

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
        return record_of(row, page_sizes)

    def standing_instead(self, void: IssueSummary) -> str | None:
        """The number of the issue that stands in place of one that is void; None where none is out."""
        query = (
            select(issue.c.number)
            .where(is_of(void.key), stands(), issue.c.published_at.is_not(None))
            .order_by(issue.c.created_at.desc(), issue.c.number.desc())
            .limit(1)
        )
        with self._read() as connection:
            return connection.scalar(query)

    def values_out(self, case_id: str | None = None) -> Iterator[PrintedValues]:
        """What every issue says that is out with a PDF, superseded ones left out; from old to new; of one case if
        named.
        """
        query = (
            select(issue.c.number, issue.c.form_id, issue.c.pages, issue.c["values"])
            .where(stands(), issue.c.published_at.is_not(None), issue.c.pdf.is_not(None))
            .order_by(issue.c.created_at, issue.c.number)
        )
        if case_id is not None:
            query = query.where(issue.c.case_id == case_id)
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
        pages = [row for record in records for row in page_rows_of(record)]
        with self._write() as connection:
            for chunk in _chunks(numbers):
                connection.execute(delete(page).where(page.c.issue.in_(chunk)))
                connection.execute(delete(issue).where(issue.c.number.in_(chunk)))
            connection.execute(insert(issue), [row_of(record) for record in records])
            if pages:
                connection.execute(insert(page), pages)

    def mark_published(self, numbers: Sequence[str], when: datetime) -> None:
        """Note that the files of these issues are in place; whatever else of the same papers stands becomes superseded
        by them in the same transaction.

        What is published now is what stands, whatever the clock said when an older one was made: it may have been put
        back since. Only between issues that are published together does the time decide.

        :raises KeyError: a number was never recorded.
        """
        columns = select(issue.c.number, issue.c.case_id, issue.c.form_id, issue.c.stage, issue.c.created_at)
        with self._write() as connection:
            rows = {
                row.number: row for chunk in _chunks(numbers) for row in _among(connection, columns, chunk)
            }
            newest: dict[PaperKey, Row[Any]] = {}
            for row in sorted(
                (rows[number] for number in numbers), key=lambda row: (row.created_at, row.number)
            ):
                newest[PaperKey(row.case_id, row.form_id, row.stage)] = row
                connection.execute(
                    update(issue).where(issue.c.number == row.number).values(published_at=when)
                )
            for key, row in newest.items():
                connection.execute(_supersede(key, row.number, when))

    def move(self, key: PaperKey, docx: str, pdf: str) -> None:
        """Note that the files of all issues of a paper have another place: that of its stage."""
        with self._write() as connection:
            connection.execute(update(issue).where(is_of(key)).values(docx=docx))
            connection.execute(update(issue).where(is_of(key), issue.c.pdf.is_not(None)).values(pdf=pdf))

    def date(self, key: PaperKey, period: str) -> None:
        """Note that all issues of a paper that printed no period are of this one."""
        with self._write() as connection:
            connection.execute(update(issue).where(is_of(key)).values(stage=period))

    def withdraw(self, decision: Decision) -> None:
        """Let the issue that is the decision's subject stand no longer, by this decision."""
        self._set_withdrawn(decision, decision.at)

    def restore(self, decision: Decision) -> None:
        """Let a withdrawn issue stand again, by this decision."""
        self._set_withdrawn(decision, None)

    def _set_withdrawn(self, decision: Decision, when: datetime | None) -> None:
        same = issue.c.number == decision.subject
        with self._write() as connection:
            connection.execute(update(issue).where(same).values(withdrawn_at=when))
            add(connection, decision)


def _supersede(key: PaperKey, by: str, when: datetime) -> Update:
    """The update that lets one issue of a paper supersede every other that stands."""
    older = and_(is_of(key), issue.c.number != by, stands())
    return update(issue).where(older).values(superseded_by=by, superseded_at=when)


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
