"""All cases of a workspace: its roster and its case files, as one set.

``WS/roster.xlsx`` and ``WS/cases/*.yaml|*.yml|*.json``; either may be absent. A merged 研判
(``WS/cases/<id>.assessment.yaml``) replaces that of its case. A file that cannot be read does not stop the
others, and a case id that two files use is rejected in both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from cases.case_set import CaseSet, join
from cases.files.assessment_overlay import is_overlay, with_overlays
from cases.files.case_file import SUFFIXES, read_case_file
from cases.roster.read import read_roster
from foundation.errors import DaibanError, Problem

ROSTER = "roster.xlsx"
CASES_FOLDER = "cases"


def load_cases(workspace: Path, documents: Collection[str] = ()) -> CaseSet:
    """Every case of a workspace; places name files as seen from it (``cases/a.yaml 第3行 id``).

    ``documents``: those the office works with, by which a case that names none has its own.
    """
    paths = case_paths(workspace)
    if not paths:
        advice = f"在工作区放 {ROSTER}，或在 {CASES_FOLDER}/ 里放案件文件；空的花名册用 daiban roster new 建"
        return CaseSet(general=(Problem(str(workspace), "工作区里没有案件", advice=advice),))
    overlays = [path for path in paths if is_overlay(path)]
    own = [path for path in paths if path not in overlays]
    cases = read_cases(own, base=workspace, documents=documents)
    return with_overlays(cases, overlays, {path: _label(path, workspace) for path in overlays})


def case_paths(workspace: Path) -> list[Path]:
    """The files of a workspace that hold cases or merged 研判: the roster first, then the case files by name."""
    folder = workspace / CASES_FOLDER
    paths = [workspace / ROSTER] if (workspace / ROSTER).exists() else []
    if folder.is_dir():
        paths += sorted(path for path in folder.iterdir() if _is_case_file(path))
    return paths


def read_cases(paths: Iterable[Path], base: Path | None = None, documents: Collection[str] = ()) -> CaseSet:
    """Rosters (``.xlsx``, or whatever is no case file) and case files as one set.

    ``base``: places name files relative to it where they lie below it. ``documents``: as of :func:`load_cases`.
    Errors of single files become
    ``failures``.
    """
    sets: list[CaseSet] = []
    failures: list[DaibanError] = []
    for path in paths:
        read = read_case_file if path.suffix.lower() in SUFFIXES else read_roster
        try:
            sets.append(read(path, _label(path, base), documents=documents))
        except DaibanError as error:
            failures.append(error)
    return join(sets, failures)


def _label(path: Path, base: Path | None) -> str:
    return path.relative_to(base).as_posix() if base and path.is_relative_to(base) else path.name


def _is_case_file(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~"))
