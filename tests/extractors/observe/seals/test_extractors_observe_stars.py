"""The five-pointed star is found wherever it stands in a window of ink, and a disc is none."""

import cv2
import numpy as np
import pytest

from extractors.observe.seals.outlines import InkMap, SealOutline
from extractors.observe.seals.stars import place_of_star, starred

MM = 0.508


def field(*, disc: bool = False, seed: int = 0) -> tuple[InkMap, tuple[float, float]]:
    """A star or a disc of 6 mm somewhere among strokes; and where, mm."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((150, 260), np.uint8)
    for _ in range(25):
        ends = rng.integers(0, (260, 150), (2, 2))
        cv2.line(ink, ends[0].tolist(), (ends[0] + (ends[1] - ends[0]) // 6).tolist(), 1)
    middle = rng.uniform((20, 20), (240, 130))
    cv2.circle(ink, np.round(middle).astype(int).tolist(), 20, 0, -1)
    angles = np.arange(10) * np.pi / 5 + rng.uniform(0, 1)
    away = np.where(np.arange(10) % 2, 0.382, 1.0) * 6 / MM
    star = middle + np.stack([away * np.cos(angles), away * np.sin(angles)], axis=1)
    shape = cv2.convexHull(np.round(star).astype(np.int32)) if disc else np.round(star).astype(np.int32)
    cv2.fillPoly(ink, [shape], 1)
    return InkMap(ink, MM), (float(middle[0] * MM), float(middle[1] * MM))


@pytest.mark.parametrize("seed", range(8))
def test_a_star_is_found_where_it_stands(seed: int) -> None:
    """To a millimetre, also close to the window's border."""
    window, middle = field(seed=seed)
    x, y = place_of_star(window)
    assert np.hypot(x - middle[0], y - middle[1]) < 1.2
    assert starred(window, SealOutline("round", x, y, 40, 40, 0, 1, 1, 0)) > 0.7


@pytest.mark.parametrize("seed", range(4))
def test_a_disc_is_no_star(seed: int) -> None:
    """It covers much of what a star covers, and more."""
    window, middle = field(disc=True, seed=seed)
    assert starred(window, SealOutline("round", *middle, 40, 40, 0, 1, 1, 0)) == 0
