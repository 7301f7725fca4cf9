"""A code's corners to a fraction of a pixel: the code as it was printed, laid over the picture until it fits.

A reader gives whole pixels, and the corner without a finder pattern may be off by a module. Since the text is
known, the whole printed code is known: all its edges vote, damaged ones are outvoted.
"""

from __future__ import annotations

import cv2
import numpy as np

from extractors.identify.codes import modules_of
from extractors.model import Image, Points
from extractors.thresholds import IdentifyThresholds

_CELL_PX = 4  # of the template, per module
_QUIET_MODULES = 2
_EVERYWHERE = np.empty((0, 0), np.uint8)  # an empty mask
_STEPS = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 30, 1e-4)


def refined(grey: Image, text: str, corners: Points, limits: IdentifyThresholds) -> Points | None:
    """Corners of the code's outline, (4, 2), sub-pixel; None where the printed code does not fit there."""
    template, outline = _template(text)
    patch, scale, offset = _patch(grey, corners)
    if patch.size == 0:
        return None
    guess = cv2.getPerspectiveTransform(
        outline.astype(np.float32), ((corners - offset) * scale).astype(np.float32)
    )
    try:
        fit, matrix = cv2.findTransformECC(
            template, patch, guess.astype(np.float32), cv2.MOTION_HOMOGRAPHY, _STEPS, _EVERYWHERE, 3
        )
    except cv2.error:
        return None
    if fit < limits.code_fit_min:
        return None
    moved = cv2.perspectiveTransform(outline[None], matrix.astype(np.float64))[0]
    return np.asarray(moved / scale + offset, dtype=np.float64)


def is_mirrored(grey: Image, text: str, corners: Points) -> bool:
    """Whether the picture shows the code in a mirror: a reader decodes that too, and swaps two corners."""
    printed = modules_of(text)
    side = printed.shape[0]
    middle = np.array([(-0.5, -0.5), (side - 0.5, -0.5), (side - 0.5, side - 0.5), (-0.5, side - 0.5)])
    matrix = cv2.getPerspectiveTransform(middle.astype(np.float32), corners.astype(np.float32))
    lies = cv2.warpPerspective(grey, matrix, (side, side), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    straight, swapped = (np.abs(lies.astype(np.int16) - shape).sum() for shape in (printed, printed.T))
    return bool(swapped < straight)


def _template(text: str) -> tuple[Image, Points]:
    """The printed code with a quiet zone, blurred as a scan is; and its outline's corners in template px."""
    modules = np.pad(modules_of(text), _QUIET_MODULES, constant_values=255)
    drawn = np.kron(modules, np.ones((_CELL_PX, _CELL_PX), np.uint8))
    low = _QUIET_MODULES * _CELL_PX - 0.5
    high = drawn.shape[0] - _QUIET_MODULES * _CELL_PX - 0.5
    outline = np.array([(low, low), (high, low), (high, high), (low, high)], dtype=np.float64)
    return np.asarray(cv2.GaussianBlur(drawn, (0, 0), 1.0), dtype=np.uint8), outline


def _patch(grey: Image, corners: Points) -> tuple[Image, float, Points]:
    """The picture round a code at about the template's scale; the scale, and where its first pixel lies."""
    side = float(np.mean(np.linalg.norm(corners - np.roll(corners, -1, axis=0), axis=1)))
    margin = side * 4 / 21
    height, width = grey.shape
    x0, y0 = np.maximum(np.floor(corners.min(axis=0) - margin), 0).astype(int)
    x1, y1 = np.ceil(corners.max(axis=0) + margin).astype(int)
    patch = grey[y0 : min(y1, height), x0 : min(x1, width)]
    scale = 21 * _CELL_PX / max(side, 1.0)
    if patch.size and scale < 1:
        patch = np.asarray(
            cv2.resize(patch, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
        )
        # Pixel centres stand at whole numbers before and after.
        shift = (1 - scale) / 2
        return patch, scale, np.array([x0 + shift / scale, y0 + shift / scale], dtype=np.float64)
    return patch, 1.0, np.array([x0, y0], dtype=np.float64)
