"""Merged 研判 on disk (``cases/<编号>.assessment.yaml``): read, written anew, what the roster settled put on record."""

from __future__ import annotations

import yaml

from cases.files.assessment_overlay import SUFFIX, AssessmentOverlay, overlay_data, read_overlay
from daiban.office import LockedOffice
from daiban.workspace import Workspace
from foundation.writing import writing

_HEAD = """\
# 由 daiban merge 汇总的研判，代替案件“{case}”自己的研判；后交回的接着汇总进来，旧的移到 cases/superseded。
# assessment 是研判的内容；merged 写明谁勾选、谁填写、哪里矛盾。矛盾请会商后用 daiban settle
# 或花名册的“研判矛盾”表定；定以前有关的文书不出具。
"""


def merged_before(workspace: Workspace, case_id: str) -> AssessmentOverlay | None:
    """What was merged of a case so far; None: nothing. Errors: as :func:`read_overlay`."""
    place = workspace.cases / f"{case_id}{SUFFIX}"
    return read_overlay(place, workspace.relative(place))[0] if place.exists() else None


def write_merged(workspace: Workspace, overlay: AssessmentOverlay) -> tuple[str, str | None]:
    """Write a merged 研判 in its place. Returns the file, and where an older one is now.

    :raises NotWritableError: the workspace cannot be written.
    """
    target = workspace.cases / f"{overlay.case}{SUFFIX}"
    content = _HEAD.format(case=overlay.case) + yaml.safe_dump(
        overlay_data(overlay), allow_unicode=True, sort_keys=False, width=110
    )
    with workspace.changing_cases() as staging:
        staged = staging / target.name
        with writing(staged):
            staged.write_text(content, encoding="utf-8")
        aside = workspace.keep_aside(target, staging)
        workspace.publish(staged, target)
    return workspace.relative(target), aside


def record_rulings(office: LockedOffice) -> None:
    """Write into each merged 研判 what rows of the roster have settled in it, so that it stays on record when a row is
    taken out.

    :raises NotWritableError: the workspace cannot be written.
    """
    for case in office.cases.cases:
        before = merged_before(office.workspace, case.id) if case.rulings else None
        if before is None:
            continue
        outcome = before.ruled_by(case)
        if outcome.contradictions != before.merged.contradictions:
            merged = before.merged.model_copy(update={"contradictions": outcome.contradictions})
            settled = before.model_copy(update={"assessment": outcome.assessment, "merged": merged})
            write_merged(office.workspace, settled)
