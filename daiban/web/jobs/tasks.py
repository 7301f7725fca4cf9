"""What the worker does with a job: the one task of the queue."""

from __future__ import annotations

import logging
from dataclasses import asdict

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import task

from daiban.web.current import current_office
from daiban.web.jobs.kinds import JobOutcome, kind_of
from daiban.web.jobs.models import Job, JobState
from daiban.web.jobs.progress import JobCancelled, JobProgress
from foundation.errors import DaibanError, ExitCode, Problem

_log = logging.getLogger(__name__)
_MOST_PROBLEMS = 200
_BUG = Problem("", "程序出了错，详情已写进服务器的日志", advice="请向维护人员反映，附上这项任务的编号")
_UNKNOWN = Problem("", "这个版本没有这种任务", advice="请重新提交")


@task()
def run_job(number: int) -> None:
    """Work one job off, whatever becomes of it; a job that is no longer waiting is left alone.

    :raises KeyboardInterrupt: the server is ending; the job waits for its next start.
    """
    if not _claimed(number):
        return
    job = Job.objects.get(pk=number)
    try:
        _finish(job, JobState.DONE, _outcome(job))
    except JobCancelled:
        _finish(
            job, JobState.CANCELLED, JobOutcome("已取消；已经做完的部分保留", exit_code=ExitCode.INTERRUPTED)
        )
    except DaibanError as error:
        _finish(job, JobState.FAILED, JobOutcome("", error.problems, error.exit_code))
    except Exception:
        _log.exception("job %s (%s)", job.pk, job.kind)
        _finish(job, JobState.FAILED, JobOutcome("", (_BUG,), ExitCode.BUG))


def _claimed(number: int) -> bool:
    with transaction.atomic():
        waiting = Job.objects.filter(pk=number, state=JobState.WAITING)
        return bool(
            waiting.update(
                state=JobState.RUNNING,
                started_at=timezone.now(),
                starts=F("starts") + 1,
                label="",
                done=0,
                total=0,
            )
        )


def _outcome(job: Job) -> JobOutcome:
    kind = kind_of(job.kind)
    if kind is None:
        raise DaibanError(_UNKNOWN)
    arguments = kind.arguments.model_validate(job.arguments)
    return kind.run(current_office(), arguments, JobProgress(job))


def _finish(job: Job, state: JobState, outcome: JobOutcome) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=state,
        ended_at=timezone.now(),
        summary=outcome.summary[:500],
        problems=[asdict(problem) for problem in outcome.problems[:_MOST_PROBLEMS]],
        exit_code=int(outcome.exit_code),
        result=outcome.result.model_dump(mode="json") if outcome.result is not None else None,
        link=outcome.link,
    )
