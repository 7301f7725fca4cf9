"""A case in a file of its own that counts instead of what another file says of it: ``cases/<编号>.case.yaml``.

A case that stands in the roster, or in a file with others, can be changed by itself without that file being written
over: it may be open in Excel, and holds what staff laid out there. Like a merged 研判
(:mod:`cases.files.assessment_overlay`) it is known by its name, and whoever reads both is told which one counts.
Deleting the file brings back what the other one says.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from cases.case_set import CaseSet, RejectedCase, join
from cases.values.case_ids import same_folder_key
from foundation.errors import Problem

SUFFIX = ".case.yaml"
T = TypeVar("T")


def is_replacement(path: Path) -> bool:
    """Whether a file of ``cases/`` counts instead of what other files say of its case."""
    return path.name.endswith(SUFFIX)


def with_replacements(cases: CaseSet, found: Mapping[Path, CaseSet]) -> CaseSet:
    """The same cases, each that has such a file as that says. ``found``: what each of these files says.

    A file that cannot be read refuses its case: otherwise what it replaces would silently be used again.
    """
    members = [or_refused(path, member) for path, member in found.items()]
    return _joined(cases, join(members)) if members else cases


def or_refused(path: Path, found: CaseSet) -> CaseSet:
    """What a file says; of a replacement that cannot be read, that it refuses its case."""
    if not found.failures or not is_replacement(path):
        return found
    problems = tuple(problem for failure in found.failures for problem in failure.problems)
    return CaseSet(rejected=(RejectedCase(path.name.removesuffix(SUFFIX), problems),))


def _joined(cases: CaseSet, replacing: CaseSet) -> CaseSet:
    keys = {same_folder_key(case.id) for case in replacing.cases}
    keys |= {same_folder_key(item.case) for item in replacing.rejected if item.case}
    replaced = [case for case in cases.cases if same_folder_key(case.id) in keys]
    notes = {
        case.id: _note(cases.where(case.id), replacing.where(case.id))
        for case in replaced
        if case.id in replacing.origins
    }
    rest = replace(
        cases,
        cases=tuple(case for case in cases.cases if same_folder_key(case.id) not in keys),
        rejected=tuple(
            item for item in cases.rejected if not item.case or same_folder_key(item.case) not in keys
        ),
        warnings=_without(cases.warnings, keys),
        flaws=_without(cases.flaws, keys),
        origins=_without(cases.origins, keys),
    )
    whole = join([rest, replacing])
    order = {same_folder_key(case.id): place for place, case in enumerate(cases.cases)}
    members = sorted(whole.cases, key=lambda case: order.get(same_folder_key(case.id), len(order)))
    warnings = {
        **whole.warnings,
        **{name: (*whole.warnings.get(name, ()), note) for name, note in notes.items()},
    }
    return replace(whole, cases=tuple(members), warnings=warnings)


def _without(of_cases: Mapping[str, T], keys: Collection[str]) -> dict[str, T]:
    return {case_id: value for case_id, value in of_cases.items() if same_folder_key(case_id) not in keys}


def _note(where: str, instead: str) -> Problem:
    file = instead.partition(" ")[0]
    problem = f"这个案件以 {file} 为准，这里写的不用"
    advice = f"要改，改 {file}；要改回用这里写的，移走那个文件"
    return Problem(where, problem, "id", advice, "warning")
