"""``make demo`` goes on where only the PDF are lacking, and stops at anything worse."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def make_demo(folder: Path, code: int) -> "subprocess.CompletedProcess[str]":
    """The recipe with a command that only issues a DOCX, and whose generate ends with this code."""
    binaries = folder / "bin"
    binaries.mkdir()
    command = binaries / "daiban"
    issued = folder / "demo" / "issued" / "A-1"
    command.write_text(
        f"#!/bin/sh\necho ran $1\nmkdir -p {issued}\n: > {issued}/jincheng-authorisation.docx\n"
        f'[ "$1" != generate ] || exit {code}\n'
    )
    command.chmod(0o755)
    variables = [f"BIN={binaries}", f"DEMO={folder / 'demo'}"]
    # What is set up already counts as done; nothing is installed by a test.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "-o", "setup", "demo", *variables],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("code", [0, 40])
def test_demo_ends_with_the_status(tmp_path: Path, code: int) -> None:
    """With PDF or, where LibreOffice is missing, without, the demo shows the status and names a document."""
    done = make_demo(tmp_path, code)
    assert done.returncode == 0, done.stderr
    assert "ran status" in done.stdout
    assert "issued/A-1/jincheng-authorisation.docx\n" in done.stdout
    told = [line for line in done.stdout.splitlines() if line.startswith("这台机器没有可用的 LibreOffice")]
    assert len(told) == (code == 40)


@pytest.mark.parametrize("code", [1, 20, 41, 50])
def test_demo_stops_at_a_failure(tmp_path: Path, code: int) -> None:
    """Any other exit code of generate stops the demo before the status."""
    done = make_demo(tmp_path, code)
    assert done.returncode != 0
    assert "ran generate" in done.stdout
    assert "ran status" not in done.stdout
