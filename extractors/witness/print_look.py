"""A second, learned look at printed characters: whether each was altered, apart from what the comparison's rules say.

A small network sees each character, and ink beside characters, in its window (:mod:`extractors.witness.characters`).
All places of a page that differ at all from what was printed are looked at together; the others are as they were.

A model is one ``.npz``, as :func:`extractors.witness.network.stored` makes it; ``lines``: per label slope and offset of
the line that makes a probability of its score, fitted on documents that the weights were not fitted to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extractors.model import Float32Array, Mask, RegisteredPage
from extractors.witness.characters import (
    ComparedPrint,
    PrintPictures,
    PrintPlaces,
    conditions_of,
    places_of,
    windows_of,
)
from extractors.witness.network import Convolution, arrays_of, convolutions_of, convolve, probabilities

MODEL = Path(__file__).parent / "print_model.npz"
#: What is said of a place: altered at all; then how.
LABELS = ("altered", "overwritten", "struck", "removed", "replaced", "inserted")
_AT_ONCE = 64  # windows whose layers stay in the processor's cache


@dataclass(frozen=True, slots=True, eq=False)
class PrintLook:
    """A fitted network."""

    convolutions: tuple[Convolution, ...]
    hidden: Float32Array
    hidden_bias: Float32Array
    output: Float32Array
    output_bias: Float32Array
    lines: Float32Array

    @classmethod
    def load(cls, file: Path = MODEL) -> PrintLook:
        """The model of a file.

        :raises OSError: there is none.
        """
        arrays = arrays_of(file)
        names = ("hidden", "hidden_bias", "output", "output_bias", "lines")
        return cls(convolutions_of(arrays), *(np.asarray(arrays[name], np.float32) for name in names))

    def look(
        self, page: RegisteredPage, compared: ComparedPrint, open_characters: Mask
    ) -> tuple[PrintPlaces, Float32Array]:
        """Where a page differs at all from what was printed, and how probable each label is of each of these places,
        shape (n, labels), characters first. ``open_characters``: of which nothing is said, as they belong to fields.
        """
        pictures = PrintPictures.of(page, compared)
        places = places_of(page, pictures, open_characters)
        boxes = places.boxes(page)
        if not boxes:
            return places, np.zeros((0, len(LABELS)), np.float32)
        conditions = conditions_of(page, compared.agreement, places)
        return places, self.probabilities(self.scores(windows_of(pictures, boxes), conditions))

    def probabilities(self, scores: Float32Array) -> Float32Array:
        """Calibrated probabilities of scores."""
        slope, offset = self.lines.T
        return probabilities(scores, slope, offset)

    def scores(self, windows: NDArray[np.uint8], conditions: Float32Array) -> Float32Array:
        """The uncalibrated scores of windows, shape (n, layers, side, side); ``conditions``: theirs, (n, numbers)."""
        found = np.empty((len(windows), len(LABELS)), np.float32)
        for start in range(0, len(windows), _AT_ONCE):
            some = slice(start, start + _AT_ONCE)
            seen = windows[some].transpose(1, 0, 2, 3).astype(np.float32) / np.float32(255)
            for convolution in self.convolutions:
                seen = convolve(seen, convolution)
            features = seen.transpose(1, 0, 2, 3).reshape(seen.shape[1], -1)
            features = np.concatenate([features, conditions[some]], axis=1)
            hidden = np.maximum(features @ self.hidden.T + self.hidden_bias, 0)
            found[some] = hidden @ self.output.T + self.output_bias
        return found


@cache
def print_look() -> PrintLook:
    """The model that is shipped."""
    return PrintLook.load()
