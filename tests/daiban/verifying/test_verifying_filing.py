"""Filing what came back: what stood in its place is kept, and only what somebody changed is said to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daiban.registry import Generation, IssueRecord, Registry
from daiban.verifying.filing.filer import Filer, PreparedFiling
from daiban.verifying.issued import issued_document
from daiban.workspace import Workspace
from foundation.digests import sha256_of_bytes
from foundation.errors import Problem

NOW = datetime(2026, 11, 21, tzinfo=UTC)
FORM = "jincheng-authorisation"


class Folder:
    """The folder of one document, into which returns of two issues are filed."""

    def __init__(self, place: Path) -> None:
        self.workspace = Workspace.create(place)
        self.registry = Registry.open(self.workspace.registry)
        self.path = self.workspace.returned("A1", FORM)
        self.registry.record([self._issue("AAAAAAAA", NOW), self._issue("BBBBBBBB", NOW + timedelta(days=1))])

    def _issue(self, number: str, when: datetime) -> IssueRecord:
        return IssueRecord(
            number=number,
            case_id="A1",
            form_id=FORM,
            digest="d" * 64,
            pages=1,
            docx=f"issued/A1/{FORM}.docx",
            pdf=f"issued/A1/{FORM}.pdf",
            docx_sha256="a" * 64,
            pdf_sha256="b" * 64,
            created_at=when,
            values={},
        )

    def file(self, number: str, content: dict[str, bytes], generation: int = 1) -> list[Problem]:
        """File these files as one generation of an issue; returns the warnings."""
        record = self.registry.find(number)
        assert record is not None
        older = self.registry.returns.newest(number)
        made = Generation(
            issue=number,
            generation=generation,
            batch="verify-1",
            verdict="complete",
            digest=str(generation) * 64,
            files={name: sha256_of_bytes(data) for name, data in content.items()},
            recorded_at=NOW + timedelta(hours=generation),
        )
        outcome: Any = None
        with self.workspace.lock(), self.workspace.staging() as staging:
            staged = staging / "filing"
            staged.mkdir()
            for name, data in content.items():
                (staged / name).write_bytes(data)
            prepared = PreparedFiling(
                issue=issued_document(record, self.workspace.path),
                older=older,
                generation=made,
                folder=self.path,
                staged=staged,
                outcome=outcome,
            )
            warnings, failed = Filer(self.workspace, self.registry.returns, staging, "verify-1").place(
                [prepared], NOW
            )
        assert failed == []
        return warnings

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.path.rglob("*") if path.is_file())
        return {path.relative_to(self.path).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Folder]:
    made = Folder(tmp_path / "ws")
    yield made
    made.registry.close()


def test_a_return_of_a_newer_issue_finds_the_older_ones_files_unchanged(folder: Folder) -> None:
    """Files that a return of an older issue left are known as such: kept under its number, and nobody is accused."""
    folder.file("AAAAAAAA", {f"{FORM}.pdf": b"one", "received.pdf": b"as it came"})
    assert folder.file("BBBBBBBB", {f"{FORM}.pdf": b"two"}) == []
    assert folder.files() == {
        f"{FORM}.pdf": b"two",
        f"history/AAAAAAAA/{FORM}.pdf": b"one",
        "history/AAAAAAAA/received.pdf": b"as it came",
    }


@pytest.mark.parametrize("number", ["AAAAAAAA", "BBBBBBBB"])
def test_what_somebody_changed_is_still_told(folder: Folder, number: str) -> None:
    """A file that is as no return left it is set aside with a warning, whichever issue's return comes next."""
    folder.file("AAAAAAAA", {f"{FORM}.pdf": b"one"})
    (folder.path / f"{FORM}.pdf").write_bytes(b"changed by hand")
    (warning,) = folder.file(number, {f"{FORM}.pdf": b"two"}, generation=2)
    assert "改过" in warning.problem
    assert b"changed by hand" in folder.files().values()
