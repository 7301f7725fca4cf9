"""A workspace (工作区) is one folder; this module knows where everything in it stands and how files get there.

Every file reaches its place in one step: it is written in a staging folder on the same file system, flushed
to disk and renamed over its target. So whoever looks at any moment, even after the power failed, sees an
old whole file, a new whole file, or none. One process at a time may write (``lock``); readers need no lock.

``Workspace.path`` values are absolute. No path built here leaves the folder, whatever a case id says.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from cases.source_names import CASES_FOLDER, ROSTER, ROSTERS_FOLDER
from daiban.settings import Settings, default_text, load_settings
from foundation.errors import NotWritableError, Problem, UsageError
from foundation.os_errors import NO_FILE
from foundation.reading import LEADS_OUT, LINK_ADVICE, is_special, leads_out
from foundation.writing import flush, place, writing

SETTINGS_NAME = "daiban.toml"
_PRIVATE = ".daiban"
_FORMS = "forms"
SUPERSEDED = "superseded"
_CHANGING_PREFIX = "changing-"
#: What stands in a workspace by name; databases have companions (``registry.sqlite-wal``).
_OURS = frozenset(
    {
        SETTINGS_NAME,
        ROSTER,
        CASES_FOLDER,
        _FORMS,
        _PRIVATE,
        "issued",
        "returned",
        "reports",
        "packets",
        "prints",
        "unplaced",
        "inbox",
        "import.toml",
    }
)
_OUR_DATABASES = ("registry.sqlite", "page.sqlite")
_STAGING_PREFIX = "staging-"
_SAY_AFTER_S = 1.0
LOCK_TIMEOUT_S = 600.0
CASES_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Workspace:
    """An opened workspace: its absolute folder and its settings."""

    path: Path
    settings: Settings
    _held: list[bool] = field(default_factory=list, repr=False, compare=False)

    # -- opening -----------------------------------------------------------------------------------

    @classmethod
    def open(cls, path: Path | str) -> Workspace:
        """Open an existing workspace.

        :raises UsageError: there is no such folder, it is no workspace, or its settings are wrong.
        """
        folder = Path(path).resolve()
        _refuse_links(folder)
        file = folder / SETTINGS_NAME
        if not file.is_file():
            what = "不是工作区：里面没有 daiban.toml" if folder.is_dir() else "没有这个文件夹"
            raise UsageError(Problem(str(folder), what, advice=f"新建工作区用：daiban init {path}"))
        return cls(folder, load_settings(file))

    @classmethod
    def around(cls, file: Path) -> Workspace | None:
        """The workspace that a roster or case file lies in; None where it lies in none.

        Its daiban.toml need not be right: a roster can be checked by the default settings until it is.
        """
        folder = file.resolve().parent
        inside = folder.name in (CASES_FOLDER, ROSTERS_FOLDER)
        candidates = (folder, folder.parent) if inside else (folder,)
        place = next((place for place in candidates if (place / SETTINGS_NAME).is_file()), None)
        if place is None:
            return None
        try:
            return cls.open(place)
        except UsageError:
            _refuse_links(place)
            return cls(place, Settings())

    @classmethod
    def create(cls, path: Path | str, *, agency_name: str = "", documents: Collection[str] = ()) -> Workspace:
        """Make a workspace: the folder, its subfolders and a commented daiban.toml that names the documents.

        :raises UsageError: the folder already is a workspace, or holds other things.
        :raises NotWritableError: it cannot be written.
        """
        folder = Path(path).resolve()
        _refuse_occupied(folder)
        made = cls(folder, Settings())
        _refuse_links(folder)
        with writing(folder):
            for part in (folder, made.cases, made.issued_root, made.returned_root, made.reports):
                part.mkdir(parents=True, exist_ok=True)
        with made.lock(), made.staging() as staging:
            staged = staging / SETTINGS_NAME
            with writing(staged):
                staged.write_text(default_text(agency_name, documents), encoding="utf-8")
            made.publish(staged, folder / SETTINGS_NAME)
        return cls.open(folder)

    # -- places ------------------------------------------------------------------------------------

    @property
    def roster(self) -> Path:
        """The roster workbook (案件台账)."""
        return self.path / ROSTER

    @property
    def rosters(self) -> Path:
        """The folder of further roster workbooks, read beside the roster; it need not exist."""
        return self.path / ROSTERS_FOLDER

    @property
    def import_mapping(self) -> Path:
        """What was decided about tables that others laid out; made by the first import."""
        return self.path / "import.toml"

    @property
    def cases(self) -> Path:
        """The folder of YAML and JSON case files."""
        return self.path / CASES_FOLDER

    @property
    def forms(self) -> Path:
        """The office's own forms, used beside the built-in ones; the folder need not exist."""
        return self.path / _FORMS

    @property
    def issued_root(self) -> Path:
        """What went out."""
        return self.path / "issued"

    @property
    def returned_root(self) -> Path:
        """What came back."""
        return self.path / "returned"

    @property
    def unplaced(self) -> Path:
        """Returned pages that are in no document (未归入的页), kept until a person places them; it need not exist."""
        return self.path / "unplaced"

    @property
    def packets(self) -> Path:
        """Packets (材料包) for enterprises; the folder need not exist."""
        return self.path / "packets"

    @property
    def prints(self) -> Path:
        """Files to print (打印文件); the folder need not exist."""
        return self.path / "prints"

    def inbox(self, case_id: str) -> Path:
        """What an enterprise uploaded and handed in on the page (交件); the folder need not exist."""
        return self.path / "inbox" / _part(case_id)

    @property
    def inboxes(self) -> Path:
        """The folder of every case's :meth:`inbox`."""
        return self.path / "inbox"

    @property
    def reports(self) -> Path:
        """Reports for people."""
        return self.path / "reports"

    @property
    def registry(self) -> Path | str:
        """Where the registry is: the workspace's own file, or the database URL of the settings."""
        return self.settings.registry.url or self.path / "registry.sqlite"

    @property
    def has_issued(self) -> bool:
        """Whether any document has gone out, and so a registry must exist already."""
        if not self.issued_root.is_dir():
            return False
        with os.scandir(self.issued_root) as found:  # one is enough, of ten thousand
            return next(found, None) is not None

    def issued(self, case_id: str, form_id: str, suffix: str) -> Path:
        """``issued/<case>/<form><suffix>``; ``suffix`` is ``.docx`` or ``.pdf``.

        :raises UsageError: an id would lead out of the folder.
        """
        return self.issued_root / _part(case_id) / _part(form_id + suffix)

    def issued_of_stage(self, case_id: str, stage: str, form_id: str, suffix: str) -> Path:
        """``issued/<case>/<stage>/<form><suffix>``: of a form that exists per stage (or per period), the paper of an
        earlier one, once a later one's has the place in ``issued/<case>/``.
        """
        return self.issued_root / _part(case_id) / _part(stage) / _part(form_id + suffix)

    def returned(self, case_id: str, form_id: str) -> Path:
        """``returned/<case>/<form>/``, the folder of what came back of one form."""
        return self.returned_root / _part(case_id) / _part(form_id)

    def returned_of(self, docx: Path | str) -> Path:
        """The folder of what came back of the document that was issued as this file, absolute or relative to the
        workspace: below ``returned/`` as the file is below ``issued/``.
        """
        place = (self.path / docx).relative_to(self.issued_root)
        return self.returned_root / place.with_suffix("")

    def relative(self, path: Path) -> str:
        """A path inside the workspace as the registry and JSON say it: relative, with ``/``."""
        return path.relative_to(self.path).as_posix()

    def holds(self, path: Path) -> bool:
        """Whether a path below the workspace is in it: no link on the way leads out."""
        return not leads_out(path, self.path)

    # -- writing -----------------------------------------------------------------------------------

    @contextlib.contextmanager
    def lock(
        self,
        timeout_s: float = LOCK_TIMEOUT_S,
        say: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Hold the workspace against other processes; clears what killed runs left behind.

        ``say`` gets one Chinese sentence if it has to wait longer than a second (default: print it on stderr).

        :raises NotWritableError: still held by another process after ``timeout_s`` seconds, or not writable.
        """
        with self._holding("lock", _STAGING_PREFIX, timeout_s, say or say_on_stderr):
            self._held.append(True)
            try:
                yield
            finally:
                self._held.pop()

    @contextlib.contextmanager
    def _holding(
        self, name: str, leftovers: str, timeout_s: float, say: Callable[[str], None]
    ) -> Iterator[Path]:
        """Hold one of the workspace's locks. Gives the private folder, cleared of the folders with this prefix that
        holders left there who were killed: while the lock is held, no other is alive.
        """
        private = self.path / _PRIVATE
        with writing(private):
            private.mkdir(parents=True, exist_ok=True)
        lock = FileLock(private / name)
        self._acquire(lock, timeout_s, say)
        try:
            for folder in private.glob(f"{leftovers}*"):
                shutil.rmtree(folder, ignore_errors=True)
            yield private
        finally:
            lock.release()

    def _acquire(self, lock: FileLock, timeout_s: float, say: Callable[[str], None]) -> None:
        patience = min(_SAY_AFTER_S, timeout_s)
        with writing(Path(lock.lock_file)):
            try:
                lock.acquire(timeout=patience)
                return
            except Timeout:
                say(f"另一个程序正在使用工作区 {self.path}，正在等它结束……")
            try:
                lock.acquire(timeout=timeout_s - patience)
            except Timeout:
                problem = f"另一个程序一直占用着工作区，等了 {timeout_s:g} 秒"
                advice = "请等它结束，或确认没有别的 daiban 在运行，再试一次"
                raise NotWritableError(Problem(str(self.path), problem, advice=advice)) from None

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """A fresh empty folder on the workspace's file system, removed afterwards. Only while the lock is held."""
        if not self._held:
            raise RuntimeError("staging() needs lock(): another process would clear the folder away")
        with writing(self.path / _PRIVATE):
            folder = Path(tempfile.mkdtemp(prefix=_STAGING_PREFIX, dir=self.path / _PRIVATE))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def flush(self, files: Iterable[Path]) -> None:
        """Force a batch of files, and where they stand, to disk; afterwards they may be published ``flushed``.

        Where the system can flush everything in one call that is as cheap as a few single files.

        :raises NotWritableError: the disk refuses.
        """
        if hasattr(os, "sync"):
            os.sync()
            return
        for path in files:
            with writing(path):
                flush(path)

    def publish(self, staged: Path, target: Path, *, flushed: bool = False) -> None:
        """Put a finished file in its place in one step, flushed to disk first.

        ``flushed``: the caller flushes whole batches, before and after.

        :raises NotWritableError: disk full, no permission, read-only; the target is then as it was before.
        """
        self.require_inside(target)
        place(staged, target, flushed=flushed)

    @contextlib.contextmanager
    def changing_cases(self, timeout_s: float = CASES_TIMEOUT_S) -> Iterator[Path]:
        """Hold roster and case files against other programs that change them, for a moment; gives a fresh empty folder
        for what is being written, removed afterwards.

        Not :meth:`lock`, which whoever issues or verifies holds for hours: they have read the cases by then, and staff
        may write in these files meanwhile with whatever editor they have.

        :raises NotWritableError: still held by another process after ``timeout_s`` seconds, or not writable.
        """
        with (
            self._holding("cases.lock", _CHANGING_PREFIX, timeout_s, lambda _: None) as private,
            writing(private),
            tempfile.TemporaryDirectory(prefix=_CHANGING_PREFIX, dir=private) as folder,
        ):
            yield Path(folder)

    def keep_aside(self, target: Path, staging: Path) -> str | None:
        """Copy a file that is about to be replaced to ``superseded/`` beside it, under the time; somebody may have
        written in it by hand. Where it went, relative to the workspace; None: there is no such file.
        """
        if not target.exists():
            return None
        name, _, rest = target.name.partition(".")
        stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
        kept = target.parent / SUPERSEDED / f"{name}.{stamp}.{rest}"
        copy = staging / kept.name
        with writing(copy):
            copy.write_bytes(target.read_bytes())
        self.publish(copy, kept)
        return self.relative(kept)

    def require_inside(self, target: Path) -> None:
        """Stop what would write outside the workspace, by its name or over links.

        :raises UsageError: by its name. :raises NotWritableError: over a link.
        """
        straight = Path(os.path.normpath(target))
        if straight == self.path or not straight.is_relative_to(self.path):
            raise UsageError(Problem(str(target), "这个位置在工作区之外，不予写入"))
        if not self.holds(target.parent):
            raise NotWritableError(Problem(str(target), f"所在的文件夹{LEADS_OUT}", advice=LINK_ADVICE))


def _refuse_links(folder: Path) -> None:
    """Refuse a workspace in which what the program keeps is a link that leads out of it, or no file or folder at all.

    Whoever hands a workspace over would else have files of its receiver read, or written over.
    """
    ours = [item for item in _entries(folder) if item.name in _OURS or item.name.startswith(_OUR_DATABASES)]
    if not leads_out(folder / _PRIVATE, folder):
        ours += _entries(folder / _PRIVATE)
    problems = [
        Problem(str(item), LEADS_OUT, advice=LINK_ADVICE)
        if leads_out(item, folder)
        else Problem(str(item), NO_FILE, advice="删去它，程序不用管道、套接字和设备")
        for item in ours
        if leads_out(item, folder) or is_special(item)
    ]
    if problems:
        raise UsageError(*problems)


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []  # whoever needs it says why it cannot be read


def _refuse_occupied(folder: Path) -> None:
    if (folder / SETTINGS_NAME).exists():
        raise UsageError(Problem(str(folder), "已经是工作区", advice="可以直接使用，不必再新建"))
    if folder.exists() and not folder.is_dir():
        raise UsageError(Problem(str(folder), "是一个文件，不是文件夹", advice="请换一个名称"))
    with writing(folder):
        # What a killed `init` left behind does not count: it is finished by running init again.
        ours = {_PRIVATE, CASES_FOLDER, "issued", "returned", "reports"}
        others = [item.name for item in folder.iterdir() if item.name not in ours] if folder.exists() else []
    if others:
        shown = "、".join(sorted(others)[:3])
        raise UsageError(
            Problem(str(folder), f"文件夹里已有别的内容（{shown}）", advice="请换一个空文件夹或新名称")
        )


def _part(name: str) -> str:
    """One path component; raises UsageError for an id that could lead out of its folder."""
    if not name.strip(". ") or re.search(r"[/\\:\x00-\x1f]", name):
        raise UsageError(
            Problem("", f"编号“{name}”不能用作文件夹名称", advice="只用汉字、字母、数字、- 和 _")
        )
    return name


def say_on_stderr(text: str) -> None:
    """Tell a person who waits why."""
    print(text, file=sys.stderr, flush=True)
