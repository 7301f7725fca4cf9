"""What forms may use beside the case's own data: the plan that follows from the 研判, and the timetable.

Everything here is a function of the case and the office's settings; there is no clock, so the same case gives the same
document. Where a document is about a day (a notice's date), what is late is judged by that day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cases.model.case import Case
from cases.model.supervision import JointMeeting, Supervision
from daiban.planning.late_steps import late_issues, overdue_matters
from daiban.planning.plan_from_assessment import effective_plan
from daiban.planning.road_map import RoadMap, road_map
from daiban.planning.timetable import PlannedStep, timetable
from daiban.planning.timetable_rows import TimetableRow, timetable_rows
from daiban.settings import Settings
from forms.matters.lists import Matter, reference_matters
from foundation.errors import CaseDataError


@dataclass(frozen=True, slots=True)
class PlannedCase:
    """A case with what follows from it. A timetable that cannot be made is empty, and so is its road map.

    ``case``: its ``plan`` filled up from the 研判; ``joint_meeting.issues`` and ``supervision.matters``, where it lists
    none itself, are the steps late on the meeting's or the notice's day.
    """

    case: Case
    timetable: tuple[TimetableRow, ...]
    road_map: RoadMap


class Deriver:
    """Derives for the cases of one office. ``forms``: folders of own forms, whose ``matters.toml`` counts.

    :raises FormError: an own ``matters.toml`` is wrong.
    """

    def __init__(self, settings: Settings, *forms: Path) -> None:
        self.calendar = settings.calendar.working_days
        self.reference: tuple[Matter, ...] = reference_matters(*forms)

    def timetable(self, case: Case, today: dt.date | None = None) -> tuple[PlannedStep, ...]:
        """A case's timetable. Errors: CaseDataError, as :func:`daiban.planning.timetable.timetable`."""
        return timetable(case, self.calendar, today, self.reference)

    def check(self, case: Case) -> None:
        """Raises CaseDataError, with every field at fault, where a case's timetable cannot be made."""
        self.timetable(case)

    def planned(self, case: Case) -> PlannedCase:
        """The case with everything that follows from it."""
        steps = self._steps(case, None)
        derived = {
            "plan": effective_plan(case),
            "joint_meeting": self._joint_meeting(case),
            "supervision": self._supervision(case),
        }
        return PlannedCase(case.model_copy(update=derived), timetable_rows(steps), road_map(steps))

    def _joint_meeting(self, case: Case) -> JointMeeting:
        meeting = case.joint_meeting
        if meeting.issues or meeting.date is None:
            return meeting
        return meeting.model_copy(update={"issues": late_issues(self._steps(case, meeting.date))})

    def _supervision(self, case: Case) -> Supervision:
        notice = case.supervision
        if notice.matters or notice.date is None:
            return notice
        return notice.model_copy(update={"matters": overdue_matters(self._steps(case, notice.date))})

    def _steps(self, case: Case, day: dt.date | None) -> tuple[PlannedStep, ...]:
        try:
            return self.timetable(case, day)
        except CaseDataError:
            return ()
