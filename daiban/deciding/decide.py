"""Accepting or rejecting what came back (收下、退回), a whole document or one finding, and taking that back (撤销).

A decision is one transaction of the registry: it waits for no run of ``verify``, and none waits for it. It is about the
generation that is on record at that moment, and says which file the person had before them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from daiban.documents.person_answer import ANSWER_NAMES, PersonAnswer
from daiban.documents.return_status import ReturnStatus, return_status
from daiban.office import Office
from daiban.registry import (
    Answer,
    Decision,
    GivenAnswer,
    IssueRecord,
    LatestReturn,
    Registry,
)
from daiban.verifying.returned_folder import main_file
from extractors.model import VERDICT_NAMES
from foundation.digests import sha256_of_file_if_readable
from foundation.errors import Problem, UnreadableError, UsageError
from foundation.frozen_model import FrozenModel


class DecidedMeanwhileError(UsageError):
    """Somebody decided, or more came back, since the person looked: they must see it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRequest:
    """What a person says. ``issue``: the number of the document; ``finding``: one of its findings alone, from 1;
    ``seen``: the number of the latest decision about the document that the person has before them (0: none), None
    where nobody can know it; ``generation``: the state of the return that they have before them, None: the newest.
    """

    issue: str
    answer: Answer
    by: str
    reason: str
    finding: int | None = None
    seen: int | None = None
    generation: int | None = None


class DecisionResult(FrozenModel):
    """What was recorded. ``decision``: the answer as it stands now, with everybody who gave it; null after an
    ``undo``; ``counts``: whether it counts already, or waits for a second person; ``returned``: what is back, with
    the verdict that counts now; ``last``: the number of this decision.
    """

    case: str
    form: str
    issue: str
    done: str
    decision: PersonAnswer | None
    counts: bool
    returned: ReturnStatus
    last: int


def decide(office: Office, request: AnswerRequest) -> DecisionResult:
    """Record a person's answer about a return, or about one finding of it.

    :raises UsageError: no such document or finding, nothing is back of it, or there is nothing to decide.
    :raises DecidedMeanwhileError: somebody decided, or more came back, since the person looked.
    :raises UnreadableError: the filed file is not the one that was verified.
    """
    with office.registry() as registry:
        issue, back = _returned(registry, request.issue)
        assert registry is not None
        _refuse_void(issue)
        _refuse_unfiled(back)
        _refuse_stale(request, back)
        _refuse_finding(request, back)
        _refuse_settled(request, back)
        file, sha256 = _file_seen(office, issue, back)
        made = Decision(
            case_id=issue.case_id,
            kind=request.answer,
            subject=issue.number,
            reason=request.reason,
            by=request.by,
            at=dt.datetime.now(dt.UTC),
            generation=back.newest.generation,
            finding=request.finding,
            digest=back.newest.digest,
            file=file,
            file_sha256=sha256,
            needed=office.settings.decisions.needed,
        )
        number = registry.returns.decide(made, back.ruling.last)
        return _result(registry, issue, back, number, ANSWER_NAMES[request.answer], request.finding)


def undo_answer(
    office: Office, issue_number: str, *, by: str, reason: str, seen: int | None = None
) -> DecisionResult:
    """Take back the latest answer about a document or one of its findings that still stands.

    :raises UsageError: no such document, or nobody decided anything about what is back now.
    :raises DecidedMeanwhileError: somebody decided since the person looked.
    """
    with office.registry() as registry:
        issue, back = _returned(registry, issue_number)
        assert registry is not None
        latest = back.ruling.latest
        if latest is None:
            raise UsageError(Problem(issue.number, "这次交回的还没有人决定过，没有可以撤销的"))
        if seen is not None and seen != back.ruling.last:
            raise _overtaken(issue.number, back)
        made = Decision(
            case_id=issue.case_id,
            kind="undo",
            subject=issue.number,
            reason=reason,
            by=by,
            at=dt.datetime.now(dt.UTC),
            generation=back.newest.generation,
            finding=latest.finding,
            digest=back.newest.digest,
            about=latest.number,
        )
        number = registry.returns.decide(made, back.ruling.last)
        done = f"撤销{latest.by}的{ANSWER_NAMES[latest.kind]}"
        return _result(registry, issue, back, number, done, latest.finding)


def _returned(registry: Registry | None, number: str) -> tuple[IssueRecord, LatestReturn]:
    issue = registry.find(number) if registry is not None else None
    if registry is None or issue is None:
        advice = "编号印在每页的二维码下面，daiban queue 也会列出"
        raise UsageError(Problem(number, f"登记库里没有编号“{number}”", advice=advice))
    back = registry.returns.latest(issues=[number]).get(number)
    if back is None:
        raise UsageError(Problem(number, "这一份还没有交回，没有可以决定的"))
    return issue, back


def _refuse_void(issue: IssueRecord) -> None:
    if issue.is_void:
        how = "已经撤回" if issue.withdrawn_at is not None else f"已作废，由 {issue.superseded_by} 代替"
        raise UsageError(Problem(issue.number, f"这一份{how}，不用决定"))


