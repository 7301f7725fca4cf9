"""A merged 研判 in a file of its own, ``cases/<编号>.assessment.yaml``, whichever file holds the case itself.

``daiban merge`` writes it; it replaces the case's own ``assessment``, from a roster or a case file alike, and says who
ticked and wrote what. Keys: ``case``, ``assessment`` (as in a case file), ``merged`` (where it came from).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from cases.case_set import CaseSet, RejectedCase
from cases.checking import CaseOrigin, problems_of
from cases.files.case_file import FileOrigin, parse_file
from cases.model.assessment import Assessment
from cases.model.case import Case
from cases.model.contradictions import Contradiction
from cases.model.field_types import CaseId, Entries, FieldGroup, Line, RequiredLine, Text
from cases.parts import FlawedPart
from cases.settling import Ruled, ruled
from cases.values.case_ids import same_folder_key
from cases.values.paths import Loc
from foundation.errors import CaseDataError, DaibanError, Problem

SUFFIX = ".assessment.yaml"


class MergedSheet(FieldGroup):
    """One sheet that was merged: its file, who filled it, and the file's hash."""

    file: RequiredLine = Field(title="文件")
    department: RequiredLine = Field(title="科室")
    sha256: Line = Field(default=None, title="SHA-256")


class MergedTick(FieldGroup):
    """One entry of one list, and who ticked or wrote it."""

    field: RequiredLine = Field(title="字段")
    entry: RequiredLine = Field(title="内容")
    by: Entries = Field(default=(), title="勾选科室")


class MergedText(FieldGroup):
    """What one department wrote in a free field."""

    field: RequiredLine = Field(title="字段")
    by: RequiredLine = Field(title="科室")
    text: Text = Field(default=None, title="内容")


class MergeRecord(FieldGroup):
    """Where a merged 研判 came from."""

    sources: tuple[MergedSheet, ...] = Field(default=(), title="来源")
    ticks: tuple[MergedTick, ...] = Field(default=(), title="勾选")
    texts: tuple[MergedText, ...] = Field(default=(), title="填写")
    contradictions: tuple[Contradiction, ...] = Field(default=(), title="矛盾")

    def places(self) -> tuple[tuple[str, str], ...]:
        """Every list and an entry that somebody ticked or wrote there."""
        return tuple((tick.field, tick.entry) for tick in self.ticks)


class AssessmentOverlay(FieldGroup):
    """The whole file."""

    case: CaseId = Field(title="编号")
    assessment: Assessment = Field(title="研判")
    merged: MergeRecord = Field(default_factory=MergeRecord, title="汇总")

    def ruled_by(self, case: Case) -> Ruled:
        """Its 研判 and contradictions as the rulings of its case leave them."""
        return ruled(self.assessment, self.merged.contradictions, case.rulings, self.merged.places())


@dataclass(frozen=True, slots=True)
class _OverlaidOrigin:
    """Where a case with an overlay is found: its 研判 in the overlay, everything else where it was."""

    case: CaseOrigin
    overlay: FileOrigin

    def where(self, loc: Loc) -> str:
        return (self.overlay if loc[:1] == ("assessment",) else self.case).where(loc)


def is_overlay(path: Path) -> bool:
    """Whether a file of ``cases/`` is a merged 研判 and no case."""
    return path.name.endswith(SUFFIX)


def read_overlay(path: Path, label: str | None = None) -> tuple[AssessmentOverlay, FileOrigin]:
    """One overlay and where its lines are.

    Errors: UnreadableError when it cannot be read, CaseDataError with every problem in it.
    """
    label = label or path.name
    data, lines = parse_file(path, label)
    origin = FileOrigin(label, (), lines)
    try:
        return AssessmentOverlay.model_validate(data if isinstance(data, dict) else {}), origin
    except ValidationError as error:
        raise CaseDataError(*problems_of(error, origin)) from None


def with_overlays(cases: CaseSet, paths: Iterable[Path], labels: Mapping[Path, str]) -> CaseSet:
    """The same cases, with the 研判 of the overlay for each that has one.

    A broken overlay rejects its case: otherwise the case's own 研判 would silently be used instead of the merged one.
    """
    for path in paths:
        try:
            overlay, origin = read_overlay(path, labels.get(path))
            cases = _apply(cases, overlay, origin)
        except DaibanError as error:
            cases = _reject(cases, path.name.removesuffix(SUFFIX), error)
    return _without_merge(cases)


def _apply(cases: CaseSet, overlay: AssessmentOverlay, origin: FileOrigin) -> CaseSet:
    case = next((item for item in cases.cases if item.id == overlay.case), None)
    if case is None:
        if any(item.case == overlay.case for item in cases.rejected):
            return cases
        reason = f"案件“{overlay.case}”不在花名册和案件文件里，这份汇总的研判用不上"
        return replace(
            cases,
            general=(*cases.general, Problem(origin.where(("case",)), reason, "id", severity="warning")),
        )
    warnings: dict[str, tuple[Problem, ...]] = dict(cases.warnings)
    if case.assessment not in (Assessment(), overlay.assessment):
        reason = f"研判以 {origin.label} 为准，这里写的研判不用"
        warning = Problem(cases.where(case.id, "assessment"), reason, "assessment", severity="warning")
        warnings[case.id] = (*warnings.get(case.id, ()), warning)
    outcome = overlay.ruled_by(case)
    changed = case.model_copy(update={"assessment": outcome.assessment})
    members = tuple(changed if item is case else item for item in cases.cases)
    origins = {**cases.origins, case.id: _OverlaidOrigin(cases.origins[case.id], origin)}
    contradictions = {**cases.contradictions, case.id: outcome.contradictions}
    flaws: dict[str, tuple[FlawedPart, ...]] = dict(cases.flaws)
    for flaw in outcome.flaws:
        where = origins[case.id].where(("rulings", flaw.index, flaw.field))
        problem = Problem(where, flaw.reason, "rulings", flaw.advice, flaw.severity)
        if flaw.severity == "error":
            flaws[case.id] = (*flaws.get(case.id, ()), FlawedPart("rulings", problem))
        else:
            warnings[case.id] = (*warnings.get(case.id, ()), problem)
    return replace(
        cases,
        cases=members,
        warnings=warnings,
        origins=origins,
        contradictions=contradictions,
        flaws=flaws,
    )


def _without_merge(cases: CaseSet) -> CaseSet:
    """The same, with a doubt at the first ruling of each case that has no merged 研判 it could be about."""
    warnings = dict(cases.warnings)
    for case in cases.cases:
        if case.rulings and case.id not in cases.contradictions:
            reason = "这个案件还没有汇总研判（daiban merge），没有矛盾要定，这一行没有用"
            where = cases.where(case.id, "rulings.0.matter")
            problem = Problem(where, reason, "rulings", severity="warning")
            warnings[case.id] = (*warnings.get(case.id, ()), problem)
    return replace(cases, warnings=warnings)


def _reject(cases: CaseSet, case_id: str, error: DaibanError) -> CaseSet:
    key = same_folder_key(case_id)
    kept = tuple(item for item in cases.cases if same_folder_key(item.id) != key)
    if len(kept) == len(cases.cases):
        return replace(cases, failures=(*cases.failures, error))
    return replace(cases, cases=kept, rejected=(*cases.rejected, RejectedCase(case_id, error.problems)))


def overlay_data(overlay: AssessmentOverlay) -> dict[str, Any]:
    """The overlay as plain data for YAML, empty places left out."""
    plain: dict[str, Any] = _plain(overlay)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, FieldGroup):
        members = {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        return {name: item for name, item in members.items() if item not in (None, [], {})}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
