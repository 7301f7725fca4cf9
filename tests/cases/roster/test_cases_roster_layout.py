"""The roster's sheets as data: a new sheet or column needs no Python; a mistake in the data is named with its place."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from cases.roster.layout.loading import SHIPPED, RosterLayoutError, load_layout, shipped_layout
from cases.roster.read import read_roster
from cases.roster.write import new_roster, write_roster
from cases.samples import load_case_files, load_sample

NEW_SHEET = """
[[sheets]]
title = "工作记录"
purpose = "每天办了什么，一行一条。"
rows = "entry"
target = "ledger"
aliases = ["办理记录"]

[[sheets.columns]]
heading = "哪一天"
field = "date"
kind = "date"
required = "value"
note = "{date}"
example = 2026-03-05

[[sheets.columns]]
heading = "办了什么"
field = "content"
width = 60
choices = ["送件", "取件"]

[[sheets.columns]]
heading = "办成什么"
field = "completed"
"""
NEW_COLUMN = """
[[sheets.columns]]
heading = "工程规模"
field = "project.scale"
width = 40
note = "连同单位。"
"""


def without(text: str, table: str, key: str) -> str:
    """A file's text without one of its tables (``[[sheets]]`` with all its columns, or ``[[sheets.columns]]``)."""
    kept = [part for part in text.split(f"{table}\n") if f"{key}\n" not in part]
    assert len(kept) == text.count(f"{table}\n"), key
    return f"{table}\n".join(kept)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped data, to be changed."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "sheets"))


@pytest.fixture
def change(folder: Path) -> Callable[..., None]:
    """Replaces text in a file of the copied data."""

    def replace(name: str, old: str, new: str) -> None:
        path = folder / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return replace


def test_a_new_sheet_and_a_new_column_need_data_only(folder: Path, tmp_path: Path, change: Any) -> None:
    """A sheet and a column added as data are written with their headings, notes and drop-downs, and read back."""
    service, projects = folder / "service.toml", folder / "projects.toml"
    service.write_text(without(service.read_text("utf-8"), "[[sheets]]", 'title = "台账"'), "utf-8")
    scale = without(projects.read_text("utf-8"), "[[sheets.columns]]", 'field = "project.scale"')
    projects.write_text(scale + NEW_COLUMN, "utf-8")
    (folder / "added.toml").write_text(NEW_SHEET, "utf-8")
    change("roster.toml", '"people"]', '"people", "added"]')
    layout = load_layout(folder)

    everybody = (*load_sample(), *load_case_files())
    write_roster(tmp_path / "r.xlsx", everybody, layout=layout)
    book: Any = load_workbook(tmp_path / "r.xlsx")
    page = book["工作记录"]
    assert [cell.value for cell in page[1]] == ["编号", "哪一天", "办了什么", "办成什么"]
    assert page["B1"].comment.text.startswith("日期。")
    assert page.data_validations.dataValidation[0].formula1 == '"送件,取件"'
    assert "台账" not in book.sheetnames and page.max_row > 1
    assert [cell.comment.text for cell in book["项目"][1] if cell.value == "工程规模"] == ["连同单位。"]

    found = read_roster(tmp_path / "r.xlsx", layout=layout)
    assert found.problems == ()
    assert found.cases == everybody
    assert any(case.ledger for case in everybody) and any(case.project.scale for case in everybody)


def test_problems_on_a_new_sheet_have_their_cells(folder: Path, tmp_path: Path, change: Any) -> None:
    """What is wrong in a cell of a sheet added as data is found there."""
    change("service.toml", 'title = "台账"', 'title = "工作记录"')
    layout = load_layout(folder)
    new_roster(tmp_path / "r.xlsx", layout=layout)
    book: Any = load_workbook(tmp_path / "r.xlsx")
    for title in book.sheetnames[:-1]:
        book[title]["A2"] = "JC-1"
    book["工作记录"]["B2"] = "2026-2-30"
    book.save(tmp_path / "r.xlsx")
    (problem,) = read_roster(tmp_path / "r.xlsx", layout=layout).problems
    assert (problem.where, problem.field) == ("r.xlsx 工作记录!B2", "ledger.0.date")


