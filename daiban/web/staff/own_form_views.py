"""自有表单: the office's own forms, checked, and tried on a sample case with the pages beside the problems."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daiban.form_trial import OwnForm, own_forms
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.current import current_office
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.pictures.views import picture_response
from daiban.web.staff.boards import name_of
from daiban.web.staff.drops import keep, take
from daiban.web.staff.job_kinds import TakeFormArguments, TrialArguments
from daiban.web.staff.trials import last_trial, trial_folder
from foundation.errors import Problem, UsageError


@needs_role(Role.STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def forms(request: HttpRequest) -> HttpResponse:
    """All of them, each with what is wrong with it; the place to drop another on."""
    if request.method == "POST":
        return _take(request)
    return render(request, "staff/own_forms.html", {"forms": own_forms(current_office()), "folder": "forms/"})


@needs_role(Role.STAFF)
@require_GET
def form(request: HttpRequest, form_id: str) -> HttpResponse:
    """One form: its problems, and its last trial beside them."""
    own = _own_form(form_id)
    trial = last_trial(form_id)
    pages = range(1, trial.pages + 1) if trial else ()
    return render(request, "staff/own_form.html", {"form": own, "trial": trial, "pages": pages})


@needs_role(Role.STAFF)
@require_POST
def try_one(request: HttpRequest, form_id: str) -> HttpResponse:
    """Fill a form with a sample case and lay it out, as a job."""
    own = _own_form(form_id)
    return to_job(
        start_job(request, "form-trial", TrialArguments(form=form_id), title=f"试印《{own.title}》")
    )


@needs_role(Role.STAFF)
@require_GET
def trial_page(request: HttpRequest, form_id: str, page: int, density: str) -> HttpResponse:
    """A page of a form's last trial."""
    _own_form(form_id)
    trial = last_trial(form_id)
    if trial is None or trial.pdf is None:
        raise Http404("这张表还没有试印过")
    return picture_response(request, trial_folder(form_id) / trial.pdf, page, density)


def _take(request: HttpRequest) -> HttpResponse:
    """Check a ZIP of a form's folder and put it among the office's own, as a job."""
    files = request.FILES.getlist("form")
    if len(files) != 1:
        what = "没有收到文件" if not files else "一次只能放一张表"
        advice = "把一张表的文件夹（form.toml 和 template.docx）压成 ZIP 再传"
        raise UsageError(Problem("自有表单", what, advice=advice))
    drop = take("form", files, by=name_of(request), suffixes={".zip": ".zip"})
    record(request, Action.FORM_UPLOADED, detail=drop.names[0])
    job = start_job(
        request, "form-take", TakeFormArguments(token=drop.token), title=f"放进表单 {drop.names[0]}"
    )
    keep(drop.model_copy(update={"job": job.pk}))
    return to_job(job)


def _own_form(form_id: str) -> OwnForm:
    for own in own_forms(current_office()):
        if own.form == form_id:
            return own
    raise Http404("没有这张自有表单")
