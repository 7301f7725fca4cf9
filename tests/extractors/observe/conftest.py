"""A made-up form on which a test writes, ticks, seals and spoils, and which it then has observed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from extractors.decide.fields import observe_fields
from extractors.layers.page_layers import page_layers
from extractors.model import PX_PER_MM, Glyph, Image, LineReader, Observation, OriginalPage, RegisteredPage
from extractors.observe.places import MeasuredPlace, measure_places
from extractors.observe.seam import observe_seam
from extractors.thresholds import load_thresholds
from forms.definition import FieldDefinition, FieldKind, FormDefinition, FormSource
from forms.geometry import Box, FieldArea

WIDTH, HEIGHT = 210.0, 297.0
BLUE, BLACK, RED, PENCIL = (40, 50, 140), (25, 25, 25), (205, 45, 50), (165, 165, 165)
Colour = tuple[int, int, int]

AREAS = {
    "name": ("text", Box(50, 40, 110, 47)),
    "note": ("text", Box(50, 50, 110, 57)),
    "box.0": ("checkbox", Box(40, 70, 43.4, 75.3)),
    "box.1": ("checkbox", Box(40, 75.3, 43.4, 80.6)),
    "box.2": ("checkbox", Box(40, 80.6, 43.4, 85.9)),
    "sign": ("signature", Box(110, 110, 160, 155)),
    "date": ("date", Box(105, 158, 147, 168)),
    "sign.manager": ("signature", Box(60, 180, 90, 198)),
}
DATE_MARKS = {"年": Box(116, 161, 121, 167), "月": Box(129, 161, 133, 167), "日": Box(143, 161, 146, 167)}


def px(value: float) -> int:
    return round(value * PX_PER_MM)


def grains(picture: Image, size: int, seed: int) -> NDArray[np.float64]:
    """Random numbers 0..1 for a picture, the same in squares of so many px: where a seal left nothing."""
    height, width = picture.shape[:2]
    squares = np.random.default_rng(seed).random((height // size + 1, width // size + 1))
    return np.kron(squares, np.ones((size, size)))[:height, :width]


def point(x: float, y: float) -> tuple[int, int]:
    return px(x), px(y)


def original() -> OriginalPage:
    """Two underlined blanks, three boxes with labels, two signing areas, a date; some print all about."""
    grey = np.full((px(HEIGHT), px(WIDTH)), 255, np.uint8)
    glyphs = []
    for y in (42.0, 52.0):
        cv2.line(grey, point(50, y + 5), point(110, y + 5), 0, 2)
        glyphs += _print(grey, 30, y + 4, "LABEL:")
    for number in range(3):
        top = 71.6 + 5.3 * number
        cv2.rectangle(grey, point(40.3, top), point(43.1, top + 2.8), 0, 1)
        glyphs.append(Glyph("□", Box(40.3, top, 43.1, top + 2.8)))
        glyphs += _print(grey, 44, top + 2.8, "PLANNING PERMIT")
    glyphs += _print(grey, 70, 142, "ENTERPRISE (SEAL):")
    glyphs += _print(grey, 40, 192, "MANAGER:")
    for text, box in DATE_MARKS.items():
        cv2.rectangle(grey, point(box.x0, box.y0), point(box.x1, box.y1), 0, 2)
        cv2.line(grey, point(box.x0, box.centre[1]), point(box.x1, box.centre[1]), 0, 2)
        glyphs.append(Glyph(text, box))
    for y in (20.0, 28.0, 215.0, 225.0):
        glyphs += _print(grey, 30, y, "THE QUICK BROWN FOX JUMPS OVER THE LAZY DOG")
    areas = tuple(FieldArea(key, kind, 1, box, True) for key, (kind, box) in AREAS.items())
    return OriginalPage("7K3M9QX2", 1, WIDTH, HEIGHT, grey, tuple(glyphs), areas)


def _print(grey: Image, x: float, y: float, text: str) -> list[Glyph]:
    """Print words whose lower left corner stands at (x, y); their characters."""
    font, size = cv2.FONT_HERSHEY_SIMPLEX, 0.62
    cv2.putText(grey, text, point(x, y), font, size, 0, 1, cv2.LINE_AA)
    ends = [cv2.getTextSize(text[:count], font, size, 1)[0][0] / PX_PER_MM for count in range(len(text) + 1)]
    high = cv2.getTextSize(text, font, size, 1)[0][1] / PX_PER_MM
    return [
        Glyph(letter, Box(x + ends[at], y - high, x + ends[at + 1], y))
        for at, letter in enumerate(text)
        if letter != " "
    ]


def form() -> FormDefinition:
    fields = tuple(
        FieldDefinition(id=key, label=f"栏目{key}", kind=FieldKind(kind), filled_by="enterprise")
        for key, (kind, _) in AREAS.items()
    )
    source = FormSource(number="", title="", file="", place="")
    return FormDefinition(
        id="made-up", title="", kind="drafted", document="made-up", source=source, field=fields, folder=Path()
    )


@dataclass(eq=False)
class Paper:
    """The form on paper; lengths in mm. Ink darkens what is there."""

    blank: OriginalPage
    pixels: Image = field(init=False)
    seen: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.pixels = np.dstack([self.blank.grey] * 3)
        self.seen = np.ones(self.blank.grey.shape, np.bool_)

    def stroke(
        self, points: Sequence[tuple[float, float]], colour: Colour = BLUE, width: float = 0.5
    ) -> None:
        layer = np.full_like(self.pixels, 255)
        line = np.array([[px(x * 8), px(y * 8)] for x, y in points], np.int32)
        cv2.polylines(layer, [line], False, colour, max(1, px(width)), cv2.LINE_AA, 3)
        self.pixels = np.minimum(self.pixels, layer)

    def write(self, x: float, y: float, letters: int = 4, size: float = 5.0, colour: Colour = BLUE) -> None:
        """Made-up characters, each of four strokes, the first with its top left at (x, y)."""
        for number in range(letters):
            left, s = x + number * size * 1.1, size
            self.stroke([(left, y + 0.3 * s), (left + s, y + 0.2 * s)], colour)
            self.stroke(
                [(left + 0.5 * s, y), (left + 0.45 * s, y + s), (left + 0.2 * s, y + 0.8 * s)], colour
            )
            self.stroke([(left + 0.4 * s, y + 0.4 * s), (left, y + 0.9 * s)], colour)
            self.stroke([(left + 0.5 * s, y + 0.4 * s), (left + s, y + 0.9 * s)], colour)

    def sign(self, x: float, y: float, colour: Colour = BLACK) -> None:
        """A running hand: two winding strokes."""
        along = np.linspace(0, 1, 40)
        self.stroke([(x + 18 * t, y + 3 * np.sin(9 * np.pi * t)) for t in along], colour, 0.6)
        self.stroke([(x + 8 + 6 * np.sin(5 * t * 3), y + 5 * np.cos(7 * t * 3)) for t in along], colour, 0.6)

    def dots(self, box: Box, count: int) -> None:
        """So many specks of a pixel or two, anywhere in a box."""
        places = np.random.default_rng(11).uniform((box.x0, box.y0), (box.x1, box.y1), (count, 2))
        for x, y in places:
            self.pixels[px(y) : px(y) + 2, px(x) : px(x) + 2] = 0

    def tick(self, key: str, dx: float = 0, dy: float = 0, tail: float = 4.0) -> None:
        x, y = 41.7 + dx, 73.4 + 5.3 * int(key[-1]) + dy
        self.stroke([(x - 1.3, y - 0.3), (x - 0.2, y + 1.0), (x - 0.2 + tail * 0.7, y + 1.0 - tail)])

    def seal(
        self,
        x: float,
        y: float,
        size: tuple[float, float] = (40, 40),
        colour: Colour = RED,
        weight: float = 0.85,
    ) -> None:
        """A round or oval seal: rim, a ring of made-up characters, a star."""
        layer = np.full_like(self.pixels, 255)
        a, b = size[0] / 2, size[1] / 2
        cv2.ellipse(layer, point(x, y), (px(a), px(b)), 0, 0, 360, colour, px(1.1), cv2.LINE_AA)
        for turn in np.deg2rad(np.arange(150, 391, 20)):
            middle = (x + np.cos(turn) * (a - 5), y + np.sin(turn) * (b - 5))
            self._character(layer, middle, colour)
        star = [point(x + 5.5 * np.sin(k * 0.8 * np.pi), y - 5.5 * np.cos(k * 0.8 * np.pi)) for k in range(5)]
        cv2.fillPoly(layer, [np.array(star, np.int32)], colour, cv2.LINE_AA)
        self._lay(layer, weight)

    def square_seal(self, x: float, y: float, side: float = 20, colour: Colour = RED) -> None:
        layer = np.full_like(self.pixels, 255)
        half = side / 2
        cv2.rectangle(
            layer, point(x - half, y - half), point(x + half, y + half), colour, px(1.0), cv2.LINE_AA
        )
        for dx in (-side / 4, side / 4):
            for dy in (-side / 4, side / 4):
                self._character(layer, (x + dx, y + dy), colour, side / 5)
        self._lay(layer, 0.9)

    def ring(self, x: float, y: float, radius: float, colour: Colour, width: float = 1.0) -> None:
        layer = np.full_like(self.pixels, 255)
        cv2.circle(layer, point(x, y), px(radius), colour, px(width), cv2.LINE_AA)
        self._lay(layer, 0.8)

    def smear(self, x: float, y: float, colour: Colour = (150, 150, 150), size: float = 9.0) -> None:
        layer = np.full_like(self.pixels, 255)
        cv2.ellipse(layer, point(x, y), (px(size), px(size * 0.4)), 20, 0, 360, colour, -1)
        self._lay(np.asarray(cv2.GaussianBlur(layer, (0, 0), 5), np.uint8), 1.0)

    def _character(
        self, layer: Image, middle: tuple[float, float], colour: Colour, half: float = 1.7
    ) -> None:
        x, y = middle
        cv2.line(layer, point(x - half, y - half), point(x + half, y - half), colour, 3, cv2.LINE_AA)
        cv2.line(layer, point(x, y - half), point(x, y + half), colour, 3, cv2.LINE_AA)
        cv2.line(layer, point(x - half, y + half), point(x + half, y + half * 0.6), colour, 3, cv2.LINE_AA)

    def _lay(self, layer: Image, weight: float) -> None:
        through = 1 - (1 - layer.astype(np.float32) / 255) * weight
        self.pixels = (self.pixels * through).astype(np.uint8)

    def scanned(self, how: str = "colour", shift: tuple[float, float] = (0.12, -0.1)) -> RegisteredPage:
        """As a scanner and registration would hand it over: shifted by so many mm, soft, noisy."""
        height, width = self.blank.grey.shape
        move = np.float32([[1, 0, shift[0] * PX_PER_MM], [0, 1, shift[1] * PX_PER_MM]])
        soft = cv2.GaussianBlur(self.pixels, (0, 0), 0.6)
        soft = cv2.warpAffine(soft, move, (width, height), borderValue=(255, 255, 255))
        noise = np.random.default_rng(7).integers(0, 12, (height, width, 1), np.uint8)
        rgb = np.asarray(cv2.subtract(soft, np.repeat(noise, 3, axis=2)), np.uint8)
        if how != "colour":
            rgb = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        if how == "bitonal":
            rgb = np.where(rgb > 170, 255, 0).astype(np.uint8)
        return RegisteredPage(
            original=self.blank,
            rgb=rgb,
            grey=np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8),
            seen=self.seen,
            colour=how == "colour",
            bitonal=how == "bitonal",
            dpi=200.0,
            residual_mm=0.1,
            score=0.95,
        )

    def observed(
        self, how: str = "colour", reader: LineReader | None = None, **more: object
    ) -> dict[str, Observation]:
        page = self.scanned(how, **more)  # type: ignore[arg-type]
        limits = load_thresholds()
        seen = observe_fields(page_layers(page, limits.ink), form(), limits, reader=reader)
        return {item.id: item for item in seen}

    def measured(self, how: str = "colour") -> dict[str, MeasuredPlace]:
        """What is measured of each field, before anything is decided."""
        page, limits = self.scanned(how), load_thresholds()
        _, places = measure_places(page_layers(page, limits.ink), page.original.areas, limits)
        return {place.area.id: place for place in places}

    def seam(self) -> dict[str, float]:
        limits = load_thresholds()
        found = observe_seam(page_layers(self.scanned(), limits.ink), limits.seam)
        return {item.name: item.value for item in found}


@pytest.fixture(scope="session")
def blank_original() -> OriginalPage:
    return original()


@pytest.fixture
def paper(blank_original: OriginalPage) -> Paper:
    """One sheet of the made-up form, empty."""
    return Paper(blank_original)


@pytest.fixture
def sheets(blank_original: OriginalPage) -> Callable[[], Paper]:
    """As many empty sheets as a test asks for."""
    return lambda: Paper(blank_original)
