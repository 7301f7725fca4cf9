"""What all layers have in common: pictures as bytes, round structuring elements, pixels of a box on paper."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Image, Mask, RegisteredPage
from forms.geometry import Box


def as_image(picture: NDArray[np.generic]) -> Image:
    """The picture as the type pictures have here."""
    return np.asarray(picture, dtype=np.uint8)


def as_bytes(mask: Mask) -> Image:
    """A mask as 0 and 1, without a copy."""
    return mask.view(np.uint8)


def disc(radius: int) -> Image:
    """A round structuring element."""
    return as_image(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))


def pixels_of(box: Box) -> tuple[slice, slice]:
    """Rows and columns of a box on paper, in px of a registered page; not below 0, may reach beyond its end."""
    left, top, right, bottom = (
        max(0, round(value * PX_PER_MM)) for value in (box.x0, box.y0, box.x1, box.y1)
    )
    return slice(top, max(top, bottom)), slice(left, max(left, right))


def seen_share(page: RegisteredPage, box: Box) -> float:
    """How much of a box on paper can be made out, 0..1; what lies off the page cannot."""
    rows, columns = pixels_of(box)
    whole = (rows.stop - rows.start) * (columns.stop - columns.start)
    return float(page.seen[rows, columns].sum() / whole) if whole else 0.0
