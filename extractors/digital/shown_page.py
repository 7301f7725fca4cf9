"""A page of a PDF as it is shown and as it prints: its pictures, and its characters with whether each can be seen.

What a file holds and what a person sees are two things: text may be white, invisible (``Tr 3``), clipped, too small,
off the page, in a layer that is off, or covered. So the page is drawn by pdfium, once for the screen and once for the
printer, and every character is looked for in the picture. Annotations and form fields are drawn with the appearance
that is stored in the file, and their text counts as the page's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from ctypes import c_double, c_int, c_void_p, cast
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Self

import cv2
import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from numpy.typing import NDArray

from extractors.model.images import WORK_DPI, Image
from extractors.thresholds import load_thresholds

#: Left, bottom, right, top in points of the page's own space.
PointBox = tuple[float, float, float, float]

#: What pdfium reports for characters it made up, and what has no width.
_NOT_PRINTED = "\x00\x02\ufffe\ufeff\u200b"
_PX_PER_POINT = WORK_DPI / 72
_FINE = 64  # pdfium gives places on the device in whole pixels: it is asked for a device so many times finer
_DEEPEST = 8
_SUBLAYERS = 10_000
_INVISIBLE_MODES = frozenset({3, 7})  # text render modes that draw nothing: only its outline, or only a clip


@dataclass(frozen=True, slots=True)
class ShownCharacter:
    """One character. ``line``: its box with the line's full height; ``ink``: the box of its outline; ``layer``: the
    place of what draws it in the order of painting; ``in_form``: it is drawn by an appearance or another form of its
    own.
    """

    text: str
    line: PointBox
    ink: PointBox
    layer: int
    in_form: bool
    is_drawn: bool
    visible: bool


@dataclass(frozen=True, slots=True, eq=False)
class PagePicture:
    """A drawn page, RGB. ``to_pixels``: matrix of shape (2, 3), from points of the page's own space."""

    rgb: Image
    to_pixels: NDArray[np.float64]

    def at(self, box: PointBox, around: int = 0) -> tuple[slice, slice] | None:
        """The pixels of a box, grown by some; None where they are not in the picture."""
        corners = np.array(
            [[box[0], box[1], 1], [box[2], box[3], 1], [box[0], box[3], 1], [box[2], box[1], 1]]
        )
        places = corners @ self.to_pixels.T
        x0, y0 = np.floor(places.min(0)).astype(int) - around
        x1, y1 = np.ceil(places.max(0)).astype(int) + around
        height, width = self.rgb.shape[:2]
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width, x1 + 1), min(height, y1 + 1)
        return (slice(y0, y1), slice(x0, x1)) if x1 > x0 and y1 > y0 else None


@dataclass(frozen=True, slots=True, eq=False)
class ShownPage:
    """A page: on the screen, in print, without annotations and form fields, and its characters. ``height``: of the
    page, in points.
    """

    screen: PagePicture
    printed: PagePicture
    bare: PagePicture
    characters: tuple[ShownCharacter, ...]
    height: float


class ShownPdf:
    """A PDF opened by pdfium once: a page is drawn as it is, then its annotations are made page content, so that their
    text counts as the page's and one thing can be told to lie over another.

    :raises PdfiumError: it cannot be opened.
    """

    def __init__(self, source: Path | bytes | pdfium.PdfDocument) -> None:
        with ExitStack() as opened:
            if isinstance(source, pdfium.PdfDocument):
                self._pdf = source  # closed by whoever opened it
            else:
                self._pdf = opened.enter_context(closing(pdfium.PdfDocument(source)))
            self._pdf.init_forms()  # draws fields whose file leaves that to the viewer (NeedAppearances)
            self._opened = opened.pop_all()
        self._pages: dict[int, ShownPage] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def __len__(self) -> int:
        return len(self._pdf)

    def page(self, index: int) -> ShownPage:
        """One page (from 0), as it is shown and printed.

        :raises PdfiumError: it cannot be drawn.
        """
        if index not in self._pages:  # once drawn, its annotations are part of it
            self._pages[index] = self._drawn(index)
        return self._pages[index]

    def _drawn(self, index: int) -> ShownPage:
        with closing(self._pdf[index]) as page:
            screen = _picture(page)
            with _as_printed(page):
                printed = _picture(page, for_printing=True)
            bare, height = _picture(page, annotations=False), float(page.get_height())
            if pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_FAIL:
                raise pdfium.PdfiumError("annotations cannot be drawn")
        with closing(self._pdf[index]) as page:
            found = tuple(_characters(page, screen))
            return ShownPage(screen, printed, bare, _uncovered(page, screen, found), height)


