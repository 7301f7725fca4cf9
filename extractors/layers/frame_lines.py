"""Frame lines and rules (框线): long straight ink, level or upright."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from cv2.typing import MatLike

from extractors.model import PX_PER_MM, Image


def rules_in(ink: Image, least_mm: float) -> Image:
    """What of ink (0 elsewhere) runs on level or upright for so long: frame lines and rules."""
    run = round(least_mm * PX_PER_MM)
    return _bytes(cv2.bitwise_or(_runs_in(ink, 0, run), _runs_in(ink, 1, run)))


def _runs_in(ink: Image, axis: int, run: int) -> Image:
    """What stays of ink opened by a line of so many px down (axis 0) or across (axis 1). Where the page ends, ink may
    go on.

    By doubling: a line of 32 px is two of 16 side by side. OpenCV's own opening looks at each pixel of it.
    """
    before, after = run // 2, run - 1 - run // 2
    eroded = _along(cv2.min, _bordered(ink, axis, before, after, 255), axis, run)
    return _along(cv2.max, _bordered(eroded, axis, after, before, 0), axis, run)


def _along(of_two: Callable[[Image, Image], MatLike], picture: Image, axis: int, run: int) -> Image:
    """The least or the most of so many px in a row, for each row of them that fits in."""
    have = 1
    while have < run:
        step = min(have, run - have)
        end = picture.shape[axis] - step
        one, other = (picture[:end], picture[step:]) if axis == 0 else (picture[:, :end], picture[:, step:])
        picture = _bytes(of_two(one, other))
        have += step
    return picture


def _bordered(picture: Image, axis: int, before: int, after: int, value: int) -> Image:
    sides = (before, after, 0, 0) if axis == 0 else (0, 0, before, after)
    return _bytes(cv2.copyMakeBorder(picture, *sides, cv2.BORDER_CONSTANT, value=value))


def _bytes(picture: MatLike) -> Image:
    return np.asarray(picture, np.uint8)
