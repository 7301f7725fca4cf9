"""What came back, on record: generations, what a standing says, and registries of older programs."""

import datetime as dt
import sqlite3
from pathlib import Path

import pytest

from daiban.registry.registry import Registry
from daiban.registry.returns import BatchRow, FindingRow, Generation, PageRow

NOW = dt.datetime(2026, 3, 5, 14, 15, tzinfo=dt.UTC)
ISSUE = "7K3M9QX2"


def generation(number: int, *pages: int, filed: bool = False) -> Generation:
    """A generation with these pages, and a finding for itself."""
    return Generation(
        issue=ISSUE,
        generation=number,
        batch="verify-1",
        verdict="incomplete",
        digest=str(number) * 64,
        files={"a.pdf": "ab"},
        recorded_at=NOW,
        filed_at=NOW if filed else None,
        pages=tuple(
            PageRow(number=page, content=f"c:{page}", source="批.pdf", source_page=page, facts={"a": [1]})
            for page in pages
        ),
        digital=({"file": "received.pdf"},),
        observations=({"id": "contact.phone", "state": "blank"},),
        findings=(
            FindingRow(code="field-blank", weight="incomplete", message=f"第{number}代", box=(1, 2, 3, 4)),
        ),
    )


def test_a_generation_comes_back_as_it_was(tmp_path: Path) -> None:
    """What is recorded of a generation is read again, whole; recording it again replaces it."""
    with Registry.open(tmp_path / "r.sqlite") as registry:
        assert registry.returns.newest(ISSUE) is None
        for _ in range(2):
            registry.returns.record(generation(1, 1, 2))
        assert registry.returns.newest(ISSUE) == generation(1, 1, 2)
        registry.returns.mark_filed(ISSUE, 1, NOW)
        assert registry.returns.generation(ISSUE, 1) == generation(1, 1, 2, filed=True)


def test_a_standing_is_of_the_newest_generation(tmp_path: Path) -> None:
    """Pages and findings of a standing are the newest generation's alone; older ones stay on record."""
    with Registry.open(tmp_path / "r.sqlite") as registry:
        registry.returns.record(generation(1, 1))
        registry.returns.record(generation(2, 1, 2))
        standing = registry.returns.standings()[ISSUE]
        assert standing.newest.generation == 2
        assert standing.pages == (1, 2)
        assert [item.message for item in standing.findings] == ["第2代"]
        assert [item.generation for item in registry.returns.generations(ISSUE)] == [1, 2]


def test_a_batch_is_found_by_its_digest(tmp_path: Path) -> None:
    """A batch is found again by what went in and came out, and by nothing else."""
    row = BatchRow(name="verify-1", digest="d", checked_at=NOW, sources=("a",), reports=("reports/a.html",))
    with Registry.open(tmp_path / "r.sqlite") as registry:
        registry.returns.record_batch(row)
        assert registry.returns.batch_of("d") == row
        assert registry.returns.batch_of("e") is None


@pytest.mark.parametrize("create", [True, False])
def test_a_registry_of_version_1_is_brought_up(tmp_path: Path, create: bool) -> None:
    """A registry made before returns were recorded keeps its key and issues, and takes returns from then on."""
    file = tmp_path / "r.sqlite"
    with Registry.open(file) as registry:
        key = registry.mark_key()
    with sqlite3.connect(file) as connection:
        for table in ("finding", "observation", "return_page", "returned", "batch"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("UPDATE meta SET value = '1' WHERE key = 'schema'")
    with Registry.open(file, create=create) as registry:
        assert registry.mark_key() == key
        registry.returns.record(generation(1, 1))
    with Registry.open(file, create=False) as registry:
        assert registry.returns.newest(ISSUE) is not None
