"""Machines beside those of :mod:`simulator.scanning`: feeders that streak, 300 dpi black and white, fax, screens.

A look's name is its family. Held-out looks are chosen per tier, so that every tier has both sides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from simulator.paper.sheets import PX, PaperSheet
from simulator.real_ink.families import Side, of_side
from simulator.real_ink.library import InkLibrary
from simulator.scanning import optics
from simulator.scanning.captures import LOOKS, CapturedPage, ScannerFeed, on_glass
from simulator.scanning.photo import photographed
from simulator.truth import Image, Tier

Scanner = Callable[[PaperSheet, np.random.Generator], CapturedPage]


def scanners(library: InkLibrary, tier: Tier) -> dict[str, tuple[float, Scanner]]:
    """Every way of making a picture in a tier: its weight, and how."""
    return {**LOOKS[tier], **_OWN[tier](library)}


def pick_scanner(library: InkLibrary, tier: Tier, side: Side, rng: np.random.Generator) -> str:
    """The name of one scanner of that side, the commoner ones more often."""
    pool = scanners(library, tier)
    names = of_side(pool, side)
    weights = np.array([pool[name][0] for name in names])
    return str(rng.choice(names, p=weights / weights.sum()))


def scanned(
    sheet: PaperSheet, library: InkLibrary, tier: Tier, name: str, rng: np.random.Generator
) -> CapturedPage:
    """A picture of a sheet by that scanner."""
    return replace(scanners(library, tier)[name][1](sheet, rng), look=name)


def _fed(rng: np.random.Generator, dpi: int) -> ScannerFeed:
    """Paper as a feeder draws it in, wider ranges than :mod:`simulator.scanning` has."""
    scale = 1 + rng.normal(0, 0.005)
    return ScannerFeed(
        dpi=dpi,
        skew_deg=float(np.clip(rng.normal(0, 0.9), -3, 3)),
        scale=(scale, scale * (1 + rng.normal(0, 0.003))),
        shift_mm=(float(rng.normal(0, 1.5)), float(rng.normal(0, 2.0))),
        lid=int(rng.choice([255, 240, 20, 60])),
    )


# -- feeders' streaks, faded and glossy scans --------------------------------------------------------------


def _streaks(picture: Image, rng: np.random.Generator) -> Image:
    """Dirt on a feeder's glass draws lines down the whole page: dark, coloured, or white through the ink."""
    out = picture.astype(np.float32)
    columns = picture.shape[1]
    for _ in range(int(rng.integers(1, 7))):
        at, wide = int(rng.integers(columns)), int(rng.integers(1, 5))
        depth = rng.uniform(0.05, 0.6)
        strip = out[:, at : at + wide]
        if rng.random() < 0.3:
            strip += (255 - strip) * depth
        elif picture.ndim == 3:
            strip *= 1 - depth * rng.uniform(0.2, 1.0, 3)
        else:
            strip *= 1 - depth
    return out.astype(np.uint8)


