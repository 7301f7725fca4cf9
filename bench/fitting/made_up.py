"""Alterations made up within windows of untouched characters: other print of the same page put in, added, taken away.

What is put in was scanned with the page itself, so that its blur, grain and blackness are this scan's: as many altered
characters as are wanted, at hardly any cost. They are for fitting only; figures are counted on pages altered on paper.
"""

from __future__ import annotations

from collections import defaultdict

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.fitting.altering import ALTERATIONS
from bench.fitting.characters import Characters
from extractors.witness.characters import SIDE

_OVERWRITTEN, _STRUCK, _REMOVED, _REPLACED = (
    ALTERATIONS.index(name) for name in ("overwritten", "struck", "removed", "replaced")
)
#: Ink that must have come or gone, of the character's own, for it to count as altered.
_LEAST = 0.12
_NEITHER = 128 / 255
Window = NDArray[np.float32]


class MadeUpAlterations:
    """Alters windows of untouched characters; knows which others stand on the same page in the same size."""

    def __init__(self, seen: Characters) -> None:
        boxes = seen.windows[:, -1] > 0
        wide, high = boxes.any(axis=1).sum(axis=1), boxes.any(axis=2).sum(axis=1)
        self._box = np.column_stack([wide, high])
        self._seen, self._boxes = seen, boxes
        self._untouched = ~seen.labels.any(axis=1) & (seen.change < 60) & (seen.texts != "")
        self._alike: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for index in np.flatnonzero(self._untouched).tolist():
            self._alike[self._key(index)].append(index)

    def alter(self, index: int, window: Window, rng: np.random.Generator) -> int | None:
        """Alter one window in place; the alteration's number, or None where nothing much came of it."""
        if not self._untouched[index]:
            return None
        before = window[1].copy()
        way = rng.random()
        if way < 0.6:
            kind = self._other_print(index, window, rng)
        elif way < 0.8:
            kind = _struck(window, self._boxes[index], bool(self._seen.conditions[index, 2]), rng)
        else:
            kind = _partly_removed(window, self._boxes[index], rng)
        own = max(float(window[0][self._boxes[index]].sum()), 4.0)
        if kind is None or float(np.abs(window[1] - before)[self._boxes[index]].sum()) < _LEAST * own:
            window[1] = before
            return None
        return kind

    def _key(self, index: int) -> tuple[int, int, int]:
        return int(self._seen.page[index]), int(self._box[index, 0]), int(self._box[index, 1]) // 2

    def _other_print(self, index: int, window: Window, rng: np.random.Generator) -> int | None:
        """Another character of the page in place of this one, or over it, wholly or in part."""
        pool = [
            other
            for other in self._alike[self._key(index)]
            if self._seen.texts[other] != self._seen.texts[index]
        ]
        if not pool:
            return None
        other = self._seen.windows[pool[int(rng.integers(len(pool)))], 1].astype(np.float32) / 255
        inside = cv2.dilate(self._boxes[index].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        if rng.random() < 0.4:
            window[1] = np.where(inside, other, window[1])
            return _REPLACED
        part = _half(rng) if rng.random() < 0.6 else np.ones((SIDE, SIDE), np.float32)
        added = other * part * inside * np.float32(rng.uniform(0.6, 1.1))
        _inked(window, added, bool(self._seen.conditions[index, 2]), rng)
        return _OVERWRITTEN


def _half(rng: np.random.Generator) -> Window:
    """One side of a window, its edge soft."""
    angle, at = rng.uniform(0, 2 * np.pi), rng.normal(0, 3)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32) - SIDE / 2
    return np.asarray(np.clip(x * np.cos(angle) + y * np.sin(angle) - at + 0.5, 0, 1), np.float32)


def _inked(window: Window, added: Window, colour: bool, rng: np.random.Generator) -> None:
    """Ink over what is there; of a pen's colour where the scan has colours."""
    fresh = np.maximum(added - window[1], 0)
    window[1] = np.maximum(window[1], added)
    if colour and rng.random() < 0.5:
        tint = rng.uniform(0.1, 0.32) * (-1 if rng.random() < 0.75 else 1)
        window[2] = np.clip(window[2] + tint * np.minimum(fresh * 1.5, 1), 0, 1)


def _struck(window: Window, box: NDArray[np.bool_], colour: bool, rng: np.random.Generator) -> int:
    """A line through the character, level or at a slant, often on beyond it."""
    rows, columns = np.flatnonzero(box.any(axis=1)), np.flatnonzero(box.any(axis=0))
    middle = rng.uniform(0.25, 0.75) * (rows[-1] - rows[0]) + rows[0]
    slope = rng.normal(0, 0.06) if rng.random() < 0.6 else rng.choice([-1, 1]) * rng.uniform(0.5, 2.5)
    left = 0 if rng.random() < 0.6 else columns[0] - rng.integers(0, 3)
    right = SIDE if rng.random() < 0.6 else columns[-1] + rng.integers(1, 4)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    away = np.abs(y - middle - slope * (x - SIDE / 2)) / np.hypot(1, slope)
    line = np.clip(rng.uniform(0.5, 1.4) - away + 0.5, 0, 1) * (x >= left) * (x < right)
    black = float(np.quantile(window[0], 0.97))
    _inked(window, np.asarray(line * max(black, 0.5) * rng.uniform(0.55, 1.05), np.float32), colour, rng)
    return _STRUCK


def _partly_removed(window: Window, box: NDArray[np.bool_], rng: np.random.Generator) -> int:
    """The character's ink gone, or a part of it."""
    inside = cv2.dilate(box.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    part = _half(rng) if rng.random() < 0.5 else np.ones((SIDE, SIDE), np.float32)
    window[1] *= 1 - inside * part * np.float32(rng.uniform(0.75, 1.0))
    return _REMOVED
