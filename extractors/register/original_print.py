"""The print of an original as registration looks at it: ink, and where its edges run, level by level.

Made once per page and kept: many returned pages, and every try for one page, are compared with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from extractors.model import Float32Array, Image, OriginalPage
from extractors.register.shading import ink
from extractors.resizing import in_cells

CELL = 32  # px of the level: 11 mm at 75 dpi, one or two lines of text


@dataclass(frozen=True, slots=True, eq=False)
class PrintLevel:
    """The original's ink, ``scale`` times smaller than ``WORK_DPI``; its gradients along x and y, and what its cells
    sum up to.
    """

    scale: int
    ink: Image
    soft: Float32Array
    along_x: Float32Array
    along_y: Float32Array
    cells: PrintCells


@dataclass(frozen=True, slots=True, eq=False)
class PrintCells:
    """Means over cells of ``CELL`` px of what is the original's alone. ``near``: 1 close to print, as a picture.

    ``full``: share close to print; ``first``, ``second``: darkness there and its square; ``xx``, ``xy``, ``yy``:
    products of the gradients; ``by_x``, ``by_y``: gradient times darkness.
    """

    near: Float32Array
    full: Float32Array
    first: Float32Array
    second: Float32Array
    xx: Float32Array
    xy: Float32Array
    yy: Float32Array
    by_x: Float32Array
    by_y: Float32Array


@lru_cache(maxsize=4)  # two pages; the finer level of one takes 11 MB
def level_of(original: OriginalPage, scale: int) -> PrintLevel:
    """One level of an original's print; ``scale`` 2 is 75 dpi, 4 is 37.5 dpi."""
    small = shrunk(ink(original.grey), scale)
    soft = softened(small)
    along_x = np.asarray(cv2.Scharr(soft, cv2.CV_32F, 1, 0, scale=1 / 32), np.float32)
    along_y = np.asarray(cv2.Scharr(soft, cv2.CV_32F, 0, 1, scale=1 / 32), np.float32)
    return PrintLevel(scale, small, soft, along_x, along_y, _cells_of(soft, along_x, along_y))


def _cells_of(soft: Float32Array, along_x: Float32Array, along_y: Float32Array) -> PrintCells:
    near = (cv2.dilate(soft, np.ones((5, 5), np.uint8)) > 20).astype(np.float32)
    return PrintCells(
        near=near,
        full=cells(near),
        first=cells(soft * near),
        second=cells(soft * soft),
        xx=cells(along_x * along_x),
        xy=cells(along_x * along_y),
        yy=cells(along_y * along_y),
        by_x=cells(along_x * soft),
        by_y=cells(along_y * soft),
    )


def cells(picture: Float32Array) -> Float32Array:
    """Means over cells; what is left over at the right and the bottom is white margin."""
    height, width = (side // CELL for side in picture.shape)
    rows = picture[: height * CELL].reshape(height, CELL, -1).sum(axis=1)  # half the time of cv2.resize
    sums = rows[:, : width * CELL].reshape(height, width, CELL).sum(axis=2)
    return np.asarray(sums / CELL**2, np.float32)


def shrunk(picture: Image, scale: int) -> Image:
    """``scale`` times smaller, by area; pixel (0, 0) of the result covers whole pixels of the picture."""
    return np.asarray(in_cells(picture, scale), np.uint8)


def softened(small: Image) -> Float32Array:
    """Slightly blurred, as floats: so that a shift of a stroke's width still pulls the right way."""
    return np.asarray(cv2.GaussianBlur(small.astype(np.float32), (0, 0), 1.0), np.float32)
