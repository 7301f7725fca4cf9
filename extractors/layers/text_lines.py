"""The printed characters of an original, gathered into lines: what stands on one base line is displaced together."""

from __future__ import annotations

import itertools
import re
from bisect import insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Mask, OriginalPage
from forms.geometry import Box

Rectangles = NDArray[np.int64]
PixelType = TypeVar("PixelType", bound=np.generic)
#: Originals whose derived values are kept; each keeps its page with it, some 3 MB.
_KEPT = 2
#: A wider gap, in heights of the line, ends a piece of line: the next table cell, the other column.
_GAP = 2.5
#: So many characters at most are aligned together: paper and feeders are not straight over a whole line.
_LONGEST = 14
#: Kinds of field that are typed into.
_TYPED = ("text", "date")
#: A page number (页码, GB/T 9704-2012 7.5: under the 版心, 4号, a dash on either side), and how near the foot.
_PAGE_NUMBER = re.compile(r"[—–―-][0-9]{1,3}[—–―-]")
_FOOT_MM = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class LinePiece:
    """Characters beside each other: their indices among the page's, from left to right, and the rectangle
    (x0, y0, x1, y1 in px) around them.
    """

    glyphs: tuple[int, ...]
    rectangle: tuple[int, int, int, int]

    def cut_from(self, picture: NDArray[PixelType], grown: int = 0) -> NDArray[PixelType]:
        """Its part of a picture, so many px larger."""
        x0, y0, x1, y1 = self.rectangle
        return picture[max(0, y0 - grown) : y1 + grown, max(0, x0 - grown) : x1 + grown]

    def moved(self, dx: int, dy: int) -> LinePiece:
        """The same characters, so many px farther right and down."""
        x0, y0, x1, y1 = self.rectangle
        return LinePiece(self.glyphs, (x0 + dx, y0 + dy, x1 + dx, y1 + dy))


@lru_cache(maxsize=_KEPT)
def rectangles(original: OriginalPage) -> Rectangles:
    """Each character's x0, y0, x1, y1 in px of the page, outer edges, shape (n, 4)."""
    boxes = [(glyph.box.x0, glyph.box.y0, glyph.box.x1, glyph.box.y1) for glyph in original.glyphs]
    edges = np.array(boxes, np.float64).reshape(-1, 4) * PX_PER_MM
    height, width = original.grey.shape
    whole = np.concatenate([np.floor(edges[:, :2]), np.ceil(edges[:, 2:])], axis=1).astype(np.int64)
    return np.clip(whole, 0, [width, height, width, height])


@dataclass(frozen=True, slots=True, eq=False)
class CharacterPixels:
    """All pixels of a page's characters behind one another: ``at`` in the flat picture, where each one ``starts``."""

    at: NDArray[np.int64]
    starts: NDArray[np.int64]
    empty: NDArray[np.bool_]

    def pixels(self, picture: NDArray[PixelType]) -> NDArray[PixelType]:
        """A picture's pixels in all rectangles."""
        return np.asarray(picture.ravel().take(self.at))  # three times as quick as by an index

    def sums(self, pixels: NDArray[np.generic]) -> NDArray[np.float64]:
        """The sum over each rectangle, of what :meth:`pixels` gave."""
        if not len(self.starts):
            return np.zeros(0)
        # A last zero, so that an empty rectangle at the end has a place to start at.
        padded = np.append(pixels, np.zeros(1, pixels.dtype))
        found = np.add.reduceat(padded, self.starts, dtype=np.float64)
        found[self.empty] = 0.0
        return np.asarray(found, np.float64)


@lru_cache(maxsize=_KEPT)
def character_pixels(original: OriginalPage, grown: int = 0) -> CharacterPixels:
    """Where the pixels of each character's rectangle, made larger by some px, lie in a page's flat picture."""
    height, width = original.grey.shape
    boxes = rectangles(original) + np.array([-grown, -grown, grown, grown])
    boxes = np.clip(boxes, 0, [width, height, width, height])
    across, down = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    line = _counted(down) + np.repeat(boxes[:, 1], down)
    first = line * width + np.repeat(boxes[:, 0], down)
    lengths = np.repeat(across, down)
    at = _counted(lengths) + np.repeat(first, lengths)
    sizes = across * down
    return CharacterPixels(at, np.cumsum(sizes) - sizes, sizes == 0)


