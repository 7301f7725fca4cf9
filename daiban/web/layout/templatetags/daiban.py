"""Tags and filters of every template: dates, verdicts, sizes, pages of documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

if TYPE_CHECKING:
    from forms.geometry import Box

register = template.Library()
_TONES = {
    "complete": ("齐全", "good"),
    "incomplete": ("不齐全", "bad"),
    "review": ("待人工核对", "doubt"),
    "issued": ("已出具", "plain"),
    "changed": ("待更新", "doubt"),
    "missing": ("未出具", "plain"),
    "waiting": ("等待", "plain"),
    "running": ("进行中", "busy"),
    "done": ("完成", "good"),
    "failed": ("没有做成", "bad"),
    "cancelled": ("已取消", "plain"),
}
_A4_MM = (210.0, 297.0)
_PIXELS_PER_MM = 96 / 25.4


class BadgeContext(TypedDict):
    """``tone``: good, bad, doubt, busy or plain; the word always stands there too, for who sees no colours."""

    word: str
    tone: str


@dataclass(frozen=True)
class MarkedPlace:
    """A place on a page. ``tone``: bad, doubt, good or plain; ``number``: shown beside it."""

    box: Box
    tone: str
    number: int


class PictureContext(TypedDict):
    """What the template of a page picture is given."""

    source: str
    source_2x: str
    alt: str
    width: int
    height: int
    width_mm: float
    height_mm: float
    places: Sequence[MarkedPlace]


@register.filter
def chinese_date(value: dt.date | dt.datetime | None) -> str:
    """``2026年3月5日``; nothing for None."""
    if value is None:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def chinese_time(value: dt.datetime | None) -> str:
    """``2026年3月5日 14:05``, by the server's clock."""
    return f"{chinese_date(value)} {timezone.localtime(value):%H:%M}" if value is not None else ""


@register.filter
def short_time(value: dt.datetime | None) -> str:
    """``03-05 14:05``, for lists; the year where it is another."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return f"{local:%m-%d %H:%M}" if local.year == timezone.localdate().year else f"{local:%Y-%m-%d}"


@register.filter
def file_size(size: int) -> str:
    """``1.2 MB``."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


@register.inclusion_tag("layout/badge.html")
def badge(state: str, word: str = "") -> BadgeContext:
    """A state as a badge: a verdict, a form's state, a job's. ``word``: in place of the usual one."""
    usual, tone = _TONES.get(state, (state, "plain"))
    return {"word": word or usual, "tone": tone}


@register.inclusion_tag("layout/badge.html")
def word_badge(word: str, tone: str = "plain") -> BadgeContext:
    """A badge of one's own."""
    return {"word": word, "tone": tone}


@register.inclusion_tag("layout/page_picture.html")
def issued_page(
    issue: str,
    page: int,
    alt: str = "",
    size_mm: tuple[float, float] = _A4_MM,
    places: Iterable[MarkedPlace] = (),
) -> PictureContext:
    """A page of an issued document, sharp on dense screens, with places marked on it."""
    return picture_context("pictures:issued", [issue, page], alt or f"第{page}页", size_mm, places)


def picture_context(
    route: str,
    arguments: Sequence[object],
    alt: str,
    size_mm: tuple[float, float],
    places: Iterable[MarkedPlace],
) -> PictureContext:
    """For tags of other doors too: a route whose last argument is the density."""
    return {
        "source": reverse(route, args=[*arguments, "1x"]),
        "source_2x": reverse(route, args=[*arguments, "2x"]),
        "alt": alt,
        "width": round(size_mm[0] * _PIXELS_PER_MM),
        "height": round(size_mm[1] * _PIXELS_PER_MM),
        "width_mm": size_mm[0],
        "height_mm": size_mm[1],
        "places": tuple(places),
    }


@register.simple_tag
def query_with(query: QueryDict, **changes: object) -> str:
    """The present query with some keys changed: links to other pages of a list keep what was searched for."""
    changed = query.copy()
    for key, value in changes.items():
        changed.pop(key, None)
        if value not in (None, ""):
            changed[key] = str(value)
    return f"?{changed.urlencode()}"
