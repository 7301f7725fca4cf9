"""Where the print in a window of a registered page stands: a pixel or a few off the original's, or just on it.

Correlation as OpenCV's normalised one, at a handful of places. Print is sparse, and only where there is some do the
products count; over all of it, a large window takes four times as long.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import Image
from extractors.thresholds import InkThresholds

_PRINT = 120  # darkness from which a pixel surely is print


def offset(dark: Image, printed: Image, pad: int, limits: InkThresholds) -> tuple[int, int]:
    """By how many px (x, y) a window's print stands off the original's; (0, 0) where that cannot be measured.

    ``printed``: the original's darkness within the window, ``pad`` px smaller on each side; so far it is sought.
    """
    if min(printed.shape) < 8 or int((printed > _PRINT).sum()) < limits.realign_pixels:
        return 0, 0
    scores = _correlation(dark, printed)
    y, x = divmod(int(np.argmax(scores)), scores.shape[1])
    best = float(scores[y, x])
    if best < limits.realign_score or best - float(scores[pad, pad]) < limits.realign_gain:
        return 0, 0
    return x - pad, y - pad


def _correlation(room: Image, pattern: Image) -> NDArray[np.float64]:
    """The correlation of a pattern with what is in a room, -1..1, wherever it fits in; 0 over one level only."""
    height, width = pattern.shape
    down, across = room.shape[0] - height + 1, room.shape[1] - width + 1
    inked = np.flatnonzero(pattern != 0)
    rows, columns = np.divmod(inked, width)
    values = pattern.ravel().take(inked).astype(np.float32)
    at = rows * room.shape[1] + columns + np.arange(across)[:, None]
    flat = room.ravel()
    both = np.stack([flat.take(at + row * room.shape[1]).astype(np.float32) @ values for row in range(down)])
    sums, squares = (_over_windows(table, height, width) for table in cv2.integral2(room))
    mean = float(values.sum(dtype=np.float64)) / pattern.size
    own = float(np.square(values, dtype=np.float64).sum()) - mean * mean * pattern.size
    spread = np.sqrt(np.maximum(own * (squares - sums * sums / pattern.size), 0.0))
    return np.where(spread > 0, (both - mean * sums) / np.maximum(spread, 1e-9), 0.0)


def _over_windows(table: NDArray[np.generic], height: int, width: int) -> NDArray[np.float64]:
    """Sums over all windows of a size, of a table of sums from the left upper corner on."""
    whole = table.astype(np.float64)
    return (
        whole[height:, width:] - whole[:-height, width:] - whole[height:, :-width] + whole[:-height, :-width]
    )
