"""What the look at print sees: each printed character in a small window, with what stands beside it.

Layers of a window, each 0..1: the print that should be there as this scan would show it; the print that is there,
moved onto it; how red or blue the place is (0.5 neither); ink that people may leave there, as writing that runs over
from a field or a seal; the character's own box.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Float32Array, Image, Mask, RegisteredPage

#: Side of a window in px, and its layers.
SIDE = 32
LAYERS = 5
#: Numbers about the whole page that go with each window.
CONDITIONS = 5
#: What of the surroundings is seen on each side of a character, and the smallest window; mm.
_BESIDE_MM = 1.2
_LEAST_MM = 5.0
_NEITHER = 128
_CELL = 4  # px, side of the squares in which differences are told from noise


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPrint:
    """A registered page's print beside its original's, from the comparison of print. ``printed`` and ``found``: 0 for
    paper, 255 for the page's own black; ``covered``: ink that people may leave there; ``agreement``: of each character,
    its correlation with what was printed.
    """

    printed: Float32Array
    found: Float32Array
    covered: Mask
    agreement: Float32Array


def windows_of(page: RegisteredPage, compared: ComparedPrint) -> NDArray[np.uint8]:
    """The windows of all characters of a page, 0..255, shape (n, layers, side, side)."""
    stack = _stacked(page, compared)
    pad = round((_LEAST_MM + 2 * _BESIDE_MM) * PX_PER_MM)
    border = (0, 0, _NEITHER, 0)
    stack = np.asarray(
        cv2.copyMakeBorder(stack, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=border), np.uint8
    )
    found = np.zeros((len(page.original.glyphs), SIDE, SIDE, LAYERS), np.uint8)
    for window, glyph in zip(found, page.original.glyphs, strict=True):
        box = glyph.box
        side = max(_LEAST_MM, max(box.width, box.height) + 2 * _BESIDE_MM)
        x, y = (round((middle - side / 2) * PX_PER_MM) for middle in box.centre)
        size = round(side * PX_PER_MM)
        part = stack[max(0, y + pad) : y + pad + size, max(0, x + pad) : x + pad + size]
        if part.size:
            window[..., :-1] = cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        half_x, half_y = (SIDE / 2 * length / side for length in (box.width, box.height))
        left, right = round(SIDE / 2 - half_x), round(SIDE / 2 + half_x)
        top, bottom = round(SIDE / 2 - half_y), round(SIDE / 2 + half_y)
        window[top : max(bottom, top + 1), left : max(right, left + 1), -1] = 255
    return np.ascontiguousarray(found.transpose(0, 3, 1, 2))


def change_of(windows: NDArray[np.uint8]) -> Float32Array:
    """How much differs in each window: the greatest mean difference, or colour, of any small square of it."""
    printed, found, tint = (windows[:, layer].astype(np.int16) for layer in range(3))
    most = np.maximum(np.abs(found - printed), 2 * np.abs(tint - _NEITHER))
    cells = most.reshape(len(windows), SIDE // _CELL, _CELL, SIDE // _CELL, _CELL).mean(axis=(2, 4))
    return np.asarray(cells.max(axis=(1, 2), initial=0), np.float32)


def conditions_of(page: RegisteredPage, compared: ComparedPrint) -> Float32Array:
    """How rough a page's print is as a whole: what a single character's roughness must be held against."""
    letters = np.array([glyph.text.isalnum() for glyph in page.original.glyphs], np.bool_)
    usual = 1 - float(np.median(compared.agreement[letters])) if letters.any() else 0.0
    numbers = (5 * usual, page.bitonal, page.colour, min(page.dpi / 300, 1.5), min(page.residual_mm, 2.0))
    return np.array(numbers, np.float32)


def _stacked(page: RegisteredPage, compared: ComparedPrint) -> Image:
    """The four pictures behind each other, shape (height, width, 4)."""
    printed, found = (
        np.clip(picture, 0, 255).astype(np.uint8) for picture in (compared.printed, compared.found)
    )
    covered = compared.covered.astype(np.uint8) * np.uint8(255)
    return np.asarray(cv2.merge((printed, found, _tint(page), covered)), np.uint8)


def _tint(page: RegisteredPage) -> Image:
    """How much redder or bluer than the page's paper each place is, about the middle."""
    if not page.colour:
        return np.full(page.grey.shape, _NEITHER, np.uint8)
    red, blue = (np.ascontiguousarray(page.rgb[..., channel]) for channel in (0, 2))
    paper = float(np.median(red[::16, ::16])) - float(np.median(blue[::16, ::16]))
    return np.asarray(cv2.addWeighted(red, 0.5, blue, -0.5, _NEITHER - paper / 2), np.uint8)
