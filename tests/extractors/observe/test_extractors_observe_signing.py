"""Signing areas: signatures, seals, and what is neither."""

import numpy as np
import pytest

from extractors.judge.seam import continuous
from extractors.layers.page_layers import page_layers
from extractors.observe.seam import observe_seam
from extractors.thresholds import load_thresholds
from forms.geometry import Box
from tests.extractors.observe.conftest import grains, px

GREY, BLACK = (150, 150, 150), (25, 25, 25)


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_a_signature_signs(paper, how):
    """Strokes of a pen sign, and are said to be a pen's."""
    paper.sign(120, 130)
    seen = paper.observed(how)
    assert (seen["sign"].state, seen["sign"].pen, seen["sign"].seals) == ("filled", True, ())
    assert seen["sign.manager"].state == "blank"


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
@pytest.mark.parametrize("diameter", [38, 42, 45])
def test_a_round_seal_seals(paper, how, diameter):
    """A round seal is seen in any scan, with its diameter to 1.5 mm."""
    paper.seal(135, 133, (diameter, diameter))
    seen = paper.observed(how)["sign"]
    assert (seen.state, seen.pen) == ("filled", False)
    assert [seal.shape for seal in seen.seals] == ["round"]
    assert seen.seals[0].diameter_mm == pytest.approx(diameter + 1, abs=1.5)
    assert seen.seals[0].red is (how == "colour")


@pytest.mark.parametrize("how", ["colour", "bitonal"])
def test_an_oval_seal_seals(paper, how):
    """An oval seal is one, and told from a round one."""
    paper.seal(135, 133, (45, 30))
    seen = paper.observed(how)["sign"]
    assert [seal.shape for seal in seen.seals] == ["oval"]


@pytest.mark.parametrize("how", ["colour", "bitonal"])
def test_a_square_seal_seals(paper, how):
    """A square 名章 is one."""
    paper.square_seal(76, 189)
    seen = paper.observed(how)["sign.manager"]
    assert [seal.shape for seal in seen.seals] == ["square"]


def test_seal_and_signature_together(paper):
    """A signature under a red seal is seen beside it."""
    paper.sign(125, 133)
    paper.seal(135, 133)
    seen = paper.observed()["sign"]
    assert seen.pen
    assert len(seen.seals) == 1


def test_a_faint_seal_is_seen(paper):
    """Half the pressure leaves a seal all the same."""
    paper.seal(135, 133, weight=0.3)
    assert paper.observed()["sign"].seals


def test_half_a_seal_is_never_nothing(paper):
    """A seal of which only half took ink is a seal, or for a person."""
    before = paper.pixels.copy()
    paper.seal(135, 133)
    paper.pixels[: round(133 * 5.9)] = before[: round(133 * 5.9)]
    assert paper.observed()["sign"].state in {"filled", "unsure"}


@pytest.mark.parametrize("signed", [False, True])
def test_half_a_red_seal_in_glare_is_for_a_person(paper, signed):
    """Its lower half is a seal's plainly, and what the light burnt out nobody knows; a signature needs no seal."""
    paper.seal(135, 130)
    y, x = np.mgrid[: paper.pixels.shape[0], : paper.pixels.shape[1]] / px(1)
    glare = np.clip(2.2 - np.hypot((x - 140) / 16, (y - 116) / 11), 0, 1)[..., None]
    paper.pixels = (paper.pixels * (1 - glare) + 255 * glare).astype(np.uint8)
    if signed:
        paper.sign(120, 143)
    seen = paper.observed()["sign"]
    assert seen.state == ("filled" if signed else "unsure")


def test_a_seal_counts_for_the_nearest_area_only(paper):
    """A seal pressed over the date counts for the signing area above, not for the other one."""
    paper.seal(130, 158)
    seen = paper.measured()
    assert seen["sign"].seals and not seen["sign.manager"].seals
    assert paper.observed()["sign.manager"].state == "blank"


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
@pytest.mark.parametrize("place", [(94, 132), (177, 132), (135, 171)])
def test_the_edge_of_a_seal_elsewhere_seals_nothing(paper, how, place):
    """Of a seal mostly outside the area only the rim reaches in: a person looks, nothing is passed."""
    paper.seal(*place)
    seen = paper.observed(how)["sign"]
    assert (seen.state != "filled", seen.seals) == (True, ())


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_a_cup_ring_is_no_seal(paper, how):
    """A ring with nothing in it is no seal."""
    paper.ring(135, 133, 21, (150, 120, 90))
    seen = paper.observed(how)["sign"]
    assert seen.state != "filled"
    assert not seen.seals


