"""A returned page that never was paper beside the one that was issued: what a person would see, and what the file
holds.

Both are drawn and laid onto each other; every printed character is compared as it looks, and every open field is
measured for what was added to it. What a field says is looked for in the picture by whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.digital.frame import PageFrame, fitted_frame, onto, sheet_frame
from extractors.digital.page_text import PageCharacter, likeness, placed
from extractors.digital.pdf_form import FormPage, FormWidget
from extractors.digital.shown_page import PagePicture, ShownCharacter, ShownPage, ShownPdf
from extractors.model import PX_PER_MM
from extractors.model.images import Image
from forms.geometry import Box, FieldArea

#: How like a printed character must look to the issued one; another character reaches about 0.4.
_SAME_LOOK = 0.45
_DIFFERENT = 60  # of 255: more than smoothing of edges makes
#: Share of an area that must have changed for something to have been put there.
_ADDED_SHARE = 0.004
_ADDED_PX = 12
#: How far edges are smoothed in one way on the screen and in another in print.
_EDGES_PX = 1.2
#: How many pixels (35 to the square millimetre) screen and print may differ by.
_PRINT_DIFFERS_PX = 30
#: How far a character may have moved within the same layout, in pixels.
_SLACK = 2
#: Where on the page the page marks stand: their letters are not compared, a crop may take them.
_EDGE_MM = 12.0


@dataclass(frozen=True, slots=True)
class PageTexts:
    """The text of the issued page and of the returned one, in the issued frame and reading order."""

    issued: tuple[PageCharacter, ...]
    returned: tuple[PageCharacter, ...]


@dataclass(frozen=True, eq=False)
class PageLook:
    """A returned page laid onto the issued one. ``alike``: share of the issued text that it has; ``before``,
    ``untouched``, ``after``: the issued page as it is printed and with its empty form fields, and the returned one,
    drawn in the issued frame.
    """

    number: int
    texts: PageTexts
    alike: float
    frame: PageFrame
    shown: ShownPage
    form: FormPage
    before: Image
    untouched: Image
    after: Image

    @cached_property
    def visible(self) -> tuple[PageCharacter, ...]:
        """The returned characters that can be seen."""
        return tuple(one for one in self.texts.returned if one.visible)

    def widgets(self, area: FieldArea) -> tuple[FormWidget, ...]:
        """The form fields of an area's name, as they are drawn on the page."""
        return self.form.widgets.get(area.id, ())

    def centre(self, widget: FormWidget) -> tuple[float, float]:
        """The middle of a form field on the issued page, in mm; off it where it has no place."""
        return self.frame.box(widget.rect).centre if widget.rect is not None else (-1.0, -1.0)

    def has_added(self, box: Box) -> bool:
        """Whether anything was put into a box."""
        y, x = _pixels(box, self.before.shape)
        now = self.after[y, x].astype(np.int16)
        from_paper, from_form = (np.abs(now - was[y, x]).max(axis=2) for was in (self.before, self.untouched))
        changed = int((np.minimum(from_paper, from_form) > _DIFFERENT).sum())
        return changed >= max(_ADDED_PX, int(_ADDED_SHARE * from_paper.size))

    def differs_in_print(self) -> bool:
        """Whether the page prints otherwise than it shows."""
        one, other = self.shown.screen.rgb, self.shown.printed.rgb
        if one.shape != other.shape:
            return True
        first, second = (cv2.GaussianBlur(item, (0, 0), _EDGES_PX) for item in (one, other))
        differing = np.abs(first.astype(np.int16) - second).max(axis=2) > _DIFFERENT
        return bool(differing.sum() > _PRINT_DIFFERS_PX)

    def unlike(self, areas: Sequence[FieldArea]) -> list[PageCharacter]:
        """Printed characters that the returned page has in its text and does not show as they were issued."""
        open_places = [area.box.all_round(_SLACK) for area in areas]
        return [
            one
            for one in self.texts.issued
            if not any(_holds(box, one.box) for box in open_places)
            and not self._is_at_edge(one.box)
            and not self._looks_same(one)
        ]

    def _is_at_edge(self, box: Box) -> bool:
        height, width = (side / PX_PER_MM for side in self.before.shape[:2])
        return bool(min(box.x0, box.y0, width - box.x1, height - box.y1) < _EDGE_MM)

    def _looks_same(self, one: PageCharacter) -> bool:
        y, x = _pixels(one.box, self.before.shape)
        wanted = self.before[y, x]
        if wanted.size == 0 or int(wanted.max()) - int(wanted.min()) < _DIFFERENT:
            return True  # nothing was printed there that could be seen
        wider = (
            slice(max(0, y.start - _SLACK), y.stop + _SLACK),
            slice(max(0, x.start - _SLACK), x.stop + _SLACK),
        )
        found = self.after[wider]
        if found[..., 0].std() < 2:
            return False
        first, second = (np.asarray(item[..., 0], np.float32) for item in (wanted, found))
        return float(cv2.matchTemplate(second, first, cv2.TM_CCOEFF_NORMED).max()) >= _SAME_LOOK


def look(
    issued: ShownPdf,
    returned: ShownPdf,
    index: int,
    form: FormPage,
    number: int,
    size_mm: tuple[float, float],
) -> PageLook:
    """Page ``index`` (from 0) of a returned file as page ``number`` of an issue (width and height: ``size_mm``).

    :raises PdfiumError: one of them cannot be drawn.
    """
    original, whole = issued.shown(number - 1), returned.shown(index)
    height = issued.height(number - 1)
    own = sheet_frame((0.0, 0.0, height * size_mm[0] / size_mm[1], height), size_mm)
    before = placed(original.characters, own.box)
    first = sheet_frame(form.media_box, size_mm)
    seen = [one for one in whole.characters if one.is_drawn]
    frame = fitted_frame(_sources(before), own, _sources(placed(seen, first.box)), first)
    return PageLook(
        number=number,
        texts=PageTexts(before, placed(whole.characters, frame.box)),
        alike=likeness(before, placed(seen, frame.box)),
        frame=frame,
        shown=whole,
        form=form,
        before=_in_frame(issued.bare(number - 1), own, size_mm),
        untouched=_in_frame(original.screen, own, size_mm),
        after=_in_frame(whole.screen, frame, size_mm),
    )


def _sources(characters: Sequence[PageCharacter]) -> list[ShownCharacter]:
    return [one.source for one in characters if one.source is not None]


def _in_frame(picture: PagePicture, frame: PageFrame, size_mm: tuple[float, float]) -> Image:
    width, height = (round(side * PX_PER_MM) for side in size_mm)
    matrix: NDArray[np.float64] = onto(picture, frame, PX_PER_MM, (width, height))
    drawn = cv2.warpAffine(
        picture.rgb,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderValue=(255, 255, 255),
    )
    return np.asarray(drawn, np.uint8)


def _pixels(box: Box, shape: tuple[int, ...]) -> tuple[slice, slice]:
    height, width = shape[:2]
    x0, y0 = max(0, int(box.x0 * PX_PER_MM)), max(0, int(box.y0 * PX_PER_MM))
    x1, y1 = min(width, int(box.x1 * PX_PER_MM) + 1), min(height, int(box.y1 * PX_PER_MM) + 1)
    return slice(y0, max(y0, y1)), slice(x0, max(x0, x1))


def _holds(box: Box, other: Box) -> bool:
    x, y = other.centre
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
