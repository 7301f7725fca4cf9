"""A registered page's print compared with the original's: aligned piece by piece, at the same blur and blackness.

What is left after that are two pictures in the original's frame: ink that was printed and is not there
(*missing*), ink that is there and was not printed (*added*), both beyond what a pixel of misfit, the scanner's
blur and a printer's blackness explain. All pictures are floats, 0 for paper, 255 for the page's own black.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.model import Float32Array, Image, OriginalPage, RegisteredPage
from extractors.observe.text_lines import LinePiece, Rectangles, character_pixels, pieces, rectangles
from extractors.thresholds import PrintedThresholds

_Shift = tuple[float, float]  # px, to the right and down
_SHIFT = 4  # px, 0.7 mm: how far a piece of line may still lie off
_FAR = 15  # px, 2.5 mm: the corner of a curled page
_LOST = 45  # px, 7.6 mm: a page's number at a curled foot, with nothing around that holds the page
_PRINT = 60.0  # from where a pixel of the original counts as print
_CLOSE = 2  # px, 0.3 mm: how far a character or two may lie off the words around them
_NEAR = 60  # px, 10 mm: and farther words say nothing of it
_NEIGHBOURS = 3
_WORDS = 3  # characters in a row that no other place resembles
_SQUARE = np.ones((3, 3), np.uint8)
_GOOD = 0.92
_SIGMAS = (0.4, 0.7, 1.0, 1.4, 1.9)
_WEIGHTS = (-1, 0, 1)  # print thinner, as printed, thicker


@dataclass(frozen=True, slots=True, eq=False)
class PrintComparison:
    """Both pictures and what was added; and per character: ``missing``, share of its ink; ``agreement``, correlation;
    ``there``, how black it is beside what it should be; ``seen``, share of its box; ``ink``, what it should have.
    """

    printed: Float32Array
    found: Float32Array
    added_picture: Float32Array
    ink: Float32Array
    missing: Float32Array
    agreement: Float32Array
    there: Float32Array
    seen: Float32Array


@lru_cache(maxsize=1)
def compare(page: RegisteredPage, thresholds: PrintedThresholds) -> PrintComparison:
    """Compare a registered page with its original."""
    wanted = _black(page.original.grey)
    raw = _black(_without_red(page))
    lines = pieces(page.original)
    printed, gain = _like_the_scan(wanted, raw, lines)
    found = _aligned(raw, printed, lines, thresholds)
    found *= gain
    added = _beyond(found, cv2.dilate(printed, _SQUARE), thresholds.tolerance_level)
    if not page.seen.all():
        added[~page.seen] = 0
    # Print run thick makes the factor small; where the scan is as black as it gets, nothing is missing all the same.
    return _measured(page, printed, found, added, max(1.0, 1 / gain), thresholds)


def _beyond(picture: Float32Array, other: MatLike, margin: float) -> Float32Array:
    """How far one picture is above the other and a margin, 0 where it is not; ``other`` is used up."""
    cv2.subtract(picture, other, dst=other)
    other -= margin
    return np.asarray(np.maximum(other, 0, out=other), np.float32)


def _black(grey: Image) -> Float32Array:
    return cv2.bitwise_not(grey).astype(np.float32)


def _without_red(page: RegisteredPage) -> Image:
    """Grey, where red seal ink is as light as its red: what is printed under a seal comes out again."""
    if not page.colour:
        return page.grey
    red = page.rgb[..., 0]
    others = cv2.max(page.rgb[..., 1], page.rgb[..., 2])
    return np.asarray(cv2.max(page.grey, cv2.add(red, cv2.subtract(red, others))), np.uint8)


def _strip(picture: Float32Array, piece: LinePiece, grown: int) -> Float32Array:
    x0, y0, x1, y1 = piece.rectangle
    return picture[max(0, y0 - grown) : y1 + grown, max(0, x0 - grown) : x1 + grown]


def _like_the_scan(
    wanted: Float32Array, raw: Float32Array, lines: tuple[LinePiece, ...]
) -> tuple[Float32Array, float]:
    """The original blurred and thickened as this scan is, and the scan's factor to its blackness."""
    sample = sorted(lines, key=lambda piece: -len(piece.glyphs))[:12]
    best = (-1.0, 0, 0.7, 1.0)
    pairs = []
    for piece in sample:
        pattern, room = _strip(wanted, piece, 3), _strip(raw, piece, 3 + _SHIFT)
        if room.shape[0] < pattern.shape[0] + 2 or room.shape[1] < pattern.shape[1] + 2:
            continue
        surface = cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED)
        _, _, _, (x, y) = cv2.minMaxLoc(surface)
        pairs.append((pattern, room[y : y + pattern.shape[0], x : x + pattern.shape[1]]))
    if not pairs:
        return wanted, 1.0
    there = np.concatenate([room.ravel() for _, room in pairs])
    other = there - there.mean()
    length = np.dot(other, other)
    for weight in _WEIGHTS:
        patterns = [_thickened(pattern, weight) for pattern, _ in pairs]
        before = -1.0
        for sigma in _SIGMAS:
            here = np.concatenate([_blurred(pattern, sigma).ravel() for pattern in patterns])
            one = here - here.mean()
            agreement = float(np.dot(one, other) / max(np.sqrt(np.dot(one, one) * length), 1e-6))
            if agreement > best[0]:
                slope = float(np.dot(here, here) / max(np.dot(here, there), 1e-6))
                best = (agreement, weight, sigma, slope)
            if agreement < before:
                break  # more blur than the scan's: from here on it only falls
            before = agreement
    return _blurred(_thickened(wanted, best[1]), best[2]), float(np.clip(best[3], 0.5, 4.0))


