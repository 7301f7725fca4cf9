"""A folder that a user other than root can reach: pytest's own are root's alone."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder in the system's temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="daiban-test-"))
    yield folder
    shutil.rmtree(folder)
