"""How far the warped raster's print lies from the original's, place by place.

Two measures. *Found*: each block of print is searched for within some mm (normalised correlation); robust,
coarse, for a first guess. *Drift*: the gradient's answer to what is left (Lucas and Kanade); a fraction of a
pixel, for refinement. Both come with the structure tensor of the original's print there, so that a ruled line
counts only across its direction, and an empty place not at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from extractors.model import Image
from extractors.register.original_print import CELL, PrintLevel, cells, softened
from extractors.register.warp import FloatArray, project


@dataclass(frozen=True, slots=True, eq=False)
class PrintOffsets:
    """Per place: ``at`` in px of the original at ``WORK_DPI``, ``move`` likewise (the print is that much
    further than it should be), ``tensor`` (n, 2, 2) between 0 and 1: how much the move says in each direction;
    ``agreement`` -1..1: how well the print there correlates; ``mass``: how much print there is.
    """

    at: FloatArray
    move: FloatArray
    tensor: FloatArray
    agreement: FloatArray
    mass: FloatArray

    def since(self, change: FloatArray) -> PrintOffsets:
        """As they would be found after the flat part of the map changed: ``change`` takes px of the frame they were
        found in into px of the new one.
        """
        return replace(self, move=project(change, self.at + self.move) - self.at)


def find(level: PrintLevel, warped: Image, block: int, reach: int) -> PrintOffsets:
    """Search each block (``block`` px of the level) within ``reach`` px of the level."""
    blocks = _blocks(level, block)
    # As floats: of bytes OpenCV makes some for each block anew, which takes half as long again.
    ink, seen = level.ink.astype(np.float32), warped.astype(np.float32)
    padded = cv2.copyMakeBorder(seen, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    side = block + 2 * reach
    peaks = [
        _peak(
            cv2.matchTemplate(
                padded[top : top + side, left : left + side],
                ink[top : top + block, left : left + block],
                cv2.TM_CCOEFF_NORMED,
            )
        )
        for left, top in blocks.corners
    ]
    table = np.array(peaks, np.float64).reshape(-1, 3)
    agreement = table[:, 2]
    sure = np.clip(agreement, 0, 1) ** 2
    corners = np.array(blocks.corners, np.float64).reshape(-1, 2)
    return PrintOffsets(
        at=(corners + block / 2) * level.scale - 0.5,
        move=(table[:, :2] - reach) * level.scale,
        tensor=blocks.tensor / np.maximum(blocks.strength, 1e-6)[:, None, None] * sure[:, None, None],
        agreement=agreement,
        mass=blocks.strength,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Blocks:
    """The blocks of a level that hold print: left and top in px of it, structure tensors, their larger eigenvalues."""

    corners: tuple[tuple[int, int], ...]
    tensor: FloatArray
    strength: FloatArray


@lru_cache(maxsize=4)
def _blocks(level: PrintLevel, block: int) -> _Blocks:
    height, width = level.ink.shape
    step = block * 3 // 4
    inked = cv2.integral((level.ink > 60).astype(np.uint8))
    tops, lefts = _starts(height, block, step), _starts(width, block, step)
    upper, lower = inked[tops], inked[np.minimum(tops + block, height)]
    ends = np.minimum(lefts + block, width)
    counts = lower[:, ends] - lower[:, lefts] - upper[:, ends] + upper[:, lefts]
    corners = tuple((int(lefts[at]), int(tops[row])) for row, at in np.argwhere(counts >= block))
    values = [_tensor(level, top, left, block) for left, top in corners]
    tensor = np.array(values, np.float64).reshape(-1, 3)[:, [0, 1, 1, 2]].reshape(-1, 2, 2)
    strength = np.linalg.eigvalsh(tensor)[:, 1] if len(tensor) else np.zeros(0)
    return _Blocks(corners, tensor, strength)


def _starts(length: int, block: int, step: int) -> NDArray[np.int64]:
    count = max(1, -(-(length - block) // step) + 1)
    return np.linspace(0, max(0, length - block), count).astype(np.int64)


def _tensor(level: PrintLevel, top: int, left: int, block: int) -> tuple[float, float, float]:
    gx = level.along_x[top : top + block, left : left + block]
    gy = level.along_y[top : top + block, left : left + block]
    size = 1 / block**2
    return float(np.vdot(gx, gx)) * size, float(np.vdot(gx, gy)) * size, float(np.vdot(gy, gy)) * size


def _peak(surface: MatLike) -> tuple[float, float, float]:
    """The highest point of a correlation surface, between pixels by a parabola."""
    _, peak, _, (x, y) = cv2.minMaxLoc(surface)
    height, width = surface.shape
    at = surface.item
    dx = _vertex(at(y, x - 1), peak, at(y, x + 1)) if 0 < x < width - 1 else 0.0
    dy = _vertex(at(y - 1, x), peak, at(y + 1, x)) if 0 < y < height - 1 else 0.0
    return x + dx, y + dy, peak if isfinite(peak) else 0.0


def _vertex(before: float, peak: float, after: float) -> float:
    bend = before - 2 * peak + after
    return min(max((before - after) / (2 * bend), -0.5), 0.5) if bend < -1e-9 else 0.0


def drift(level: PrintLevel, warped: Image) -> PrintOffsets:
    """What is left of the misfit, by the gradient, per cell; good for misfits within some 2 px of the level."""
    held = level.cells
    seen = softened(warped) * held.near
    sp, ss, s = cells(seen * level.soft), cells(seen * seen), cells(seen)
    n, p, pp = held.full, held.first, held.second
    gain = np.clip(sp / np.maximum(pp, 1e-6), 0.1, 10)
    xx, xy, yy = held.xx, held.xy, held.yy
    pull_x = cells(level.along_x * seen) / gain - held.by_x
    pull_y = cells(level.along_y * seen) / gain - held.by_y
    tensor = np.stack([xx, xy, xy, yy], axis=-1).reshape(*xx.shape, 2, 2)
    strength = np.maximum(np.linalg.eigvalsh(tensor)[..., 1], 0)
    floor = np.maximum(strength * 0.02, 1e-6)[..., None, None] * np.eye(2)
    pull = np.stack([pull_x, pull_y], axis=-1)[..., None]
    move = -np.linalg.solve(tensor + floor, pull)[..., 0]
    full = np.maximum(n, 1e-6)
    spread = np.sqrt(np.maximum(pp - p * p / full, 1e-6) * np.maximum(ss - s * s / full, 1e-6))
    agreement = np.where(ss - s * s / full > 1e-3, (sp - s * p / full) / spread, 0.0)
    some = strength > max(float(strength.max()) * 0.002, 1e-3)
    rows, columns = np.nonzero(some)
    at = (np.stack([columns, rows], axis=-1) + 0.5) * CELL * level.scale - 0.5
    strong = strength[some]
    said = (
        np.clip(agreement[some], 0, 1) ** 2 * np.minimum(1, strong / np.median(strong))
        if len(strong)
        else strong
    )
    return PrintOffsets(
        at=at.astype(np.float64),
        move=move[some].astype(np.float64) * level.scale,
        tensor=(tensor[some] / strong[:, None, None] * said[:, None, None]).astype(np.float64),
        agreement=agreement[some].astype(np.float64),
        mass=strong.astype(np.float64),
    )
