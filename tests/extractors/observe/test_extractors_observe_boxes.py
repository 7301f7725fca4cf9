"""Check boxes: how they may be marked, and what marks none."""

import pytest

from extractors.layers.page_layers import page_layers
from extractors.observe.boxes import measure_box, square_of
from extractors.thresholds import load_thresholds
from forms.geometry import Box

STATES = ("filled", "blank", "blank")


def _states(seen):
    return tuple(seen[f"box.{number}"].state for number in range(3))


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_a_tick_ticks_its_box_only(paper, how):
    """A tick ticks the box it stands in."""
    paper.tick("box.0")
    seen = paper.observed(how)
    assert _states(seen) == STATES
    assert seen["box.0"].mark == "tick"


def test_the_tail_of_a_tick_does_not_tick_the_neighbour(paper):
    """A tail through the box above leaves that box unticked."""
    x, y = 41.0, 79.6
    paper.stroke([(x - 0.6, y - 1.2), (x, y), (x + 1.5, y - 8)])
    states = _states(paper.observed())
    assert states[0] != "filled" and states[1] != "blank"


def test_a_cross_marks_its_box(paper):
    """A cross is a mark, and said to be one."""
    paper.stroke([(40.2, 71.5), (43.4, 74.6)])
    paper.stroke([(43.4, 71.4), (40.1, 74.7)])
    seen = paper.observed()
    assert seen["box.0"].state != "blank" and _states(seen)[1:] == ("blank", "blank")
    assert seen["box.0"].mark == "cross"


def test_a_box_filled_in_is_marked(paper):
    """A blackened box is a mark, and said to be filled in."""
    paper.stroke([(40.6, 73), (42.9, 73)], width=2.4)
    seen = paper.observed()
    assert _states(seen) == STATES
    assert seen["box.0"].mark == "fill"


def test_a_box_struck_out_with_its_label_is_not_ticked(paper):
    """A line through box and label takes the choice away."""
    paper.stroke([(39, 73.1), (80, 72.8)])
    seen = paper.observed()
    assert seen["box.0"].state != "filled"
    assert seen["box.0"].mark == "struck"


def test_a_box_beside_a_line_to_write_on_is_not_struck_out(paper):
    """Where people write instead of a label (其他), a line through the box and on along the rule takes nothing away."""
    paper.stroke([(39, 73.1), (80, 72.8)])
    page = paper.scanned()
    squares = {
        area.id: square_of(page.original, area.box) for area in page.original.areas if area.id[:3] == "box"
    }
    limits = load_thresholds()
    sheet, line = page_layers(page, limits.ink), [Box(44.5, 69, 110, 75)]
    marks = [measure_box(sheet, "box.0", squares, at, None, limits.boxes).mark for at in ([], line)]
    assert marks[0] == "struck" and marks[1] != "struck"


def test_a_tick_around_its_box_counts_though_it_runs_into_the_line_to_write_on(paper):
    """Vertex below the box, arm along its side and on into the line of 其他: it was made for the box."""
    paper.stroke([(39.7, 73.2), (41.5, 75.6), (43.7, 72.0), (44.8, 68.6)])
    page = paper.scanned()
    limits = load_thresholds()
    squares = {
        area.id: square_of(page.original, area.box) for area in page.original.areas if area.id[:3] == "box"
    }
    line = [Box(43.4, 69, 110, 75)]
    found = measure_box(page_layers(page, limits.ink), "box.0", squares, line, None, limits.boxes)
    assert found.mark == "tick" and found.evidence.around > 5 and found.evidence.hull > 0.2


def test_a_tick_beside_its_box_is_unsure(paper):
    """A tick outside every box is for a person."""
    paper.tick("box.1", dx=-4.5, tail=2.5)
    seen = paper.observed()
    assert "filled" not in _states(seen)
    assert "unsure" in _states(seen)


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
@pytest.mark.parametrize(
    "tick",
    [
        [(39.9, 73.7), (41.3, 75.3), (44.2, 70.7)],  # around its lower right corner
        [(40.3, 73.4), (41.2, 74.5), (43.2, 71.5)],  # from frame to frame
        [(39.6, 74.0), (40.9, 74.8), (43.4, 71.0)],
    ],
)
def test_a_tick_around_its_box_ticks_it(paper, how, tick):
    """A tick whose arms run along the frame, or around a corner, was made for the box it spans."""
    paper.stroke(tick)
    assert _states(paper.observed(how)) == STATES


@pytest.mark.parametrize(
    ("tick", "width"),
    [
        ([(40.2, 72.9), (41.0, 74.3), (42.8, 74.3)], 0.5),
        ([(40.4, 73.8), (41.3, 74.4), (42.6, 73.8)], 0.7),
    ],
)
def test_a_tick_that_hides_along_its_frame_leaves_no_box_empty(paper, tick, width):
    """In black and white it passes for the frame's own edge, but comes farther into the box."""
    paper.stroke(tick, width=width)
    first, *others = _states(paper.observed("bitonal"))
    assert first in ("filled", "unsure") and others == ["blank", "blank"]


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_a_tick_around_its_box_that_ends_far_below_is_unsure(paper, how):
    """Whether it was made for the box whose corner its arm just cuts, a person tells: nothing is ticked."""
    paper.stroke([(39.4, 86.0), (40.9, 88.0), (42.9, 83.9), (43.6, 82.4)])
    assert "filled" not in _states(paper.observed(how))
    assert paper.measured(how)["box.2"].marks[0].evidence.below > 1.5


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_stroke_into_a_label_ticks_no_box(paper, how):
    """What a scanner made thick of a box and its label, and a stroke through that label, span no box."""
    paper.stroke([(44.5, 73.6), (50.5, 69.0)])
    assert _states(paper.observed(how))[0] != "filled"


def test_dust_ticks_no_box(paper):
    """A speck in a box ticks nothing."""
    paper.stroke([(41.6, 73), (41.8, 73.1)], width=0.3)
    assert "filled" not in _states(paper.observed())
    assert paper.measured()["box.0"].marks[0].evidence.inside == 0


def test_a_fold_ticks_no_box(paper):
    """A line down through all boxes ticks none of them."""
    paper.stroke([(41.7, 30), (41.9, 200)], colour=(120, 120, 120), width=0.4)
    assert "filled" not in _states(paper.observed())
