"""What many projects say in sum: 推进组 by group, 推进情况 by department, 联络员; compiled from the cases' own data.

Sources: 鞍营商发〔2024〕4号, 二 (每周…调度一次; 每半月听取一次各小组工作汇报), 四(四) (定期通报各地区各部门…推进情况);
晋市开办〔2021〕5号, 二6.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cases.model.case import Case
from cases.model.papers.anshan import Circular, Dispatch
from cases.model.papers.portfolio import DepartmentReport, GroupReport, Liaison, Portfolio
from cases.model.projects import CATEGORIES
from cases.model.tasks import TaskForce
from cases.reference import load_reference
from daiban.planning.derive import Deriver
from daiban.planning.periods import half_month
from daiban.planning.summary import situation_of
from daiban.planning.timetable import PlannedStep
from foundation.errors import CaseDataError

_GROUPS = dict(zip(CATEGORIES, ("social", "urban", "industrial"), strict=True))
_NO_TASK_FORCE = TaskForce()


def portfolio(members: Sequence[Case], today: dt.date, deriver: Deriver) -> Portfolio:
    """The sums over these cases, as they stand on a day; by department on that of the 通报, which thus stays true."""
    steps = {case.id: _steps(case, deriver, today) for case in members}
    half, told = half_month(today), circular(members).date or today
    counted = (step for case in members for step in _steps(case, deriver, told))
    return Portfolio(
        start=half.start,
        end=half.end,
        by_group=tuple(_group_reports(members, steps, today, deriver)),
        by_department=tuple(_department_reports(counted, told)),
        liaisons=tuple(_liaisons(members)),
    )


def dispatches(members: Iterable[Case], start: dt.date | None, end: dt.date | None) -> tuple[Dispatch, ...]:
    """What was dispatched between two days, each with its project and group, group by group and by day."""
    found = [
        entry.model_copy(update={"project": case.project.name, "group": case.project.category})
        for case in members
        for entry in case.dispatches
        if entry.date is not None and start is not None and end is not None and start <= entry.date <= end
    ]
    order = {name: number for number, name in enumerate(CATEGORIES)}
    return tuple(sorted(found, key=lambda entry: (order.get(entry.group or "", len(order)), entry.date)))


def circular(members: Iterable[Case]) -> Circular:
    """The newest 通报: whatever the cases name for its day."""
    told = [case.circular for case in members if case.circular.date is not None]
    newest = max((item.date for item in told if item.date), default=None)
    parts = [item for item in told if item.date == newest]
    return Circular(
        number=next((item.number for item in parts if item.number), None),
        date=newest,
        praised=tuple(unit for item in parts for unit in item.praised),
        lagging=tuple(unit for item in parts for unit in item.lagging),
    )


def _steps(case: Case, deriver: Deriver, today: dt.date) -> tuple[PlannedStep, ...]:
    try:
        return deriver.timetable(case, today)
    except CaseDataError:  # told with the case itself
        return ()


def _group_reports(
    members: Sequence[Case], steps: dict[str, tuple[PlannedStep, ...]], today: dt.date, deriver: Deriver
) -> Iterator[GroupReport]:
    for category in CATEGORIES:
        own = [case for case in members if case.project.category == category]
        if own:
            planned = [step for case in own for step in steps[case.id]]
            problems = (_problems_of(case, today, deriver) for case in own)
            yield GroupReport(
                group=category,
                leader=_leader(own[0], category),
                projects=f"{len(own)}",
                finished=f"{sum(step.finished is not None for step in planned)}",
                under_way=f"{sum(step.started is not None and step.finished is None for step in planned)}",
                late=f"{sum(step.is_overdue for step in planned)}",
                problems="\n".join(filter(None, problems)) or None,
            )


def _problems_of(case: Case, today: dt.date, deriver: Deriver) -> str | None:
    problems = situation_of(case, deriver, today).problems
    return f"{case.project.name}：{'；'.join(problems.splitlines())}" if problems else None


def _leader(case: Case, category: str) -> str | None:
    force = case.task_force
    force = force if force != _NO_TASK_FORCE else load_reference(case.document).task_force
    group = getattr(force, _GROUPS[category])
    return "、".join(person.name for person in group.leaders) or None


def _department_reports(steps: Iterable[PlannedStep], day: dt.date) -> Iterator[DepartmentReport]:
    """What each department had done by a day. Late is what lay in its hands then: begun, or waiting for nothing."""
    counts: dict[str, Counter[str]] = {}
    for step in steps:
        if step.department:
            count = counts.setdefault(step.department, Counter())
            count["total"] += 1
            finished = step.finished is not None and step.finished <= day
            in_hand = step.started <= day if step.started else step.waiting_for is None
            count["finished"] += finished
            count["in_time"] += finished and not step.days_late
            count["late"] += not finished and in_hand and step.due.day < day
    for department, count in counts.items():
        yield DepartmentReport(
            department=department,
            total=f"{count['total']}",
            finished=f"{count['finished']}",
            in_time=f"{count['in_time']}",
            late=f"{count['late']}",
        )


def _liaisons(members: Iterable[Case]) -> Iterator[Liaison]:
    """Each 联络员 once, in the order in which the cases name them."""
    named = (decision for case in members for decision in case.decisions if decision.liaison)
    known = dict.fromkeys((item.department, item.liaison, item.phone) for item in named)
    return (Liaison(department=department, name=name, phone=phone) for department, name, phone in known)