def _wide(dpi: int, *, colour: bool, streaked: bool = False, faded: bool = False) -> Scanner:
    def scan(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
        feed = _fed(rng, dpi)
        picture, matrix = on_glass(sheet, feed)
        picture = picture if colour else optics.grey_of(picture)
        if colour:
            picture = optics.tinted(picture, tuple(rng.uniform(0.88, 1.0, 3)))
        if faded:  # washed out: exposure that swallows the lightest tenth and greys the darkest
            low, gain = rng.uniform(20, 80), rng.uniform(1.05, 1.25)
            picture = np.clip(low + picture.astype(np.float32) * (255 - low) / 255 * gain, 0, 255).astype(
                np.uint8
            )
        picture = optics.lit(picture, optics.clouds(rng, rng.uniform(0.82, 0.95), 1.0))
        picture = optics.softened(picture, rng.uniform(0.0, 1.2))
        picture = _streaks(picture, rng) if streaked else picture
        picture = optics.noisy(picture, rng.uniform(0.5, 9.0), rng)
        quality = int(rng.integers(45, 95))
        return CapturedPage(optics.compressed(picture, quality), "", dpi, matrix, jpeg=quality)

    return scan


# -- black and white ---------------------------------------------------------------------------------------


def _bitonal(
    dpi: int, how: Callable[[Image, np.random.Generator], Image], *, streaked: bool = False
) -> Scanner:
    def scan(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
        feed = _fed(rng, dpi)
        picture, matrix = on_glass(sheet, feed)
        grey = optics.softened(optics.grey_of(picture), rng.uniform(0.0, 0.9))
        grey = _streaks(grey, rng) if streaked else grey
        grey = optics.noisy(grey, rng.uniform(1.0, 9.0), rng)
        return CapturedPage(how(grey, rng), "", feed.dpi, matrix, bitonal=True)

    return scan


def _fixed(grey: Image, rng: np.random.Generator) -> Image:
    return np.asarray(cv2.threshold(grey, float(rng.uniform(120, 215)), 255, cv2.THRESH_BINARY)[1], np.uint8)


def _adaptive(grey: Image, rng: np.random.Generator) -> Image:
    block = int(rng.integers(10, 60)) * 2 + 1
    how = cv2.ADAPTIVE_THRESH_GAUSSIAN_C if rng.random() < 0.5 else cv2.ADAPTIVE_THRESH_MEAN_C
    black = cv2.adaptiveThreshold(grey, 255, how, cv2.THRESH_BINARY, block, float(rng.uniform(6, 22)))
    return np.asarray(black, np.uint8)


def _fax(rows_per_inch: int) -> Scanner:
    """A fax, 204 dots to the inch across and 98 or 196 down; shown with its rows doubled, as fax programs do."""

    def send(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
        feed = _fed(rng, 204)
        picture, matrix = on_glass(sheet, feed)
        grey = optics.softened(optics.grey_of(picture), rng.uniform(0.3, 0.9))
        grey = optics.noisy(grey, rng.uniform(2.0, 8.0), rng)
        rows, columns = grey.shape
        lines = round(rows * rows_per_inch / 204)
        sent = np.asarray(cv2.resize(grey, (columns, lines), interpolation=cv2.INTER_AREA), np.uint8)
        black = _fixed(sent, rng) if rng.random() < 0.6 else _adaptive(sent, rng)
        if rng.random() < 0.4:  # lines lost on the way
            lost = rng.integers(0, black.shape[0] - 2, int(rng.integers(1, 6)))
            black[lost] = black[lost + 1]
        shown = np.repeat(black, 196 // rows_per_inch, axis=0)
        down = shown.shape[0] / rows
        moved = None if matrix is None else np.diag([1.0, down, 1.0]) @ matrix
        return CapturedPage(np.ascontiguousarray(shown), "", None, moved, bitonal=True)

    return send


# -- telephones --------------------------------------------------------------------------------------------


def _shaded(library: InkLibrary) -> Scanner:
    """A telephone's photograph under light as it really fell on some paper."""
    shades = sorted(library.shades)

    def shoot(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
        picture, matrix = photographed(sheet, rng)
        light = library.shades[shades[int(rng.integers(len(shades)))]]
        light = np.rot90(light, int(rng.integers(4)))
        picture = optics.lit(picture, np.ascontiguousarray(np.clip(light ** rng.uniform(0.5, 1.1), 0.2, 1)))
        quality = int(rng.integers(60, 93))
        return CapturedPage(optics.compressed(picture, quality), "", None, matrix, jpeg=quality)

    return shoot


def on_screen(sheet: PaperSheet, rng: np.random.Generator) -> PaperSheet:
    """The page as a screen shows it: lit red, green and blue dots in rows, black not quite black."""
    shown = sheet.copy()
    rows, columns = shown.pixels.shape[:2]
    pitch = rng.uniform(0.16, 0.3) * PX  # px of the sheet to one dot of the screen
    small = cv2.resize(
        shown.pixels, (round(columns / pitch), round(rows / pitch)), interpolation=cv2.INTER_AREA
    )
    big = cv2.resize(small, (columns, rows), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    across = np.arange(columns) / pitch
    deep = rng.uniform(0.15, 0.5)
    for channel in range(3):
        wave = 1 - deep * (0.5 - 0.5 * np.cos(2 * np.pi * (across + channel / 3)))
        big[..., channel] *= wave.astype(np.float32)
    down = 1 - 0.5 * deep * (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(rows) / pitch))
    big *= down.astype(np.float32)[:, None, None]
    black = rng.uniform(10, 45)
    shown.pixels = np.clip(black + big * (255 - black) / 255, 0, 255).astype(np.uint8)
    return shown


def _screen(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
    """A photograph of a screen: moiré where the screen's dots meet the sensor's."""
    picture, matrix = photographed(on_screen(sheet, rng), rng)
    quality = int(rng.integers(65, 93))
    return CapturedPage(optics.compressed(picture, quality), "", None, matrix, jpeg=quality)


def _sent(of: Scanner, side_px: tuple[int, int]) -> Scanner:
    """Through a chat program, made smaller, saved badly."""

    def send(sheet: PaperSheet, rng: np.random.Generator) -> CapturedPage:
        shot = of(sheet, rng)
        rows, columns = shot.pixels.shape[:2]
        factor = min(1.0, rng.integers(*side_px) / max(rows, columns))
        small = cv2.resize(shot.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        quality = int(rng.integers(50, 80))
        matrix = None if shot.matrix is None else np.diag([factor, factor, 1]) @ shot.matrix
        return CapturedPage(
            optics.compressed(np.asarray(small, np.uint8), quality), "", None, matrix, jpeg=quality
        )

    return send


def _tier_a(library: InkLibrary) -> dict[str, tuple[float, Scanner]]:
    return {
        "colour-streaked": (1.5, _wide(200, colour=True, streaked=True)),
        "grey-streaked": (1, _wide(200, colour=False, streaked=True)),
        "colour-faded": (1.5, _wide(200, colour=True, faded=True)),
        "colour-wide-300": (1, _wide(300, colour=True)),
        "grey-wide-240": (1, _wide(240, colour=False)),
    }


def _tier_b(library: InkLibrary) -> dict[str, tuple[float, Scanner]]:
    return {
        "bw-300-fixed": (2, _bitonal(300, _fixed)),
        "bw-300-adaptive": (2, _bitonal(300, _adaptive)),
        "bw-200-streaked": (1, _bitonal(200, _fixed, streaked=True)),
        "fax-fine": (1.5, _fax(196)),
        "fax-standard": (1, _fax(98)),
    }


def _tier_c(library: InkLibrary) -> dict[str, tuple[float, Scanner]]:
    real = {"photo-shaded": (1.0, _shaded(library))} if library.shades else {}
    return {**real, "photo-screen": (0.4, _screen)}


def _tier_d(library: InkLibrary) -> dict[str, tuple[float, Scanner]]:
    real = {"chat-shaded": (1.0, _sent(_shaded(library), (1200, 1700)))} if library.shades else {}
    return {
        **real,
        "chat-screen": (0.5, _sent(_screen, (1500, 2000))),
        "chat-streaked": (1, _sent(_wide(200, colour=True, streaked=True), (1250, 1700))),
    }


_OWN: dict[Tier, Callable[[InkLibrary], dict[str, tuple[float, Scanner]]]] = {
    "A": _tier_a,
    "B": _tier_b,
    "C": _tier_c,
    "D": _tier_d,
}
