"""What a person orders about a case: cancelling it, withdrawing a paper and taking that back, issuing one anew that had
come back complete. Each asks why, goes on record, and is a job: whoever verifies may hold the workspace for long.
"""

from __future__ import annotations

from typing import Literal

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from daiban.board.kept_office import KeptOffice
from daiban.registry import IssueSummary
from daiban.web.access import Role, needs_role
from daiban.web.audit.log import Action, record
from daiban.web.jobs.asking import start_job, to_job
from daiban.web.jobs.job_kinds import CancelArguments, IssueArguments, ReissueWish, WithdrawArguments
from daiban.web.staff.boards import name_of, office_of

_LONGEST_REASON = 200
_ABOUT_CASE = {
    "cancel": (Action.CASE_CANCELLED, "撤销案件"),
    "reopen": (Action.CASE_REOPENED, "恢复案件"),
}
_ABOUT_PAPER = {"withdraw": (Action.WITHDRAWN, "撤回"), "restore": (Action.RESTORED, "恢复")}


class OrderForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        max_length=_LONGEST_REASON,
        error_messages={
            "required": "请写明原因，记在登记库里",
            "max_length": f"原因最多写 {_LONGEST_REASON} 个字",
        },
    )


@needs_role(Role.STAFF)
@require_POST
def cancel(request: HttpRequest, case_id: str) -> HttpResponse:
    """Cancel a case."""
    return _about_case(request, case_id, "cancel")


@needs_role(Role.STAFF)
@require_POST
def reopen(request: HttpRequest, case_id: str) -> HttpResponse:
    """Take that back."""
    return _about_case(request, case_id, "reopen")


@needs_role(Role.STAFF)
@require_POST
def withdraw(request: HttpRequest, case_id: str, issue: str) -> HttpResponse:
    """Let a paper that is out stand no longer."""
    return _about_paper(request, case_id, issue, "withdraw")


@needs_role(Role.STAFF)
@require_POST
def restore(request: HttpRequest, case_id: str, issue: str) -> HttpResponse:
    """Take that back."""
    return _about_paper(request, case_id, issue, "restore")


@needs_role(Role.STAFF)
@require_POST
def reissue(request: HttpRequest, case_id: str, issue: str) -> HttpResponse:
    """Issue a paper anew that had come back complete, since its data changed."""
    office = office_of(case_id)
    found = _issue(office, case_id, issue)
    reason = _reason(request)
    if reason is None:
        return _back(case_id)
    wish = ReissueWish(by=name_of(request), reason=reason)
    arguments = IssueArguments(cases=(case_id,), forms=(found.form_id,), reissue=wish)
    title = f"重新出具 {case_id}《{_title(office, found)}》"
    _note(request, Action.REISSUED, found, reason)
    return to_job(start_job(request, "generate", arguments, title=title, case=case_id))


def _about_case(request: HttpRequest, case_id: str, done: Literal["cancel", "reopen"]) -> HttpResponse:
    office_of(case_id)
    reason = _reason(request)
    if reason is None:
        return _back(case_id)
    action, name = _ABOUT_CASE[done]
    record(request, action, case=case_id, detail=reason)
    arguments = CancelArguments(case=case_id, done=done, by=name_of(request), reason=reason)
    return to_job(start_job(request, "cancel", arguments, title=f"{name} {case_id}", case=case_id))


def _about_paper(
    request: HttpRequest, case_id: str, issue: str, done: Literal["withdraw", "restore"]
) -> HttpResponse:
    office = office_of(case_id)
    found = _issue(office, case_id, issue)
    reason = _reason(request)
    if reason is None:
        return _back(case_id)
    action, name = _ABOUT_PAPER[done]
    _note(request, action, found, reason)
    arguments = WithdrawArguments(case=case_id, issue=issue, done=done, by=name_of(request), reason=reason)
    title = f"{name} {case_id}《{_title(office, found)}》{issue}"
    return to_job(start_job(request, "withdraw", arguments, title=title, case=case_id))


def _issue(office: KeptOffice, case_id: str, number: str) -> IssueSummary:
    """An issue of this case, whether it stands or not; another case's is answered as one that there is not."""
    found = office.record(number)
    if found is None or found.case_id != case_id:
        raise Http404("这个案件没有这份文书")
    return found


def _title(office: KeptOffice, issue: IssueSummary) -> str:
    return office.titles.get(issue.form_id, issue.form_id)


def _note(request: HttpRequest, action: Action, issue: IssueSummary, reason: str) -> None:
    record(request, action, case=issue.case_id, form=issue.form_id, issue=issue.number, detail=reason)


def _reason(request: HttpRequest) -> str | None:
    """Why; None where nothing that can be kept was said, which the next page tells."""
    form = OrderForm(request.POST)
    if form.is_valid():
        return str(form.cleaned_data["reason"])
    for errors in form.errors.values():
        messages.error(request, "；".join(map(str, errors)))
    return None


def _back(case_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("staff:case", args=[case_id]))
