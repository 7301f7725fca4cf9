"""Where and how codes are looked for, cheap ways first: the picture as it is, then made readable in other ways.

A clean page costs a few milliseconds; only a page that does not give up its marks goes down the whole list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from extractors.identify.codes import FoundCode, read_codes
from extractors.model import Image, Points, Raster

#: Long side, in px, from which a code's modules need no enlarging: 108 dpi on A4 gives 1280.
_LARGE_ENOUGH_PX = 2000
#: A code has 21 modules; a picture narrower than two pixels for each holds none.
_SMALLEST_PX = 42
_CORNER_SHARE = 0.42


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture to look for codes in, and the way back: its point × ``scale`` + ``offset`` = the raster's."""

    grey: Image
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)

    def read(self, *, whole_histogram: bool = False, thorough: bool = False) -> tuple[FoundCode, ...]:
        """Its codes, in the raster's pixels."""
        found = read_codes(self.grey, whole_histogram=whole_histogram, thorough=thorough)
        return tuple(FoundCode(code.text, self._back(code.corners)) for code in found)

    def _back(self, corners: Points) -> Points:
        # Pixel centres stand at whole numbers on both scales.
        return np.asarray((corners + 0.5) * self.scale - 0.5 + np.array(self.offset), dtype=np.float64)


def dark_of(raster: Raster) -> Image:
    """Grey in which print is dark and coloured ink as light as it can be: a seal over a code nearly vanishes."""
    pixels = raster.pixels
    if pixels.ndim == 2:
        return pixels
    # Several times as fast as the maximum over an axis of three.
    return np.maximum(np.maximum(pixels[..., 0], pixels[..., 1]), pixels[..., 2])


def attempts(grey: Image) -> Iterator[Callable[[], tuple[FoundCode, ...]]]:
    """Ways to read a page's codes, cheap ones first; each is a call that gives the codes it found."""
    if min(grey.shape) < _SMALLEST_PX:
        return
    whole = View(grey)
    yield whole.read
    yield lambda: whole.read(thorough=True)
    yield lambda: whole.read(whole_histogram=True)
    yield lambda: View(_softened(grey)).read(thorough=True)
    yield lambda: View(_closed(grey)).read(thorough=True)
    if max(grey.shape) < _LARGE_ENOUGH_PX:
        larger = View(_enlarged(grey), 0.5)
        yield lambda: larger.read(thorough=True)
        yield lambda: View(_sharpened(larger.grey), 0.5).read(thorough=True)
    for corner in _corner_views(grey):
        yield from _hard_attempts(corner)


def _hard_attempts(view: View) -> Iterator[Callable[[], tuple[FoundCode, ...]]]:
    larger = _enlarged(view.grey)

    def read(picture: Image) -> tuple[FoundCode, ...]:
        return View(picture, view.scale / 2, view.offset).read(thorough=True)

    yield lambda: read(larger)
    yield lambda: read(_sharpened(larger))
    yield lambda: read(_bitonal(larger, 0.12))
    yield lambda: read(_closed(larger, 5))


def _corner_views(grey: Image) -> Iterator[View]:
    """The four corners of the picture; the marks lie in two opposite ones, at whatever turn."""
    height, width = grey.shape
    rows, columns = round(height * _CORNER_SHARE), round(width * _CORNER_SHARE)
    for top in (0, height - rows):
        for left in (0, width - columns):
            yield View(grey[top : top + rows, left : left + columns], 1.0, (left, top))


def _softened(grey: Image) -> Image:
    """Ragged edges of black-and-white scans and the speckle of copies, smoothed."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.2), dtype=np.uint8)


def _closed(grey: Image, size: int = 3) -> Image:
    """Specks of white in dark modules, and of dark in light ones, filled."""
    return np.asarray(cv2.medianBlur(grey, size), dtype=np.uint8)


def _enlarged(grey: Image) -> Image:
    return np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), dtype=np.uint8)


def _sharpened(grey: Image) -> Image:
    blurred = cv2.GaussianBlur(grey, (0, 0), 3)
    return np.asarray(cv2.addWeighted(grey, 2.0, blurred, -1.0, 0), dtype=np.uint8)


def _bitonal(grey: Image, strictness: float) -> Image:
    """Black and white by a threshold that follows the light: for shadows and uneven toner."""
    block = max(15, round(max(grey.shape) / 12) | 1)
    local = cv2.boxFilter(grey, cv2.CV_32F, (block, block))
    return np.where(grey < local * (1 - strictness), 0, 255).astype(np.uint8)
