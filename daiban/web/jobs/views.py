"""The list of jobs, one job with its progress, cancelling, beginning again."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from daiban.web.access import Role, needs_role, roles_of
from daiban.web.audit.log import Action, record
from daiban.web.jobs import queue
from daiban.web.jobs.kinds import kinds
from daiban.web.jobs.models import Job

_PER_PAGE = 30


@needs_role(*Role)
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The newest jobs first, of the kinds that whoever is logged in may see."""
    found = Job.objects.filter(kind__in=_visible(request)).defer("result", "arguments", "problems")
    page = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "jobs/jobs.html", {"page": page})


@needs_role(*Role)
@require_GET
def job(request: HttpRequest, number: int) -> HttpResponse:
    """One job; as a part of a page, only its progress, which asks again until the job has ended."""
    template = "jobs/progress.html" if request.headers.get("HX-Request") == "true" else "jobs/job.html"
    return render(request, template, {"job": _job(request, number)})


@needs_role(*Role)
@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel between two documents."""
    found = _job(request, number)
    queue.cancel(found)
    record(request, Action.JOB_CANCELLED, detail=f"{found.pk} {found.title}")
    return HttpResponseRedirect(reverse("jobs:job", args=[number]))


@needs_role(*Role)
@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Begin a job again that was cancelled or failed; it goes on from what is done."""
    found = _job(request, number)
    if queue.begin_again(found):
        record(request, Action.JOB_AGAIN, detail=f"{found.pk} {found.title}")
    return HttpResponseRedirect(reverse("jobs:job", args=[number]))


def _visible(request: HttpRequest) -> list[str]:
    roles = roles_of(request)
    return [kind.name for kind in kinds() if Role.ADMINISTRATOR in roles or roles & kind.roles]


def _job(request: HttpRequest, number: int) -> Job:
    """A job that whoever is logged in may see. Another's is answered as one that does not exist."""
    found = Job.objects.filter(pk=number, kind__in=_visible(request)).first()
    if found is None:
        raise Http404("没有这项任务")
    return found