def test_a_red_circle_drawn_by_hand_is_no_seal(paper):
    """Somebody's red ring around the place to sign is for a person, not a seal."""
    paper.ring(135, 133, 20, (210, 40, 40), width=0.5)
    seen = paper.observed()["sign"]
    assert (seen.state != "filled", seen.seals) == (True, ())


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_a_smudge_signs_nothing(paper, how):
    """A smudge is no signature."""
    paper.smear(135, 133)
    assert paper.observed(how)["sign"].state != "filled"


def test_a_staple_signs_nothing(paper):
    """A staple is no signature."""
    paper.stroke([(130, 130), (141, 131)], colour=(90, 90, 90), width=0.8)
    assert paper.observed()["sign"].state != "filled"


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_staple_that_dots_made_winding_signs_nothing(paper, how):
    """A bar, however it slants, is no signature, though its dots run together to a stroke long enough for one."""
    along = np.linspace(0, 1, 27)
    aside = np.where(np.arange(27) % 2, 0.6, -0.6)
    points = [(129 + 12 * t + 0.4 * off, 134 - 4.5 * t + off) for t, off in zip(along, aside, strict=True)]
    paper.stroke(points, colour=(0, 0, 0), width=0.25)
    seen = paper.observed(how)["sign"]
    assert (seen.state == "filled", seen.pen) == (False, False)


def test_a_fold_signs_nothing(paper):
    """A fold across the page is no signature."""
    paper.stroke([(5, 131), (205, 133)], colour=(150, 150, 150), width=0.5)
    assert paper.observed()["sign"].state == "blank"


def test_a_neighbours_stroke_signs_nothing(paper):
    """The manager's long last stroke does not sign for the enterprise."""
    paper.sign(62, 189)
    paper.stroke([(78, 189), (112, 150), (116, 148)], colour=(25, 25, 25))
    seen = paper.observed()
    assert seen["sign.manager"].state == "filled"
    assert seen["sign"].state != "filled"


def test_the_date_is_no_signature(paper):
    """Digits in the date line sign nothing."""
    for left in (108, 111, 124, 137):
        paper.stroke([(left, 160), (left + 2, 160.2), (left + 0.3, 163), (left + 2, 165), (left, 166.3)])
    assert paper.observed()["sign"].state == "blank"


def test_a_signing_area_that_cannot_be_seen(paper):
    """Glare over the place to sign is unsure and not visible."""
    paper.seen[700:900, 600:1000] = False
    seen = paper.observed()["sign"]
    assert (seen.state, seen.visible) == ("unsure", False)


def test_the_slices_of_one_seal_at_the_seam_are_continuous(sheets):
    """骑缝章: slices at one edge and height belong together; a page without one breaks the row."""
    pages = []
    for shift in (0, 2):
        one = sheets()
        one.seal(212 - shift, 140)
        pages.append(one)
    measured = [page.seam() for page in pages]
    assert all("seam-right" in item for item in measured)
    limits = load_thresholds()
    found = [
        observe_seam(page_layers(page.scanned(), limits.ink), limits.seam) for page in (*pages, sheets())
    ]
    assert continuous(found[:2], limits.seam)
    assert not continuous(found, limits.seam)


def test_a_seal_that_left_only_dots_is_for_a_person(paper):
    """What a black-and-white scan all but lost is not called missing."""
    paper.dots(Box(115, 115, 155, 150), 90)
    seen = paper.observed("bitonal")["sign"]
    assert seen.state == "unsure"
    assert "细点" in seen.reason


