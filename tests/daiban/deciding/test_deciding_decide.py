"""Accepting and rejecting: the person's word counts, the machine's stays, and nobody decides unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from daiban.archiving.archive_report import archive_report
from daiban.deciding.decide import AnswerRequest, DecidedMeanwhileError, DecisionResult, decide, undo_answer
from daiban.history import case_history
from daiban.monthly_report import Month, monthly_report
from daiban.status import FormStatus, workspace_status
from extractors.model import Finding
from foundation.errors import UnreadableError, UsageError

Make = Callable[..., Any]
MakeFinding = Callable[..., Finding]
SECOND_PERSON = "[decisions]\nsecond_person = true\n"


def say(case: Any, answer: Any, by: str = "王芳", **more: Any) -> DecisionResult:
    request = AnswerRequest(issue=case.number, answer=answer, by=by, reason=f"{by}看过", **more)
    return decide(case.office, request)


def status(case: Any) -> FormStatus:
    [found] = workspace_status(case.office).cases
    return next(form for form in found.forms if form.issue == case.number)


def verdicts(case: Any) -> tuple[str, str]:
    """The verdict that counts, and the machine's."""
    back = status(case).returned
    assert back is not None
    return back.verdict, back.machine_verdict


def test_a_document_shows_both_verdicts(returned: Make, finding: MakeFinding) -> None:
    """An accepted document is complete, with the machine's verdict, the person, the day, the reason and the file they
    saw beside it; status, archive and the month's count take the person's.
    """
    case = returned()
    case.bring_back(finding("看不到"), finding("缺第2页", "incomplete", code="page-missing", page=2))
    assert not status(case).complete
    made = say(case, "accept")
    assert made.counts
    assert made.decision is not None
    assert made.decision.file == "jincheng-authorisation.pdf"
    assert made.decision.file_sha256
    form = status(case)
    assert form.complete
    assert form.next is None
    assert form.returned is not None
    assert verdicts(case) == ("complete", "incomplete")
    assert form.returned.decision is not None
    assert form.returned.decision.by == ("王芳",)
    assert "王芳看过" in form.returned.word
    [filed] = archive_report(case.office, ["A1"]).cases
    assert {item.form: item.state for stage in filed.stages for item in stage.documents}[
        form.form
    ] == "complete"
    month = Month.of(made.decision.at.year, made.decision.at.month)
    assert monthly_report(case.office, month).rows[-1].complete == 1
    assert "王芳收下" in case_history(case.office, "A1").events[-1].text


def test_a_complete_document_can_be_rejected(returned: Make) -> None:
    """What the machine called complete is not, once a person rejected it; who said why is what is to be done next."""
    case = returned()
    case.bring_back()
    assert status(case).complete
    say(case, "reject")
    assert verdicts(case) == ("incomplete", "complete")
    assert "王芳看过" in (status(case).next or "")


def test_findings_are_decided_one_by_one(returned: Make, finding: MakeFinding) -> None:
    """An accepted finding keeps the document from nothing any more; a rejected one makes it incomplete."""
    case = returned()
    case.bring_back(finding("一"), finding("二"))
    say(case, "accept", finding=1)
    assert verdicts(case) == ("review", "review")
    say(case, "reject", finding=2)
    assert verdicts(case) == ("incomplete", "review")
    back = status(case).returned
    assert back is not None
    assert [item.number for item in back.findings] == [2]
    say(case, "accept", finding=2)
    assert verdicts(case) == ("complete", "review")


def test_a_better_return_asks_again(returned: Make, finding: MakeFinding) -> None:
    """A decision is about one return: what comes back later is judged by the machine, and that the decision counts no
    more is said.
    """
    case = returned()
    case.bring_back(finding("一"))
    say(case, "accept")
    case.bring_back(finding("二"), generation=2)
    assert verdicts(case) == ("review", "review")
    assert "不再算数" in (status(case).next or "")


def test_an_undone_decision_leaves_the_one_before(returned: Make, finding: MakeFinding) -> None:
    """Undo takes back the last decision, and the one before it after that; both stay on record."""
    case = returned()
    case.bring_back(finding("一"))
    say(case, "accept")
    say(case, "reject")
    undone = undo_answer(case.office, case.number, by="王芳", reason="点错了")
    assert (verdicts(case), undone.returned.verdict) == (("complete", "review"), "complete")
    undo_answer(case.office, case.number, by="王芳", reason="点错了")
    assert verdicts(case) == ("review", "review")
    assert [event.by for event in case_history(case.office, "A1").events if event.by] == ["王芳"] * 4
    with pytest.raises(UsageError, match="没有可以撤销的"):
        undo_answer(case.office, case.number, by="王芳", reason="再来")


