"""Everything a document of one case can draw on, and the one place where it is laid out by field id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.model.case import Case
from cases.model.field_types import FieldGroup
from cases.model.projects import Listing
from daiban.documents.case_notices import (
    AssignedMatters,
    DecisionPush,
    OversightNotice,
    TaskProgress,
    assigned_matters,
    decision_pushes,
    rectification_notices,
    talk_notices,
    task_progress,
    urging_notices,
)
from daiban.documents.contents import ArchiveRow, Contents
from daiban.documents.defaults import with_defaults
from daiban.documents.department_papers import (
    DepartmentLetter,
    MinutedOpinion,
    OpinionPage,
    department_letters,
    minuted_opinions,
    opinion_pages,
)
from daiban.documents.service_papers import (
    ApprovalLevel,
    PushSlip,
    StageDelivery,
    approval_levels,
    push_slips,
    stage_delivery,
    suspension_words,
)
from daiban.planning.derive import PlannedCase
from daiban.planning.road_map import RoadMap
from daiban.planning.timetable_rows import TimetableRow
from daiban.settings import Settings
from foundation.field_tree import FieldNode, FieldTree, LateTree


@dataclass(frozen=True, slots=True)
class DocumentData:
    """``case``: what it says itself, and the defaults where it says nothing; the rest follows from it, but for
    ``archive``, which is on record.
    """

    case: Case
    timetable: tuple[TimetableRow, ...]
    road_map: RoadMap
    letters: tuple[DepartmentLetter, ...]
    opinion_pages: tuple[OpinionPage, ...]
    opinions: tuple[MinutedOpinion, ...]
    levels: tuple[ApprovalLevel, ...]
    slips: tuple[PushSlip, ...]
    delivery: StageDelivery
    urgings: tuple[OversightNotice, ...]
    talks: tuple[OversightNotice, ...]
    orders: tuple[OversightNotice, ...]
    assigned: tuple[AssignedMatters, ...]
    pushes: tuple[DecisionPush, ...]
    task_progress: tuple[TaskProgress, ...]
    archive: tuple[ArchiveRow, ...] = ()

    def field_tree(self) -> FieldTree:
        """All of it by field id, under the names that templates use."""
        case = self.case
        return LateTree(
            {
                **case.late_members(),
                "timetable": lambda: _rows(self.timetable),
                "road_map": self.road_map.tree,
                "review": self._review,
                "supervision": lambda: {**case.supervision.tree(), "issued": case.supervision.date},
                "consultation": lambda: {**case.consultation.tree(), "levels": _rows(self.levels)},
                "suspension": lambda: suspension_words(case.suspension),
                "push_slips": lambda: _rows(self.slips),
                "delivery": self.delivery.tree,
                "listing": lambda: _listing(case.listing),
                "circular": lambda: {**case.circular.tree(), "issued": case.circular.date},
                "urgings": lambda: _rows(self.urgings),
                "talks": lambda: _rows(self.talks),
                "orders": lambda: _rows(self.orders),
                "assigned": lambda: _rows(self.assigned),
                "decision_pushes": lambda: _rows(self.pushes),
                "task_progress": lambda: _rows(self.task_progress),
                "archive": lambda: {"documents": _rows(self.archive)},
            }
        )

    def _review(self) -> dict[str, FieldNode]:
        review = self.case.review
        return {
            **review.tree(),
            "letters": _rows(self.letters),
            "papers": _rows(self.opinion_pages),
            "minutes": {**review.minutes.tree(), "opinions": _rows(self.opinions)},
        }


def document_data(planned: PlannedCase, settings: Settings, contents: Contents | None = None) -> DocumentData:
    """What the documents of a case can draw on. ``contents``: what is on record; None: nothing."""
    case = with_defaults(planned, settings)
    return DocumentData(
        case=case,
        timetable=planned.timetable,
        road_map=planned.road_map,
        letters=department_letters(case),
        opinion_pages=opinion_pages(case),
        opinions=minuted_opinions(case),
        levels=approval_levels(case),
        slips=push_slips(case, settings.calendar.working_days),
        delivery=stage_delivery(case),
        urgings=urging_notices(case),
        talks=talk_notices(case),
        orders=rectification_notices(case),
        assigned=assigned_matters(case),
        pushes=decision_pushes(case),
        task_progress=task_progress(case.tasks),
        archive=contents.rows(case) if contents is not None else (),
    )


def _listing(listing: Listing) -> dict[str, FieldNode]:
    """What is printed above a list of projects, with the years before and after its own."""
    year = int(listing.year) if listing.year and listing.year.isascii() and listing.year.isdecimal() else None
    around = {"last_year": f"{year - 1}", "next_year": f"{year + 1}"} if year else {}
    return {**listing.tree(), **around}


def _rows(entries: Iterable[FieldGroup]) -> list[FieldNode]:
    return [entry.tree() for entry in entries]
