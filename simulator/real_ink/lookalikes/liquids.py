"""What is spilt on paper: coffee, tea, ink, water, oil; rims darker than their middles, drops, tide lines, blots.

A drying liquid carries its colour to the edge, so a stain is a rim about a pale middle. Blots are thick: no rim.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from simulator.paper.sheets import PX, Alpha, Colour, PaperSheet
from simulator.real_ink.library import InkLibrary

_DRINKS: tuple[Colour, ...] = (
    (150, 105, 60),
    (120, 75, 40),
    (175, 140, 85),
    (110, 90, 80),
    (190, 170, 140),
    (150, 60, 50),
    (160, 160, 150),
)
_RED: tuple[Colour, ...] = ((200, 25, 35), (180, 20, 45), (220, 60, 50), (160, 20, 30), (225, 60, 90))
_DARK: tuple[Colour, ...] = ((25, 30, 70), (20, 20, 24), (30, 50, 130))


def blob(side: int, rng: np.random.Generator, *, rough: float = 0.18, round_: float = 1.0) -> Alpha:
    """A closed irregular patch in a square of that side, 0 or 1."""
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radius = np.ones_like(angle)
    for wave in range(2, 9):
        radius += rng.normal(0, rough / wave) * np.cos(wave * angle + rng.uniform(0, 6.3))
    radius *= 0.42 * side / radius.max()
    points = np.column_stack([np.cos(angle) * radius, np.sin(angle) * radius * round_]) + side / 2
    canvas = np.zeros((side, side), np.uint8)
    cv2.fillPoly(canvas, [np.round(points).astype(np.int32)], 255, cv2.LINE_AA)
    return np.asarray(canvas / 255, np.float32)


def _rimmed(patch: Alpha, rng: np.random.Generator, base: float, rim: float, width_mm: float) -> Alpha:
    """A patch with a pale middle and a rim that is darker and of changing width."""
    inside = (patch > 0.5).astype(np.uint8)
    away = cv2.distanceTransform(inside, cv2.DIST_L2, 5) / PX
    rows, columns = patch.shape
    vary = cv2.resize(
        rng.uniform(0.3, 1.3, (5, 5)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    edge = np.exp(-((away / (width_mm * np.clip(vary, 0.25, 2))) ** 1.2)) * inside
    cloud = cv2.resize(
        rng.uniform(0.5, 1.2, (7, 7)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    full = (base * cloud * inside + rim * vary * edge) * patch
    return np.asarray(np.clip(cv2.GaussianBlur(full, (0, 0), 1.5), 0, 0.95), np.float32)


def _side(least: float, most: float, rng: np.random.Generator) -> int:
    return round(rng.uniform(least, most) * PX)


def _lay(sheet: PaperSheet, alpha: Alpha, at: tuple[float, float], colour: Colour) -> None:
    sheet.ink(alpha, at[0] - alpha.shape[1] / PX / 2, at[1] - alpha.shape[0] / PX / 2, colour)


def _drink(rng: np.random.Generator) -> Colour:
    return _DRINKS[int(rng.integers(len(_DRINKS)))]


def _spill(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """One puddle that dried: irregular, its rim dark."""
    patch = blob(
        _side(size * 0.8, size * 1.6, rng), rng, rough=rng.uniform(0.1, 0.5), round_=rng.uniform(0.5, 1)
    )
    alpha = _rimmed(patch, rng, rng.uniform(0.03, 0.3), rng.uniform(0.2, 0.75), rng.uniform(0.3, 1.2))
    _lay(sheet, alpha, at, _drink(rng))


def _tides(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A puddle that was wetted again: rims within rims."""
    colour, side = _drink(rng), _side(size, size * 1.7, rng)
    for step in range(int(rng.integers(2, 4))):
        patch = blob(max(8, round(side * (1 - 0.22 * step))), rng, rough=0.3, round_=rng.uniform(0.6, 1))
        alpha = _rimmed(patch, rng, rng.uniform(0.02, 0.12), rng.uniform(0.15, 0.5), rng.uniform(0.25, 0.8))
        _lay(sheet, alpha, (at[0] + rng.normal(0, 1), at[1] + rng.normal(0, 1)), colour)


