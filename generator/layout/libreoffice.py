"""LibreOffice, the layout engine: the only module that starts it.

Each conversion is one process with a profile of its own worker, ended with all its children at a deadline. A process
lives for one composite document (some hundred copies), so nothing leaks, nothing has to be recycled, and a process
that hangs or dies takes only its own composite with it; docs/decisions/0002 gives the measurement behind this.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from platformdirs import user_cache_path

from foundation.errors import Problem, ToolFailedError, ToolMissingError

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
        self._run(command, deadline_s)
        if not _is_whole_pdf(output):
            output.unlink(missing_ok=True)
            raise ToolFailedError(Problem(where="LibreOffice", problem="转换结束，但没有得到完整的 PDF"))
        return output

    def _run(self, command: list[str], deadline_s: float) -> None:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise ToolFailedError(
                Problem(where="LibreOffice", problem=f"无法启动 {self.program}：{error.strerror}")
            ) from error
        # A blocking wait, ended by a timer: waiting with a timeout looks for the end only every so often.
        overdue = threading.Event()
        timer = threading.Timer(deadline_s, _end_overdue, (process, overdue))
        timer.start()
        try:
            code = process.wait()
        finally:
            timer.cancel()
            kill_tree(process)
        if overdue.is_set():
            problem = f"转换超过 {deadline_s:.0f} 秒仍未结束，已强行终止"
            raise TimedOutError(Problem(where="LibreOffice", problem=problem))
        if code != 0:
            raise ToolFailedError(Problem(where="LibreOffice", problem=f"转换异常退出（代码 {code}）"))


#: How folders in the system's temporary folder are named that hold profiles.
PROFILE_PREFIX = "daiban-office-"


class Profile:
    """A LibreOffice profile of one worker's own, in the system's temporary folder or in the one that is given.

    A profile's first start costs about a second. So the first one ever made is kept in the user's cache folder, and
    later ones begin as a copy of it. Without a writable cache folder each begins empty, which is only slower.
    """

    def __init__(self, libreoffice: LibreOffice, inside: Path | None = None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix=PROFILE_PREFIX, dir=inside))
        self._seed = user_cache_path("daiban") / ("office-" + ".".join(map(str, libreoffice.version)))
        with suppress(OSError):
            shutil.copytree(self._seed, self.path, dirs_exist_ok=True)

    def keep_as_seed(self) -> None:
        """After a conversion that succeeded: keep a copy for later profiles to begin with, unless there is one."""
        if self._seed.exists():
            return
        beside = self._seed.with_name(f"{self._seed.name}.{os.getpid()}")
        try:
            shutil.copytree(self.path, beside)
            beside.rename(self._seed)
        except OSError:
            shutil.rmtree(beside, ignore_errors=True)

    def remove(self) -> None:
        """Delete the profile."""
        shutil.rmtree(self.path, ignore_errors=True)


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

    Raises :class:`ToolMissingError` with what to install when there is none, or it is older than 7.5.
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


def _search() -> Path | None:
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if on_path:
        return Path(on_path)
    for place in _PLACES:
        anchor = Path(place).anchor
        for found in sorted(Path(anchor).glob(place.removeprefix(anchor)), reverse=True):
            return found
    return None


_VERSIONS: dict[Path, tuple[int, ...]] = {}
#: How often the version is asked for: the process asked, or one below it, may have been killed.
_PROBES = 8


def _version(program: Path) -> tuple[int, ...]:
    """A program's version; () if it prints none. Only an answer is remembered; who was killed is asked again."""
    for _ in range(_PROBES):
        if program in _VERSIONS:
            break
        found = _asked_version(program)
        if found is None:
            continue
        if not found:
            return ()
        _VERSIONS[program] = found
    return _VERSIONS.get(program, ())


def _asked_version(program: Path) -> tuple[int, ...] | None:
    """The version it prints; () if that is none; None if it failed, as it does when it is killed."""
    try:
        done = subprocess.run(
            [program, "--version"],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return ()
    if done.returncode != 0:
        return None
    match = re.search(r"(\d+(?:\.\d+)+)", done.stdout)
    return tuple(int(part) for part in match.group(1).split(".")) if match else ()


def _is_whole_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as stream:
            head = stream.read(5)
            stream.seek(0, os.SEEK_END)
            stream.seek(max(0, stream.tell() - 64))
            return head == b"%PDF-" and b"%%EOF" in stream.read()
    except OSError:
        return False
