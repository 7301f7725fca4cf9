"""What the files of each case need, hold and lack (归档)."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daiban.archiving.archive_report import archive_report
from daiban.web.access import Role, needs_role
from daiban.web.current import current_office

_PER_PAGE = 20


@needs_role(Role.CLERK)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Cases, a stretch at a time; of each, stage by stage, which documents its files need and what is missing."""
    office = current_office()
    text = request.GET.get("text", "").strip()[:100]
    cases = [case for case in office.cases.cases if not case.projects]
    wanted = [case.id for case in cases if text.lower() in f"{case.id} {case.project.name}".lower()]
    page = Paginator(wanted, _PER_PAGE).get_page(request.GET.get("page"))
    report = archive_report(office, list(page.object_list)) if page.object_list else None
    context = {"page": page, "cases": report.cases if report is not None else (), "text": text}
    return render(request, "clerk/archive.html", context)
