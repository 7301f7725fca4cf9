"""Of every case, where each part of its 服务方案 comes from, and where plan and 研判 differ (``daiban plan``)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from cases.model.case import Case
from cases.model.contradictions import Contradiction
from cases.model.service_plan import ServicePlan
from daiban.case_filter import EVERY_CASE, CaseFilter
from daiban.office import Office
from daiban.planning.plan_from_assessment import PlanDifference, differences, effective_plan, plan_fields
from foundation.errors import ExitCode, Problem
from foundation.frozen_model import FrozenModel


class CasePlan(FrozenModel):
    """One case. ``plan``: as it would be printed, shaped as in a case file; ``origins``: title of each part that says
    something → whether the office wrote it or it follows from the 研判. ``contradictions``: of its merged 研判, in
    their order, settled ones too.
    """

    case: str
    name: str
    plan: ServicePlan
    origins: Mapping[str, Literal["written", "derived"]]
    differences: tuple[PlanDifference, ...]
    contradictions: tuple[Contradiction, ...] = ()


class PlanReport(FrozenModel):
    """All cases asked for, and what is wrong with the cases of the workspace."""

    cases: tuple[CasePlan, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)


def plan_report(office: Office, case_ids: Sequence[str] = (), wanted: CaseFilter = EVERY_CASE) -> PlanReport:
    """The plans of these cases, of all where none is named, if they are ``wanted``.

    :raises UsageError: a case that there is not, naming the nearest.
    """
    office.require_cases(case_ids)
    found = office.cases
    asked = (case for case in found.cases if not case_ids or case.id in case_ids)
    chosen = [case for case in asked if wanted.fits(case, office)]
    return PlanReport(
        cases=tuple(_case_plan(case, office.contradictions(case)) for case in chosen),
        problems=found.problems,
        exit_code=found.exit_code,
    )


def _case_plan(case: Case, contradictions: tuple[Contradiction, ...]) -> CasePlan:
    plan = effective_plan(case)
    origins: dict[str, Literal["written", "derived"]] = {
        title: "written" if plan_fields(case.plan)[field][1] else "derived"
        for field, (title, value) in plan_fields(plan).items()
        if value
    }
    return CasePlan(
        case=case.id,
        name=case.project.name,
        plan=plan,
        origins=origins,
        differences=differences(case),
        contradictions=contradictions,
    )
