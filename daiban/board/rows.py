"""Where one case stands, on one line of the board: counted from its :class:`daiban.status.CaseStatus`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from cases.model.case import Case
from daiban.board.records import CaseRecord
from daiban.status import CaseStatus
from foundation.errors import Problem
from foundation.frozen_model import FrozenModel

_SHOWN = 3  # sentences of what is next on one line of the board


class BoardRow(FrozenModel):
    """One case on the board. Of its documents: ``called_for``: how many its stage calls for; ``missing``: of those not
    out; ``changed``: out, and to be issued anew; ``out``: with somebody who has to give them back; ``complete``,
    ``incomplete``, ``review``: back, by verdict.

    ``late``, ``due``: steps, ``days_late`` the working days of the latest; ``next_due``: the nearest day that counts.
    ``contradictions``: of its 研判, open ones. ``errors``: what is wrong with its data; ``refused``: so much that there
    is no such case for the program; ``cancelled``: a person cancelled it (撤销). ``moved_at``: when anything last went
    out or came back, as ISO text.
    """

    case_id: str
    name: str = ""
    enterprise: str = ""
    document: str = ""
    stage: str = ""
    manager: str = ""
    refused: bool = False
    called_for: int = 0
    missing: int = 0
    changed: int = 0
    out: int = 0
    complete: int = 0
    incomplete: int = 0
    review: int = 0
    late: int = 0
    days_late: int = 0
    due: int = 0
    next_due: dt.date | None = None
    contradictions: int = 0
    errors: int = 0
    suspended: bool = False
    cancelled: bool = False
    moved_at: str = ""
    next: tuple[str, ...] = ()


def refused_row(record: CaseRecord) -> BoardRow:
    """The row of a case that cannot be used."""
    said = tuple(str(problem) for problem in record.refused[:_SHOWN])
    return BoardRow(case_id=record.case_id, refused=True, errors=len(record.refused), next=said)


def row_of(case: Case, status: CaseStatus, problems: Iterable[Problem]) -> BoardRow:
    """The row of a case. ``problems``: what is wrong and doubtful about its data."""
    forms = [form for form in status.forms if form.state != "missing"]
    verdicts = [form.returned.verdict for form in forms if form.returned is not None]
    days = [item.due for item in (*status.late, *status.due)]
    times = [form.issued_at for form in forms if form.issued_at]
    times += [form.returned.returned_at for form in forms if form.returned is not None]
    return BoardRow(
        case_id=case.id,
        name=case.project.name,
        enterprise=case.enterprise.name,
        document=case.document,
        stage=status.stage or "",
        manager=case.manager.name or "",
        called_for=sum(form.called_for for form in status.forms),
        missing=len(status.missing),
        changed=sum(form.state == "changed" for form in forms),
        out=sum(form.returned is None and form.next is not None and form.state == "issued" for form in forms),
        complete=verdicts.count("complete"),
        incomplete=verdicts.count("incomplete"),
        review=verdicts.count("review"),
        late=len(status.late),
        days_late=max((item.days_late for item in status.late), default=0),
        due=len(status.due),
        next_due=min(days, default=None),
        contradictions=sum(one.settled is None for one in status.contradictions),
        errors=sum(problem.severity == "error" for problem in problems if status.cancelled is None),
        suspended=status.suspension is not None,
        cancelled=status.cancelled is not None,
        moved_at=max(times).isoformat() if times else "",
        next=_cancelled(status) or status.next[:_SHOWN],
    )


def _cancelled(status: CaseStatus) -> tuple[str, ...]:
    done = status.cancelled
    return (f"已由{done.by}撤销：{done.reason}",) if done is not None else ()
