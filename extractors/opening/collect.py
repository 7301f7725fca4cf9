"""What people name on a command line, files and folders, as a list of files in the order they would count them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from foundation.errors import Problem
from foundation.os_errors import reason_of

_DIGITS = re.compile(r"(\d+)")
_SYSTEM_FILES = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True, slots=True)
class CollectedFiles:
    """``files``: each once, as (path, name); the name is unique and relative to what was named.

    ``skipped``: what was left out on purpose (hidden and temporary files, warnings), and folders that could
    not be looked into (errors).
    """

    files: tuple[tuple[Path, str], ...]
    skipped: tuple[Problem, ...] = ()

    def __iter__(self) -> Iterator[tuple[Path, str]]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class _FoundFile:
    path: Path
    root: Path  # what was named

    def name(self, depth: int) -> str:
        """0: relative to what was named; 1: with one folder in front; 2: the whole path."""
        base = self.root.parent if self.path == self.root else self.root
        inside = self.path.relative_to(base)
        return _readable(str((inside, base.name / inside, self.path)[depth]))


def collect(paths: Iterable[Path]) -> CollectedFiles:
    """Expands folders, in natural order (第2页 before 第10页); a file reached twice counts once.

    Nothing is opened: a name that does not exist stays in the list, for :func:`open_return` to say so.
    """
    walk = _FolderWalk()
    for path in paths:
        walk.visit_named(Path(path))
    return CollectedFiles(_named(walk.found), tuple(walk.skipped))


class _FolderWalk:
    def __init__(self) -> None:
        self.found: list[_FoundFile] = []
        self.skipped: list[Problem] = []
        self._seen: set[str] = set()

    def visit_named(self, root: Path) -> None:
        if not root.is_dir():
            self._add(root, root)
            return
        before = len(self.found)
        self._visit_folder(root, root)
        if len(self.found) == before:
            self.skipped.append(Problem(_readable(str(root)), "文件夹里没有可读的文件", severity="warning"))

    def _visit_folder(self, folder: Path, root: Path) -> None:
        """Depth first with a list of its own: a folder may be nested deeper than Python calls."""
        waiting = [folder]
        while waiting:
            current = waiting.pop()
            if current.is_dir():
                waiting.extend(reversed(self._inside(current, root)))
            else:
                self._add(current, root)

    def _inside(self, folder: Path, root: Path) -> list[Path]:
        if not self._first_time(folder):
            return []
        try:
            entries = sorted(folder.iterdir(), key=_natural)
        except OSError as error:
            where = _readable(str(folder))
            self.skipped.append(Problem(where, f"文件夹打不开：{reason_of(error)}", advice="检查权限"))
            return []
        wanted = []
        for entry in entries:
            why = _why_skipped(entry.name)
            if why:
                name = _FoundFile(entry, root).name(0)
                self.skipped.append(Problem(name, f"{why}，已跳过", severity="warning"))
            else:
                wanted.append(entry)
        return wanted

    def _add(self, path: Path, root: Path) -> None:
        if self._first_time(path):
            self.found.append(_FoundFile(path, root))

    def _first_time(self, path: Path) -> bool:
        """By the real place: a link to a folder already seen is a loop, a link to a file the same file."""
        real = os.path.realpath(path)
        if real in self._seen:
            return False
        self._seen.add(real)
        return True


def _why_skipped(name: str) -> str | None:
    if name.startswith(("~$", ".~")):
        return "是 Word/WPS 打开文件时的临时文件"
    if name.startswith("."):
        return "是隐藏文件"
    if name.casefold() in _SYSTEM_FILES:
        return "是系统自带的文件"
    return None


def _natural(path: Path) -> tuple[tuple[int, int, str], ...]:
    folded = unicodedata.normalize("NFKC", path.name).casefold()
    return tuple(_sortable(part) for part in _DIGITS.split(folded) if part)


def _sortable(part: str) -> tuple[int, int, str]:
    return (0, int(part[:30]), part) if part.isdecimal() else (1, 0, part)


def _named(found: list[_FoundFile]) -> tuple[tuple[Path, str], ...]:
    """Names as short as they can be while no two are the same."""
    names = [item.name(0) for item in found]
    for depth in (1, 2):
        clashing = {name for name, count in Counter(names).items() if count > 1}
        names = [
            item.name(depth) if name in clashing else name for item, name in zip(found, names, strict=True)
        ]
    return tuple((item.path, name) for item, name in zip(found, _numbered(names), strict=True))


def _numbered(names: list[str]) -> Iterator[str]:
    """Names that differed only in what cannot be shown get a number."""
    seen: Counter[str] = Counter()
    for name in names:
        seen[name] += 1
        yield f"{name} ({seen[name]})" if seen[name] > 1 else name


def _readable(name: str) -> str:
    """A name fit for a report: bytes of an old zip's GBK names decoded, control characters shown as such."""
    raw = os.fsencode(name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", errors="replace")
    return "".join("�" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else letter for letter in text)