def _cup(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """The foot of a cup: a ring, broken, wider where the cup was tilted, with a splash."""
    radius = rng.uniform(14, 42) if size > 12 else rng.uniform(4, 9)
    side = round(radius * 2.4 * PX)
    y, x = np.mgrid[-1.2 : 1.2 : side * 1j, -1.2 : 1.2 : side * 1j]
    angle, away = np.arctan2(y, x), np.hypot(x, y) * rng.uniform(0.97, 1.03)
    wide = (0.02 + 0.05 * np.clip(np.cos(angle - rng.uniform(0, 6.3)), 0, 1)) * rng.uniform(0.6, 1.6)
    gaps = np.clip(1.2 + 1.3 * np.cos(angle * rng.integers(1, 4) + rng.uniform(0, 6.3)), 0, 1)
    edges = np.exp(-(((away - 1) / wide) ** 4)) * 0.6 + np.exp(-(((away - 1 - wide) / 0.012) ** 2)) * 0.6
    alpha = np.asarray(edges * gaps * rng.uniform(0.3, 0.9), np.float32)
    # The ring's edge runs through the place, not around it.
    turn = rng.uniform(0, 6.3)
    share = rng.uniform(0.0, 1.0) if size > 12 else 0.3
    _lay(
        sheet,
        alpha,
        (at[0] + radius * share * np.cos(turn), at[1] + radius * share * np.sin(turn)),
        _drink(rng),
    )


def _drops(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A sprinkle: one to five drops, each a ring about a pale middle."""
    colour = _drink(rng)
    for _ in range(int(rng.integers(1, 6))):
        patch = blob(_side(min(2.5, size * 0.4), min(9.0, size * 0.9), rng), rng, rough=0.08)
        alpha = _rimmed(patch, rng, rng.uniform(0.05, 0.35), rng.uniform(0.2, 0.7), rng.uniform(0.2, 0.6))
        _lay(sheet, alpha, (at[0] + rng.normal(0, size * 0.3), at[1] + rng.normal(0, size * 0.25)), colour)


def _water(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Clear water that dried: nothing but a thin, faint, frayed rim."""
    patch = blob(
        _side(size * 0.7, size * 1.8, rng), rng, rough=rng.uniform(0.2, 0.6), round_=rng.uniform(0.4, 1)
    )
    alpha = _rimmed(patch, rng, rng.uniform(0.0, 0.05), rng.uniform(0.15, 0.45), rng.uniform(0.15, 0.4))
    tone = int(rng.integers(110, 190))
    _lay(sheet, alpha, at, (tone, tone - 8, tone - 25))


def _grease(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Oil: see-through spots, evenly darker, soft at the edge."""
    for _ in range(int(rng.integers(1, 4))):
        patch = blob(_side(size * 0.3, size * 0.9, rng), rng, rough=0.15)
        alpha = cv2.GaussianBlur(patch, (0, 0), rng.uniform(2, 8)) * rng.uniform(0.1, 0.4)
        point = at[0] + rng.normal(0, size * 0.25), at[1] + rng.normal(0, size * 0.2)
        _lay(sheet, np.asarray(alpha, np.float32), point, (170, 160, 125))


def _real(
    name: str, library: InkLibrary
) -> Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]:
    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        stain = library.stains[name]
        factor = stain.width_mm * rng.uniform(0.5, 1.2) * PX / stain.pixels.shape[1]
        turn = cv2.getRotationMatrix2D((0, 0), rng.uniform(0, 360), 1)[:, :2]
        grown = cv2.resize(stain.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        rows, columns = grown.shape[:2]
        taken = 1 - grown.min(axis=2).astype(np.float32) / 255
        ys, xs = np.nonzero(taken > 0.3)
        anchor = np.array([xs, ys], float)[:, int(rng.integers(len(xs)))]  # some part of it lies on the place
        side = int(np.hypot(rows, columns)) * 2
        move = np.column_stack([turn, np.array([side / 2, side / 2]) - turn @ anchor])
        turned = cv2.warpAffine(grown, move, (side, side), borderValue=(255, 255, 255))
        colour_of = turned.reshape(-1, 3)[(turned.min(axis=2) < 120).ravel()]
        colour = tuple(int(v) for v in np.median(colour_of, axis=0)) if len(colour_of) else (120, 60, 20)
        alpha = (1 - turned.min(axis=2).astype(np.float32) / 255) * rng.uniform(0.35, 0.95)
        _lay(sheet, alpha, at, colour)  # type: ignore[arg-type]

    return lay


def stains(
    library: InkLibrary,
) -> dict[str, Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]]:
    """Every family of stains: laid with some part of it at a point (mm), for a place of that size (mm)."""
    drawn = {
        "spill": _spill,
        "tides": _tides,
        "cup": _cup,
        "drops": _drops,
        "water": _water,
        "grease": _grease,
    }
    return {**drawn, **{name: _real(name, library) for name in library.stains}}


# -- blots ---------------------------------------------------------------------------------------------


def _blot(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Thick red ink: from a seal's pad, a finger, a leaking pen."""
    patch = blob(
        _side(size * 0.3, size * 0.9, rng), rng, rough=rng.uniform(0.2, 0.6), round_=rng.uniform(0.5, 1)
    )
    cloud = cv2.resize(
        rng.uniform(0.4, 1.1, (6, 6)).astype(np.float32), patch.shape, interpolation=cv2.INTER_CUBIC
    )
    alpha = cv2.GaussianBlur(patch * np.clip(cloud, 0, 1), (0, 0), rng.uniform(1, 6)) * rng.uniform(0.5, 0.95)
    _lay(sheet, np.asarray(alpha, np.float32), at, _RED[int(rng.integers(len(_RED)))])


def _smear(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Red ink wiped across: streaks that fade in one direction."""
    rows, columns = _side(size * 0.2, size * 0.5, rng), _side(size * 0.6, size * 1.2, rng)
    streaks = cv2.resize(rng.uniform(0, 1, (max(rows // 8, 2), 3)).astype(np.float32), (columns, rows))
    steps = np.linspace(0, 1, columns, dtype=np.float32)[None]
    fade = (1 - steps) ** rng.uniform(0.5, 2) * np.clip(steps * rng.uniform(8, 20), 0, 1)
    rise = np.sin(np.linspace(0, np.pi, rows)).astype(np.float32)[:, None]
    alpha = np.clip(streaks * 1.5 - 0.35, 0, 1) * fade * rise * rng.uniform(0.4, 0.9)
    alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.8, 4))
    turn = cv2.getRotationMatrix2D((columns / 2, columns / 2), rng.uniform(0, 360), 1)
    pad = (columns - rows) // 2
    if pad > 0:
        alpha = cv2.copyMakeBorder(alpha, pad, pad, 0, 0, cv2.BORDER_CONSTANT)
    alpha = cv2.warpAffine(alpha, turn, alpha.shape[::-1])
    _lay(sheet, np.asarray(alpha, np.float32), at, _RED[int(rng.integers(len(_RED)))])


def _spatter(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A leaking pen: one large blot of ink and small ones about it."""
    inks = _RED if rng.random() < 0.6 else _DARK
    colour = inks[int(rng.integers(len(inks)))]
    for step in range(int(rng.integers(3, 9))):
        wide = rng.uniform(0.2, 0.5) * size if step == 0 else rng.uniform(0.4, 2.0)
        alpha = cv2.GaussianBlur(blob(max(6, round(wide * PX)), rng, rough=0.25), (0, 0), 1.2) * 0.95
        spread = 0.0 if step == 0 else size * 0.35
        _lay(sheet, alpha, (at[0] + rng.normal(0, 1) * spread, at[1] + rng.normal(0, 1) * spread), colour)


def _pad(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Ink of the seal's pad carried over by whatever touched it: a straight-edged patch, mottled."""
    rows, columns = _side(size * 0.2, size * 0.8, rng), _side(size * 0.3, size * 1.0, rng)
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (rows, columns)).astype(np.float32), (0, 0), rng.uniform(1.5, 5)
    )
    alpha = np.clip(0.4 + grain / max(float(grain.std()), 1e-3) * 0.4, 0, 1) * rng.uniform(0.3, 0.9)
    side = int(np.hypot(rows, columns)) + 2
    move = cv2.getRotationMatrix2D((columns / 2, rows / 2), rng.uniform(0, 360), 1)
    move[0, 2] += (side - columns) / 2
    move[1, 2] += (side - rows) / 2
    alpha = cv2.warpAffine(alpha.astype(np.float32), move, (side, side))
    _lay(sheet, np.asarray(alpha, np.float32), at, _RED[int(rng.integers(len(_RED)))])


def _arc(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """The edge of a seal that touched the paper in passing: a red arc, nothing within it."""
    radius, thick = rng.uniform(10, 24), rng.uniform(0.4, 1.8)
    side = round(2 * (radius + thick) * PX)
    canvas = np.zeros((side, side), np.uint8)
    start, long_ = rng.uniform(0, 360), rng.uniform(25, 130)
    axes = (round(radius * PX), round(radius * rng.uniform(0.7, 1) * PX))
    cv2.ellipse(
        canvas, (side // 2, side // 2), axes, 0, start, start + long_, 255, round(thick * PX), cv2.LINE_AA
    )
    alpha = cv2.GaussianBlur(canvas.astype(np.float32) / 255, (0, 0), rng.uniform(0.8, 3)) * rng.uniform(
        0.3, 0.9
    )
    middle = np.deg2rad(start + long_ / 2)
    point = at[0] - radius * float(np.cos(middle)), at[1] - radius * float(np.sin(middle))
    _lay(sheet, np.asarray(alpha, np.float32), point, _RED[int(rng.integers(len(_RED)))])


BLOTS: dict[str, Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]] = {
    "blot": _blot,
    "smear": _smear,
    "spatter": _spatter,
    "pad": _pad,
    "arc": _arc,
}
