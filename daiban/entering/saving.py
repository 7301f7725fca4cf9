"""Saving a case that was entered by itself: which file it goes to, and that nobody else's change is lost."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from pathlib import Path

from cases.files.case_file import YAML_SUFFIXES
from cases.files.replacements import SUFFIX
from cases.files.writing import case_text
from cases.model.case import Case
from daiban.board.board import Board, CurrentCase
from daiban.office import Office
from daiban.workspace import Workspace
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel
from foundation.writing import writing

_HEAD = "案件 {case}，由 {by} 在 {day} 录入。改了保存即可；也可以在网页上改。"
_HEAD_INSTEAD = "\n以这个文件为准，{place} 里同编号的不用；要改回用那里写的，移走这个文件。"


class SavedCase(FrozenModel):
    """What was written: ``file``, and ``superseded``, where the one before was moved to; relative to the workspace.
    ``instead_of``: the file whose row of this case does not count any more; None: it stands in no other.
    """

    case: str
    file: str
    superseded: str | None
    instead_of: str | None


def version_of(case: Case) -> str:
    """What is another as soon as the case says something else."""
    return hashlib.sha256(case.model_dump_json(exclude_defaults=True).encode()).hexdigest()[:16]


def save_case(board: Board, workspace: Workspace, case: Case, *, by: str, version: str | None) -> SavedCase:
    """Write a case to its file. ``version``: of the case as it was when it was opened for changing; None: a new one.

    :raises UsageError: the 编号 of a new case is taken; the case to be changed is not there, or was changed by somebody
        else since.
    :raises NotWritableError: the workspace cannot be written.
    """
    with workspace.changing_cases() as staging:
        now = board.now(case.id)
        if version is None:
            _require_free(workspace, case, now)
        else:
            _require_same(case, now, version)
        label, instead_of = _file_of(workspace, case.id, now.files)
        target = workspace.path / label
        staged = staging / target.name
        with writing(staged):
            staged.write_text(case_text(case, head=_head(case, by, instead_of)), encoding="utf-8")
        aside = workspace.keep_aside(target, staging)
        workspace.publish(staged, target)
        board.changed([case.id])
    return SavedCase(case=case.id, file=label, superseded=aside, instead_of=instead_of)


def _head(case: Case, by: str, instead_of: str | None) -> str:
    text = _HEAD.format(case=case.id, by=" ".join(by.split()), day=dt.date.today().isoformat())
    return text + (_HEAD_INSTEAD.format(place=instead_of) if instead_of else "")


def _require_free(workspace: Workspace, case: Case, now: CurrentCase) -> None:
    """A 编号 is a case's for ever: what is out under it is told by it."""
    advice = "换一个编号；要改已有的案件，从案件页点“修改”"
    if now.files:
        places = "、".join(now.files)
        raise UsageError(Problem("编号", f"编号“{case.id}”已经有案件用了（{places}）", "id", advice))
    with Office(workspace).registry() as registry:
        if registry is not None and registry.issues(case.id):
            said = f"编号“{case.id}”出具过文书，不能给别的项目用"
            raise UsageError(Problem("编号", said, "id", "换一个编号"))


def _require_same(case: Case, now: CurrentCase, version: str) -> None:
    if now.record is None or now.record.case is None:
        raise UsageError(Problem("", f"案件“{case.id}”已经不在了，没有保存", advice="回到案件看板看看"))
    if version_of(now.record.case) != version:
        said = f"案件“{case.id}”在您打开以后被别人改过，没有保存"
        raise UsageError(Problem("", said, advice="重新打开这一页，看过别人的改动再改"))


def _file_of(workspace: Workspace, case_id: str, files: Mapping[str, int]) -> tuple[str, str | None]:
    """The file a case is written to, and the one that does not count for it any more, if any."""
    own = f"{workspace.relative(workspace.cases)}/{case_id}"
    if not files:
        free = not (workspace.path / f"{own}.yaml").exists()
        return f"{own}.yaml" if free else f"{own}{SUFFIX}", None
    others = [label for label in files if not label.endswith(SUFFIX)]
    replacing = next((label for label in files if label.endswith(SUFFIX)), None)
    if replacing is not None:
        return replacing, others[0] if others else None
    (first, *more) = others
    if not more and files[first] == 1 and Path(first).suffix.lower() in YAML_SUFFIXES:
        return first, None
    return f"{own}{SUFFIX}", "、".join(others)
