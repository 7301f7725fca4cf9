"""Everything a document of one case can draw on, and the one place where it is laid out by field id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cases.model.case import Case
from cases.model.field_types import FieldGroup
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
from daiban.planning.derive import PlannedCase
from daiban.planning.road_map import RoadMap
from daiban.planning.timetable_rows import TimetableRow
from daiban.settings import Settings
from foundation.field_tree import FieldNode


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
    archive: tuple[ArchiveRow, ...] = ()

    def field_tree(self) -> dict[str, FieldNode]:
        """All of it by field id, under the names that templates use."""
        review, supervision = self.case.review, self.case.supervision
        return {
            **self.case.tree(),
            "timetable": _rows(self.timetable),
            "road_map": self.road_map.tree(),
            "review": {
                **review.tree(),
                "letters": _rows(self.letters),
                "papers": _rows(self.opinion_pages),
                "minutes": {**review.minutes.tree(), "opinions": _rows(self.opinions)},
            },
            "supervision": {**supervision.tree(), "issued": supervision.date},
            "archive": {"documents": _rows(self.archive)},
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
        archive=contents.rows(case) if contents is not None else (),
    )


def _rows(entries: Iterable[FieldGroup]) -> list[FieldNode]:
    return [entry.tree() for entry in entries]
