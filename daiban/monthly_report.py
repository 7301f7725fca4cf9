"""月报: how many cases an office took up, finished and has at hand in a month, by document (文件) and stage.

Counted from what the cases say (起算日, 完结日期, 中止) and from what is on record (papers out and back), never typed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from pydantic import Field

from cases.model.case import TERMINATED, Case
from cases.values.documents import document_name
from daiban.office import Office
from daiban.planning.due import agenda
from foundation.errors import CaseDataError, ExitCode, Problem
from foundation.frozen_model import FrozenModel

_ALL = "合计"
_FIRST_STAGE = "（未填阶段）"
_HEADINGS = (
    ("文件", 12),
    ("阶段", 22),
    ("月末在办", 11),
    ("本月新接", 11),
    ("本月办结", 11),
    ("本月终止", 11),
    ("月末中止", 11),
    ("本月撤销", 11),
    ("本月出具", 11),
    ("本月交回齐全", 14),
    ("今天逾期环节", 14),
)


class MonthlyRow(FrozenModel):
    """The counts of one document and stage; of a document with the stage 合计, or of all with both.

    Cases: ``open`` at the month's end, ``started``, ``finished`` and ``terminated`` in it, ``suspended`` at its
    end, ``cancelled`` in it.
    Papers: ``issued`` (and not superseded since) and ``complete`` (came back so) in it. ``late``: steps late today.
    """

    document: str
    stage: str
    open: int = 0
    started: int = 0
    finished: int = 0
    terminated: int = 0
    suspended: int = 0
    cancelled: int = 0
    issued: int = 0
    complete: int = 0
    late: int = 0


class MonthlyReport(FrozenModel):
    """One month: its rows, the last of them of everything; ``file``: the workbook, relative to the workspace."""

    month: str
    file: str
    rows: tuple[MonthlyRow, ...]
    problems: tuple[Problem, ...]
    exit_code: ExitCode = Field(exclude=True)


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month, first and last day."""

    first: dt.date
    last: dt.date

    @classmethod
    def of(cls, year: int, month: int) -> Month:
        """The month of a year."""
        following = dt.date(year + month // 12, month % 12 + 1, 1)
        return cls(dt.date(year, month, 1), following - dt.timedelta(days=1))

    @property
    def text(self) -> str:
        """``2026-06``."""
        return f"{self.first.year}-{self.first.month:02}"

    def holds(self, day: dt.date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last


def monthly_report(office: Office, month: Month) -> MonthlyReport:
    """Count a month and write its workbook into ``reports/``.

    :raises NotWritableError: the workbook cannot be written.
    """
    papers = _papers(office, month)
    cases = (*office.cases.cases, *office.cancelled_cases)
    counted = [(case, _counts(office, case, month) | papers[case.id]) for case in cases]
    rows: list[MonthlyRow] = []
    for document in dict.fromkeys(case.document for case, _ in counted):
        own = [(case, counts) for case, counts in counted if case.document == document]
        for stage in dict.fromkeys(_stage(case) for case, _ in own):
            rows.append(_row(document, stage, [counts for case, counts in own if _stage(case) == stage]))
        rows.append(_row(document, _ALL, [counts for _, counts in own]))
    rows.append(_row(_ALL, _ALL, [counts for _, counts in counted]))
    workspace = office.workspace
    target = workspace.reports / f"月报-{month.text}.xlsx"
    with workspace.lock(), workspace.staging() as staging:
        workspace.publish(_written(rows, month, staging / target.name), target)
    return MonthlyReport(
        month=month.text,
        file=target.relative_to(workspace.path).as_posix(),
        rows=tuple(rows),
        problems=office.cases.problems,
        exit_code=office.cases.exit_code,
    )


def _stage(case: Case) -> str:
    return case.stage.label if case.stage else _FIRST_STAGE


def _row(document: str, stage: str, counts: Sequence[dict[str, int]]) -> MonthlyRow:
    names = [name for name in MonthlyRow.model_fields if name not in ("document", "stage")]
    totals = {name: sum(count[name] for count in counts) for name in names}
    return MonthlyRow(document=document_name(document), stage=stage, **totals)


def _counts(office: Office, case: Case, month: Month) -> dict[str, int]:
    began, ended = case.progress.began, case.handover.date
    terminated = case.handover.outcome == TERMINATED
    begun = began is None or began <= month.last
    cancelled = _day(office.cancellations[case.id].at) if case.id in office.cancellations else None
    over = any(day is not None and day <= month.last for day in (ended, cancelled))
    pause = case.suspension
    paused = pause.date is not None and pause.date <= month.last
    resumed = pause.resumed is not None and pause.resumed <= month.last
    return {
        "open": begun and not over,
        "started": month.holds(began),
        "finished": month.holds(ended) and not terminated,
        "terminated": month.holds(ended) and terminated,
        "suspended": paused and not resumed and not over,
        "cancelled": month.holds(cancelled),
        "late": 0 if cancelled is not None else _late(office, case),
    }


def _papers(office: Office, month: Month) -> Mapping[str, dict[str, int]]:
    """Of each case, the papers that went out and came back complete in a month."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"issued": 0, "complete": 0})
    for issue in office.issues.values():
        back = office.returns.get(issue.number)
        found[issue.case_id]["issued"] += month.holds(_day(issue.published_at))
        if back is not None and back.verdict == "complete":
            found[issue.case_id]["complete"] += month.holds(_day(back.since))
    return found


def _day(time: dt.datetime | None) -> dt.date | None:
    return time.astimezone().date() if time else None


def _late(office: Office, case: Case) -> int:
    try:
        return len(agenda(case, office.deriver, office.today).late)
    except CaseDataError:
        return 0


def _written(rows: Sequence[MonthlyRow], month: Month, path: Path) -> Path:
    book = Workbook()
    page: Any = book.worksheets[0]
    page.title = f"{month.text}月报"
    page.append([f"代办工作月报（{month.first.year}年{month.first.month}月）"])
    page.append([heading for heading, _ in _HEADINGS])
    for row in rows:
        page.append(list(row.model_dump().values()))
    page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(_HEADINGS))
    for number, (_, width) in enumerate(_HEADINGS, start=1):
        page.column_dimensions[get_column_letter(number)].width = width
    for cells in page.iter_rows():
        for cell in cells:
            bold = cell.row <= 2 or page.cell(cell.row, 2).value == _ALL
            cell.font = Font(name="黑体" if bold else "宋体", size=16 if cell.row == 1 else 11)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    page.freeze_panes = "C3"
    page.print_title_rows = "1:2"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    book.save(path)
    return path
