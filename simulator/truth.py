"""The ground truth of a simulated return: what was written, which defects it has, what a reader should report.

``truth.json`` holds these dataclasses field by field: the names of their fields are its format.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Tier = Literal["A", "B", "C", "D"]
Ids = frozenset[str]
PageKind = Literal["issued", "back", "foreign"]


@dataclass(frozen=True, slots=True)
class ExpectedFinding:
    """One finding a reader should report: its code, and the field or page it is about.

    ``also``: codes that are equally right (what cannot be seen may as well be missing).
    """

    code: str
    field: str | None = None
    page: int | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenField:
    """What was put into one field.

    ``marks``: how (hand, typed, tick, cross, fill, pen, seal, digital-signature); empty: left blank.
    ``seal``: its shape, with ``diameter_mm``.
    """

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
    """Which page a picture shows and what happened to it.

    ``look``: how the picture was made, a name from :data:`simulator.scanning.captures.LOOKS`.
    ``turn``: degrees clockwise by which it must be turned to stand upright. ``marks_whole``: how many of its two
    page marks can still be read. ``homography``: 3 × 3, from mm on the issued page to pixels of the picture; None
    where the paper was curled or copied. ``issue`` is None for backs and foreign pages.
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
    """What a reader should conclude about one document.

    ``complete``: whether it may be called complete. Where False, ``incomplete`` and ``review`` are both right;
    ``expected`` are the findings it should have.
    """

    issue: str
    case: str
    form: str
    pages: int
    complete: bool
    defects: tuple[str, ...] = ()
    expected: tuple[ExpectedFinding, ...] = ()
    written: tuple[WrittenField, ...] = ()


@dataclass(frozen=True, slots=True)
class SimulatedDocument:
    """A returned document: its pictures, in the order they were fed in, and its truth."""

    pages: tuple[SimulatedPage, ...]
    truth: DocumentTruth


@dataclass(frozen=True, slots=True)
class CaseContext:
    """What the other documents of a case say, so that what is written on a return agrees with them.

    ``not_before``, ``not_after``: the first and last day on which the document may be signed; None: no limit.
    ``enterprise``, ``agency``, ``manager``: the names to sign and seal with; empty where no document names them.
    """

    today: date
    not_before: date | None = None
    not_after: date | None = None
    enterprise: str = ""
    agency: str = ""
    manager: str = ""
