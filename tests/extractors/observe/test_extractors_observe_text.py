"""Text fields: what fills one, and what does not."""

import numpy as np
import pytest

BLUE, PENCIL, RED, FAINT = (40, 50, 140), (165, 165, 165), (205, 45, 50), (222, 222, 222)


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_nothing_is_seen_on_an_empty_form(paper, how):
    """An empty form is blank in every field, however it was scanned."""
    assert {item.state for item in paper.observed(how).values()} == {"blank"}


@pytest.mark.parametrize("shift", [(0.35, 0.3), (-0.4, 0.1), (0.0, -0.5)])
def test_a_shifted_page_is_not_filled(paper, shift):
    """Print that registration left half a millimetre off, underlines too, fills nothing."""
    assert {item.state for item in paper.observed(shift=shift).values()} == {"blank"}


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_handwriting_fills(paper, how):
    """Handwriting fills its own area and not the one below."""
    paper.write(54, 41.5)
    seen = paper.observed(how)
    assert (seen["name"].state, seen["note"].state) == ("filled", "blank")
    assert seen["name"].crop and seen["name"].measures and "栏目name" in seen["name"].reason


def test_pencil_fills(paper):
    """Pencil is writing."""
    paper.write(54, 41.5, colour=PENCIL)
    assert paper.observed()["name"].state == "filled"


def test_what_shows_through_from_the_back_fills_nothing(paper):
    """Ink of the other side, paler than a pencil, is never a fill."""
    paper.write(54, 41.5, letters=6, colour=FAINT)
    assert paper.observed()["name"].state != "filled"


def test_a_stray_line_fills_nothing(paper):
    """One long line across an area is no entry."""
    paper.stroke([(35, 44), (125, 46)])
    assert paper.observed()["name"].state != "filled"
    seen = paper.measured()["name"].marks[0].evidence
    assert seen.length < 2 < seen.line


def test_one_short_stroke_is_unsure(paper):
    """“一” or a slip of the pen: a person must look."""
    paper.stroke([(60, 44), (65, 43.7)])
    assert paper.observed()["name"].state == "unsure"


def test_red_ink_of_no_seal_is_for_a_person(paper):
    """What somebody wrote or ticked in red is never taken for nothing."""
    paper.write(54, 41.5, colour=RED)
    paper.stroke([(40.7, 72.6), (41.5, 73.8), (43.5, 70.8)], colour=RED)
    seen, measured = paper.observed(), paper.measured()
    assert "blank" not in (seen["name"].state, seen["box.0"].state)
    assert measured["name"].marks[0].evidence.red > 3 and measured["box.0"].marks[0].evidence.red > 0.5


def test_dust_fills_nothing(paper):
    """Specks are no entry, even many of them."""
    for number in range(12):
        paper.stroke(
            [(52 + 4.5 * number, 42 + number % 3), (52.2 + 4.5 * number, 42.2 + number % 3)], width=0.4
        )
    assert paper.observed()["name"].state != "filled"
    assert paper.measured()["name"].marks[0].evidence.length < 2


def test_the_edge_of_a_seal_fills_nothing(paper):
    """The rim of a red seal that reaches into an area is no entry."""
    paper.seal(80, 64, (40, 40))
    assert paper.observed()["name"].state == "blank"


def test_what_hangs_over_from_the_line_above_fills_nothing(paper):
    """Long strokes of the line above do not fill the line below."""
    paper.write(54, 40, letters=4, size=6.5)
    paper.stroke([(70, 41), (70, 51.5)])
    assert paper.observed()["note"].state != "filled"


def test_an_area_that_was_cut_off_is_unsure_and_not_visible(paper):
    """What cannot be seen is never passed, whatever stands beside it."""
    paper.write(54, 41.5)
    paper.seen[:, 1241 * 70 // 210 :] = False
    seen = paper.observed()["name"]
    assert (seen.state, seen.visible) == ("unsure", False)


def test_a_dark_blot_is_for_a_person_and_a_pale_smear_is_nothing(paper, sheets):
    """A name by a broad pen that a chat picture ran together is not called missing."""
    for x in np.linspace(60, 68, 12):
        paper.stroke([(x, 42), (x + 0.5, 45.5)], colour=(30, 40, 150), width=1.6)
    assert paper.observed()["name"].state != "blank"
    assert paper.measured()["name"].marks[0].evidence.blot > 4
    smeared = sheets()
    smeared.smear(64, 43.5, size=6.0)
    assert smeared.observed()["name"].state != "filled"
    assert smeared.measured()["name"].marks[0].evidence.blot == 0
