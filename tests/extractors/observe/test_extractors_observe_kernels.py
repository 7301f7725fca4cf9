"""What is worked out in another way than OpenCV's, for speed, comes to the same as OpenCV's."""

import cv2
import numpy as np
import pytest

from extractors.model import PX_PER_MM
from extractors.observe.frame_lines import rules_in
from extractors.observe.realigning import _correlation, offset
from extractors.observe.rivals import _agreement
from extractors.thresholds import load_thresholds

INK = load_thresholds().ink


def printed(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Grey dabs in rows, mostly paper between them."""
    picture = np.zeros(shape, np.uint8)
    for _ in range(max(3, shape[0] * shape[1] // 2000)):
        y, x = rng.integers(0, (shape[0] - 4, shape[1] - 4))
        picture[y : y + rng.integers(3, 15), x : x + rng.integers(2, 40)] = rng.integers(60, 256)
    return picture


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("length_mm", [0.85, 5.9, 9.0])
def test_rules_are_what_an_opening_leaves(seed: int, length_mm: float) -> None:
    """By a level and an upright line of an odd number of px; where the page ends ink may go on."""
    ink = (printed(np.random.default_rng(seed), (200, 300)) > 100).astype(np.uint8) * 255
    run = round(length_mm * PX_PER_MM)
    wanted = [cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(size, np.uint8)) for size in ((1, run), (run, 1))]
    assert np.array_equal(rules_in(ink, length_mm), wanted[0] | wanted[1])


@pytest.mark.parametrize("seed", range(6))
def test_a_window_is_correlated_as_opencv_does_it(seed: int) -> None:
    """At every place, to five decimals."""
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(12, 160, 2))
    pattern, noise = printed(rng, shape), rng.integers(0, 50, (shape[0] + 8, shape[1] + 8), dtype=np.uint8)
    room = cv2.add(cv2.copyMakeBorder(pattern, 4, 4, 4, 4, cv2.BORDER_CONSTANT), noise)
    wanted = cv2.matchTemplate(room, pattern, cv2.TM_CCOEFF_NORMED)
    assert _correlation(room, pattern) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (2, -3), (-4, 4)])
def test_print_that_stands_off_is_found(dx: int, dy: int) -> None:
    """By whole pixels, as far as it is sought."""
    pattern = printed(np.random.default_rng(1), (90, 140))
    room = np.zeros((98, 148), np.uint8)
    room[4 + dy : 94 + dy, 4 + dx : 144 + dx] = pattern
    assert offset(room, pattern, 4, INK) == (dx, dy)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_even_window_tells_no_offset(level: int) -> None:
    """Blank paper, a grey patch, or black all over."""
    pattern = printed(np.random.default_rng(2), (90, 140))
    assert offset(np.full((98, 148), level, np.uint8), pattern, 4, INK) == (0, 0)


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
