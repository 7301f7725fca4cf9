"""Pictures of a field for people: cut from the returned page as it was seen, with some margin, as PNG."""

from __future__ import annotations

import cv2

from extractors.layers.pictures import pixels_of
from extractors.model import RegisteredPage
from forms.geometry import Box

#: Quick and as small: paper is runs of one colour.
_PNG = (
    *(cv2.IMWRITE_PNG_COMPRESSION, 1),
    *(cv2.IMWRITE_PNG_STRATEGY, cv2.IMWRITE_PNG_STRATEGY_RLE),
    *(cv2.IMWRITE_PNG_FILTER, cv2.IMWRITE_PNG_FILTER_NONE),
)


def crop(page: RegisteredPage, box: Box, margin_mm: float = 4.0) -> bytes | None:
    """The box (mm) with a margin, as PNG bytes; None where it lies wholly off the page."""
    around = box.all_round(margin_mm)
    picture = page.rgb[pixels_of(around)]
    if not picture.size:
        return None
    bgr = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.ndim == 3 and page.colour else _grey(picture)
    done, data = cv2.imencode(".png", bgr, _PNG)
    return bytes(data) if done else None


def _grey(picture: cv2.typing.MatLike) -> cv2.typing.MatLike:
    return picture if picture.ndim == 2 else picture[:, :, 0]
