"""Print that does not stand as issued is seen; what people may leave on a form is not taken for it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from extractors.model import PX_PER_MM, Alteration, Glyph, Image, OriginalPage
from extractors.observe.ink_pieces import Cluster, Pixels, boxes_of
from extractors.observe.inserted import _astride
from extractors.observe.inserted import inserted as words_put_in
from extractors.observe.joining import REACH
from extractors.observe.loose_ink import LooseInk, _reaching
from extractors.observe.printed import observe_print, unseen_print
from extractors.originals import Originals
from extractors.register import register
from extractors.thresholds import load_thresholds
from forms.geometry import Box
from forms.page_mark import mark_boxes
from tests.extractors.returns import A4_200, RETURNS, ROLLED, SCAN, Return, flat

pytestmark = pytest.mark.office
LIMITS = load_thresholds()
Spoil = Callable[[OriginalPage, Image], None]


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
    return observe_print(registered, LIMITS.printed)


def window(picture: Image, box: Box) -> Image:
    """The px of a box of mm."""
    x0, y0, x1, y1 = (round(edge * PX_PER_MM) for edge in (box.x0, box.y0, box.x1, box.y1))
    return picture[y0 : y1 + 1, x0 : x1 + 1]


def phrase(page: OriginalPage, text: str) -> Box:
    """Where a phrase is printed, on one line."""
    start = "".join(glyph.text for glyph in page.glyphs).index(text)
    box = page.glyphs[start].box
    for glyph in page.glyphs[start : start + len(text)]:
        box = box.union(glyph.box)
    return box


def other_digit(page: OriginalPage, picture: Image) -> None:
    """In the project's code one digit becomes another of the same face."""
    digits = [glyph for glyph in page.glyphs if glyph.text.isdigit() and 55 < glyph.box.y0 < 110]
    target = next(glyph for glyph in digits if glyph.text == "9")
    donor = next(glyph for glyph in digits if glyph.text == "2")
    patch = window(picture, donor.box.all_round(0.1)).copy()
    window(picture, target.box.all_round(0.1))[:] = 255
    x, y = (round(edge * PX_PER_MM) for edge in (target.box.x0 - 0.1, target.box.y0 - 0.1))
    picture[y : y + patch.shape[0], x : x + patch.shape[1]] = patch


def appended(page: OriginalPage, picture: Image) -> None:
    """The form's number has one digit more at its end."""
    last = phrase(page, "附件3")
    donor = next(glyph for glyph in page.glyphs if glyph.text == "2" and 55 < glyph.box.y0 < 110)
    patch = window(picture, donor.box).copy()
    x, y = round((last.x1 + 0.7) * PX_PER_MM), round((last.y0 + 0.5) * PX_PER_MM)
    room = picture[y : y + patch.shape[0], x : x + patch.shape[1]]
    np.minimum(room, patch, out=room)


def struck(page: OriginalPage, picture: Image) -> None:
    """A pen's line through seven characters."""
    box = phrase(page, "有关材料已向项目")
    ends = [
        (round(x * PX_PER_MM), round((box.centre[1] + y) * PX_PER_MM))
        for x, y in ((box.x0, -0.4), (box.x1, 0.5))
    ]
    cv2.line(picture, ends[0], ends[1], 60, 3, cv2.LINE_AA)


def struck_heading(page: OriginalPage, picture: Image) -> None:
    """A thin pen at a slant through the bold title, seen only between its strokes."""
    box = phrase(page, "服务办结单")
    ends = [
        (round(x * PX_PER_MM), round((box.centre[1] + y) * PX_PER_MM))
        for x, y in ((box.x0 - 1, 1.0), (box.x1 + 1, -0.8))
    ]
    cv2.line(picture, ends[0], ends[1], 70, 2, cv2.LINE_AA)


def three_made_eight(page: OriginalPage, picture: Image) -> None:
    """A 3 of a list's number becomes an 8: little ink more, and much the same shape."""
    _replaced(page, picture, "3", "8")


def nought_made_six(page: OriginalPage, picture: Image) -> None:
    """The same with a 0."""
    _replaced(page, picture, "0", "6")


