"""What the network looks at: the crop of a field in six layers, at a fixed scale and size.

Layers, each 0..1 with 0 for white paper: darkness, redness, blueness, the darkness of the blank original at the same
place, what is darker than print there can be, and where the field lies. A field larger than the crop is looked at
where most was added to it.
"""

from __future__ import annotations

from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Image, RegisteredPage
from forms.definition import FieldKind
from forms.geometry import Box

Layers = NDArray[np.float32]
CropSize = Literal["signature", "entry"]

#: Scale of a crop in px to the mm: a pen's line is some 2 px wide.
CROP_PX_PER_MM = 4
#: Sizes of crops, width and height in mm: of signature fields, of all others. Multiples of 4 mm, a cell of the network.
SIZES_MM: dict[CropSize, tuple[int, int]] = {"signature": (64, 48), "entry": (48, 16)}
LAYERS = 6
_ADDED, _FAINT, _LEAST_PX = (
    4,
    0.16,
    5,
)  # added ink: its layer, its least level, how many pixels are seen at all
_SHADING = 40  # levels of 255 that uneven light may leave
_TOLERANCE_PX = 3  # print that lies so far off its place is not taken for added ink when the crop is placed


def crop_size(kind: FieldKind) -> CropSize:
    """The size of crop for a kind of field."""
    return "signature" if kind is FieldKind.SIGNATURE else "entry"


def crop_of(page: RegisteredPage, field: Box, size: CropSize) -> Layers:
    """The layers of a field's crop, shape (6, height, width)."""
    width, height = SIZES_MM[size]
    left, top = _corner(page, field, width, height)
    window = Box(left, top, left + width, top + height)
    rgb = _cut(page.rgb, window, (255, 255, 255))
    red, green, blue = (rgb[..., channel].astype(np.float32) for channel in range(3))
    none = np.zeros_like(red)
    dark, printed = (
        cv2.bitwise_not(_cut(picture, window, 255)) for picture in (page.grey, page.original.grey)
    )
    stacked = np.stack(
        [
            dark,
            np.maximum(red - np.maximum(green, blue), 0) if page.colour else none,
            np.maximum(blue - np.maximum(red, green), 0) if page.colour else none,
            printed,
            added_ink(np.asarray(dark, np.uint8), np.asarray(printed, np.uint8)),
            _field_layer(window, field),
        ]
    )
    return np.asarray(stacked / 255, np.float32)


def added_ink(dark: Image, printed: Image) -> Image:
    """What is darker than print there can be, if it lies up to a pixel off; both at the crops' scale."""
    return np.asarray(cv2.subtract(dark, cv2.dilate(printed, np.ones((3, 3), np.uint8))), np.uint8)


def has_ink(layers: Layers) -> bool:
    """Whether a few pixels in the field of a crop are darker than print there can be; else nothing is seen."""
    inside = layers[_ADDED][layers[-1] > 0.5]
    return bool(np.count_nonzero(inside > _FAINT) >= _LEAST_PX)


def _corner(page: RegisteredPage, field: Box, width: float, height: float) -> tuple[float, float]:
    """The top left of the crop, mm: the field's middle in its middle, or the fullest part of a larger field."""
    x, y = field.centre[0] - width / 2, field.centre[1] - height / 2
    if field.width <= width and field.height <= height:
        return x, y
    added = _added(page, field)
    across, down = (max(1, round(side * PX_PER_MM)) for side in (width, height))
    rows, columns = added.shape
    sums = cv2.boxFilter(
        added,
        cv2.CV_32F,
        (min(across, columns), min(down, rows)),
        normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )
    row, column = np.unravel_index(int(sums.argmax()), sums.shape)
    if field.width > width:
        at = float(column) / PX_PER_MM - width / 2
        x = field.x0 + min(max(at, 0.0), field.width - width)
    if field.height > height:
        at = float(row) / PX_PER_MM - height / 2
        y = field.y0 + min(max(at, 0.0), field.height - height)
    return x, y


def _added(page: RegisteredPage, field: Box) -> Image:
    """How much darker than its original a field is, print widened by the usual misfit, shading left out."""
    rows, columns = (
        slice(max(0, round(low * PX_PER_MM)), max(1, round(high * PX_PER_MM)))
        for low, high in ((field.y0, field.y1), (field.x0, field.x1))
    )
    print_ = cv2.dilate(
        cv2.bitwise_not(page.original.grey[rows, columns]), np.ones((_TOLERANCE_PX,) * 2, np.uint8)
    )
    added = cv2.subtract(cv2.bitwise_not(page.grey[rows, columns]), print_)
    return np.asarray(cv2.subtract(added, _SHADING), np.uint8)  # type: ignore[call-overload]


def _cut(picture: Image, window: Box, paper: int | tuple[int, int, int]) -> Image:
    """A window of the page at the crops' scale; paper where the page ends."""
    ratio = PX_PER_MM / CROP_PX_PER_MM
    width, height = round(window.width * CROP_PX_PER_MM), round(window.height * CROP_PX_PER_MM)
    # Pixel centres on pixel centres; the picture is softened first, so that thin lines do not fall between.
    matrix = np.array(
        [
            [ratio, 0, window.x0 * PX_PER_MM + (ratio - 1) / 2],
            [0, ratio, window.y0 * PX_PER_MM + (ratio - 1) / 2],
        ]
    )
    rows = slice(max(0, int(window.y0 * PX_PER_MM) - 4), max(1, int(window.y1 * PX_PER_MM) + 5))
    columns = slice(max(0, int(window.x0 * PX_PER_MM) - 4), max(1, int(window.x1 * PX_PER_MM) + 5))
    part = picture[rows, columns]
    if not part.size:
        return np.full((height, width, *picture.shape[2:]), 255, np.uint8)
    soft = cv2.GaussianBlur(part, (0, 0), 0.6)
    matrix[:, 2] -= (columns.start, rows.start)
    border = paper if isinstance(paper, tuple) else (paper,)
    warped = cv2.warpAffine(
        soft, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderValue=border
    )
    return np.asarray(warped, np.uint8)


def _field_layer(window: Box, field: Box) -> Layers:
    """255 where the field lies, soft at its edge."""
    width, height = round(window.width * CROP_PX_PER_MM), round(window.height * CROP_PX_PER_MM)
    x = (np.arange(width, dtype=np.float32) + 0.5) / CROP_PX_PER_MM + window.x0
    y = (np.arange(height, dtype=np.float32) + 0.5) / CROP_PX_PER_MM + window.y0
    across = np.clip(np.minimum(x - field.x0, field.x1 - x) * CROP_PX_PER_MM + 0.5, 0, 1)
    down = np.clip(np.minimum(y - field.y0, field.y1 - y) * CROP_PX_PER_MM + 0.5, 0, 1)
    return np.asarray(np.outer(down, across) * 255, np.float32)
