"""What several doors and other systems ask for: issuing, reading back, and a person's orders about a case."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from django.urls import NoReverseMatch, reverse

from daiban.office import Office
from daiban.progress_bar import Progress
from daiban.web.access import Role
from daiban.web.current import current_board
from daiban.web.jobs.incoming import drop_uploads, uploads_folder
from daiban.web.jobs.kinds import JobKind, JobOutcome, register
from foundation.frozen_model import FrozenModel


class ReissueWish(FrozenModel):
    """Who wants complete documents issued anew whose data changed, and why."""

    by: str
    reason: str


class IssueArguments(FrozenModel):
    """These cases and forms; none named: all cases, and the forms their stages call for."""

    cases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    reissue: ReissueWish | None = None


class VerifyArguments(FrozenModel):
    """``uploads``: the folder of :func:`daiban.web.jobs.incoming.keep_uploads`."""

    uploads: str


class CancelArguments(FrozenModel):
    """Which case is to be pursued no more, or again; who says so, and why."""

    case: str
    done: Literal["cancel", "reopen"]
    by: str
    reason: str


class WithdrawArguments(FrozenModel):
    """Which issue of a case is to stand no longer, or again; who says so, and why."""

    case: str
    issue: str
    done: Literal["withdraw", "restore"]
    by: str
    reason: str


def issue_documents(office: Office, arguments: IssueArguments, progress: Progress) -> JobOutcome:
    """Issue what cases call for; a second run goes on where the first was ended."""
    from daiban.issuing import GenerateRequest, Reissue, generate

    wish = Reissue(**dict(arguments.reissue)) if arguments.reissue is not None else None
    result = generate(office, GenerateRequest(arguments.cases, arguments.forms, reissue=wish), progress)
    counts = {
        "新出具": len(result.issued),
        "未变": len(result.unchanged),
        "还不到出具的时候": len(result.waiting),
        "等人决定": len(result.held),
        "未出具": len(result.failed),
    }
    summary = "，".join(f"{name} {count} 份" for name, count in counts.items() if count) or "没有要出具的"
    problems = [problem for item in (*result.failed, *result.held) for problem in item.problems]
    # A document without its PDF has the reason with it: no LibreOffice on this machine.
    problems += dict.fromkeys(
        problem
        for item in (*result.issued, *result.unchanged)
        if item.pdf is None
        for problem in item.problems
        if problem.severity == "error"
    )
    problems += result.warnings
    one = arguments.cases[0] if len(arguments.cases) == 1 else None
    link = _address("staff:case", one) if one else _address("staff:index")
    return JobOutcome(summary, tuple(dict.fromkeys(problems)), result.exit_code, result, link)


def verify_returns(office: Office, arguments: VerifyArguments, progress: Progress) -> JobOutcome:
    """Read back what was dropped, judge and file it; the files are dropped when that is done."""
    from daiban.verifying import VerifyRequest, verify
    from extractors.model import VERDICT_NAMES

    report = verify(office, VerifyRequest((uploads_folder(arguments.uploads),)), progress)
    drop_uploads(arguments.uploads)
    counts = Counter[str](document.verdict for document in report.documents)
    verdicts = "，".join(f"{name} {counts[verdict]} 份" for verdict, name in VERDICT_NAMES.items())
    summary = f"{len(report.sources)} 个文件，{len(report.documents)} 份文书：{verdicts}"
    unplaced = sum(not page.is_guide and page.reason != "blank-page" for page in report.unplaced)
    summary += f"；未归位 {unplaced} 页" if unplaced else ""
    problems = (*(problem for item in report.failed for problem in item.problems), *report.warnings)
    return JobOutcome(summary, problems, report.exit_code, report, _address("clerk:index"))


def cancel_case(office: Office, arguments: CancelArguments, progress: Progress) -> JobOutcome:
    """Let a case be pursued no more, or again."""
    from daiban.cancelling import cancel, reopen

    link = _address("staff:case", arguments.case)
    to_cancel = arguments.done == "cancel"
    done = None
    # Begun again after a kill, it may have been done already.
    if (arguments.case in office.cancellations) != to_cancel:
        with progress.bar(1, "记录"):
            order = cancel if to_cancel else reopen
            done = order(office, arguments.case, by=arguments.by, reason=arguments.reason)
        current_board().changed([arguments.case])
    return JobOutcome("案件已撤销" if to_cancel else "案件已恢复，接着办", result=done, link=link)


def withdraw_issue(office: Office, arguments: WithdrawArguments, progress: Progress) -> JobOutcome:
    """Let an issue stand no longer, or again."""
    from daiban.issuing.withdrawal import restore, withdraw

    link = _address("staff:case", arguments.case)
    to_withdraw = arguments.done == "withdraw"
    done, found = None, office.record(arguments.issue)
    if found is None or (found.withdrawn_at is not None) != to_withdraw:
        with progress.bar(1, "记录"):
            order = withdraw if to_withdraw else restore
            done = order(office, arguments.issue, by=arguments.by, reason=arguments.reason)
        current_board().changed([arguments.case])
    return JobOutcome(
        f"{arguments.issue} {'已撤回' if to_withdraw else '已恢复有效'}", result=done, link=link
    )


def _address(route: str, *arguments: str) -> str:
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""


register(JobKind("generate", "出具文书", IssueArguments, issue_documents, frozenset({Role.STAFF})))
register(JobKind("verify", "核验回件", VerifyArguments, verify_returns, frozenset({Role.CLERK, Role.STAFF})))
register(JobKind("cancel", "撤销、恢复案件", CancelArguments, cancel_case, frozenset({Role.STAFF})))
register(JobKind("withdraw", "撤回、恢复文书", WithdrawArguments, withdraw_issue, frozenset({Role.STAFF})))
