"""Signatures and digits of real people, in pens of any colour and width; a drawn hand where there are none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from simulator.ink import handwriting
from simulator.ink.handwriting import WritingPen
from simulator.paper.sheets import PX, Alpha, Colour
from simulator.real_ink.families import Side, of_side, pick
from simulator.real_ink.library import DIGIT_DPI, InkLibrary

_COLOURS: dict[str, tuple[Colour, ...]] = {
    "blue": ((25, 45, 140), (35, 60, 165), (20, 30, 105), (60, 85, 180), (45, 50, 120)),
    "black": ((25, 25, 30), (40, 38, 42), (12, 12, 14), (60, 58, 60)),
    "red": ((200, 30, 40), (215, 50, 60), (180, 20, 50), (225, 70, 60)),
}
#: How a pen marks: width of its line in mm, and how strongly (1: opaque).
_KINDS = {
    "ballpoint": ((0.22, 0.5), (0.6, 0.95)),
    "gel": ((0.35, 0.75), (0.85, 1.0)),
    "fountain": ((0.4, 1.0), (0.7, 1.0)),
    "marker": ((1.1, 2.2), (0.8, 1.0)),
    "worn-out": ((0.25, 0.4), (0.35, 0.55)),
}


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """Ink ready for paper: 0..1 at the sheets' resolution, its colour, and the family it is of."""

    alpha: Alpha
    colour: Colour
    family: str

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height."""
        return self.alpha.shape[1] / PX, self.alpha.shape[0] / PX


def pick_pen(rng: np.random.Generator, *, colour: str | None = None, kind: str | None = None) -> WritingPen:
    """A pen as they lie about: blue or black, fine to broad; another one where it is asked for."""
    colour = colour or str(rng.choice(["blue", "black"], p=[0.45, 0.55]))
    kind = kind or str(rng.choice(["ballpoint", "gel", "fountain"], p=[0.35, 0.5, 0.15]))
    inks = _COLOURS[colour]
    width, strength = _KINDS[kind]
    return WritingPen(
        kind if kind in ("ballpoint", "gel", "fountain") else "gel",
        inks[int(rng.integers(len(inks)))],
        float(rng.uniform(*width)),
        float(rng.uniform(*strength)),
    )


def writers(library: InkLibrary) -> tuple[str, ...]:
    """Families of signatures: the real writers, or where there are none the drawn faces."""
    return tuple(library.signatures) or tuple(face.stem for face in handwriting.FACES)


def signature(
    library: InkLibrary,
    side: Side,
    pen: WritingPen,
    width_mm: float,
    rng: np.random.Generator,
    name: str = "",
) -> Mark:
    """Some writer's signature, about ``width_mm`` wide. ``name``: what a drawn hand would write."""
    family = pick(writers(library), side, rng)
    if not library.signatures:
        faces = [face.stem for face in handwriting.FACES]
        hand = replace(handwriting.pick_handwriting(rng), face=faces.index(family), pen=pen)
        return Mark(
            handwriting.signature(hand, name or "王建国", width_mm, rng), pen.colour, f"writer/{family}"
        )
    masks = library.signatures[family]
    drawn = masks[int(rng.integers(len(masks)))]
    return Mark(_penned(_turned(drawn, rng), pen, width_mm, rng), pen.colour, f"writer/{family}")


def digit(
    library: InkLibrary,
    figure: str,
    side: Side,
    pen: WritingPen,
    height_mm: float,
    rng: np.random.Generator,
) -> Mark:
    """One digit written by hand. The two sides see different pictures of it."""
    masks = library.digits.get(figure)
    if not masks:
        hand = replace(handwriting.pick_handwriting(rng), pen=pen)
        return Mark(handwriting.written(hand, figure, height_mm * 1.4, rng), pen.colour, "digit/drawn")
    names = [f"{figure}-{number}" for number in range(len(masks))]
    family = pick(names, side, rng)
    mask = masks[names.index(family)]
    scale = height_mm / (mask.shape[0] / DIGIT_DPI * 25.4)
    width = mask.shape[1] / DIGIT_DPI * 25.4 * scale
    return Mark(_penned(_turned(mask, rng), pen, max(width, 0.8), rng), pen.colour, f"digit/{family}")


def families(library: InkLibrary, side: Side) -> tuple[str, ...]:
    """The writers of one side."""
    return of_side(writers(library), side)


def _turned(mask: Alpha, rng: np.random.Generator) -> Alpha:
    """A little turned and sheared: nobody signs the same twice."""
    rows, columns = mask.shape
    angle, shear, stretch = rng.normal(0, 0.05), rng.normal(0, 0.08), rng.uniform(0.85, 1.15)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.array(
        [[1.0, -shear], [0.0, stretch]]
    )
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], float) @ linear.T
    low, high = corners.min(axis=0) - 2, corners.max(axis=0) + 2
    width, height = (np.ceil(high - low)).astype(int).tolist()
    return np.asarray(cv2.warpAffine(mask, np.column_stack([linear, -low]), (width, height)), np.float32)


def _penned(mask: Alpha, pen: WritingPen, width_mm: float, rng: np.random.Generator) -> Alpha:
    """A mask enlarged to its size on paper, its line made as wide as the pen's, uneven as pens are."""
    rows, columns = mask.shape
    factor = width_mm * PX / columns
    size = max(2, round(columns * factor)), max(2, round(rows * factor))
    big = cv2.resize(mask, size, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA)
    line = (big > 0.5).astype(np.uint8)
    change = pen.width_mm * PX - _line_width(line)
    margin = max(3, round(pen.width_mm * PX) + 2)
    big = np.asarray(cv2.copyMakeBorder(big, margin, margin, margin, margin, cv2.BORDER_CONSTANT), np.float32)
    if change > 0.5:
        reach = round(change)
        big = cv2.dilate(big, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach + 1, reach + 1)))
        level = 0.5
    else:  # thinner: only the middle of the line is above a higher level
        level = float(np.clip(0.5 - change / max(pen.width_mm * PX, 1) * 0.3, 0.5, 0.8))
    soft = np.clip((cv2.GaussianBlur(big, (0, 0), 1.0) - level) * 4 + 0.5, 0, 1)
    return uneven(np.asarray(soft, np.float32), pen, rng)


def _line_width(line: np.ndarray) -> float:
    """The usual width of a line in px: twice its middle's distance from the edge."""
    away = cv2.distanceTransform(line, cv2.DIST_L2, 3)
    top = away[away >= cv2.dilate(away, np.ones((3, 3), np.uint8)) - 1e-3]
    top = top[top > 0.5]
    return float(2 * np.median(top)) if top.size else 1.0


def uneven(mask: Alpha, pen: WritingPen, rng: np.random.Generator) -> Alpha:
    """Changing pressure, a ballpoint's skips."""
    rows, columns = mask.shape
    coarse = rng.uniform(0.75, 1.0, (rows // 30 + 2, columns // 30 + 2)).astype(np.float32)
    mask = mask * cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if pen.kind == "ballpoint":
        grain = cv2.GaussianBlur(rng.random((rows, columns)).astype(np.float32), (0, 0), 0.8)
        mask = mask * np.clip(0.6 + (grain - 0.36) * 6, 0.5, 1)
    return np.asarray(np.clip(mask * pen.strength, 0, 1), np.float32)
