"""Print that does not stand as issued is seen; what people may leave on a form is not taken for it."""

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from extractors.layers.page_layers import page_layers
from extractors.model import Alteration, Image, OriginalPage
from extractors.observe.printed_text.added_ink import AddedInk
from extractors.observe.printed_text.ink_pieces import InkCluster
from extractors.observe.printed_text.inserted import _astride, _is_ruled
from extractors.observe.printed_text.inserted import inserted as words_put_in
from extractors.observe.printed_text.printed import observe_print, unseen_print
from extractors.originals import Originals
from extractors.register import register
from extractors.thresholds import load_thresholds
from forms.geometry import Box
from tests.extractors.returns import A4_200, RETURNS, ROLLED, SCAN, Return, flat
from tests.extractors.spoils import (
    Spoil,
    above_the_title,
    appended,
    blotted,
    folded,
    inserted,
    inside_an_edge,
    nought_made_six,
    one_made_nought,
    other_digit,
    overflowing,
    pencil,
    phrase,
    punched,
    rim_over,
    running_into_print,
    seal,
    slice_of_a_seal,
    struck,
    struck_heading,
    three_made_eight,
    whited,
    window,
    word_by_a_field,
)

pytestmark = pytest.mark.office
LIMITS = load_thresholds()


@pytest.fixture(scope="module")
def page(issued: Any, originals: Originals) -> OriginalPage:
    """A page of running text with a code and a date in it."""
    return originals.page(issued.of("completion").number, 1)


def observed(page: OriginalPage, spoil: Spoil | None, how: Return = SCAN) -> tuple[Alteration, ...]:
    """What is seen of a page that was spoilt on paper and came back that way."""
    drawn = page.grey.copy()
    if spoil is not None:
        spoil(page, drawn)
    registered = register(how.raster(page, drawn), how.sighting(page), page, LIMITS.registration)
    assert registered is not None
    return observe_print(page_layers(registered, LIMITS.ink), LIMITS.printed)


ALTERED: dict[str, tuple[Spoil, set[str]]] = {
    "digit": (other_digit, {"changed"}),
    "3 to 8": (three_made_eight, {"changed"}),
    "0 to 6": (nought_made_six, {"changed"}),
    "1 to 0": (one_made_nought, {"changed"}),
    "struck": (struck, {"struck"}),
    "whited": (whited, {"removed"}),
    "inserted": (inserted, {"added"}),
    "above the title": (above_the_title, {"added"}),
    "inside an edge": (inside_an_edge, {"added"}),
}
COMES_BACK = {name: RETURNS[name] for name in ("scan", "black and white", "photograph")}


@pytest.mark.parametrize("how", COMES_BACK.values(), ids=COMES_BACK.keys())
@pytest.mark.parametrize("kind", ALTERED)
def test_an_alteration_is_seen_and_named(page: OriginalPage, kind: str, how: Return) -> None:
    """A digit changed, words struck out, whited over or put in between: surely seen, and told apart."""
    spoil, names = ALTERED[kind]
    found = observed(page, spoil, how)
    assert found and found[0].confidence >= LIMITS.judge.altered_sure
    assert found[0].how in names
    assert found[0].crop is not None and found[0].crop.startswith(b"\x89PNG")


def test_words_in_many_places_of_a_black_and_white_page_may_show_through(page: OriginalPage) -> None:
    """The other side of the sheet, which black and white makes as dark as print: for a person, not surely altered."""

    def through(page: OriginalPage, picture: Image) -> None:
        back = picture[:, ::-1].copy()
        gaps = cv2.erode(picture, np.ones((41, 1), np.uint8)) > 200
        picture[gaps] = np.minimum(picture, back)[gaps]

    found = [one for one in observed(page, through, RETURNS["black and white"]) if one.how == "added"]
    assert len(found) >= 3
    assert all(one.confidence < LIMITS.judge.altered_sure for one in found)


@pytest.mark.parametrize("how", COMES_BACK.values(), ids=COMES_BACK.keys())
def test_a_thin_line_through_a_bold_title_is_seen(page: OriginalPage, how: Return) -> None:
    """Where the strokes of the print hide most of it, and at a slant."""
    assert "struck" in {one.how for one in observed(page, struck_heading, how)}


def test_words_struck_out_beneath_a_seal_are_seen(page: OriginalPage) -> None:
    """A seal pressed over them hides no stroke through words."""

    def both(page: OriginalPage, picture: Image) -> None:
        struck(page, picture)
        seal(page, picture)

    assert {"struck"} & {one.how for one in observed(page, both)}


@pytest.mark.parametrize("how", COMES_BACK.values(), ids=COMES_BACK.keys())
def test_a_digit_put_to_a_number_is_for_a_person(page: OriginalPage, how: Return) -> None:
    """One character more at a number's end is no word, and is still seen: as a doubt."""
    (found,) = observed(page, appended, how)
    assert found.how == "added"
    assert found.confidence < LIMITS.judge.altered_sure


