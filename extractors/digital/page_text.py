"""The printed text of a page that never was paper, held against the page that was issued.

Characters are taken with their places and put into reading order here, so that two files made by different programs
compare alike. Typed text may stand in the open fields; anything else that differs is an alteration.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium

from extractors.model import Alteration
from forms.geometry import MM_PER_PT, Box, FieldArea

#: How far outside its area typed text may stand, in mm: flatteners and printers move it a little.
_AROUND_MM = 2.0
#: Below this share of equal characters it is another page, or its text cannot be read: nothing can be said.
_ALIKE = 0.6
_SURE = 0.98


@dataclass(frozen=True, slots=True)
class Placed:
    """One character and its box in mm."""

    text: str
    box: Box


def placed_text(page: pdfium.PdfPage, width_mm: float, height_mm: float) -> tuple[Placed, ...]:
    """A page's characters in reading order, in the frame of a page of this size (a print may have been scaled)."""
    width_pt, height_pt = page.get_size()
    text = page.get_textpage()
    try:
        found = list(_characters(text, height_pt))
    finally:
        text.close()
    across, down = width_mm / (width_pt * MM_PER_PT), height_mm / (height_pt * MM_PER_PT)
    scaled = [
        Placed(one.text, Box(one.box.x0 * across, one.box.y0 * down, one.box.x1 * across, one.box.y1 * down))
        for one in found
    ]
    return tuple(_in_reading_order(scaled))


def _characters(text: pdfium.PdfTextPage, height_pt: float) -> Iterator[Placed]:
    for index in range(text.count_chars()):
        character = unicodedata.normalize("NFKC", text.get_text_range(index, 1)).strip(
            "\x00\ufffe\ufeff\u200b"
        )
        if character.strip():
            left, bottom, right, top = text.get_charbox(index, loose=True)
            yield Placed(character, Box.from_pdf((left, bottom, right, top), height_pt))


def _in_reading_order(characters: Sequence[Placed]) -> Iterator[Placed]:
    """Line by line from the top, each from the left: characters whose middles lie within half a line are of
    one line.
    """
    line: list[Placed] = []
    for one in sorted(characters, key=lambda one: one.box.y0 + one.box.y1):
        if line and one.box.centre[1] - line[0].box.centre[1] > max(1.0, line[0].box.height / 2):
            yield from sorted(line, key=lambda other: other.box.x0)
            line = []
        line.append(one)
    yield from sorted(line, key=lambda other: other.box.x0)


def likeness(issued: Sequence[Placed], returned: Sequence[Placed]) -> float:
    """How much of the issued text stands in the returned one: 0..1."""
    if not issued:
        return 0.0
    matcher = difflib.SequenceMatcher(
        None, [one.text for one in issued], [one.text for one in returned], autojunk=False
    )
    return sum(block.size for block in matcher.get_matching_blocks()) / len(issued)


def alterations(
    issued: Sequence[Placed], returned: Sequence[Placed], areas: Sequence[FieldArea], page: int
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


def typed(returned: Sequence[Placed], issued: Sequence[Placed], area: FieldArea) -> str:
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


def _within(one: Placed, boxes: Sequence[Box]) -> bool:
    x, y = one.box.centre
    return any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in boxes)


def _alteration(before: Sequence[Placed], after: Sequence[Placed], page: int) -> Alteration:
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
