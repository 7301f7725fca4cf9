"""Words struck out: which printed characters a line crosses that was not printed, level or at a slant.

What is sought is ink that runs on for longer than any stroke of a character does. It may be print on its way, for
a line over bold type shows only between the strokes; but a good part of it must be where nothing was printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.layers.text_lines import Rectangles, pieces
from extractors.model import PX_PER_MM, Float32Array, Mask, RegisteredPage
from extractors.observe.printed_text.added_ink import AddedInk, open_zone
from extractors.observe.printed_text.ink_pieces import as_bytes, components
from extractors.observe.printed_text.print_compare import PrintComparison
from extractors.thresholds import PrintedThresholds
from forms.geometry import Box

#: Slants, in px of fall to the px across: up to 6 degrees, each two degrees from the next.
_SLANTS = tuple(np.tan(np.radians(range(-6, 7, 2))))
_BESIDE = np.ones((3, 3), np.uint8)
_MISFIT = np.ones((9, 9), np.uint8)


def struck(
    page: RegisteredPage,
    compared: PrintComparison,
    added_ink: AddedInk,
    boxes: Rectangles,
    limits: PrintedThresholds,
) -> Float32Array:
    """Per character (boxes in px), how much of its width such a line crosses, in thresholds.

    Only where the line goes on through its neighbours, and is not the upper or lower edge of a stamp.
    """
    found = np.zeros(len(boxes), np.float32)
    written = open_zone(page)
    for piece in pieces(page.original):
        members = list(piece.glyphs)
        left, top = boxes[members, :2].min(axis=0).tolist()
        right, bottom = boxes[members, 2:].max(axis=0).tolist()
        if not np.any(compared.added_picture[top:bottom, left:right]):
            continue
        lines = _lines(compared, added_ink.stamps, written, _LineRows(left, top, right, bottom), limits)
        if lines is None:
            continue
        for index in members:
            x0, y0, x1, y1 = boxes[index]
            quarter = (y1 - y0) // 5
            middle = lines[y0 + quarter - top : y1 - quarter - top, x0:x1]
            if middle.size:
                found[index] = float(np.mean(middle.max(axis=0)))
    return np.asarray(found / limits.strike_share, np.float32)


class _LineRows(NamedTuple):
    """A piece of line, px; lines are sought in its rows over the whole width of the page."""

    left: int
    top: int
    right: int
    bottom: int


def _lines(
    compared: PrintComparison,
    stamps: tuple[Box, ...],
    written: Mask,
    rows: _LineRows,
    limits: PrintedThresholds,
) -> NDArray[np.uint8] | None:
    """Where, in these rows, a line runs that was not printed; None for nowhere."""
    here = slice(rows.top, rows.bottom)
    length = max(round(limits.strike_mm * PX_PER_MM), round(limits.strike_high * (rows.bottom - rows.top)))
    dark = as_bytes((compared.found[here] > limits.strike_level) & ~written[here])
    print_ = as_bytes(compared.printed[here] > limits.strike_level / 2)
    known = cv2.dilate(print_, _BESIDE)
    about = slice(max(0, rows.left - length), rows.right + length)
    new = np.count_nonzero(np.any(dark[:, about] > known[:, about], axis=0))
    if new < limits.strike_new * length / 2:
        return None
    known = cv2.bitwise_or(known, cv2.dilate(_runs(print_, length, 0.0), _MISFIT))
    lines = np.zeros(dark.shape, np.uint8)
    for slant in _SLANTS:
        runs = _runs(dark, length, float(slant))
        if np.any(runs > known):
            for place, own in _pieces_of(runs, length, limits):
                line = _box_of(place, rows.top)
                share = float(np.mean(np.any(own & (known[place] == 0), axis=0)))
                if share >= limits.strike_new and not _is_of_stamp(line, length, stamps, limits):
                    lines[place] |= as_bytes(own)
    return lines if lines.any() else None


def _pieces_of(
    runs: NDArray[np.uint8], length: int, limits: PrintedThresholds
) -> Iterator[tuple[tuple[slice, slice], Mask]]:
    """Connected runs that are long enough, and no fold or streak across the sheet: where, and their pixels there."""
    count, labels, stats, _ = components(runs)
    for label in range(1, count):
        x, y, width, height = stats[label, :4].tolist()
        if length <= width < limits.streak_mm * PX_PER_MM:
            place = slice(y, y + height), slice(x, x + width)
            yield place, labels[place] == label


def _box_of(place: tuple[slice, slice], top: int) -> Box:
    rows, columns = place
    edges = columns.start, top + rows.start, columns.stop, top + rows.stop
    return Box(*(edge / PX_PER_MM for edge in edges))


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


def _is_of_stamp(line: Box, length: int, stamps: tuple[Box, ...], limits: PrintedThresholds) -> bool:
    """Whether a line is the top or the foot of a ring or frame, or in it and no longer than two of its characters'
    level strokes together.
    """
    inside = [box for box in stamps if box.x0 - 1 <= line.x0 and line.x1 <= box.x1 + 1]
    edges = (edge for box in inside for edge in (box.y0, box.y1))
    if any(line.y0 - limits.stamp_edge_mm <= edge <= line.y1 + limits.stamp_edge_mm for edge in edges):
        return True
    short = line.width * PX_PER_MM < 2 * length
    return short and any(box.y0 <= line.y0 and line.y1 <= box.y1 for box in inside)
