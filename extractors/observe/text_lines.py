"""The printed characters of an original, gathered into lines: what is printed on one base line moves as one."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Mask, OriginalPage

Rectangles = NDArray[np.int64]
#: A wider gap, in heights of the line, ends a piece of line: the next table cell, the other column.
_GAP = 2.5
#: So many characters at most are aligned together: paper and feeders are not straight over a whole line.
_LONGEST = 14
#: A page number (页码, GB/T 9704-2012 7.5: under the 版心, 4号, a dash on either side), and how near the foot.
_PAGE_NUMBER = re.compile(r"[—–―-][0-9]{1,3}[—–―-]")
_FOOT_MM = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Characters beside each other: their indices among the page's, from left to right, and the rectangle
    (x0, y0, x1, y1 in px) around them.
    """

    glyphs: tuple[int, ...]
    rectangle: tuple[int, int, int, int]


@lru_cache(maxsize=64)
def rectangles(original: OriginalPage) -> Rectangles:
    """Each character's x0, y0, x1, y1 in px of the page, outer edges, shape (n, 4)."""
    boxes = [(glyph.box.x0, glyph.box.y0, glyph.box.x1, glyph.box.y1) for glyph in original.glyphs]
    edges = np.array(boxes, np.float64).reshape(-1, 4) * PX_PER_MM
    height, width = original.grey.shape
    whole = np.concatenate([np.floor(edges[:, :2]), np.ceil(edges[:, 2:])], axis=1).astype(np.int64)
    return np.clip(whole, 0, [width, height, width, height])


@lru_cache(maxsize=64)
def pieces(original: OriginalPage) -> tuple[Piece, ...]:
    """All characters of a page as pieces of lines, downwards."""
    found = rectangles(original)
    if not len(found):
        return ()
    lines: list[list[int]] = []
    middle = (found[:, 1] + found[:, 3]) / 2
    tall = np.maximum(found[:, 3] - found[:, 1], 12)
    for index in np.argsort(middle, kind="stable"):
        if lines and abs(middle[index] - np.median(middle[lines[-1]])) < 0.45 * np.median(tall[lines[-1]]):
            lines[-1].append(int(index))
        else:
            lines.append([int(index)])
    return tuple(_piece(part, found) for line in lines for part in _parts(line, found, tall))


@lru_cache(maxsize=64)
def page_number(original: OriginalPage) -> Mask:
    """Which characters are the page's number: no content of the form, and beside a page mark that may be spoilt."""
    found = np.zeros(len(original.glyphs), np.bool_)
    foot = (original.height_mm - _FOOT_MM) * PX_PER_MM
    for piece in pieces(original):
        text = "".join(original.glyphs[index].text for index in piece.glyphs)
        if piece.rectangle[1] > foot and _PAGE_NUMBER.fullmatch(text):
            found[list(piece.glyphs)] = True
    return found


def _parts(line: list[int], found: Rectangles, tall: NDArray[np.int64]) -> list[list[int]]:
    ordered = sorted(line, key=lambda index: int(found[index, 0]))
    height = float(np.median(tall[ordered]))
    parts: list[list[int]] = [[ordered[0]]]
    for before, index in itertools.pairwise(ordered):
        if found[index, 0] - found[before, 2] > _GAP * height or len(parts[-1]) >= _LONGEST:
            parts.append([])
        parts[-1].append(index)
    return parts


def _piece(part: list[int], found: Rectangles) -> Piece:
    low, high = found[part, :2].min(axis=0), found[part, 2:].max(axis=0)
    return Piece(tuple(part), (int(low[0]), int(low[1]), int(high[0]), int(high[1])))
