"""What is worked out in another way than OpenCV's, for speed, comes to the same as OpenCV's."""

import cv2
import numpy as np
import pytest

from extractors.observe.printed_text.rivals import _agreement


def printed(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Grey dabs in rows, mostly paper between them."""
    picture = np.zeros(shape, np.uint8)
    for _ in range(max(3, shape[0] * shape[1] // 2000)):
        y, x = rng.integers(0, (shape[0] - 4, shape[1] - 4))
        picture[y : y + rng.integers(3, 15), x : x + rng.integers(2, 40)] = rng.integers(60, 256)
    return picture


def test_characters_agree_as_opencv_has_it_and_even_ones_with_nothing() -> None:
    """All patterns at once; a blank one would agree with anything otherwise."""
    rng = np.random.default_rng(3)
    room = printed(rng, (30, 26)).astype(np.float32)
    patterns = np.stack([printed(rng, (26, 22)).astype(np.float32) for _ in range(5)])
    wanted = [float(cv2.matchTemplate(room, one, cv2.TM_CCOEFF_NORMED).max()) for one in patterns]
    assert _agreement(room, patterns) == pytest.approx(wanted, abs=1e-5)
    even = np.full((1, 26, 22), 7.3, np.float32)
    assert _agreement(room, even) == pytest.approx([0.0])
    assert _agreement(np.full((30, 26), 7.3, np.float32), patterns) == pytest.approx([0.0] * 5)