@contextmanager
def _as_printed(page: pdfium.PdfPage) -> Iterator[None]:
    """What is not printed is hidden meanwhile, and what is only printed shown: pdfium asks no form field for it."""
    notes = [
        pdfium_c.FPDFPage_GetAnnot(page.raw, at) for at in range(pdfium_c.FPDFPage_GetAnnotCount(page.raw))
    ]
    flags = [pdfium_c.FPDFAnnot_GetFlags(note) for note in notes]
    try:
        for note, flag in zip(notes, flags, strict=True):
            is_printed = flag & pdfium_c.FPDF_ANNOT_FLAG_PRINT
            shown = flag & ~pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
            pdfium_c.FPDFAnnot_SetFlags(note, shown if is_printed else flag | pdfium_c.FPDF_ANNOT_FLAG_HIDDEN)
        yield
    finally:
        for note, flag in zip(notes, flags, strict=True):
            pdfium_c.FPDFAnnot_SetFlags(note, flag)
            pdfium_c.FPDFPage_CloseAnnot(note)


def _picture(page: pdfium.PdfPage, *, for_printing: bool = False, annotations: bool = True) -> PagePicture:
    width_pt, height_pt = page.get_size()
    if not 0 < max(width_pt, height_pt) <= load_thresholds().digital.largest_pt:
        raise pdfium.PdfiumError("not the size of a page")
    width, height = ceil(width_pt * _PX_PER_POINT), ceil(height_pt * _PX_PER_POINT)
    canvas = np.full((height, width, 3), 255, np.uint8)
    bitmap = pdfium_c.FPDFBitmap_CreateEx(
        width, height, pdfium_c.FPDFBitmap_BGR, canvas.ctypes.data, width * 3
    )
    if not bitmap:
        raise pdfium.PdfiumError("no bitmap")
    flags = pdfium_c.FPDF_REVERSE_BYTE_ORDER
    flags |= pdfium_c.FPDF_ANNOT if annotations else 0
    flags |= pdfium_c.FPDF_PRINTING if for_printing else 0
    everything = (bitmap, page, 0, 0, width, height, 0, flags)
    try:
        pdfium_c.FPDF_RenderPageBitmap(*everything)
        if annotations and page.formenv:
            pdfium_c.FPDF_FFLDraw(page.formenv, *everything)
    finally:
        pdfium_c.FPDFBitmap_Destroy(bitmap)
    return PagePicture(canvas, _to_pixels(page, width, height))


def _to_pixels(page: pdfium.PdfPage, width: int, height: int) -> NDArray[np.float64]:
    """From points of a page's own space to pixels of its picture, whatever its turn and crop."""

    def placed(x: float, y: float) -> NDArray[np.float64]:
        across, down = c_int(), c_int()
        pdfium_c.FPDF_PageToDevice(page.raw, 0, 0, width * _FINE, height * _FINE, 0, x, y, across, down)
        return np.array([across.value, down.value]) / _FINE

    origin, reach = placed(0, 0), 500.0
    columns = [(placed(reach, 0) - origin) / reach, (placed(0, reach) - origin) / reach, origin]
    return np.stack(columns, axis=1)


# -- characters ----------------------------------------------------------------------------------------


def _characters(page: pdfium.PdfPage, screen: PagePicture) -> Iterator[ShownCharacter]:
    drawn_by = _layers_of_text(page)
    text = page.get_textpage()
    edges = tuple(c_double() for _ in range(4))
    smallest = load_thresholds().digital.smallest_pt
    try:
        for index in range(text.count_chars()):
            character = unicodedata.normalize("NFKC", text.get_text_range(index, 1)).strip(_NOT_PRINTED)
            if not character.strip():
                continue
            left, right, bottom, top = edges
            if not pdfium_c.FPDFText_GetCharBox(text.raw, index, left, right, bottom, top):
                continue
            ink = left.value, bottom.value, right.value, top.value
            line = text.get_charbox(index, loose=True)
            owner = pdfium_c.FPDFText_GetTextObject(text.raw, index)
            layer, in_form = drawn_by.get(_address(owner), (0, False))
            mode = pdfium_c.FPDFTextObj_GetTextRenderMode(owner) if owner else 0
            is_drawn = mode not in _INVISIBLE_MODES
            is_seen = is_drawn and _line_height(line) >= smallest and _stands_out(screen, ink)
            yield ShownCharacter(character, line, ink, layer, in_form, is_drawn, is_seen)
    finally:
        text.close()


def _line_height(line: PointBox) -> float:
    """The smaller side of a character's box would be its width where it is an l; lines may run upwards."""
    return max(line[3] - line[1], line[2] - line[0])


def _stands_out(picture: PagePicture, ink: PointBox) -> bool:
    """Whether anything can be told from its surroundings where a character should be."""
    contrast = load_thresholds().digital.contrast
    place, wider = picture.at(ink), picture.at(ink, around=3)
    if place is None or wider is None:
        return False
    around = np.median(picture.rgb[wider].reshape(-1, 3), axis=0)
    beyond = np.abs(picture.rgb[place].astype(np.int16) - around).max()
    if beyond < contrast:
        # A dense character is its own surroundings: its darkest against its lightest.
        pixels = picture.rgb[picture.at(ink, around=1) or place].reshape(-1, 3).astype(np.int16)
        beyond = (pixels.max(0) - pixels.min(0)).max()
    return bool(beyond >= contrast)


