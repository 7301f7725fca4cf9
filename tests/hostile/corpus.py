"""Files of other projects that can be found on this machine; none of them is part of this repository."""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

#: Where other projects' files lie: Python's own tests, what packages and documentation bring along, and whatever
#: folders this variable names (of PDF and office suites, say), separated as in PATH.
CORPUS_VARIABLE = "DAIBAN_TEST_CORPUS"
PLACES = (
    Path(sysconfig.get_path("stdlib")) / "test",
    Path(sysconfig.get_path("purelib")),
    Path("/usr/share/doc"),
    Path("/usr/share/libreoffice/share/template"),
)
_SUFFIXES = frozenset(
    {".pdf", ".docx", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".bmp", ".webp", ".zip", ".xlsx", ".doc"}
)
_LARGEST = 60_000  # a page that is not ours is read by its print, which takes seconds
_OF_EACH = 1


def corpus() -> list[Path]:
    """A few small files of each kind that can be found here, and all that the variable names."""
    named = [Path(place) for place in os.environ.get(CORPUS_VARIABLE, "").split(os.pathsep) if place]
    found = sorted(path for place in named for path in place.rglob("*") if path.is_file())
    here: dict[str, list[Path]] = {suffix: [] for suffix in sorted(_SUFFIXES)}
    for path in _small_ones():
        if len(here[path.suffix.lower()]) < _OF_EACH:
            here[path.suffix.lower()].append(path)
    return [*found, *chain.from_iterable(here.values())]


def _small_ones() -> Iterator[Path]:
    for folder, _, names in chain.from_iterable(os.walk(place) for place in PLACES if place.is_dir()):
        for name in sorted(names):
            path = Path(folder, name)
            if path.suffix.lower() in _SUFFIXES and path.is_file() and 0 < path.stat().st_size < _LARGEST:
                yield path
