"""Pictures for deciding: a page as it came, in the frame of our original, and pages that are in no document."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from daiban.deciding.candidates import unplaced_record
from daiban.deciding.sheet import DecisionSheet, decision_sheet
from daiban.web.access import Role, needs_role
from daiban.web.clerk.framing import framed_pdf
from daiban.web.current import current_folder, current_office
from daiban.web.pictures.views import picture_response
from foundation.errors import UsageError


@needs_role(Role.CLERK)
@require_GET
def filed(request: HttpRequest, issue: str, page: int, density: str) -> HttpResponse:
    """A page of the issue as it was filed, upright."""
    sheet = _sheet(issue)
    place = next((item.place for item in sheet.pages if item.number == page), None)
    if place is None or sheet.file is None or not sheet.file.endswith(".pdf"):
        raise Http404("这一页没有交回")
    return picture_response(request, current_folder() / sheet.file, place, density)


@needs_role(Role.CLERK)
@require_GET
def framed(request: HttpRequest, issue: str, page: int, density: str) -> HttpResponse:
    """The same in the frame of our original; as it was filed where it does not fit."""
    sheet = _sheet(issue)
    if sheet.file is None or not any(item.number == page and item.is_framed for item in sheet.pages):
        return filed(request, issue, page, density)
    made = framed_pdf(current_folder(), sheet.file, issue, page)
    if made is None:
        return filed(request, issue, page, density)
    return picture_response(request, made, 1, density)


@needs_role(Role.CLERK)
@require_GET
def unplaced(request: HttpRequest, number: int, density: str) -> HttpResponse:
    """An unplaced page, as it lies."""
    office = current_office()
    try:
        record = unplaced_record(office, number)
    except UsageError as error:
        raise Http404(str(error)) from error
    if record.file is None:
        raise Http404("这一页当时读不出来，没有留存")
    return picture_response(request, office.workspace.path / record.file, 1, density)


def _sheet(issue: str) -> DecisionSheet:
    try:
        return decision_sheet(current_office(), issue)
    except UsageError as error:
        raise Http404(str(error)) from error
