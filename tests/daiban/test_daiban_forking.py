"""foundation/forking.py: a killed run leaves nobody working behind it."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from foundation.forking import end_with_parent, forking

ROOT = Path(__file__).resolve().parents[2]


def begins_late(after_s: float) -> None:
    """A worker's life: it looks after its parent only after a while, starts a program, and works for ever."""
    time.sleep(after_s)
    end_with_parent()
    with subprocess.Popen(["sleep", "600"]):
        time.sleep(600)


def be_killed(after_s: float, alive_s: float) -> None:
    """A run that starts a worker and is killed."""
    forking(()).Process(target=begins_late, args=(after_s,)).start()
    time.sleep(alive_s)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("after_s", "alive_s"), [(0.0, 1.0), (1.0, 0.0)], ids=["at-work", "not-yet-begun"])
def test_workers_end_with_a_killed_run(after_s: float, alive_s: float) -> None:
    """Nobody keeps the killed run's output open: neither a worker, nor what it started, nor one that begins later."""
    program = f"from tests.daiban.test_daiban_forking import be_killed; be_killed({after_s}, {alive_s})"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=ROOT) as run:
        # It is not waited for before its output is at its end: a killed process keeps its id until then.
        assert run.communicate(timeout=60) == (b"", None)
    assert run.returncode == -signal.SIGKILL


@pytest.mark.parametrize("letters", [40, 70, 90, 200])
def test_workers_start_however_long_the_temporary_folder_is(letters: int) -> None:
    """A socket's path has about a hundred bytes; a temporary folder's may have more."""
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        folder = Path(short) / ("x" * (letters - len(short) - 1))
        folder.mkdir()
        program = "from foundation.forking import forking; run = forking(()).Process(target=print, args=('done',)); "
        program += "run.start(); run.join()"
        done = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "TMPDIR": str(folder)},
            capture_output=True,
            text=True,
            timeout=60,
            cwd=ROOT,
            check=False,
        )
    assert (done.stdout, done.stderr) == ("done\n", "")
