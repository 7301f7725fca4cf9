"""One page on paper, from picture to facts: identified, registered to its original, observed.

The steps know only the values of :mod:`extractors.model`; here they are joined. No page raises: one that belongs to no
document comes back as :class:`RejectedPage` with its reason; one that is known and could not be registered comes back
with ``registered`` False, so that a person looks at it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from extractors.identify import NoSighting, PrintFound, is_blank, sight
from extractors.layers.page_layers import page_layers
from extractors.model import (
    Image,
    IssuedDocument,
    LineReader,
    OriginalPage,
    PageFacts,
    PageRef,
    Raster,
    RegisteredPage,
    SharedPrint,
    Sighting,
)
from extractors.observe.fields import observe_fields, observe_seam
from extractors.observe.printed_text.printed import observe_print, release, unseen_print
from extractors.originals import Originals
from extractors.print_witness import witnessed
from extractors.register import register
from extractors.resizing import in_cells
from extractors.second_look import second_look
from extractors.thresholds import Thresholds
from forms.definition import FormDefinition
from forms.page_mark import GUIDE_NUMBER
from foundation.errors import DaibanError

_LOG = logging.getLogger(__name__)

#: About the width of the small upright picture in px; at A4, 2.9 px to the mm, enough to see a signature.
PREVIEW_PX = 600
_PREVIEW_QUALITY = 60
_TURNS = (0, 180, 90, 270)
_FINE_DPI = 200  # a finer scan of a page is no better to look at

_NOT_SIGHTED = {
    NoSighting.NO_MARK: "没有找到本单位的页面标识",
    NoSighting.NOT_OURS: "有页面标识，但不是本工作区发出的",
    NoSighting.SEVERAL_PAGES: "一张图上有几页的页面标识，请一页一张重新扫描",
}
_GUIDE = "材料包的签署指引，不是要交回的表，不用处理"

RejectionReason = Literal["blank-page", "unknown-document", "unreadable", "superseded"]
PrintIdentifier = Callable[[Raster], PrintFound]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What a reader of pages knows. ``key``: of the page marks; ``issues``: what is on record, by number; ``form``: a
    form by its id; ``by_print``: identifies a page without marks by its title and text; ``reader``: reads a date
    from a picture; both where OCR is there.
    """

    key: bytes
    issues: Callable[[str], IssuedDocument | None]
    form: Callable[[str], FormDefinition | None]
    originals: Originals
    thresholds: Thresholds
    by_print: PrintIdentifier | None = None
    reader: LineReader | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PlacedPage:
    """A page of an issue of ours. ``preview``: JPEG, upright; in the issued page's frame if it was registered."""

    facts: PageFacts
    preview: bytes


@dataclass(frozen=True, slots=True, eq=False)
class RejectedPage:
    """A page that is in no document, and why; ``detail`` is one Chinese sentence. ``preview``: JPEG, as it lies.
    ``unmarked``: something is on it, and no mark: it may be identified by its print. ``is_guide``: of a packet's guide.
    ``alike``: the pages that its print is like, those most like first, where print was looked at.
    """

    ref: PageRef
    reason: RejectionReason
    detail: str
    preview: bytes | None = None
    unmarked: bool = False
    is_guide: bool = False
    alike: tuple[SharedPrint, ...] = ()


def read_page(raster: Raster, ref: PageRef, context: PageContext) -> PlacedPage | RejectedPage:
    """Everything one page says. Never raises for what is on the page."""
    sighting, alike = _sighting(raster, context)
    if isinstance(sighting, NoSighting):
        return _not_sighted(raster, ref, sighting, alike)
    if sighting.issue == GUIDE_NUMBER:
        # Nobody need look at it, as at a blank back: of all reasons it is the one that says so.
        return RejectedPage(ref, "blank-page", _GUIDE, preview(raster.pixels, sighting.turn), is_guide=True)
    issue = context.issues(sighting.issue)
    refusal = _refusal(sighting, issue)
    if issue is None or refusal is not None:
        reason, detail = refusal or ("unknown-document", "")
        return RejectedPage(ref, reason, detail, preview(raster.pixels))
    return _observed(raster, ref, sighting, issue, context)


def read_placed(
    raster: Raster, ref: PageRef, issue: IssuedDocument, number: int, context: PageContext
) -> PlacedPage:
    """Everything a page says that a person placed: page ``number`` of an issue, whichever way up it lies. Never raises
    for what is on the page; one that does not fit its original comes back with ``registered`` False.
    """
    turned = (_observed(raster, ref, _by_person(issue, number, turn), issue, context) for turn in _TURNS)
    first = next(turned)
    return first if first.facts.registered else next((one for one in turned if one.facts.registered), first)


