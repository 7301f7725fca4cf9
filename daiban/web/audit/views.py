"""The audit log for administrators: a page to look through, and all of it as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.audit.models import AuditEntry

_PER_PAGE = 50
_HEADINGS = ("时间", "谁", "做了什么", "案件", "文书", "编号", "来自", "说明")
#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@needs_role(Role.ADMINISTRATOR)
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """The newest entries first, those that match what was asked for."""
    page = Paginator(_wanted(request), _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "audit/entries.html", {"page": page, "actions": list(Action)})


@needs_role(Role.ADMINISTRATOR)
@require_POST
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Every entry from old to new as CSV (UTF-8 with BOM, so that Excel and WPS read it)."""
    record(request, Action.AUDIT_EXPORTED)
    response = StreamingHttpResponse(_csv_lines(), content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="audit-{day}.csv"'
    return response


def _wanted(request: HttpRequest) -> QuerySet[AuditEntry]:
    found = AuditEntry.objects.all()
    if word := request.GET.get("q", "").strip():
        found = found.filter(Q(who__icontains=word) | Q(case__icontains=word) | Q(issue__iexact=word))
    if action := request.GET.get("action", ""):
        found = found.filter(action=action)
    return found


class _Line:
    """What csv writes to: hands each line on."""

    def write(self, line: str) -> str:
        return line


def _csv_lines() -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(_HEADINGS)
    for entry in AuditEntry.objects.order_by("id").iterator():
        at = timezone.localtime(entry.at).isoformat(timespec="seconds")
        yield writer.writerow(
            _safe(
                (
                    at,
                    entry.who,
                    entry.action,
                    entry.case,
                    entry.form,
                    entry.issue,
                    entry.address,
                    entry.detail,
                )
            )
        )


def _safe(cells: Iterable[str]) -> list[str]:
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]
