"""The board as whoever asks it uses it: always answered at once, brought up to date beside.

A few changed cases are worked out before the answer, so that people see what they have just done. More than that is
left to a process of its own, and the answer says how much of it is still to come.
"""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from daiban.board.kept_office import KeptOffice
from daiban.board.query import (
    ArchiveCasesPage,
    BoardChoices,
    BoardPage,
    BoardQuery,
    archive_page_of,
    choices_of,
    files_of,
    page_of,
    record_of,
)
from daiban.board.records import CaseRecord, set_of
from daiban.board.refreshing import Stale, private, refresh, refresh_cases, what_is_stale
from daiban.board.store import store
from daiban.workspace import Workspace
from foundation.errors import NotWritableError, Problem, UsageError

#: What is worked out before the answer: so many cases, in files of so many bytes, and never more than that of a large
#: board, whose registry alone takes a while to ask.
_CASES_AT_ONCE = 40
_BYTES_AT_ONCE = 200_000
_LARGE = 2_000
#: Larger files are never read while somebody waits for a page.
_BYTES_TO_WAIT_FOR = 2_000_000
#: So long one who asks waits for another who brings it up to date; a large board is brought up to date so often.
_WAITS_S = 0.5
_REFRESH_EVERY_S = 8.0
#: So long whoever writes waits for a refresh that is under way.
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class CurrentCase:
    """``record``: what all files together say of it, None where there is no such case; ``files``: which files do, each
    with how many cases it speaks of.
    """

    record: CaseRecord | None
    files: Mapping[str, int]


class Board:
    """The board of one workspace; one object serves every thread of a process."""

    def __init__(self, path: Path | str) -> None:
        """:raises UsageError: it is no workspace."""
        self._path = Path(path)
        self._workspace = Workspace.open(path)
        self._guard = threading.Lock()
        self._started = 0.0
        self._worker: subprocess.Popen[bytes] | None = None

    @property
    def workspace(self) -> Workspace:
        """The workspace, as it was when last looked at."""
        return self._workspace

    def page(self, query: BoardQuery) -> BoardPage:
        """One page of it. Errors: as :func:`daiban.board.refreshing.refresh`."""
        behind = not self.keep_fresh()
        with store(private(self._workspace)) as connection:
            return page_of(connection, query, behind=behind)

    def choices(self) -> BoardChoices:
        """What its cases can be told apart by."""
        with store(private(self._workspace)) as connection:
            return choices_of(connection)

    def archive_page(self, search: str, page: int, size: int) -> tuple[ArchiveCasesPage, KeptOffice]:
        """The cases of one page of the archive, and their office, which alone says what their files lack. Errors: as
        :meth:`page`.
        """
        behind = not self.keep_fresh()
        with store(private(self._workspace)) as connection:
            found = archive_page_of(connection, search, page, size, behind=behind)
        return found, KeptOffice(Workspace.open(self._path), set_of(found.records))

    def office(self, case_id: str) -> KeptOffice:
        """The office of one case.

        :raises UsageError: there is no such case.
        """
        self.keep_fresh()
        with store(private(self._workspace)) as connection:
            record = record_of(connection, case_id)
        if record is None:
            raise UsageError(Problem("", f"没有案件编号“{case_id}”", advice="在案件看板里查找"))
        return KeptOffice(Workspace.open(self._path), set_of([record]))

    def now(self, case_id: str) -> CurrentCase:
        """What the files say of a case this very moment, for whoever is about to write one of them.

        :raises NotWritableError: the board is being made anew, which takes longer than anybody waits.
        """
        self._take_in(())
        with store(private(self._workspace)) as connection:
            return CurrentCase(record_of(connection, case_id), files_of(connection, case_id))

    def changed(self, case_ids: Collection[str]) -> None:
        """This process has just changed these cases: the board shows it from now on, to every process; while it is
        being made anew, as soon as it is made.
        """
        with suppress(NotWritableError):
            self._take_in(case_ids)

    def _take_in(self, case_ids: Collection[str]) -> None:
        """Read what files changed, and work out these cases. Errors: as :meth:`now`."""
        workspace = Workspace.open(self._path)
        if what_is_stale(workspace, dt.date.today()).size > _BYTES_TO_WAIT_FOR:
            self._refresh_beside(time.monotonic())
        elif refresh_cases(workspace, case_ids, wait_s=_PATIENCE_S):
            self._started = 0.0
            return
        advice = "请过一会儿再保存；看板上写着还有多少没有整理完"
        raise NotWritableError(Problem(str(workspace.path), "案件看板正在重新整理", advice=advice))

    def keep_fresh(self) -> bool:
        """Bring it up to date, here if that is soon done, else beside; whether it shows everything by now."""
        if not self._guard.acquire(timeout=_WAITS_S):
            return False  # another thread is at it
        try:
            self._workspace = Workspace.open(self._path)
            stale = what_is_stale(self._workspace, dt.date.today())
            if stale and self._is_soon_done(stale):
                return refresh(self._workspace)
            if stale:
                self._refresh_beside(time.monotonic())
            return not stale.is_certain
        finally:
            self._guard.release()

    def _is_soon_done(self, stale: Stale) -> bool:
        if stale.size > _BYTES_AT_ONCE or stale.dirty > _CASES_AT_ONCE:
            return False
        with store(private(self._workspace)) as connection:
            cases = connection.execute("SELECT count(*) FROM board").fetchone()[0]
        everything = stale.settings or stale.day
        if everything or stale.registry or stale.unknown:
            return bool(cases <= (_CASES_AT_ONCE if everything else _LARGE))
        return True

    def _refresh_beside(self, now: float) -> None:
        """Start a process that brings it up to date and ends, unless one is at it or just was."""
        if self._worker is not None and self._worker.poll() is None:
            return
        if self._started and now - self._started < _REFRESH_EVERY_S:
            return
        command = [sys.executable, "-P", "-m", "daiban.board", str(self._workspace.path), str(os.getpid())]
        nothing = subprocess.DEVNULL
        self._worker = subprocess.Popen(command, stdin=nothing, stdout=nothing)
        self._started = now
