"""花名册: dropped, checked, confirmed, made."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daiban.board.kept_office import kept_catalogue
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.current import current_board
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.jobs.models import Job
from daiban.web.staff.boards import name_of
from daiban.web.staff.drops import drop_of, drops, keep, take
from daiban.web.staff.job_kinds import ReviewArguments, TakeRosterArguments
from foundation.errors import Problem, UsageError

_LISTED = 20
_SHOWN = 300  # rows of a list; the count says how many there are


@needs_role(Role.STAFF)
@require_http_methods(["GET", "POST"])
def rosters(request: HttpRequest) -> HttpResponse:
    """The place to drop a roster on, and what was dropped lately."""
    if request.method == "POST":
        return _take(request)
    found = list(islice(drops("roster"), _LISTED))
    jobs = Job.objects.in_bulk([drop.job for drop in found if drop.job])
    context: dict[str, object] = {
        "drops": [(drop, jobs.get(drop.job or 0)) for drop in found],
        "has_roster": current_board().workspace.roster.exists(),
    }
    return render(request, "staff/rosters.html", context)


def _take(request: HttpRequest) -> HttpResponse:
    files = request.FILES.getlist("roster")
    if len(files) != 1:
        advice = "一次放一个 .xlsx 文件"
        raise UsageError(
            Problem("花名册", "没有收到文件" if not files else "一次只能放一个花名册", advice=advice)
        )
    drop = take("roster", files, by=name_of(request), suffixes={".xlsx": ".xlsx"})
    record(request, Action.ROSTER_UPLOADED, detail=drop.names[0])
    arguments = ReviewArguments(token=drop.token)
    job = start_job(request, "roster-review", arguments, title=f"检查花名册 {drop.names[0]}")
    keep(drop.model_copy(update={"job": job.pk}))
    return redirect("staff:roster", drop.token)


@needs_role(Role.STAFF)
@require_GET
def roster(request: HttpRequest, token: str) -> HttpResponse:
    """One dropped roster: its check while that runs, then what it would bring."""
    drop = drop_of(token, "roster")
    review = drop.review
    context: dict[str, object] = {
        "drop": drop,
        "review": review,
        "job": Job.objects.filter(pk=drop.job or 0).first(),
        "confirmed": Job.objects.filter(pk=drop.confirmed_job or 0).first(),
    }
    if review is not None:
        titles = {form.id: form.title for form in kept_catalogue(current_board().workspace).forms}
        actions = Counter(item.action for item in review.planned)
        context |= {
            "errors": [item for item in review.problems if item.severity == "error"][:_SHOWN],
            "doubts": [item for item in review.problems if item.severity != "error"][:_SHOWN],
            "error_count": sum(item.severity == "error" for item in review.problems),
            "doubt_count": sum(item.severity != "error" for item in review.problems),
            "planned": [(titles.get(item.form, item.form), item) for item in review.planned[:_SHOWN]],
            "new_count": actions["new"],
            "anew_count": actions["anew"],
            "again_count": actions["again"],
            "voided": review.voided[:_SHOWN],
            "shown": _SHOWN,
        }
    return render(request, "staff/roster.html", context)


@needs_role(Role.STAFF)
@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Let a reviewed roster take its place, and make what it calls for."""
    drop = drop_of(token, "roster")
    review = drop.review
    if review is None:
        raise UsageError(Problem("花名册", "还没有检查完，不能确认", advice="等检查完成再确认"))
    chosen = tuple(name for name in request.POST.getlist("from_roster") if name in review.own_files)
    arguments = TakeRosterArguments(token=token, from_roster=chosen)
    job = start_job(request, "roster-take", arguments, title=f"换上花名册 {drop.names[0]} 并出具")
    keep(drop.model_copy(update={"confirmed_job": job.pk}))
    record(
        request,
        Action.ROSTER_CONFIRMED,
        detail=f"{drop.names[0]}，以花名册为准的案件：{'、'.join(chosen) or '无'}",
    )
    return to_job(job)
