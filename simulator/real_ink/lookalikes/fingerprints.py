"""Fingerprints: long ridges half a millimetre apart that follow an arch, a loop or a whorl.

A ridge field is a wave whose phase grows across the finger; each minutia (a ridge that ends or forks) turns the phase
once around itself. Grease, ink from a newspaper or red seal ink carries it onto paper, more in the middle.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from simulator.paper.sheets import PX, Alpha, Colour, PaperSheet

_INKS: tuple[Colour, ...] = (
    (70, 65, 60),
    (40, 40, 45),
    (110, 100, 90),
    (200, 30, 40),
    (190, 20, 45),
    (30, 45, 120),
)
Phase = Callable[[Alpha, Alpha, np.random.Generator], Alpha]


def _arch(x: Alpha, y: Alpha, rng: np.random.Generator) -> Alpha:
    return np.asarray(y + rng.uniform(2, 4.5) * np.exp(-((x / rng.uniform(3, 5)) ** 2)), np.float32)


def _loop(x: Alpha, y: Alpha, rng: np.random.Generator) -> Alpha:
    lean = rng.uniform(0.3, 0.8) * rng.choice([-1, 1])
    across = x - lean * (y + 2)
    above = np.hypot(across, np.minimum(y + 2, 0) * 1.1)
    return np.asarray(np.where(y + 2 < 0, above, np.abs(across) + 0.04 * (y + 2) ** 2), np.float32)


def _whorl(x: Alpha, y: Alpha, rng: np.random.Generator) -> Alpha:
    turn = np.arctan2(y, x) * rng.uniform(0.05, 0.12)
    return np.asarray(np.hypot(x * rng.uniform(1.0, 1.35), y) + turn, np.float32)


def _twin(x: Alpha, y: Alpha, rng: np.random.Generator) -> Alpha:
    reach = rng.uniform(1.5, 2.5)
    one, other = np.hypot(x - reach, y - reach), np.hypot(x + reach, y + reach)
    return np.asarray((one * other) ** 0.5 * 1.3, np.float32)


def ridges(phase: Phase, width_mm: float, height_mm: float, rng: np.random.Generator) -> Alpha:
    """One finger's ridges, 0..1 at the sheets' resolution, of that size."""
    rows, columns = round(height_mm * PX), round(width_mm * PX)
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32) / PX
    x, y = x - width_mm / 2 + rng.normal(0, 1), y - height_mm / 2 + rng.normal(0, 1.5)
    bend = cv2.resize(
        rng.normal(0, 0.35, (5, 5)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    wave = 2 * np.pi * (phase(x, y, rng) + bend) / rng.uniform(0.42, 0.58)
    for _ in range(int(rng.integers(15, 40))):
        at = rng.uniform(-0.5, 0.5, 2) * (width_mm, height_mm)
        wave += rng.choice([-1, 1]) * np.arctan2(y - at[1], x - at[0])
    ridge = np.clip(np.cos(wave) * rng.uniform(1.2, 2.5) + rng.uniform(-0.1, 0.6), 0, 1)
    pores = cv2.GaussianBlur(rng.normal(0, 1, (rows, columns)).astype(np.float32), (0, 0), 1.5) * 5
    worn = cv2.resize(
        rng.normal(0, 1, (7, 7)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    carried = np.clip(rng.uniform(0.7, 1.6) + 0.5 * worn + 0.3 * pores, 0, 1)
    round_ = np.hypot(x / (width_mm / 2), y / (height_mm / 2))
    edge = np.clip((1 - round_ + 0.12 * worn) * rng.uniform(3, 7), 0, 1)
    return np.asarray(cv2.GaussianBlur(ridge * carried * edge, (0, 0), 0.8), np.float32)


def _finger(
    phase: Phase, *, full: bool = False
) -> Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]:
    def press(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        width = min(rng.uniform(11, 19), max(size * 1.3, 6.0))
        height = min(width * rng.uniform(1.15, 1.6), max(size * 1.5, 7.0))
        alpha = ridges(phase, width, height, rng)
        if full:  # too much ink: the furrows are filled, ridges show only here and there
            soft = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(3, 7))
            alpha = np.asarray(np.clip(soft * rng.uniform(1.2, 2.2), 0, 1) * 0.8 + 0.2 * alpha, np.float32)
        alpha = alpha * np.float32(rng.uniform(0.25, 0.95))
        turn = cv2.getRotationMatrix2D((0, 0), rng.normal(0, 30), 1)[:, :2]
        rows, columns = alpha.shape
        side = int(np.hypot(rows, columns)) + 2
        move = np.column_stack(
            [turn, np.array([side / 2, side / 2]) - turn @ np.array([columns / 2, rows / 2])]
        )
        alpha = np.asarray(cv2.warpAffine(alpha, move, (side, side)), np.float32)
        colour = _INKS[int(rng.integers(len(_INKS)))]
        sheet.ink(alpha, at[0] - side / PX / 2, at[1] - side / PX / 2, colour)

    return press


FINGERS: dict[str, Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]] = {
    "arch": _finger(_arch),
    "loop": _finger(_loop),
    "whorl": _finger(_whorl),
    "twin": _finger(_twin),
    "arch-full": _finger(_arch, full=True),
    "whorl-full": _finger(_whorl, full=True),
}
