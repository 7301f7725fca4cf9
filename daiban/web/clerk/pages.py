"""Unplaced pages beside the places they may belong to; taking a wrongly placed page away."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daiban.deciding.candidates import page_candidates, unplaced_record
from daiban.deciding.queue import unplaced_queue
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.clerk.forms import PlaceForm, ReasonForm, say_errors, whole_number
from daiban.web.clerk.job_kinds import PLACING, PlacingArguments
from daiban.web.clerk.naming import person_of
from daiban.web.current import current_office
from daiban.web.jobs.asking import start_job, to_job
from foundation.errors import UsageError

_PER_PAGE = 24


@needs_role(Role.CLERK)
@require_GET
def unplaced(request: HttpRequest) -> HttpResponse:
    """The unplaced pages that wait, as pictures."""
    number = whole_number(request.GET.get("page"), least=1)
    found = unplaced_queue(current_office(), limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE)
    page = Paginator(range(found.total), _PER_PAGE).get_page(number)
    return render(request, "clerk/unplaced.html", {"found": found, "page": page})


@needs_role(Role.CLERK)
@require_GET
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One unplaced page, large, beside the pages that are lacking elsewhere."""
    office = current_office()
    try:
        found = unplaced_record(office, number)
    except UsageError as error:
        raise Http404(str(error)) from error
    context = {
        "record": found,
        "candidates": page_candidates(office, found) if found.is_open else (),
        "form": PlaceForm(),
        "total": unplaced_queue(office, limit=1).total,
    }
    return render(request, "clerk/page.html", context)


@needs_role(Role.CLERK)
@require_POST
def place(request: HttpRequest, number: int) -> HttpResponse:
    """Put a page where a person says it belongs: a job, since it is read again."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return HttpResponseRedirect(reverse("clerk:page", args=[number]))
    said = form.cleaned_data
    arguments = PlacingArguments(
        done="place",
        by=person_of(request),
        reason=said["reason"],
        page=f"P{number}",
        issue=said["issue"],
        number=said["number"],
    )
    return _started(request, arguments, f"把 P{number} 归入 {said['issue']} 第{said['number']}页")


@needs_role(Role.CLERK)
@require_POST
def dismiss(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a page is of no document of ours."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return HttpResponseRedirect(reverse("clerk:page", args=[number]))
    arguments = PlacingArguments(
        done="dismiss", by=person_of(request), reason=form.cleaned_data["reason"], page=f"P{number}"
    )
    return _started(request, arguments, f"P{number} 不归入")


@needs_role(Role.CLERK)
@require_POST
def take_away(request: HttpRequest, issue: str, page: int) -> HttpResponse:
    """Take a wrongly placed page out of a document."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return HttpResponseRedirect(reverse("clerk:document", args=[issue]))
    arguments = PlacingArguments(
        done="remove", by=person_of(request), reason=form.cleaned_data["reason"], issue=issue, number=page
    )
    return _started(request, arguments, f"移出 {issue} 第{page}页")


def _started(request: HttpRequest, arguments: PlacingArguments, title: str) -> HttpResponse:
    record(request, Action.PLACED, issue=arguments.issue, detail=f"{title}：{arguments.reason}")
    return to_job(start_job(request, PLACING, arguments, title=title))
