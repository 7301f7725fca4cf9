"""The printed text of a page that never was paper, compared with the page that was issued.

Characters are taken with their places and put into reading order here, so that two files made by different programs
compare alike. Typed text may stand in the open fields; anything else that differs is an alteration. pdfium reads the
text, not pdfplumber: docs/decisions/0017-pypdf-and-pdfplumber.md.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from extractors.model import Alteration
from forms.geometry import Box, FieldArea

#: How far outside its area typed text may stand, in mm: flatteners and printers move it a little.
_AROUND_MM = 2.0
#: Below this share of equal characters it is another page, or its text cannot be read: nothing can be said.
_ALIKE = 0.6
_SURE = 0.98
#: What pdfium reports for characters it made up, and what has no width.
_NOT_PRINTED = "\x00\ufffe\ufeff\u200b"


@dataclass(frozen=True, slots=True)
class PageCharacter:
    """One character and its box in mm of the issued page."""

    text: str
    box: Box


def page_text(
    page: pdfium.PdfPage, media_box: tuple[float, float, float, float], size_mm: tuple[float, float]
) -> tuple[PageCharacter, ...]:
    """A page's characters in reading order, in the frame of an issued page (width and height: ``size_mm``).

    ``media_box``: left, bottom, right, top of the sheet in points; a print may have been scaled to another size of
    paper, cropped, or turned for the screen, and its text still stands where it stood on the sheet.
    """
    left, bottom, right, top = media_box
    across, down = size_mm[0] / (right - left), size_mm[1] / (top - bottom)
    text = page.get_textpage()
    try:
        found = [
            PageCharacter(
                one, Box((x0 - left) * across, (top - y1) * down, (x1 - left) * across, (top - y0) * down)
            )
            for one, (x0, y0, x1, y1) in _characters(text)
        ]
    finally:
        text.close()
    return tuple(_in_reading_order(found))


def _characters(text: pdfium.PdfTextPage) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Every character that leaves ink, with left, bottom, right, top of its place in points."""
    for index in range(text.count_chars()):
        character = unicodedata.normalize("NFKC", text.get_text_range(index, 1)).strip(_NOT_PRINTED)
        if character.strip():
            yield character, text.get_charbox(index, loose=True)


def _in_reading_order(characters: Sequence[PageCharacter]) -> Iterator[PageCharacter]:
    """Line by line from the top, each from the left: characters whose middles lie within half a line are of
    one line.
    """
    line: list[PageCharacter] = []
    for one in sorted(characters, key=lambda one: one.box.y0 + one.box.y1):
        if line and one.box.centre[1] - line[0].box.centre[1] > max(1.0, line[0].box.height / 2):
            yield from sorted(line, key=lambda other: other.box.x0)
            line = []
        line.append(one)
    yield from sorted(line, key=lambda other: other.box.x0)


def likeness(issued: Sequence[PageCharacter], returned: Sequence[PageCharacter]) -> float:
    """How much of the issued text stands in the returned one: 0..1."""
    if not issued:
        return 0.0
    matcher = difflib.SequenceMatcher(
        None, [one.text for one in issued], [one.text for one in returned], autojunk=False
    )
    return sum(block.size for block in matcher.get_matching_blocks()) / len(issued)


def alterations(
    issued: Sequence[PageCharacter], returned: Sequence[PageCharacter], areas: Sequence[FieldArea], page: int
) -> tuple[Alteration, ...]:
    """Where the returned print differs from the issued one, outside the open fields."""
    inside = [area.box.all_round(_AROUND_MM) for area in areas]
    before = [one for one in issued if not _within(one, inside)]
    after = [one for one in returned if not _within(one, inside)]
    if likeness(before, after) < _ALIKE:
        return ()
    matcher = difflib.SequenceMatcher(
        None, [one.text for one in before], [one.text for one in after], autojunk=False
    )
    return tuple(
        _alteration(before[i1:i2], after[j1:j2], page)
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    )


def typed(returned: Sequence[PageCharacter], issued: Sequence[PageCharacter], area: FieldArea) -> str:
    """What stands in an open area beyond what was printed there."""
    found = [one for one in returned if _within(one, [area.box])]
    for printed in (one for one in issued if _within(one, [area.box])):
        same = [one for one in found if one.text == printed.text]
        if same:  # typed characters may be the printed ones' like: the nearest is the printed one
            found.remove(min(same, key=lambda one: _distance(one.box, printed.box)))
    return "".join(one.text for one in found)


def _distance(one: Box, other: Box) -> float:
    (x, y), (u, v) = one.centre, other.centre
    return abs(x - u) + abs(y - v)


def _within(one: PageCharacter, boxes: Sequence[Box]) -> bool:
    x, y = one.box.centre
    return any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in boxes)


def _alteration(before: Sequence[PageCharacter], after: Sequence[PageCharacter], page: int) -> Alteration:
    places = before or after
    box = places[0].box
    for one in places[1:]:
        box = box.union(one.box)
    was, now = "".join(one.text for one in before), "".join(one.text for one in after)
    if was and now:
        return Alteration(
            page=page, box=box, how="changed", text=was, confidence=_SURE, reason=f"“{was}”被改成“{now}”"
        )
    if was:
        return Alteration(
            page=page, box=box, how="removed", text=was, confidence=_SURE, reason=f"“{was}”被删去"
        )
    return Alteration(page=page, box=box, how="added", text=now, confidence=_SURE, reason=f"多出“{now}”")
