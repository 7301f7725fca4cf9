"""The faulty converters can be trusted to have their own fault only."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

FAKES = Path(__file__).resolve().parent / "fakes"
FAULTS = sorted(path.stem for path in FAKES.glob("*.py") if path.stem not in ("faulty_office", "mute"))


@pytest.mark.parametrize("fault", FAULTS)
def test_fakes_run_without_a_python_in_the_path(fault: str, fake_office: Callable[[str], Path]) -> None:
    """Each starts and answers for its version, whatever Python PATH leads to, or none."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [fake_office(fault), "--version"],
        env={**environment, "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.fullmatch(r"LibreOffice \d+\.\d.*\n", done.stdout)
    assert done.stderr == ""


def test_every_fake_is_described() -> None:
    """The table names every fake and no other."""
    table = re.findall(r"^\| `(\w+)\.py` \|", (FAKES / "README.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(table) == sorted([*FAULTS, "mute"])
