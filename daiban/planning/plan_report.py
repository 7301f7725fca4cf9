"""``daiban plan``: of every case, where each part of its 服务方案 comes from and where plan and 研判 differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.model.case import Case
from cases.workspace_cases import load_cases
from daiban.lookup import require_known
from daiban.planning.plan_from_assessment import Difference, differences, effective_plan, plan_fields
from daiban.workspace import Workspace
from foundation.errors import ExitCode, Problem


@dataclass(frozen=True, slots=True)
class CasePlan:
    """One case. ``origins``: title of each part that says something → ``written`` or ``derived``."""

    case: str
    name: str
    plan: Mapping[str, Any]
    origins: Mapping[str, str]
    differences: tuple[Difference, ...]

    def to_json(self) -> dict[str, Any]:
        """case, name, plan (as in a case file), origins, differences."""
        return {
            "case": self.case,
            "name": self.name,
            "plan": self.plan,
            "origins": dict(self.origins),
            "differences": [item.to_json() for item in self.differences],
        }


@dataclass(frozen=True, slots=True)
class Overview:
    """All cases asked for, and what is wrong with the cases of the workspace."""

    cases: tuple[CasePlan, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode

    def to_json(self) -> dict[str, Any]:
        """cases, problems."""
        return {
            "cases": [case.to_json() for case in self.cases],
            "problems": [problem.to_json() for problem in self.problems],
        }


def plan_overview(workspace: Workspace, case_ids: Sequence[str] = ()) -> Overview:
    """The plans of these cases; of all where none is named.

    :raises UsageError: a case nobody knows, naming the nearest.
    """
    found = load_cases(workspace.path)
    require_known(found, case_ids)
    chosen = [case for case in found.cases if not case_ids or case.id in case_ids]
    return Overview(tuple(map(_of, chosen)), found.problems, found.exit_code)


def _of(case: Case) -> CasePlan:
    plan = effective_plan(case)
    origins = {
        title: "written" if plan_fields(case.plan)[field][1] else "derived"
        for field, (title, value) in plan_fields(plan).items()
        if value
    }
    tree = case.model_copy(update={"plan": plan}).tree()["plan"]
    return CasePlan(case.id, case.project.name, tree, origins, differences(case))
