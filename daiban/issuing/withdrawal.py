"""Withdrawing an issue (撤回), and taking that back: a person's decision, with the reason on record.

A withdrawn issue does not stand any more: what comes back of it is not placed, and the document counts as not out. Its
files move to ``superseded/`` under its number, and come back when it is restored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from daiban.issuing.set_aside import SUPERSEDED
from daiban.office import LockedOffice, Office
from daiban.registry import Decision, IssueRecord
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel, Timestamp
from foundation.writing import writing


class WithdrawalResult(FrozenModel):
    """What was done: ``withdraw`` or ``restore`` of an issue, by whom, when and why; ``files``: where they are now,
    relative to the workspace.
    """

    case: str
    form: str
    issue: str
    stage: str | None
    done: Literal["withdraw", "restore"]
    by: str
    at: Timestamp
    reason: str
    files: tuple[str, ...]


def withdraw(office: Office, number: str, *, by: str, reason: str) -> WithdrawalResult:
    """Let an issue stand no longer.

    :raises UsageError: no such number, or it does not stand. :raises NotWritableError: the workspace cannot be written.
    """
    with office.writing() as locked:
        issue = _issue(locked, number)
        if issue.is_void or issue.published_at is None:
            raise UsageError(Problem(number, f"这一份{_how_it_stands(locked, issue)}，不用撤回"))
        decision = _decision(issue, "withdraw", by, reason)
        locked.open_registry.withdraw(decision)
        files = [_move(locked, place, _aside(place, number)) for place in _places(locked, issue)]
    return _result(issue, decision, files)


def restore(office: Office, number: str, *, by: str, reason: str) -> WithdrawalResult:
    """Let a withdrawn issue stand again.

    :raises UsageError: no such number, it was not withdrawn, or another stands in its place by now.
    :raises NotWritableError: the workspace cannot be written.
    """
    with office.writing() as locked:
        issue = _issue(locked, number)
        if issue.withdrawn_at is None:
            raise UsageError(Problem(number, f"这一份{_how_it_stands(locked, issue)}，没有撤回过"))
        newer = locked.issues.get(issue.key)
        if newer is not None:
            problem = f"撤回以后已出具了新的一份 {newer.number}，两份不能同时有效"
            advice = f"要恢复旧的，先撤回新的：daiban withdraw {office.workspace.path} {newer.number}"
            raise UsageError(Problem(number, problem, advice=advice))
        decision = _decision(issue, "restore", by, reason)
        locked.open_registry.restore(decision)
        files = [_move(locked, _aside(place, number), place) for place in _places(locked, issue)]
    return _result(issue, decision, files)


def _issue(office: LockedOffice, number: str) -> IssueRecord:
    found = office.record(number)
    if found is None:
        advice = "编号印在每页的二维码下面，daiban status 也会列出"
        raise UsageError(Problem(number, f"登记库里没有编号“{number}”", advice=advice))
    return found


def _how_it_stands(office: LockedOffice, issue: IssueRecord) -> str:
    if issue.withdrawn_at is not None:
        return "已经撤回"
    if issue.superseded_by is not None:
        newer = office.open_registry.standing_instead(issue)
        return f"已作废，由 {newer} 代替" if newer else "已作废"
    return "还没有出完" if issue.published_at is None else "是现行的"


def _decision(issue: IssueRecord, kind: Literal["withdraw", "restore"], by: str, reason: str) -> Decision:
    now = dt.datetime.now(dt.UTC)
    return Decision(case_id=issue.case_id, kind=kind, subject=issue.number, reason=reason, by=by, at=now)


def _places(office: LockedOffice, issue: IssueRecord) -> Iterator[Path]:
    return (office.workspace.path / name for name in (issue.docx, issue.pdf) if name)


def _aside(place: Path, number: str) -> Path:
    return place.parent / SUPERSEDED / f"{place.stem}.{number}{place.suffix}"


def _move(office: LockedOffice, source: Path, target: Path) -> Path | None:
    """Move a file, where it is there and its new place is free; None where it could not be moved."""
    if not source.is_file() or target.exists():
        return None
    with writing(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    return Path(office.workspace.relative(target))


def _result(issue: IssueRecord, decision: Decision, files: list[Path | None]) -> WithdrawalResult:
    return WithdrawalResult(
        case=issue.case_id,
        form=issue.form_id,
        issue=issue.number,
        stage=issue.stage,
        done="withdraw" if decision.kind == "withdraw" else "restore",
        by=decision.by,
        at=decision.at,
        reason=decision.reason,
        files=tuple(file.as_posix() for file in files if file is not None),
    )
