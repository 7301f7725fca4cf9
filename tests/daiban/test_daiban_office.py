"""The office: every part read when it is first asked for, once, and the same for every operation."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.samples import load_sample
from daiban import rosters
from daiban.office import Office
from daiban.registry import Registry
from daiban.workspace import Workspace
from foundation.errors import CaseDataError, NotWritableError, UnreadableError, UsageError


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws")
    rosters.write_new(made.roster, load_sample()[:2])
    return made


def test_what_needs_no_cases_reads_none(workspace: Workspace) -> None:
    """Opening an office reads its settings alone: a roster that cannot be read hinders nobody who needs no cases."""
    workspace.roster.write_bytes(b"no workbook")
    office = Office.open(workspace.path)
    assert office.catalogue.forms and office.deriver.reference
    assert (office.issues, office.returns) == ({}, {})
    assert office.cases.failures


def test_reading_makes_no_registry(workspace: Workspace) -> None:
    """Whoever only reads leaves no registry behind; where documents went out, a missing one is an error."""
    office = Office(workspace)
    assert office.record("7K3M9QX2") is None
    with office.registry() as registry:
        assert registry is None
    assert not (workspace.path / "registry.sqlite").exists()
    (workspace.issued_root / "JC-2026-001").mkdir()
    with pytest.raises(UnreadableError, match="登记库"):
        _ = Office(workspace).issues


def test_an_answer_agrees_with_itself(workspace: Workspace) -> None:
    """Parts are read once: what changes meanwhile is seen by the next office, not by half of this one."""
    office = Office(workspace)
    assert len(office.cases.cases) == 2
    rosters.write_new(workspace.roster, load_sample()[:3], overwrite=True)
    assert office.cases is office.cases
    assert len(office.cases.cases) == 2
    assert len(Office(workspace).cases.cases) == 3


def test_writing_holds_the_workspace_and_reads_anew(workspace: Workspace) -> None:
    """While one office writes, another process cannot; what it decides by is read under the lock."""
    office = Office(workspace)
    assert len(office.cases.cases) == 2
    rosters.write_new(workspace.roster, load_sample()[:3], overwrite=True)
    with office.writing() as locked:
        assert len(locked.cases.cases) == 3
        assert locked.today == office.today
        with locked.registry() as registry:
            assert registry is locked.open_registry
        with (
            pytest.raises(NotWritableError, match="占用"),
            Workspace.open(workspace.path).lock(timeout_s=0.1),
        ):
            pass
    Registry.open(workspace.registry, create=False).close()  # made with the first writing


def test_own_matters_count(workspace: Workspace) -> None:
    """The office's own matters.toml is in what every document of a case is made from."""
    workspace.forms.mkdir()
    own = '[[matter]]\nstage = "construction"\nname = "自有事项"\ndays = [2, 3]\n'
    (workspace.forms / "matters.toml").write_text(own, "utf-8")
    office = Office(workspace)
    assert "自有事项" in {matter.name for matter in office.deriver.reference}


def test_cases_by_their_number(workspace: Workspace) -> None:
    """A case is found by its number; an unknown one is a wrong command line that names the nearest, a refused one says
    what is wrong with it."""
    (workspace.cases / "X1.yaml").write_text("id: X1\nnonsense: 1\n", "utf-8")
    office = Office(workspace)
    assert office.case("JC-2026-001").id == "JC-2026-001"
    with pytest.raises(UsageError, match="JC-2026-00"):
        office.case("JC-2026-00")
    with pytest.raises(CaseDataError, match="nonsense"):
        office.case("X1")
