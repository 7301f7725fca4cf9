"""Which forms a part of a case concerns: those that print it, and those that print what follows from it.

What follows from what is stated here once; a test holds it against what really changes. It decides which documents a
wrong value holds back, and which it does not touch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from cases.values.stages import Stage
from forms.definition import FormDefinition

_PLANNED = ("items", "materials", "special_steps", "fees")
_NAMES = ("project.name", "enterprise.name")
_LISTED = (
    "project",
    "enterprise",
    "contact",
    "agency",
    "manager",
    "procedures",
    "situation",
    "timetable",
    "listing",
    "decisions",
)

#: Field ids (or what they begin with) → what they follow from.
FOLLOWS_FROM: Mapping[str, tuple[str, ...]] = {
    **{
        f"plan.{stage.value}.{name}": (f"assessment.{stage.value}.{name}",)
        for stage in Stage
        for name in _PLANNED
    },
    "plan.tips": tuple(f"assessment.{stage.value}.tips" for stage in Stage),
    "plan.optimisation": tuple(f"assessment.{stage.value}.optimisation" for stage in Stage),
    "authorisation.items": ("authorisation.stage", *(f"plan.{stage.value}.items" for stage in Stage)),
    "timetable": ("progress", "review.hazard"),
    "road_map": ("timetable",),
    "checklist": ("plan", "timetable"),
    "joint_meeting.issues": ("joint_meeting.date", "timetable"),
    "supervision.matters": ("supervision.date", "timetable"),
    "supervision.issued": ("supervision.date",),
    "review.departments": ("review.opinions",),
    "review.letters": (*_NAMES, "agency", "review.departments", "review.referral"),
    "review.papers": (*_NAMES, "review.departments"),
    "review.minutes.opinions": ("review.opinions", "review.minutes.attending", "review.departments"),
    "projects": _LISTED,
    "portfolio": ("timetable", "situation", "decisions", "task_force", "project"),
    "consultation.levels": ("plan",),
    "push_slips": (*_NAMES, "project.code", "agency", "manager", "progress.pushes"),
    "delivery": ("deliveries",),
    "urgings": ("project.name", "agency", "oversight"),
    "talks": ("project.name", "agency", "oversight"),
    "orders": ("project.name", "agency", "oversight"),
    "assigned": (*_NAMES, "agency", "manager", "checklist", "assignment"),
    "decision_pushes": (*_NAMES, "project.code", "agency", "decisions"),
    "task_progress": ("tasks",),
    "archive.documents": ("enterprise", "agency"),
}


def concerns(part: str, form: FormDefinition) -> bool:
    """Whether a form prints a part of a case, something in it, or something that follows from either."""
    return any(_meet(part, source) for source in _sources_of(tuple(_drawn_on(form))))


def _drawn_on(form: FormDefinition) -> Iterator[str]:
    for field in form.fields:
        yield field.id.partition(".*")[0]
        if field.reads:
            yield field.reads
    yield from (fact.field for fact in form.facts)


@lru_cache(maxsize=256)
def _sources_of(fields: tuple[str, ...]) -> frozenset[str]:
    """These fields and all that they follow from, step by step."""
    found: set[str] = set()
    waiting = list(fields)
    while waiting:
        field = waiting.pop()
        if field not in found:
            found.add(field)
            waiting += _followed(field)
    return frozenset(found)


def _followed(field: str) -> Iterable[str]:
    return (source for name, sources in FOLLOWS_FROM.items() if _meet(name, field) for source in sources)


def _meet(one: str, other: str) -> bool:
    """Whether two field ids are the same, or one is a part of the other."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