def test_nobody_decides_without_seeing_what_another_decided(returned: Make, finding: MakeFinding) -> None:
    """Who decides after another must have seen that decision: theirs is refused with it, else taken."""
    case = returned()
    case.bring_back(finding("一"))
    first = say(case, "accept", by="王芳", seen=0)
    for seen in (0, None):
        with pytest.raises(DecidedMeanwhileError, match="王芳"):
            say(case, "reject", by="李明", seen=seen)
    assert verdicts(case) == ("complete", "review")
    say(case, "reject", by="李明", seen=first.last)
    assert verdicts(case) == ("incomplete", "review")


def test_nobody_decides_about_a_return_they_have_not_seen(returned: Make, finding: MakeFinding) -> None:
    """A decision made on an older return's page is refused."""
    case = returned()
    case.bring_back(finding("一"))
    case.bring_back(finding("二"), generation=2)
    with pytest.raises(DecidedMeanwhileError, match="又交回"):
        say(case, "accept", generation=1, seen=0)


def test_two_people_agree_where_the_office_asks_for_it(returned: Make, finding: MakeFinding) -> None:
    """With 两人复核 an answer counts only once a second, different person gives it; until then the machine's verdict
    does, and what is next says so.
    """
    case = returned(SECOND_PERSON)
    case.bring_back(finding("一"))
    first = say(case, "accept", by="王芳")
    assert not first.counts
    assert verdicts(case) == ("review", "review")
    assert "第二个人复核" in (status(case).next or "")
    with pytest.raises(UsageError, match="另一个人"):
        say(case, "accept", by="王芳", seen=first.last)
    second = say(case, "accept", by="李明", seen=first.last)
    assert second.counts
    assert second.decision is not None
    assert second.decision.by == ("王芳", "李明")
    third = say(case, "reject", by="赵刚", seen=second.last)
    assert verdicts(case) == ("complete", "review"), "one person does not overturn what two agreed"
    say(case, "reject", by="王芳", seen=third.last)
    assert verdicts(case) == ("incomplete", "review")


@pytest.mark.parametrize(
    ("request_of", "said"),
    [
        ({"finding": 3}, "没有第 3 条"),
        ({"finding": 2}, "只是说明"),
        ({"issue": "ZZZZZZZZ"}, "没有编号"),
    ],
)
def test_what_cannot_be_decided_is_said(
    returned: Make, finding: MakeFinding, request_of: dict[str, Any], said: str
) -> None:
    """A decision about something that there is not is refused in words, and nothing is recorded."""
    case = returned()
    case.bring_back(finding("一"), finding("二", "note"))
    request = {"issue": case.number, "answer": "accept", "by": "王芳", "reason": "看过"}
    with pytest.raises(UsageError, match=said):
        decide(case.office, AnswerRequest(**(request | request_of)))
    with pytest.raises(UsageError, match="没有可以撤销的"):
        undo_answer(case.office, case.number, by="王芳", reason="看过")


def test_a_finding_is_not_decided_beside_the_whole(returned: Make, finding: MakeFinding) -> None:
    """Where the document as a whole was decided its findings are not, and the same is not decided twice."""
    case = returned()
    case.bring_back(finding("一"))
    say(case, "accept")
    with pytest.raises(UsageError, match="整份已经有人决定过"):
        say(case, "reject", finding=1)
    with pytest.raises(UsageError, match="已经决定过"):
        say(case, "accept")


def test_nobody_decides_about_another_file_than_was_verified(returned: Make, finding: MakeFinding) -> None:
    """Where the filed file was changed or is gone, what a person looks at is not what was judged."""
    case = returned()
    case.bring_back(finding("一"))
    file = case.workspace.returned("A1", "jincheng-authorisation") / "jincheng-authorisation.pdf"
    file.write_bytes(b"another")
    with pytest.raises(UnreadableError, match="改过"):
        say(case, "accept")
    file.unlink()
    with pytest.raises(UnreadableError, match="不在"):
        say(case, "accept")
