"""What happened to a case (办理历史): issued, void, returned, decided and settled, in order of time (``daiban
history``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from daiban.case_filter import CaseFilter
from daiban.office import Office
from daiban.registry import Decision, GenerationSummary, IssueSummary
from extractors.model import VERDICT_NAMES
from foundation.frozen_model import FrozenModel, Timestamp

_DECIDED = {
    "reissue": "要求重新出具",
    "withdraw": "撤回",
    "restore": "恢复有效",
    "cancel": "撤销案件",
    "reopen": "恢复案件",
    "edited": "照改过的 DOCX 出具",
    "accept": "收下",
    "reject": "退回",
    "place": "归入",
    "remove": "移出",
    "dismiss": "定为不归入",
    "undo": "撤销",
}
#: What is decided about access codes, whose subject is a hash that tells nobody anything.
_OF_CODES = {"admit": "发放访问码，有效期至 {until}", "bar": "停用访问码"}


class HistoryEvent(FrozenModel):
    """One event. ``text``: for people, in Chinese; ``by`` and ``reason``: of what a person decided; ``case``: the id of
    the case, where the events of several were asked for.
    """

    at: Timestamp
    kind: Literal["issued", "void", "returned", "decided", "settled"]
    text: str
    form: str | None = None
    issue: str | None = None
    by: str | None = None
    reason: str | None = None
    case: str | None = None


class CaseHistory(FrozenModel):
    """What is on record, from old to new: of one case, or (``case`` null) of all that were asked for."""

    case: str | None
    events: tuple[HistoryEvent, ...]


def case_history(office: Office, case_id: str) -> CaseHistory:
    """What is on record of a case, whether or not a roster still has it.

    :raises UsageError: nothing is on record, and no such case is known. :raises UnreadableError: the registry is
    damaged.
    """
    events = [*_of_registry(office, case_id), *_settled(office, case_id)]
    if not events and case_id not in office.cancellations:
        office.require_cases([case_id])
    return CaseHistory(case=case_id, events=tuple(sorted(events, key=lambda event: event.at)))


def history_of(office: Office, wanted: CaseFilter) -> CaseHistory:
    """What is on record of all cases that are wanted, cancelled ones too. Errors: as :func:`case_history`."""
    cases = [case for case in (*office.cases.cases, *office.cancelled_cases) if wanted.fits(case, office)]
    events = [
        event.model_copy(update={"case": case.id})
        for case in cases
        for event in case_history(office, case.id).events
    ]
    return CaseHistory(case=None, events=tuple(sorted(events, key=lambda event: event.at)))


def _of_registry(office: Office, case_id: str) -> Iterator[HistoryEvent]:
    with office.registry() as registry:
        if registry is None:
            return
        for issue in registry.issues(case_id):
            form = office.forms.get(issue.form_id)
            name = f"《{form.title if form else issue.form_id}》{f'（{issue.stage}）' if issue.stage else ''}"
            yield from _of_issue(issue, name)
            for back in registry.returns.generations(issue.number):
                yield _returned(issue, back, name)
        yield from map(_decided, registry.decisions.of_case(case_id))


def _of_issue(issue: IssueSummary, name: str) -> Iterator[HistoryEvent]:
    if issue.published_at is not None:
        yield HistoryEvent(
            at=issue.published_at,
            kind="issued",
            text=f"出具{name}，编号 {issue.number}",
            form=issue.form_id,
            issue=issue.number,
        )
    if issue.superseded_at is not None:
        yield HistoryEvent(
            at=issue.superseded_at,
            kind="void",
            text=f"{name}{issue.number} 作废，由 {issue.superseded_by} 代替",
            form=issue.form_id,
            issue=issue.number,
        )


def _returned(issue: IssueSummary, back: GenerationSummary, name: str) -> HistoryEvent:
    return HistoryEvent(
        at=back.recorded_at,
        kind="returned",
        text=f"交回{name}{issue.number}：{VERDICT_NAMES[back.verdict]}（机器结论）",
        form=issue.form_id,
        issue=issue.number,
    )


def _decided(one: Decision) -> HistoryEvent:
    if one.kind in _OF_CODES:
        until = datetime.fromisoformat(one.outcome).astimezone().date() if one.outcome else ""
        done = _OF_CODES[one.kind].format(until=until)
        return HistoryEvent(
            at=one.at, kind="decided", text=f"{one.by}{done}：{one.reason}", by=one.by, reason=one.reason
        )
    about_page = one.kind in ("place", "remove") or (one.kind == "undo" and one.generation is None)
    issue, _, page = (one.outcome or "").partition("/") if about_page else (one.subject, "", "")
    return HistoryEvent(
        at=one.at,
        kind="decided",
        text=f"{one.by}{_DECIDED[one.kind]}{_about(one, issue, page)}：{one.reason}",
        issue=issue if issue and issue != one.case_id else None,
        by=one.by,
        reason=one.reason,
    )


def _about(one: Decision, issue: str, page: str) -> str:
    """What a decision is about, and what came of it."""
    if page:
        return f" {issue} 第{page}页（{one.subject}）"
    undone = "的决定" if one.kind == "undo" else ""
    finding = f"第{one.finding}条" if one.finding is not None else ""
    generation = f"（第{one.generation}次交回）" if one.generation is not None else ""
    outcome = f"，新编号 {one.outcome}" if one.outcome else ""
    second = "，要第二个人复核" if one.needed > 1 and one.kind != "undo" else ""
    return f" {one.subject}{finding}{generation}{undone}{outcome}{second}"


def _settled(office: Office, case_id: str) -> Iterator[HistoryEvent]:
    for one in office.all_cases.contradictions.get(case_id, ()):
        if one.settled is not None:
            choice = f"定为{one.settled.choice}" if one.settled.choice else "按文件里写的定"
            yield HistoryEvent(
                at=datetime.fromisoformat(one.settled.at).astimezone(),
                kind="settled",
                text=f"{one.settled.by}把研判矛盾{choice}：{one.problem}",
                by=one.settled.by,
                reason=one.settled.reason,
            )
