"""``daiban merge``: the files of a case's 研判表 into ``cases/<编号>.assessment.yaml``, in one step or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from cases.files.assessment_overlay import (
    AssessmentOverlay,
    MergedSheet,
    MergedText,
    MergedTick,
)
from cases.model.assessment import Assessment
from cases.model.contradictions import Contradiction, Settlement
from cases.settling import chosen, settled
from cases.values.invalid import InvalidValue
from daiban.merged_assessments import merged_before, write_merged
from daiban.merging.assessment_sheets import AssessmentSheet, AssessmentSheetReader, assessment_forms
from daiban.merging.combine import merge
from daiban.office import Office
from daiban.workspace import Workspace
from foundation.errors import DaibanError, ExitCode, Problem, UsageError, worst
from foundation.frozen_model import FrozenModel


class MergeResult(FrozenModel):
    """What a merge wrote: ``file``, and ``superseded``, where an older one was moved to; relative to the workspace.

    ``assessment``: the merged 研判; ``sources``: the sheets; ``ticks``, ``texts``: what each department ticked and
    wrote; ``contradictions``: what a person has to settle.
    """

    case: str
    file: str
    superseded: str | None
    assessment: Assessment
    sources: tuple[MergedSheet, ...]
    ticks: tuple[MergedTick, ...]
    texts: tuple[MergedText, ...]
    contradictions: tuple[Contradiction, ...]


def merge_files(office: Office, case_id: str, files: Sequence[Path], *, anew: bool = False) -> MergeResult:
    """Merge these files into the case's 研判 and write it beside the case. They join what was merged before;
    ``anew``: it is left out.

    :raises UsageError: no such case, no files.
    :raises DaibanError: a file that cannot be used; every problem at once, nothing written. The class is that of the
        worst problem.
    :raises NotWritableError: the workspace cannot be written.
    """
    if not files:
        raise UsageError(Problem("FILE", "没有要汇总的研判表", advice="写上各科室交回的文件"))
    case = office.case(case_id)
    forms = assessment_forms(office.catalogue.forms)
    with office.registry() as registry:
        sheets = _read_all(AssessmentSheetReader(forms, registry), files)
    before = None if anew else merged_before(office.workspace, case_id)
    return _write(office.workspace, merge(case, sheets, forms, before))


def settle(
    office: Office, case_id: str, number: int, *, choice: str | None, by: str, reason: str | None
) -> MergeResult:
    """Settle a contradiction of a case's merged 研判, by its number from 1. ``choice``: one of its options, or what a
    person writes; None: as the file says by now.

    :raises UsageError: no such case, no merged 研判, no such contradiction, a choice that there is not.
    :raises NotWritableError: the workspace cannot be written.
    """
    office.require_cases([case_id])
    before = merged_before(office.workspace, case_id)
    known = before.merged.contradictions if before is not None else ()
    if before is None or not 1 <= number <= len(known):
        problem = f"案件“{case_id}”没有第 {number} 处矛盾" if known else f"案件“{case_id}”汇总的研判没有矛盾"
        raise UsageError(Problem(case_id, problem, advice="用 daiban plan 查看各处矛盾和编号"))
    one, assessment = known[number - 1], before.assessment
    if choice is not None:
        try:
            choice = chosen(one, choice)
            assessment = settled(assessment, one, choice, before.merged.places())
        except InvalidValue as error:
            raise UsageError(Problem("--choose", error.reason, advice=error.advice)) from None
    decision = Settlement(choice=choice, reason=reason, by=by, at=_now())
    done = one.model_copy(update={"settled": decision})
    members = (*known[: number - 1], done, *known[number:])
    merged = before.merged.model_copy(update={"contradictions": members})
    return _write(office.workspace, before.model_copy(update={"assessment": assessment, "merged": merged}))


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _read_all(reader: AssessmentSheetReader, files: Iterable[Path]) -> list[AssessmentSheet]:
    sheets: list[AssessmentSheet] = []
    errors: list[DaibanError] = []
    for path in files:
        try:
            sheets.append(reader.read(path))
        except DaibanError as error:
            errors.append(error)
    if errors:
        code: ExitCode = worst(error.exit_code for error in errors)
        kind = type(next(error for error in errors if error.exit_code == code))
        raise kind(*(problem for error in errors for problem in error.problems))
    return sheets


def _write(workspace: Workspace, overlay: AssessmentOverlay) -> MergeResult:
    file, aside = write_merged(workspace, overlay)
    return MergeResult(
        case=overlay.case,
        file=file,
        superseded=aside,
        assessment=overlay.assessment,
        sources=overlay.merged.sources,
        ticks=overlay.merged.ticks,
        texts=overlay.merged.texts,
        contradictions=overlay.merged.contradictions,
    )
