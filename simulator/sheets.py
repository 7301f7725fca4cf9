"""Paper: an issued page at 300 dpi that can be written on, with every printed character and its place.

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
class Letter:
    """One printed character and the box of its ink."""

    text: str
    box: Box


@dataclass(slots=True, eq=False)
class Sheet:
    """One side of paper. ``pixels``: RGB at 300 dpi, white paper; changed in place by whoever writes on it."""

    number: int
    pixels: Image
    width_mm: float
    height_mm: float
    letters: tuple[Letter, ...] = ()
    defects: list[str] = field(default_factory=list)
    marks_whole: int = 2

    def copy(self) -> Sheet:
        """Another sheet that says the same."""
        return Sheet(
            self.number,
            self.pixels.copy(),
            self.width_mm,
            self.height_mm,
            self.letters,
            list(self.defects),
            self.marks_whole,
        )

    def ink(self, alpha: Alpha, x_mm: float, y_mm: float, colour: Colour) -> None:
        """Lay transparent ink with its top left at (x, y): darkens what is there, never covers it."""
        view, mask = self._window(alpha, x_mm, y_mm)
        if mask.size:
            tint = 1.0 - np.array(colour, np.float32) / 255.0
            view[:] = (view * (1.0 - mask[..., None] * tint)).astype(np.uint8)

    def cover(self, alpha: Alpha, x_mm: float, y_mm: float, colour: Colour) -> None:
        """Lay something opaque: correction fluid, a pasted strip, a staple."""
        view, mask = self._window(alpha, x_mm, y_mm)
        if mask.size:
            paint = np.array(colour, np.float32)
            view[:] = (view * (1.0 - mask[..., None]) + paint * mask[..., None]).astype(np.uint8)

    def window(self, box: Box) -> Image:
        """The pixels of a box, as a view."""
        rows, columns = self.pixels.shape[:2]
        y0, y1 = (int(np.clip(round(v * PX), 0, rows)) for v in (box.y0, box.y1))
        x0, x1 = (int(np.clip(round(v * PX), 0, columns)) for v in (box.x0, box.x1))
        return self.pixels[y0:y1, x0:x1]

    def letters_in(self, box: Box) -> list[Letter]:
        """The printed characters whose middle lies in a box."""
        return [item for item in self.letters if _inside(item.box.centre, box)]

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


def sheets_of(pdf: Path) -> list[Sheet]:
    """The pages of an issued PDF as fresh sheets; rendering is remembered."""
    return [
        Sheet(number, cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), width, height, letters)
        for number, (grey, width, height, letters) in enumerate(_rendered(pdf), start=1)
    ]


def empty_sheet(like: Sheet) -> Sheet:
    """A blank side of the same size: the back."""
    return Sheet(0, np.full_like(like.pixels, 255), like.width_mm, like.height_mm, (), [], 0)


@lru_cache(maxsize=24)
def _rendered(pdf: Path) -> tuple[tuple[Image, float, float, tuple[Letter, ...]], ...]:
    with pdfium.PdfDocument(pdf) as document:
        return tuple(_page(document[index]) for index in range(len(document)))


def _page(page: pdfium.PdfPage) -> tuple[Image, float, float, tuple[Letter, ...]]:
    width, height = page.get_size()
    bitmap = page.render(scale=DPI / 72, grayscale=True, may_draw_forms=False, draw_annots=False)
    grey = np.ascontiguousarray(bitmap.to_numpy().reshape(bitmap.height, -1)[:, : bitmap.width])
    return grey, width / 72 * 25.4, height / 72 * 25.4, _letters(page, height)


def _letters(page: pdfium.PdfPage, height_pt: float) -> tuple[Letter, ...]:
    text = page.get_textpage()
    said = text.get_text_range()
    found = []
    for index in range(min(text.count_chars(), len(said))):
        character = said[index]
        if character.isspace():
            continue
        left, bottom, right, top = text.get_charbox(index)
        found.append(Letter(character, Box.from_pdf((left, bottom, right, top), height_pt)))
    return tuple(found)
