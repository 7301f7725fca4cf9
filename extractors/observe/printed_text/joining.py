"""Which pieces of added ink belong together: neighbours do, across print too; but not along a frame line.

A stamp over text comes in pieces, since nothing is added where print is. Frame lines that a scan made thicker are
added ink as well, all around a table: joined along them, a word that is written across a line would belong to the
whole table's frame, which is as large as a stamp.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import PX_PER_MM, Image
from extractors.thresholds import PrintedThresholds

Bytes = NDArray[np.uint8]
REACH = 3  # px to every side: neighbours
_ACROSS = 6  # px: on both sides of a frame line
SOME_INK = 40  # levels of 255: from here on the original is print


def join(ink: Bytes, beside_rules: Image, limits: PrintedThresholds) -> Bytes:
    """The ink grown until what belongs together touches. ``beside_rules``: 255 on and beside long straight print."""
    joined = _dilated(ink, REACH)
    if not _has_frame(joined, limits):
        return joined
    free = np.where(beside_rules > 0, np.uint8(0), ink)
    return np.asarray(_dilated(free, REACH) | (_dilated(free, _ACROSS) & beside_rules), np.uint8)


def _has_frame(joined: Bytes, limits: PrintedThresholds) -> bool:
    """Whether anything is larger than a stamp with a signature across it."""
    # By outer contours: labels would be given to all the paper, at four times the cost.
    outer, _ = cv2.findContours(joined[::2, ::2].copy(), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return any(2 * max(cv2.boundingRect(one)[2:]) > limits.stamp_most_mm * PX_PER_MM for one in outer)


def _dilated(picture: Bytes, reach: int) -> Bytes:
    return np.asarray(cv2.dilate(picture, np.ones((2 * reach + 1,) * 2, np.uint8)), np.uint8)