@pytest.mark.parametrize("dusty", [False, True])
def test_a_smudge_made_of_dots_is_no_signature(paper, dusty):
    """Dots of a dithered smudge that run together here and there look like strokes: they are measured as dots."""
    if dusty:
        paper.dots(Box(5, 5, 205, 292), 2000)
    paper.dots(Box(125, 125, 139, 139), 160)
    for y in (127, 131, 135):
        paper.stroke([(126, y), (128, y + 2), (131, y), (133, y + 2)], colour=(0, 0, 0), width=0.4)
    assert not paper.observed("bitonal")["sign"].pen
    seen = paper.measured("bitonal")["sign"].marks[0].evidence
    assert seen.specks > 20 and (dusty or seen.crowd > 10)


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_the_ridges_of_a_thumb_are_no_signature(paper, how):
    """Many short strokes, however long together."""
    for step in range(9):
        for x in (124, 128, 132):
            y = 126 + 1.3 * step + 0.2 * (x - 124) / 4
            paper.stroke([(x, y), (x + 2.6, y + 0.3)], colour=(30, 30, 30), width=0.35)
    seen = paper.observed(how)["sign"]
    assert (seen.state, seen.pen) == ("unsure", False)


def test_a_signature_on_a_dusty_sheet_is_a_signature(paper):
    """Among its strokes is no more dust than elsewhere."""
    paper.dots(Box(5, 5, 205, 292), 2000)
    paper.sign(122, 132)
    seen = paper.observed("bitonal")["sign"]
    assert (seen.state, seen.pen) == ("filled", True)


def test_dust_all_over_the_sheet_is_no_seal(paper):
    """An empty area of a dusty sheet holds nothing: its dots are as dense as anywhere."""
    paper.dots(Box(5, 5, 205, 292), 2000)
    assert paper.observed("bitonal")["sign"].state != "filled"
    assert paper.measured("bitonal")["sign"].marks[0].evidence.crowd < 3


def test_what_is_left_of_a_red_seal_is_no_signature(paper):
    """A seal pressed for the date below reaches into the area: its darker edges, where red was not all taken away."""
    paper.seal(135, 170, colour=(150, 30, 40), weight=1.0)
    paper.stroke([(121, 152), (135, 149.6), (149, 152)], colour=(95, 20, 25), width=0.5)
    paper.stroke([(126, 154), (144, 154)], colour=(95, 20, 25), width=0.5)
    seen = paper.observed()["sign"]
    assert not seen.pen


def test_a_signature_across_a_red_seal_is_a_signature(paper):
    """Black over red is black."""
    paper.sign(120, 130)
    paper.seal(130, 131)
    seen = paper.observed()["sign"]
    assert seen.pen and seen.seals


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_half_a_seal_that_ends_at_a_straight_line_seals_nothing(paper, how, side):
    """A slice of a 骑缝章 over fanned sheets lies beside the place by chance: a person looks."""
    bare = paper.pixels.copy()
    paper.seal(135, 133)
    gone = np.s_[:, : px(132)] if side == "left" else np.s_[:, px(138) :]
    paper.pixels[gone] = bare[gone]
    seen = paper.observed(how)["sign"]
    assert (seen.state != "filled", seen.seals) == (True, ())
    assert "骑缝章" in paper.measured(how)["sign"].doubt


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_a_seal_dry_on_one_side_is_no_slice(paper, how):
    """Its ink fades, and ends nowhere straight."""
    bare = paper.pixels.copy()
    paper.seal(135, 133)
    fades = np.clip((np.arange(bare.shape[1])[None] - px(117)) / px(20), 0, 1)
    paper.pixels = np.where((grains(bare, 4, seed=3) > fades)[..., None], bare, paper.pixels)
    assert [seal.shape for seal in paper.observed(how)["sign"].seals] == ["round"]


def test_a_seal_the_picture_cuts_off_is_no_slice(paper):
    """Where the picture ends, the seal may go on."""
    bare = paper.pixels.copy()
    paper.seal(135, 133)
    paper.pixels[:, : px(124)], paper.seen[:, : px(124)] = bare[:, : px(124)], False
    assert [seal.shape for seal in paper.observed()["sign"].seals] == ["round"]
