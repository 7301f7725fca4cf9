"""Brings the board up to date: reads what files changed, asks the registry what moved, works those cases out again.

Every step is written as it is done, some cases at a time, so that a refresh that is ended goes on where it was; nobody
who reads waits for it. One process refreshes at a time.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from cases.case_set import CaseSet
from cases.files.assessment_overlay import SUFFIX as OVERLAY
from cases.files.assessment_overlay import is_overlay
from cases.files.replacements import or_refused
from cases.values.case_ids import same_folder_key
from cases.workspace_cases import case_paths, label_of, put_together, read_source
from daiban.board.kept_office import KeptOffice, file_stamp, settings_stamp
from daiban.board.records import CaseRecord, records_of, set_of
from daiban.board.rows import BoardRow, refused_row, row_of
from daiban.board.store import marks, meta, set_meta, store, transaction
from daiban.case_filter import searchable
from daiban.office import Office
from daiban.status import workspace_status
from daiban.workspace import Workspace
from foundation.errors import Problem

_LOCK = "board.lock"
_CHUNK = 50
_PROBLEMS = TypeAdapter(tuple[Problem, ...])
#: What of a row the board can be sorted and counted by; a column of the same name each.
_COLUMNS = (
    *("name", "enterprise", "document", "stage", "manager", "called_for", "missing", "changed", "out"),
    *("complete", "incomplete", "review", "late", "days_late", "due", "contradictions", "errors", "moved_at"),
)


@dataclass(frozen=True, slots=True)
class Stale:
    """What of a board is out of date: files to be read, by label, with their size in bytes; whether the registry, the
    settings or the day is another; how many cases are to be worked out again already. ``unknown``: the registry is a
    database elsewhere, which has to be asked whether it is another.
    """

    files: tuple[str, ...] = ()
    size: int = 0
    registry: bool = False
    settings: bool = False
    day: bool = False
    dirty: int = 0
    unknown: bool = False

    def __bool__(self) -> bool:
        return self.is_certain or self.unknown

    @property
    def is_certain(self) -> bool:
        """Whether anything is known to be out of date."""
        return bool(self.files or self.registry or self.settings or self.day or self.dirty)


def what_is_stale(workspace: Workspace, today: dt.date) -> Stale:
    """Look at stamps alone; nothing is read."""
    with store(private(workspace)) as connection:
        return _stale(connection, workspace, today)


def refresh(workspace: Workspace, *, today: dt.date | None = None, wait_s: float = 0) -> bool:
    """Bring the board up to date; False where another process is at it for longer than that.

    :raises NotWritableError: the board cannot be written. :raises UnreadableError: the registry is damaged or missing.
    """
    with _refreshing(workspace, today, wait_s) as refresher:
        if refresher is None:
            return False
        refresher.take_settings()
        refresher.read_files()
        refresher.ask_registry()
        refresher.begin_day()
        refresher.work_out()
        return True


def refresh_cases(
    workspace: Workspace, case_ids: Collection[str], *, today: dt.date | None = None, wait_s: float = 0
) -> bool:
    """Read the files that changed, and work out these cases alone. Result and errors: as :func:`refresh`."""
    with _refreshing(workspace, today, wait_s) as refresher:
        if refresher is None:
            return False
        refresher.take_settings()
        refresher.read_files()
        refresher.work_out(case_ids)
        return True


@contextmanager
def _refreshing(workspace: Workspace, today: dt.date | None, wait_s: float) -> Iterator[_Refresher | None]:
    """What refreshes, while nothing else does; None where something else does."""
    with _alone(workspace, wait_s) as alone:
        if not alone:
            yield None
            return
        with store(private(workspace)) as connection:
            yield _Refresher(connection, workspace, today or dt.date.today())


def private(workspace: Workspace) -> Path:
    """The workspace's private folder."""
    return workspace.path / ".daiban"


@contextmanager
def _alone(workspace: Workspace, wait_s: float) -> Iterator[bool]:
    folder = private(workspace)
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=wait_s)
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def _stamps(workspace: Workspace) -> dict[str, str]:
    """The files that say something of cases, as they are now."""
    return {label_of(path, workspace.path): file_stamp(path) for path in case_paths(workspace.path)}


def _registry_stamp(workspace: Workspace) -> str:
    """What changes with what is on record; a database elsewhere is asked every time."""
    place = workspace.registry
    if not isinstance(place, Path):
        return ""
    # Whoever opens the registry to read makes an empty log, and takes it away again: none is the same as an empty one.
    log = file_stamp(place.with_name(f"{place.name}-wal")).rpartition("/")[0]
    return f"{file_stamp(place)} {log}" if log and not log.startswith("0/") else file_stamp(place)


