"""A job on record: what was asked for, by whom, how far it is, what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from foundation.errors import Problem


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "等待"
    RUNNING = "running", "进行中"
    DONE = "done", "完成"
    FAILED = "failed", "没有做成"
    CANCELLED = "cancelled", "已取消"


#: States of a job that nothing more will happen to by itself.
ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


class Job(models.Model):
    """Long work, asked for on a page or by another system.

    ``kind``: a name of :mod:`daiban.web.jobs.kinds`; ``arguments``: its model as JSON. ``who``: the login or the system
    that asked, as text. ``label``, ``done``, ``total``: the stage it is in. ``starts``: how often it was begun; each
    beginning after the first goes on from what the ones before have finished. ``result``: the operation's own model as
    JSON. ``link``: the page to look at when it is done.
    """

    kind = models.CharField(max_length=40, db_index=True)
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    who = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING, db_index=True)
    made_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    starts = models.PositiveSmallIntegerField(default=0)
    cancel_wanted = models.BooleanField(default=False)
    label = models.CharField(max_length=100, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    summary = models.CharField(max_length=500, blank=True)
    problems = models.JSONField(default=list)
    exit_code = models.PositiveSmallIntegerField(null=True)
    result = models.JSONField(null=True)
    link = models.CharField(max_length=300, blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar = ["-id"]

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in ENDED

    @property
    def percent(self) -> int:
        """How much of the present stage is done, 0..100."""
        return min(100, 100 * self.done // self.total) if self.total else 0

    @property
    def said(self) -> tuple[Problem, ...]:
        """What was wrong, for people."""
        return tuple(Problem(**item) for item in self.problems)
