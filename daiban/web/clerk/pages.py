"""Unplaced pages beside the places they may belong to; taking a wrongly placed page away."""

from __future__ import annotations

from typing import Literal

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daiban.deciding.candidates import page_candidates, page_sheet, placed_lately, unplaced_record
from daiban.deciding.queue import unplaced_queue
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.clerk.forms import AwayForm, PageForm, PlaceForm, say_errors, whole_number
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
    office = current_office()
    with office.registry_at_hand():
        found = unplaced_queue(office, limit=_PER_PAGE, offset=(number - 1) * _PER_PAGE)
        lately = placed_lately(office)
    page = Paginator(range(found.total), _PER_PAGE).get_page(number)
    context = {"found": found, "page": page, "lately": lately}
    return render(request, "clerk/unplaced.html", context)


@needs_role(Role.CLERK)
@require_GET
def page(request: HttpRequest, number: int) -> HttpResponse:
    """One unplaced page, large, beside the pages that are lacking elsewhere."""
    office = current_office()
    with office.registry_at_hand():
        try:
            found = unplaced_record(office, number)
        except UsageError as error:
            raise Http404(str(error)) from error
        context = {
            "record": found,
            "sheet": page_sheet(office, found),
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
        seen=said["seen"],
    )
    return _started(request, arguments, f"把 P{number} 归入 {said['issue']} 第{said['number']}页")


@needs_role(Role.CLERK)
@require_POST
def dismiss(request: HttpRequest, number: int) -> HttpResponse:
    """Say that a page is of no document of ours."""
    return _about_page(request, number, "dismiss", f"P{number} 不归入")


@needs_role(Role.CLERK)
@require_POST
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take back the latest decision about a page: it goes back where it was before."""
    return _about_page(request, number, "undo", f"撤销 P{number} 的归页")


def _about_page(
    request: HttpRequest, number: int, done: Literal["dismiss", "undo"], title: str
) -> HttpResponse:
    form = PageForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return HttpResponseRedirect(reverse("clerk:page", args=[number]))
    said = form.cleaned_data
    arguments = PlacingArguments(
        done=done, by=person_of(request), reason=said["reason"], page=f"P{number}", seen=said["seen"]
    )
    return _started(request, arguments, title)


@needs_role(Role.CLERK)
@require_POST
def take_away(request: HttpRequest, issue: str, page: int) -> HttpResponse:
    """Take a wrongly placed page out of a document."""
    form = AwayForm(request.POST)
    if not form.is_valid():
        say_errors(request, form)
        return HttpResponseRedirect(reverse("clerk:document", args=[issue]))
    said = form.cleaned_data
    arguments = PlacingArguments(
        done="remove",
        by=person_of(request),
        reason=said["reason"],
        issue=issue,
        number=page,
        generation=said["generation"],
    )
    return _started(request, arguments, f"移出 {issue} 第{page}页")


def _started(request: HttpRequest, arguments: PlacingArguments, title: str) -> HttpResponse:
    record(request, Action.PLACED, issue=arguments.issue, detail=f"{title}：{arguments.reason}")
    return to_job(start_job(request, PLACING, arguments, title=title))
