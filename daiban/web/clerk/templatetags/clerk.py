"""Pages of documents as people decide about them: what came and our original in one frame."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from daiban.deciding.sheet import SheetPage
from daiban.web.layout.templatetags.daiban import MarkedPlace, PictureContext, picture_context

register = template.Library()


class ComparedContext(PictureContext):
    """A page that came, with our original over it. ``current``: the number of the place to look at."""

    over: str
    over_2x: str
    current: int | None


@register.filter
def percent(share: float) -> str:
    """A share of 0..1: ``87%``."""
    return f"{share:.0%}"


@register.inclusion_tag("clerk/compared_page.html")
def compared_page(
    issue: str, page: SheetPage, places: Iterable[MarkedPlace], current: int | None
) -> ComparedContext:
    """A page as it came; in the original's frame with places marked, where it fits there."""
    route = "clerk:framed" if page.is_framed else "clerk:filed"
    marked = tuple(places) if page.is_framed else ()
    came = picture_context(route, [issue, page.number], f"交回的第{page.number}页", page.size_mm, marked)
    ours = picture_context("pictures:issued", [issue, page.number], "", page.size_mm, ())
    return {**came, "over": ours["source"], "over_2x": ours["source_2x"], "current": current}


@register.inclusion_tag("clerk/compared_page.html")
def original_page(
    issue: str, page: SheetPage, places: Iterable[MarkedPlace], current: int | None
) -> ComparedContext:
    """Our original of the same page, with the same places marked."""
    ours = picture_context(
        "pictures:issued", [issue, page.number], f"原件第{page.number}页", page.size_mm, places
    )
    return {**ours, "over": "", "over_2x": "", "current": current}


@register.inclusion_tag("layout/page_picture.html")
def unplaced_picture(number: int) -> PictureContext:
    """An unplaced page."""
    return picture_context("clerk:unplaced-picture", [number], f"没有归入的页 P{number}", (210.0, 297.0), ())
