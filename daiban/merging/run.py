"""``daiban merge``: the files of a case's 研判表 into ``cases/<编号>.assessment.yaml``, in one step or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import yaml

from cases.files.assessment_overlay import (
    SUFFIX,
    AssessmentOverlay,
    Contradiction,
    MergedSheet,
    MergedText,
    MergedTick,
    overlay_data,
)
from cases.model.assessment import Assessment
from daiban.merging.assessment_sheets import AssessmentSheet, AssessmentSheetReader, assessment_forms
from daiban.merging.combine import merge
from daiban.office import Office
from daiban.workspace import Workspace
from foundation.errors import DaibanError, ExitCode, Problem, UsageError, worst
from foundation.frozen_model import FrozenModel
from foundation.writing import writing

_HEAD = """\
# 由 daiban merge 汇总的研判，代替案件“{case}”自己的研判；再汇总一次会写成新的，旧的移到 cases/superseded。
# assessment 是研判的内容；merged 写明谁勾选、谁填写、哪里矛盾。矛盾只列出，请会商后在 assessment 里改定。
"""
SUPERSEDED = "superseded"


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


def merge_files(office: Office, case_id: str, files: Sequence[Path]) -> MergeResult:
    """Merge these files into the case's 研判 and write it beside the case.

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
    return _write(office.workspace, merge(case, sheets, forms))


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
    target = workspace.cases / f"{overlay.case}{SUFFIX}"
    content = _HEAD.format(case=overlay.case) + yaml.safe_dump(
        overlay_data(overlay), allow_unicode=True, sort_keys=False, width=110
    )
    with workspace.lock(), workspace.staging() as staging:
        staged = staging / target.name
        with writing(staged):
            staged.write_text(content, encoding="utf-8")
        aside = _set_aside(workspace, target, staging)
        workspace.publish(staged, target)
    return MergeResult(
        case=overlay.case,
        file=workspace.relative(target),
        superseded=aside,
        assessment=overlay.assessment,
        sources=overlay.merged.sources,
        ticks=overlay.merged.ticks,
        texts=overlay.merged.texts,
        contradictions=overlay.merged.contradictions,
    )


def _set_aside(workspace: Workspace, target: Path, staging: Path) -> str | None:
    """Copy an older merge aside: somebody may have settled contradictions in it by hand. Returns where it went."""
    if not target.exists():
        return None
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    place = target.parent / SUPERSEDED / f"{target.name.removesuffix(SUFFIX)}.{stamp}{SUFFIX}"
    copy = staging / place.name
    with writing(copy):
        copy.write_bytes(target.read_bytes())
    workspace.publish(copy, place)
    return workspace.relative(place)