@pytest.mark.parametrize(
    ("rows", "high", "told"), [(1, 2.5, 1), (2, 2.5, 2), (3, 2.5, 0), (1, 8.0, 0)], ids=str
)
def test_pale_words_are_for_a_person_where_they_are_few(
    page: OriginalPage, rows: int, high: float, told: int
) -> None:
    """In many places they are the other side of the sheet; as high as wide, a clerk's pencil tick."""
    registered = register(SCAN.raster(page), SCAN.sighting(page), page, LIMITS.registration)
    assert registered is not None
    box = phrase(page, "有关材料已向项目")
    pale = tuple(
        InkCluster(Box(box.x0, y, box.x0 + 9, y + high), 8.0, 0.4, 0.5)
        for y in (box.y1 + 1 + 5 * row for row in range(rows))
    )
    empty = np.zeros(registered.grey.shape, np.float32)
    loose = AddedInk(empty, empty > 0, (), pale, ())
    found = words_put_in(registered, loose, LIMITS.printed, [])
    assert len(found) == told
    assert all(one.confidence < LIMITS.judge.altered_sure for one in found)


@pytest.mark.parametrize("how", [SCAN, RETURNS["photograph"]], ids=["scan", "photograph"])
def test_a_character_replaced_beside_a_field_is_seen(issued: Any, originals: Originals, how: Return) -> None:
    """Writing may run over from a field, but adds to what is printed there, and takes nothing away."""
    page = originals.page(issued.of("assessment").number, 1)
    found = observed(page, word_by_a_field, how)
    assert [one.how for one in found] == ["changed"]


def test_an_alteration_is_found_where_it_is(page: OriginalPage) -> None:
    """The box and the text of an alteration are those of the characters concerned."""
    (found,) = observed(page, whited)
    assert "移交完毕" in found.text
    assert found.box.overlap_mm2(phrase(page, "移交完毕")) > 0


INNOCENT: dict[str, Spoil | None] = {
    "nothing": None,
    "seal": seal,
    "slice of a seal": slice_of_a_seal,
    "punched": punched,
    "pencil": pencil,
    "folded": folded,
    "overflowing": overflowing,
    "running into print": running_into_print,
}


@pytest.mark.parametrize("kind", INNOCENT)
def test_what_people_leave_on_a_form_is_no_alteration(page: OriginalPage, kind: str) -> None:
    """A seal over text, punch holes, a pencil tick, a fold, writing that runs over: print is as it was."""
    assert observed(page, INNOCENT[kind]) == ()


def test_a_spoilt_page_mark_and_page_number_alter_nothing(issued: Any, originals: Originals) -> None:
    """Marks and page number stand outside the 版心 and are no content: ink over them neither alters nor hides print."""
    page = originals.page(issued.of("completion").number, 2)
    drawn = page.grey.copy()
    blotted(page, drawn)
    registered = register(SCAN.raster(page, drawn), SCAN.sighting(page), page, LIMITS.registration)
    assert registered is not None
    assert observe_print(page_layers(registered, LIMITS.ink), LIMITS.printed) == ()
    assert unseen_print(page_layers(registered, LIMITS.ink), LIMITS.printed) == ()


@pytest.mark.parametrize("how", RETURNS.values(), ids=RETURNS.keys())
def test_unaltered_print_is_unaltered_however_it_comes_back(page: OriginalPage, how: Return) -> None:
    """No way of scanning is taken for an alteration."""
    assert [one for one in observed(page, None, how) if one.confidence >= LIMITS.judge.altered_sure] == []


def test_on_a_rolled_sheet_no_unaltered_character_is_surely_altered(page: OriginalPage) -> None:
    """Where paper is too uneven for print to lie on print everywhere, a person looks at what seems altered."""
    found = [one for one in observed(page, None, ROLLED) if one.how != "added"]
    assert [one for one in found if one.confidence >= LIMITS.judge.altered_sure] == []


def test_words_that_a_frame_line_cuts_in_two_are_one() -> None:
    """Too low each, together they are as high as words; what lies level on both sides of a line is the line's."""
    above, below = Box(73.3, 45.0, 80.9, 45.9), Box(74.5, 47.1, 77.4, 47.9)
    halves = [InkCluster(above, 4.2, 0.17, 0.6), InkCluster(below, 1.3, 0.34, 0.6)]
    (whole,) = _astride(halves, LIMITS.printed)
    assert whole.box == above.union(below)
    assert not list(_astride([replace(one, ragged_mm=0.1) for one in halves], LIMITS.printed))


def test_small_words_that_hang_on_a_frame_line_are_no_line() -> None:
    """As low as a displaced line and as even along the frame, but blacker: between its letters a line leaves less."""
    words = InkCluster(Box(59.1, 86.36, 71.3, 87.38), 9.7, 0.0, 0.59)
    assert not _is_ruled(words, LIMITS.printed)
    assert _is_ruled(replace(words, ink_mm2=0.72 * words.box.width), LIMITS.printed)


