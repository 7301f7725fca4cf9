"""One returned page until it is looked at: its picture, whose page it is, and the page in its original's frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from extractors.model.images import Image, Mask, Points
from extractors.model.issued import OriginalPage

MarkCorner = Literal["top-right", "bottom-left"]


@dataclass(frozen=True, slots=True)
class PageRef:
    """One page of one input: ``source`` as people know the file (a path relative to what was named),
    ``page`` from 1.
    """

    source: str
    page: int


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A page as a picture, as it lies in its file. ``dpi``: where the file or the paper size gives it,
    else None. ``bitonal``: black and white, told from the file's own pixels: these here may be fewer and then
    have levels between.
    """

    pixels: Image
    dpi: float | None = None
    bitonal: bool = False

    @property
    def has_colour(self) -> bool:
        """Whether it has three channels; they may still all be grey."""
        return self.pixels.ndim == 3


@dataclass(frozen=True, slots=True, eq=False)
class CodeSighting:
    """One page mark that was read: its text, and its four corners in the raster as it lies, shape (4, 2).

    Corners in the order top left, top right, bottom right, bottom left of the code *as it was printed*, so
    they give the turn. ``corner``: which of the page's two codes it is, None where that is not known.
    """

    text: str
    corners: Points
    corner: MarkCorner | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """Whose page a raster is: the issue, the page in it, the turn, and how it was identified.

    ``turn``: by how many degrees clockwise the raster must be turned to stand upright: 0, 90, 180 or 270.
    ``by``: ``mark`` (at least one code read), ``print`` (title and text, by OCR) or ``person`` (a clerk placed it).
    """

    issue: str
    page: int
    pages: int
    turn: int
    by: Literal["mark", "print", "person"]
    codes: tuple[CodeSighting, ...] = ()


@dataclass(frozen=True, slots=True)
class SharedPrint:
    """How far the print of a raster is that of a page of an issue, without being certain. ``share``: of the pairs of
    characters on either, those on both, 0..1. ``named``: a name of the issue's case was read; else the issue stands for
    every issue of its form.
    """

    issue: str
    page: int
    share: float
    named: bool


@dataclass(frozen=True, slots=True, eq=False)
class RegisteredPage:
    """A returned page in the frame of its original, at ``WORK_DPI``; all arrays have the original's shape.

    ``rgb``: as seen. ``grey``: the paper's shading taken out, white paper near 255, ink dark. ``seen``:
    False where the picture does not reach or nothing can be made out (cut off, glare). ``colour``: whether
    the scan kept colours at all. ``bitonal``: a black-and-white scan. ``dpi``: the picture's true resolution
    on this page. ``residual_mm``: what is left of the misfit after registration, the 90th percentile of
    local offsets; ``score``: 0..1, how well the print agrees.
    """

    original: OriginalPage
    rgb: Image
    grey: Image
    seen: Mask
    colour: bool
    bitonal: bool
    dpi: float
    residual_mm: float
    score: float
