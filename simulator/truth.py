"""What is true of a simulated return: what was written, what was spoilt, and what a reader should say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Tier = Literal["A", "B", "C", "D"]
Ids = frozenset[str]
PageKind = Literal["issued", "back", "foreign"]


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding a reader should make: its code, and the field or page it is about. ``also``: codes that are as
    right (what cannot be seen may as well be missing).
    """

    code: str
    field: str | None = None
    page: int | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What was put into one field. ``marks``: pen, seal, typed, tick, cross, fill, struck; empty: left blank."""

    id: str
    kind: str
    page: int
    marks: tuple[str, ...] = ()
    text: str | None = None
    seal: str | None = None
    diameter_mm: float | None = None

    @property
    def filled(self) -> bool:
        """Whether anything was put there."""
        return bool(self.marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTruth:
    """Whose page a picture is and what happened to it.

    ``turn``: degrees clockwise by which it must be turned to stand upright. ``homography``: 3 × 3, from mm on
    the issued page to pixels of the picture; None where paper was curled. ``issue`` is None for backs and
    foreign pages.
    """

    kind: PageKind
    tier: Tier
    look: str
    issue: str | None = None
    case: str | None = None
    form: str | None = None
    page: int | None = None
    pages: int | None = None
    turn: int = 0
    copy: int = 1
    marks_whole: int = 2
    colour: bool = True
    homography: tuple[tuple[float, ...], ...] | None = None
    defects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPage:
    """One picture and its truth. ``pixels``: RGB, grey, or for a bitonal scan grey of 0 and 255 only."""

    pixels: Image
    truth: PageTruth
    dpi: float | None
    bitonal: bool = False
    jpeg: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTruth:
    """What a reader should say of one document.

    ``complete``: whether it may be called complete. When False, ``incomplete`` and ``review`` are both right;
    ``expected`` are the findings it should have.
    """

    issue: str
    case: str
    form: str
    pages: int
    complete: bool
    defects: tuple[str, ...] = ()
    expected: tuple[Expected, ...] = ()
    written: tuple[Written, ...] = ()


@dataclass(frozen=True, slots=True)
class SimulatedDocument:
    """A returned document: its pictures, in the order they were fed in, and its truth."""

    pages: tuple[SimulatedPage, ...]
    truth: DocumentTruth


@dataclass(frozen=True, slots=True)
class Ground:
    """What a case's other papers say, so that what is written fits them."""

    today: Any
    not_before: Any = None
    not_after: Any = None
    enterprise: str = ""
    agency: str = ""
    manager: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