def _replaced(page: OriginalPage, picture: Image, old: str, new: str) -> None:
    """One character for another of the same size, its foot on the same line."""
    pairs = [
        (target, donor)
        for target in page.glyphs
        for donor in page.glyphs
        if (target.text, donor.text) == (old, new) and abs(target.box.height - donor.box.height) < 0.1
    ]
    _put(picture, *pairs[0])


def _put(picture: Image, target: Glyph, donor: Glyph, aside_mm: float = 0.0) -> None:
    """One character where another stood, so far to the left, its foot on the same line."""
    patch = window(picture, donor.box).copy()
    window(picture, target.box.all_round(0.1))[:] = 255
    x = round((target.box.x0 - aside_mm) * PX_PER_MM)
    y = round(target.box.y1 * PX_PER_MM) + 1 - patch.shape[0]
    picture[y : y + patch.shape[0], x : x + patch.shape[1]] = patch


def whited(page: OriginalPage, picture: Image) -> None:
    """Four characters under correction fluid."""
    window(picture, phrase(page, "移交完毕").all_round(0.4))[:] = 250


def inserted(page: OriginalPage, picture: Image) -> None:
    """Small printed words between two lines."""
    words = window(picture, phrase(page, "已移交材料如下"))
    small = cv2.resize(words, None, fx=0.55, fy=0.55, interpolation=cv2.INTER_AREA)
    box = phrase(page, "已移交材料如下")
    x, y = round((box.x1 + 8) * PX_PER_MM), round((box.y1 + 0.8) * PX_PER_MM)
    picture[y : y + small.shape[0], x : x + small.shape[1]] = small


