"""Cancelling a case (撤销), and taking that back (恢复): a person's decision, with the reason on record.

A cancelled case stays where staff keep it, and so do its papers; but nothing is made, printed, asked for or counted of
it any more (docs/decisions/0042).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from daiban.office import Office
from daiban.registry import Decision
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel, Timestamp


class CancellationResult(FrozenModel):
    """What was done: ``cancel`` or ``reopen``, by whom, when and why; ``issued``: the numbers of its papers that are
    out and stay on record.
    """

    case: str
    done: Literal["cancel", "reopen"]
    by: str
    at: Timestamp
    reason: str
    issued: tuple[str, ...]


def cancel(office: Office, case_id: str, *, by: str, reason: str) -> CancellationResult:
    """Cancel a case.

    :raises UsageError: there is no such case, or it is cancelled. :raises NotWritableError: the registry.
    """
    office.require_cases([case_id])
    return _decide(office, case_id, "cancel", by, reason)


def reopen(office: Office, case_id: str, *, by: str, reason: str) -> CancellationResult:
    """Take a cancellation back: papers stand as they did, and what the case calls for is made again.

    :raises UsageError: the case is not cancelled. :raises NotWritableError: the registry cannot be written.
    """
    if case_id not in office.cancellations:
        office.require_cases([case_id])
        raise UsageError(Problem("--case", f"案件“{case_id}”没有撤销过"))
    return _decide(office, case_id, "reopen", by, reason)


def _decide(
    office: Office, case_id: str, kind: Literal["cancel", "reopen"], by: str, reason: str
) -> CancellationResult:
    now = dt.datetime.now(dt.UTC)
    decision = Decision(case_id=case_id, kind=kind, subject=case_id, reason=reason, by=by, at=now)
    with office.writing() as locked:
        locked.open_registry.decisions.record(decision)
        out = [one.number for one in locked.issues_of_case.get(case_id, ()) if one.published_at is not None]
    return CancellationResult(case=case_id, done=kind, by=by, at=now, reason=reason, issued=tuple(out))
