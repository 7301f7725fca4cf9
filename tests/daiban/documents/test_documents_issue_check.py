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


@pytest.mark.parametrize(
    ("verdict", "filed", "changed", "stands"),
    [
        ("complete", NOW, False, True),
        ("incomplete", NOW, False, False),
        ("review", NOW, False, False),
        ("complete", None, False, False),
        ("complete", NOW, True, False),
    ],
)
def test_only_a_complete_paper_that_says_what_its_case_says_stands(
    verdict: str, filed: datetime | None, changed: bool, stands: bool
) -> None:
    """Back complete and filed, with the case's values still the same: all of it, or it is made anew."""
    case = load_sample()[0]
    binder = Binder(Settings(), CaseSet((case,)), Deriver(Settings()))
    bound = binder.bound(case, Catalogue.load().form("jincheng-authorisation"))
    values = dict(bound.json_values())
    if changed:
        values["project.name"] = "另一个项目"
    standing: Any = SimpleNamespace(newest=SimpleNamespace(verdict=verdict, filed_at=filed))
    record: Any = SimpleNamespace(values=values)
    issue: Any = SimpleNamespace(number="7K3M9QX2")
    found = {"7K3M9QX2": record}
    check = IssueCheck(Path("/"), binder, {"7K3M9QX2": standing}, found.get)
    assert check.is_settled(issue, bound) is stands


def test_what_never_came_back_does_not_stand() -> None:
    """Without a return there are no signatures to keep."""
    case = load_sample()[0]
    binder = Binder(Settings(), CaseSet((case,)), Deriver(Settings()))
    bound = binder.bound(case, Catalogue.load().form("jincheng-authorisation"))
    issue: Any = SimpleNamespace(number="7K3M9QX2")
    assert not IssueCheck(Path("/"), binder, {}, lambda _: None).is_settled(issue, bound)
