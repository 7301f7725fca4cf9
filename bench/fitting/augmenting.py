"""Crops as they might have come too: moved, turned, paler, blurred, noisy, without colour, with more lying there."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.fitting.composing import LABELS
from simulator.real_ink.lookalikes import KINDS

Crop = NDArray[np.uint8]
#: The layers that hold ink of the return; the others are the original's print and where the field lies.
_INK = [0, 1, 2, 4]
_DARK, _ADDED = 0, 4
_FILLING = [index for index, label in enumerate(LABELS) if label not in KINDS]
_NOISE_SIDE = 512


@dataclass(slots=True, eq=False)
class Augmenter:
    """Changes crops at random; seeded by its generator."""

    rng: np.random.Generator
    _noise: NDArray[np.int16] = field(init=False)

    def __post_init__(self) -> None:
        noise = self.rng.normal(0, 256, (_NOISE_SIDE, _NOISE_SIDE))
        self._noise = noise.astype(np.int16)

    def augmented(self, layers: Crop, truth: Crop) -> tuple[Crop, Crop]:
        """A changed copy of crops of one size, (n, 6, height, width), and of their labels, (n, labels and more).

        What fills no place is laid over other crops too: what was there stays there, and the label comes along.
        """
        out, labels = np.stack([self._one(crop) for crop in layers]), truth.copy()
        bare = np.flatnonzero((truth[:, _FILLING] == 0).all(axis=1))
        for index in range(len(out)):
            if len(bare) and self.rng.random() < 0.12:
                other = int(self.rng.choice(bare))
                self._laid_over(out[index], layers[other])
                count = len(LABELS)
                labels[index, :count] = np.maximum(labels[index, :count] == 1, truth[other, :count] == 1) | (
                    labels[index, :count] & 2
                )
        return out, labels

    def _one(self, crop: Crop) -> Crop:
        rng = self.rng
        out = self._moved(crop)
        gain = rng.uniform(0.7, 1.25)
        for layer in _INK:
            cv2.convertScaleAbs(out[layer], out[layer], gain)
        if rng.random() < 0.2:
            sigma = float(rng.uniform(0.4, 1.3))
            for layer in range(len(out) - 1):
                cv2.GaussianBlur(out[layer], (0, 0), sigma, out[layer])
        if rng.random() < 0.2:
            out[1:3] = 0
        if rng.random() < 0.1:  # as a black-and-white scanner would have given it
            level = int(rng.uniform(60, 150))
            out[_DARK], out[_ADDED] = (np.where(out[layer] > level, 255, 0) for layer in (_DARK, _ADDED))
            out[1:3] = 0
        elif rng.random() < 0.5:
            self._noisy(out[_DARK])
        return out

    def _moved(self, crop: Crop) -> Crop:
        """Shifted, turned and scaled as one; the scale is a little different across and down."""
        rng = self.rng
        height, width = crop.shape[1:]
        angle, scale = rng.normal(0, 0.03), rng.uniform(0.85, 1.18)
        stretch = rng.uniform(0.94, 1.06)
        linear = scale * np.array(
            [[np.cos(angle) * stretch, -np.sin(angle)], [np.sin(angle) * stretch, np.cos(angle)]]
        )
        middle = np.array([width / 2, height / 2])
        move = middle - linear @ middle + rng.normal(0, 0.012, 2) * width
        matrix = np.column_stack([linear, move])
        return np.stack([cv2.warpAffine(layer, matrix, (width, height)) for layer in crop]).astype(np.uint8)

    def _noisy(self, layer: Crop) -> None:
        height, width = layer.shape
        top, left = self.rng.integers(0, (_NOISE_SIDE - height, _NOISE_SIDE - width))
        noise = self._noise[top : top + height, left : left + width] * self.rng.uniform(0, 10)
        np.clip(layer + noise / 256, 0, 255, out=layer, casting="unsafe")

    def _laid_over(self, crop: Crop, other: Crop) -> None:
        """Ink of another crop over this one's."""
        np.maximum(crop[_ADDED], other[_ADDED], out=crop[_ADDED])
        np.maximum(crop[_DARK], other[_ADDED], out=crop[_DARK])
        where = other[_ADDED] > 30
        for layer in (1, 2):
            np.maximum(crop[layer], np.where(where, other[layer], 0), out=crop[layer])