def test_lines_of_a_cell_are_a_list_on_any_kind_of_sheet(folder: Path, tmp_path: Path, change: Any) -> None:
    """A column of kind lines is a list also on the sheet with a row per case."""
    service, projects = folder / "service.toml", folder / "projects.toml"
    service.write_text(without(service.read_text("utf-8"), "[[sheets]]", 'title = "委托事项"'), "utf-8")
    column = '\n[[sheets.columns]]\nheading = "委托事项"\nfield = "authorisation.items"\nkind = "lines"\n'
    projects.write_text(projects.read_text("utf-8") + column, "utf-8")
    layout = load_layout(folder)
    write_roster(tmp_path / "r.xlsx", load_sample(), layout=layout)
    assert read_roster(tmp_path / "r.xlsx", layout=layout).cases == load_sample()


def test_the_shipped_layout_is_loaded_once() -> None:
    """The data that ships is right, and all readers and writers share it."""
    assert shipped_layout() is shipped_layout()
    files = tomllib.loads((SHIPPED / "roster.toml").read_text("utf-8"))["files"]
    assert sorted(path.stem for path in SHIPPED.glob("*.toml")) == sorted([*files, "roster"])


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("service.toml", "width = 44", "widht = 44", "service.toml: sheet 事项: column 事项: widht: Extra"),
        (
            "service.toml",
            "width = 44",
            'width = "44"',
            "sheet 事项: column 事项: width: Input should be a valid",
        ),
        (
            "service.toml",
            'rows = "entry"',
            'rows = "rows"',
            "service.toml: sheet 事项: rows: Input should be",
        ),
        ("service.toml", 'title = "事项"', "title = ", "service.toml: Invalid value"),
        ("service.toml", 'title = "材料"', 'title = "事 项"', "roster.toml: two sheets are known as 事项"),
        ("service.toml", 'title = "材料"', 'title = "材料/表"', "sheet 材料/表: title: String should match"),
        (
            "service.toml",
            'heading = "特殊环节"',
            'heading = "费用"',
            "sheet 环节费用: two columns are known as 费用",
        ),
        (
            "service.toml",
            'field = "fees"',
            'field = "special_steps"',
            "two columns have the field specialsteps",
        ),
        (
            "service.toml",
            'field = "fees"',
            'field = "fee"',
            "column 需缴纳费用: field: a case has no value plan.approval.fee",
        ),
        ("service.toml", 'target = "ledger"', "", "sheet 台账: target: rows of kind entry have one"),
        (
            "service.toml",
            'target = "ledger"',
            'target = "suggestion"',
            "sheet 台账: column 时间: field: a case has no",
        ),
        ("service.toml", "plan.{stage}.items", "plan.{step}.items", "only stage and category can be braced"),
        ("service.toml", 'kind = "date"', 'kind = "text"', "sheet 台账: column 时间: example: does not suit"),
        (
            "service.toml",
            'field = "content"',
            'field = "content"\nkind = "date"',
            "column 内容: kind: ledger.content",
        ),
        (
            "service.toml",
            '"市级" = "市级审批事项"',
            '"市级" = "市级事项"',
            "category_aliases: there is no category",
        ),
        (
            "service.toml",
            'documents = ["jincheng"]',
            'documents = ["jinchen"]',
            "documents: there is no document jinchen",
        ),
        (
            "people.toml",
            'required = "value"',
            'required = "heading"',
            "sheet 领导小组: column 身份: required",
        ),
        ("projects.toml", '"documents"', '"papers"', "column 文件: choices_from: there is no list papers"),
        ("projects.toml", "{phone}", "{telephone}", "column 联系电话: note: there is no phrase telephone"),
        ("projects.toml", 'rows = "case"', 'rows = "fields"', "roster.toml: the first sheet, and no other"),
        ("roster.toml", '"示例-请删除"', '"请删除"', "roster.toml: id_column: example"),
        ("roster.toml", 'title = "填表说明"', 'title = "台账"', "two sheets are known as 台账"),
    ],
)
def test_a_mistake_in_the_data_is_named(
    folder: Path, change: Any, file: str, old: str, new: str, words: str
) -> None:
    """Data that no roster can have is refused when loaded, by file, sheet, column and key."""
    change(file, old, new)
    with pytest.raises(RosterLayoutError) as error:
        load_layout(folder)
    assert words in str(error.value)


def test_every_mistake_is_named_at_once(folder: Path, change: Any) -> None:
    """One loading tells all mistakes that do not hide each other."""
    change("service.toml", 'field = "fees"', 'field = "fee"')
    change("people.toml", 'documents = ["anshan"]', 'documents = ["nowhere"]')
    with pytest.raises(RosterLayoutError) as error:
        load_layout(folder)
    assert len(str(error.value).splitlines()) == 2
