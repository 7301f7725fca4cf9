"""Nothing is lost: killed at any moment, run twice at once, on a full disk, with office processes dying."""

import hashlib
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from daiban.registry import Registry
from tests.small_disk import enlarge, small_disk

pytestmark = pytest.mark.office

Run = Callable[..., tuple[int, dict[str, Any]]]
Start = Callable[..., "subprocess.Popen[str]"]
Make = Callable[..., Path]
FORM = ("--form", "jincheng-authorisation")


def assert_whole(workspace: Path, documents: int) -> None:
    """Every document is there once, published, as registered, and nothing half-made lies about."""
    with Registry.open(workspace / "registry.sqlite") as registry:
        current = list(registry.current().values())
    assert len(current) == documents
    assert all(issue.published_at is not None for issue in current)
    for issue in current:
        assert issue.pdf is not None
        for name, digest in ((issue.docx, issue.docx_sha256), (issue.pdf, issue.pdf_sha256)):
            assert hashlib.sha256((workspace / name).read_bytes()).hexdigest() == digest
    files = [path for path in (workspace / "issued").rglob("*") if path.is_file()]
    assert len(files) == 2 * documents
    assert not list((workspace / ".daiban").rglob("*.pdf"))


@pytest.mark.timeout(600)
def test_killed_at_any_moment_a_rerun_completes(workspace: Make, daiban: Start, run: Run) -> None:
    """kill -9 at random moments of a batch: running again completes it, whole and without duplicate issues."""
    folder = workspace(60)
    chance = random.Random(20261121)
    for _ in range(8):
        process = daiban("generate", folder, *FORM, "--workers", "2", "--json")
        time.sleep(chance.uniform(0.2, 4.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
    code, _ = run("generate", folder, *FORM)
    assert code == 0
    assert_whole(folder, 60)
    with Registry.open(folder / "registry.sqlite") as registry:
        published = [issue for issue in registry.issues() if issue.published_at]
    assert Counter(issue.case_id for issue in published).most_common(1)[0][1] == 1
    assert run("generate", folder, *FORM)[1]["issued"] == []


@pytest.mark.timeout(600)
def test_no_document_is_lost_while_office_processes_are_killed(workspace: Make, daiban: Start) -> None:
    """300 documents while LibreOffice processes are killed at random: all 300 come out whole."""
    folder = workspace(300)
    process = daiban("generate", folder, *FORM, "--workers", "2", "--json")
    killed = _kill_office_of(process.pid, random.Random(7), until=lambda: process.poll() is not None, most=12)
    process.communicate(timeout=500)
    assert process.returncode == 0
    assert killed, "no office process was there to be killed: the test has tested nothing"
    assert_whole(folder, 300)


def test_a_batch_leaves_nothing_in_the_temporary_folder(
    workspace: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice's profiles go when the workers do: a thousand batches do not fill the disk."""
    folder = workspace(12)
    # Not below pytest's own folder: the workers' socket stands there too, and its path must be short.
    with tempfile.TemporaryDirectory() as temporary:
        monkeypatch.setenv("TMPDIR", temporary)
        code, told = run("generate", folder, *FORM, "--workers", "2")
        assert (code, len(told["issued"])) == (0, 12)
        assert not list(Path(temporary).iterdir())


@pytest.mark.parametrize(
    ("how", "documents"),
    [
        (signal.SIGTERM, 1),
        (signal.SIGHUP, 1),
        (signal.SIGKILL, 1),
        (signal.SIGTERM, 12),
        (signal.SIGKILL, 12),
    ],
)
def test_nothing_outlives_a_run_that_is_ended(
    workspace: Make,
    daiban: Start,
    fake_office: Callable[[str], Path],
    tmp_path: Path,
    how: int,
    documents: int,
) -> None:
    """Whoever ends a run, and however, ends LibreOffice with it; what it wrote on the way is gone by the next start."""
    if signal.getsignal(how) is signal.SIG_IGN:
        pytest.skip("whoever started the tests has the signal ignored (nohup), and the run with them")
    folder = workspace(documents)
    settings = folder / "daiban.toml"
    settings.write_text(f'[converter]\npath = "{fake_office("hangs")}"\n', "utf-8")
    ours = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    daiban("doctor", folder, "--confirm-converter", "--json", **ours).communicate(timeout=60)
    with tempfile.TemporaryDirectory() as temporary:
        process = daiban("generate", folder, *FORM, "--workers", "2", "--json", TMPDIR=temporary, **ours)
        office = _wait_for(lambda: [one for one in _below(process.pid) if "--convert-to" in one.cmdline()])
        process.send_signal(how)
        process.communicate(timeout=20)
        assert process.returncode == (-signal.SIGKILL if how == signal.SIGKILL else 130)
        assert not psutil.wait_procs(office, timeout=10)[1]
        left = [one.name for one in Path(temporary).iterdir() if one.name.startswith("daiban-office-")]
        assert how == signal.SIGKILL or not left
        settings.write_text("", "utf-8")
        if how == signal.SIGKILL and documents == 1:
            daiban("generate", folder, *FORM, "--json", TMPDIR=temporary).communicate(timeout=100)
            assert not list(Path(temporary).glob("daiban-office-*"))


def _wait_for(find: Callable[[], list[psutil.Process]]) -> list[psutil.Process]:
    """What is found, once there is any."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(psutil.Error):
            if found := find():
                return found
        time.sleep(0.1)
    raise AssertionError("nothing was started")


def test_two_runs_at_once_do_the_work_once(workspace: Make, daiban: Start) -> None:
    """Two generates on one workspace: one waits, nothing is issued twice."""
    folder = workspace(20)
    both = [daiban("generate", folder, *FORM, "--json") for _ in range(2)]
    for process in both:
        process.communicate(timeout=200)
        assert process.returncode == 0
    assert_whole(folder, 20)
    with Registry.open(folder / "registry.sqlite") as registry:
        assert len(registry.issues()) == 20


def test_a_full_disk_loses_nothing(workspace: Make, run: Run, tmp_path: Path) -> None:
    """On a full disk the run says so with exit code 50; with room again it completes."""
    with small_disk(tmp_path / "disk", "2500k") as disk:
        folder = workspace(40, disk / "ws")
        code, told = run("generate", folder, *FORM, "--workers", "1")
        assert code == 50, told["failed"][:1]
        enlarge(disk)
        assert run("generate", folder, *FORM)[0] == 0
        assert_whole(folder, 40)


def _kill_office_of(pid: int, chance: random.Random, until: Callable[[], bool], most: int) -> list[int]:
    """Kill office processes below a process at random moments, a bounded number of them."""
    killed: list[int] = []

    def hunt() -> None:
        while not until() and len(killed) < most:
            time.sleep(chance.uniform(0.1, 0.6))
            victims = [
                child for child in _below(pid) if "soffice" in child.name() or "oosplash" in child.name()
            ]
            if victims:
                victim = chance.choice(victims)
                os.kill(victim.pid, signal.SIGKILL)
                killed.append(victim.pid)

    def guarded() -> None:
        while not until() and len(killed) < most:
            try:
                hunt()
            except (psutil.NoSuchProcess, ProcessLookupError):
                continue

    hunter = threading.Thread(target=guarded)
    hunter.start()
    hunter.join()
    return killed


def _below(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []
