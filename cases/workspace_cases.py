"""All cases of a workspace: its roster and its case files, as one set.

``WS/roster.xlsx``, ``WS/rosters/*.xlsx`` and ``WS/cases/*.yaml|*.yml|*.json``; any may be absent. A merged 研判
(``WS/cases/<id>.assessment.yaml``) replaces that of its case, and ``WS/cases/<id>.case.yaml`` a whole case. A file that
cannot be read does not stop the others, and a case id that two other files use is rejected in both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from cases.case_set import CaseSet, join
from cases.files.assessment_overlay import is_overlay, with_overlays
from cases.files.case_file import SUFFIXES, read_case_file
from cases.files.replacements import is_replacement, with_replacements
from cases.roster.read import read_roster
from cases.source_names import CASES_FOLDER, ROSTER, ROSTERS_FOLDER
from foundation.errors import DaibanError, Problem, UnreadableError
from foundation.reading import LEADS_OUT, LINK_ADVICE, leads_out


def load_cases(workspace: Path, documents: Collection[str] = (), *, roster: Path | None = None) -> CaseSet:
    """Every case of a workspace; places name files as seen from it (``cases/a.yaml 第3行 id``).

    ``documents``: those the office works with, by which a case that names none has its own. ``roster``: a workbook that
    is not in its place yet, read instead of the one that is.
    """
    paths = case_paths(workspace)
    if roster is not None:
        paths = [roster, *(path for path in paths if path != workspace / ROSTER)]
    if not paths:
        advice = f"在工作区放 {ROSTER}，或在 {CASES_FOLDER}/ 里放案件文件；空的花名册用 daiban roster new 建"
        return CaseSet(general=(Problem(str(workspace), "工作区里没有案件", advice=advice),))
    return put_together(workspace, {path: read_source(path, workspace, documents) for path in paths})


def put_together(workspace: Path, sources: Mapping[Path, CaseSet]) -> CaseSet:
    """The cases of a workspace's files as one set. ``sources``: what each file says, in the order of
    :func:`case_paths`; merged 研判 are read here.
    """
    overlays = [path for path, found in sources.items() if is_overlay(path) and not found.failures]
    replacing = {path: found for path, found in sources.items() if is_replacement(path)}
    own = [found for path, found in sources.items() if path not in (*overlays, *replacing)]
    labels = {path: label_of(path, workspace) for path in overlays}
    return with_overlays(with_replacements(join(own), replacing), overlays, labels)


def read_source(path: Path, base: Path | None = None, documents: Collection[str] = ()) -> CaseSet:
    """What one file says: a roster (``.xlsx``, or whatever is no case file) or a case file; one that cannot be read is
    a failure. A merged 研判 says nothing by itself.
    """
    if base is not None and leads_out(path, base) and path.is_relative_to(base):
        problem = Problem(label_of(path, base), LEADS_OUT, advice=LINK_ADVICE)
        return CaseSet(failures=(UnreadableError(problem),))
    if is_overlay(path):
        return CaseSet()
    read = read_case_file if path.suffix.lower() in SUFFIXES else read_roster
    try:
        return read(path, label_of(path, base), documents=documents)
    except DaibanError as error:
        return CaseSet(failures=(error,))


def case_paths(workspace: Path) -> list[Path]:
    """The files of a workspace that hold cases or merged 研判: the roster first, then other rosters and the case files,
    each by name.
    """
    folder = workspace / CASES_FOLDER
    paths = [workspace / ROSTER] if (workspace / ROSTER).exists() else []
    rosters = workspace / ROSTERS_FOLDER
    if rosters.is_dir():
        paths += sorted(path for path in rosters.iterdir() if _is_roster(path))
    if folder.is_dir():
        paths += sorted(path for path in folder.iterdir() if _is_case_file(path))
    return paths


def read_cases(paths: Iterable[Path], base: Path | None = None, documents: Collection[str] = ()) -> CaseSet:
    """Rosters (``.xlsx``, or whatever is no case file) and case files as one set.

    ``base``: places name files relative to it where they lie below it. ``documents``: as of :func:`load_cases`.
    Errors of single files become
    ``failures``.
    """
    return join([read_source(path, base, documents) for path in paths])


def label_of(path: Path, base: Path | None) -> str:
    """How places name a file: as seen from ``base``, or by its name alone."""
    return path.relative_to(base).as_posix() if base and path.is_relative_to(base) else path.name


def _is_roster(path: Path) -> bool:
    """Excel keeps a hidden ``~$name.xlsx`` beside a workbook that is open."""
    return path.suffix.lower() == ".xlsx" and not path.name.startswith((".", "~"))


def _is_case_file(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.name.startswith((".", "~"))
