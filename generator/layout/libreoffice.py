"""LibreOffice, the layout engine: the only module that starts it.

Each conversion is one process with a profile of its own worker, ended with all its children at a deadline. A process
lives for one composite document (at most 200 copies), so nothing leaks, nothing has to be recycled, and a process
that hangs or dies takes only its own composite with it; docs/decisions/0002 gives the measurement behind this.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from platformdirs import user_cache_path

from foundation.errors import Problem, ToolFailedError, ToolMissingError
from foundation.forking import foreign_environment
from foundation.writing import DISK_FULL, not_writable

MINIMUM_VERSION = (7, 5)
INSTALL_ADVICE = (
    "请安装 LibreOffice 7.5 以上：Debian 12 先启用 bookworm-backports，再运行 "
    "apt-get install -t bookworm-backports --no-install-recommends libreoffice-writer-nogui"
)
_FILTER = "pdf:writer_pdf_Export:" + json.dumps(
    {
        "ExportFormFields": {"type": "boolean", "value": "false"},
        "ExportBookmarks": {"type": "boolean", "value": "false"},
        "UseTaggedPDF": {"type": "boolean", "value": "false"},
        "ConvertOOoTargetToPDFTarget": {"type": "boolean", "value": "false"},
        "ExportLinksRelativeFsys": {"type": "boolean", "value": "false"},
    }
)
_PLACES = (
    "/usr/bin/soffice",
    "/usr/local/bin/soffice",
    "/opt/libreoffice*/program/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)


class TimedOutError(ToolFailedError):
    """A conversion was still going at its deadline and was ended."""


@dataclass(frozen=True, slots=True)
class LibreOffice:
    """An installed LibreOffice: where it is and its version."""

    program: Path
    version: tuple[int, ...]

    def convert(self, docx: Path, profile: Path, deadline_s: float) -> Path:
        """Lay out ``docx``; return the PDF written beside it.

        ``profile``: this worker's own profile folder (created at first use). Raises :class:`ToolFailedError` when
        the process fails, exceeds the deadline (it is killed with all its children), or writes no whole PDF.
        """
        output = docx.with_suffix(".pdf")
        output.unlink(missing_ok=True)
        command = [
            os.fspath(self.program),
            f"-env:UserInstallation={profile.absolute().as_uri()}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            _FILTER,
            "--outdir",
            os.fspath(docx.parent),
            os.fspath(docx),
        ]
        try:
            self._run(command, profile / _TEMPORARY, deadline_s)
        except ToolFailedError:
            _require_room(docx.parent)
            raise
        if not _is_whole_pdf(output):
            _require_room(docx.parent)
            output.unlink(missing_ok=True)
            raise ToolFailedError(Problem(where="LibreOffice", problem="转换结束，但没有得到完整的 PDF"))
        return output

    def _run(self, command: list[str], temporary: Path, deadline_s: float) -> None:
        overdue = threading.Event()
        environment = foreign_environment() | dict.fromkeys(("TMPDIR", "TMP", "TEMP"), os.fspath(temporary))
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            temporary.mkdir(parents=True, exist_ok=True)
            with _started(command, env=environment, **quiet) as process:
                # A blocking wait, ended by a timer: waiting with a timeout looks for the end only every so often.
                timer = threading.Timer(deadline_s, _end_overdue, (process, overdue))
                timer.start()
                try:
                    code = process.wait()
                finally:
                    timer.cancel()
        except OSError as error:
            if error.errno in DISK_FULL:
                raise not_writable(temporary, error) from error
            raise ToolFailedError(
                Problem(where="LibreOffice", problem=f"无法启动 {self.program}：{error.strerror}")
            ) from error
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        if overdue.is_set():
            problem = f"转换超过 {deadline_s:.0f} 秒仍未结束，已强行终止"
            raise TimedOutError(Problem(where="LibreOffice", problem=problem))
        if code != 0:
            raise ToolFailedError(Problem(where="LibreOffice", problem=f"转换异常退出（代码 {code}）"))


#: How folders that hold profiles are named.
PROFILE_PREFIX = "daiban-office-"
_TEMPORARY = "tmp"  # in a profile: what a conversion writes on its way, laid-out documents among it
_ANSWERS_WITHIN_S = 15.0
_ROOM_BYTES = 2 * 2**20  # a composite of one form, laid out; less is no room to work in
#: A shell that has a watcher wait at its standard input and end the whole session once that is closed, and then becomes
#: the program.
_GUARDED = (
    "/bin/sh",
    "-c",
    'exec 3<&0 </dev/null; (read _ <&3; kill -s KILL -- "-$$") >/dev/null 2>&1 & exec "$@" 3<&-',
    "sh",
)


@contextmanager
def office_folder() -> Iterator[Path]:
    """A folder of ours in the system's temporary folder for all that LibreOffice writes, removed afterwards; what a run
    that was killed left of its own is removed first.
    """
    for old in Path(tempfile.gettempdir()).glob(f"{PROFILE_PREFIX}*-*"):
        pid = old.name.removeprefix(PROFILE_PREFIX).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PROFILE_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Profile:
    """A LibreOffice profile of one worker's own, in the folder that is given.

    A profile's first start costs about a second. So the first one ever made is kept in the user's cache folder, and
    later ones begin as a copy of it. Without a writable cache folder each begins empty, which is only slower.
    """

    def __init__(self, libreoffice: LibreOffice, inside: Path) -> None:
        self.path = Path(tempfile.mkdtemp(dir=inside))
        self._seed = user_cache_path("daiban") / ("office-" + ".".join(map(str, libreoffice.version)))
        with suppress(OSError):
            shutil.copytree(self._seed, self.path, dirs_exist_ok=True)

    def keep_as_seed(self) -> None:
        """After a conversion that succeeded: keep a copy for later profiles to begin with, unless there is one."""
        if self._seed.exists():
            return
        beside = self._seed.with_name(f"{self._seed.name}.{os.getpid()}")
        try:
            shutil.copytree(self.path, beside, ignore=shutil.ignore_patterns(_TEMPORARY))
            beside.rename(self._seed)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _started(command: Sequence[str | Path], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a session of its own, ended at the end of the block, and with this process, however that goes.

    A killed process can end nothing itself, so the shell that becomes the program first starts a watcher at a pipe of
    which only we hold the other end: there is no moment at which the program runs unwatched. Windows ends what a
    console started together with it.

    :raises OSError: the program cannot be started.
    """
    if not os.access(command[0], os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(command[0]))
    if os.name == "nt":
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
        try:
            yield process
        finally:
            kill_tree(process)
        return
    watched, held = os.pipe()
    try:
        try:
            process = subprocess.Popen(
                [*_GUARDED, *command], stdin=watched, start_new_session=True, **options
            )
        finally:
            os.close(watched)
        try:
            yield process
        finally:
            kill_tree(process)
    finally:
        os.close(held)


