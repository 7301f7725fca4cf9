"""Seals in scans without colour: under signatures, with dry lettering, and what only looks like one."""

import cv2
import numpy as np
import pytest

from extractors.layers.page_layers import page_layers
from extractors.layers.pictures import pixels_of
from extractors.model import Seal
from extractors.observe.outlines import SealOutline
from extractors.observe.seals import SealCandidate, _is_made_up, behind_seals, hidden
from extractors.thresholds import load_thresholds
from forms.geometry import Box
from tests.extractors.observe.conftest import RED, grains, point, px


def draw_star(paper, size, turn=0):
    """A filled star in the middle of the signing area, so many mm from its middle to a point."""
    angles = np.deg2rad(turn) + np.arange(5) * 0.8 * np.pi
    star = [point(135 + size * np.sin(angle), 133 - size * np.cos(angle)) for angle in angles]
    cv2.fillPoly(paper.pixels, [np.array(star, np.int32)], RED)
    hull = [point(135 + 0.382 * size * np.sin(a), 133 - 0.382 * size * np.cos(a)) for a in angles + np.pi]
    cv2.fillConvexPoly(paper.pixels, cv2.convexHull(np.array(hull, np.int32)), RED)


@pytest.mark.parametrize("how", ["grey", "bitonal"])
@pytest.mark.parametrize("side", [18, 22])
def test_a_name_seal_under_a_signature_is_a_square_seal(paper, how, side):
    """A signature across a 名章 does not hide its four sides."""
    paper.square_seal(135, 133, side)
    paper.sign(120, 138)
    seals = paper.measured(how)["sign"].seals
    assert [seal.shape for seal in seals] == ["square"]
    assert seals[0].diameter_mm == pytest.approx(side, abs=2)


@pytest.mark.parametrize("size", [5.0, 6.0, 7.0])
@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_writing_as_high_as_wide_is_no_square_seal(paper, how, size):
    """A name written in two rows, with a flourish below, has no straight sides."""
    paper.write(128, 126, 2, size)
    paper.write(128, 126 + 1.15 * size, 2, size)
    paper.stroke([(127.5, 126 + 2.3 * size), (128 + 2.2 * size, 125.5 + 2.3 * size)])
    seen = paper.observed(how)["sign"]
    assert (seen.state, seen.seals) == ("filled", ())


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_round_seal_of_which_only_rim_and_star_took_ink_is_a_seal(paper, how):
    """Dry lettering makes no cup's ring of a seal: its star stands in the middle."""
    paper.ring(135, 133, 20, RED, 1.1)
    draw_star(paper, 5.5)
    assert [seal.shape for seal in paper.observed(how)["sign"].seals] == ["round"]


@pytest.mark.parametrize("size", [4, 5])
@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_half_a_ring_with_a_blot_in_its_middle_is_for_a_person(paper, how, size):
    """A disc covers much of what a star does, and is none."""
    cv2.ellipse(paper.pixels, point(135, 133), (px(20), px(20)), 0, 0, 175, RED, px(1.1), cv2.LINE_AA)
    cv2.circle(paper.pixels, point(135, 133), px(size), RED, -1, cv2.LINE_AA)
    seen = paper.observed(how)["sign"]
    assert (seen.state, seen.seals) == ("unsure", ())


