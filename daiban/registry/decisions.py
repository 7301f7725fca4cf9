"""What people decided (人的决定): who, when, about what, and why. The record only grows.

A decision is never changed or erased: whoever takes one back records another about the same subject, and the latest one
counts. What a decision brings about (an issue that does not stand any more, a verdict that a person gave) is written in
the same transaction by whoever owns it; here is only who decided it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, func, insert, select

from daiban.registry.connecting import Connect
from daiban.registry.tables import decision

#: ``reissue``: a complete document is issued anew (重新出具); ``withdraw``, ``restore``: an issue does not stand any
#: more (撤回), or does again; ``cancel``, ``reopen``: a case is pursued no more (撤销), or is again; ``edited``: a
#: DOCX that staff had edited was issued as it is; ``admit``, ``bar``: an access code (访问码) lets somebody in to a
#: case until a day, or no longer; the subject is the code's keyed hash. ``accept``, ``reject``: what came back of an
#: issue, or one finding about it, is accepted (收下) or not (退回). ``place``: a page is of an issue (归入);
#: ``remove``: it is not (移出); ``dismiss``: an unplaced page is of none (不归入). ``undo``: the decision ``about``
#: which it is does not stand any more (撤销).
DecisionKind = Literal[
    "reissue",
    "withdraw",
    "restore",
    "cancel",
    "reopen",
    "edited",
    "admit",
    "bar",
    "accept",
    "reject",
    "place",
    "remove",
    "dismiss",
    "undo",
]
#: What a person may say of a return.
Answer = Literal["accept", "reject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One decision. ``subject``: what it is about: the number of an issue, the id of a case, a page that was not
    placed (:func:`daiban.registry.unplaced.page_subject`); ``outcome``: what came of it, where there is more than one
    possibility: the number of the new issue, ``<issue>/<page>`` of a page; ``by``: the person's name. ``case_id``:
    empty for a page of no case.

    About what came back, also: which ``generation`` of it; which ``finding`` alone, from 1; what the person saw:
    ``digest`` of the generation, ``file``, under the document's folder, and its SHA-256; and how many people are
    ``needed`` for it to count. ``about``: the number of the decision that this one takes back. ``number``: in the order
    of recording, None until then.
    """

    case_id: str
    kind: DecisionKind
    subject: str
    reason: str
    by: str
    at: datetime
    outcome: str | None = None
    generation: int | None = None
    finding: int | None = None
    digest: str | None = None
    file: str | None = None
    file_sha256: str | None = None
    needed: int = 1
    about: int | None = None
    number: int | None = field(default=None, compare=False)


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
        with self._reading() as connection:
            return list(decisions_about(connection, [subject]).get(subject, ()))

    def of_kinds(self, kinds: Collection[DecisionKind]) -> list[Decision]:
        """Every decision of these kinds, in the order they were made."""
        query = select(decision).where(decision.c.kind.in_(kinds)).order_by(decision.c.number)
        with self._reading() as connection:
            return [_decision(row) for row in connection.execute(query)]

    def recent(self, kinds: Collection[DecisionKind], limit: int) -> list[Decision]:
        """The last decisions of these kinds, the latest first."""
        query = select(decision).where(decision.c.kind.in_(kinds)).order_by(decision.c.number.desc())
        with self._reading() as connection:
            return [_decision(row) for row in connection.execute(query.limit(limit))]

    def latest(self, kinds: Collection[DecisionKind]) -> Mapping[str, Decision]:
        """The last decision of these kinds about each subject."""
        return {made.subject: made for made in self.of_kinds(kinds)}

    def record(self, made: Decision) -> None:
        """Write a decision."""
        with self._writing() as connection:
            add(connection, made)


def add(connection: Connection, made: Decision) -> int:
    """Write a decision within somebody's transaction; returns its number."""
    result = connection.execute(insert(decision).values(_row(made)))
    assert result.inserted_primary_key is not None
    return int(result.inserted_primary_key[0])


def decisions_about(
    connection: Connection, subjects: Iterable[str] | None
) -> dict[str, tuple[Decision, ...]]:
    """Every decision about these subjects (None: about any return or page), by subject, in the order they were made."""
    query = select(decision).order_by(decision.c.number)
    if subjects is None:
        query = query.where(decision.c.kind.in_(("accept", "reject", "undo")))
    else:
        query = query.where(decision.c.subject.in_(list(subjects)))
    found: dict[str, list[Decision]] = {}
    for row in connection.execute(query):
        found.setdefault(row.subject, []).append(_decision(row))
    return {subject: tuple(made) for subject, made in found.items()}


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Those that nobody took back, in their order; without the taking back itself."""
    made = tuple(decisions)
    undone = {one.about for one in made if one.kind == "undo"}
    return tuple(one for one in made if one.kind != "undo" and one.number not in undone)


#: Field of :class:`Decision` → column, where the two differ.
_COLUMNS = {"by": "decided_by", "at": "decided_at"}
_FIELDS = {item.name: _COLUMNS.get(item.name, item.name) for item in fields(Decision)}


def decision_marks() -> Select[Any]:
    """The query for what changes of a case's decisions when one is made."""
    return select(decision.c.case_id, func.max(decision.c.number)).group_by(decision.c.case_id)


def _row(made: Decision) -> dict[str, Any]:
    return {column: getattr(made, name) for name, column in _FIELDS.items() if name != "number"}


def _decision(row: Row[Any]) -> Decision:
    return Decision(**{name: row._mapping[column] for name, column in _FIELDS.items()})
