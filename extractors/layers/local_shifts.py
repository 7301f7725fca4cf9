"""How far the print of a registered page still stands off its original's, place by place: paper curls, feeders slip.

Measured once, at the pieces of printed lines. A line takes its own shift, to parts of a pixel; every other place
takes that of the words around it, in whole pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.layers.text_lines import LinePiece, pieces
from extractors.model import Float32Array, Image, OriginalPage
from extractors.thresholds import InkThresholds

Shift = tuple[float, float]  # px, to the right and down
_NEAR = 4  # px, 0.7 mm: how far a piece of line may lie off
_REACHES = (15, 45)  # px: at the corner of a curled page; a page's number at its curled foot, held by nothing
_PRINT = 60  # from where a pixel of the original counts as print
_CLOSE = 2  # px, 0.3 mm: how far a character or two may lie off the words around them
_AROUND = 60  # px, 10 mm: farther words say nothing of a place
_NEIGHBOURS = 3
_WORDS = 3  # characters in a row that no other place resembles
_CELL = 32  # px: so large a place takes one shift


@dataclass(frozen=True, slots=True, eq=False)
class LocalShifts:
    """``lines``: the pieces of line whose shift could be measured, words first; ``cells``: of each cell of the page the
    shift in whole px, shape (rows, columns, 2).
    """

    lines: tuple[tuple[LinePiece, Shift], ...]
    cells: NDArray[np.int64]

    def onto_original(self, picture: Float32Array) -> Float32Array:
        """A picture of the page with every piece of line moved to where it was printed."""
        result = picture.copy()
        moves = []
        for piece, (dx, dy) in self.lines:
            x0, y0, x1, y1 = piece.rectangle
            centre = ((x0 + x1 - 1) / 2 + dx, (y0 + y1 - 1) / 2 + dy)
            moves.append((piece, cv2.getRectSubPix(picture, (x1 - x0 + 4, y1 - y0 + 4), centre)))
            if max(abs(dx), abs(dy)) > _NEAR:  # from afar: it would stand there a second time
                piece.moved(round(dx), round(dy)).cut_from(result, 2)[:] = 0
        for piece, moved in moves:
            x0, y0, _, _ = piece.rectangle
            target = piece.cut_from(result, 2)
            target[:] = moved[max(0, 2 - y0) :, max(0, 2 - x0) :][: target.shape[0], : target.shape[1]]
        return result

    def onto_page(self, picture: Image) -> Image:
        """A picture in the original's frame, with its print where it stands on the page."""
        if not self.cells.any():
            return picture
        result = picture.copy()
        reach = int(np.abs(self.cells).max())
        padded = cv2.copyMakeBorder(picture, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
        for row, column in np.argwhere(self.cells.any(axis=2)):
            dx, dy = self.cells[row, column]
            y, x = int(row) * _CELL, int(column) * _CELL
            target = result[y : y + _CELL, x : x + _CELL]
            top, left = y + reach - dy, x + reach - dx
            target[:] = padded[top : top + target.shape[0], left : left + target.shape[1]]
        return result


def local_shifts(original: OriginalPage, dark: Image, printed: Image, limits: InkThresholds) -> LocalShifts:
    """Measure them. ``dark``: the page's darkness; ``printed``: the original's, as this scanner gives it."""
    room, pattern = dark.astype(np.float32), printed.astype(np.float32)
    lines = tuple(_shifts(room, pattern, pieces(original), limits))
    words = [(piece, shift) for piece, shift in lines if len(piece.glyphs) >= _WORDS]
    return LocalShifts(lines, _cells(dark.shape, words))


def _cells(shape: tuple[int, ...], words: list[tuple[LinePiece, Shift]]) -> NDArray[np.int64]:
    """Each cell's shift: the middle of those of the words next to it, none where none are near."""
    rows, columns = (-(-side // _CELL) for side in shape[:2])
    if not words:
        return np.zeros((rows, columns, 2), np.int64)
    boxes = np.array([piece.rectangle for piece, _ in words], np.float64)
    shifts = np.array([shift for _, shift in words])
    y, x = ((np.arange(count) + 0.5) * _CELL for count in (rows, columns))
    across = np.maximum(np.maximum(boxes[:, 0] - x[:, None], x[:, None] - boxes[:, 2]), 0)
    down = np.maximum(np.maximum(boxes[:, 1] - y[:, None], y[:, None] - boxes[:, 3]), 0)
    gaps = np.hypot(across[None], down[:, None])
    nearest = np.argsort(gaps, axis=2, kind="stable")[..., :_NEIGHBOURS]
    near = np.take_along_axis(gaps, nearest, axis=2) <= _AROUND
    found = np.zeros((rows, columns, 2), np.int64)
    some = near.any(axis=2)
    around = np.where(near[some][..., None], shifts[nearest[some]], np.nan)
    found[some] = np.round(np.nanmedian(around, axis=1))
    return found


def _shifts(
    dark: Float32Array, printed: Float32Array, lines: tuple[LinePiece, ...], limits: InkThresholds
) -> Iterator[tuple[LinePiece, Shift]]:
    """How far each piece of line lies off, where that can be measured.

    A character or two by themselves would be moved onto whatever resembles them, the stem of a 1 onto the side of a
    0: they stay with the words around them.
    """
    words = [piece for piece in lines if len(piece.glyphs) >= _WORDS]
    shifts = [(piece, _shift_of(dark, printed, piece, limits)) for piece in words]
    known = [(piece, shift) for piece, shift in shifts if shift is not None]
    yield from known
    for piece in lines:
        if len(piece.glyphs) < _WORDS:
            shift = _shift_of_few(dark, printed, piece, known, limits)
            if shift is not None:
                yield piece, shift


def _around(piece: LinePiece, known: list[tuple[LinePiece, Shift]]) -> Shift | None:
    """How far the words next to a piece lie off, the middle of some; None where none are near."""
    near = sorted((gap, shift) for other, shift in known if (gap := _gap(piece, other)) <= _AROUND)
    if not near:
        return None
    dx, dy = np.median([shift for _, shift in near[:_NEIGHBOURS]], axis=0)
    return float(dx), float(dy)


def _gap(one: LinePiece, other: LinePiece) -> float:
    """How far two pieces of line stand apart, px."""
    (left, top, right, bottom), (x0, y0, x1, y1) = one.rectangle, other.rectangle
    return math.hypot(max(x0 - right, left - x1, 0), max(y0 - bottom, top - y1, 0))


def _shift_of_few(
    dark: Float32Array,
    printed: Float32Array,
    piece: LinePiece,
    known: list[tuple[LinePiece, Shift]],
    limits: InkThresholds,
) -> Shift | None:
    """A short piece's own shift, close to that of the words around it; theirs, where nothing agrees there."""
    around = _around(piece, known)
    if around is None:
        return _shift_of(dark, printed, piece, limits)
    dx, dy = round(around[0]), round(around[1])
    shift, peak = _sought(dark, piece.cut_from(printed, 2), piece.moved(dx, dy), _CLOSE)
    return (dx + shift[0], dy + shift[1]) if peak >= limits.line_agreement else around


def _shift_of(
    dark: Float32Array, printed: Float32Array, piece: LinePiece, limits: InkThresholds
) -> Shift | None:
    """How far a piece of line lies off; farther away only where it is plainly the same words: curled paper."""
    pattern = piece.cut_from(printed, 2)
    shift, peak = _sought(dark, pattern, piece, _NEAR)
    if peak < limits.line_plain and len(piece.glyphs) >= _WORDS:
        for reach in _REACHES:
            far, plain = _sought(dark, pattern, piece, reach)
            if plain >= limits.line_plain and (reach == _REACHES[0] or _is_free(printed, piece, far)):
                return far
    return shift if peak >= limits.line_agreement else None


def _is_free(printed: Float32Array, piece: LinePiece, shift: Shift) -> bool:
    """Whether nothing is printed where a piece of line was found: the same words elsewhere are not these."""
    x0, y0, x1, y1 = piece.rectangle
    dx, dy = round(shift[0]), round(shift[1])
    there = printed[max(0, y0 + dy) : max(0, y1 + dy), max(0, x0 + dx) : max(0, x1 + dx)].copy()
    there[max(0, -dy) : max(0, y1 - y0 - dy), max(0, -dx) : max(0, x1 - x0 - dx)] = 0  # its own place
    return float(there.max(initial=0.0)) < _PRINT


def _sought(dark: Float32Array, pattern: Float32Array, piece: LinePiece, reach: int) -> tuple[Shift, float]:
    """Where a piece of line agrees best within so many px, and how well; a peak of 0 where there is no room."""
    room = piece.cut_from(dark, 2 + reach)
    if room.shape[0] <= pattern.shape[0] + 2 or room.shape[1] <= pattern.shape[1] + 2:
        return (0.0, 0.0), 0.0
    return _best_shift(np.asarray(cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED), np.float32))


def _best_shift(surface: Float32Array) -> tuple[Shift, float]:
    """How far the print found lies from where it should, and how well it agrees."""
    _, peak, _, (x, y) = cv2.minMaxLoc(surface)
    height, width = surface.shape
    dx = _vertex(surface[y, x - 1 : x + 2]) if 0 < x < width - 1 else 0.0
    dy = _vertex(surface[y - 1 : y + 2, x]) if 0 < y < height - 1 else 0.0
    return (x + dx - (width - 1) / 2, y + dy - (height - 1) / 2), peak if np.isfinite(peak) else 0.0


def _vertex(three: Float32Array) -> float:
    before, peak, after = map(float, three)
    bend = before - 2 * peak + after
    return float(np.clip((before - after) / (2 * bend), -0.5, 0.5)) if bend < -1e-6 else 0.0
