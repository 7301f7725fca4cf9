"""Handwriting (笔迹): how one person writes, signs and ticks.

A handwriting is a typeface, a slant, a slope and a pen. The outlines of the typeface are thinned to their centre lines
and drawn again with the pen, so that brush typefaces come out as ballpoint writing. Everything drawn is an alpha mask
at the resolution of the sheets, 0..1, darker where the pen pressed harder.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw, ImageFont

from simulator.paper.sheets import PX, Alpha, Colour

FACES = tuple(sorted((Path(__file__).parent / "faces").glob("*.ttf")))
_GLYPH_PX = 150
_BLACK: tuple[Colour, ...] = ((25, 25, 30), (40, 38, 42), (12, 12, 14))
_BLUE: tuple[Colour, ...] = ((25, 45, 140), (35, 60, 165), (15, 30, 110), (40, 50, 120))
Strokes = list[NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class WritingPen:
    """A pen: its colour, the width of its line in mm, and the strength of its ink (1: opaque)."""

    kind: str
    colour: Colour
    width_mm: float
    strength: float


@dataclass(frozen=True, slots=True)
class Handwriting:
    """The handwriting of one person.

    ``face``: index into :data:`FACES`. ``slant``: shear; ``drift``: rise of the baseline per mm; ``untidy``: jitter,
    0..1; ``spread``: distance between characters, 1 for that of the typeface.
    """

    face: int
    pen: WritingPen
    slant: float
    drift: float
    untidy: float
    spread: float


def pick_pen(rng: np.random.Generator) -> WritingPen:
    """A ballpoint, gel or fountain pen, blue or black."""
    kind = str(rng.choice(["ballpoint", "gel", "fountain"], p=[0.4, 0.5, 0.1]))
    inks = _BLACK if rng.random() < 0.6 else _BLUE
    colour = inks[rng.integers(len(inks))]
    width = {"ballpoint": (0.28, 0.5), "gel": (0.38, 0.7), "fountain": (0.4, 0.9)}[kind]
    strength = {"ballpoint": (0.75, 0.95), "gel": (0.9, 1.0), "fountain": (0.8, 1.0)}[kind]
    return WritingPen(kind, colour, float(rng.uniform(*width)), float(rng.uniform(*strength)))


def pick_handwriting(rng: np.random.Generator) -> Handwriting:
    """The handwriting of some person, with a pen."""
    return Handwriting(
        face=int(rng.integers(len(FACES))),
        pen=pick_pen(rng),
        slant=float(rng.normal(0.05, 0.1)),
        drift=float(rng.normal(0.0, 0.015)),
        untidy=float(rng.uniform(0.2, 1.0)),
        spread=float(rng.uniform(0.82, 1.05)),
    )


def written(handwriting: Handwriting, text: str, height_mm: float, rng: np.random.Generator) -> Alpha:
    """A line of handwriting with characters about ``height_mm`` high, trimmed to its ink."""
    size = height_mm * PX
    pieces, x = [], 0.0
    for character in text:
        points, advance = centre_line(handwriting.face, character)
        scale = size / _GLYPH_PX * rng.normal(1.0, 0.04 + 0.05 * handwriting.untidy)
        turn = rng.normal(0, 0.03 + 0.05 * handwriting.untidy)
        matrix = scale * np.array(
            [[np.cos(turn), -np.sin(turn) - handwriting.slant], [np.sin(turn), np.cos(turn)]]
        )
        move = np.array([x, -x * handwriting.drift + rng.normal(0, 0.04 * size * handwriting.untidy)])
        pieces.append((points - _GLYPH_PX / 2) @ matrix.T + move)
        x += advance * size / _GLYPH_PX * handwriting.spread
    return _dotted(np.concatenate(pieces) if pieces else np.zeros((0, 2)), handwriting.pen, rng)


def signature(handwriting: Handwriting, name: str, width_mm: float, rng: np.random.Generator) -> Alpha:
    """A signature about ``width_mm`` wide: the name written closely, or cursive strokes."""
    if rng.random() < 0.55:
        close = Handwriting(
            handwriting.face,
            handwriting.pen,
            handwriting.slant + 0.15,
            handwriting.drift + 0.05,
            1.0,
            handwriting.spread * 0.75,
        )
        height = float(np.clip(width_mm / max(len(name), 1) / 0.75, 6, 14))
        mask = written(close, name, height, rng)
        return mask if rng.random() < 0.6 else _with_flourish(mask, handwriting.pen, rng)
    return strokes(_scribble(len(name), width_mm, rng), handwriting.pen, rng)


def strokes(lines: Strokes, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """Lines, given as points in mm, drawn with a pen at changing pressure."""
    everything = np.concatenate(lines)
    margin = pen.width_mm * 2
    low, high = everything.min(axis=0) - margin, everything.max(axis=0) + margin
    fine = 2
    shape = np.maximum(((high - low) * PX * fine).astype(int)[::-1], 2)
    canvas = np.zeros(shape, np.uint8)
    for line in lines:
        points = (line - low) * PX * fine
        pressure = np.clip(
            1 + 0.3 * np.sin(np.linspace(0, rng.uniform(2, 9), len(points)) + rng.uniform(0, 6)), 0.5, 1.4
        )
        for start, end, weight in zip(points[:-1], points[1:], pressure[1:], strict=True):
            thick = max(1, round(pen.width_mm * PX * fine * weight))
            ends = [tuple(np.round(point * 16).astype(int).tolist()) for point in (start, end)]
            cv2.line(canvas, ends[0], ends[1], 255, thick, cv2.LINE_AA, 4)
    small = cv2.resize(canvas, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    return _pressed((small.astype(np.float32) / 255).astype(np.float32), pen, rng)


def smooth(points: NDArray[np.float64], steps: int = 12) -> NDArray[np.float64]:
    """A Catmull-Rom curve through the points."""
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    parts = []
    for a, b, c, d in zip(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], strict=True):
        parts.append(
            0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        )
    return np.vstack([*parts, points[-1:]])


def _scribble(letters: int, width: float, rng: np.random.Generator) -> Strokes:
    """Cursive loops, one line per character, and a long last stroke."""
    lines, x = [], 0.0
    each = width / max(letters, 1)
    for _ in range(letters):
        count = int(rng.integers(5, 9))
        xs = x + np.linspace(0, each * 1.1, count) + rng.normal(0, each * 0.22, count)
        ys = rng.uniform(0, 1, count) * rng.uniform(6, 12) - x * 0.08
        lines.append(smooth(np.column_stack([xs, ys])))
        x += each * rng.uniform(0.75, 1.0)
    tail = np.array(
        [[x, rng.uniform(4, 9)], [x + each * 0.4, rng.uniform(2, 7)], [x + each * 1.0, rng.uniform(-2, 3)]]
    )
    return [*lines, smooth(tail)]


def _with_flourish(mask: Alpha, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    rows, columns = mask.shape
    length = columns / PX * rng.uniform(0.5, 0.9)
    line = strokes(
        [smooth(np.array([[0, 0.0], [length * 0.6, rng.uniform(-2, 1)], [length, rng.uniform(-1, 2)]]))],
        pen,
        rng,
    )
    out = np.zeros((rows + line.shape[0], max(columns, line.shape[1] + columns // 4)), np.float32)
    out[:rows, :columns] = mask
    view = out[-line.shape[0] :, columns // 4 : columns // 4 + line.shape[1]]
    np.maximum(view, line, out=view)
    return out


# -- marks in boxes ----------------------------------------------------------------------------------


def box_mark(kind: str, size_mm: float, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """A mark for a check box of that size: tick (✓), cross (✗) or fill (■); often larger than the box."""
    return strokes(_BOX_MARKS[kind](size_mm, rng), pen, rng)


def _tick(size: float, rng: np.random.Generator) -> Strokes:
    size *= rng.uniform(0.85, 1.5)
    knee = np.array([size * rng.uniform(0.28, 0.42), size * rng.uniform(0.85, 1.0)])
    start = np.array([0.0, size * rng.uniform(0.4, 0.65)])
    end = np.array([size * rng.uniform(0.95, 1.35), size * rng.uniform(-0.35, 0.1)])
    bend = (knee + end) / 2 + rng.normal(0, size * 0.05, 2)
    return [np.vstack([smooth(np.array([start, knee]), 6), smooth(np.array([knee, bend, end]), 8)])]


def _cross(size: float, rng: np.random.Generator) -> Strokes:
    size *= rng.uniform(0.8, 1.25)
    wobble = rng.normal(0, size * 0.08, (4, 2))
    ends = np.array([[0, 0], [size, size], [size, 0], [0, size]]) + wobble
    return [smooth(ends[:2], 8), smooth(ends[2:], 8)]


def _fill(size: float, rng: np.random.Generator) -> Strokes:
    turns = int(rng.integers(7, 11))
    ys = np.linspace(0, size, turns) + rng.normal(0, size * 0.03, turns)
    xs = np.where(np.arange(turns) % 2, size, 0.0) + rng.normal(0, size * 0.06, turns)
    return [smooth(np.column_stack([xs, ys]), 5)]


_BOX_MARKS: dict[str, Callable[[float, np.random.Generator], Strokes]] = {
    "tick": _tick,
    "cross": _cross,
    "fill": _fill,
}


# -- ink ----------------------------------------------------------------------------------------------


def _dotted(points: NDArray[np.float64], pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """The line of a pen along dense points (px), trimmed to its ink."""
    margin = int(np.ceil(pen.width_mm * PX)) + 3
    if not len(points):
        return np.zeros((1, 1), np.float32)
    low = np.floor(points.min(axis=0)) - margin
    shape = (np.ceil(points.max(axis=0)) + margin - low).astype(int)[::-1] + 1
    fine = 2
    canvas = np.zeros(shape * fine, np.uint8)
    at = np.round((points - low) * fine).astype(int)
    canvas[at[:, 1], at[:, 0]] = 255
    nib = max(2, round(pen.width_mm * PX * fine))
    canvas = cv2.dilate(canvas, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (nib, nib)))
    small = cv2.resize(canvas, None, fx=1 / fine, fy=1 / fine, interpolation=cv2.INTER_AREA)
    return _pressed((small.astype(np.float32) / 255).astype(np.float32), pen, rng)


def _pressed(mask: Alpha, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """Uneven pressure, and the gaps a ballpoint leaves."""
    rows, columns = mask.shape
    coarse = rng.uniform(0.8, 1.0, (rows // 24 + 2, columns // 24 + 2)).astype(np.float32)
    mask = mask * cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if pen.kind == "ballpoint":
        grain = rng.random((rows, columns), np.float32)
        mask = mask * np.where(grain < 0.08, np.float32(0.55), np.float32(1))
    inked: Alpha = np.clip(cv2.GaussianBlur(mask, (0, 0), 0.7) * pen.strength, 0, 1).astype(np.float32)
    return inked


@lru_cache(maxsize=2048)
def centre_line(face: int, character: str) -> tuple[NDArray[np.float64], float]:
    """The centre line of a character as dense points in a square of ``_GLYPH_PX``, and its advance in px."""
    font = ImageFont.truetype(str(FACES[face]), _GLYPH_PX - 30)
    picture = Pictures.new("L", (_GLYPH_PX, _GLYPH_PX))
    ImageDraw.Draw(picture).text((_GLYPH_PX // 2, _GLYPH_PX // 2), character, 255, font, anchor="mm")
    thin = _thinned(np.asarray(picture) > 110)
    ys, xs = np.nonzero(thin)
    # Half a step between neighbours, so that a larger size leaves no gaps.
    points = np.column_stack([xs, ys]).astype(np.float64)
    between = [points]
    for dx, dy in ((1, 0), (0, 1), (1, 1), (1, -1)):
        neighbour = np.roll(thin, (-dy, -dx), (0, 1)) & thin
        y, x = np.nonzero(neighbour)
        between.append(np.column_stack([x + dx / 2, y + dy / 2]))
    advance = max(font.getlength(character), (_GLYPH_PX - 30) * 0.3)
    return np.concatenate(between), float(advance)


def _thinned(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Zhang-Suen thinning: lines one pixel wide."""
    image = np.pad(ink, 1)
    while True:
        before = image.sum()
        for phase in (0, 1):
            n = [np.roll(image, shift, (0, 1)) for shift in _NEIGHBOURS]
            count = np.sum(n, axis=0)
            turns = np.sum([~n[i] & n[(i + 1) % 8] for i in range(8)], axis=0)
            up, right, down, left = n[0], n[2], n[4], n[6]
            loose = ~(up & right & down) & ~(right & down & left)
            other = ~(up & right & left) & ~(up & down & left)
            image = image & ~(
                image & (count >= 2) & (count <= 6) & (turns == 1) & (other if phase else loose)
            )
        if image.sum() == before:
            return image[1:-1, 1:-1]


_NEIGHBOURS = ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
