"""Pieces of added ink are as large, and reach as far, as their own ink away from print."""

import numpy as np

from extractors.observe.printed_text.added_ink import _reaching
from extractors.observe.printed_text.ink_pieces import ComponentPixels, boxes_of
from extractors.observe.printed_text.joining import REACH
from extractors.thresholds import load_thresholds

LIMITS = load_thresholds()


def test_what_reaches_a_field_by_the_print_beside_it_only_is_not_written_there() -> None:
    """Words on a rough frame line run along it into a box's own frame; a tick has ink of its own in the box."""
    at = np.arange(40, dtype=np.int64)
    labels = np.repeat(np.array([1, 2, 3], np.int32), (20, 10, 10))
    inked = np.ones(40, np.bool_)
    clear = np.repeat([True, True, False], (20, 10, 10))
    clear[15:20] = False
    pixels = ComponentPixels(at, labels, inked, clear, 4)
    zone = np.zeros(40, np.bool_)
    zone[15:] = True
    assert _reaching(pixels, zone, LIMITS.printed).tolist() == [False, False, True, True]


def test_what_a_word_is_joined_to_along_a_rough_line_makes_it_no_streak() -> None:
    """Its size is that of its own ink: grain on the frame line is as long as the line."""
    at = np.arange(1000, dtype=np.int64)
    clear = np.zeros(1000, np.bool_)
    clear[400:440] = True
    labels = np.ones(1000, np.int32)
    pixels = ComponentPixels(at, labels, np.ones(1000, np.bool_), clear, 3)
    around = np.array([[0, 0, 1000, 1], [0, 0, 1000, 1], [5, 6, 7, 8]], np.int32)
    assert boxes_of(pixels, around, 1000).tolist() == [
        [0, 0, 1000, 1],
        [400 - REACH, -REACH, 40 + 2 * REACH, 1 + 2 * REACH],
        [5, 6, 7, 8],
    ]
