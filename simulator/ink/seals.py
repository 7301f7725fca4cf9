"""Seals (印章): round, oval and square impressions in red, transparent and uneven ink.

Sizes in mm (国发〔1999〕25号 and practice): government 42 or 45 round, companies 38 to 42 round, foreign-invested
companies 45 × 30 oval, personal name seals 18 to 22 square. A mask is 0..1 at the resolution of the sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures
from PIL import ImageDraw

from simulator.ink.printing import font
from simulator.paper.sheets import PX, Alpha, Colour

SealShape = Literal["round", "oval", "square"]
_FINE = 2
_INKS: tuple[Colour, ...] = ((205, 25, 35), (190, 20, 40), (220, 50, 50), (180, 30, 45), (225, 40, 70))


@dataclass(frozen=True, slots=True)
class SealImpression:
    """The impression of a seal. ``alpha``: its ink; ``width_mm``: the width of the seal itself, not turned."""

    alpha: Alpha
    colour: Colour
    shape: SealShape
    width_mm: float
    text: str


def press(shape: SealShape, text: str, rng: np.random.Generator) -> SealImpression:
    """One impression of a seal of that shape."""
    width, height = _size(shape, text, rng)
    mask = _turned(_CUT[shape](width, height, text, rng), rng.normal(0, 5))
    alpha = _pressed(mask, rng)
    return SealImpression(alpha, _INKS[rng.integers(len(_INKS))], shape, width, text)


def _size(shape: SealShape, text: str, rng: np.random.Generator) -> tuple[float, float]:
    if shape == "oval":
        return 45.0, 30.0
    if shape == "square":
        side = float(rng.choice([18, 20, 22]))
        return side, side
    company = text.endswith("公司")
    side = float(rng.choice([38.0, 40.0, 42.0] if company else [42.0, 45.0]))
    return side, side


def _canvas(width: float, height: float) -> tuple[Pictures.Image, ImageDraw.ImageDraw]:
    picture = Pictures.new("L", (round(width * PX * _FINE) + 8, round(height * PX * _FINE) + 8))
    return picture, ImageDraw.Draw(picture)


def _cut_round(width: float, height: float, text: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    picture, draw = _canvas(width, height)
    unit = PX * _FINE
    middle = picture.width / 2
    radius = width / 2 * unit
    _ring(draw, middle, middle, radius, radius, rng.uniform(0.9, 1.3) * unit)
    _star(draw, middle, middle, rng.uniform(6.5, 7.5) * unit)
    letter = min(5.2, 2.1 * np.pi * width / 2 * 0.72 / max(len(text), 1))
    _arc(picture, text, middle, middle, radius - 1.9 * unit, letter * unit, span=_span(len(text)))
    if rng.random() < 0.6:
        number = "14050" + "".join(str(digit) for digit in rng.integers(0, 10, 8))
        _arc(picture, number[::-1], middle, middle, radius - 1.6 * unit, 1.7 * unit, span=0.9, below=True)
    elif rng.random() < 0.4:
        _centred(
            draw,
            "合同专用章" if text.endswith("公司") else "业务专用章",
            middle,
            middle + radius * 0.55,
            4.0 * unit,
        )
    return np.asarray(picture)


def _cut_oval(width: float, height: float, text: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    picture, draw = _canvas(width, height)
    unit = PX * _FINE
    x, y = picture.width / 2, picture.height / 2
    _ring(draw, x, y, width / 2 * unit, height / 2 * unit, rng.uniform(0.8, 1.2) * unit)
    letter = min(4.2, 46 / max(len(text), 1))
    _arc(
        picture,
        text,
        x,
        y,
        width / 2 * unit - 1.8 * unit,
        letter * unit,
        span=_span(len(text)),
        flat=height / width,
    )
    _centred(draw, "★" if rng.random() < 0.3 else "91140500MA0K", x, y + height * 0.08 * unit, 2.6 * unit)
    return np.asarray(picture)


def _cut_square(width: float, height: float, text: str, rng: np.random.Generator) -> NDArray[np.uint8]:
    picture, draw = _canvas(width, height)
    unit = PX * _FINE
    side = width * unit
    draw.rectangle((4, 4, side, side), outline=255, width=round(0.9 * unit))
    letters = (text + "之印")[:4] if len(text) < 4 else text[:4]
    size = side * 0.42
    for index, letter in enumerate(letters):
        column, row = 1 - index // 2, index % 2  # from right to left
        at = (side * (0.27 + 0.46 * column) + 2, side * (0.27 + 0.46 * row) + 2)
        draw.text(at, letter, 255, font("song", round(size)), anchor="mm", stroke_width=2)
    return np.asarray(picture)


_CUT = {"round": _cut_round, "oval": _cut_oval, "square": _cut_square}


def _span(letters: int) -> float:
    """The angle that the text takes on the circle, in half turns."""
    return float(np.clip(0.42 + letters * 0.075, 0.7, 1.5))


def _ring(draw: ImageDraw.ImageDraw, x: float, y: float, rx: float, ry: float, thick: float) -> None:
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), outline=255, width=round(thick))


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    lengths = np.where(np.arange(10) % 2, radius * 0.382, radius)
    draw.polygon(
        [(x + r * np.cos(a), y + r * np.sin(a)) for a, r in zip(angles, lengths, strict=True)], fill=255
    )


def _centred(draw: ImageDraw.ImageDraw, text: str, x: float, y: float, size: float) -> None:
    draw.text((x, y), text, 255, font("song", round(size)), anchor="mm", stroke_width=1)


def _arc(
    picture: Pictures.Image,
    text: str,
    x: float,
    y: float,
    radius: float,
    size: float,
    *,
    span: float,
    below: bool = False,
    flat: float = 1.0,
) -> None:
    """Draw text along an arc, the feet of its characters towards the centre (where ``below``, their heads)."""
    angles = np.linspace(-span / 2, span / 2, len(text)) * np.pi if len(text) > 1 else np.zeros(1)
    face = font("song", round(size))
    for letter, angle in zip(text, angles, strict=True):
        tile = Pictures.new("L", (round(size * 1.3),) * 2)
        ImageDraw.Draw(tile).text((tile.width / 2,) * 2, letter, 255, face, anchor="mm", stroke_width=1)
        tall = tile.resize((tile.width, round(tile.height * 1.25))) if not below else tile
        lean = angle if flat == 1.0 else np.arctan2(np.sin(angle) * flat, np.cos(angle))
        turned = tall.rotate(np.degrees(-lean), expand=True, resample=Pictures.Resampling.BILINEAR)
        reach = radius - size * 0.55
        side = -1 if below else 1
        across = x + side * reach * np.sin(angle)
        down = y - side * (reach if flat == 1.0 else reach * flat - size * 0.05) * np.cos(angle)
        box = (round(across - turned.width / 2), round(down - turned.height / 2))
        picture.paste(255, box, turned)


def _turned(mask: NDArray[np.uint8], degrees: float) -> Alpha:
    rows, columns = mask.shape
    side = int(np.hypot(rows, columns)) + 4
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1)
    matrix[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    turned = cv2.warpAffine(mask, matrix, (side, side))
    small = cv2.resize(turned, None, fx=1 / _FINE, fy=1 / _FINE, interpolation=cv2.INTER_AREA)
    return (small.astype(np.float32) / 255).astype(np.float32)


def _pressed(mask: Alpha, rng: np.random.Generator) -> Alpha:
    """Uneven ink: weaker to one side, speckled, thin in patches."""
    rows, columns = mask.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    tilt = 1 - rng.uniform(0, 0.45) * np.clip(x * np.cos(angle) + y * np.sin(angle), 0, 1)
    patches = cv2.resize(
        rng.normal(0, 1, (9, 9)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
    )
    grain = cv2.GaussianBlur(rng.normal(0, 1, (rows, columns)).astype(np.float32), (0, 0), 1.6) * 5
    amount = rng.uniform(0.9, 2.2)
    flecks = np.clip((amount + 0.55 * patches - 0.5 * grain) * 1.2, 0, 1)
    strength = rng.uniform(0.7, 0.95)
    spread = cv2.GaussianBlur(mask, (0, 0), 0.9)
    alpha: Alpha = np.clip(spread * tilt * flecks * strength, 0, 1).astype(np.float32)
    return alpha
