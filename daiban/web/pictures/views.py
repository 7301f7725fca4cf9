"""Pages of issued documents, for people of the office."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_GET

from daiban.web.access import Role, needs_role
from daiban.web.configuration import private_folder
from daiban.web.current import current_folder, current_office
from daiban.web.pictures.rendering import DENSITIES, page_picture
from foundation.errors import UnreadableError


@needs_role(*Role)
@require_GET
def issued(request: HttpRequest, issue: str, page: int, density: str) -> HttpResponse:
    """A page of what went out."""
    office = current_office()
    record = office.record(issue)
    if record is None or record.pdf is None:
        raise Http404("没有这份文书的 PDF")
    return picture_response(request, office.workspace.path / record.pdf, page, density)


def picture_response(request: HttpRequest, pdf: Path, page: int, density: str) -> HttpResponse:
    """A page as a picture that the browser may keep and asks after. Who may see it, the caller has made sure."""
    known = next((item for item in DENSITIES if item == density), None)
    if known is None:
        raise Http404
    cache = private_folder(current_folder()) / "pictures"
    try:
        picture = page_picture(pdf, page, known, cache)
    except UnreadableError as error:
        raise Http404(str(error)) from error
    tag = f'"{picture.tag}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag, "Cache-Control": "private, no-cache"})
    return HttpResponse(
        picture.content,
        content_type=picture.media_type,
        headers={"ETag": tag, "Cache-Control": "private, no-cache"},
    )
