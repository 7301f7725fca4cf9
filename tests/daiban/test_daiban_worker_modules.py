"""daiban/worker_modules.py: what workers load is named without loading it."""

from __future__ import annotations

import importlib
import subprocess
import sys

import pytest

from daiban.worker_modules import READING_MODULES


def test_modules_are_there() -> None:
    """Every module that workers are to load can be loaded."""
    for name in READING_MODULES:
        assert importlib.import_module(name).__name__ == name


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("daiban.worker_modules", ("cv2", "numpy", "pydantic", "sqlalchemy", "extractors", "forms")),
        ("daiban.cli.verify", ("cv2", "numpy", "openpyxl", "sqlalchemy", "extractors", "forms", "generator")),
    ],
)
def test_naming_them_loads_nothing(module: str, heavy: tuple[str, ...]) -> None:
    """A command that starts the workers' process early has loaded none of what they need by then."""
    body = f"import sys, {module}; print([m for m in sys.modules if m.split('.')[0] in sys.argv[1:]])"
    done = subprocess.run([sys.executable, "-c", body, *heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
