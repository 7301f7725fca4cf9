"""What a worker that reads returns is asked, and what it answers: plain values that go through a pipe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from daiban.verifying.outcome import UnplacedPage
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from foundation.errors import Problem

#: Pages that a worker takes at once: few enough that at the end of a batch no worker waits long for another.
CHUNK_PAGES = 2


@dataclass(frozen=True, slots=True)
class PagesJob:
    """Read some pages of one file. ``sha256``: of the file, once it is known; ``tries``: how often a page was given out
    before; ``placed``: the issue and page of it where a person placed the page, whatever is on it.
    """

    path: Path
    name: str
    first: int = 1
    last: int = CHUNK_PAGES
    sha256: str = ""
    tries: int = 0
    placed: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class WholeFileJob:
    """Read a PDF as a file as well, once its pages have been placed. ``places``: source page → issue and page of it."""

    path: Path
    name: str
    sha256: str
    places: tuple[tuple[int, tuple[str, int]], ...]


ReadingJob = PagesJob | WholeFileJob


@dataclass(frozen=True, slots=True)
class FileOpened:
    """A file could be opened: how many pages it has, its hash, and whether it is a PDF."""

    pages: int
    sha256: str
    is_pdf: bool


@dataclass(frozen=True, slots=True)
class FileRead:
    """What a born-digital file says, by issue; ``is_page``: this stands for the file's only page (a DOCX)."""

    found: tuple[ReturnedFile, ...]
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class FileRefused:
    """A file cannot be read at all."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class PageRead:
    """One page was read, and placed or not. ``unmarked``: it may be identified by its print."""

    page: int
    found: ReturnedPage | UnplacedPage
    unmarked: bool = False


ReadingMessage = FileOpened | FileRefused | PageRead | FileRead
