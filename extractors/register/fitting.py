"""From offsets at many places to one change of the map, with places that disagree left out.

Iteratively reweighted least squares with Cauchy's weights: handwriting, a seal or a changed line pulls at its
own place only, and the rest outvotes it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from extractors.register.offsets import PrintOffsets
from extractors.register.warp import NODE, FloatArray, Warp, basis

_LOOSENESS = (6.0, 2.0, 1.0, 1.0)  # of the tolerance, round by round


def fit_homography(warp: Warp, offsets: PrintOffsets, *, tolerance_px: float, affine: bool = False) -> Warp:
    """Change the flat part of a map so that the offsets vanish as far as they can."""
    if len(offsets.at) < 4:
        return warp
    height, width = warp.shape
    centre, half = np.array([width, height]) / 2, max(width, height) / 2
    x, y = ((offsets.at - centre) / half).T
    zero, one = np.zeros_like(x), np.ones_like(x)
    for_x = np.stack([x, y, one, zero, zero, zero, -x * x, -x * y], axis=-1)
    for_y = np.stack([zero, zero, zero, x, y, one, -x * y, -y * y], axis=-1)
    design = np.stack([for_x, for_y], axis=1)
    trust = np.array([1e-4] * 6 + [1e9 if affine else 1e-3] * 2) * len(x) * 0.05
    solution = _robust(design, offsets.move / half, offsets.tensor, np.diag(trust), tolerance_px / half)
    a, b, c, d, e, f, g, h = solution
    change = np.array([[1 + a, b, c], [d, 1 + e, f], [g, h, 1]])
    frame = np.array([[1 / half, 0, -centre[0] / half], [0, 1 / half, -centre[1] / half], [0, 0, 1]])
    moved = warp.homography @ np.linalg.inv(frame) @ change @ frame
    return replace(warp, homography=moved / moved[2, 2])


def fit_net(
    warp: Warp, offsets: PrintOffsets, *, tolerance_px: float, stiffness: float, kept: bool = False
) -> Warp:
    """Change the bent part. ``stiffness``: how many places of print a sharp bend must be worth; ``kept``: the bend
    there is was found by search and costs nothing more, only what is added to it.
    """
    if len(offsets.at) < 6:
        return warp
    rows, columns = warp.net.shape[:2]
    weights_y = basis(offsets.at[:, 1] / NODE, rows)
    weights_x = basis(offsets.at[:, 0] / NODE, columns)
    spline = np.einsum("pr,pc->prc", weights_y, weights_x).reshape(len(offsets.at), -1).astype(np.float32)
    stiff = _stiff(rows, columns, stiffness)
    before = np.concatenate([warp.net[..., 0].ravel(), warp.net[..., 1].ravel()]) * (not kept)
    change = _robust_net(spline, offsets, stiff, before, tolerance_px)
    return warp.bent(np.stack([part.reshape(rows, columns) for part in np.split(change, 2)], axis=-1))


def _robust(
    design: FloatArray, move: FloatArray, tensor: FloatArray, stiff: FloatArray, tolerance: float
) -> FloatArray:
    """Minimise the offsets' misfit under their tensors plus ``changeᵀ stiff change``."""
    change = np.zeros(design.shape[2])
    flat = design.reshape(-1, design.shape[2])
    for looseness in _LOOSENESS:
        rest = move - (flat @ change).reshape(move.shape)
        pulled = _weighed(tensor, rest, looseness * tolerance)
        turned = np.einsum("nij,njk->nik", pulled, design).reshape(-1, design.shape[2])
        normal = flat.T @ turned + stiff
        change = np.linalg.solve(normal, turned.T @ move.ravel())
    return change


def _robust_net(
    spline: FloatArray, offsets: PrintOffsets, stiff: FloatArray, before: FloatArray, tolerance: float
) -> FloatArray:
    """The same for a net, ``(before + change)ᵀ stiff (before + change)`` added: both directions have the same design
    (``spline``, shape (n, nodes), single precision: its products are most of the work, and are exact to a millionth),
    so its products are taken once for each pair of them.
    """
    change: FloatArray = np.zeros(len(stiff))
    constant = -stiff @ before
    for looseness in _LOOSENESS:
        moved = [spline @ part for part in np.split(change.astype(np.float32), 2)]
        rest = offsets.move - np.stack(moved, axis=-1)
        pulled = _weighed(offsets.tensor, rest, looseness * tolerance).astype(np.float32)
        xx, yy = (_product(spline, pulled[:, at, at]) for at in (0, 1))
        xy = spline.T @ (spline * pulled[:, 0, 1, None])
        pull = np.einsum("nij,nj->ni", pulled, offsets.move).astype(np.float32)
        right = np.concatenate([spline.T @ pull[:, 0], spline.T @ pull[:, 1]]) + constant
        change = np.linalg.solve(np.block([[xx, xy], [xy.T, yy]]) + stiff, right)
    return change


def _product(spline: FloatArray, weights: FloatArray) -> FloatArray:
    """``splineᵀ diag(weights) spline``; a product with itself is worked out by half."""
    rooted = spline * np.sqrt(np.maximum(weights, 0))[:, None]
    return np.asarray(rooted.T @ rooted)


def _weighed(tensor: FloatArray, rest: FloatArray, tolerance: float) -> FloatArray:
    """Tensors by Cauchy's weights: what is off by much more than the tolerance says little."""
    error = np.sqrt(np.maximum(np.einsum("ni,nij,nj->n", rest, tensor, rest), 0))
    weights = 1 / (1 + (error / tolerance) ** 2)
    return np.asarray(tensor * weights[:, None, None])


@lru_cache(maxsize=4)
def _stiff(rows: int, columns: int, stiffness: float) -> FloatArray:
    """What bending a net costs, in both directions; a little for moving it at all."""
    stiff = np.kron(np.eye(2), _bending(rows, columns)) * stiffness
    return np.asarray(stiff + np.eye(len(stiff)) * 1e-3)


def _bending(rows: int, columns: int) -> FloatArray:
    """Squared second differences along both sides of a net."""
    down, across = (np.diff(np.eye(count), 2, axis=0) for count in (rows, columns))
    first, second = np.kron(down, np.eye(columns)), np.kron(np.eye(rows), across)
    return first.T @ first + second.T @ second
