"""Pages missing, twice, lost, altered or of an older issue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.model import (
    Alteration,
    Finding,
    IssuedDocument,
    Judgement,
    Sighting,
)
from forms.geometry import Box

Sound = Callable[[str], Any]
Codes = Callable[..., list[str]]
NAMES = ["assessment", "authorisation", "completion", "ledger", "service-plan", "suggestions"]
SIGNED = "authorisation.signature"


def sighting(issue: IssuedDocument, number: int, by: Any = "mark") -> Sighting:
    return Sighting(issue=issue.number, page=number, pages=issue.pages, turn=0, by=by)


def only(judgement: Judgement) -> Finding:
    [finding] = judgement.findings
    return finding


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    name=st.sampled_from(NAMES),
    number=st.sampled_from([1, 2]),
    how=st.sampled_from(["missing", "lost", "print", "unseen", "altered", "perhaps altered"]),
)
def test_no_page_can_be_spoilt_and_pass(sound: Sound, name: str, number: int, how: str) -> None:
    """A page missing, not registered, known by its print only, partly unseen or altered: never complete."""
    made = sound(name)
    change = Alteration(
        page=number,
        box=Box(20, 20, 60, 26),
        how="struck",
        text="本委托书",
        confidence=0.95 if how == "altered" else 0.5,
        reason="",
    )
    if how == "missing":
        del made.pages[number]
    else:
        made.pages[number] = {
            "lost": {"registered": False, "observations": ()},
            "print": {"sighting": sighting(made.issue, number, "print")},
            "unseen": {"unseen": (Box(0, 0, 20, 20),)},
            "altered": {"alterations": (change,)},
            "perhaps altered": {"alterations": (change,)},
        }[how]
    judgement = made.judged()
    assert judgement.verdict == ("incomplete" if how in ("missing", "altered") else "review")
    expected = {"missing": "page-missing", "altered": "text-altered", "perhaps altered": "text-altered"}
    assert only(judgement).code == expected.get(how, "area-not-visible")
    assert len(judgement.observations) == len(made.observations)


def test_nothing_came_back(sound: Sound, codes: Codes) -> None:
    """A document of which nothing came back lacks each of its pages."""
    made = sound("authorisation")
    made.pages = {}
    judgement = made.judged()
    assert codes(judgement) == ["page-missing", "page-missing"]
    assert {item.state for item in judgement.observations} == {"unsure"}


# -- copies -----------------------------------------------------------------------------------------


def test_second_copy(sound: Sound, codes: Codes) -> None:
    """A second copy that agrees is noted; one that contradicts a required field is for a person."""
    made = sound("authorisation")
    page = made.observations[SIGNED].page
    made.duplicates = [made.facts(page)]
    assert codes(made.judged(), "note") == ["page-duplicate"]
    assert made.judged().verdict == "complete"
    other = replace(made.observations[SIGNED], state="blank")
    for mine, theirs in [("filled", "blank"), ("blank", "filled")]:
        made.change(SIGNED, state=mine)
        made.duplicates = [made.facts(page, observations=(replace(other, state=theirs),))]
        judgement = made.judged()
        assert judgement.verdict == "review"
        assert sorted(codes(judgement, "review")) == ["page-duplicate", "signature-missing"]


def test_altered_second_copy_is_for_a_person(sound: Sound) -> None:
    """A copy that was altered where the better one was not is looked at."""
    made = sound("authorisation")
    change = Alteration(page=1, box=Box(0, 0, 9, 9), how="changed", text="x", confidence=0.9, reason="")
    made.duplicates = [made.facts(1, alterations=(change,))]
    assert (only(made.judged()).code, made.judged().verdict) == ("page-duplicate", "review")


def test_superseded_issue_is_never_complete(sound: Sound, codes: Codes) -> None:
    """Paper of an older issue asks for the newer one; a page of it does not stand in for a missing page."""
    made = sound("authorisation")
    made.issue = replace(made.issue, superseded_by="9QX27K3M")
    finding = only(made.judged())
    assert (finding.code, finding.weight) == ("superseded-issue", "incomplete")
    assert "9QX27K3M" in finding.message
    other = sound("authorisation")
    other.superseded = (sighting(made.issue, 1),)
    assert other.judged().verdict == "complete"
    del other.pages[1]
    assert codes(other.judged(), "incomplete") == ["page-missing", "superseded-issue"]