def kill_tree(process: subprocess.Popen[bytes]) -> None:
    """End a process and every child it still has; soffice is a wrapper around soffice.bin.

    The whole group is ended first: should the wrapper itself have died, its child has another parent, but is still in
    the group.
    """
    if hasattr(os, "killpg"):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    try:
        root = psutil.Process(process.pid)
        family = [*root.children(recursive=True), root]
    except psutil.NoSuchProcess:
        family = []
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    process.wait()


def find_libreoffice(configured: Path | None = None) -> LibreOffice:
    """The LibreOffice to use: the configured one, else the first found on PATH or in the usual places.

    Raises :class:`ToolMissingError` with what to install when there is none, or it is older than 7.5;
    :class:`ToolFailedError` when it does not answer.
    """
    program = configured or _search()
    if program is None or not program.exists():
        raise ToolMissingError(
            Problem(where="LibreOffice", problem="没有找到 soffice", advice=INSTALL_ADVICE)
        )
    version = _version(program)
    if version < MINIMUM_VERSION:
        shown = ".".join(map(str, version)) or "未知"
        raise ToolMissingError(
            Problem(where=f"LibreOffice {shown}", problem="版本过旧，低于 7.5", advice=INSTALL_ADVICE)
        )
    return LibreOffice(program, version)


def _end_overdue(process: subprocess.Popen[bytes], overdue: threading.Event) -> None:
    overdue.set()
    kill_tree(process)


def is_usual_place(program: Path) -> bool:
    """Whether a program is one that would be found without being named."""
    found = (place.resolve() for place in _usual_places())
    return program.resolve() in found


def _search() -> Path | None:
    return next(_usual_places(), None)


def _usual_places() -> Iterator[Path]:
    for name in ("soffice", "libreoffice"):
        found = shutil.which(name)
        # Windows looks into the current folder first, which may be a workspace.
        if found is not None and Path(found).is_absolute():
            yield Path(found)
    for place in _PLACES:
        anchor = Path(place).anchor
        yield from sorted(Path(anchor).glob(place.removeprefix(anchor)), reverse=True)


_VERSIONS: dict[Path, tuple[int, ...]] = {}
#: How often the version is asked for: the process asked, or one below it, may have been killed.
_PROBES = 8


def _version(program: Path) -> tuple[int, ...]:
    """A program's version; () if it prints none. Only an answer is remembered; who was killed is asked again.

    :raises ToolFailedError: it does not answer.
    """
    until = time.monotonic() + _ANSWERS_WITHIN_S
    for _ in range(_PROBES):
        if program in _VERSIONS:
            break
        found = _asked_version(program, until - time.monotonic())
        if found is None:
            continue
        if not found:
            return ()
        _VERSIONS[program] = found
    return _VERSIONS.get(program, ())


def _asked_version(program: Path, patience_s: float) -> tuple[int, ...] | None:
    """The version it prints; () if that is none; None if it failed, as it does when it is killed.

    :raises ToolFailedError: it does not answer for so long.
    """
    process: subprocess.Popen[bytes] | None = None
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    try:
        with _started([program, "--version"], env=foreign_environment(), **quiet) as process:
            printed, _ = process.communicate(timeout=max(patience_s, 0.1))
    except OSError:
        return ()
    except subprocess.TimeoutExpired:
        problem = f"{program} 没有应答：问它的版本，{_ANSWERS_WITHIN_S:.0f} 秒没有回答"
        advice = "请结束卡住的 soffice 进程，确认 LibreOffice 能正常启动，再运行一次"
        raise ToolFailedError(Problem(where="LibreOffice", problem=problem, advice=advice)) from None
    finally:
        if process is not None and process.stdout is not None:
            process.stdout.close()
    if process.returncode != 0:
        return None
    match = re.search(r"(\d+(?:\.\d+)+)", printed.decode(errors="replace"))
    return tuple(int(part) for part in match.group(1).split(".")) if match else ()


def _require_room(folder: Path) -> None:
    """LibreOffice fails without a word where the disk is full: that is then what is said.

    :raises NotWritableError: there is no room for a page.
    """
    free = shutil.disk_usage(folder).free
    if free < _ROOM_BYTES:
        raise not_writable(folder, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def _is_whole_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(5)
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - 64))
            return head == b"%PDF-" and b"%%EOF" in stream.read()
    except OSError:
        return False
