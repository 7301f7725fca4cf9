"""``make demo`` closes the loop; it goes on where only the PDF are lacking, and stops at anything worse."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def make_demo(folder: Path, code: int, verified: int | None = None) -> "subprocess.CompletedProcess[str]":
    """The recipe with a command whose generate ends with this code.

    It issues only a DOCX, or, if ``verified`` is the code its verify ends with, a PDF too.
    """
    binaries = folder / "bin"
    binaries.mkdir()
    command = binaries / "daiban"
    issued = folder / "demo" / "issued" / "A-1"
    command.write_text(
        f"#!/bin/sh\necho ran $1\nmkdir -p {issued}\n: > {issued}/jincheng-authorisation.docx\n"
        f'[ "$1" != generate ] || exit {code}\n'
    )
    if verified is not None:
        with command.open("a") as script:
            script.write(
                f": > {issued}/jincheng-authorisation.pdf\n"
                f'[ "$1" = verify ] || exit 0\nmkdir -p {folder}/demo/reports\n'
                f": > {folder}/demo/reports/verify-1.html\nexit {verified}\n"
            )
    simulator = binaries / "python"
    simulator.write_text('#!/bin/sh\necho simulated $2\nmkdir -p "$4"\n: > "$4/truth.json"\n')
    command.chmod(0o755)
    simulator.chmod(0o755)
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
    assert "http://127.0.0.1:8000/" in done.stdout
    assert done.stdout.endswith("ran serve\n")
    warnings = [
        line for line in done.stdout.splitlines() if line.startswith("这台机器没有可用的 LibreOffice")
    ]
    assert len(warnings) == (code == 40)


@pytest.mark.parametrize("code", [1, 20, 41, 50])
def test_demo_stops_at_a_failure(tmp_path: Path, code: int) -> None:
    """Any other exit code of generate stops the demo before the status."""
    done = make_demo(tmp_path, code)
    assert done.returncode != 0
    assert "ran generate" in done.stdout
    assert "ran status" not in done.stdout


@pytest.mark.parametrize("verified", [0, 10, 11])
def test_demo_closes_the_loop(tmp_path: Path, verified: int) -> None:
    """What was issued is simulated to come back, verified with whatever verdict, and the report is named."""
    done = make_demo(tmp_path, 0, verified)
    assert done.returncode == 0, done.stderr
    output = done.stdout
    assert output.index("ran generate") < output.index("simulated simulator") < output.index("ran verify")
    assert output.index("ran verify") < output.index("ran status")
    assert "reports/verify-1.html" in output


@pytest.mark.parametrize("verified", [1, 30, 50])
def test_demo_stops_where_verify_fails(tmp_path: Path, verified: int) -> None:
    """Anything worse than a document that is not complete stops the demo."""
    done = make_demo(tmp_path, 0, verified)
    assert done.returncode != 0
    assert "ran status" not in done.stdout
