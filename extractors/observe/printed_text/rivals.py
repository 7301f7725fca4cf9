"""Whether a character looks more like another one than like itself: 3 made 8, 0 made 6, 未 made 末.

Such a change is a small one, and a black-and-white scan roughens every character by as much. But it roughens a
character without turning it into another. So each is compared with its *rivals* as well: the other characters of
its size on the same page, in the same face, as this scan would show them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from extractors.layers.text_lines import rectangles
from extractors.model import Float32Array, Mask, OriginalPage
from extractors.observe.printed_text.print_compare import PrintComparison

_REACH = 2  # px: how far a character put there by somebody else may stand from the place of the first
_TWINS = 0.92  # correlation: l and I, which cannot be distinguished (3 and 8: 0.8)
#: How much two characters may differ in size, of the larger side: digits are all as high, 日 and 国 are not.
_LATIN_NEAR, _HAN_NEAR = 0.08, 0.3
_FLAT = 1e-3  # levels: what is left of one level by rounding
_SQUARE = 0.4  # shorter side by longer: 一 is a line, and any line is like it


@dataclass(frozen=True, slots=True, eq=False)
class Rivalry:
    """Per character: ``times``, how many times less unlike its best rival is than itself (unlikeness: 1 -
    correlation), 0 where nothing was looked at; ``rivals``, how many it was compared with. Below 1 a character is more
    like itself.
    """

    times: Float32Array
    rivals: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class _CharacterKinds:
    """Per character: a number for what it is (-1: neither letter nor digit, or too thin), whether it is Latin, and its
    size in px.
    """

    kind: NDArray[np.int64]
    latin: Mask
    size: NDArray[np.int64]


def rivalry(original: OriginalPage, compared: PrintComparison, which: Mask) -> Rivalry:
    """Compare the characters of ``which`` with their rivals."""
    times, rivals = np.zeros(len(which), np.float32), np.zeros(len(which), np.int64)
    boxes, papers = rectangles(original), _CharacterPatches(compared.printed)
    for index in np.flatnonzero(which):
        others = _rivals_of(original, int(index))
        rivals[index] = len(others)
        if len(others):
            times[index] = _times(boxes[[index, *others]].tolist(), compared, papers)
    return Rivalry(times, rivals)


def is_latin(original: OriginalPage) -> Mask:
    """Which characters are digits or Latin letters."""
    return _kinds(original).latin


def is_line(original: OriginalPage) -> Mask:
    """Which Chinese characters are mere lines, and have no rivals: 一."""
    letters = np.array([glyph.text.isalnum() for glyph in original.glyphs], np.bool_)
    narrow: Mask = letters & (_kinds(original).kind < 0)
    return narrow


@lru_cache(maxsize=2)
def _kinds(original: OriginalPage) -> _CharacterKinds:
    texts = [glyph.text if glyph.text.isalnum() else "" for glyph in original.glyphs]
    numbers = {text: number for number, text in enumerate(dict.fromkeys(filter(None, texts)))}
    boxes = rectangles(original)
    kind = np.array([numbers.get(text, -1) for text in texts], np.int64)
    latin = np.array([bool(text) and text.isascii() for text in texts], np.bool_)
    high, wide = boxes[:, 3] - boxes[:, 1], boxes[:, 2] - boxes[:, 0]
    return _CharacterKinds(
        kind=np.where(latin | (np.minimum(high, wide) >= _SQUARE * np.maximum(high, wide)), kind, -1),
        latin=latin,
        size=np.where(latin, high, np.maximum(high, wide)),
    )


def _rivals_of(original: OriginalPage, index: int) -> NDArray[np.int64]:
    """One character of every other kind that could stand there."""
    kinds = _kinds(original)
    if kinds.kind[index] < 0:
        return np.zeros(0, np.int64)
    latin, size = bool(kinds.latin[index]), int(kinds.size[index])
    near = max(1.0, (_LATIN_NEAR if latin else _HAN_NEAR) * size)
    able = (kinds.kind >= 0) & (kinds.latin == latin) & (np.abs(kinds.size - size) <= near)
    able &= kinds.kind != kinds.kind[index]
    places = np.flatnonzero(able)
    _, first = np.unique(kinds.kind[places], return_index=True)
    return places[first]


class _CharacterPatches:
    """Characters of a page each alone on paper of some size, made once: many stand against the same rivals."""

    def __init__(self, printed: Float32Array) -> None:
        self._printed = printed
        self._made: dict[tuple[int, ...], Float32Array] = {}

    def all(self, size: tuple[int, int], boxes: list[list[int]]) -> Float32Array:
        """Of each box, on paper of that size (rows, columns); shape (boxes, rows, columns)."""
        return np.stack([self._one(size, box) for box in boxes])

    def _one(self, size: tuple[int, int], box: list[int]) -> Float32Array:
        key = (*size, *box)
        if key not in self._made:
            self._made[key] = _set_in(size, self._printed, box)
        return self._made[key]


def _times(boxes: list[list[int]], compared: PrintComparison, papers: _CharacterPatches) -> float:
    """The first box is the character's own, the others' are its rivals'."""
    x0, y0, x1, y1 = boxes[0]
    size = (y1 - y0 + 2, x1 - x0 + 2)
    around = 1 + _REACH
    room = compared.found[max(0, y0 - around) : y1 + around, max(0, x0 - around) : x1 + around]
    if room.shape != (size[0] + 2 * _REACH, size[1] + 2 * _REACH):
        return 0.0
    patterns = papers.all(size, boxes)
    unlike, *theirs = (1 - _agreement(room, patterns)).tolist()
    best = int(np.argmin(theirs))
    if theirs[best] <= unlike and _agreement(patterns[0], patterns[[1 + best]])[0] > _TWINS:
        return 0.0
    return float(unlike / max(theirs[best], 1e-3))


def _set_in(size: tuple[int, int], printed: Float32Array, box: list[int]) -> Float32Array:
    """A character alone on paper of that size (rows, columns), in its middle, a px above its lower edge."""
    x0, y0, x1, y1 = box
    paper = np.zeros(size, np.float32)
    high, wide = min(y1 - y0, size[0] - 1), min(x1 - x0, size[1])
    left, cut = (size[1] - wide) // 2, (x1 - x0 - wide) // 2
    paper[size[0] - 1 - high : size[0] - 1, left : left + wide] = printed[
        y1 - high : y1, x0 + cut : x0 + cut + wide
    ]
    return paper


def _agreement(room: Float32Array, patterns: Float32Array) -> Float32Array:
    """The correlation of each pattern, shape (n, rows, columns), with what is in the room, at its best place there; 0
    where either has one level only.

    All patterns and places in one product: one by one, a page's characters take more than twice as long.
    """
    windows = np.lib.stride_tricks.sliding_window_view(room, patterns.shape[1:])
    one, other = (
        _levelled(windows.reshape(-1, patterns[0].size)),
        _levelled(patterns.reshape(len(patterns), -1)),
    )
    return np.asarray((one @ other.T).max(axis=0), np.float32)


def _levelled(rows: Float32Array) -> Float32Array:
    """Each row less its mean, and of length 1; 0 where it has one level only."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    length = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return np.asarray(rows / np.where(length > _FLAT, length, np.inf), np.float32)
