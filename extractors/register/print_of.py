"""The print of an original as registration looks at it: ink, and where its edges run, level by level.

Made once per page and kept: many returned pages, and every try for one page, are held against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import Image, OriginalPage
from extractors.register.shading import ink

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The original's ink, ``scale`` times smaller than ``WORK_DPI``; its gradients along x and y."""

    scale: int
    ink: Image
    soft: Floats
    along_x: Floats
    along_y: Floats


@lru_cache(maxsize=24)
def level_of(original: OriginalPage, scale: int) -> Level:
    """One level of an original's print; ``scale`` 2 is 75 dpi, 4 is 37.5 dpi."""
    small = shrunk(ink(original.grey), scale)
    soft = softened(small)
    return Level(
        scale,
        small,
        soft,
        np.asarray(cv2.Scharr(soft, cv2.CV_32F, 1, 0, scale=1 / 32), np.float32),
        np.asarray(cv2.Scharr(soft, cv2.CV_32F, 0, 1, scale=1 / 32), np.float32),
    )


def shrunk(picture: Image, scale: int) -> Image:
    """``scale`` times smaller, by area; pixel (0, 0) of the result covers whole pixels of the picture."""
    height, width = picture.shape[0] // scale * scale, picture.shape[1] // scale * scale
    size = (width // scale, height // scale)
    whole = picture[:height, :width]
    return np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), np.uint8)


def softened(small: Image) -> Floats:
    """Slightly blurred, as floats: so that a shift of a stroke's width still pulls the right way."""
    return np.asarray(cv2.GaussianBlur(small.astype(np.float32), (0, 0), 1.0), np.float32)
