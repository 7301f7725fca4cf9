"""Defaults: what a case gets from the settings, from its document, and from its own other fields.

What the case says itself always stands; lists of people are taken whole, never mixed.
"""

from __future__ import annotations

from cases.model.case import Agency, Authorisation, Case, Manager
from cases.model.joint_review import JointReview
from cases.model.people import LeadingGroup
from cases.model.service_plan import StagePlan
from cases.model.tasks import TaskForce, joined_tasks
from cases.reference import ReferenceData, load_reference
from cases.values.stages import find_stage
from daiban.documents.checklist import checklist_of
from daiban.planning.derive import PlannedCase
from daiban.settings import AgencySettings, LeadingGroupSettings, ManagerSettings, Settings

_NO_GROUP, _NO_TASK_FORCE = LeadingGroup(), TaskForce()


def with_defaults(planned: PlannedCase, settings: Settings) -> Case:
    """A case with all defaults where it says nothing itself.

    Agency and manager come from the settings; the 委托书's stage is where the case stands, and its items are the
    plan's for that stage; the lists that a document prints are the document's.
    """
    case, reference = planned.case, load_reference(planned.case.document)
    defaults = {
        "agency": _agency(case.agency, settings.agency),
        "manager": _manager(case.manager, settings.manager),
        "authorisation": _authorisation(case),
        "review": _review(case.review, reference),
        "leading_group": _leading_group(case.leading_group, settings.leading_group, reference),
        "task_force": case.task_force if case.task_force != _NO_TASK_FORCE else reference.task_force,
        "tasks": joined_tasks(case.tasks, reference.tasks),
        "checklist": case.checklist or checklist_of(case.plan, planned.timetable),
    }
    return case.model_copy(update=defaults)


def _agency(own: Agency, office: AgencySettings) -> Agency:
    return own if own.name else own.model_copy(update={"name": office.name or None})


def _manager(own: Manager, office: ManagerSettings) -> Manager:
    """A manager whom the case names is not given the telephone of the office's."""
    if own.name:
        return own
    return own.model_copy(update={"name": office.name or None, "phone": own.phone or office.phone or None})


def _authorisation(case: Case) -> Authorisation:
    own = case.authorisation
    stage = own.stage or (case.stage.label if case.stage else None)
    return own.model_copy(update={"stage": stage, "items": own.items or _planned_items(case, stage)})


def _planned_items(case: Case, stage: str | None) -> tuple[str, ...]:
    found = find_stage(stage) if stage else None
    if found is None:
        return ()
    planned: StagePlan = getattr(case.plan, found.value)
    return tuple(item.name for item in planned.items)


def _review(own: JointReview, reference: ReferenceData) -> JointReview:
    """Asked are the departments that the case names and whoever else has answered; else those the document names."""
    answered = tuple(opinion.department for opinion in own.opinions)
    others = tuple(name for name in answered if name not in own.departments)
    asked = (*own.departments, *others) or reference.departments
    city = own.city.model_copy(update={"enclosures": own.city.enclosures or reference.enclosures})
    return own.model_copy(update={"departments": asked, "city": city})


def _leading_group(own: LeadingGroup, office: LeadingGroupSettings, reference: ReferenceData) -> LeadingGroup:
    if own != _NO_GROUP:
        return own
    return office.group if office.is_there else reference.leading_group
