"""The slow way, for pages whose marks are gone or too little on a tilted photograph: distinct points of print."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from extractors.model import Image, OriginalPage
from extractors.register.original_print import level_of, shrunk
from extractors.register.warp import FloatArray

_SCALE = 2
_MOST = 2500
_RATIO = 0.85


def from_features(original: OriginalPage, raster_ink: Image, tolerance_px: float) -> FloatArray | None:
    """A homography, original px → px of ``raster_ink``, by matched points; None where too few agree."""
    here, described = _described(shrunk(raster_ink, _SCALE))
    there, known = _of_original(original)
    if min(len(here), len(there)) < 12:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(known, described, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < _RATIO * pair[1].distance]
    if len(good) < 12:
        return None
    source = np.array([there[match.queryIdx] for match in good])
    target = np.array([here[match.trainIdx] for match in good])
    cv2.setRNGSeed(1)  # the same page must register the same way every time
    found, inliers = cv2.findHomography(source, target, cv2.USAC_MAGSAC, tolerance_px, maxIters=5000)
    if found is None or int(inliers.sum()) < 10:
        return None
    return np.asarray(found, np.float64)


@lru_cache(maxsize=4)
def _of_original(original: OriginalPage) -> tuple[FloatArray, Any]:
    return _described(level_of(original, _SCALE).ink)


def _described(small: Image) -> tuple[FloatArray, Any]:
    """Points in full-size px, and their descriptors (RootSIFT)."""
    finder = cv2.SIFT.create(nfeatures=_MOST, contrastThreshold=0.02)
    points, described = finder.detectAndCompute(small, None)
    if described is None:
        return np.zeros((0, 2)), np.zeros((0, 128), np.float32)
    rooted = np.sqrt(described / np.maximum(described.sum(axis=1, keepdims=True), 1e-6)).astype(np.float32)
    places = (np.array([point.pt for point in points], np.float64) + 0.5) * _SCALE - 0.5
    return places, rooted
