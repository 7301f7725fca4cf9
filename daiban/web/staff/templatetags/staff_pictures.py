"""Page pictures of this door: pages of trials."""

from __future__ import annotations

from django import template

from daiban.web.layout.templatetags.daiban import PictureContext, picture_context

register = template.Library()
_A4_MM = (210.0, 297.0)


@register.inclusion_tag("layout/page_picture.html")
def trial_picture(form_id: str, page: int) -> PictureContext:
    """A page of a form's last trial."""
    return picture_context("staff:trial-page", [form_id, page], f"试印第{page}页", _A4_MM, ())
