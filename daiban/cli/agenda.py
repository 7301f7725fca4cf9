"""What a case owes, for people: lines of ``daiban status``."""

from __future__ import annotations

from collections.abc import Iterator

from cases.calendar import ESTIMATED
from daiban.planning.due import DueItem
from daiban.status import CaseStatus


def agenda_lines(case: CaseStatus) -> Iterator[str]:
    """A line for the suspension that is on, for each late item and each one due this week; one for all that wait."""
    suspension = case.suspension
    if suspension is not None:
        yield f"‖ 已中止　{suspension.date.isoformat()}　第{suspension.reason}种情形：{suspension.text}"
    for item in case.late:
        yield f"! 逾期　{_named(item)}　应于 {item.due.isoformat()} 完成，已逾期 {item.days_late} 个工作日"
    for item in case.due:
        estimated = f"（{ESTIMATED}）" if item.estimated else ""
        yield f"» 本周到期　{_named(item)}　{item.due.isoformat()}{estimated}"
    if case.waiting:
        first = case.waiting[0]
        others = f"等 {len(case.waiting)} 个环节" if len(case.waiting) > 1 else ""
        yield f"… {_named(first)}{others}按计划应已完成，在等“{first.waiting_for}”办完"


def _named(item: DueItem) -> str:
    return f"{item.step}（{item.department}）" if item.department else item.step
