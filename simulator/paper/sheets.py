"""Sheets of paper: an issued page at 300 dpi that can be written on, with the position of every printed character.

Coordinates on a sheet are mm from the page's top left, as in :class:`forms.geometry.Box`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import pypdfium2 as pdfium
from numpy.typing import NDArray

from forms.geometry import Box
from simulator.truth import Image

DPI = 300
PX = DPI / 25.4
Alpha = NDArray[np.float32]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PrintedCharacter:
    """One printed character and the box of its ink."""

    text: str
    box: Box


@dataclass(slots=True, eq=False)
class PaperSheet:
    """One side of a sheet of paper.

    ``number``: the page number, 0 for a back, negative for a foreign page. ``pixels``: RGB at 300 dpi, changed in place
    by what is written on it. ``marks_whole``: how many of its page marks can still be read.
    """

    number: int
    pixels: Image
    width_mm: float
    height_mm: float
    characters: tuple[PrintedCharacter, ...] = ()
    defects: list[str] = field(default_factory=list)
    marks_whole: int = 2

    def copy(self) -> PaperSheet:
        """A copy with pixels of its own."""
        return PaperSheet(
            self.number,
            self.pixels.copy(),
            self.width_mm,
            self.height_mm,
            self.characters,
            list(self.defects),
            self.marks_whole,
        )

    def ink(self, alpha: Alpha, x_mm: float, y_mm: float, colour: Colour) -> None:
        """Apply transparent ink with its top left corner at (x, y) in mm: it darkens what is there."""
        view, mask = self._window(alpha, x_mm, y_mm)
        if mask.size:
            tint = 1.0 - np.array(colour, np.float32) / 255.0
            view[:] = (view * (1.0 - mask[..., None] * tint)).astype(np.uint8)

    def cover(self, alpha: Alpha, x_mm: float, y_mm: float, colour: Colour) -> None:
        """Apply something opaque (correction fluid, a pasted strip, a staple), its top left corner at (x, y) in mm."""
        view, mask = self._window(alpha, x_mm, y_mm)
        if mask.size:
            paint = np.array(colour, np.float32)
            view[:] = (view * (1.0 - mask[..., None]) + paint * mask[..., None]).astype(np.uint8)

    def window(self, box: Box) -> Image:
        """The pixels of a box, as a view of the sheet."""
        rows, columns = self.pixels.shape[:2]
        y0, y1 = (int(np.clip(round(v * PX), 0, rows)) for v in (box.y0, box.y1))
        x0, x1 = (int(np.clip(round(v * PX), 0, columns)) for v in (box.x0, box.x1))
        return self.pixels[y0:y1, x0:x1]

    def characters_in(self, box: Box) -> list[PrintedCharacter]:
        """The printed characters whose centre lies in a box."""
        return [item for item in self.characters if _inside(item.box.centre, box)]

    def _window(self, alpha: Alpha, x_mm: float, y_mm: float) -> tuple[Image, Alpha]:
        x, y = round(x_mm * PX), round(y_mm * PX)
        rows, columns = self.pixels.shape[:2]
        height, width = alpha.shape
        x0, y0, x1, y1 = max(x, 0), max(y, 0), min(x + width, columns), min(y + height, rows)
        if x1 <= x0 or y1 <= y0:
            return self.pixels[:0, :0], alpha[:0, :0]
        return self.pixels[y0:y1, x0:x1], alpha[y0 - y : y1 - y, x0 - x : x1 - x]


def _inside(point: tuple[float, float], box: Box) -> bool:
    return box.x0 <= point[0] <= box.x1 and box.y0 <= point[1] <= box.y1


def sheets_of(pdf: Path) -> list[PaperSheet]:
    """The pages of an issued PDF as new sheets; the rendered pages are cached."""
    return [
        PaperSheet(
            number, np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8), width, height, characters
        )
        for number, (grey, width, height, characters) in enumerate(_rendered(pdf), start=1)
    ]


def empty_sheet(like: PaperSheet) -> PaperSheet:
    """A blank side of the same size: the back of a sheet."""
    return PaperSheet(0, np.full(like.pixels.shape, 255, np.uint8), like.width_mm, like.height_mm, (), [], 0)


@lru_cache(maxsize=24)
def _rendered(pdf: Path) -> tuple[tuple[Image, float, float, tuple[PrintedCharacter, ...]], ...]:
    with pdfium.PdfDocument(pdf) as document:
        return tuple(_page(document[index]) for index in range(len(document)))


def _page(page: pdfium.PdfPage) -> tuple[Image, float, float, tuple[PrintedCharacter, ...]]:
    width, height = page.get_size()
    bitmap = page.render(scale=DPI / 72, grayscale=True, may_draw_forms=False, draw_annots=False)
    grey = np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width])
    return grey, width / 72 * 25.4, height / 72 * 25.4, _characters(page, height)


def _characters(page: pdfium.PdfPage, height_pt: float) -> tuple[PrintedCharacter, ...]:
    text = page.get_textpage()
    content = text.get_text_range()
    found = []
    for index in range(min(text.count_chars(), len(content))):
        character = content[index]
        if character.isspace():
            continue
        left, bottom, right, top = text.get_charbox(index)
        found.append(PrintedCharacter(character, Box.from_pdf((left, bottom, right, top), height_pt)))
    return tuple(found)
