"""The printed text of a page that never was paper, compared with the page that was issued.

Characters are taken with their places and put into reading order here, so that two files made by different programs
compare alike. Typed text may stand in the open fields; anything else that differs is an alteration. pdfium reads the
text, not pdfplumber: docs/decisions/0017-pypdf-and-pdfplumber.md.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.digital.shown_page import PointBox, ShownCharacter
from extractors.model import Alteration
from extractors.thresholds import load_thresholds
from forms.geometry import Box, FieldArea


@dataclass(frozen=True, slots=True)
class PageCharacter:
    """One character and its box in mm of the issued page. ``source``: how it stands in its file."""

    text: str
    box: Box
    source: ShownCharacter | None = None

    @property
    def visible(self) -> bool:
        """Whether it is to be seen where it stands."""
        return self.source is None or self.source.visible


def placed(
    characters: Sequence[ShownCharacter], to_mm: Callable[[PointBox], Box]
) -> tuple[PageCharacter, ...]:
    """A page's characters in reading order, in the frame of an issued page."""
    found = [PageCharacter(one.text, to_mm(one.line), one) for one in characters]
    return tuple(_in_reading_order(found))


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
    issued: Sequence[PageCharacter],
    returned: Sequence[PageCharacter],
    areas: Sequence[FieldArea],
    page: int,
    *,
    same_layout: bool = True,
) -> tuple[Alteration, ...]:
    """Where the returned print differs from the issued one, outside the open fields.

    Text that runs out of a field over the print beside it was typed there by a program that does not wrap Chinese: a
    person looks, and so where a program has laid out the page anew (not ``same_layout``).
    """
    limits = load_thresholds().digital
    inside = [area.box.all_round(limits.field_reach_mm) for area in areas]
    before = [one for one in issued if not _within(one, inside)]
    after = [one for one in returned if not _within(one, inside)]
    if likeness(before, after) < limits.text_alike:
        return ()
    matcher = difflib.SequenceMatcher(
        None, [one.text for one in before], [one.text for one in after], autojunk=False
    )
    return tuple(
        _alteration(
            before[i1:i2],
            after[j1:j2],
            page,
            limits.altered
            if same_layout and not _runs_out(after[j1:j2], inside)
            else limits.altered_doubtful,
        )
        for tag, i1, i2, j1, j2 in matcher.get_opcodes()
        if tag != "equal"
    )


def _runs_out(added: Sequence[PageCharacter], inside: Sequence[Box]) -> bool:
    """Whether characters go on from a field, in its line or below it, without a gap."""
    return bool(added) and any(_adjoins(added[0].box, box) or _adjoins(added[-1].box, box) for box in inside)


def _adjoins(one: Box, field: Box) -> bool:
    gap = 1.5 * max(one.height, one.width)
    _, middle = one.centre
    beside = field.y0 <= middle <= field.y1 and field.x0 - gap <= one.x1 and one.x0 <= field.x1 + gap
    below = field.y1 <= middle <= field.y1 + gap and field.x0 - gap <= one.x0 <= field.x1 + gap
    return beside or below


def typed(returned: Sequence[PageCharacter], issued: Sequence[PageCharacter], area: FieldArea) -> str:
    """What stands in an open area beyond what was printed there."""
    return "".join(one.text for one in typed_characters(returned, issued, area))


def typed_characters(
    returned: Sequence[PageCharacter], issued: Sequence[PageCharacter], area: FieldArea
) -> list[PageCharacter]:
    """The characters that stand in an open area beyond what was printed there, seen or not."""
    found = [one for one in returned if _within(one, [area.box])]
    for printed in (one for one in issued if _within(one, [area.box])):
        same = [one for one in found if one.text == printed.text]
        if same:  # typed characters may be the printed ones' like: the nearest is the printed one
            found.remove(min(same, key=lambda one: _distance(one.box, printed.box)))
    return found


def _distance(one: Box, other: Box) -> float:
    (x, y), (u, v) = one.centre, other.centre
    return abs(x - u) + abs(y - v)


def _within(one: PageCharacter, boxes: Sequence[Box]) -> bool:
    x, y = one.box.centre
    return any(box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1 for box in boxes)


def _alteration(
    before: Sequence[PageCharacter], after: Sequence[PageCharacter], page: int, confidence: float
) -> Alteration:
    places = before or after
    box = places[0].box
    for one in places[1:]:
        box = box.union(one.box)
    was, now = "".join(one.text for one in before), "".join(one.text for one in after)
    how: Literal["changed", "removed", "added"] = "changed" if was and now else "removed" if was else "added"
    reason = {
        "changed": f"“{was}”被改成“{now}”",
        "removed": f"“{was}”被删去",
        "added": f"多出“{now}”",
    }[how]
    return Alteration(page=page, box=box, how=how, text=was or now, confidence=confidence, reason=reason)