def _thickened(picture: Float32Array, weight: int) -> Float32Array:
    if not weight:
        return picture
    changed = (cv2.dilate if weight > 0 else cv2.erode)(picture, _SQUARE)
    return np.asarray(cv2.addWeighted(picture, 0.5, changed, 0.5, 0), np.float32)


def _blurred(picture: Float32Array, sigma: float) -> Float32Array:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)


def _aligned(
    raw: Float32Array, printed: Float32Array, lines: tuple[LinePiece, ...], thresholds: PrintedThresholds
) -> Float32Array:
    """The scan with every piece of line moved onto the original's."""
    result = raw.copy()
    moves = []
    for piece, shift in _shifts(raw, printed, lines, thresholds):
        x0, y0, x1, y1 = piece.rectangle
        centre = ((x0 + x1 - 1) / 2 + shift[0], (y0 + y1 - 1) / 2 + shift[1])
        moves.append((piece, cv2.getRectSubPix(raw, (x1 - x0 + 4, y1 - y0 + 4), centre)))
        if max(abs(shift[0]), abs(shift[1])) > _SHIFT:  # from afar: it would stand there a second time
            dx, dy = round(shift[0]), round(shift[1])
            result[max(0, y0 + dy - 2) : y1 + dy + 2, max(0, x0 + dx - 2) : x1 + dx + 2] = 0
    for piece, moved in moves:
        x0, y0, x1, y1 = piece.rectangle
        top, left = max(0, y0 - 2), max(0, x0 - 2)
        target = result[top : y1 + 2, left : x1 + 2]
        target[:] = moved[top - (y0 - 2) :, left - (x0 - 2) :][: target.shape[0], : target.shape[1]]
    return result


def _shifts(
    raw: Float32Array, printed: Float32Array, lines: tuple[LinePiece, ...], thresholds: PrintedThresholds
) -> Iterator[tuple[LinePiece, _Shift]]:
    """How far each piece of line lies off, where that can be measured.

    A character or two by themselves would be moved onto whatever resembles them, the stem of a 1 onto the side of a
    0: they stay with the words around them.
    """
    words = [piece for piece in lines if len(piece.glyphs) >= _WORDS]
    shifts = [(piece, _shift_of(raw, printed, piece, thresholds)) for piece in words]
    known = [(piece, shift) for piece, shift in shifts if shift is not None]
    yield from known
    for piece in lines:
        if len(piece.glyphs) < _WORDS:
            shift = _shift_of_few(raw, printed, piece, known, thresholds)
            if shift is not None:
                yield piece, shift


def _around(piece: LinePiece, known: list[tuple[LinePiece, _Shift]]) -> _Shift | None:
    """How far the words next to a piece lie off, the middle of some; None where none are near."""
    near = sorted((gap, shift) for other, shift in known if (gap := _gap(piece, other)) <= _NEAR)
    if not near:
        return None
    dx, dy = np.median([shift for _, shift in near[:_NEIGHBOURS]], axis=0)
    return float(dx), float(dy)


def _gap(one: LinePiece, other: LinePiece) -> float:
    """How far two pieces of line stand apart, px."""
    (left, top, right, bottom), (x0, y0, x1, y1) = one.rectangle, other.rectangle
    return math.hypot(max(x0 - right, left - x1, 0), max(y0 - bottom, top - y1, 0))


def _shift_of_few(
    raw: Float32Array,
    printed: Float32Array,
    piece: LinePiece,
    known: list[tuple[LinePiece, _Shift]],
    thresholds: PrintedThresholds,
) -> _Shift | None:
    """A short piece's own shift, close to that of the words around it; theirs, where nothing agrees there."""
    around = _around(piece, known)
    if around is None:
        return _shift_of(raw, printed, piece, thresholds)
    x0, y0, x1, y1 = piece.rectangle
    dx, dy = round(around[0]), round(around[1])
    there = LinePiece(piece.glyphs, (x0 + dx, y0 + dy, x1 + dx, y1 + dy))
    shift, peak = _sought(raw, _strip(printed, piece, 2), there, _CLOSE)
    return (dx + shift[0], dy + shift[1]) if peak >= thresholds.piece_agreement else around


