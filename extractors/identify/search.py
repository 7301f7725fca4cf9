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
#: Pixels from which half the resolution is tried first: more than A4 at 200 dpi.
_LARGE_PX = 5_000_000
_STRICTNESS = 0.88  # of the light around, below which a pixel is dark
_CORNER_SHARE = 0.42

SearchAttempt = Callable[[], tuple[FoundCode, ...]]


@dataclass(frozen=True, slots=True, eq=False)
class SearchView:
    """A picture to look for codes in, and the way back: its point × ``scale`` + ``offset`` = the raster's."""

    grey: Image
    scale: float = 1.0
    offset: tuple[float, float] = (0.0, 0.0)

    def read(self, *, whole_histogram: bool = False, thorough: bool = False) -> tuple[FoundCode, ...]:
        """Its codes, in the raster's pixels."""
        found = read_codes(self.grey, whole_histogram=whole_histogram, thorough=thorough)
        return tuple(FoundCode(code.text, self._back(code.corners)) for code in found)

    def changed(self, change: Callable[[Image], Image]) -> SearchView:
        """The same view with its picture made readable in another way."""
        return SearchView(change(self.grey), self.scale, self.offset)

    def _back(self, corners: Points) -> Points:
        # Pixel centres stand at whole numbers on both scales.
        return np.asarray((corners + 0.5) * self.scale - 0.5 + np.array(self.offset), dtype=np.float64)


def dark_of(raster: Raster) -> Image:
    """Grey in which print is dark and coloured ink as light as it can be: a seal over a code nearly vanishes."""
    if raster.pixels.ndim == 2:
        return raster.pixels
    red, green, blue = (cv2.extractChannel(raster.pixels, channel) for channel in range(3))
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)


def attempts(grey: Image) -> Iterator[SearchAttempt]:
    """Ways to read a page's codes, cheap ones first; each is a call that gives the codes it found."""
    if min(grey.shape) < _SMALLEST_PX:
        return
    full = SearchView(grey)
    whole = _halved(full) if grey.size > _LARGE_PX else full
    yield whole.read
    yield lambda: whole.read(thorough=True)
    yield lambda: whole.read(whole_histogram=True)
    if whole is not full:
        yield lambda: full.read(thorough=True)
    yield lambda: whole.changed(_softened).read(thorough=True)
    yield lambda: whole.changed(_closed).read(thorough=True)
    if max(grey.shape) < _LARGE_ENOUGH_PX:
        larger = _enlarged(full)
        yield lambda: larger.read(thorough=True)
        yield lambda: larger.changed(_sharpened).read(thorough=True)
    for corner in _corner_views(whole):
        yield from _hard_attempts(corner)


def attempts_beside(grey: Image, found: FoundCode) -> Iterator[SearchAttempt]:
    """Ways to read the page's other code, which lies across the picture's middle from the one found."""
    full = SearchView(grey)
    yield lambda: full.read(thorough=True)
    yield lambda: full.changed(_softened).read(thorough=True)
    height, width = grey.shape
    x, y = found.corners.mean(axis=0)
    for corner in _corner_views(full):
        left, top = corner.offset
        if (left > 0) == (x < width / 2) and (top > 0) == (y < height / 2):
            yield from _hard_attempts(corner)


def _hard_attempts(view: SearchView) -> Iterator[SearchAttempt]:
    larger = _enlarged(view) if view.grey.size * 4 < _LARGE_PX else view
    yield lambda: larger.read(thorough=True)
    yield lambda: larger.changed(_sharpened).read(thorough=True)
    yield lambda: larger.changed(_bitonal).read(thorough=True)
    yield lambda: larger.changed(_closed_wide).read(thorough=True)


def _corner_views(view: SearchView) -> Iterator[SearchView]:
    """The four corners of the picture; the marks lie in two opposite ones, at whatever turn."""
    height, width = view.grey.shape
    rows, columns = round(height * _CORNER_SHARE), round(width * _CORNER_SHARE)
    for top in (0, height - rows):
        for left in (0, width - columns):
            offset = (left * view.scale, top * view.scale)
            yield SearchView(view.grey[top : top + rows, left : left + columns], view.scale, offset)


def _halved(view: SearchView) -> SearchView:
    half = cv2.resize(view.grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return SearchView(np.asarray(half, dtype=np.uint8), view.scale * 2, view.offset)


def _enlarged(view: SearchView) -> SearchView:
    double = cv2.resize(view.grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return SearchView(np.asarray(double, dtype=np.uint8), view.scale / 2, view.offset)


def _softened(grey: Image) -> Image:
    """Ragged edges of black-and-white scans and the speckle of copies, smoothed."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.2), dtype=np.uint8)


def _closed(grey: Image) -> Image:
    """Specks of white in dark modules, and of dark in light ones, filled."""
    return np.asarray(cv2.medianBlur(grey, 3), dtype=np.uint8)


def _closed_wide(grey: Image) -> Image:
    return np.asarray(cv2.medianBlur(grey, 5), dtype=np.uint8)


def _sharpened(grey: Image) -> Image:
    blurred = cv2.GaussianBlur(grey, (0, 0), 3)
    return np.asarray(cv2.addWeighted(grey, 2.0, blurred, -1.0, 0), dtype=np.uint8)


def _bitonal(grey: Image) -> Image:
    """Black and white by a threshold that follows the light: for shadows and uneven toner."""
    block = max(15, round(max(grey.shape) / 12) | 1)
    light = cv2.boxFilter(grey, cv2.CV_8U, (block, block))
    return np.asarray(
        cv2.compare(grey, cv2.convertScaleAbs(light, alpha=_STRICTNESS), cv2.CMP_GE), dtype=np.uint8
    )
