"""Rosters as spreadsheet programs and people spoil them: read as a person sees them, or told by cell."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cases.case_set import CaseSet
from cases.roster.read import read_roster

DEFECTS = Path(__file__).with_name("defects")


def read(name: str) -> CaseSet:
    return read_roster(DEFECTS / f"{name}.xlsx", "r.xlsx")


@pytest.mark.parametrize(
    "name", ["strict", "backslash_parts", "invisible_in_heading", "two_row_heading", "merged_last_column"]
)
def test_packages_and_headings_of_other_programs_are_read(name: str) -> None:
    """A workbook that only another program wrote differently is read without a word."""
    found = read(name)
    assert len(found.cases) == 2
    assert found.problems == ()


def test_east_asian_dates_are_dates() -> None:
    """A date cell in a number format of the Chinese version of Excel is the date it shows."""
    assert dt.date(2026, 6, 30) in [case.handover.date for case in read("date_format_31").cases]


def test_text_that_became_a_date_is_refused_by_its_cell() -> None:
    """A text that the spreadsheet program made a date of is refused, in whatever date format it is shown."""
    (problem,) = read("text_made_a_date_58").problems
    assert problem.where == "r.xlsx 环节费用!D3"
    assert "当成了日期" in problem.problem


def test_a_merged_value_holds_for_each_row() -> None:
    """A value merged over rows is each row's, also in the last column where the covered cells are not there."""
    ledger = read("merged_last_column").cases[0].ledger
    assert len(ledger) == 3
    assert ledger[0].completed
    assert len({entry.completed for entry in ledger}) == 1


@pytest.mark.parametrize(
    ("name", "cell", "severity", "words"),
    [
        ("invisible_characters", "项目!M3", "error", "U+202A"),
        ("invisible_characters", "项目!D3", "warning", "U+200B"),
        ("kangxi_radicals", "项目!D3", "warning", "“用”、“方”、“目”"),
        ("private_use_character", "项目!Q3", "error", "“䶮”（U+4DAE）"),
        ("struck_out_run", "项目!Q3", "warning", "“李四”划了删除线，没有读，读作“张三”"),
    ],
)
def test_what_would_go_wrong_on_paper_is_told_by_cell(
    name: str, cell: str, severity: str, words: str
) -> None:
    """Characters that print wrongly, and what is struck out, are told by cell with what to type instead."""
    problems = [problem for problem in read(name).problems if problem.where == f"r.xlsx {cell}"]
    assert [problem.severity for problem in problems] == [severity]
    assert words in problems[0].problem + (problems[0].advice or "")


def test_struck_out_text_is_not_printed() -> None:
    """What is struck out beside its correction is not part of the value."""
    assert "张三" in [case.contact.name for case in read("struck_out_run").cases]


def test_a_row_that_is_struck_out_is_a_doubt(builder: Any) -> None:
    """Cells struck out as a whole are read, and said once for their row."""
    from openpyxl.styles import Font

    for cell in builder.book["项目"][2]:
        cell.font = Font(strike=True)
    found = builder.read()
    assert len(found.cases) == 1
    assert [(problem.where, problem.severity) for problem in found.problems] == [
        ("roster.xlsx 项目!A2", "warning")
    ]


def test_empty_rows_move_no_row(builder: Any) -> None:
    """Formatted empty cells and rows before, between and after the data change neither values nor places."""
    page = builder.book["项目"]
    for row in range(3, 2_000):
        page.cell(row, 1).number_format = "@"
        page.row_dimensions[row].height = 15
    builder.project(编号="JC-2", 联系电话="139", 阶段=None)
    row = page.max_row
    page.cell(row, 2).number_format = "@"
    for below in range(row + 1, row + 500):
        page.cell(below, 30).number_format = "@"
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1", "JC-2"]
    assert [problem.where for problem in found.problems] == [f"roster.xlsx 项目!G{row}"]