def _counted(lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2 … anew for each length."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.asarray(np.arange(total) - np.repeat(ends - lengths, lengths), np.int64)


@lru_cache(maxsize=_KEPT)
def open_glyphs(original: OriginalPage) -> NDArray[np.bool_]:
    """Which characters stand in an open field's area: 年 月 日 of a date slot, a hint, a box to tick."""
    return _within(original, [area.box for area in original.areas if area.is_open])


@lru_cache(maxsize=_KEPT)
def typed_over_glyphs(original: OriginalPage) -> NDArray[np.bool_]:
    """Which of them stand where people type: what is typed into the form field of an issued PDF covers 年 月 日."""
    return _within(original, [area.box for area in original.areas if area.is_open and area.kind in _TYPED])


def _within(original: OriginalPage, boxes: Iterable[Box]) -> NDArray[np.bool_]:
    glyphs = np.array([_edges(glyph.box) for glyph in original.glyphs]).reshape(-1, 4)
    inside = np.zeros(len(glyphs), np.bool_)
    least = 0.3 * (glyphs[:, 2] - glyphs[:, 0]) * (glyphs[:, 3] - glyphs[:, 1])
    for box in boxes:
        x0, y0, x1, y1 = _edges(box)
        wide = np.minimum(glyphs[:, 2], x1) - np.maximum(glyphs[:, 0], x0)
        high = np.minimum(glyphs[:, 3], y1) - np.maximum(glyphs[:, 1], y0)
        inside |= np.maximum(wide, 0) * np.maximum(high, 0) > least
    return inside


def _edges(box: Box) -> tuple[float, float, float, float]:
    return box.x0, box.y0, box.x1, box.y1


@lru_cache(maxsize=_KEPT)
def pieces(original: OriginalPage) -> tuple[LinePiece, ...]:
    """All characters of a page as pieces of lines, downwards."""
    found = rectangles(original)
    if not len(found):
        return ()
    middle = (found[:, 1] + found[:, 3]) / 2
    tall = np.maximum(found[:, 3] - found[:, 1], 12)
    lines = _lines(middle, tall)
    return tuple(_piece(part, found) for line in lines for part in _parts(line, found, tall))


@lru_cache(maxsize=_KEPT)
def page_number(original: OriginalPage) -> Mask:
    """Which characters are the page's number: no content of the form, and beside a page mark that may be spoilt."""
    found = np.zeros(len(original.glyphs), np.bool_)
    foot = (original.height_mm - _FOOT_MM) * PX_PER_MM
    for piece in pieces(original):
        text = "".join(original.glyphs[index].text for index in piece.glyphs)
        if piece.rectangle[1] > foot and _PAGE_NUMBER.fullmatch(text):
            found[list(piece.glyphs)] = True
    return found


def _lines(middle: NDArray[np.float64], tall: NDArray[np.int64]) -> list[list[int]]:
    """Characters at the same height, downwards: each one joins the last line if it is near that line's median."""
    lines: list[list[int]] = []
    middles: list[float] = []  # of the last line: both stay sorted
    heights: list[int] = []
    for index in np.argsort(middle, kind="stable").tolist():
        own = float(middle[index])
        if not lines or abs(own - _middle(middles)) >= 0.45 * _middle(heights):
            lines.append([])
            middles, heights = [], []
        lines[-1].append(index)
        middles.append(own)
        insort(heights, int(tall[index]))
    return lines


def _middle(ordered: Sequence[float]) -> float:
    """The median of ordered values."""
    half = len(ordered) // 2
    return float(ordered[half]) if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _parts(line: list[int], found: Rectangles, tall: NDArray[np.int64]) -> list[list[int]]:
    ordered = sorted(line, key=lambda index: int(found[index, 0]))
    height = float(np.median(tall[ordered]))
    parts: list[list[int]] = [[ordered[0]]]
    for before, index in itertools.pairwise(ordered):
        if found[index, 0] - found[before, 2] > _GAP * height or len(parts[-1]) >= _LONGEST:
            parts.append([])
        parts[-1].append(index)
    return parts


def _piece(part: list[int], found: Rectangles) -> LinePiece:
    low, high = found[part, :2].min(axis=0), found[part, 2:].max(axis=0)
    return LinePiece(tuple(part), (int(low[0]), int(low[1]), int(high[0]), int(high[1])))
