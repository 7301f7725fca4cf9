"""Papers that go to departments (征求意见函, 意见表, 会议纪要 …): their fields, which follow from the case.

A letter or an opinion goes to one department alone, so each has fields of its own (``review.letters.0.project``) that
repeat what the case says once; they are made here, never typed. Source: 阳政办函〔2026〕9号, 六(二).

Each function takes the case with all defaults in: its ``review.departments`` are those that are asked.
"""

from __future__ import annotations

import datetime as dt

from cases.model.case import Case
from cases.model.field_types import FieldGroup
from cases.model.joint_review import Opinion


class DepartmentLetter(FieldGroup):
    """The letter that asks one department for its opinion."""

    project: str
    enterprise: str
    sender: str | None
    signed_by: str | None
    department: str
    number: str | None
    date: dt.date | None
    reply_by: dt.date | None
    materials: tuple[str, ...]


class OpinionPage(FieldGroup):
    """A department's own page. It answers on paper, so nothing of its answer is filled in."""

    project: str
    enterprise: str
    department: str


class MinutedOpinion(FieldGroup):
    """What one department said, as the minutes print it; None: a line to write on."""

    department: str
    opinion: str | None


def department_letters(case: Case) -> tuple[DepartmentLetter, ...]:
    """A letter to each department that is asked, from the agency."""
    return tuple(_letter(case, department) for department in case.review.departments)


def opinion_pages(case: Case) -> tuple[OpinionPage, ...]:
    """A page for each department that is asked."""
    project, enterprise = case.project.name, case.enterprise.name
    return tuple(
        OpinionPage(project=project, enterprise=enterprise, department=department)
        for department in case.review.departments
    )


def minuted_opinions(case: Case) -> tuple[MinutedOpinion, ...]:
    """The opinions of the minutes; where there are none, a line for each department that attends or is asked."""
    review = case.review
    if review.opinions:
        return tuple(
            MinutedOpinion(department=opinion.department, opinion=_said(opinion))
            for opinion in review.opinions
        )
    silent = review.minutes.attending or review.departments
    return tuple(MinutedOpinion(department=department, opinion=None) for department in silent)


def _letter(case: Case, department: str) -> DepartmentLetter:
    referral, sender = case.review.referral, case.agency.name
    return DepartmentLetter(
        project=case.project.name,
        enterprise=case.enterprise.name,
        sender=sender,
        signed_by=sender,
        department=department,
        number=referral.number,
        date=referral.date,
        reply_by=referral.reply_by,
        materials=referral.materials,
    )


def _said(opinion: Opinion) -> str | None:
    parts = [part.rstrip("。") for part in (opinion.verdict, opinion.reasons) if part]
    return "。".join(parts) + "。" if parts else None
