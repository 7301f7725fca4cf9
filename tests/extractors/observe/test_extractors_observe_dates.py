"""Dates: slot by slot, under seals, read or not."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import cv2
import numpy as np
import pytest

from extractors.layers.windows import InkWindow
from extractors.observe.date_reading import read_out
from extractors.observe.dates import _of_rim, _reddish
from extractors.observe.seal_overlap import SealOverlap
from extractors.thresholds import load_thresholds
from forms.geometry import Box
from tests.extractors.observe.conftest import point, px


def _digits(paper, *slots):
    for x in {"year": [108, 110.5, 113], "month": [124, 126.2], "day": [136.5, 139]}.items():
        if x[0] in slots:
            for left in x[1]:
                paper.stroke(
                    [(left, 162), (left + 1.4, 162.2), (left + 0.3, 164), (left + 1.5, 165), (left, 166.3)]
                )


@pytest.mark.parametrize("how", ["colour", "grey", "bitonal"])
def test_three_filled_slots_are_a_date(paper, how):
    """A date is filled when year, month and day are."""
    _digits(paper, "year", "month", "day")
    seen = paper.observed(how)["date"]
    assert (seen.state, seen.slots) == ("filled", ("filled",) * 3)


@pytest.mark.parametrize(("left_out", "name"), [("year", "年"), ("month", "月"), ("day", "日")])
def test_a_missing_slot_is_named(paper, left_out, name):
    """A date that lacks one of its three is none, and says which."""
    _digits(paper, *({"year", "month", "day"} - {left_out}))
    seen = paper.observed()["date"]
    assert seen.state != "filled"
    assert f"“{name}”" in seen.reason


def test_a_pale_pen_that_left_only_specks_is_for_a_person(paper):
    """What a copier's threshold all but lost is no date, and its specks are measured."""
    paper.dots(Box(108, 161, 141, 166), 9)
    assert paper.observed("bitonal")["date"].state != "filled"
    assert sum(mark.evidence.pieces for mark in paper.measured("bitonal")["date"].marks) >= 4


@pytest.mark.parametrize("how", ["colour", "bitonal"])
def test_a_digit_broken_to_specks_is_not_called_missing(paper, how):
    """Two specks as high as a digit fill no slot, and are measured as high as they reach together."""
    _digits(paper, "year", "day")
    for y in (162.2, 165.4):
        paper.pixels[px(y) : px(y) + 3, px(126) : px(126) + 2] = 0
    assert paper.observed(how)["date"].slots[1] != "filled"
    month = paper.measured(how)["date"].marks[1].evidence
    assert (month.pieces, month.length) == (2, 0) and month.tall > 3


def test_a_speck_of_dust_is_no_date(paper):
    """A blank date with a speck or two in it is none."""
    paper.dots(Box(108, 161, 141, 166), 2)
    assert "filled" not in paper.observed("bitonal")["date"].slots


@pytest.mark.parametrize("written", [True, False])
def test_digits_in_a_shadow_are_not_called_missing(paper, written):
    """A shadow that is one piece with them is no pen's; a shadow alone is no date."""
    shadow = np.full(paper.pixels.shape[:2], 255, np.uint8)
    cv2.ellipse(shadow, point(134, 164), (px(14), px(9)), 0, 0, 360, 190, -1)
    shadow = cv2.GaussianBlur(shadow, (0, 0), 6)
    if written:
        _digits(paper, "year", "month", "day")
    paper.pixels = np.minimum(paper.pixels, shadow[..., None])
    assert (paper.observed()["date"].state == "blank") is not written


def test_a_dash_is_no_year(paper):
    """What would be a month's “1”, the corner of a seal say, is too little for a year."""
    _digits(paper, "month", "day")
    paper.stroke([(112, 161.8), (111.8, 165.0)])
    seen = paper.observed()["date"]
    assert seen.state != "filled" and seen.slots[0] != "filled"


def test_a_single_one_is_a_month(paper):
    """“1” is one thin stroke and fills its slot."""
    _digits(paper, "year", "day")
    paper.stroke([(125.5, 161.8), (125.3, 166.2)])
    assert paper.observed()["date"].state == "filled"


def test_a_red_seal_over_the_date_is_no_date(paper):
    """骑年盖月: the seal's own ink fills no slot."""
    paper.seal(126, 152)
    seen = paper.observed()
    assert seen["date"].state == "blank"
    assert seen["sign"].seals


def test_a_red_seal_does_not_hide_the_date(paper):
    """A date under a red seal is read as if the seal were not there."""
    _digits(paper, "year", "month", "day")
    bare = [mark.evidence.length for mark in paper.measured()["date"].marks]
    paper.seal(126, 152)
    sealed = [mark.evidence.length for mark in paper.measured()["date"].marks]
    assert sealed == pytest.approx(bare, rel=0.35)
    assert paper.observed()["date"].state != "blank"


