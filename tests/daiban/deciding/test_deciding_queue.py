"""The queue: what waits for a person, in the order in which it came, chosen and paged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from daiban.deciding.decide import AnswerRequest, decide
from daiban.deciding.labelled import decided_readings
from daiban.deciding.queue import QueueRequest, next_document, queued_document, return_queue, unplaced_queue
from extractors.model import Finding
from forms.geometry import Box

Make = Callable[..., Any]
MakeFinding = Callable[..., Finding]
CAME = datetime(2026, 11, 22, tzinfo=UTC)


def test_every_return_is_in_one_part_of_the_queue(returned: Make, finding: MakeFinding) -> None:
    """What must be decided comes in the order in which it came back; a decision moves a document on; another part,
    another text or another case chooses others.
    """
    case = returned()
    for name in ("A2", "A3", "A4"):
        case.write_case(name)
        case.issue(name)
    first = case.numbers
    weights = ("review", "review", "incomplete", None)
    for at, (number, weight) in enumerate(zip(first, weights, strict=True)):
        found = (finding("一", weight),) if weight else ()
        case.bring_back(*found, number=number, recorded_at=CAME + timedelta(hours=at))
    office = case.office
    todo = return_queue(office, QueueRequest())
    assert [item.issue for item in todo.documents] == first[:2]
    assert (todo.counts.decide, todo.counts.incomplete, todo.counts.complete) == (2, 1, 1)
    assert (todo.documents[0].project, todo.documents[0].findings[0].message) == ("A1项目", "一")
    following = next_document(office, QueueRequest(), first[0])
    assert following is not None
    assert following.issue == first[1]
    decide(office, AnswerRequest(issue=first[0], answer="accept", by="王芳", reason="看过"))
    assert [item.issue for item in return_queue(office, QueueRequest()).documents] == [first[1]]
    after = next_document(office, QueueRequest(), first[0])
    assert after is not None
    assert after.issue == first[1], "a document that was just decided keeps its place"
    decided = return_queue(office, QueueRequest(part="decided"))
    assert [item.issue for item in decided.documents] == [first[0]]
    everything = QueueRequest(part="all", limit=2, offset=1)
    assert [item.issue for item in return_queue(office, everything).documents] == first[1:3]
    for text in ("A3项目", "A3公司", "a3公", first[2]):
        [only] = return_queue(office, QueueRequest(part="all", text=text)).documents
        assert only.issue == first[2]
    assert return_queue(office, QueueRequest(part="all", text="委托书")).total == 4
    assert return_queue(office, QueueRequest(part="all", text="100%_")).total == 0
    assert queued_document(office, first[3]).queue == "complete"
    assert unplaced_queue(office).total == 0


def test_decisions_are_labelled_readings(returned: Make, finding: MakeFinding) -> None:
    """What a person decided about a place stands beside what was measured there; findings about no place, and answers
    that were taken back, are left out.
    """
    case = returned()
    case.bring_back(
        finding("签字看不准", field="authorisation.signature", page=1),
        finding("疑似被改动", code="text-altered", page=2, box=Box(10, 20, 30, 40)),
        finding("缺页", "incomplete", code="page-missing", page=2),
    )
    office = case.office
    for number, answer in ((1, "accept"), (2, "reject"), (3, "accept")):
        request = AnswerRequest(issue=case.number, answer=answer, finding=number, by="王芳", reason="看过")
        decide(office, request)
    signature, print_ = decided_readings(office).readings
    assert (signature.field, signature.state, signature.accepted) == (
        "authorisation.signature",
        "unsure",
        True,
    )
    assert (print_.altered, print_.page, print_.accepted) == ("changed", 2, False)
    assert print_.measures[0].value == 1.5
