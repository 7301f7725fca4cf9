"""A roster larger than any office's is refused with its reason, before it takes the memory of the machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from cases.roster import read
from cases.roster.write import new_roster
from foundation.errors import UnreadableError


@pytest.mark.parametrize(("sheet", "what"), [("项目", "项目"), ("台账", "行")])
def test_more_rows_than_any_office_has_are_refused(
    sheet: str, what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are counted over all sheets, empty ones not; the reason says how many there may be, and what to do."""
    monkeypatch.setattr(read, "MOST_CASES", 9)
    monkeypatch.setattr(read, "MOST_ROWS", 20)
    path = tmp_path / "roster.xlsx"
    new_roster(path, documents=("jincheng",))
    book = load_workbook(path)
    for number in range(11 if sheet == "项目" else 5):
        book["项目"].append((f"A-{number}", f"项目{number}"))
        book["项目"].append((None, None))
    for _ in range(30 if sheet == "台账" else 0):
        book["台账"].append(("A-1", "2026-03-01"))
    book.save(path)
    with pytest.raises(UnreadableError, match=f"超过 {9 if sheet == '项目' else 20} {what}.*分成几个工作区"):
        read.read_roster(path)
