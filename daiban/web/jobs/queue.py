"""Asking for a job, cancelling one, beginning one again; and what is done with those that a killed server left."""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from daiban.web.accounts.models import Account
from daiban.web.jobs.kinds import kind_of
from daiban.web.jobs.models import Job, JobState
from daiban.web.jobs.tasks import run_job
from foundation.errors import Problem
from foundation.frozen_model import FrozenModel

#: So often a job is begun before it is left for a person to begin again: what kills the worker thrice will again.
MOST_STARTS = 3


def ask_for(kind: str, arguments: FrozenModel, *, title: str, who: str, owner: Account | None = None) -> Job:
    """Put a job on record and in the queue, both or neither. ``title``: what people read in the list of jobs."""
    found = kind_of(kind)
    if found is None or not isinstance(arguments, found.arguments):
        raise ValueError(f"no kind of job {kind} with {type(arguments).__name__}")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind, title=title[:200], arguments=arguments.model_dump(mode="json"), who=who, owner=owner
        )
        run_job.enqueue(job.pk)
    return job


def cancel(job: Job) -> None:
    """Take a waiting job out of the queue; a running one ends after the document it is at."""
    with transaction.atomic():
        waiting = Job.objects.filter(pk=job.pk, state=JobState.WAITING)
        if not waiting.update(state=JobState.CANCELLED, ended_at=timezone.now()):
            Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_wanted=True)


def begin_again(job: Job) -> bool:
    """Put a job that ended without being done into the queue again; False where it is there or done already."""
    with transaction.atomic():
        ended = Job.objects.filter(pk=job.pk, state__in=[JobState.FAILED, JobState.CANCELLED])
        found = ended.update(
            state=JobState.WAITING,
            starts=0,
            cancel_wanted=False,
            problems=[],
            summary="",
            ended_at=None,
            done=0,
            total=0,
        )
        if found:
            run_job.enqueue(job.pk)
    return bool(found)


def recover() -> int:
    """Put what a killed worker was at back into the queue; returns how many. Only for the one worker, at its start."""
    left = Problem(
        "",
        f"做这项工作时，后台进程连续 {MOST_STARTS} 次意外结束",
        advice="可以点“重新开始”；若仍这样，请向维护人员反映",
    )
    with transaction.atomic():
        DBTaskResult.objects.running().delete()
        Job.objects.filter(state=JobState.RUNNING, starts__gte=MOST_STARTS).update(
            state=JobState.FAILED, problems=[asdict(left)], ended_at=timezone.now()
        )
        Job.objects.filter(state=JobState.RUNNING, cancel_wanted=True).update(
            state=JobState.CANCELLED, ended_at=timezone.now()
        )
        interrupted = list(
            Job.objects.filter(state=JobState.RUNNING).order_by("id").values_list("pk", flat=True)
        )
        Job.objects.filter(pk__in=interrupted).update(state=JobState.WAITING)
        for number in interrupted:
            run_job.enqueue(number)
    return len(interrupted)
