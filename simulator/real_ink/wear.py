"""How seals and stamps come out when they are pressed badly: half-inked, scratched, doubled, faint, dry, smeared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import cv2
import numpy as np

from simulator.paper.sheets import PX, Alpha

Wear = Literal["half-inked", "scratched", "doubled", "faint", "dry", "smeared"]
WEARS: tuple[Wear, ...] = ("half-inked", "scratched", "doubled", "faint", "dry", "smeared")


def clouds(shape: tuple[int, ...], cells: int, rng: np.random.Generator) -> Alpha:
    """Patches of uneven ink: random, mean 0, so many cells to a side."""
    coarse = rng.normal(0, 1, (cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


def across(shape: tuple[int, ...], rng: np.random.Generator) -> Alpha:
    """-1 to 1 from one side of the picture to the other, in some direction."""
    y, x = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    return np.asarray(x * np.cos(angle) + y * np.sin(angle), np.float32)


def worn(alpha: Alpha, wear: Wear, rng: np.random.Generator) -> Alpha:
    """Ink 0..1 as it looks when the die was pressed that way."""
    return np.asarray(_WEAR[wear](alpha, rng), np.float32)


def _half_inked(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    ramp = across(alpha.shape, rng) * 1.4 + rng.uniform(-0.25, 0.25) + 0.15 * clouds(alpha.shape, 6, rng)
    return alpha * np.clip(0.5 - ramp * rng.uniform(1.5, 4), rng.uniform(0.0, 0.08), 1)


def _scratched(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    return alpha * (1 - _scratches(alpha.shape, rng))


def _doubled(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    by, angle = rng.uniform(0.8, 2.6) * PX, rng.uniform(0, 2 * np.pi)
    move = np.array([[1, 0, by * np.cos(angle)], [0, 1, by * np.sin(angle)]])
    again = np.asarray(cv2.warpAffine(alpha, move, alpha.shape[::-1]), np.float32) * rng.uniform(0.35, 0.9)
    return np.asarray(np.maximum(alpha, again), np.float32)


def _faint(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    return alpha * np.float32(rng.uniform(0.25, 0.45))


def _dry(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    grain = cv2.GaussianBlur(rng.normal(0, 1, alpha.shape).astype(np.float32), (0, 0), 1.8) * 6
    inked = np.clip(rng.uniform(-0.1, 0.4) + 0.5 * clouds(alpha.shape, 10, rng) + grain, 0, 1)
    return np.asarray(alpha * inked, np.float32)


def _smeared(alpha: Alpha, rng: np.random.Generator) -> Alpha:
    length = int(rng.uniform(1.0, 4.0) * PX)
    kernel = np.zeros((length, length), np.float32)
    cv2.line(kernel, (0, int(rng.integers(length))), (length - 1, int(rng.integers(length))), 1, 1)
    again = cv2.filter2D(alpha, -1, kernel / max(float(kernel.sum()), 1.0))
    return np.asarray(0.6 * (alpha + again), np.float32)


def _scratches(shape: tuple[int, ...], rng: np.random.Generator) -> Alpha:
    canvas = np.zeros(shape, np.uint8)
    for _ in range(int(rng.integers(3, 12))):
        start = rng.uniform(0, 1, 2) * shape[::-1]
        end = start + rng.normal(0, 0.4, 2) * shape[::-1]
        ends = [tuple(np.round(point).astype(int).tolist()) for point in (start, end)]
        cv2.line(canvas, ends[0], ends[1], 255, int(rng.uniform(0.2, 1.1) * PX) + 1, cv2.LINE_AA)
    return np.asarray(canvas / 255, np.float32)


_WEAR: dict[Wear, Callable[[Alpha, np.random.Generator], Alpha]] = {
    "half-inked": _half_inked,
    "scratched": _scratched,
    "doubled": _doubled,
    "faint": _faint,
    "dry": _dry,
    "smeared": _smeared,
}
