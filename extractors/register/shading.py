"""Light taken out of a picture of paper: shadow, uneven lamps, yellow bulbs, grey recycled paper.

Paper is what is lightest nearby; dividing by it leaves paper white and ink dark, whatever the light was. All
frames here are the raster's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from extractors.model import Image, Mask
from extractors.resizing import in_cells
from extractors.thresholds import RegisterThresholds

_CELL = 8  # px: light changes slowly, so paper is looked for in a picture this many times smaller
_SATURATED = 251


@dataclass(frozen=True, slots=True, eq=False)
class CleanedRaster:
    """A raster without its light. ``rgb`` (grey too for a raster without colour), ``grey``: white paper
    near 255. ``hidden``: cells of ``_CELL`` px
    (as a full-size mask) where no paper can be made out: black, or burnt out without any texture.
    """

    rgb: Image
    grey: Image
    hidden: Mask
    colour: bool
    bitonal: bool


def clean(pixels: Image, bitonal: bool, thresholds: RegisterThresholds) -> CleanedRaster:
    """Divide a raster, shape (h, w) or (h, w, 3), by its paper. ``bitonal``: it came in black and white."""
    raw = pixels if pixels.ndim == 3 else None
    small = _small(pixels)
    paper = _paper(small)
    rgb = _divided(pixels, paper)
    if raw is None:
        grey, level, luma = rgb, paper, pixels
    else:
        grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
        level, luma = paper.max(axis=2), np.asarray(cv2.cvtColor(raw, cv2.COLOR_RGB2GRAY), np.uint8)
        small = _small(luma)
    return CleanedRaster(
        rgb=rgb,
        grey=grey,
        hidden=_hidden(small, level, luma.shape, bitonal, thresholds),
        colour=raw is not None and _has_colour(raw, thresholds),
        bitonal=bitonal,
    )


def ink(grey: Image) -> Image:
    """Darkness: 0 for white paper, 255 for black; paper's own grain cut away."""
    return np.asarray(cv2.subtract(240, grey), np.uint8)  # type: ignore[call-overload]


def _small(pixels: Image) -> Image:
    return np.asarray(in_cells(pixels, _CELL), np.uint8)


def _paper(small: Image) -> Image:
    """The paper's level in each cell, per channel: the lightest nearby, smoothed."""
    lightest = cv2.dilate(small, np.ones((5, 5), np.uint8))
    smooth = cv2.medianBlur(lightest, 5)
    return np.maximum(np.asarray(cv2.GaussianBlur(smooth, (0, 0), 1.5), np.uint8), 1)


def _divided(pixels: Image, paper: Image) -> Image:
    height, width = pixels.shape[:2]
    full = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(pixels, full, scale=255), np.uint8)


def _hidden(
    small: Image, level: Image, shape: tuple[int, ...], bitonal: bool, thresholds: RegisterThresholds
) -> Mask:
    """Where there is no paper to be seen, as a mask of that shape: much darker than the sheet, or burnt out in a sheet
    that is not; in black and white also what is dotted all over. ``small``, ``level``: of each cell, the picture and
    its paper.
    """
    sheet = float(np.median(level))
    dark = level < sheet * thresholds.dark_ratio
    texture = cv2.subtract(
        cv2.dilate(small, np.ones((3, 3), np.uint8)), cv2.erode(small, np.ones((3, 3), np.uint8))
    )
    burnt = (small >= _SATURATED) & (texture <= 2) & (sheet < thresholds.glare_sheet_level)
    burnt = np.asarray(
        cv2.morphologyEx(burnt.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    )
    if bitonal:
        dark |= _dotted(level < sheet * thresholds.dotted_ratio)
    hidden = dark | burnt
    if not hidden.any():
        return np.zeros(shape, np.bool_)
    full = cv2.resize(hidden.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(full > 0)


def _dotted(dim: Mask) -> Mask:
    """Of cells without white paper nearby those that belong to a patch of a centimetre and more: a slip of coloured
    paper or a shadow that a black-and-white scan turned into dots. Nobody can tell them from writing.
    """
    patch = np.ones((5, 5), np.uint8)
    opened = cv2.morphologyEx(dim.astype(np.uint8), cv2.MORPH_OPEN, patch)
    return np.asarray(cv2.dilate(opened, patch) > 0)  # as far as "nearby" reaches, the patch itself goes on


def _has_colour(rgb: Image, thresholds: RegisterThresholds) -> bool:
    red, green, blue = cv2.split(np.ascontiguousarray(rgb[::4, ::4]))
    most, least = cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue)
    spread = cv2.subtract(most, least)
    return bool(np.mean(spread > thresholds.colour_spread) > thresholds.colour_share)
