"""The outcome of reading: the good cases, the rejected ones with their reasons, and where each was found.

One bad case, row or file never stops the others, so reading does not raise for what is wrong with a case; it returns a
:class:`CaseSet`, and the caller decides what to issue and how to exit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cases.checking import CaseOrigin, usable_case
from cases.model.case import Case
from cases.model.contradictions import Contradiction
from cases.parts import FlawedPart, costs_the_case, part_of, without_parts
from cases.values.case_ids import fold_case_id, same_folder_key
from cases.values.paths import loc_of
from foundation.errors import DaibanError, ExitCode, Problem, worst

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RejectedCase:
    """A case that cannot be used: its id as written (None where there is none) and every problem."""

    case: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class CaseSet:
    """The outcome of reading one or several sources.

    ``cases``: what can be used, in reading order. ``rejected``: what cannot. ``general``: problems that
    belong to no single case (a missing heading, a list row naming an unknown 编号). ``flaws``: by id, the parts
    of cases that are wrong, which those cases lack. ``warnings``: what is doubtful (存疑) about the cases that can be
    used, by id. ``failures``: files that could not be read at all. ``origins``: where each case was found.
    ``contradictions``: of cases with a merged 研判, settled ones too.
    """

    cases: tuple[Case, ...] = ()
    rejected: tuple[RejectedCase, ...] = ()
    general: tuple[Problem, ...] = ()
    warnings: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)
    failures: tuple[DaibanError, ...] = ()
    origins: Mapping[str, CaseOrigin] = field(default_factory=dict)
    flaws: Mapping[str, tuple[FlawedPart, ...]] = field(default_factory=dict)
    contradictions: Mapping[str, tuple[Contradiction, ...]] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every problem, errors and warnings: of files, of the whole, of rejected cases, of good ones."""
        return (
            *(problem for failure in self.failures for problem in failure.problems),
            *self.general,
            *(problem for rejected in self.rejected for problem in rejected.problems),
            *(flaw.problem for flaws in self.flaws.values() for flaw in flaws),
            *(problem for problems in self.warnings.values() for problem in problems),
        )

    @property
    def exit_code(self) -> ExitCode:
        """The worst of the files' own codes, and CASE_DATA when any other problem is an error."""
        wrong = self.rejected or self.flaws or any(problem.severity == "error" for problem in self.general)
        codes = [failure.exit_code for failure in self.failures]
        return worst([*codes, ExitCode.CASE_DATA] if wrong else codes)

    def problems_of(self, case_id: str) -> tuple[Problem, ...]:
        """What is wrong and what is doubtful about a case that can be used."""
        return (*(flaw.problem for flaw in self.flaws.get(case_id, ())), *self.warnings.get(case_id, ()))

    def without(self, case_ids: Collection[str]) -> CaseSet:
        """The same without these cases, and without what is wrong with them."""
        if not case_ids:
            return self
        keys = {same_folder_key(name) for name in case_ids}
        return replace(
            self,
            cases=tuple(case for case in self.cases if same_folder_key(case.id) not in keys),
            rejected=tuple(
                item for item in self.rejected if not item.case or same_folder_key(item.case) not in keys
            ),
            warnings=_of_others(self.warnings, keys),
            flaws=_of_others(self.flaws, keys),
        )

    def where(self, case_id: str, field_id: str = "id") -> str:
        """The place of a case's field (``roster.xlsx 项目!C5``); for a case of another set, its id itself."""
        origin = self.origins.get(case_id)
        return origin.where(loc_of(field_id)) if origin else case_id


def _of_others(by_case: Mapping[str, T], keys: Collection[str]) -> dict[str, T]:
    return {name: value for name, value in by_case.items() if same_folder_key(name) not in keys}


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """A case as a reader found it: raw tree, origin, and the problems found before the tree is checked."""

    raw: object
    origin: CaseOrigin
    problems: tuple[Problem, ...] = ()

    @property
    def written_id(self) -> str | None:
        """The id in the form it is compared in, not checked; None where the tree has none."""
        value = self.raw.get("id") if isinstance(self.raw, dict) else None
        return fold_case_id(value) or None if isinstance(value, str) else None


