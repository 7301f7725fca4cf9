"""Made smaller, a picture loses no line, wherever it runs."""

import numpy as np
import pytest

from extractors.resizing import made_smaller


@pytest.mark.parametrize("share", [0.98, 0.8, 2 / 3, 0.6, 0.55, 0.4, 0.25])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_falls_between_pixels(share: float, colour: bool) -> None:
    """Each of a hundred lines of one pixel stays, by its share of the darkness at least."""
    shape = (60, 1000, 3) if colour else (60, 1000)
    picture = np.full(shape, 255, np.uint8)
    picture[:, 5::10] = 0
    width, height = round(1000 * share), round(60 * share)
    small = made_smaller(picture, width, height)
    assert small.shape[:2] == (height, width) and small.ndim == picture.ndim
    darkness = 255 - (small[..., 0] if colour else small)[height // 2].astype(np.float64)
    lines = [round((at + 0.5) * share - 0.5) for at in range(5, 1000, 10)]
    kept = [darkness[max(0, at - 1) : at + 2].max() for at in lines]
    assert min(kept) >= 255 * share / 4