def test_print_off_the_picture_is_unseen_not_altered(issued: Any, originals: Originals) -> None:
    """Lines that were cut away are told as unseen, within the page's print, and nothing else is."""
    page = originals.page(issued.of("authorisation").number, 1)
    cut = Return(flat(200, move=(0, -45)), A4_200)
    registered = register(cut.raster(page), cut.sighting(page, marks=2), page, LIMITS.registration)
    assert registered is not None
    boxes = unseen_print(page_layers(registered, LIMITS.ink), LIMITS.printed)
    assert boxes and max(box.y1 for box in boxes) < 50
    whole = register(SCAN.raster(page), SCAN.sighting(page), page, LIMITS.registration)
    assert whole is not None and unseen_print(page_layers(whole, LIMITS.ink), LIMITS.printed) == ()


@pytest.mark.parametrize(("text", "lost"), [("：", 0), ("1", 1)])
def test_of_what_a_rim_hides_only_punctuation_does_not_matter(
    page: OriginalPage, text: str, lost: int
) -> None:
    """Nothing hangs on the colon of a label under a seal's rim; a digit there cannot be seen."""
    drawn = page.grey.copy()
    rim_over(text)(page, drawn)
    registered = register(SCAN.raster(page, drawn), SCAN.sighting(page), page, LIMITS.registration)
    assert registered is not None
    assert len(unseen_print(page_layers(registered, LIMITS.ink), LIMITS.printed)) == lost


def test_a_scan_that_made_print_thick_took_nothing_away(issued: Any, originals: Originals) -> None:
    """Where a scan is as black as it gets nothing is missing, however much less black its thick strokes let it seem."""
    page = originals.page(issued.of("assessment").number, 1)

    def thick(picture: Image) -> Image:
        black = np.where(picture < 190, 0, 255).astype(np.uint8)
        return np.asarray(cv2.erode(black, np.ones((4, 4), np.uint8)), np.uint8)

    how = replace(SCAN, finish=thick)
    assert [one.text for one in observed(page, None, how) if one.how != "added"] == []


@pytest.mark.parametrize("bitonal", [True, False])
@pytest.mark.parametrize(("solid", "rows", "told"), [(0.13, 1, 1), (0.18, 2, 2), (0.13, 3, 0), (0.08, 1, 0)])
def test_words_of_which_a_scan_left_little_are_for_a_person(
    page: OriginalPage, solid: float, rows: int, told: int, bitonal: bool
) -> None:
    """A copy made them pale, a threshold left dots; in many places they are the other side of the sheet."""
    registered = register(SCAN.raster(page), SCAN.sighting(page), page, LIMITS.registration)
    assert registered is not None
    box = phrase(page, "有关材料已向项目")
    row = Box(box.x0, box.y1 + 1, box.x0 + 9, box.y1 + 3.5)
    clusters = tuple(
        InkCluster(Box(row.x0, row.y0 + 5 * number, row.x1, row.y1 + 5 * number), 8.0, 0.4, solid)
        for number in range(rows)
    )
    empty = np.zeros(registered.grey.shape, np.float32)
    loose = AddedInk(empty, empty > 0, clusters, (), ())
    found = words_put_in(replace(registered, bitonal=bitonal), loose, LIMITS.printed, [])
    assert len(found) == told
    assert all(one.confidence < LIMITS.judge.altered_sure for one in found)


def test_print_that_a_copy_broke_to_pieces_cannot_be_seen(page: OriginalPage) -> None:
    """No change would show among pieces: nothing is said to be altered, and nothing passes for unaltered."""

    def broken(picture: Image) -> Image:
        grain = np.random.default_rng(3).normal(0, 1, picture.shape).astype(np.float32)
        lost = cv2.GaussianBlur(grain, (0, 0), 1.6) > -0.06
        return np.where(lost, np.uint8(255), np.where(picture < 150, 0, 255)).astype(np.uint8)

    how = replace(SCAN, finish=broken)
    registered = register(how.raster(page), how.sighting(page), page, LIMITS.registration)
    assert registered is not None
    assert observe_print(page_layers(registered, LIMITS.ink), LIMITS.printed) == ()
    (lost,) = unseen_print(page_layers(registered, LIMITS.ink), LIMITS.printed)
    assert all(lost.holds(glyph.box.centre) for glyph in page.glyphs)


def test_where_very_many_places_seem_altered_the_page_lies_badly(page: OriginalPage) -> None:
    """Nobody alters a dozen places of a page: a person looks, and two are altered all the same."""

    def many(count: int) -> Spoil:
        def spoil(page: OriginalPage, picture: Image) -> None:
            han = [glyph for glyph in page.glyphs if glyph.text.isalpha() and not glyph.text.isascii()]
            for glyph in han[4 :: len(han) // (count + 1)][:count]:
                window(picture, glyph.box.all_round(0.2))[:] = 255

        return spoil

    sure = LIMITS.judge.altered_sure
    few, all_over = observed(page, many(2)), observed(page, many(14))
    assert few and all(one.confidence >= sure for one in few)
    assert len(all_over) >= LIMITS.printed.many_places
    assert all(one.confidence < sure for one in all_over)
