"""Dates under seals without colour: what comes off a rim is a digit's, what lies within it nobody can tell."""

import pytest

INK = (20, 20, 20)
#: The rim of a seal of 40 mm about this runs level through the month, clear of year and day.
OVER = (125.0, 143.5)


def _one(paper, x, top, bottom):
    paper.stroke([(x, top), (x + 0.2, bottom)], INK)


def _pressed(paper, *, year=True, day=True):
    paper.seal(*OVER, colour=INK, weight=1.0)
    for x, wanted in ((100.5, year), (103, year), (138, day), (140.5, day)):
        if wanted:
            _one(paper, x, 161.5, 167)


@pytest.mark.parametrize("how", ["grey", "bitonal"])
@pytest.mark.parametrize(("top", "bottom"), [(161.0, 166.8), (157.2, 162.8)])
def test_a_digit_that_comes_off_the_rim_fills_its_slot(paper, how, top, bottom):
    """It reaches beyond the seal, or hangs inwards from a rim that nothing else touches."""
    _pressed(paper)
    for x in (123.6, 126.4):
        _one(paper, x, top, bottom)
    assert paper.observed(how)["date"].state != "blank"
    month = paper.measured(how)["date"].marks[1].evidence
    assert month.out > 0 or month.clear > 0 or month.length > 2


@pytest.mark.parametrize("how", ["grey", "bitonal"])
@pytest.mark.parametrize("move", [-1.5, -0.6, 0.0, 0.7, 1.6])
def test_a_rim_alone_fills_no_slot(paper, how, move):
    """Wherever it runs through an empty slot."""
    paper.seal(OVER[0] + move, OVER[1] + move, colour=INK, weight=1.0)
    for x in (100.5, 103, 138, 140.5):
        _one(paper, x, 161.5, 167)
    assert paper.observed(how)["date"].slots[1] != "filled"


def test_a_digit_within_a_seal_is_for_a_person(paper):
    """Clear of the rim it may as well be the seal's own code."""
    _pressed(paper)
    _one(paper, 125, 157.5, 161.3)
    seen = paper.observed("bitonal")["date"]
    assert (seen.slots[1], seen.visible) == ("unsure", False)


def test_what_hangs_inwards_may_be_lettering_where_lettering_touches_the_rim(paper):
    """A seal with a letter on its rim elsewhere has, perhaps, one here."""
    _pressed(paper)
    paper.stroke([(OVER[0] - 19, OVER[1]), (OVER[0] - 15.5, OVER[1])], INK, 0.7)
    _one(paper, 125, 157.2, 162.8)
    assert paper.observed("bitonal")["date"].slots[1] == "unsure"


def test_a_stroke_that_only_passes_is_no_digit(paper):
    """The end of a signature that hangs down across the rim into the date."""
    _pressed(paper)
    paper.stroke([(121, 146), (124, 155), (125, 160), (125.2, 166.5)], INK)
    assert paper.observed("bitonal")["date"].slots[1] == "unsure"


def test_a_line_that_touches_the_rim_is_no_digit(paper):
    """A piece of a frame line, a fold."""
    _pressed(paper)
    paper.stroke([(121.5, 164.2), (128.5, 164.2)], INK)
    assert paper.observed("bitonal")["date"].slots[1] != "filled"


@pytest.mark.parametrize("slots", [(False, True), (True, False), (False, False)])
def test_what_comes_off_the_rim_in_one_slot_fills_no_other(paper, slots):
    """Nor does the rim that is one piece with it."""
    year, day = slots
    _pressed(paper, year=year, day=day)
    for x in (123.6, 126.4):
        _one(paper, x, 161.0, 166.8)
    seen = paper.observed("bitonal")["date"]
    assert seen.state != "filled"
    assert not [at for at, written in ((0, year), (2, day)) if not written and seen.slots[at] == "filled"]


def test_a_thin_digit_beside_a_seal_fills_its_slot(paper):
    """However much of the slot the seal takes, and though all its ink is little."""
    paper.seal(146, 158, colour=INK, weight=1.0)
    for x in (100.5, 103):
        _one(paper, x, 161.5, 167)
    bare = paper.measured("bitonal")["date"].marks[1].evidence
    assert "filled" not in paper.observed("bitonal")["date"].slots[1:]
    paper.stroke([(123.4, 162), (123.5, 164.8)], INK, 0.35)
    assert paper.measured("bitonal")["date"].marks[1].evidence.clear > bare.clear + 2
    assert paper.observed("bitonal")["date"].slots[1] != "blank"
