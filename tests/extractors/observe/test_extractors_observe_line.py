"""A stray line over a field, broken where it crosses print, is no writing; writing is no line, however it looks."""

import numpy as np
import pytest

from extractors.layers.page_layers import page_layers
from extractors.layers.pieces import PieceTable
from extractors.layers.windows import InkWindow, cut
from extractors.observe.strokes import _are_joined, classify
from extractors.thresholds import load_thresholds
from forms.geometry import Box


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_writing_with_a_speck_at_the_other_end_of_the_area_is_no_line(paper, how):
    """Writing fills, however far a speck of dust makes it seem to reach; a line with such a speck stays one."""
    paper.write(52, 42, 3, 4.0)
    paper.stroke([(108, 47.5), (108.8, 48.0)], width=0.4)
    assert paper.observed(how)["name"].state == "filled"


def test_a_line_with_a_speck_is_still_a_line(paper):
    """Dust beside a stray line makes no writing of it."""
    paper.stroke([(50, 45), (70, 46)])
    paper.stroke([(108, 47.5), (108.8, 48.0)], width=0.4)
    assert paper.observed("grey")["name"].state != "filled"


@pytest.mark.parametrize("how", ["colour", "bitonal"])
def test_a_line_with_a_piece_of_the_rule_it_crosses_is_no_writing(paper, how):
    """Where a page lies badly a piece of its rule stays; with a steep line it is as deep as writing."""
    paper.stroke([(80, 37.5), (86, 50.5)], width=0.9)
    paper.stroke([(84.2, 46.4), (89, 46.4)], width=0.7)
    assert paper.observed(how)["name"].state != "filled"


@pytest.mark.parametrize("step", [1.6, 2.4])
def test_small_characters_run_together_by_a_broad_pen_fill(paper, step):
    """A row of small characters that a broad pen made one piece is writing, not a line."""
    for number in range(10):
        x, y = 60 + step * number, 43.0
        paper.stroke([(x, y), (x + step * 0.75, y)], width=0.7)
        paper.stroke([(x + 0.2, y + 1.2), (x + step, y + 1.2)], width=0.7)
        paper.stroke([(x + step * 0.4, y), (x + step * 0.3, y + 1.2)], width=0.7)
    assert paper.observed("grey")["name"].state == "filled"


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_one_character_fills(paper, how):
    """无 alone is an answer, also in a broad pen and small."""
    x, y = 60.0, 42.0
    paper.stroke([(x, y), (x + 2.4, y)], width=0.5)
    paper.stroke([(x - 0.3, y + 1.1), (x + 2.8, y + 1.1)], width=0.5)
    paper.stroke([(x + 1.1, y), (x + 1.0, y + 1.3), (x, y + 2.9)], width=0.5)
    paper.stroke([(x + 1.4, y + 1.1), (x + 1.5, y + 2.7), (x + 2.8, y + 2.7), (x + 2.9, y + 1.9)], width=0.5)
    assert paper.observed(how)["name"].state != "blank"
    seen = paper.measured(how)["name"].marks[0].evidence
    assert seen.length > 6 and min(seen.width, seen.height) > 2 and seen.winding > 1.4


@pytest.mark.parametrize("how", ["colour", "bitonal"])
def test_a_tick_in_a_blank_is_no_character(paper, how):
    """A tick, a dash or a broad even line over a blank is not something written in it."""
    paper.stroke([(60, 44), (61, 45.5), (64, 41.5)])
    assert paper.observed(how)["name"].state != "filled"


@pytest.mark.parametrize("width", [0.5, 1.4])
def test_an_even_line_is_no_row_of_characters(paper, width):
    """However broad the pen: a line is even."""
    paper.stroke([(55, 43.4), (78, 44.1)], width=width)
    assert paper.observed("grey")["name"].state != "filled"


def test_pieces_on_the_course_of_a_line_are_the_lines(paper):
    """Where a scan broke a stray line, what lies between its long pieces is no writing; what stands off it is."""
    for start, end in [(50, 70), (71, 74), (75, 78), (79, 110)]:
        paper.stroke([(start, 25 + start / 10), (end, 25 + end / 10)], width=0.4)
    limits, whole = load_thresholds().ink, Box(45, 29, 115, 39)
    patch = cut(page_layers(paper.scanned("bitonal"), limits), whole)
    assert not classify(patch, limits).pen.any()
    paper.stroke([(60, 34), (63, 34.3)], width=0.4)
    patch = cut(page_layers(paper.scanned("bitonal"), limits), whole)
    assert classify(patch, limits).pen.sum() == 1


@pytest.mark.parametrize("depth", [0.65, 1.5])
def test_a_line_joined_to_rough_frame_lines_is_judged_by_what_is_free_of_them(depth):
    """Down across a cell, on from its upper to its lower frame line: their ragged edges make no characters of it."""
    labels = np.zeros((320, 640), np.int32)
    labels[:, 320:323] = 1
    ragged = np.random.default_rng(0).integers(2, 7, (2, 600))
    for column, (above, below) in enumerate(ragged.T, start=20):
        labels[4 : 4 + above, column] = labels[310 : 310 + below, column] = 1
    measured = {
        "pixels": (labels > 0).sum(), "length": 170.0, "width": 0.5, "major": 105.0, "minor": 34.0,
        "free_major": 103.0, "free_minor": depth, "darkness": 255.0, "beside_print": 0.4,
        "on_red": 0.0, "redness": 0.0,
    }  # fmt: skip
    strokes = PieceTable(
        **{name: np.array([value], np.float64) for name, value in measured.items()},
        boxes=np.array([[20, 0, 620, 320]]),
    )
    patch = InkWindow(0, 0, (labels > 0).astype(np.uint8), labels, strokes)
    assert _are_joined(patch, np.array([True]), load_thresholds().ink).tolist() == [depth > 1]
