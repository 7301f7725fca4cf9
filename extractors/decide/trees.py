"""Boosted trees, evaluated with numpy: how probable it is that a place holds what it may hold, from its evidence.

A model is a set of small trees whose values add up to the logarithm of odds. It was fitted by ``python -m bench.fitting
decisions`` with monotone constraints (more ink never makes a place emptier) and calibrated on pages of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from extractors.model import Float64Array

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class BoostedTrees:
    """``features``: names of the numbers it asks for. Per tree and node, shape (trees, nodes): ``feature``, by its
    place among the names; ``limit``: up to which the way goes to node ``left``, else to ``right``; a leaf leads to
    itself;
    ``value``: what the node adds, of an inner one the mean of its leaves. ``slope``, ``offset``: of the calibration.
    """

    features: tuple[str, ...]
    feature: Whole
    limit: Float64Array
    left: Whole
    right: Whole
    value: Float64Array
    depth: int
    slope: float
    offset: float

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> BoostedTrees:
        """The model that is stored under a prefix in a file's arrays."""
        whole = (np.asarray(arrays[prefix + name], np.int64) for name in ("feature", "left", "right"))
        feature, left, right = whole
        depth, slope, offset = (float(value) for value in np.asarray(arrays[prefix + "scale"], np.float64))
        return cls(
            features=tuple(str(name) for name in arrays[prefix + "features"]),
            feature=feature,
            limit=np.asarray(arrays[prefix + "limit"], np.float64),
            left=left,
            right=right,
            value=np.asarray(arrays[prefix + "value"], np.float64),
            depth=int(depth),
            slope=slope,
            offset=offset,
        )

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """The same, to be stored."""
        return {
            prefix + "features": np.array(self.features),
            prefix + "feature": self.feature.astype(np.int8),
            prefix + "left": self.left.astype(np.int8),
            prefix + "right": self.right.astype(np.int8),
            prefix + "limit": self.limit.astype(np.float32),
            prefix + "value": self.value.astype(np.float32),
            prefix + "scale": np.array([self.depth, self.slope, self.offset]),
        }

    def probabilities(self, rows: Float64Array) -> Float64Array:
        """Of rows of numbers in the order of :attr:`features`, shape (n, features): calibrated probabilities."""
        score = self.slope * self.raw(rows) + self.offset
        result: Float64Array = 1 / (1 + np.exp(-score))
        return result

    def raw(self, rows: Float64Array) -> Float64Array:
        """Uncalibrated logarithms of odds."""
        path = self._nodes(rows)
        trees = np.arange(len(self.feature))[:, None]
        result: Float64Array = self.value[trees, path[-1]].sum(axis=0)
        return result

    def weights(self, row: Float64Array) -> Float64Array:
        """How much each number of one row moved the decision, as logarithms of odds: below 0 towards blank.

        Along each tree's path, what a step changes is credited to the number it asked for.
        """
        path = [nodes[:, 0] for nodes in self._nodes(row[None])]
        trees = np.arange(len(self.feature))
        moved = np.zeros(len(self.features))
        for before, after in itertools.pairwise(path):
            change = self.value[trees, after] - self.value[trees, before]
            np.add.at(moved, self.feature[trees, before], change)
        return moved

    def _nodes(self, rows: Float64Array) -> list[Whole]:
        """The nodes that rows come to, step by step, each of shape (trees, rows)."""
        trees, each = np.arange(len(self.feature))[:, None], np.arange(len(rows))[None]
        at = np.zeros((len(self.feature), len(rows)), np.int64)
        path = [at]
        for _ in range(self.depth):
            goes_left = rows[each, self.feature[trees, at]] <= self.limit[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
            path.append(at)
        return path