def above_the_title(page: OriginalPage, picture: Image) -> None:
    """Small printed words in the gap above the title, close to no line."""
    words = window(picture, phrase(page, "已移交材料如下"))
    small = cv2.resize(words, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    title = phrase(page, "服务办结单")
    x, y = round(title.x0 * PX_PER_MM), round((title.y0 - 5.8) * PX_PER_MM) - small.shape[0]
    picture[y : y + small.shape[0], x : x + small.shape[1]] = small


def inside_an_edge(page: OriginalPage, picture: Image) -> None:
    """Words put in between two lines of a sheet whose own edge shows dark all around."""
    inserted(page, picture)
    edge = round(6 * PX_PER_MM)
    height, width = picture.shape
    cv2.rectangle(picture, (edge, edge), (width - edge, height - edge), 90, 3)


def seal(page: OriginalPage, picture: Image) -> None:
    """A round seal, grey as a grey scan shows it, over the text."""
    x, y = (round(value * PX_PER_MM) for value in phrase(page, "有关材料已向项目").centre)
    over = np.full_like(picture, 255)
    cv2.circle(over, (x, y), round(20 * PX_PER_MM), 110, 7, cv2.LINE_AA)
    np.minimum(picture, over, out=picture)


def slice_of_a_seal(page: OriginalPage, picture: Image) -> None:
    """What a black seal across the edges of several pages leaves on this one: pieces of its rim, letters, a star."""
    x, y = picture.shape[1] - round(2 * PX_PER_MM), round(150 * PX_PER_MM)
    over = np.full_like(picture, 255)
    for start in (105, 210):
        cv2.ellipse(over, (x, y), (round(19 * PX_PER_MM),) * 2, 0, start, start + 45, 30, 6, cv2.LINE_AA)
    words = window(picture, phrase(page, "移交"))
    small = cv2.resize(words, None, fx=0.8, fy=0.8, interpolation=cv2.INTER_AREA)
    for down in (-9, 5):
        top, left = y + round(down * PX_PER_MM), x - round(12 * PX_PER_MM)
        over[top : top + small.shape[0], left : left + small.shape[1]] = small
    over[:, : x - round(16 * PX_PER_MM)] = 255
    np.minimum(picture, over, out=picture)


def punched(page: OriginalPage, picture: Image) -> None:
    """Two punch holes at the left edge, a fleck beside one of them."""
    y = round(107 * PX_PER_MM)
    cv2.line(picture, (round(16 * PX_PER_MM), y), (round(17.4 * PX_PER_MM), y + 3), 60, 2, cv2.LINE_AA)
    for y in (108, 188):
        cv2.circle(
            picture, (round(12 * PX_PER_MM), round(y * PX_PER_MM)), round(3 * PX_PER_MM), 20, -1, cv2.LINE_AA
        )


def pencil(page: OriginalPage, picture: Image) -> None:
    """A clerk's light tick in the margin."""
    points = np.array([[24, 100], [26, 103], [31, 96]]) * PX_PER_MM
    cv2.polylines(picture, [points.astype(np.int32)], False, 190, 2, cv2.LINE_AA)


def folded(page: OriginalPage, picture: Image) -> None:
    """A fold across the sheet."""
    cv2.line(
        picture, (0, round(120 * PX_PER_MM)), (picture.shape[1], round(121 * PX_PER_MM)), 200, 2, cv2.LINE_AA
    )


def overflowing(page: OriginalPage, picture: Image) -> None:
    """Handwriting in an open field that runs over its edge."""
    for area in (area for area in page.areas if area.is_open):
        x, y = round((area.box.x1 - 4) * PX_PER_MM), round(area.box.centre[1] * PX_PER_MM)
        cv2.ellipse(picture, (x, y), (40, 14), 10, 0, 300, 50, 3, cv2.LINE_AA)


def running_into_print(page: OriginalPage, picture: Image) -> None:
    """The level stroke of a digit in an open field that goes on over the character before it."""
    for area in (area for area in page.areas if area.is_open):
        x, y = area.box.x0, round((area.box.centre[1] - 0.5) * PX_PER_MM)
        cv2.line(
            picture, (round((x - 3.5) * PX_PER_MM), y), (round((x + 8) * PX_PER_MM), y), 60, 2, cv2.LINE_AA
        )


def blotted(page: OriginalPage, picture: Image) -> None:
    """Ink run over the lower page mark, its letters and the page number beside it."""
    x, y = mark_boxes(page.width_mm, page.height_mm)[1].centre
    centre = (round((x + 3) * PX_PER_MM), round((y - 4) * PX_PER_MM))
    cv2.ellipse(
        picture, centre, (round(24 * PX_PER_MM), round(11 * PX_PER_MM)), 0, 0, 360, 30, -1, cv2.LINE_AA
    )


def one_made_nought(page: OriginalPage, picture: Image) -> None:
    """A list's "1." becomes "0.": two characters by themselves, and a stem like a 0's side."""
    text = "".join(glyph.text for glyph in page.glyphs)
    target = page.glyphs[text.index("1.")]
    donor = next(
        glyph
        for glyph in page.glyphs
        if glyph.text == "0" and abs(glyph.box.height - target.box.height) < 0.15
    )
    _put(picture, target, donor, aside_mm=0.3)


def word_by_a_field(page: OriginalPage, picture: Image) -> None:
    """A character beside an open field, where writing may run over, becomes another one."""
    areas = [area.box for area in page.areas if area.is_open]
    han = [glyph for glyph in page.glyphs if glyph.text.isalpha() and not glyph.text.isascii()]
    target = next(
        glyph
        for glyph in han
        if glyph.box.height > 3
        and any(box.grown(up=2, down=2).overlap_mm2(glyph.box) > 0 for box in areas)
        and not any(box.all_round(0.8).overlap_mm2(glyph.box) > 0 for box in areas)
    )
    donor = next(
        glyph
        for glyph in han
        if glyph.text != target.text and abs(glyph.box.height - target.box.height) < 0.2
    )
    _put(picture, target, donor)


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
        Cluster(Box(box.x0, y, box.x0 + 9, y + high), 8.0, 0.4, 0.5)
        for y in (box.y1 + 1 + 5 * row for row in range(rows))
    )
    empty = np.zeros(registered.grey.shape, np.float32)
    loose = LooseInk(empty, empty > 0, (), pale, ())
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
    assert observe_print(registered, LIMITS.printed) == ()
    assert unseen_print(registered, LIMITS.printed) == ()


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
    halves = [Cluster(above, 4.2, 0.17, 0.6), Cluster(below, 1.3, 0.34, 0.6)]
    (whole,) = _astride(halves, LIMITS.printed)
    assert whole.box == above.union(below)
    assert not list(_astride([replace(one, ragged_mm=0.1) for one in halves], LIMITS.printed))


