"""Seals as offices press them: real ones and drawn ones, half-inked, scratched, doubled, faint, from 36 to 58 mm.

A drawn family is one seal as it was cut: its text, rim, star and characters stay the same however it is pressed.
Sizes are cut sizes (国发〔1999〕25号 and practice): companies 38 to 42 mm, governments 42 to 58, ovals 45 × 30, names
18 to 22 square.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Literal

import cv2
import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from simulator.ink.printing import font
from simulator.paper.sheets import PX, Alpha, Colour
from simulator.real_ink.families import Side, of_side, pick
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.pens import Mark
from simulator.real_ink.wear import Wear, across, clouds, worn

Shape = Literal["round", "oval", "square"]
_INKS: tuple[Colour, ...] = (
    (205, 25, 35),
    (190, 20, 40),
    (220, 50, 50),
    (180, 30, 45),
    (225, 40, 70),
    (235, 80, 60),
    (165, 20, 30),
    (210, 60, 110),
)
_TOWNS = ("晋城", "阳城", "高平", "陵川", "沁水", "泽州", "鞍山", "焦作")
_TRADES = ("精密铸造", "新能源材料", "仓储物流", "食品加工", "煤层气", "装备制造", "生物科技", "建筑工程")
_OFFICES = ("行政审批服务管理局", "人民政府", "自然资源局", "开发区管理委员会", "发展和改革局")
_NAMES = ("王建国", "李浩然", "赵雪", "陈静", "郭鑫", "杨紫涵", "徐俊杰", "董欣怡")
_UNIT = PX * 2  # seals are cut at twice the sheets' resolution


@dataclass(frozen=True, slots=True, eq=False)
class PressedSeal:
    """A seal as it was pressed: its ink, shape, cut width in mm, and what ails it."""

    mark: Mark
    shape: Shape
    width_mm: float
    wears: tuple[Wear, ...] = ()


def seal_families(library: InkLibrary, shape: Shape) -> tuple[str, ...]:
    """Every seal of that shape; real ones are all round."""
    drawn = tuple(
        f"drawn-{shape}-{number:02d}" for number in range({"round": 18, "oval": 6, "square": 9}[shape])
    )
    return (*library.seals, *drawn) if shape == "round" else drawn


def press(
    library: InkLibrary,
    side: Side,
    shape: Shape,
    rng: np.random.Generator,
    *,
    wears: tuple[Wear, ...] = (),
    room_mm: float = 58.0,
) -> PressedSeal:
    """Press some seal of that shape once; of real ones there are few, so half of all round seals are real.

    ``room_mm``: no larger than this, as far as seals go.
    """
    real = of_side(library.seals, side) if shape == "round" else ()
    if real and rng.random() < 0.5:
        family = real[int(rng.integers(len(real)))]
        cut, width = library.seals[family].ink, float(rng.uniform(36, min(max(room_mm, 38), 58)))
        mask = _scaled(cut, width)
    else:
        drawn = [name for name in seal_families(library, shape) if name not in library.seals]
        family = pick(drawn, side, rng)
        mask, width = cut_seal(shape, family)
        if shape == "round" and width > room_mm:
            mask, width = _scaled(mask, max(room_mm, 36.0)), max(room_mm, 36.0)
    alpha = _pressed(_turned(mask, rng.normal(0, 9)), rng)
    for wear in wears:
        alpha = worn(alpha, wear, rng)
    colour = _INKS[int(rng.integers(len(_INKS)))]
    return PressedSeal(Mark(np.clip(alpha, 0, 1), colour, f"seal/{family}"), shape, width, wears)


def _scaled(mask: Alpha, width_mm: float) -> Alpha:
    factor = width_mm * PX / mask.shape[1]
    how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    big = cv2.resize(mask, None, fx=factor, fy=factor, interpolation=how)
    return np.asarray(np.clip(big, 0, 1), np.float32)


# -- how a seal is cut ---------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def cut_seal(shape: Shape, family: str) -> tuple[Alpha, float]:
    """A drawn seal as it was cut: its ink 0..1 at the sheets' resolution, and its width in mm."""
    rng = np.random.default_rng(int.from_bytes(sha256(family.encode()).digest()[:8], "big"))
    width, height = _size(shape, rng)
    picture = Pictures.new("L", (round(width * _UNIT) + 12, round(height * _UNIT) + 12))
    {"round": _cut_round, "oval": _cut_round, "square": _cut_square}[shape](picture, width, height, rng)
    small = cv2.resize(np.asarray(picture), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.asarray(small / 255, np.float32), width


def _size(shape: Shape, rng: np.random.Generator) -> tuple[float, float]:
    if shape == "square":
        side = float(rng.choice([18.0, 20.0, 22.0, 25.0]))
        return side, side
    if shape == "oval":
        return 45.0, 30.0
    side = float(
        rng.choice([36.0, 38.0, 40.0, 42.0, 45.0, 50.0, 58.0], p=[0.1, 0.2, 0.25, 0.2, 0.15, 0.05, 0.05])
    )
    return side, side


def _cut_round(picture: Pictures.Image, width: float, height: float, rng: np.random.Generator) -> None:
    draw = ImageDraw.Draw(picture)
    x, y = picture.width / 2, picture.height / 2
    rx, ry = width / 2 * _UNIT, height / 2 * _UNIT
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), outline=255, width=round(rng.uniform(0.7, 1.6) * _UNIT))
    inner = 0.0
    if rng.random() < 0.25:  # a second, thin rim
        inner = 1.9 * _UNIT
        box = (x - rx + inner, y - ry + inner, x + rx - inner, y + ry - inner)
        draw.ellipse(box, outline=255, width=round(0.3 * _UNIT))
    town, office = str(rng.choice(_TOWNS)), str(rng.choice(_OFFICES))
    text = f"{town}市{office}" if width >= 42 and height > 40 else f"{town}市{rng.choice(_TRADES)}有限公司"
    size = min(5.4, 1.55 * np.pi * min(width, height) / 2 / len(text)) * _UNIT
    flat = height / width
    span = float(np.clip(0.42 + len(text) * 0.075, 0.8, 1.5))
    _arc(picture, text, (x, y), rx - inner - 2.0 * _UNIT, size, span=span, flat=flat)
    if flat == 1.0 and rng.random() < 0.85:
        _star(draw, x, y, rng.uniform(0.14, 0.19) * width * _UNIT)
    below = str(rng.choice(["合同专用章", "财务专用章", "行政审批专用章", "", "1405000012345"]))
    if below:
        letter = (2.2 if below.isdigit() else 0.085 * width) * _UNIT
        at = (x, y + (0.28 * width if flat == 1.0 else 0.05 * height) * _UNIT)
        draw.text(at, below, 255, font("song", round(letter)), anchor="mm", stroke_width=1)


