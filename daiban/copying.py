"""Copying a case (复制): another project that is much like one that is there, in a roster of its own.

A copy has what describes a project and its plan, not what happened to it: no 项目代码, no dates, returns or decisions.
It is written as a workbook in ``rosters/``, which the workspace reads beside its roster: that one may be open in Excel,
and a program that writes it would lose what staff laid out there.
"""

from __future__ import annotations

from collections.abc import Collection

from cases.model.case import Case
from cases.values.case_ids import read_case_id, same_folder_key
from cases.values.invalid import InvalidValue
from daiban import rosters
from daiban.office import Office
from foundation.errors import Problem, UsageError
from foundation.frozen_model import FrozenModel

#: What describes a project and what is planned for it; everything else happened to it.
_DESCRIBES = frozenset(
    {
        *("id", "document", "project", "enterprise", "contact", "agency", "manager", "plan", "authorisation"),
        *("assessment", "checklist", "leading_group", "agents", "task_force"),
    }
)
#: Of the project itself what every project has of its own.
_OWN = ("code", "plot", "progress")


class CopyResult(FrozenModel):
    """What was copied: ``file``: the new roster, relative to the workspace; ``left_out``: by title, what the case has
    and its copy has not.
    """

    case: str
    copy_of: str
    name: str
    file: str
    left_out: tuple[str, ...]


def copy_case(office: Office, case_id: str, new_id: str, *, name: str | None = None) -> CopyResult:
    """Copy a case under another 编号. ``name``: of the new project; by default that of the other one.

    :raises UsageError: no such case; the new 编号 cannot be one, or is taken.
    :raises NotWritableError: the roster cannot be written.
    """
    case = office.case(case_id)
    new_id = _free_id(office, new_id)
    made, left_out = copied(case, new_id, name)
    workspace = office.workspace
    target = workspace.rosters / f"{new_id}.xlsx"
    if target.exists():
        raise UsageError(
            Problem(workspace.relative(target), "文件已存在，不覆盖", advice="换一个编号，或先移走它")
        )
    with workspace.changing_cases() as staging:
        staged = staging / target.name
        rosters.write_new(staged, [made], documents=(case.document,))
        workspace.publish(staged, target)
    return CopyResult(
        case=new_id,
        copy_of=case.id,
        name=made.project.name,
        file=workspace.relative(target),
        left_out=left_out,
    )


def _free_id(office: Office, text: str) -> str:
    try:
        new_id = read_case_id(text)
    except InvalidValue as error:
        raise UsageError(Problem("--to", error.reason, advice=error.advice)) from None
    all_cases = office.all_cases
    known = [case.id for case in all_cases.cases] + [item.case for item in all_cases.rejected if item.case]
    taken = {same_folder_key(one) for one in (*known, *office.issues_of_case, *office.cancellations)}
    if same_folder_key(new_id) in taken:
        raise UsageError(Problem("--to", f"编号“{new_id}”已经用过", advice="每个案件一个编号，换一个"))
    return new_id


def copied(case: Case, new_id: str, name: str | None = None) -> tuple[Case, tuple[str, ...]]:
    """A case as a copy says it, and the titles of what that lacks."""
    empty = Case(id=new_id, document=case.document, project=case.project, enterprise=case.enterprise)
    kept = {field: getattr(case, field) for field in _DESCRIBES}
    project = case.project.model_copy(update={**dict.fromkeys(_OWN), **({"name": name} if name else {})})
    made = empty.model_copy(update={**kept, "id": new_id, "project": project})
    lost = [str(type(case).model_fields[field].title) for field in _happened(case, empty)]
    lost += [str(type(project).model_fields[field].title) for field in _OWN if getattr(case.project, field)]
    return made, tuple(lost)


def _happened(case: Case, empty: Case) -> Collection[str]:
    return [
        field
        for field in type(case).model_fields
        if field not in _DESCRIBES and getattr(case, field) != getattr(empty, field)
    ]