def test_print_off_the_picture_is_unseen_not_altered(issued: Any, originals: Originals) -> None:
    """Lines that were cut away are told as unseen, within the page's print, and nothing else is."""
    page = originals.page(issued.of("authorisation").number, 1)
    cut = Return(flat(200, move=(0, -45)), A4_200)
    registered = register(cut.raster(page), cut.sighting(page, marks=2), page, LIMITS.registration)
    assert registered is not None
    boxes = unseen_print(registered, LIMITS.printed)
    assert boxes and max(box.y1 for box in boxes) < 50
    whole = register(SCAN.raster(page), SCAN.sighting(page), page, LIMITS.registration)
    assert whole is not None and unseen_print(whole, LIMITS.printed) == ()


def test_a_scan_that_made_print_thick_took_nothing_away(issued: Any, originals: Originals) -> None:
    """Where a scan is as black as it gets nothing is missing, however much less black its thick strokes let it seem."""
    page = originals.page(issued.of("assessment").number, 1)

    def thick(picture: Image) -> Image:
        black = np.where(picture < 190, 0, 255).astype(np.uint8)
        return np.asarray(cv2.erode(black, np.ones((4, 4), np.uint8)), np.uint8)

    how = replace(SCAN, finish=thick)
    assert [one.text for one in observed(page, None, how) if one.how != "added"] == []


def test_what_reaches_a_field_by_the_print_beside_it_only_is_not_written_there() -> None:
    """Words on a rough frame line run along it into a box's own frame; a tick has ink of its own in the box."""
    at = np.arange(40, dtype=np.int64)
    labels = np.repeat(np.array([1, 2, 3], np.int32), (20, 10, 10))
    inked = np.ones(40, np.bool_)
    clear = np.repeat([True, True, False], (20, 10, 10))
    clear[15:20] = False
    pixels = Pixels(at, labels, inked, clear, 4)
    zone = np.zeros(40, np.bool_)
    zone[15:] = True
    assert _reaching(pixels, zone, LIMITS.printed).tolist() == [False, False, True, True]


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
        Cluster(Box(row.x0, row.y0 + 5 * number, row.x1, row.y1 + 5 * number), 8.0, 0.4, solid)
        for number in range(rows)
    )
    empty = np.zeros(registered.grey.shape, np.float32)
    loose = LooseInk(empty, empty > 0, clusters, (), ())
    found = words_put_in(replace(registered, bitonal=bitonal), loose, LIMITS.printed, [])
    assert len(found) == told
    assert all(one.confidence < LIMITS.judge.altered_sure for one in found)


def test_what_a_word_is_joined_to_along_a_rough_line_makes_it_no_streak() -> None:
    """Its size is that of its own ink: grain on the frame line is as long as the line."""
    at = np.arange(1000, dtype=np.int64)
    clear = np.zeros(1000, np.bool_)
    clear[400:440] = True
    labels = np.ones(1000, np.int32)
    pixels = Pixels(at, labels, np.ones(1000, np.bool_), clear, 3)
    around = np.array([[0, 0, 1000, 1], [0, 0, 1000, 1], [5, 6, 7, 8]], np.int32)
    assert boxes_of(pixels, around, 1000).tolist() == [
        [0, 0, 1000, 1],
        [400 - REACH, -REACH, 40 + 2 * REACH, 1 + 2 * REACH],
        [5, 6, 7, 8],
    ]


def test_print_that_a_copy_broke_to_pieces_cannot_be_seen(page: OriginalPage) -> None:
    """No change would show among pieces: nothing is said to be altered, and nothing passes for unaltered."""

    def broken(picture: Image) -> Image:
        grain = np.random.default_rng(3).normal(0, 1, picture.shape).astype(np.float32)
        lost = cv2.GaussianBlur(grain, (0, 0), 1.6) > -0.06
        return np.where(lost, np.uint8(255), np.where(picture < 150, 0, 255)).astype(np.uint8)

    how = replace(SCAN, finish=broken)
    registered = register(how.raster(page), how.sighting(page), page, LIMITS.registration)
    assert registered is not None
    assert observe_print(registered, LIMITS.printed) == ()
    (lost,) = unseen_print(registered, LIMITS.printed)
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