def check_drafts(drafts: Iterable[CaseDraft], general: Iterable[Problem] = ()) -> CaseSet:
    """Check every draft: those with what a case cannot do without become cases, the others are rejected."""
    cases: list[Case] = []
    rejected: list[RejectedCase] = []
    warnings: dict[str, tuple[Problem, ...]] = {}
    flaws: dict[str, tuple[FlawedPart, ...]] = {}
    origins: dict[str, CaseOrigin] = {}
    for draft in drafts:
        errors = tuple(item for item in draft.problems if item.severity == "error")
        parts = [part_of(error) for error in errors]
        usable = [part for part in parts if not costs_the_case(part)]
        raw = without_parts(draft.raw, usable) if isinstance(draft.raw, dict) else draft.raw
        checked = usable_case(raw, draft.origin)
        known = {(item.where, item.field) for item in errors}
        found = tuple(flaw for flaw in checked.flaws if (flaw.problem.where, flaw.problem.field) not in known)
        problems = tuple(
            item
            for item in checked.problems
            if (item.where, item.field) not in known and not _follows_from(item, errors)
        )
        if checked.case is None or len(usable) < len(parts):
            whole = (*draft.problems, *(flaw.problem for flaw in found), *problems)
            rejected.append(RejectedCase(draft.written_id, whole))
            continue
        case = checked.case
        cases.append(case)
        origins[case.id] = draft.origin
        doubts = (*(item for item in draft.problems if item not in errors), *problems)
        if doubts:
            warnings[case.id] = doubts
        if errors or found:
            flaws[case.id] = (*map(FlawedPart, parts, errors), *found)
    return CaseSet(tuple(cases), tuple(rejected), tuple(general), warnings, (), origins, flaws)


def _follows_from(problem: Problem, errors: Iterable[Problem]) -> bool:
    """Whether a group is wrong only for want of a value that was refused already."""
    return any((error.field or "").startswith(f"{problem.field}.") for error in errors)


def reject_repeated_ids(drafts: list[CaseDraft]) -> list[CaseDraft]:
    """The same drafts, with a problem for each that shares its id (or its folder on Windows) with another."""
    groups: dict[str, list[CaseDraft]] = {}
    for draft in drafts:
        if draft.written_id:
            groups.setdefault(same_folder_key(draft.written_id), []).append(draft)
    return [_with_repeats(draft, groups) for draft in drafts]


def join(sets: Iterable[CaseSet], failures: Iterable[DaibanError] = ()) -> CaseSet:
    """Several sources as one. A case id that occurs in two of them is rejected in both, naming both places."""
    members = list(sets)
    repeated = _repeated(members)
    cases = [(case, member) for member in members for case in member.cases]
    rejected = [item for member in members for item in member.rejected]
    rejected += [
        RejectedCase(case.id, (*_repeats_of(case.id, member, repeated), *member.problems_of(case.id)))
        for case, member in cases
        if same_folder_key(case.id) in repeated
    ]
    good = [(case, member) for case, member in cases if same_folder_key(case.id) not in repeated]
    return CaseSet(
        tuple(case for case, _ in good),
        tuple(rejected),
        tuple(problem for member in members for problem in member.general),
        {case.id: member.warnings[case.id] for case, member in good if case.id in member.warnings},
        (*(failure for member in members for failure in member.failures), *failures),
        {case.id: member.origins[case.id] for case, member in good},
        {case.id: member.flaws[case.id] for case, member in good if case.id in member.flaws},
    )


def _with_repeats(draft: CaseDraft, groups: Mapping[str, list[CaseDraft]]) -> CaseDraft:
    own = draft.written_id
    others = [other for other in groups.get(same_folder_key(own), ()) if other is not draft] if own else []
    if not own or not others:
        return draft
    problem = _repeat_problem(
        own, draft.origin.where(("id",)), [other.origin.where(("id",)) for other in others]
    )
    return CaseDraft(draft.raw, draft.origin, (*draft.problems, problem))


def _repeated(members: Iterable[CaseSet]) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {}
    for member in members:
        for case in member.cases:
            places.setdefault(same_folder_key(case.id), []).append(member.where(case.id))
    return {key: found for key, found in places.items() if len(found) > 1}


def _repeats_of(case_id: str, member: CaseSet, repeated: Mapping[str, list[str]]) -> tuple[Problem, ...]:
    here = member.where(case_id)
    return (
        _repeat_problem(
            case_id, here, [place for place in repeated[same_folder_key(case_id)] if place != here]
        ),
    )


def _repeat_problem(case_id: str, here: str, others: list[str]) -> Problem:
    also = "、".join(others[:3]) + ("等处" if len(others) > 3 else "")
    return Problem(
        where=here,
        problem=f"编号“{case_id}”重复：{also}也用了它（不分大小写）",
        field="id",
        advice="每个案件一个编号；改其中一个",
    )