def _stale(connection: sqlite3.Connection, workspace: Workspace, today: dt.date) -> Stale:
    known = dict(connection.execute("SELECT label, stamp FROM source").fetchall())
    now = _stamps(workspace)
    files = tuple(label for label in {**known, **now} if known.get(label) != now.get(label))
    registry = _registry_stamp(workspace)
    return Stale(
        files=files,
        size=sum(int(now[label].partition("/")[0] or 0) for label in files if label in now),
        registry=bool(registry) and registry != meta(connection, "registry"),
        unknown=not registry,
        settings=settings_stamp(workspace) != meta(connection, "settings"),
        day=today.isoformat() != meta(connection, "day"),
        dirty=connection.execute("SELECT count(*) FROM board WHERE dirty").fetchone()[0],
    )


class _Refresher:
    """One refresh."""

    def __init__(self, connection: sqlite3.Connection, workspace: Workspace, today: dt.date) -> None:
        self._connection = connection
        self._workspace = workspace
        self._today = today

    def take_settings(self) -> None:
        """Settings and forms say how files are read, and what every document says."""
        stamp = settings_stamp(self._workspace)
        if stamp == meta(self._connection, "settings"):
            return
        with transaction(self._connection):
            self._connection.execute("UPDATE source SET stamp = ''")
            self._connection.execute("UPDATE board SET dirty = 1")
            set_meta(self._connection, {"settings": stamp})

    def begin_day(self) -> None:
        """What is due and late is counted by the day."""
        today = self._today.isoformat()
        if today == meta(self._connection, "day"):
            return
        with transaction(self._connection):
            self._connection.execute("UPDATE board SET dirty = 1 WHERE day <> ?", (today,))
            set_meta(self._connection, {"day": today})

    # -- what files say --------------------------------------------------------------------------------

    def read_files(self) -> None:
        """Those that are others than they were read."""
        known = dict(self._connection.execute("SELECT label, stamp FROM source").fetchall())
        now = _stamps(self._workspace)
        for label in [label for label in known if label not in now]:
            self._take(label, CaseSet(), None)
        for label, stamp in now.items():
            if known.get(label) != stamp:
                path = self._workspace.path / label
                found = read_source(path, self._workspace.path, self._workspace.settings.cases.documents)
                self._take(label, or_refused(path, found), stamp)

    def _take(self, label: str, found: CaseSet, stamp: str | None) -> None:
        """Note what a file says by now, and put together again the cases it speaks or spoke of."""
        records = list(records_of(found))
        keys = {same_folder_key(record.case_id) for record in records}
        if label.endswith(OVERLAY):
            keys.add(same_folder_key(Path(label).name.removesuffix(OVERLAY)))
        query = "SELECT folder_key FROM said WHERE label = ?"
        keys |= {row[0] for row in self._connection.execute(query, (label,))}
        with transaction(self._connection):
            self._connection.execute("DELETE FROM said WHERE label = ?", (label,))
            self._connection.executemany(
                "INSERT INTO said VALUES (?, ?, ?)",
                [(label, same_folder_key(item.case_id), item.to_json()) for item in records],
            )
            if stamp is None:
                self._connection.execute("DELETE FROM source WHERE label = ?", (label,))
            else:
                self._connection.execute(
                    "INSERT OR REPLACE INTO source VALUES (?, ?, ?)", (label, stamp, _problems_of_file(found))
                )
            for some in _pieces(sorted(keys)):
                self._put_together(some)

    def _put_together(self, keys: list[str]) -> None:
        """What all files together say of these cases, as it is read from them."""
        root = self._workspace.path
        said: dict[str, list[CaseRecord]] = {}
        query = f"SELECT label, record FROM said WHERE folder_key IN ({marks(keys)})"
        for label, record in self._connection.execute(query, keys):
            said.setdefault(label, []).append(CaseRecord.model_validate_json(record))
        sources = {
            path: set_of(said.get(label_of(path, root), ()))
            for path in case_paths(root)
            if label_of(path, root) in said
            or (is_overlay(path) and same_folder_key(path.name.removesuffix(OVERLAY)) in keys)
        }
        found: dict[str, CaseRecord] = {}
        for record in records_of(put_together(root, sources)):
            key = same_folder_key(record.case_id)
            known = found.get(key)
            if known is not None:
                record = record.model_copy(update={"refused": (*known.refused, *record.refused)})
            found[key] = record
        before = f"SELECT case_id, folder_key, record FROM board WHERE folder_key IN ({marks(keys)})"
        rows = {row["folder_key"]: row for row in self._connection.execute(before, keys)}
        for key in keys:
            self._keep(rows.get(key), key, found.get(key))

    def _keep(self, before: sqlite3.Row | None, key: str, record: CaseRecord | None) -> None:
        if before is not None and (record is None or before["case_id"] != record.case_id):
            self._connection.execute("DELETE FROM board WHERE folder_key = ?", (key,))
            before = None
        if record is None:
            return
        text = record.to_json()
        if before is None:
            self._connection.execute(
                "INSERT INTO board (case_id, folder_key, record, dirty) VALUES (?, ?, ?, 1)",
                (record.case_id, key, text),
            )
        elif before["record"] != text:
            self._connection.execute(
                "UPDATE board SET record = ?, dirty = 1 WHERE folder_key = ?", (text, key)
            )

    # -- what is on record -----------------------------------------------------------------------------

    def ask_registry(self) -> None:
        """Of which cases anything went out or came back."""
        stamp = _registry_stamp(self._workspace)
        if stamp and stamp == meta(self._connection, "registry"):
            return
        with Office(self._workspace).registry() as registry:
            now = registry.marks_of_cases() if registry is not None else {}
        moved = [
            (now.get(case_id, ""), case_id)
            for case_id, mark in self._connection.execute("SELECT case_id, registry_mark FROM board")
            if now.get(case_id, "") != mark
        ]
        with transaction(self._connection):
            self._connection.executemany(
                "UPDATE board SET registry_mark = ?, dirty = 1 WHERE case_id = ?", moved
            )
            set_meta(self._connection, {"registry": stamp})

    # -- what follows ----------------------------------------------------------------------------------

    def work_out(self, case_ids: Collection[str] | None = None) -> None:
        """Where cases stand: these, or all of which anything changed."""
        if case_ids is not None:
            query = f"SELECT record FROM board WHERE case_id IN ({marks(case_ids)})"
            self._work_out_some([row[0] for row in self._connection.execute(query, tuple(case_ids))])
            return
        while found := self._connection.execute(
            "SELECT record FROM board WHERE dirty LIMIT ?", (_CHUNK,)
        ).fetchall():
            self._work_out_some([row[0] for row in found])

    def _work_out_some(self, found: list[str]) -> None:
        records = [CaseRecord.model_validate_json(text) for text in found]
        rows = board_rows(self._workspace, records, self._today)
        with transaction(self._connection):
            for record, text, row in zip(records, found, rows, strict=True):
                self._write(record, text, row)

    def _write(self, record: CaseRecord, text: str, row: BoardRow) -> None:
        columns = {name: getattr(row, name) for name in _COLUMNS}
        columns |= {
            "next_due": row.next_due.isoformat() if row.next_due else "9999",
            "found_by": searchable(record.case) if record.case else record.case_id.casefold(),
            "summary": row.model_dump_json(exclude_defaults=True),
            "day": self._today.isoformat(),
            "for_archive": record.case is not None and not record.case.projects and not row.cancelled,
            "dirty": 0,
        }
        settings = ", ".join(f"{name} = ?" for name in columns)
        # Only if the case is still as it was worked out: a file may have been read since.
        self._connection.execute(
            f"UPDATE board SET {settings} WHERE case_id = ? AND record = ?",
            (*columns.values(), record.case_id, text),
        )


def board_rows(workspace: Workspace, records: Collection[CaseRecord], today: dt.date) -> list[BoardRow]:
    """The rows of these cases as they are now, in their order."""
    office = KeptOffice(workspace, set_of(records), today=today)
    with office.registry_at_hand():
        found = {status.case: status for status in workspace_status(office).cases}
    return [
        row_of(record.case, found[record.case_id], record.problems)
        if record.case is not None
        else refused_row(record)
        for record in records
    ]


def _problems_of_file(found: CaseSet) -> str:
    """What is wrong with a file as a whole, or with what is nobody's in it."""
    problems = (
        *(problem for failure in found.failures for problem in failure.problems),
        *found.general,
        *(problem for item in found.rejected if not item.case for problem in item.problems),
    )
    return _PROBLEMS.dump_json(problems).decode()


def problems_of_files(connection: sqlite3.Connection) -> tuple[Problem, ...]:
    """What is wrong with files as a whole."""
    texts: Iterable[str] = (row[0] for row in connection.execute("SELECT problems FROM source"))
    return tuple(problem for text in texts for problem in _PROBLEMS.validate_python(json.loads(text)))


def _pieces(items: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