def test_what_lies_within_a_rim_and_its_outer_edge_is_no_digit():
    """An outline is fitted to half a millimetre; a digit across a rim stands out of it."""
    labels, under = np.zeros((40, 40), np.int32), np.zeros((40, 40), np.bool_)
    under[:20] = True
    labels[18:23, 2:30] = 1
    labels[18:38, 32:34] = 2
    strokes = type("Strokes", (SimpleNamespace,), {"__len__": lambda self: 2})()
    strokes.pixels = np.bincount(labels.ravel())[1:].astype(float)
    patch = InkWindow(0, 0, labels.astype(np.uint8), labels, cast(Any, strokes))
    pressed = SealOverlap(under, edge=np.zeros_like(under), out=np.zeros_like(under))
    assert _of_rim(patch, pressed, bitonal=True).tolist() == [True, False]
    assert _of_rim(patch, pressed, bitonal=False).tolist() == [False, False]
    grey = replace(pressed, edge=labels == 1)
    assert _of_rim(patch, grey, bitonal=False).tolist() == [True, False]


def test_a_digit_that_a_chat_picture_reddened_is_not_called_missing():
    """It is darker than what such a picture leaves of a seal, and not red all over."""
    limits = load_thresholds()
    strokes = SimpleNamespace(
        redness=np.array([0.67, 0.67, 0.67, 0.03]),
        on_red=np.array([0.4, 0.4, 1.0, 0.0]),
        darkness=np.array([99.0, 84.0, 99.0, 99.0]),
        major=np.full(4, 4.7),
    )
    patch = cast(Any, SimpleNamespace(strokes=strokes, labels=np.arange(5)))
    assert _reddish(patch, limits.ink, limits.dates).tolist() == [False, True, False, False, False]


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_colourless_seal_alone_is_never_a_date(paper, how):
    """Where the scan took the seal's colour, its ink is still not taken for a date."""
    paper.seal(126, 152)
    assert paper.observed(how)["date"].state != "filled"


@pytest.mark.parametrize("how", ["grey", "bitonal"])
def test_a_date_a_colourless_seal_touches_is_not_called_missing(paper, how):
    """What lies in the rim, or is no darker than it, cannot be made out: a person looks."""
    paper.seal(126, 145, colour=(60, 60, 60))
    _digits(paper, "year")
    assert paper.observed(how)["date"].state == "unsure"


def test_the_rim_of_a_black_seal_is_no_day(paper):
    """It only touches the slot, and in black and white nothing but its place tells it from a digit."""
    paper.seal(160, 150, colour=(20, 20, 20), weight=1.0)
    _digits(paper, "year", "month")
    seen = paper.observed("bitonal")["date"]
    assert seen.state != "filled" and seen.slots[2] != "filled"


def test_a_reader_that_only_guesses_is_not_believed(paper):
    """The second look is at a little less of the date: who reads another date there has read neither."""
    _digits(paper, "year", "month", "day")
    looks = []

    def guessing(picture):
        looks.append(picture.shape)
        return ("2026-03-05", "2006-03-05")[len(looks) - 1], 0.99

    assert paper.observed(reader=guessing)["date"].value is None
    assert len(looks) == 2 and looks[1][0] < looks[0][0] and looks[1][1] < looks[0][1]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2026年3月5日", "2026-03-05"),
        ("2026 . 11 . 31", "2026-11-31"),
        ("2026年13月1日", "2026-13-01"),
        ("2026年00月27日", None),
        ("2026.8.77", None),
        ("2026年3月0日", None),
    ],
)
def test_what_nobody_writes_was_misread(text, date):
    """A 31st of November is a slip of the pen and kept for the judge; a month 00 is one of the reader."""
    assert read_out(text) == date


def test_the_reader_never_decides(paper):
    """What OCR says is noted beside a date that is there, and makes none where nothing is."""
    blank = paper.observed(reader=lambda picture: ("2026-03-05", 0.99))["date"]
    assert (blank.state, blank.value) == ("blank", None)
    _digits(paper, "year", "month", "day")
    assert paper.observed(reader=lambda picture: ("2026-03-05", 0.99))["date"].value == "2026-03-05"
    assert paper.observed(reader=lambda picture: ("2026-03-05", 0.4))["date"].value is None


def test_a_signature_that_hangs_down_is_no_date(paper):
    """Strokes of a signature that reach into the date line fill no slot."""
    paper.sign(118, 150)
    paper.stroke([(125, 146), (124, 163)], colour=(25, 25, 25))
    assert paper.observed()["date"].state != "filled"
