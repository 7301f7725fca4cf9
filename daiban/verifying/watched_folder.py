"""A folder into which a scanner, or a person, puts what came back (看着的文件夹): which files are whole by now, and
where those go that were dealt with.

A file is whole when it has not changed from one look to the next, at least :data:`QUIET_S` apart; a PDF when it has its
end, too. What never gets an end is taken after :data:`PATIENCE_S` all the same: it is then said what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path

from foundation.writing import writing

QUIET_S, PATIENCE_S = 10.0, 600.0
DONE = "已核验"
_PDF_END = b"%%EOF"
_TAIL = 2048
#: What programs call files that they are not done with.
_UNFINISHED = (".part", ".partial", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True, slots=True)
class _Look:
    size: int
    changed_ns: int
    since: float


@dataclass(slots=True)
class WatchedFolder:
    """One folder, looked at again and again."""

    folder: Path
    _seen: dict[Path, _Look] = field(default_factory=dict)

    def whole_files(self, now: float | None = None) -> tuple[Path, ...]:
        """The files that are whole, by name. ``now``: seconds of a clock that only goes on.

        :raises OSError: the folder is not there, or cannot be read.
        """
        now = time.monotonic() if now is None else now
        seen = {path: self._look(path, now) for path in _files(self.folder)}
        self._seen = {path: look for path, look in seen.items() if look is not None}
        return tuple(path for path, look in sorted(self._seen.items()) if _is_whole(path, now - look.since))

    def _look(self, path: Path, now: float) -> _Look | None:
        try:
            found = path.stat()
        except OSError:
            return None  # it was taken away while we looked
        if not found.st_size:
            return None
        before = self._seen.get(path)
        same = before is not None and (before.size, before.changed_ns) == (found.st_size, found.st_mtime_ns)
        return before if same else _Look(found.st_size, found.st_mtime_ns, now)


def set_aside(folder: Path, files: Iterable[Path], today: dt.date) -> None:
    """Move files that were dealt with into ``已核验/<day>/``, under names that are free there.

    :raises NotWritableError: they cannot be moved.
    """
    target = folder / DONE / today.isoformat()
    with writing(target):
        target.mkdir(parents=True, exist_ok=True)
        for path in files:
            if path.is_file():
                path.rename(_free(target, path.name))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        hidden = path.name.startswith((".", "~"))
        if not hidden and path.suffix.lower() not in _UNFINISHED and path.is_file() and not path.is_symlink():
            yield path


def _is_whole(path: Path, quiet_s: float) -> bool:
    if quiet_s < QUIET_S:
        return False
    return path.suffix.lower() != ".pdf" or quiet_s >= PATIENCE_S or _has_end(path)


def _has_end(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            return _PDF_END in file.read()
    except OSError:
        return False


def _free(folder: Path, name: str) -> Path:
    stem, dot, suffix = name.rpartition(".")
    stem = stem if dot else name
    names = chain([name], (f"{stem}-{times}{dot}{suffix if dot else ''}" for times in count(2)))
    return next(place for one in names if not (place := folder / one).exists())
