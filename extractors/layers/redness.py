"""Red ink (印泥): how red each place is, and the page's darkness without it."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import cv2
import numpy as np
from cv2.typing import MatLike

from extractors.layers.pictures import as_image, disc
from extractors.model import Image, Mask
from extractors.resizing import in_cells
from extractors.thresholds import InkThresholds

Channels = Sequence[MatLike]  # red, green, blue
_PAPER = 8  # the paper's own colour is taken at an eighth of the size


def dark_without_red(grey: Image, channels: Channels | None) -> Image:
    """Darkness (0 paper, 255 black), where red ink is as light as its red: what is printed or written under a seal
    comes out again, being black and not red. ``channels``: red, green, blue; None where the scan kept no colour.
    """
    if channels is None:
        return as_image(cv2.bitwise_not(grey))
    red, green, blue = channels
    lifted = cv2.add(red, cv2.subtract(red, cv2.max(green, blue)))
    return as_image(cv2.bitwise_not(cv2.max(grey, lifted)))


def redness(channels: Channels, seen: Mask) -> Image:
    """How much redder than its paper each pixel is, 0..255."""
    red, green, blue = channels
    chroma = cv2.subtract(red, cv2.max(green, blue), dtype=cv2.CV_16S)
    height, width = chroma.shape
    offset = cv2.medianBlur(in_cells(chroma, _PAPER).astype(np.float32), 5)
    offset = cv2.blur(np.minimum(offset, 20), (25, 25))
    paper = cv2.dilate(in_cells(red, _PAPER), disc(6))
    paper = np.maximum(cv2.blur(paper, (15, 15)), 60)
    full = (width, height)
    chroma = cv2.subtract(chroma, cv2.resize(offset, full).astype(np.int16))
    scaled = cv2.divide(np.maximum(chroma, 0).astype(np.uint8), cv2.resize(paper, full), scale=255)
    scaled = as_image(cv2.blur(scaled, (3, 3)))
    scaled[~seen] = 0
    return scaled


def without_remnants(dark: Image, red: Image, floor: float, limits: InkThresholds) -> Image:
    """The darkness without what is left of red ink where its colour was taken away: pale beside red, or plainly red."""
    rest = dark.copy()
    around = cv2.dilate(red, disc(2))
    rest[(around >= ceil(floor)) & (rest < limits.faint)] = 0
    # Black over red is no longer red: what plainly is red is a seal's, however dark.
    rest[red >= limits.plain_red * floor] = 0
    return rest
