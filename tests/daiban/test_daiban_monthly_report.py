"""daiban/monthly_report: the month's counts, from what the cases say and what is on record."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from daiban.cli import main
from daiban.monthly_report import Month, monthly_report
from daiban.office import Office
from daiban.sample import make_workspace
from foundation.errors import ExitCode


def _case(number: int, **groups: Any) -> dict[str, Any]:
    names = {"project": {"name": f"项目{number}"}, "enterprise": {"name": "公司"}}
    return {"id": f"Y-{number}", "document": "yangcheng", "stage": "竣工验收", **names, **groups}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Five cases around June 2026: begun before, begun in it, finished in it, terminated in it, begun after."""
    folder = make_workspace(tmp_path / "w", sample=False).path
    cases = [
        _case(1, progress={"start": "2026-05-04"}, suspension={"reason": "4", "date": "2026-06-10"}),
        _case(2, progress={"start": "2026-06-01"}),
        _case(3, progress={"start": "2026-05-04"}, handover={"outcome": "办结", "date": "2026-06-30"}),
        _case(
            4,
            progress={"start": "2026-06-02"},
            handover={"outcome": "终止", "reason": "企业主动提出要求终止", "date": "2026-06-20"},
        ),
        _case(5, progress={"start": "2026-07-01"}),
    ]
    (folder / "cases" / "all.json").write_text(json.dumps(cases, ensure_ascii=False), "utf-8")
    return Office.open(folder, today=dt.date(2026, 7, 1))


def test_a_month_is_counted(office: Office) -> None:
    """Cases are counted where their days lie; what ended in the month is not at hand at its end."""
    report = monthly_report(office, Month.of(2026, 6))
    total = report.rows[-1]
    assert (total.open, total.started, total.finished, total.terminated, total.suspended) == (2, 2, 1, 1, 1)
    assert [(row.document, row.stage) for row in report.rows] == [
        ("阳城", "竣工验收"),
        ("阳城", "合计"),
        ("合计", "合计"),
    ]
    sheet = openpyxl.load_workbook(office.workspace.path / report.file).worksheets[0]
    assert [cell.value for cell in sheet[sheet.max_row]][:4] == ["合计", "合计", 2, 2]


def test_months_are_whole() -> None:
    """A month ends on its last day, December too; another text is wrong usage."""
    assert Month.of(2026, 12).last == dt.date(2026, 12, 31)
    assert Month.of(2028, 2).last == dt.date(2028, 2, 29)
    assert main(["monthly", "/no/such", "--month", "2026-13"]) == ExitCode.USAGE
