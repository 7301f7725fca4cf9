"""A disk of a few kilobytes, for what happens where there is no room."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A new folder on a disk of its own of this ``size`` (``300k``); the test is skipped where none can be mounted."""
    folder.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False, capture_output=True
    ).returncode:
        pytest.skip("cannot mount a small disk here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def enlarge(folder: Path) -> None:
    """Make room on that disk."""
    subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
