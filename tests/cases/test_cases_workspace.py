"""All cases of a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.roster.write import write_roster
from cases.samples import load_sample
from cases.workspace_cases import load_cases, read_cases
from foundation.errors import ExitCode

SMALL = "id: {id}\ndocument: jincheng\nproject: {{name: x}}\nenterprise: {{name: y}}\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A workspace with a roster of two cases and an empty folder of case files."""
    write_roster(tmp_path / "roster.xlsx", load_sample()[:2])
    (tmp_path / "cases").mkdir()
    return tmp_path


def test_roster_and_files_are_one_set(workspace: Path) -> None:
    """Roster first, then case files by name, of every suffix; other files are left alone."""
    for name, case_id in (("b.yml", "B"), ("a.yaml", "A")):
        (workspace / "cases" / name).write_text(SMALL.format(id=case_id))
    (workspace / "cases" / "c.json").write_text(
        '{"id":"C","document":"jincheng","project":{"name":"x"},"enterprise":{"name":"y"}}'
    )
    (workspace / "cases" / "notes.txt").write_text("nothing")
    (workspace / "cases" / ".hidden.yaml").write_text("[")
    found = load_cases(workspace)
    assert found.problems == ()
    assert [case.id for case in found.cases] == ["JC-2026-001", "JC-2026-002", "A", "B", "C"]
    assert found.where("A") == "cases/a.yaml 第1行 id"
    assert found.where("JC-2026-002", "contact.phone") == "roster.xlsx 项目!R3"
    assert found.where("nobody") == "nobody"


def test_an_id_in_two_files_is_refused_in_both(workspace: Path) -> None:
    """Two files claiming one id, letter case aside, are refused in both, each naming the other."""
    (workspace / "cases" / "a.yaml").write_text(SMALL.format(id="jc-2026-001"))
    found = load_cases(workspace)
    assert [case.id for case in found.cases] == ["JC-2026-002"]
    assert [refused.case for refused in found.rejected] == ["JC-2026-001", "jc-2026-001"]
    roster, file = found.problems
    assert (roster.where, file.where) == ("roster.xlsx 项目!A2", "cases/a.yaml 第1行 id")
    assert file.where in roster.problem
    assert roster.where in file.problem
    assert found.exit_code == ExitCode.CASE_DATA


def test_an_unreadable_file_does_not_stop_the_others(workspace: Path) -> None:
    """A broken roster and a broken case file are failures with their own codes; the rest is read."""
    (workspace / "roster.xlsx").write_bytes(b"no workbook")
    (workspace / "cases" / "a.yaml").write_text("a: [")
    (workspace / "cases" / "b.yaml").write_text(SMALL.format(id="B"))
    found = load_cases(workspace)
    assert [case.id for case in found.cases] == ["B"]
    assert [failure.exit_code for failure in found.failures] == [ExitCode.UNREADABLE, ExitCode.CASE_DATA]
    assert found.exit_code == ExitCode.UNREADABLE
    assert {problem.where.split(" ")[0] for problem in found.problems} == {"roster.xlsx", "cases/a.yaml"}


def test_an_empty_workspace_says_what_to_do(tmp_path: Path) -> None:
    """A workspace without cases is an error that names both ways to add them."""
    found = load_cases(tmp_path)
    assert found.exit_code == ExitCode.CASE_DATA
    assert "roster.xlsx" in (found.problems[0].advice or "")


def test_files_elsewhere_are_named_by_themselves(workspace: Path, tmp_path: Path) -> None:
    """Without a base, places name the file alone."""
    found = read_cases([workspace / "roster.xlsx"])
    assert found.where("JC-2026-001") == "roster.xlsx 项目!A2"


def test_a_file_of_its_own_counts_instead_of_the_roster(workspace: Path) -> None:
    """``<编号>.case.yaml`` counts instead of the roster's row, in its place, and the row is said not to count."""
    (workspace / "cases" / "JC-2026-001.case.yaml").write_text(SMALL.format(id="JC-2026-001"))
    found = load_cases(workspace)
    assert [case.id for case in found.cases] == ["JC-2026-001", "JC-2026-002"]
    assert found.cases[0].project.name == "x"
    assert found.rejected == ()
    (note,) = found.warnings["JC-2026-001"]
    assert note.where == "roster.xlsx 项目!A2"
    assert "cases/JC-2026-001.case.yaml" in note.problem


def test_a_file_of_its_own_mends_a_case_that_others_refuse(workspace: Path) -> None:
    """A case that two files claim, or that the roster has wrong, is as its own file says."""
    (workspace / "cases" / "a.yaml").write_text(SMALL.format(id="JC-2026-001"))
    (workspace / "cases" / "JC-2026-001.case.yaml").write_text(SMALL.format(id="JC-2026-001"))
    found = load_cases(workspace)
    assert found.rejected == ()
    assert {case.id for case in found.cases} == {"JC-2026-001", "JC-2026-002"}


def test_a_broken_file_of_its_own_refuses_its_case(workspace: Path) -> None:
    """Where ``<编号>.case.yaml`` cannot be read, the roster's row is not silently used again."""
    (workspace / "cases" / "JC-2026-001.case.yaml").write_text("a: [")
    found = load_cases(workspace)
    assert [case.id for case in found.cases] == ["JC-2026-002"]
    assert [item.case for item in found.rejected] == ["JC-2026-001"]


def test_a_roster_is_read_before_it_is_in_its_place(workspace: Path, tmp_path: Path) -> None:
    """A workbook elsewhere is read instead of the one in its place, with the case files beside that."""
    (workspace / "cases" / "b.yaml").write_text(SMALL.format(id="B"))
    other = tmp_path / "other"
    other.mkdir()
    write_roster(other / "roster.xlsx", load_sample()[2:3])
    found = load_cases(workspace, roster=other / "roster.xlsx")
    assert [case.id for case in found.cases] == ["JC-2026-003", "B"]
