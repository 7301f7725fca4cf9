"""What people decided (人的决定): who, when, about what, and why. The record only grows.

A decision is never changed or erased: whoever takes one back records another about the same subject, and the latest one
counts. What a decision brings about (an issue that does not stand any more) is written in the same transaction by
whoever owns it; here is only who decided it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, insert, select

from daiban.registry.connecting import Connect
from daiban.registry.tables import decision

#: ``reissue``: a complete document is issued anew (重新出具); ``withdraw``, ``restore``: an issue does not stand any
#: more (撤回), or does again; ``cancel``, ``reopen``: a case is pursued no more (撤销), or is again; ``edited``: a DOCX
#: that staff had edited was issued as it is; ``admit``, ``bar``: an access code (访问码) lets somebody in to a case
#: until a day, or no longer; the subject is the code's keyed hash.
DecisionKind = Literal["reissue", "withdraw", "restore", "cancel", "reopen", "edited", "admit", "bar"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. ``subject``: what it is about: the number of an issue, the id of a case; ``outcome``: what came of
    it, where there is more than one possibility: the number of the new issue; ``by``: the person's name.
    """

    case_id: str
    kind: DecisionKind
    subject: str
    reason: str
    by: str
    at: datetime
    outcome: str | None = None


class Decisions:
    """The registry's part on decisions; made by :class:`daiban.registry.registry.Registry`."""

    def __init__(self, reading: Connect, writing: Connect) -> None:
        self._reading = reading
        self._writing = writing

    def of_case(self, case_id: str) -> list[Decision]:
        """Every decision about a case and its documents, in the order they were made."""
        query = select(decision).where(decision.c.case_id == case_id).order_by(decision.c.number)
        with self._reading() as connection:
            return [_decision(row) for row in connection.execute(query)]

    def about(self, subject: str) -> list[Decision]:
        """Every decision about a subject, in the order they were made."""
        query = select(decision).where(decision.c.subject == subject).order_by(decision.c.number)
        with self._reading() as connection:
            return [_decision(row) for row in connection.execute(query)]

    def latest(self, kinds: Collection[DecisionKind]) -> Mapping[str, Decision]:
        """The last decision of these kinds about each subject."""
        query = select(decision).where(decision.c.kind.in_(kinds)).order_by(decision.c.number)
        with self._reading() as connection:
            return {row.subject: _decision(row) for row in connection.execute(query)}

    def record(self, made: Decision) -> None:
        """Write a decision."""
        with self._writing() as connection:
            add(connection, made)


def add(connection: Connection, made: Decision) -> None:
    """Write a decision within somebody's transaction."""
    connection.execute(insert(decision), [_row(made)])


def decision_marks() -> Select[Any]:
    """The query for what changes of a case's decisions when one is made."""
    return select(decision.c.case_id, func.max(decision.c.number)).group_by(decision.c.case_id)


def _row(made: Decision) -> dict[str, Any]:
    return {
        "case_id": made.case_id,
        "kind": made.kind,
        "subject": made.subject,
        "outcome": made.outcome,
        "reason": made.reason,
        "decided_by": made.by,
        "decided_at": made.at,
    }


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        case_id=row.case_id,
        kind=row.kind,
        subject=row.subject,
        outcome=row.outcome,
        reason=row.reason,
        by=row.decided_by,
        at=row.decided_at,
    )
