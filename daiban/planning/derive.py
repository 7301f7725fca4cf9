"""What forms may use beside the case's own data: the plan that follows from the 研判, and the timetable.

Everything here is a function of the case and the office's settings; there is no clock, so the same case gives the same
document. Where a document is about a day (a notice's date), what is late is judged by that day.

Derived, in the tree that :func:`generator.bind.bind` reads:

``plan``        the case's own, filled up from the 研判 where it is empty
``timetable``   one entry per step: ``number step track phase department limit start finish due actual state remark``
``road_map``    ``first`` and ``last`` day, and ``steps``: ``step line`` (:mod:`daiban.planning.road_map`)
``joint_meeting.issues``, ``supervision.matters``   the steps late on the meeting's or the notice's day, where the case
                lists none itself; a notice leaves out steps that still wait for the step before them
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from cases.calendar import WorkdayCalendar
from cases.model.case import Case
from cases.values.dates import format_date
from daiban.planning.plan_from_assessment import effective_plan
from daiban.planning.road_map import road_map
from daiban.planning.timetable import PlannedStep, timetable
from daiban.settings import Settings
from forms.matters.lists import Matter, reference_matters
from foundation.errors import CaseDataError


class Deriver:
    """Derives for the cases of one office. ``forms``: folders of own forms, whose ``matters.toml`` counts.

    :raises FormError: an own ``matters.toml`` is wrong.
    """

    def __init__(self, settings: Settings, *forms: Path) -> None:
        self.calendar = WorkdayCalendar.of(settings.calendar.workdays, settings.calendar.holidays)
        self.reference: tuple[Matter, ...] = reference_matters(*forms)

    def timetable(self, case: Case, today: dt.date | None = None) -> tuple[PlannedStep, ...]:
        """A case's timetable. Errors: CaseDataError, as :func:`daiban.planning.timetable.timetable`."""
        return timetable(case, self.calendar, today, self.reference)

    def check(self, case: Case) -> None:
        """Raises CaseDataError, with every field at fault, where a case's timetable cannot be made."""
        self.timetable(case)

    def tree(self, case: Case) -> dict[str, Any]:
        """The case's tree with everything derived in it; a timetable that cannot be made is empty."""
        tree = case.model_copy(update={"plan": effective_plan(case)}).tree()
        steps = tuple(self._steps(case, None))
        tree["timetable"] = [_row(number, step) for number, step in enumerate(steps, 1)]
        tree["road_map"] = road_map(steps)
        self._fill_late(tree, case, ("joint_meeting", "issues"), _is_late, _issue)
        self._fill_late(tree, case, ("supervision", "matters"), _is_to_blame, _matter)
        return tree

    def _fill_late(
        self,
        tree: dict[str, Any],
        case: Case,
        place: tuple[str, str],
        wanted: Callable[[PlannedStep], bool],
        row: Callable[[PlannedStep], Mapping[str, Any]],
    ) -> None:
        """Fill in what was late on the day a paper is about, where the case lists nothing itself."""
        group, name = place
        paper = tree[group]
        if not paper[name] and paper["date"] is not None:
            late = filter(wanted, self._steps(case, paper["date"]))
            tree[group] = {**paper, name: [row(step) for step in late]}

    def _steps(self, case: Case, day: dt.date | None) -> Iterable[PlannedStep]:
        try:
            return self.timetable(case, day)
        except CaseDataError:
            return ()


def _row(number: int, step: PlannedStep) -> dict[str, Any]:
    return {
        "number": str(number),
        "step": step.title,
        "track": step.track,
        "phase": step.phase or None,
        "department": step.department or None,
        "limit": step.limit,
        "start": step.start.text(),
        "finish": step.finish.text(),
        "due": step.due.day,
        "actual": _actual(step),
        "state": step.state,
        "remark": step.remark or None,
    }


def _actual(step: PlannedStep) -> str | None:
    """``2026年3月5日至2026年3月9日``; what is open ends with 至今."""
    if step.started is None:
        return f"{format_date(step.finished)}完成" if step.finished else None
    return f"{format_date(step.started)}{'至' + format_date(step.finished) if step.finished else '起'}"


def _late_since(step: PlannedStep) -> str:
    return f"应于{format_date(step.due.day)}完成，逾期{step.days_late}个工作日"


def _is_late(step: PlannedStep) -> bool:
    return step.is_late


def _is_to_blame(step: PlannedStep) -> bool:
    return step.is_late and step.waiting_for is None


def _issue(step: PlannedStep) -> dict[str, Any]:
    problem = f"“{step.title}”未按时限办结：{_late_since(step)}"
    waiting = f"等“{step.waiting_for}”办结" if step.waiting_for else None
    return {
        "problem": problem,
        "cause": step.remark or waiting,
        "department": step.department or None,
        "due": None,
    }


def _matter(step: PlannedStep) -> dict[str, Any]:
    status = "；".join(filter(None, (step.remark, f"逾期{step.days_late}个工作日")))
    return {
        "matter": step.title,
        "department": step.department or None,
        "due": step.due.day,
        "status": status,
    }
