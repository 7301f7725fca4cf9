"""One returned page brought into the frame of its original, or refused.

A wrong registration would be worse than none: every field would be read at a wrong place. So the map is
believed only when the page's print, compared with the original's cell by cell, agrees; marks alone are not
enough, since a mark may have been pasted or photographed alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from extractors.model import (
    WORK_DPI,
    Float32Array,
    Image,
    Mask,
    OriginalPage,
    Raster,
    RegisteredPage,
    Sighting,
)
from extractors.register.aligning import Aligner, Alignment
from extractors.register.features import from_features
from extractors.register.guesses import from_marks, from_sheet, sheet_scale
from extractors.register.shading import CleanedRaster, clean, ink
from extractors.register.warp import FloatArray, Warp
from extractors.resizing import made_smaller
from extractors.thresholds import RegisterThresholds

#: Raster px per work px above which the raster is made smaller first, which also cleans it.
_DENSE = 1.5
_KEPT_DENSITY = 1.25
#: Below this the picture has less than a fifth of the resolution that is worked with: nothing can be read.
_SPARSE = 0.2


def register(
    raster: Raster, sighting: Sighting, original: OriginalPage, thresholds: RegisterThresholds
) -> RegisteredPage | None:
    """Bring a page into its original's frame; None where that cannot be done beyond doubt.

    ``raster``: as it lies in its file, any turn; ``sighting``: its marks (corners in the raster's px) or, when
    identified by print, its turn. A None means that a person must look.
    """
    scale = sheet_scale(sighting, raster.pixels.shape, original)
    if scale < _SPARSE:
        return None
    pixels, shrink = _reduced(raster.pixels, scale)
    cleaned = clean(pixels, raster.bitonal, thresholds)
    moved = _moved(sighting, shrink)
    aligned = _best(cleaned, moved, original, thresholds)
    return None if aligned is None else _page(cleaned, aligned, original, shrink)


def _reduced(pixels: Image, scale: float) -> tuple[Image, float]:
    """A dense raster made smaller: the picture, and by how much."""
    if scale <= _DENSE:
        return pixels, 1.0
    height, width = (max(1, round(side * _KEPT_DENSITY / scale)) for side in pixels.shape[:2])
    return made_smaller(pixels, width, height), width / pixels.shape[1]


def _moved(sighting: Sighting, shrink: float) -> Sighting:
    """The marks in the reduced raster's px."""
    codes = tuple(replace(code, corners=(code.corners + 0.5) * shrink - 0.5) for code in sighting.codes)
    return replace(sighting, codes=codes)


def _best(
    cleaned: CleanedRaster, sighting: Sighting, original: OriginalPage, thresholds: RegisterThresholds
) -> Alignment | None:
    """The first guess that convinces; else the best that will do; else None."""
    raster_ink = ink(cleaned.grey)
    aligner = Aligner(original, raster_ink, cleaned.hidden, thresholds)
    best: Alignment | None = None
    for guess in _guesses(raster_ink, sighting, original, thresholds):
        aligned = aligner.align(guess)
        if aligned is None or not _believable(aligned, original, thresholds):
            continue
        settled = best is not None and _same(best.warp, aligned.warp)
        if best is None or aligned.score > best.score:
            best = aligned
        if settled:
            break  # two ways to one map: no third one will find another
        if best.score >= thresholds.sure_score and best.residual_mm <= thresholds.sure_residual_mm:
            break
    return best


def _same(one: Warp, other: Warp) -> bool:
    """Whether two maps put a page's corners and middle within a pixel of each other."""
    height, width = one.shape
    points = np.array([[0, 0], [width, 0], [width, height], [0, height], [width / 2, height / 2]], np.float64)
    return bool(np.abs(one.apply(points) - other.apply(points)).max() < 1.0)


def _guesses(
    raster_ink: Image, sighting: Sighting, original: OriginalPage, thresholds: RegisterThresholds
) -> Iterator[FloatArray]:
    """Cheap ones first; the slow one is made only when it is asked for."""
    yield from from_marks(sighting, original, thresholds.affine_rms_mm)
    featured = from_features(original, raster_ink, thresholds.feature_tolerance_px)
    if featured is not None:
        yield featured
    yield from_sheet(sighting, raster_ink.shape, original)


def _believable(aligned: Alignment, original: OriginalPage, thresholds: RegisterThresholds) -> bool:
    """Whether print agrees, and the map is one that paper and a lens can make."""
    if aligned.score < thresholds.score or aligned.share < thresholds.agreeing_share:
        return False
    return _like_paper(aligned.warp, thresholds)


def _like_paper(warp: Warp, thresholds: RegisterThresholds) -> bool:
    """Not mirrored, not folded, no side more foreshortened than a slanted photograph makes it."""
    height, width = warp.shape
    corners = warp.apply(np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64))
    after = np.roll(corners, -1, axis=0) - corners
    turning = after[:, 0] * np.roll(after[:, 1], -1) - after[:, 1] * np.roll(after[:, 0], -1)
    if not np.all(turning > 0):
        return False
    sides = np.linalg.norm(after, axis=1) / np.array([width, height, width, height])
    return bool(sides.max() / sides.min() <= thresholds.foreshortening)


def _page(
    cleaned: CleanedRaster, aligned: Alignment, original: OriginalPage, shrink: float
) -> RegisteredPage:
    x, y = aligned.warp.maps()
    rgb = _mapped(cleaned.rgb, x, y)
    grey = rgb if rgb.ndim == 2 else cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    rgb = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_GRAY2RGB), np.uint8) if rgb.ndim == 2 else rgb
    return RegisteredPage(
        original=original,
        rgb=rgb,
        grey=np.asarray(grey, np.uint8),
        seen=_seen(cleaned.hidden, x, y),
        colour=cleaned.colour,
        bitonal=cleaned.bitonal,
        dpi=aligned.warp.density() / shrink * WORK_DPI,
        residual_mm=aligned.residual_mm,
        score=aligned.score,
    )


def _mapped(pixels: Image, x: Float32Array, y: Float32Array) -> Image:
    """A picture brought into the page's frame; white where it does not reach."""
    if pixels.ndim == 2:
        return np.asarray(cv2.remap(pixels, x, y, cv2.INTER_LINEAR, borderValue=255), np.uint8)
    # Four channels are mapped in less than half the time of three.
    four = cv2.cvtColor(pixels, cv2.COLOR_RGB2RGBA)
    mapped = cv2.remap(four, x, y, cv2.INTER_LINEAR, borderValue=(255, 255, 255, 255))
    return np.asarray(cv2.cvtColor(mapped, cv2.COLOR_RGBA2RGB), np.uint8)


def _seen(hidden: Mask, x: Float32Array, y: Float32Array) -> Mask:
    """Where the raster reaches and shows paper."""
    height, width = hidden.shape
    if not hidden.any():
        if min(x.min(), y.min()) >= -0.5 and x.max() <= width - 0.5 and y.max() <= height - 0.5:
            return np.ones(x.shape, np.bool_)
        inside = cv2.bitwise_and(cv2.inRange(x, -0.5, width - 0.5), cv2.inRange(y, -0.5, height - 0.5))
        return np.asarray(inside > 0)
    shown = (~hidden).astype(np.uint8)
    return np.asarray(cv2.remap(shown, x, y, cv2.INTER_NEAREST, borderValue=0) > 0)
