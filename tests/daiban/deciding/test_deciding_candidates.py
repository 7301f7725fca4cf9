"""Where an unplaced page may belong: what its print is like comes first, and what is back already is no candidate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from daiban.deciding.candidates import page_candidates
from daiban.office import Office
from daiban.registry import Decision, Registry, UnplacedRecord
from daiban.verifying.filing.unplaced import keep_likeness
from daiban.workspace import Workspace
from extractors.model import SharedPrint
from tests.daiban.on_record import put_out

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
LETTER, PLAN = "jincheng-authorisation", "jincheng-service-plan"
KEPT = "returned/.unplaced/page.pdf"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Two documents are out, and nothing of them is back."""
    made = Workspace.create(tmp_path / "ws")
    Registry.open(made.registry).close()
    for number, form in (("AAAAAAAA", LETTER), ("BBBBBBBB", PLAN)):
        put_out(made, f"JC-{number[0]}", form, NOW, number=number, values={"project.name": "项目"})
    return Office.open(made.path)


def unplaced(office: Office, *alike: SharedPrint) -> UnplacedRecord:
    kept = office.workspace.path / KEPT
    kept.parent.mkdir(parents=True, exist_ok=True)
    keep_likeness(kept, alike)
    return UnplacedRecord(
        source_sha256="d" * 64,
        source_page=1,
        source="批.pdf",
        batch="b",
        reason="unknown-document",
        detail="",
        file=KEPT,
        file_sha256=None,
        recorded_at=NOW,
        number=1,
    )


def test_what_the_print_is_like_comes_first(office: Office) -> None:
    """A name that was read counts more than more print in common, and what is printed alike is a candidate though
    nothing of its document came.
    """
    page = unplaced(
        office, SharedPrint("BBBBBBBB", 1, 0.4, named=True), SharedPrint("AAAAAAAA", 2, 0.86, named=False)
    )
    found = [
        (item.issue, item.number, item.likeness, item.is_named) for item in page_candidates(office, page)
    ]
    assert found == [
        ("BBBBBBBB", 1, 0.4, True),
        ("AAAAAAAA", 2, 0.86, False),
    ]


def test_a_page_of_a_case_that_was_read_is_offered_to_no_other(returned: Callable[..., Any]) -> None:
    """Where the case was read, other cases' issues of the form are no candidates; what is back already is told so."""
    back = returned()
    back.bring_back()
    back.write_case("A2")
    back.issue("A2")
    page = unplaced(back.office, SharedPrint(back.number, 1, 0.9, named=True))
    found = [(item.issue, item.is_back) for item in page_candidates(back.office, page)]
    assert found == [(back.number, True)]


def test_void_issues_and_unknown_pages_are_no_candidates(office: Office) -> None:
    """What does not stand, or is not out, is not offered; a page of which nothing is known has what is lacking."""
    with Registry.open(office.workspace.registry) as registry:
        registry.withdraw(
            Decision(case_id="JC-A", kind="withdraw", subject="AAAAAAAA", reason="错", by="王", at=NOW)
        )
    page = unplaced(
        office,
        SharedPrint("AAAAAAAA", 2, 0.86, named=True),
        SharedPrint("AAAAAAAA", 9, 0.5, named=False),
        SharedPrint("ZZZZZZZZ", 1, 0.9, named=True),
    )
    assert page_candidates(office, page) == ()
    assert page_candidates(office, unplaced(office)) == ()