def _by_person(issue: IssuedDocument, number: int, turn: int) -> Sighting:
    return Sighting(issue.number, number, issue.pages, turn, "person")


def preview(pixels: Image, turn: int = 0) -> bytes:
    """A small JPEG, turned clockwise by so many degrees."""
    small = np.ascontiguousarray(np.rot90(pixels, -turn // 90) if turn else pixels)
    height, width = small.shape[:2]
    if width >= 2 * PREVIEW_PX:
        # Halves are quick to make, and of a page they are what is wanted.
        small = np.asarray(in_cells(small, 2), np.uint8)
        height, width = small.shape[:2]
    if width > 1.1 * PREVIEW_PX:
        size = PREVIEW_PX, max(1, round(height * PREVIEW_PX / width))
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), np.uint8)
    if small.ndim == 3:
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2BGR), np.uint8)
    _, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_QUALITY])
    return encoded.tobytes()


def _sighting(raster: Raster, context: PageContext) -> tuple[Sighting | NoSighting, tuple[SharedPrint, ...]]:
    """Whose page it is; where that is not certain, why, and which pages its print is like."""
    found = sight(raster, context.key)
    if isinstance(found, Sighting) or context.by_print is None:
        return found, ()
    printed = context.by_print(raster)
    return printed.sighting or found, printed.alike


def _not_sighted(
    raster: Raster, ref: PageRef, why: NoSighting, alike: tuple[SharedPrint, ...]
) -> RejectedPage:
    if why is not NoSighting.NO_MARK:
        return RejectedPage(ref, "unknown-document", _NOT_SIGHTED[why], preview(raster.pixels))
    if is_blank(raster):
        return RejectedPage(ref, "blank-page", "空白页", preview(raster.pixels))
    return RejectedPage(
        ref, "unknown-document", _NOT_SIGHTED[why], preview(raster.pixels), unmarked=True, alike=alike
    )


def _refusal(sighting: Sighting, issue: IssuedDocument | None) -> tuple[RejectionReason, str] | None:
    number = sighting.issue
    if issue is None:
        return "unknown-document", f"页面标识的编号 {number} 不在登记库里"
    if issue.is_void:
        advice = "请改用现行的，要签章的重新签章" if issue.superseded_by else "请问出具的人"
        return "superseded", f"{number} 第{sighting.page}页已作废；{issue.what_stands}，{advice}"
    if sighting.pages != issue.pages or sighting.page > issue.pages:
        return "unknown-document", f"页面标识与登记库不符：{number} 只有 {issue.pages} 页"
    return None


def _observed(
    raster: Raster, ref: PageRef, sighting: Sighting, issue: IssuedDocument, context: PageContext
) -> PlacedPage:
    form = context.form(issue.form_id)
    original = _original(sighting, context)
    if form is not None and original is not None:
        try:
            page = register(raster, sighting, original, context.thresholds.registration)
            if page is not None:
                facts = _facts(page, ref, sighting, form, context)
                return PlacedPage(facts, preview(page.rgb if raster.pixels.ndim == 3 else page.grey))
        except Exception:  # whatever a picture does to us, its page is known, and a person can look at it
            _LOG.exception("%s page %s could not be observed", ref.source, ref.page)
        finally:
            release()
    facts = PageFacts(ref=ref, sighting=sighting, registered=False)
    return PlacedPage(facts, preview(raster.pixels, sighting.turn))


def _original(sighting: Sighting, context: PageContext) -> OriginalPage | None:
    try:
        return context.originals.page(sighting.issue, sighting.page)
    except DaibanError:
        return None


def _facts(
    page: RegisteredPage, ref: PageRef, sighting: Sighting, form: FormDefinition, context: PageContext
) -> PageFacts:
    thresholds = context.thresholds
    layers = page_layers(page, thresholds.ink)
    seen = observe_fields(layers, form, thresholds, reader=context.reader)
    altered = observe_print(layers, thresholds.printed)
    return PageFacts(
        ref=ref,
        sighting=sighting,
        registered=True,
        observations=second_look(page, seen, form, thresholds.witness),
        alterations=witnessed(layers, altered, thresholds.printed, thresholds.print_look),
        unseen=unseen_print(layers, thresholds.printed),
        readability=_readability(page),
        residual_mm=page.residual_mm,
        dpi=page.dpi,
        seam=observe_seam(layers, thresholds) if form.seam_seal else (),
    )


def _readability(page: RegisteredPage) -> float:
    """How much a picture deserves trust, 0..1: how well its print agrees, how fine it is, how much of it is seen."""
    return page.score * min(1.0, page.dpi / _FINE_DPI) * float(page.seen.mean())
