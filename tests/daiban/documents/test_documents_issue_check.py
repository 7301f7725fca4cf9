"""Signed papers that stand: which documents are left alone though their template changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from cases.case_set import CaseSet
from cases.samples import load_sample
from daiban.documents.binding import Binder
from daiban.documents.issue_check import IssueCheck
from daiban.planning.derive import Deriver
from daiban.settings import Settings
from forms.catalogue import Catalogue

NOW = datetime(2026, 11, 21, tzinfo=UTC)


class Paper:
    """One document of a sample case, its issue on record, and what is back of it."""

    def __init__(self, form_id: str, verdict: str = "complete", filed: datetime | None = NOW) -> None:
        case = load_sample()[0]
        self.binder = Binder(Settings(), CaseSet((case,)), Deriver(Settings()))
        self.bound = self.binder.bound(case, Catalogue.load().form(form_id))
        self.values = dict(self.bound.json_values())
        self.issue: Any = SimpleNamespace(number="7K3M9QX2", digest=self.binder.digest(self.bound))
        self.back: Any = SimpleNamespace(verdict=verdict, newest=SimpleNamespace(filed_at=filed))

    def change(self) -> None:
        """Let the issue have said another name."""
        self.values["project.name"] = "另一个项目"
        self.issue.digest = "0" * 64

    def check(self, *, returned: bool = True) -> IssueCheck:
        record: Any = SimpleNamespace(values=self.values)
        back = {"7K3M9QX2": self.back} if returned else {}
        return IssueCheck(Path("/"), self.binder, back, {"7K3M9QX2": record}.get)


@pytest.mark.parametrize(
    ("verdict", "filed", "stands"),
    [("complete", NOW, True), ("incomplete", NOW, False), ("review", NOW, False), ("complete", None, False)],
)
@pytest.mark.parametrize("changed", [False, True])
def test_a_signed_complete_paper_stands_whatever_changes(
    verdict: str, filed: datetime | None, stands: bool, changed: bool
) -> None:
    """Back complete and filed, a paper that people signed is settled: neither its template nor its data void it."""
    paper = Paper("jincheng-authorisation", verdict, filed)
    if changed:
        paper.change()
    check = paper.check()
    assert check.is_settled(paper.issue, paper.bound) is stands
    assert check.is_outdated(paper.issue, paper.bound) is (changed and not stands)


def test_what_has_changed_is_told_value_by_value() -> None:
    """The changes of an issue name the field, what was printed and what would be; a place to sign is none."""
    paper = Paper("jincheng-authorisation")
    paper.change()
    paper.values["authorisation.signature"] = "x"
    (change,) = paper.check().changes(paper.issue, paper.bound)
    assert (change.field, change.before) == ("project.name", "另一个项目")
    assert change.after == paper.bound.values["project.name"]
    assert str(change).startswith("项目名称：“另一个项目” → “")


def test_what_asks_nobody_for_anything_says_what_is_so() -> None:
    """A 台账 that came back is made again when its data change: nobody signed it; with the same data it stands."""
    paper = Paper("jincheng-ledger")
    assert paper.check().is_settled(paper.issue, paper.bound)
    paper.change()
    assert not paper.check().is_settled(paper.issue, paper.bound)


def test_what_never_came_back_does_not_stand() -> None:
    """Without a return there are no signatures to keep."""
    paper = Paper("jincheng-authorisation")
    assert not paper.check(returned=False).is_settled(paper.issue, paper.bound)
