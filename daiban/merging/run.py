"""``daiban merge``: the files of a case's 研判表 into ``cases/<编号>.assessment.yaml``, in one step or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from cases.files.assessment_overlay import SUFFIX, AssessmentOverlay, overlay_data
from cases.workspace_cases import load_cases
from daiban.lookup import case_named, opened_registry
from daiban.merging.assessment_sheets import AssessmentSheet, AssessmentSheetReader, assessment_forms
from daiban.merging.combine import merge
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from foundation.errors import DaibanError, ExitCode, Problem, UsageError, worst
from foundation.writing import writing

_HEAD = """\
# 由 daiban merge 汇总的研判，代替案件“{case}”自己的研判；再汇总一次会写成新的，旧的移到 cases/superseded。
# assessment 是研判的内容；merged 写明谁勾选、谁填写、哪里矛盾。矛盾只列出，请会商后在 assessment 里改定。
"""
SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class MergeOutcome:
    """What a merge wrote: ``file`` and ``superseded`` relative to the workspace."""

    case: str
    file: str
    overlay: AssessmentOverlay
    superseded: str | None

    def to_json(self) -> dict[str, Any]:
        """case, file, superseded, assessment, sources, ticks, texts, contradictions."""
        plain = overlay_data(self.overlay)
        merged: dict[str, Any] = plain.get("merged", {})
        return {
            "case": self.case,
            "file": self.file,
            "superseded": self.superseded,
            "assessment": plain.get("assessment", {}),
            **{name: merged.get(name, []) for name in ("sources", "ticks", "texts", "contradictions")},
        }


def merge_files(workspace: Workspace, case_id: str, files: Sequence[Path]) -> MergeOutcome:
    """Merge these files into the case's 研判 and write it beside the case.

    :raises UsageError: no such case, no files.
    :raises DaibanError: a file that cannot be used; every problem at once, nothing written. The class is that of the
        worst problem.
    :raises NotWritableError: the workspace cannot be written.
    """
    if not files:
        raise UsageError(Problem("FILE", "没有要汇总的研判表", advice="写上各科室交回的文件"))
    case = case_named(load_cases(workspace.path), case_id)
    forms = assessment_forms(Catalogue.load(workspace.forms).forms)
    with ExitStack() as stack:
        registry = opened_registry(workspace)
        if registry is not None:
            stack.enter_context(registry)
        sheets = _read_all(AssessmentSheetReader(forms, registry), files)
    return _write(workspace, merge(case, sheets, forms))


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


def _write(workspace: Workspace, overlay: AssessmentOverlay) -> MergeOutcome:
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
    return MergeOutcome(overlay.case, workspace.relative(target), overlay, aside)


def _set_aside(workspace: Workspace, target: Path, staging: Path) -> str | None:
    """A copy of what stands in the way: somebody may have settled contradictions in it by hand."""
    if not target.exists():
        return None
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S-%f")
    place = target.parent / SUPERSEDED / f"{target.name.removesuffix(SUFFIX)}.{stamp}{SUFFIX}"
    copy = staging / place.name
    with writing(copy):
        copy.write_bytes(target.read_bytes())
    workspace.publish(copy, place)
    return workspace.relative(place)
