"""Pages in no document, on record under what they are."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daiban.registry import Decision, Registry, UnplacedRecord, page_number, page_subject

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def came(page: int) -> UnplacedRecord:
    return UnplacedRecord(
        source_sha256="a" * 64,
        source_page=page,
        source="批.pdf",
        batch="verify-1",
        reason="unknown-document",
        detail="没有找到本单位的页面标识",
        file=f"unplaced/{page}.pdf",
        file_sha256="b" * 64,
        recorded_at=NOW,
    )


def test_a_page_that_comes_again_keeps_its_number_and_what_was_said_of_it(tmp_path: Path) -> None:
    """The same page of the same file is one page, however often it comes; what was decided about it stays, on record
    with who decided it.
    """
    with Registry.open(tmp_path / "r.sqlite") as registry:
        first = registry.unplaced.record([came(1), came(2)])
        one = first[came(1).content]
        made = Decision(case_id="", kind="dismiss", subject=one.subject, reason="外来材料", by="王芳", at=NOW)
        registry.unplaced.settle(replace(one, dismissed_at=NOW), made)
        again = registry.unplaced.record([came(1), came(2), came(3)])
        assert [item.number for item in again.values()] == [1, 2, 3]
        assert not again[came(1).content].is_open
        assert [item.number for item in registry.unplaced.open(limit=9)] == [2, 3]
        assert registry.unplaced.count_open() == 2
        assert registry.decisions.about("P1") == [made]
        registry.unplaced.forget([2])
        assert registry.unplaced.find(2) is None


@pytest.mark.parametrize(
    ("text", "number"), [("P17", 17), ("p3", 3), ("17", None), ("P", None), ("7K3M9QX2", None)]
)
def test_a_page_is_named_by_a_letter_and_its_number(text: str, number: int | None) -> None:
    """A page's name is told from an issue's number."""
    assert page_number(text) == number
    assert number is None or page_number(page_subject(number)) == number