def _star(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    angles = -np.pi / 2 + np.arange(10) * np.pi / 5
    lengths = np.where(np.arange(10) % 2, radius * 0.382, radius)
    points = [(x + r * np.cos(a), y + r * np.sin(a)) for a, r in zip(angles, lengths, strict=True)]
    draw.polygon(points, fill=255)


def _arc(
    picture: Pictures.Image,
    text: str,
    middle: tuple[float, float],
    radius: float,
    size: float,
    *,
    span: float,
    flat: float,
) -> None:
    """Text along the upper arc, feet to the middle."""
    face = font("song", round(size))
    for letter, angle in zip(text, np.linspace(-span / 2, span / 2, len(text)) * np.pi, strict=True):
        tile = Pictures.new("L", (round(size * 1.4), round(size * 1.4)))
        ImageDraw.Draw(tile).text((tile.width / 2,) * 2, letter, 255, face, anchor="mm", stroke_width=2)
        tall = tile.resize((tile.width, round(tile.height * 1.2)))
        lean = np.arctan2(np.sin(angle) * flat, np.cos(angle))
        turned = tall.rotate(float(np.degrees(-lean)), expand=True, resample=Pictures.Resampling.BILINEAR)
        reach = radius - size * 0.6
        across = middle[0] + reach * np.sin(angle)
        down = middle[1] - (reach if flat == 1.0 else reach * flat) * np.cos(angle)
        picture.paste(255, (round(across - turned.width / 2), round(down - turned.height / 2)), turned)


def _cut_square(picture: Pictures.Image, width: float, height: float, rng: np.random.Generator) -> None:
    draw = ImageDraw.Draw(picture)
    side = width * _UNIT
    white = rng.random() < 0.25  # 白文: the letters stay free of ink
    if white:
        draw.rectangle((5, 5, side, side), fill=255)
    else:
        draw.rectangle((5, 5, side, side), outline=255, width=round(rng.uniform(0.6, 1.2) * _UNIT))
    letters = (str(rng.choice(_NAMES)) + "之印")[:4]
    for index, letter in enumerate(letters):
        at = (side * (0.27 + 0.46 * (1 - index // 2)) + 2, side * (0.27 + 0.46 * (index % 2)) + 2)
        face = font("song", round(side * 0.42))
        draw.text(at, letter, 0 if white else 255, face, anchor="mm", stroke_width=2)


# -- how it is pressed ---------------------------------------------------------------------------------


def _turned(mask: Alpha, degrees: float) -> Alpha:
    rows, columns = mask.shape
    side = int(np.hypot(rows, columns)) + 4
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1)
    matrix[:, 2] += ((side - columns) / 2, (side - rows) / 2)
    return np.asarray(cv2.warpAffine(mask, matrix, (side, side)), np.float32)


def _pressed(mask: Alpha, rng: np.random.Generator) -> Alpha:
    """Ordinary ink: a little more on one side, thin in patches, a trace of it where the die touched the paper."""
    shape = mask.shape
    tilt = 1 - rng.uniform(0, 0.35) * np.clip(across(shape, rng), 0, 1)
    grain = cv2.GaussianBlur(rng.normal(0, 1, shape).astype(np.float32), (0, 0), rng.uniform(1.0, 2.2)) * 4
    flecks = np.clip(rng.uniform(1.1, 2.4) + 0.5 * clouds(shape, 8, rng) - 0.45 * grain, 0, 1)
    spread = cv2.GaussianBlur(mask, (0, 0), rng.uniform(0.7, 1.6))
    return np.asarray(np.clip(spread * tilt * flecks * rng.uniform(0.65, 0.97), 0, 1), np.float32)