def _shift_of(
    raw: Float32Array, printed: Float32Array, piece: LinePiece, thresholds: PrintedThresholds
) -> _Shift | None:
    """How far a piece of line lies off; farther away only where it is plainly the same words: curled paper."""
    pattern = _strip(printed, piece, 2)
    shift, peak = _sought(raw, pattern, piece, _SHIFT)
    if peak < thresholds.piece_plain and len(piece.glyphs) >= _WORDS:
        for reach in (_FAR, _LOST):
            far, plain = _sought(raw, pattern, piece, reach)
            if plain >= thresholds.piece_plain and (reach == _FAR or _is_free(printed, piece, far)):
                return far
    return shift if peak >= thresholds.piece_agreement else None


def _is_free(printed: Float32Array, piece: LinePiece, shift: _Shift) -> bool:
    """Whether nothing is printed where a piece of line was found: the same words elsewhere are not these."""
    x0, y0, x1, y1 = piece.rectangle
    dx, dy = round(shift[0]), round(shift[1])
    there = printed[max(0, y0 + dy) : max(0, y1 + dy), max(0, x0 + dx) : max(0, x1 + dx)].copy()
    there[max(0, -dy) : max(0, y1 - y0 - dy), max(0, -dx) : max(0, x1 - x0 - dx)] = 0  # its own place
    return float(there.max(initial=0.0)) < _PRINT


def _sought(raw: Float32Array, pattern: Float32Array, piece: LinePiece, reach: int) -> tuple[_Shift, float]:
    """Where a piece of line agrees best within so many px, and how well; a peak of 0 where there is no room."""
    room = _strip(raw, piece, 2 + reach)
    if room.shape[0] <= pattern.shape[0] + 2 or room.shape[1] <= pattern.shape[1] + 2:
        return (0.0, 0.0), 0.0
    surface = np.asarray(cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED), np.float32)
    return _best_shift(surface)


def _best_shift(surface: Float32Array) -> tuple[_Shift, float]:
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


def _measured(
    page: RegisteredPage,
    printed: Float32Array,
    found: Float32Array,
    added: Float32Array,
    blackest: float,
    thresholds: PrintedThresholds,
) -> PrintComparison:
    """The differences gathered per character. ``blackest``: the factor by which what was found may be blacker."""
    margin = thresholds.tolerance_level
    at = character_pixels(page.original, 1)
    boxes = grown(rectangles(page.original), 1, page.original)
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1)
    here, there, seen = at.pixels(printed), at.pixels(found), at.pixels(page.seen)
    widened = at.pixels(np.asarray(cv2.dilate(found, _SQUARE), np.float32)) * np.float32(blackest)
    missing = _beyond(here, widened, margin) * seen
    p, f = at.sums(here), at.sums(there)
    pp, ff, pf = at.sums(here * here), at.sums(there * there), at.sums(here * there)
    spread = np.sqrt(np.maximum(pp - p * p / area, 1) * np.maximum(ff - f * f / area, 1))
    reach = 1 if page.residual_mm < thresholds.flat_mm else 3
    agreement = _at_best((pf - p * f / area) / spread, printed, found, boxes, reach)
    # A comma or a dash has little ink; a difference counts against what a character of its size has.
    side = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    ink = np.maximum(p, 0.08 * 255 * side**2)
    return PrintComparison(
        printed=printed,
        found=found,
        added_picture=added,
        ink=ink.astype(np.float32),
        missing=(at.sums(missing) / ink).astype(np.float32),
        agreement=agreement.astype(np.float32),
        there=(f / np.maximum(p, 1)).astype(np.float32),
        seen=(at.sums(seen) / area).astype(np.float32),
    )


def _at_best(
    agreement: NDArray[np.float64], printed: Float32Array, found: Float32Array, boxes: Rectangles, reach: int
) -> NDArray[np.float64]:
    """Characters that agree badly, tried some px to every side: a line's own middle is not each character's."""
    result = agreement.copy()
    for index in np.flatnonzero(agreement < _GOOD):
        x0, y0, x1, y1 = boxes[index]
        pattern = printed[y0:y1, x0:x1]
        room = found[max(0, y0 - reach) : y1 + reach, max(0, x0 - reach) : x1 + reach]
        if min(pattern.shape) > 0 and room.shape == tuple(side + 2 * reach for side in pattern.shape):
            surface = cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED)
            result[index] = max(result[index], float(np.nan_to_num(surface).max()))
    return result


def grown(boxes: Rectangles, by: int, original: OriginalPage) -> Rectangles:
    """Rectangles made larger by some px, within the page."""
    height, width = original.grey.shape
    larger = boxes + np.array([-by, -by, by, by])
    return np.asarray(np.clip(larger, 0, [width, height, width, height]), np.int64)
