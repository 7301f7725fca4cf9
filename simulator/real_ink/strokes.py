"""What pens leave without signing, and ticks as people make them: slips, scribbles, long arms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulator.ink import handwriting
from simulator.ink.handwriting import WritingPen
from simulator.paper.sheets import PX, Alpha, PaperSheet
from simulator.real_ink.pens import pick_pen

Lines = list[np.ndarray]
Drawing = Callable[[float, np.random.Generator], Lines]


def _tick(size: float, rng: np.random.Generator) -> Lines:
    """A tick where none belongs, its arms straight or bent."""
    knee = np.array([rng.uniform(0.15, 0.45), rng.uniform(0.5, 1.0)]) * size
    end = np.array([rng.uniform(0.7, 1.5), rng.uniform(-0.6, 0.3)]) * size
    start = np.array([0.0, rng.uniform(0.1, 0.7) * size])
    bend = (knee + end) / 2 + rng.normal(0, size * 0.08, 2)
    return [
        np.vstack(
            [
                handwriting.smooth(np.array([start, knee]), 8),
                handwriting.smooth(np.array([knee, bend, end]), 10),
            ]
        )
    ]


def _dash(size: float, rng: np.random.Generator) -> Lines:
    """A slip: one line, straight or a little bent."""
    angle = rng.uniform(-np.pi, np.pi)
    end = np.array([np.cos(angle), np.sin(angle)]) * size * rng.uniform(0.6, 1.8)
    return [handwriting.smooth(np.array([[0.0, 0.0], end / 2 + rng.normal(0, size * 0.12, 2), end]))]


def _hook(size: float, rng: np.random.Generator) -> Lines:
    """A pen put down and pulled away: a short hook at the end of a line."""
    end = rng.normal(0, size, 2)
    back = end + rng.normal(0, size * 0.25, 2)
    return [handwriting.smooth(np.array([[0.0, 0.0], end * 0.5 + rng.normal(0, size * 0.1, 2), end, back]))]


def _curl(size: float, rng: np.random.Generator) -> Lines:
    """One loop, as a comma or an e."""
    t = np.linspace(0, rng.uniform(1.1, 1.9) * np.pi, 24)
    radius = size * np.linspace(rng.uniform(0.15, 0.4), rng.uniform(0.2, 0.7), 24)
    return [np.column_stack([np.cos(t) * radius, np.sin(t) * radius * rng.uniform(0.5, 1.2)])]


def _ruled(size: float, rng: np.random.Generator) -> Lines:
    """One long nearly level line, or two: a place struck through or underlined."""
    length = size * rng.uniform(1.2, 2.4)
    lines = []
    for number in range(int(rng.integers(1, 3))):
        ends = np.array([[0.0, 0.0], [length / 2, 0.0], [length, 0.0]]) + rng.normal(0, size * 0.03, (3, 2))
        lines.append(handwriting.smooth(ends + np.array([0.0, number * size * rng.uniform(0.06, 0.2)])))
    return lines


def _dots(size: float, rng: np.random.Generator) -> Lines:
    """A pen that rested: one to four short points."""
    places = rng.normal(0, size * 0.3, (int(rng.integers(1, 5)), 2))
    return [np.vstack([place, place + rng.normal(0, 0.15, 2)]) for place in places]


def _circled(size: float, rng: np.random.Generator) -> Lines:
    """A ring around the place, not quite closed, as staff mark where to sign."""
    t = np.linspace(rng.uniform(0, 6.3), rng.uniform(6.0, 7.5) + rng.uniform(0, 6.3), 40)
    radius = size * rng.uniform(0.5, 1.0)
    wobble = 1 + rng.normal(0, 0.06) * np.cos(2 * t + rng.uniform(0, 6.3))
    return [
        np.column_stack([np.cos(t) * radius * wobble, np.sin(t) * radius * rng.uniform(0.4, 0.8) * wobble])
    ]


def _arrow(size: float, rng: np.random.Generator) -> Lines:
    """An arrow or a cross that says where to sign."""
    if rng.random() < 0.4:
        side = size * rng.uniform(0.2, 0.5)
        ends = np.array([[0, 0], [side, side], [side, 0], [0, side]]) + rng.normal(0, side * 0.1, (4, 2))
        return [handwriting.smooth(ends[:2], 6), handwriting.smooth(ends[2:], 6)]
    angle, length = rng.uniform(0, 2 * np.pi), size * rng.uniform(0.4, 1.0)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    head = length * rng.uniform(0.15, 0.35)
    shaft = np.array([[0.0, 0.0], [length, 0.0]])
    tip = np.array([[length - head, head * 0.7], [length, 0.0], [length - head, -head * 0.7]])
    return [shaft @ turn.T, tip @ turn.T]


SLIPS: dict[str, Drawing] = {
    "tick": _tick,
    "dash": _dash,
    "hook": _hook,
    "curl": _curl,
    "ruled": _ruled,
    "dots": _dots,
    "circled": _circled,
    "arrow": _arrow,
}


def _zigzag(size: float, rng: np.random.Generator) -> Lines:
    """A pen tried out: up and down."""
    count = int(rng.integers(6, 16))
    x = np.linspace(0, size * rng.uniform(0.5, 1.4), count) + rng.normal(0, size * 0.03, count)
    y = np.where(np.arange(count) % 2, 0.0, size * rng.uniform(0.15, 0.5)) + rng.normal(0, size * 0.05, count)
    return [handwriting.smooth(np.column_stack([x, y]), 8)]


def _coil(size: float, rng: np.random.Generator) -> Lines:
    """A pen tried out: round and round."""
    turns = rng.uniform(3, 9)
    t = np.linspace(0, turns * 2 * np.pi, int(turns * 24))
    radius = size * rng.uniform(0.1, 0.3) * (1 + 0.25 * np.sin(t * rng.uniform(0.1, 0.4)))
    drift = np.linspace(0, size * rng.uniform(0, 1.0), len(t))
    return [np.column_stack([np.cos(t) * radius + drift, np.sin(t) * radius * rng.uniform(0.5, 1.0)])]


def _hatch(size: float, rng: np.random.Generator) -> Lines:
    """Crossed out: parallel lines, or two large ones across."""
    if rng.random() < 0.4:
        ends = np.array([[0, 0], [1, 0.7], [1, 0], [0, 0.7]]) * size * rng.uniform(0.5, 1.2)
        ends = ends + rng.normal(0, size * 0.06, (4, 2))
        return [handwriting.smooth(ends[:2], 10), handwriting.smooth(ends[2:], 10)]
    lean = rng.uniform(-0.5, 0.8) * size
    lines = []
    for step in range(int(rng.integers(3, 9))):
        start = np.array([step * size * 0.12, 0.0]) + rng.normal(0, size * 0.03, 2)
        lines.append(handwriting.smooth(np.array([start, start + np.array([lean, size * 0.5])]), 8))
    return lines


def _wander(size: float, rng: np.random.Generator) -> Lines:
    """A child's or a bored hand's line: it crosses itself without aim."""
    points = np.cumsum(rng.normal(0, size * 0.25, (int(rng.integers(8, 18)), 2)), axis=0)
    return [handwriting.smooth(points, 10)]


def _blacked(size: float, rng: np.random.Generator) -> Lines:
    """Gone over until nothing can be read: a dense patch of strokes to and fro."""
    turns = int(rng.integers(14, 40))
    x = np.linspace(0, size * rng.uniform(0.3, 0.9), turns) + rng.normal(0, size * 0.06, turns)
    y = np.where(np.arange(turns) % 2, 0.0, size * rng.uniform(0.12, 0.3)) + rng.normal(0, size * 0.04, turns)
    return [handwriting.smooth(np.column_stack([x, y]), 5)]


def _rings(size: float, rng: np.random.Generator) -> Lines:
    """Ring on ring about the same point."""
    turns = rng.uniform(2, 6)
    t = np.linspace(0, turns * 2 * np.pi, int(turns * 24))
    radius = size * rng.uniform(0.15, 0.4) * (1 + 0.12 * np.sin(t * rng.uniform(0.2, 0.7)))
    return [np.column_stack([np.cos(t) * radius, np.sin(t) * radius * rng.uniform(0.5, 1.0)])]


SCRIBBLES: dict[str, Drawing] = {
    "zigzag": _zigzag,
    "coil": _coil,
    "hatch": _hatch,
    "wander": _wander,
    "blacked": _blacked,
    "rings": _rings,
}


def drawn(drawing: Drawing, size_mm: float, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """The ink of such a drawing."""
    return handwriting.strokes(drawing(size_mm, rng), pen, rng)


def draw_at(drawing: Drawing, *, least: float, most: float) -> Callable[..., None]:
    """Draws such lines with some pen, their middle at a point; of a size between these shares of the place's."""

    def draw(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        colour = str(rng.choice(["blue", "black", "red"], p=[0.4, 0.45, 0.15]))
        kind = str(rng.choice(["ballpoint", "gel", "fountain", "marker"], p=[0.35, 0.45, 0.12, 0.08]))
        pen = pick_pen(rng, colour=colour, kind=kind)
        alpha = drawn(drawing, size * rng.uniform(least, most), pen, rng)
        sheet.ink(alpha, at[0] - alpha.shape[1] / PX / 2, at[1] - alpha.shape[0] / PX / 2, pen.colour)

    return draw


def long_armed_tick(size_mm: float, pen: WritingPen, rng: np.random.Generator) -> tuple[Alpha, float, float]:
    """A hasty tick whose arm reaches far out of its box: its ink, and how far its knee lies from its top left, mm."""
    knee = np.array([rng.uniform(0.25, 0.4), rng.uniform(0.75, 0.95)]) * size_mm
    start = np.array([rng.uniform(-0.3, 0.1), rng.uniform(0.3, 0.6)]) * size_mm
    end = np.array([rng.uniform(1.8, 3.6), rng.uniform(-1.6, -0.2)]) * size_mm
    bend = (knee + end) / 2 + rng.normal(0, size_mm * 0.1, 2)
    line = np.vstack(
        [handwriting.smooth(np.array([start, knee]), 6), handwriting.smooth(np.array([knee, bend, end]), 10)]
    )
    low = line.min(axis=0) - pen.width_mm * 2
    return handwriting.strokes([line], pen, rng), float(-low[0]), float(-low[1])


def thin_strike(length_mm: float, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """One thin line through print, nearly level."""
    rise = rng.normal(0, 0.35, 2)
    points = np.array([[0, rise[0]], [length_mm / 2, rng.normal(0, 0.2)], [length_mm, rise[1]]])
    return handwriting.strokes([handwriting.smooth(points)], pen, rng)
