"""QR codes in a picture: the one place of reading back that knows zxing-cpp."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import zxingcpp

from extractors.model import Image, Points

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LOCAL, _GLOBAL = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram


@dataclass(frozen=True, slots=True, eq=False)
class FoundCode:
    """A code that was decoded: its text and its corners (4, 2) in the order of its print, good to a few px."""

    text: str
    corners: Points


def read_codes(
    grey: Image, *, whole_histogram: bool = False, thorough: bool = False
) -> tuple[FoundCode, ...]:
    """All QR codes that decode, at any turn, dark on light; mirrored ones too, which the caller must find out.

    :param whole_histogram: one threshold for the picture instead of local ones.
    :param thorough: also on reduced copies of the picture, and along diagonals.
    """
    found = zxingcpp.read_barcodes(
        grey,
        formats=_QR,
        try_rotate=thorough,
        try_downscale=thorough,
        try_invert=False,
        binarizer=_GLOBAL if whole_histogram else _LOCAL,
    )
    return tuple(FoundCode(item.text, _corners(item.position)) for item in found if item.valid)


@lru_cache(maxsize=256)
def modules_of(text: str) -> Image:
    """The code that issuing draws for a text: one pixel a module, 0 dark, 255 light, no quiet zone."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
    drawn = np.asarray(code.to_image(scale=1, add_quiet_zones=False), dtype=np.uint8)
    drawn.flags.writeable = False
    return drawn


def _corners(position: zxingcpp.Position) -> Points:
    points = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return np.array([(point.x, point.y) for point in points], dtype=np.float64)
