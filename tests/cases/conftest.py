"""Builders of rosters and raw cases, whole but for what a test changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cases.case_set import CaseSet
from cases.checking import check_case
from cases.model.case import Case
from cases.roster.read import read_roster
from cases.values.paths import Loc, dotted
from foundation.errors import Problem

USCC = "91140522MA0K12348Q"
PROJECT_HEADINGS = [
    "编号",
    "阶段",
    "项目名称",
    "项目代码",
    "项目单位",
    "统一社会信用代码",
    "联系电话",
    "完结日期",
]
PROJECT_ROW: list[Any] = [
    "JC-1",
    "施工许可",
    "某项目",
    "2601-140502-04-01-123456",
    "某公司",
    USCC,
    "13900000000",
    "2026-06-30",
]


class Nowhere:
    """An origin whose places are the field ids themselves."""

    def where(self, loc: Loc) -> str:
        return dotted(loc)


class RosterBuilder:
    """A small roster in memory; ``read`` saves and reads it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = Workbook()
        page = self.book.active
        assert page is not None
        page.title = "项目"
        page.append(PROJECT_HEADINGS)
        page.append(PROJECT_ROW)

    def sheet(self, name: str, *rows: list[Any]) -> Any:
        page = self.book.create_sheet(name)
        for row in rows:
            page.append(row)
        return page

    def project(self, **changes: Any) -> None:
        """One more row on 项目; ``changes`` by heading."""
        page: Any = self.book["项目"]
        row = dict(zip(PROJECT_HEADINGS, PROJECT_ROW, strict=True)) | changes
        page.append([row[heading] for heading in PROJECT_HEADINGS])

    def set(self, cell: str, value: Any, sheet: str = "项目", number_format: str | None = None) -> None:
        page: Any = self.book[sheet]
        page[cell] = value
        if number_format:
            page[cell].number_format = number_format

    def read(self) -> CaseSet:
        self.book.save(self.path)
        return read_roster(self.path)


@pytest.fixture
def builder(tmp_path: Path) -> RosterBuilder:
    return RosterBuilder(tmp_path / "roster.xlsx")


@pytest.fixture
def raw_case() -> Callable[..., dict[str, Any]]:
    """The smallest right case as raw data, with groups replaced or added by keyword."""

    def build(**groups: Any) -> dict[str, Any]:
        small: dict[str, Any] = {
            "id": "JC-1",
            "document": "jincheng",
            "project": {"name": "某项目"},
            "enterprise": {"name": "某公司"},
        }
        return small | groups

    return build


@pytest.fixture
def check() -> Callable[[object], tuple[Case | None, tuple[Problem, ...]]]:
    """Checks raw data whose places are field ids."""
    return lambda raw: check_case(raw, Nowhere())
