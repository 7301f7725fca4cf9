"""Drawn signatures: Latin cursive (one line of joined letters), and the hands and seals of the older simulator.

They stand beside the photographed ones, so that a look is not fitted to photographs alone.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simulator.ink import handwriting, words
from simulator.ink.handwriting import WritingPen
from simulator.paper.sheets import Alpha
from simulator.real_ink.families import Side, pick
from simulator.real_ink.pens import Mark

#: Letters of a line, as where it turns: height above the line of writing, in heights of a small letter.
_SHAPES: dict[str, tuple[tuple[float, float], ...]] = {
    "arch": ((0.0, 0.0), (0.25, 1.0), (0.5, 0.1), (0.7, 0.9), (0.9, 0.0)),
    "bowl": ((0.1, 0.5), (0.45, 1.0), (0.05, 0.5), (0.4, 0.0), (0.8, 0.3)),
    "ascender": ((0.0, 0.1), (0.5, 2.2), (0.3, 2.5), (0.2, 0.2), (0.6, 0.0)),
    "descender": ((0.2, 0.9), (0.4, 0.0), (0.25, -1.3), (0.05, -0.9), (0.7, 0.2)),
    "wave": ((0.0, 0.0), (0.2, 0.7), (0.4, 0.2), (0.6, 0.6), (0.9, 0.1)),
    "loop": ((0.0, 0.0), (0.6, 0.9), (0.3, 1.2), (0.15, 0.5), (0.7, 0.0)),
}
LATIN = tuple(f"latin-{number:02d}" for number in range(24))


def latin(family: str, pen: WritingPen, width_mm: float, rng: np.random.Generator) -> Alpha:
    """A signature of a Latin hand, about that wide; the family fixes its letters, slant and flourish."""
    own = np.random.default_rng(int(family.rsplit("-", 1)[1]) + 7000)
    names = list(_SHAPES)
    count = int(own.integers(5, 13))
    letters = [names[int(own.integers(len(names)))] for _ in range(count)]
    slant, flat, rise = own.uniform(0.1, 0.8), own.uniform(0.4, 1.1), own.normal(0.04, 0.05)
    capital, tail, gap = own.uniform(2.0, 4.0), own.random() < 0.5, int(own.integers(0, count))
    points: list[tuple[float, float]] = [
        (0.0, 0.3),
        (0.5, capital),
        (1.0, capital * 0.8),
        (0.5, 0.0),
        (1.2, 0.2),
    ]
    lines, x = [], 1.3
    for number, letter in enumerate(letters):
        fade = 1 - 0.5 * number / count  # letters grow flatter towards the end
        points += [(x + dx, y * fade * flat * rng.normal(1, 0.12)) for dx, y in _SHAPES[letter]]
        x += rng.normal(0.95, 0.08)
        if number == gap:
            lines.append(points)
            x += 0.5
            points = [(x, 0.2), (x + 0.3, capital * 0.9), (x + 0.6, 0.1)]
            x += 0.7
    if tail:
        points += [(x + 1, 0.8), (x * 0.5, -1.0), (x * 0.9, -1.3), (x + 1.5, -0.9)]
    lines.append(points)
    scale = width_mm / (x + 1.5)
    drawn = []
    for line in lines:
        at = np.array(line) + rng.normal(0, 0.05, (len(line), 2))
        at = np.column_stack([at[:, 0] + slant * at[:, 1], -at[:, 1] - rise * at[:, 0]]) * scale
        drawn.append(handwriting.smooth(at, 9))
    return handwriting.strokes(drawn, pen, rng)


def drawn_signature(
    side: Side, pen: WritingPen, width_mm: float, height_mm: float, rng: np.random.Generator
) -> Mark:
    """A drawn signature about that wide, hardly taller than that high: Latin, or a Chinese name in a bundled hand."""
    mark = _drawn_signature(side, pen, width_mm, rng)
    tall = mark.size_mm[1]
    return mark if tall <= 1.2 * height_mm else _drawn_signature(side, pen, width_mm * height_mm / tall, rng)


def _drawn_signature(side: Side, pen: WritingPen, width_mm: float, rng: np.random.Generator) -> Mark:
    if rng.random() < 0.35:
        family = pick(LATIN, side, rng)
        return Mark(latin(family, pen, width_mm, rng), pen.colour, f"writer/{family}")
    faces = [face.stem for face in handwriting.FACES]
    family = pick(faces, side, rng)
    hand = replace(handwriting.pick_handwriting(rng), face=faces.index(family), pen=pen)
    alpha = handwriting.signature(hand, words.name(rng), width_mm, rng)
    return Mark(alpha, pen.colour, f"writer/drawn-{family}")
