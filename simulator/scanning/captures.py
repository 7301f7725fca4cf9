"""Scanners, copiers, phones and chat programs: from sheets to pictures, in four tiers of quality.

A: colour or grey at 200 dpi or more. B: black and white, copied, scaled, stretched, cropped. C: a phone photograph, up
to 25° tilted, with shadow and curl. D: a picture reduced to 1280 px by a chat program, or a page of which one page
mark is destroyed.

The geometry of a picture is one 3 × 3 matrix, from mm on the page to px of the picture, wherever the paper lay flat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pictures

from simulator.paper.page_marks import destroy_mark, mark_boxes
from simulator.paper.sheets import PX, PaperSheet
from simulator.scanning import optics
from simulator.scanning.photo import photographed
from simulator.truth import Image, Tier

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CapturedPage:
    """One picture as the device produced it, before the page was turned. ``look``: how it was made, for statistics."""

    pixels: Image
    look: str
    dpi: float | None
    matrix: Matrix | None
    bitonal: bool = False
    jpeg: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannerFeed:
    """How the paper lay on the scanner. ``scale``: across and down; ``shift_mm``: right and down; ``lid``: its grey."""

    dpi: int = 200
    skew_deg: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    shift_mm: tuple[float, float] = (0.0, 0.0)
    lid: int = 255


def pick_look(tier: Tier, rng: np.random.Generator) -> str:
    """One of the :data:`LOOKS` of that tier at random, common ones more often."""
    names = list(LOOKS[tier])
    weights = np.array([LOOKS[tier][name][0] for name in names], float)
    return str(rng.choice(names, p=weights / weights.sum()))


def capture(sheet: PaperSheet, tier: Tier, rng: np.random.Generator, look: str) -> CapturedPage:
    """A picture of a sheet, made in one of the :data:`LOOKS` of the tier."""
    return replace(LOOKS[tier][look][1](sheet, rng), look=look)


def turned(captured: CapturedPage, quarter_turns: int) -> CapturedPage:
    """The picture turned counter-clockwise by that many quarter turns."""
    rows, columns = captured.pixels.shape[:2]
    matrix = captured.matrix
    for _ in range(quarter_turns % 4):
        if matrix is not None:
            matrix = np.array([[0, 1, 0], [-1, 0, columns - 1], [0, 0, 1]], float) @ matrix
        rows, columns = columns, rows
    return replace(
        captured, pixels=np.ascontiguousarray(np.rot90(captured.pixels, quarter_turns)), matrix=matrix
    )


# -- scanners ------------------------------------------------------------------------------------------


def on_glass(sheet: PaperSheet, feed: ScannerFeed) -> tuple[Image, Matrix]:
    """The sheet as scanned without noise, and the matrix from mm on the page to px."""
    unit = feed.dpi / 25.4
    width, height = round(sheet.width_mm * unit), round(sheet.height_mm * unit)
    middle = np.array([sheet.width_mm / 2, sheet.height_mm / 2])
    turn = np.radians(feed.skew_deg)
    linear = (
        np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.diag(feed.scale) * unit
    )
    offset = (middle + np.array(feed.shift_mm)) * unit - linear @ middle
    matrix = np.vstack([np.column_stack([linear, offset]), [0, 0, 1]])
    from_sheet = (matrix @ np.diag([1 / PX, 1 / PX, 1]))[:2]
    source = cv2.GaussianBlur(sheet.pixels, (0, 0), 0.25 + 0.25 * PX / unit) if unit < PX else sheet.pixels
    lid = (feed.lid,) * 3
    pixels = cv2.warpAffine(source, from_sheet, (width, height), flags=cv2.INTER_LINEAR, borderValue=lid)
    return np.asarray(pixels, np.uint8), matrix


def _fed(rng: np.random.Generator, dpi: int) -> ScannerFeed:
    """A page as a document feeder draws it in: slightly skewed, shifted and scaled."""
    scale = 1 + rng.normal(0, 0.003)
    return ScannerFeed(
        dpi=dpi,
        skew_deg=float(np.clip(rng.normal(0, 0.6), -2.5, 2.5)),
        scale=(scale, scale * (1 + rng.normal(0, 0.002))),
        shift_mm=(float(rng.normal(0, 1.2)), float(rng.normal(0, 1.5))),
        lid=255 if rng.random() < 0.8 else int(rng.integers(0, 60)),
    )


def _scan(sheet: PaperSheet, feed: ScannerFeed, rng: np.random.Generator, *, colour: bool) -> CapturedPage:
    picture, matrix = on_glass(sheet, feed)
    if not colour:
        picture = optics.grey_of(picture)
    elif rng.random() < 0.6:
        picture = optics.tinted(picture, tuple(rng.uniform(0.94, 1.0, 3)))
    if rng.random() < 0.5:
        picture = optics.lit(picture, optics.clouds(rng, 0.93, 1.0))
    picture = optics.softened(picture, rng.uniform(0.0, 0.8))
    picture = optics.noisy(picture, rng.uniform(1.0, 6.0), rng)
    picture = optics.dusty(picture, int(rng.poisson(2.5)), rng)
    quality = int(rng.integers(70, 95))
    return CapturedPage(optics.compressed(picture, quality), "", feed.dpi, matrix, jpeg=quality)


def _plain(dpi: int, *, colour: bool) -> Callable[[PaperSheet, np.random.Generator], CapturedPage]:
    return lambda sheet, rng: _scan(sheet, _fed(rng, dpi), rng, colour=colour)


# -- black and white -------------------------------------------------------------------------------------


def _otsu(grey: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)


def _fixed(grey: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.threshold(grey, float(rng.uniform(120, 185)), 255, cv2.THRESH_BINARY)[1], np.uint8)


def _adaptive(grey: Image, rng: np.random.Generator) -> Image:
    block = int(rng.integers(12, 30)) * 2 + 1
    return np.asarray(
        cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, 14), np.uint8
    )


def _dithered(grey: Image, rng: np.random.Generator) -> Image:
    stretched = np.clip((grey.astype(np.int16) - 20) * 1.15, 0, 255).astype(np.uint8)
    return np.asarray(Pictures.fromarray(stretched).convert("1"), np.uint8) * 255


def _bitonal(
    binarise: Callable[[Image, np.random.Generator], Image], dpi: int = 200
) -> Callable[..., CapturedPage]:
    def scan(sheet: PaperSheet, rng: np.random.Generator, feed: ScannerFeed | None = None) -> CapturedPage:
        feed = feed or _fed(rng, dpi)
        picture, matrix = on_glass(sheet, feed)
        grey = optics.softened(optics.grey_of(picture), rng.uniform(0.0, 0.5))
        grey = optics.noisy(grey, rng.uniform(1.0, 5.0), rng)
        grey = optics.dusty(grey, int(rng.poisson(8)), rng)
        return CapturedPage(binarise(grey, rng), "", feed.dpi, matrix, bitonal=True)

    return scan


# -- copies, scaled, cropped -------------------------------------------------------------------------------


def _photocopied(sheet: PaperSheet, rng: np.random.Generator) -> PaperSheet:
    """A photocopy of the sheet: grey, high in contrast, specked with toner, dark along an edge."""
    feed = replace(_fed(rng, 300), lid=255)
    picture = on_glass(sheet, feed)[0]
    grey = optics.softened(optics.grey_of(picture), rng.uniform(0.8, 1.5)).astype(np.float32)
    black, white = rng.uniform(15, 60), rng.uniform(205, 240)
    hard = np.clip((grey - black) / (white - black) * 255, 0, 255).astype(np.uint8)
    hard = optics.dusty(hard, int(rng.poisson(60)), rng)
    if rng.random() < 0.5:
        edge = int(rng.integers(5, 40))
        hard[:, :edge] = np.minimum(
            hard[:, :edge], rng.integers(20, 120, (hard.shape[0], edge)).astype(np.uint8)
        )
    copy = sheet.copy()
    rows, columns = copy.pixels.shape[:2]
    copy.pixels = np.asarray(cv2.cvtColor(cv2.resize(hard, (columns, rows)), cv2.COLOR_GRAY2RGB), np.uint8)
    return copy


def _copy(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    second = _photocopied(sheet, rng)
    scan = _bitonal(_otsu) if rng.random() < 0.5 else _plain(200, colour=False)
    return replace(scan(second, rng), matrix=None)


def _scaled(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    scale = float(rng.choice([rng.uniform(0.92, 0.98), rng.uniform(1.005, 1.03)], p=[0.75, 0.25]))
    return _either(sheet, replace(_fed(rng, 200), scale=(scale, scale)), rng)


def _stretched(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    scale = rng.uniform(0.97, 1.01)
    stretch = 1 + rng.choice([-1, 1]) * rng.uniform(0.005, 0.015)
    return _either(sheet, replace(_fed(rng, 200), scale=(scale, scale * stretch)), rng)


def _cropped(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    side = int(rng.integers(4))
    by = float(rng.uniform(4, 10))
    shift = ((-by, 0.0), (by, 0.0), (0.0, -by), (0.0, by))[side]
    return _either(sheet, replace(_fed(rng, 200), shift_mm=shift), rng)


def _either(sheet: PaperSheet, feed: ScannerFeed, rng: np.random.Generator) -> CapturedPage:
    if rng.random() < 0.5:
        return _bitonal(_otsu)(sheet, rng, feed)
    return _scan(sheet, feed, rng, colour=bool(rng.random() < 0.5))


# -- phones and chat programs ------------------------------------------------------------------------------


def _photo(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    picture, matrix = photographed(sheet, rng)
    quality = int(rng.integers(72, 93))
    return CapturedPage(optics.compressed(picture, quality), "", None, matrix, jpeg=quality)


def _chat(
    of: Callable[[PaperSheet, np.random.Generator], CapturedPage],
) -> Callable[[PaperSheet, np.random.Generator], CapturedPage]:
    def send(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
        captured = of(sheet, rng)
        rows, columns = captured.pixels.shape[:2]
        factor = 1280 / max(rows, columns)
        size = (round(columns * factor), round(rows * factor))
        small = np.asarray(cv2.resize(captured.pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
        quality = int(rng.integers(60, 76))
        matrix = None if captured.matrix is None else np.diag([factor, factor, 1]) @ captured.matrix
        return CapturedPage(optics.compressed(small, quality), "", None, matrix, jpeg=quality)

    return send


def _one_mark(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    """A plain scan of a page of which one page mark is destroyed; ``sheet.marks_whole`` is counted down."""
    boxes = mark_boxes(sheet)
    if sheet.marks_whole == len(boxes) == 2:
        destroy_mark(sheet, boxes[int(rng.integers(2))], rng)
    return _plain(200, colour=bool(rng.random() < 0.6))(sheet, rng)


CaptureFunction = Callable[[PaperSheet, np.random.Generator], CapturedPage]

#: Per tier, every way of making a picture: its name, its weight, and the function.
LOOKS: dict[Tier, dict[str, tuple[float, CaptureFunction]]] = {
    "A": {
        "colour-200": (5, _plain(200, colour=True)),
        "colour-300": (1.5, _plain(300, colour=True)),
        "grey-200": (2.5, _plain(200, colour=False)),
        "grey-300": (1, _plain(300, colour=False)),
    },
    "B": {
        "bw-otsu": (3, _bitonal(_otsu)),
        "bw-fixed": (2, _bitonal(_fixed)),
        "bw-adaptive": (1, _bitonal(_adaptive)),
        "bw-dither": (1, _bitonal(_dithered)),
        "bw-300": (1, _bitonal(_otsu, 300)),
        "copy": (2, _copy),
        "scaled": (1.5, _scaled),
        "stretched": (1, _stretched),
        "cropped": (1.5, _cropped),
    },
    "C": {"photo": (1, _photo)},
    "D": {
        "chat-photo": (2, _chat(_photo)),
        "chat-scan": (1, _chat(_plain(200, colour=True))),
        "one-mark": (1.5, _one_mark),
    },
}
