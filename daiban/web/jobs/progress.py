"""A job's progress: written to its record now and then, where pages read it and the wish to cancel it is seen."""

from __future__ import annotations

import time
from types import TracebackType

from daiban.progress_bar import Progress, ProgressBar
from daiban.web.jobs.models import Job, JobState

_EVERY_S = 0.4


class JobCancelled(KeyboardInterrupt):
    """A person cancelled the job: what holds for Ctrl-C holds. What is published stays, what is half done goes."""


class JobProgress(Progress):
    """Writes how far a job has come into its record; raises :class:`JobCancelled` between two documents."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def bar(self, total: int, label: str) -> ProgressBar:
        """The bar of a stage."""
        return _JobBar(self._job, total, label)

    def waiting(self, text: str) -> None:
        """Shown in place of a stage."""
        Job.objects.filter(pk=self._job.pk).update(label=text[:100], done=0, total=0)


class _JobBar(ProgressBar):
    def __init__(self, job: Job, total: int, label: str) -> None:
        super().__init__(total, label, enabled=False)
        self._job, self._label, self._total, self._done = job, label, total, 0
        self._written = 0.0

    def advance(self, count: int = 1) -> None:
        self._done += count
        if time.monotonic() - self._written >= _EVERY_S:
            self._write()

    def extend(self, count: int) -> None:
        self._total += count

    def __enter__(self) -> ProgressBar:
        self._write()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        own = Job.objects.filter(pk=self._job.pk, state=JobState.RUNNING)
        own.update(label=self._label, done=self._done, total=self._total)
        if own.filter(cancel_wanted=True).exists():
            raise JobCancelled
