"""A returned page that never was paper beside the one that was issued: what a person would see, and what the file
holds.

Both are drawn and laid onto each other; every printed character is compared as it looks, and every open field is
measured for what was added to it. What a field says is looked for in the picture by whoever asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from unicodedata import category

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.digital.frame import PageFrame, fitted_frame, onto, sheet_frame
from extractors.digital.page_text import PageCharacter, likeness, placed
from extractors.digital.pdf_form import FormPage, FormWidget
from extractors.digital.shown_page import PagePicture, ShownCharacter, ShownPage, ShownPdf
from extractors.model import PX_PER_MM
from extractors.model.images import Image
from extractors.thresholds import load_thresholds
from forms.geometry import Box, FieldArea


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
        limits = load_thresholds().digital
        y, x = _pixels(box, self.before.shape)
        now = self.after[y, x].astype(np.int16)
        from_paper, from_form = (np.abs(now - was[y, x]).max(axis=2) for was in (self.before, self.untouched))
        changed = int((np.minimum(from_paper, from_form) > limits.different).sum())
        return changed >= max(limits.added_px, int(limits.added_share * from_paper.size))

    def differs_in_print(self) -> bool:
        """Whether the page prints otherwise than it shows."""
        limits = load_thresholds().digital
        one, other = self.shown.screen.rgb, self.shown.printed.rgb
        if one.shape != other.shape:
            return True
        first, second = (cv2.GaussianBlur(item, (0, 0), limits.edges_px) for item in (one, other))
        differing = np.abs(first.astype(np.int16) - second).max(axis=2) > limits.different
        return bool(differing.sum() > limits.print_px)

    def unlike(self, areas: Sequence[FieldArea]) -> list[PageCharacter]:
        """Printed characters that the returned page has in its text and does not show as they were issued."""
        reach = load_thresholds().digital.field_reach_mm
        open_places = [area.box.all_round(reach) for area in areas]
        return [
            one
            for one in self.texts.issued
            if not any(_holds(box, one.box) for box in open_places)
            and not self._is_at_edge(one.box)
            and not self._looks_same(one)
        ]

    def _is_at_edge(self, box: Box) -> bool:
        height, width = (side / PX_PER_MM for side in self.before.shape[:2])
        return bool(min(box.x0, box.y0, width - box.x1, height - box.y1) < load_thresholds().digital.edge_mm)

    def _looks_same(self, one: PageCharacter) -> bool:
        """Whether the drawn character is the issued one, and none of the page's others.

        A font may say of its shapes what it likes (``/ToUnicode``): what counts is the shape.
        """
        limits = load_thresholds().digital
        y, x = _pixels(one.box, self.before.shape)
        wanted = self.before[y, x, 0]
        if wanted.size == 0 or int(wanted.max()) - int(wanted.min()) < limits.different:
            return True  # nothing was printed there that could be seen
        if category(one.text[0]) == "Pd":
            return True  # a thin line, which programs put a pixel up or down
        reach = limits.slack_px
        found = self.after[
            max(0, y.start - reach) : y.stop + reach, max(0, x.start - reach) : x.stop + reach, 0
        ]
        if found.std() < 2:
            return False
        own = _likeness(found, wanted)
        if own >= limits.glyph_sure:
            return True
        least = limits.digit_alike if one.text.isdigit() else limits.glyph_alike
        return own >= least and not any(
            _likeness(found, other) > own for text, other in self._shapes.items() if text != one.text
        )

    @cached_property
    def _shapes(self) -> dict[str, Image]:
        """How each character of the issued page looks, once."""
        shapes: dict[str, Image] = {}
        for one in self.texts.issued:
            y, x = _pixels(one.box, self.before.shape)
            if one.text not in shapes and self.before[y, x].size:
                shapes[one.text] = self.before[y, x, 0]
        return shapes


def _likeness(place: Image, shape: Image) -> float:
    """How like a shape the best of a place looks: -1..1; -1 where it is no larger, or the shape is much narrower."""
    height, width = place.shape
    if shape.shape[0] > height or shape.shape[1] > width or shape.shape[1] < 0.6 * width or shape.std() < 2:
        return -1.0
    first, second = (np.asarray(item, np.float32) for item in (place, shape))
    return float(cv2.matchTemplate(first, second, cv2.TM_CCOEFF_NORMED).max())


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
    original, whole = issued.page(number - 1), returned.page(index)
    own = sheet_frame((0.0, 0.0, original.height * size_mm[0] / size_mm[1], original.height), size_mm)
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
        before=_in_frame(original.bare, own, size_mm),
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
