"""Words struck out: which printed characters a line crosses that was not printed, level or at a slant.

What is sought is ink that runs on for longer than any stroke of a character does. It may be print on its way, for
a line over bold type shows only between the strokes; but a good part of it must be where nothing was printed.
"""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, RegisteredPage
from extractors.observe.loose_ink import LooseInk, as_bytes, components
from extractors.observe.print_compare import Comparison, Floats
from extractors.observe.text_lines import Rectangles, pieces
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box

#: Slants, in px of fall to the px across: up to 6 degrees, each a degree from the next.
_SLANTS = tuple(np.tan(np.radians(range(-6, 7, 2))))
_BESIDE = np.ones((3, 3), np.uint8)
_MISFIT = np.ones((9, 9), np.uint8)


def struck(
    page: RegisteredPage,
    compared: Comparison,
    loose: LooseInk,
    boxes: Rectangles,
    limits: PrintedThresholds,
) -> Floats:
    """Per character (boxes in px), how much of its width such a line crosses, in thresholds.

    Only where the line goes on through its neighbours, and is not the upper or lower edge of a stamp.
    """
    found = np.zeros(len(boxes), np.float32)
    for top, bottom, members in _rows(page, compared, boxes):
        lines = _lines(compared, loose.stamps, top, bottom, limits)
        if lines is None:
            continue
        for index in members:
            x0, y0, x1, y1 = boxes[index]
            quarter = (y1 - y0) // 5
            middle = lines[y0 + quarter - top : y1 - quarter - top, x0:x1]
            if middle.size:
                found[index] = float(np.mean(middle.max(axis=0)))
    return np.asarray(found / limits.strike_share, np.float32)


def _rows(
    page: RegisteredPage, compared: Comparison, boxes: Rectangles
) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Pieces of lines that have ink they should not have: their first row, the row after the last, their characters."""
    for piece in pieces(page.original):
        members = list(piece.glyphs)
        x0, top = boxes[members, :2].min(axis=0)
        x1, bottom = boxes[members, 2:].max(axis=0)
        if np.any(compared.added_picture[top:bottom, x0:x1]):
            yield int(top), int(bottom), piece.glyphs


def _lines(
    compared: Comparison, stamps: tuple[Box, ...], top: int, bottom: int, limits: PrintedThresholds
) -> NDArray[np.uint8] | None:
    """Where, in these rows over the whole width, a line runs that was not printed; None for nowhere."""
    length = round(limits.strike_mm * PX_PER_MM)
    dark = as_bytes(compared.found[top:bottom] > limits.strike_level)
    print_ = compared.printed[top:bottom] > limits.strike_level / 2
    ruled = cv2.dilate(_runs(as_bytes(print_), length, 0.0), _MISFIT)
    known = (cv2.dilate(as_bytes(print_), _BESIDE) > 0) | (ruled > 0)
    lines = np.zeros(dark.shape, np.uint8)
    for slant in _SLANTS:
        runs = _runs(dark, length, float(slant))
        if not np.any(runs[~known]):
            continue
        count, labels, stats, _ = components(runs)
        for label in range(1, count):
            x, y, width, height = stats[label, :4]
            if not length <= width < limits.streak_mm * PX_PER_MM:
                continue
            own = labels[y : y + height, x : x + width] == label
            new = np.any(own & ~known[y : y + height, x : x + width], axis=0)
            line = Box(*(edge / PX_PER_MM for edge in (x, top + y, x + width, top + y + height)))
            if float(np.mean(new)) >= limits.strike_new and not _is_edge(line, stamps, limits):
                lines[y : y + height, x : x + width] |= as_bytes(own)
    return lines if lines.any() else None


def _runs(dark: NDArray[np.uint8], length: int, slant: float) -> NDArray[np.uint8]:
    """Where ink runs on in that direction for so many px, a little unevenness allowed."""
    height, width = dark.shape
    reach = round(abs(slant) * width) + 2
    level = np.array([[1, 0, 0], [-slant, 1, reach if slant > 0 else 1]], np.float64)
    flags = cv2.INTER_NEAREST
    thick = cv2.warpAffine(dark, level, (width, height + reach + 2), flags=flags)
    thick = cv2.dilate(thick, np.ones((3, 1), np.uint8))
    runs = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    back = cv2.warpAffine(runs, level, (width, height), flags=flags | cv2.WARP_INVERSE_MAP)
    return np.asarray(back, np.uint8)


def _is_edge(line: Box, stamps: tuple[Box, ...], limits: PrintedThresholds) -> bool:
    """Whether a line is the top or the foot of a ring or frame: of one, not in it."""
    inside = (box for box in stamps if box.x0 - 1 <= line.x0 and line.x1 <= box.x1 + 1)
    edges = (edge for box in inside for edge in (box.y0, box.y1))
    return any(line.y0 - limits.stamp_edge_mm <= edge <= line.y1 + limits.stamp_edge_mm for edge in edges)
