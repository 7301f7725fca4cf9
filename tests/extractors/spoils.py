"""What somebody may do to a page on paper: alterations, and what people leave on a form. Each draws on a picture of the
page at the working resolution.
"""

from collections.abc import Callable

import cv2
import numpy as np

from extractors.model import PX_PER_MM, Glyph, Image, OriginalPage
from forms.geometry import Box
from forms.page_mark import mark_boxes

Spoil = Callable[[OriginalPage, Image], None]


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


def rim_over(text: str) -> Spoil:
    """The rim of a seal, black and 1.4 mm wide, runs over the last such character, not over the next ones."""

    def spoil(page: OriginalPage, picture: Image) -> None:
        x, y = [glyph.box for glyph in page.glyphs if glyph.text == text][-1].centre
        middle = round((x + 20) * PX_PER_MM), round(y * PX_PER_MM)
        cv2.circle(picture, middle, round(20 * PX_PER_MM), 20, round(1.4 * PX_PER_MM), cv2.LINE_AA)

    return spoil


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
