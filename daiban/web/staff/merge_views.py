"""研判合并: the 研判表 that departments sent back, dropped and merged into their case's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.staff.boards import name_of, office_of
from daiban.web.staff.drops import keep, take
from daiban.web.staff.job_kinds import MergeArguments
from foundation.errors import Problem, UsageError

_SUFFIXES = {name: name for name in (".docx", ".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff")}


@needs_role(Role.STAFF)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest) -> HttpResponse:
    """The place to drop sheets on; ``?case=`` says whose."""
    if request.method == "GET":
        return render(request, "staff/merge.html", {"case_id": request.GET.get("case", "")})
    case_id = request.POST.get("case", "").strip()
    files = request.FILES.getlist("sheets")
    if not case_id or not files:
        what = "没有写是哪个案件" if not case_id else "没有收到文件"
        raise UsageError(Problem("研判合并", what, advice="写上案件编号，放上各科室交回的研判表"))
    office_of(case_id)
    drop = take("sheets", files, by=name_of(request), suffixes=_SUFFIXES, case=case_id)
    record(request, Action.SHEETS_UPLOADED, case=case_id, detail="、".join(drop.names))
    arguments = MergeArguments(token=drop.token, case=case_id, anew=request.POST.get("anew") == "yes")
    job = start_job(request, "merge", arguments, title=f"汇总 {case_id} 的研判表", case=case_id)
    keep(drop.model_copy(update={"job": job.pk}))
    return to_job(job)