@pytest.mark.parametrize("starred", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_half_a_rim_and_a_star_of_which_a_threshold_left_specks_are_a_seal(paper, seed, starred):
    """The star, its specks joined, tells where the rim must be; without one a person looks."""
    bare = paper.pixels.copy()
    cv2.ellipse(paper.pixels, point(135, 133), (px(20), px(20)), 0, -120, 90, RED, px(1.1), cv2.LINE_AA)
    if starred:
        draw_star(paper, 6.0)
    paper.pixels = np.where((grains(bare, 2, seed) > 0.8)[..., None], paper.pixels, bare)
    seen = paper.observed("bitonal")["sign"]
    assert [seal.shape for seal in seen.seals] == (["round"] if starred else [])
    assert seen.state == ("filled" if starred else "unsure")


@pytest.mark.parametrize(("size", "turn"), [(5.5, 0), (7.5, 0), (6.5, 20)])
@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_half_a_rim_with_a_star_in_the_middle_is_a_seal(paper, how, size, turn):
    """Whatever became of the rest; without the star a person looks."""
    cv2.ellipse(paper.pixels, point(135, 133), (px(20), px(20)), 0, -20, 180, RED, px(1.1), cv2.LINE_AA)
    assert paper.observed(how)["sign"].seals == ()
    assert paper.measured(how)["sign"].marks[1].evidence.star == 0
    draw_star(paper, size, turn)
    place = paper.measured(how)["sign"]
    assert [seal.shape for seal in place.seals] == ["round"] and place.marks[1].evidence.star > 0.5


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_signature_in_half_a_ring_is_no_seal(paper, how):
    """What stands in the middle of an arc must be a star to tell."""
    cv2.ellipse(paper.pixels, point(135, 133), (px(20), px(20)), 0, -15, 180, RED, px(1.1), cv2.LINE_AA)
    paper.sign(126, 133)
    assert paper.observed(how)["sign"].seals == ()


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_clear_oval_needs_but_a_trace_of_lettering(paper, how):
    """An oval that is plain all around is a seal, with flecks for letters; with nothing in it, it is for a person."""

    def oval():
        cv2.ellipse(paper.pixels, point(135, 133), (px(22.5), px(15)), 0, 0, 360, RED, px(1.1), cv2.LINE_AA)

    oval()
    assert paper.observed(how)["sign"].seals == ()
    for turn in np.deg2rad(np.arange(170, 371, 25)):
        x, y = 135 + 17.5 * np.cos(turn), 133 + 10 * np.sin(turn)
        paper.stroke([(x, y), (x + 1.4, y + 0.6)], RED, 0.7)
    assert [seal.shape for seal in paper.observed(how)["sign"].seals] == ["oval"]


def _seal(x, y, side, certain, shape="square", score=None):
    """An outline about a point, as it would be found in a scan without colour."""
    score = score or (1.0 if certain else 0.4)
    outline = SealOutline(shape, x, y, side, side, 0.0, 1.0, score, 0.2)
    box = Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
    return SealCandidate(Seal(box, shape, side, False), outline, certain, score, 60.0)


def test_a_doubtful_outline_around_a_seal_hides_nothing_more(paper):
    """What a name seal and the date under it trace together is no second seal; one that stands apart may be."""
    sheet = page_layers(paper.scanned("bitonal"), load_thresholds().ink)
    name_seal = _seal(100, 100, 18, certain=True)
    under_date = (round(115 * 5.9), round(104 * 5.9))
    assert not hidden(sheet, [name_seal, _seal(106, 106, 30, certain=False)])[under_date]
    assert hidden(sheet, [name_seal, _seal(104, 118, 20, certain=False)])[under_date]


@pytest.mark.parametrize(
    ("shape", "score", "x", "plain", "made_up"),
    [
        ("round", 0.55, 112, 0.63, True),
        ("round", 0.4, 112, 0.63, False),
        ("round", 0.55, 142, 0.63, False),
        ("round", 0.55, 112, 0.9, False),
        ("oval", 0.55, 112, 0.63, False),
    ],
)
def test_a_square_within_half_a_round_seal_is_made_up_of_it(shape, score, x, plain, made_up):
    """A piece of the rim and two letters have sides enough; what stands beside, where no half rim is, or with plain
    sides, is itself, and the oval about it is made up of its corners.
    """
    around = _seal(120, 120, 38, certain=False, shape=shape, score=score)
    square = _seal(x, 126, 20, certain=True, score=plain)
    assert _is_made_up(square, [around], load_thresholds().seals) is made_up


def test_a_rim_is_taken_away_where_its_outline_was_fitted_too_small(paper):
    """An arc of its outer edge would be left, as long as a digit."""
    paper.seal(126, 150, colour=(60, 60, 60))
    sheet = page_layers(paper.scanned("grey"), load_thresholds().ink)
    item = _seal(126, 150, 38.6, certain=True, shape="round", score=0.9)
    left = behind_seals(sheet, [item]).dark
    rows, columns = pixels_of(Box(124, 169, 140, 172))
    assert (sheet.dark[rows, columns] >= sheet.strong).any()
    assert not (left[rows, columns] >= sheet.strong).any()