def _refuse_unfiled(back: LatestReturn) -> None:
    if back.newest.filed_at is None:
        advice = "请再运行一次 daiban verify"
        raise UsageError(Problem(back.newest.issue, "这一份的归档没有做完，还不能决定", advice=advice))


def _refuse_stale(request: AnswerRequest, back: LatestReturn) -> None:
    """Whoever decides has seen what is back now, and what others decided about it before."""
    ruling, newest = back.ruling, back.newest
    if request.generation is not None and request.generation != newest.generation:
        problem = "您看的时候到现在，又交回了新的一份，请看过再决定"
        raise DecidedMeanwhileError(Problem(request.issue, problem))
    if request.seen is not None and request.seen != ruling.last:
        raise _overtaken(request.issue, back)
    latest = ruling.latest
    if request.seen is None and latest is not None and latest.by != request.by:
        raise _overtaken(request.issue, back)


def _overtaken(issue: str, back: LatestReturn) -> DecidedMeanwhileError:
    latest = back.ruling.latest
    said = PersonAnswer.of_decision(latest).text if latest is not None else "先前的决定已经撤销"
    about = f"第{latest.finding}条：" if latest is not None and latest.finding else ""
    advice = f"看过以后仍要决定的，加上 --seen {back.ruling.last}"
    return DecidedMeanwhileError(Problem(issue, f"别人已经决定过（{about}{said}）", advice=advice))


def _refuse_finding(request: AnswerRequest, back: LatestReturn) -> None:
    number, findings = request.finding, back.findings
    if number is None:
        return
    if not 1 <= number <= len(findings):
        have = f"只有第 1 至 {len(findings)} 条" if findings else "没有任何问题"
        raise UsageError(
            Problem(request.issue, f"没有第 {number} 条：这一份{have}", advice="用 daiban queue 查看")
        )
    if back.ruling.whole is not None or any(one.last.finding is None for one in back.ruling.waiting):
        said = "整份已经有人决定过，不能再逐条决定"
        advice = f"先用 daiban undo 撤销整份的决定（{request.issue}）"
        raise UsageError(Problem(request.issue, said, advice=advice))
    if (
        findings[number - 1].weight == "note"
        and request.answer == "accept"
        and number not in back.ruling.findings
    ):
        raise UsageError(Problem(request.issue, f"第 {number} 条只是说明，不妨碍齐全，不用收下"))


def _refuse_settled(request: AnswerRequest, back: LatestReturn) -> None:
    given = _given(back, request.finding)
    if given is None or given.answer != request.answer:
        return
    if given.counts:
        said = f"已经决定过：{PersonAnswer.of(given).text}"
        raise UsageError(Problem(request.issue, said, advice="要改的，作相反的决定，或用 daiban undo 撤销"))
    if request.by in given.by:
        raise UsageError(Problem(request.issue, f"{request.by}已经决定过，等另一个人复核"))


def _given(back: LatestReturn, finding: int | None) -> GivenAnswer | None:
    """The latest answer about a document or finding, whether or not it counts yet."""
    ruling = back.ruling
    waiting = next((one for one in ruling.waiting if one.last.finding == finding), None)
    return waiting or (ruling.whole if finding is None else ruling.findings.get(finding))


def _file_seen(office: Office, issue: IssueRecord, back: LatestReturn) -> tuple[str | None, str | None]:
    """The filed file that a person looks at, as it was verified: its name in the document's folder, and its SHA-256."""
    name = main_file(issue.form_id, back.newest.files)
    if name is None:
        return None, None
    place = office.workspace.returned_of(office.workspace.path / issue.docx) / name
    sha256 = sha256_of_file_if_readable(place)
    if sha256 != back.newest.files[name]:
        problem = "归档的文件不在了" if sha256 is None else "归档的文件被人改过，不是核验的那一份"
        advice = "请从备份恢复，或把原件再核验一次，再决定"
        raise UnreadableError(Problem(office.workspace.relative(place), problem, advice=advice))
    return name, sha256


def _result(
    registry: Registry,
    issue: IssueRecord,
    before: LatestReturn,
    number: int | None,
    done: str,
    finding: int | None,
) -> DecisionResult:
    back = registry.returns.latest(issues=[issue.number])[issue.number]
    if number is None:
        if back.newest.generation != before.newest.generation:
            raise DecidedMeanwhileError(Problem(issue.number, "刚刚又交回了新的一份，请看过再决定"))
        raise _overtaken(issue.number, back)
    given = _given(back, finding)
    returned = return_status(issue, back)
    assert returned is not None
    return DecisionResult(
        case=issue.case_id,
        form=issue.form_id,
        issue=issue.number,
        done=done,
        decision=PersonAnswer.of(given) if given is not None else None,
        counts=given is None or given.counts,
        returned=returned,
        last=number,
    )


def latest_words(back: ReturnStatus) -> str:
    """For people: the verdict that counts and the machine's own beside it."""
    machine = f"（机器结论：{VERDICT_NAMES[back.machine_verdict]}）"
    return f"{back.label}{machine if back.machine_verdict != back.verdict or back.decision else ''}"
