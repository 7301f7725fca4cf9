"""The calendar file: what RFC 5545 asks of it, and that it says what the cases owe."""

import datetime as dt
from pathlib import Path

from daiban.cli import main
from daiban.due_calendar import due_calendar
from daiban.office import Office
from daiban.sample import make_workspace
from foundation.icalendar import CalendarEvent, calendar_text

TODAY = dt.date(2026, 11, 19)
CASES = """\
- id: JC-1
  document: jincheng
  project: {name: 晋城某某高端精密装备制造产业园一期工程}
  enterprise: {name: 单位}
  progress:
    pushes: [{item: 企业投资项目备案, department: 泽州县行政审批服务管理局, completed: 2026-11-18}]
- id: AS-1
  document: anshan
  project: {name: 鞍山项目, category: 社会投资类}
  enterprise: {name: 单位}
  dispatches: [{date: 2026-11-17, progress: 已受理}]
"""


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def office(tmp_path: Path) -> Office:
    workspace = make_workspace(tmp_path / "ws", sample=False)
    (workspace.path / "cases").mkdir(exist_ok=True)
    (workspace.path / "cases" / "some.yaml").write_text(CASES, "utf-8")
    return Office.open(workspace.path, today=TODAY)


def test_lines_are_folded_within_75_octets_and_lose_nothing() -> None:
    """Every line ends with CRLF and has at most 75 octets; unfolded, the text is whole, with its marks escaped."""
    summary = "办理“企业投资项目备案”，材料：甲,乙;丙\\丁" * 6
    text = calendar_text("名", [CalendarEvent("u@daiban", TODAY, summary)], TODAY)
    assert text.endswith("END:VCALENDAR\r\n") and "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    escaped = summary.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    assert f"SUMMARY:{escaped}" in unfolded(text)


def test_what_cases_owe_is_in_it(tmp_path: Path) -> None:
    """A push is due one working day after its completion; the clocks of the lists come round by their rules."""
    lines = unfolded(due_calendar(office(tmp_path)))
    assert "SUMMARY:跨层级推送：企业投资项目备案（晋城某某高端精密装备制造产业园一期工程）" in lines
    assert "DTSTART;VALUE=DATE:20261119" in lines
    assert "RRULE:FREQ=WEEKLY" in lines and "RRULE:FREQ=MONTHLY;BYMONTHDAY=15,-1" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == lines.count("BEGIN:VALARM")


def test_an_event_keeps_its_name(tmp_path: Path) -> None:
    """Made again, the file names each event as before, so that an import replaces and does not double it."""
    one = office(tmp_path)
    uids = [line for line in unfolded(due_calendar(one)) if line.startswith("UID:")]
    again = Office.open(one.workspace.path, today=TODAY + dt.timedelta(days=1))
    assert uids == [line for line in unfolded(due_calendar(again)) if line.startswith("UID:")]
    assert len(set(uids)) == len(uids)


def test_status_writes_it(tmp_path: Path) -> None:
    """``daiban status --ics`` writes the file beside what it prints."""
    workspace = office(tmp_path).workspace.path
    target = tmp_path / "代办.ics"
    assert main(["status", str(workspace), "--ics", str(target)]) == 0
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
