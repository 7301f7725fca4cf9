"""What the layers of a page are made of: frame lines, and how far print stands off its place."""

import cv2
import numpy as np
import pytest

from extractors.layers.frame_lines import rules_in
from extractors.layers.local_shifts import local_shifts
from extractors.model import PX_PER_MM, Glyph, Image, OriginalPage
from extractors.thresholds import load_thresholds
from forms.geometry import Box

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


def words() -> OriginalPage:
    """Two lines of made-up characters, 60 mm apart."""
    grey, glyphs = np.full((600, 700), 255, np.uint8), []
    marks = np.random.default_rng(4).random((2, 12, 5, 5)) < 0.5
    for line, top in enumerate((80, 440)):
        for number in range(12):
            x = 60 + 30 * number
            grey[top : top + 25, x : x + 25] = np.kron(np.where(marks[line, number], 0, 255), np.ones((5, 5)))
            edges = (x / PX_PER_MM, top / PX_PER_MM, (x + 25) / PX_PER_MM, (top + 25) / PX_PER_MM)
            glyphs.append(Glyph("字", Box(*edges)))
    return OriginalPage("7K3M9QX2", 1, 700 / PX_PER_MM, 600 / PX_PER_MM, grey, tuple(glyphs), ())


def moved(picture: Image, dx: int, dy: int) -> Image:
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(cv2.warpAffine(picture, matrix, picture.shape[::-1]), np.uint8)


@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (2, -3), (-4, 3), (11, 6)])
def test_a_line_and_what_is_around_it_take_the_shift_of_its_print(dx: int, dy: int) -> None:
    """The lower line was displaced, the upper one not: each goes back to its own place, and print is expected where it
    stands on the page.
    """
    original = words()
    printed = cv2.bitwise_not(original.grey)
    dark = np.concatenate([printed[:260], moved(printed, dx, dy)[260:]])
    shifts = local_shifts(original, dark, printed, INK)
    assert {tuple(np.round(shift)) for piece, shift in shifts.lines if piece.rectangle[1] > 260} == {(dx, dy)}
    home = shifts.onto_original(dark.astype(np.float32))
    for piece, _ in shifts.lines:
        assert np.abs(piece.cut_from(home) - piece.cut_from(printed)).mean() < 10
    expected = shifts.onto_page(printed)
    assert np.count_nonzero(expected != dark) < 0.02 * np.count_nonzero(dark)


@pytest.mark.parametrize("level", [0, 90, 255])
def test_an_even_page_tells_no_shift(level: int) -> None:
    """Blank paper, a grey patch, or black all over."""
    original = words()
    even = np.full(original.grey.shape, level, np.uint8)
    shifts = local_shifts(original, even, cv2.bitwise_not(original.grey), INK)
    assert not shifts.lines and not shifts.cells.any()
