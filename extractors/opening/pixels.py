"""How large a page's raster is made, whether it has colour, and when a resolution can be believed."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.model import Image, Raster
from extractors.opening.two_levels import has_two_levels
from extractors.resizing import made_smaller
from extractors.thresholds import OpeningThresholds

_A4_ASPECT = 297 / 210
#: A scan of a sheet has the sheet's proportions, give or take a feeder's crop; a camera's are 4:3 or 16:9.
_ASPECT_TOLERANCE = 0.04
#: Sides of sheets an office feeds, in mm: A6 to A3, with what a scanner adds round them.
_SHORT_MM = (95.0, 330.0)
_LONG_MM = (130.0, 470.0)
_DPI = (50.0, 1300.0)
_BAND = 64  # px


def pixels_wanted(width: float, height: float, limits: OpeningThresholds) -> int:
    """How many pixels a page of this shape is given: a sheet's shape 200 dpi, any other the room of a photograph."""
    aspect = max(width, height) / min(width, height)
    is_sheet = abs(aspect / _A4_ASPECT - 1) <= _ASPECT_TOLERANCE
    return limits.scan_pixels if is_sheet else limits.photo_pixels


def whole_raster(pixels: Image, dpi: float | None, limits: OpeningThresholds) -> Raster:
    """A picture that nothing was done to yet as a raster, made smaller if it is larger than needed."""
    bitonal = has_two_levels(pixels, limits.between_levels)
    height, width = pixels.shape[:2]
    smaller, scale = shrunk(pixels, pixels_wanted(width, height, limits))
    return Raster(np.ascontiguousarray(smaller), dpi * scale if dpi else None, bitonal)


def is_page_shape(width: float, height: float, limits: OpeningThresholds) -> bool:
    """Whether both sides are there and neither is absurdly long beside the other."""
    short, long = sorted((width, height))
    return short > 0 and long < float("inf") and long <= short * limits.aspect_max


def shrunk(pixels: Image, wanted: int) -> tuple[Image, float]:
    """The picture with not (much) more pixels than wanted, never enlarged; and its new size over its old."""
    height, width = pixels.shape[:2]
    # A tenth more is not worth blurring what the scanner gave.
    if height * width <= wanted * 1.1:
        return pixels, 1.0
    scale = float((wanted / (height * width)) ** 0.5)
    smaller = made_smaller(pixels, max(1, round(width * scale)), max(1, round(height * scale)))
    return smaller, scale


def rgb_or_grey(bgr: Image) -> Image:
    """A picture as both drawing and decoding give it, blue first: as RGB, or grey where nothing has colour."""
    pixels = without_idle_colour(bgr)
    return pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def without_idle_colour(pixels: Image) -> Image:
    """The grey channel alone if all three are the same in every pixel, else the picture as it is."""
    # A sparse look first: it settles nearly every page that has colour.
    if pixels.ndim == 2 or not _is_grey(pixels[::16, ::16]) or not _is_grey(pixels):
        return pixels
    return np.asarray(cv2.extractChannel(pixels, 0), np.uint8)


def _is_grey(pixels: Image) -> bool:
    # Band by band: each stays in the processor's cache while its channels are taken out.
    bands = (np.ascontiguousarray(pixels[top : top + _BAND]) for top in range(0, len(pixels), _BAND))
    return all(
        np.array_equal(cv2.extractChannel(band, 0), cv2.extractChannel(band, other))
        for band in bands
        for other in (1, 2)
    )


def believable_dpi(dpi: float, width_px: float, height_px: float) -> float | None:
    """A resolution if it makes the picture a sheet that an office feeds, else None (a camera's 72)."""
    if not _DPI[0] <= dpi <= _DPI[1]:
        return None
    short, long = sorted((width_px / dpi * 25.4, height_px / dpi * 25.4))
    return dpi if _SHORT_MM[0] <= short <= _SHORT_MM[1] and _LONG_MM[0] <= long <= _LONG_MM[1] else None
