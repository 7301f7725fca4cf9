"""自有表单: the office's own forms, checked, and tried on a sample case with the pages beside the problems."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from daiban.form_trial import OwnForm, own_forms
from daiban.web.access import Role, needs_role
from daiban.web.current import current_office
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.pictures.views import picture_response
from daiban.web.staff.job_kinds import TrialArguments
from daiban.web.staff.trials import last_trial, trial_folder


@needs_role(Role.STAFF)
@require_GET
def forms(request: HttpRequest) -> HttpResponse:
    """All of them, each with what is wrong with it."""
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


def _own_form(form_id: str) -> OwnForm:
    for own in own_forms(current_office()):
        if own.form == form_id:
            return own
    raise Http404("没有这张自有表单")
