"""What the files of each case need, hold and lack (归档)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daiban.archiving.archive_report import archive_report
from daiban.web.access import Role, needs_role
from daiban.web.clerk.forms import whole_number
from daiban.web.current import current_board

_PER_PAGE = 20


@needs_role(Role.CLERK)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Cases, a stretch at a time; of each, stage by stage, which documents its files need and what is missing."""
    text = request.GET.get("text", "").strip()[:100]
    number = whole_number(request.GET.get("page"), least=1)
    found, office = current_board().archive_page(text, number, _PER_PAGE)
    with office.registry_at_hand():
        # The board may not know yet that one was cancelled a moment ago.
        wanted = [case.id for case in office.cases.cases]
        report = archive_report(office, wanted) if wanted else None
    context = {
        "page": Paginator(range(found.total), _PER_PAGE).get_page(found.page),
        "pending": found.pending,
        "behind": found.behind,
        "cases": report.cases if report is not None else (),
        "text": text,
    }
    return render(request, "clerk/archive.html", context)
