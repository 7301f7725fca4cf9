"""What the interface answers, beside the operations' own models."""

from __future__ import annotations

from pydantic import Field

from daiban.documents.return_status import ReturnStatus
from daiban.registry import Answer
from daiban.web.jobs.models import Job, JobState
from foundation.errors import Problem
from foundation.frozen_model import FrozenModel, Timestamp


class ApiProblems(FrozenModel):
    """Why something was refused: 400, 401, 403, 404, 409, 422, 429, 503."""

    problems: tuple[Problem, ...]


class PersonalOrder(FrozenModel):
    """Something that a person wants done. ``by``: that person; ``reason``: why."""

    by: str = Field(min_length=1, max_length=60)
    reason: str = Field(min_length=1, max_length=500)


class IssueOrder(FrozenModel):
    """Cases and forms to issue; none named: all cases, and the forms their stages call for. ``reissue``: documents that
    came back complete and whose data changed are wanted anew too, by whom and why; for named cases alone.
    """

    cases: tuple[str, ...] = Field(default=(), max_length=1000)
    forms: tuple[str, ...] = Field(default=(), max_length=100)
    reissue: PersonalOrder | None = None


class DecisionOrder(FrozenModel):
    """A person's answer about a return, or about its finding number ``finding`` (from 1). ``by``: that person;
    ``seen``, ``generation``: what the person had before them (:class:`daiban.deciding.decide.AnswerRequest`).
    """

    answer: Answer
    by: str = Field(min_length=1, max_length=60)
    reason: str = Field(min_length=1, max_length=500)
    finding: int | None = Field(default=None, ge=1, le=10_000)
    seen: int | None = Field(default=None, ge=0, le=2**31)
    generation: int | None = Field(default=None, ge=1, le=2**31)


class JobView(FrozenModel):
    """A job: ask again until ``state`` is ``done``, ``failed`` or ``cancelled``. ``done`` of ``total`` in the present
    stage; ``exit_code`` as of the command; ``result_url``: where the operation's own JSON is, once there is one.
    """

    id: int
    kind: str
    title: str
    state: JobState
    label: str
    done: int
    total: int
    summary: str
    problems: tuple[Problem, ...]
    exit_code: int | None
    made_at: Timestamp
    ended_at: Timestamp | None
    url: str
    result_url: str | None


class DocumentView(FrozenModel):
    """An issued document and what is back of it. ``returned``: null while nothing is."""

    issue: str
    case: str
    form: str
    pages: int
    issued_at: Timestamp | None
    superseded_by: str | None
    withdrawn: bool
    blank: tuple[str, ...]
    returned: ReturnStatus | None


def job_view(job: Job) -> JobView:
    """A job as other systems see it."""
    return JobView(
        id=job.pk,
        kind=job.kind,
        title=job.title,
        state=JobState(job.state),
        label=job.label,
        done=job.done,
        total=job.total,
        summary=job.summary,
        problems=job.said,
        exit_code=job.exit_code,
        made_at=job.made_at,
        ended_at=job.ended_at,
        url=f"/api/v1/jobs/{job.pk}",
        result_url=f"/api/v1/jobs/{job.pk}/result" if job.result is not None else None,
    )
