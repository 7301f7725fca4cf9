"""Pictures made smaller without losing what lies between the pixels that are kept."""

from __future__ import annotations

import cv2
import numpy as np
from cv2.typing import MatLike

from extractors.model import Image

#: From this share of a side on, means of neighbours skip no pixel, as they do not from 300 to 200 dpi. Means over areas
#: skip none at any, but take eight times as long over parts of pixels.
_NONE_SKIPPED = 0.6


def made_smaller(pixels: Image, width: int, height: int) -> Image:
    """A picture, grey or in colour, in so many px: at most as many as it has."""
    share = min(width / pixels.shape[1], height / pixels.shape[0])
    how = cv2.INTER_LINEAR if share >= _NONE_SKIPPED else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), np.uint8)


def in_cells(picture: MatLike, side: int) -> MatLike:
    """Means over cells of so many px to a side. Whole cells only, what is left over at the right and the bottom is left
    out: over parts of pixels they take several times as long.
    """
    rows, columns = (max(1, length // side) for length in picture.shape[:2])
    whole = picture[: rows * side, : columns * side]
    return cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