def _address(pointer: object) -> int:
    return cast(pointer, c_void_p).value or 0  # type: ignore[arg-type]


def _layers_of_text(page: pdfium.PdfPage) -> dict[int, tuple[int, bool]]:
    """Of every text object its layer, and whether it stands in a form."""
    return {
        _address(one): (layer, is_form)
        for layer, (item, is_form) in _layers(page).items()
        for one in _with_inner(item)
        if pdfium_c.FPDFPageObj_GetType(one) == pdfium_c.FPDF_PAGEOBJ_TEXT
    }


def _layers(page: pdfium.PdfPage) -> dict[int, tuple[object, bool]]:
    """What a page draws, by its place in the order of painting, and whether it is a form or in one.

    A form that only holds forms (as that of all annotations does) is as many layers.
    """
    found: dict[int, tuple[object, bool]] = {}
    for index in range(pdfium_c.FPDFPage_CountObjects(page.raw)):
        item = pdfium_c.FPDFPage_GetObject(page.raw, index)
        inner = _inner(item)
        kinds = {pdfium_c.FPDFPageObj_GetType(one) for one in inner}
        if kinds == {pdfium_c.FPDF_PAGEOBJ_FORM}:
            found |= {index * _SUBLAYERS + at: (one, True) for at, one in enumerate(inner[:_SUBLAYERS])}
        else:
            found[index * _SUBLAYERS] = item, bool(inner)
    return found


def _inner(item: object) -> list[object]:
    if pdfium_c.FPDFPageObj_GetType(item) != pdfium_c.FPDF_PAGEOBJ_FORM:
        return []
    return [pdfium_c.FPDFFormObj_GetObject(item, at) for at in range(pdfium_c.FPDFFormObj_CountObjects(item))]


def _with_inner(item: object, depth: int = 0) -> Iterator[object]:
    yield item
    if depth < _DEEPEST:
        for one in _inner(item):
            yield from _with_inner(one, depth + 1)


# -- what lies over them -------------------------------------------------------------------------------


def _uncovered(
    page: pdfium.PdfPage, screen: PagePicture, found: Sequence[ShownCharacter]
) -> tuple[ShownCharacter, ...]:
    """The same characters; one that something painted later makes unlike itself is not visible.

    A seal over a date leaves the date what it was; white, noise or a picture over it does not.
    """
    covers = {
        layer: box
        for layer, box in _covers(page).items()
        if any(one.visible and layer > one.layer and _meets(one.ink, box) for one in found)
    }
    if not covers:
        return tuple(found)
    for layer in sorted(covers, reverse=True):
        _remove(page, layer)
    bare = _picture(page)

    def is_covered(one: ShownCharacter) -> bool:
        is_under = any(layer > one.layer and _meets(one.ink, box) for layer, box in covers.items())
        return one.visible and is_under and not _as_bare(screen, bare, one.ink)

    return tuple(replace(one, visible=False) if is_covered(one) else one for one in found)


def _remove(page: pdfium.PdfPage, layer: int) -> None:
    index, at = divmod(layer, _SUBLAYERS)
    item = pdfium_c.FPDFPage_GetObject(page.raw, index)
    kinds = {pdfium_c.FPDFPageObj_GetType(one) for one in _inner(item)}
    if kinds == {pdfium_c.FPDF_PAGEOBJ_FORM}:
        pdfium_c.FPDFFormObj_RemoveObject(item, pdfium_c.FPDFFormObj_GetObject(item, at))
    else:
        pdfium_c.FPDFPage_RemoveObject(page.raw, item)


def _covers(page: pdfium.PdfPage) -> dict[int, PointBox]:
    """Everything that may hide what was painted before it, by its place in the order of painting."""
    return {
        layer: pdfium.PdfObject(item, page=page).get_bounds()
        for layer, (item, _) in _layers(page).items()
        if any(_may_cover(one) for one in _with_inner(item))
    }


def _may_cover(item: object) -> bool:
    kind = pdfium_c.FPDFPageObj_GetType(item)
    if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
        fill, stroke = c_int(), c_int()
        pdfium_c.FPDFPath_GetDrawMode(item, fill, stroke)
        return bool(fill.value)
    return kind in (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING)


def _meets(one: PointBox, other: PointBox) -> bool:
    x, y = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def _as_bare(screen: PagePicture, bare: PagePicture, ink: PointBox) -> bool:
    place = screen.at(ink, around=2)
    return (
        place is None
        or likeness_of(screen.rgb[place], bare.rgb[place]) >= load_thresholds().digital.covered_alike
    )


def likeness_of(one: Image, other: Image) -> float:
    """How alike two small pictures are, red taken for white: -1..1."""
    first, second = (np.asarray(item[..., 0], np.float32) for item in (one, other))
    if first.std() < 2 or second.std() < 2:
        return (
            1.0
            if abs(float(first.mean()) - float(second.mean())) < load_thresholds().digital.contrast
            and first.std() < 2
            and second.std() < 2
            else 0.0
        )
    return float(cv2.matchTemplate(first, second, cv2.TM_CCOEFF_NORMED)[0, 0])
