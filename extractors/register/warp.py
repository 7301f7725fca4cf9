"""Where each point of the original lies in the raster: a homography, and a smooth displacement before it.

``raster = H(p + u(p))``, p in px of the original at ``WORK_DPI``. H holds what a flat sheet does (scale,
skew, perspective); u, a cubic spline over a coarse net, what paper and machines do besides (curl, stretch,
uneven feed).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]

#: Output nodes are computed this many px apart and joined by lines: a power of two, exact for OpenCV's weights.
STEP = 16
#: Distance of the spline's nodes in px: 34 mm; finer unevenness is left to those who compare line by line.
NODE = 200.0


def basis(at: FloatArray, count: int) -> FloatArray:
    """Uniform cubic B-spline weights, shape (len(at), count), at positions given in nodes."""
    distance = np.abs(at[:, None] - (np.arange(count)[None, :] - 1))
    near = 2 / 3 - distance**2 + distance**3 / 2
    far = np.clip(2 - distance, 0, None) ** 3 / 6
    return np.where(distance < 1, near, np.where(distance < 2, far, 0.0))


def nodes(length_px: int) -> int:
    """How many spline nodes a side of so many px takes, one beyond each end included."""
    return int(np.ceil(length_px / NODE)) + 3


@dataclass(frozen=True, slots=True, eq=False)
class Warp:
    """The map from the original (``shape``: height, width in px) into the raster. ``net``: the spline's
    coefficients in px, shape (rows, columns, 2).
    """

    shape: tuple[int, int]
    homography: FloatArray
    net: FloatArray

    @classmethod
    def flat(cls, shape: tuple[int, int], homography: FloatArray) -> Warp:
        """A flat sheet."""
        net = np.zeros((nodes(shape[0]), nodes(shape[1]), 2))
        return cls(shape, homography / homography[2, 2], net)

    def bent(self, change: FloatArray) -> Warp:
        """With the displacement changed by a net of coefficients."""
        return replace(self, net=self.net + change)

    def apply(self, points: FloatArray) -> FloatArray:
        """Original px → raster px, shape (n, 2)."""
        rows, columns = self.net.shape[:2]
        weights_y, weights_x = (
            basis(points[:, 1] / NODE, rows),
            basis(points[:, 0] / NODE, columns),
        )
        moved = points + np.einsum("pr,rck,pc->pk", weights_y, self.net, weights_x, optimize=True)
        return project(self.homography, moved)

    def maps(self, scale: int = 1, raster_scale: int = 1) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """For ``cv2.remap``: the raster's x and y for every px of the original ``scale`` times smaller; into
        a raster ``raster_scale`` times smaller.
        """
        height, width = (side // scale for side in self.shape)
        xs = self._centres(width // STEP + 2, scale)
        ys = self._centres(height // STEP + 2, scale)
        rows, columns = self.net.shape[:2]
        weights_y, weights_x = basis(ys / NODE, rows), basis(xs / NODE, columns)
        grid = np.stack(np.meshgrid(xs, ys), axis=-1)
        for axis in (0, 1):
            grid[..., axis] += weights_y @ self.net[..., axis] @ weights_x.T
        points = project(self.homography, grid.reshape(-1, 2)).reshape(grid.shape)
        coarse = ((points + 0.5) / raster_scale - 0.5).astype(np.float32)
        size = (len(xs) * STEP, len(ys) * STEP)
        half = STEP // 2
        x, y = (
            cv2.resize(coarse[..., axis], size, interpolation=cv2.INTER_LINEAR)[half:, half:][:height, :width]
            for axis in (0, 1)
        )
        return np.asarray(x, np.float32), np.asarray(y, np.float32)

    @staticmethod
    def _centres(count: int, scale: int) -> FloatArray:
        """Full-size positions of the middles of ``STEP`` px, half a step before the first pixel to begin with, of a
        picture ``scale`` times smaller: between them, enlarging by ``STEP`` draws straight lines.
        """
        return np.arange(count) * STEP * scale - 0.5

    def density(self) -> float:
        """Raster px per original px at the middle of the page."""
        middle = np.array([[self.shape[1] / 2, self.shape[0] / 2]])
        corners = self.apply(middle + np.array([[0, 0], [40, 0], [0, 40]])) / 40
        (ax, ay), (bx, by) = corners[1] - corners[0], corners[2] - corners[0]
        return float(np.sqrt(abs(ax * by - ay * bx)))


def project(homography: FloatArray, points: FloatArray) -> FloatArray:
    """Points (n, 2) through a homography; behind the camera counts as far away."""
    moved = points @ homography[:, :2].T + homography[:, 2]
    depth = np.where(moved[:, 2:] > 1e-9, moved[:, 2:], 1e-9)
    return np.asarray(np.clip(moved[:, :2] / depth, -1e6, 1e6))
