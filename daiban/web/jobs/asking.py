"""Asking for a job from a view: on record, in the audit log, and on to the page that shows its progress."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from daiban.web.access import Role, roles_of
from daiban.web.accounts.models import Account
from daiban.web.audit.log import Action, record
from daiban.web.jobs.kinds import kind_of
from daiban.web.jobs.models import Job
from daiban.web.jobs.queue import ask_for
from foundation.frozen_model import FrozenModel


def start_job(request: HttpRequest, kind: str, arguments: FrozenModel, *, title: str, case: str = "") -> Job:
    """A new job of whoever is logged in. ``case``: for the audit log, where it is about one case."""
    known = kind_of(kind)
    if known is not None and not roles_of(request) & (known.roles | {Role.ADMINISTRATOR}):
        raise PermissionDenied("您的账户不能做这件事")
    account = cast(Account, request.user)
    job = ask_for(kind, arguments, title=title, who=account.get_username(), owner=account)
    record(request, Action.JOB_STARTED, case=case, detail=f"{job.pk} {job.title}")
    return job


def to_job(job: Job) -> HttpResponse:
    """On to the page of a job."""
    return HttpResponseRedirect(reverse("jobs:job", args=[job.pk]))
