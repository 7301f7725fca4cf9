"""手续办理情况 of one project for the weekly summary: what the case itself leaves open follows from its timetable.

Source: 晋市开办〔2021〕5号, 二3: 每周……就项目手续办理情况进行对接汇总，梳理情况，解决问题.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cases.model.case import Case
from cases.model.projects import Situation
from cases.values.dates import format_date
from daiban.planning.derive import Deriver
from daiban.planning.timetable import PlannedStep
from foundation.errors import CaseDataError


def situation_of(case: Case, deriver: Deriver, today: dt.date) -> Situation:
    """The case's own words, and where it has none, what is done, under way and late by its timetable."""
    try:
        steps = deriver.timetable(case, today)
    except CaseDataError:
        return case.situation
    own = case.situation
    return own.model_copy(
        update={"status": own.status or _status(steps), "problems": own.problems or _problems(steps)}
    )


def done_in(case: Case, deriver: Deriver, year: int) -> str | None:
    """上一年度办理情况, where the case does not say it: what was decided and what was finished in a year, by day."""
    try:
        steps = deriver.timetable(case)
    except CaseDataError:
        steps = ()
    done = [(item.date, f"{item.item}：{item.result or '已办结'}") for item in case.decisions if item.date]
    done += [(step.finished, f"{step.title}：已办完") for step in steps if step.finished]
    own = sorted((day, what) for day, what in done if day.year == year)
    return "\n".join(f"{format_date(day)}，{what}" for day, what in own) or None


def _status(steps: Sequence[PlannedStep]) -> str | None:
    done = [step.title for step in steps if step.finished is not None]
    under_way = [
        f"{step.title}（应于{format_date(step.due.day)}前办完）"
        for step in steps
        if step.started is not None and step.finished is None
    ]
    said = [
        f"{name}：{'、'.join(titles)}"
        for name, titles in (("已办完", done), ("正在办理", under_way))
        if titles
    ]
    return "\n".join(said) or None


def _problems(steps: Sequence[PlannedStep]) -> str | None:
    late = [
        f"{step.title}逾期{step.days_late}个工作日" + (f"（{step.department}）" if step.department else "")
        for step in steps
        if step.is_overdue
    ]
    return "\n".join(late) or None
