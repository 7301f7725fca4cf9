"""Tables that others laid out become rosters: asked once, remembered, nothing lost silently."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from cases.roster.importing.mapping import read_mapping
from cases.roster.layout.loading import shipped_layout
from cases.workspace_cases import load_cases
from daiban.office import Office
from daiban.roster_import import import_roster
from daiban.workspace import Workspace
from foundation.errors import CaseDataError, ExitCode, UnreadableError

HEADINGS = ["序号", "工程名称", "建设单位", "当前阶段", "手机号码", "投资额（万元）", "备注", None]
ROW = [1, "一期", "甲公司", "施工", "13900000000", 5200, "重点", "没有表头的话"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.create(tmp_path / "ws")


def source(folder: Path, *rows: list[Any], headings: list[Any] | None = None) -> Path:
    """Another office's table: a title over all, headings of its own, a second sheet."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "一览表"
    page.append(["某市重点项目一览表"])
    for row in (headings or HEADINGS, *(rows or (ROW,))):
        page.append(row)
    page.merge_cells("A1:H1")
    book.create_sheet("微信").append(["姓名", "微信号"])
    path = folder / "源.xlsx"
    book.save(path)
    return path


def decide(workspace: Workspace, **changes: str) -> None:
    """What a person writes into the mapping: the proposals taken, but for these."""
    place = workspace.import_mapping
    lines = [
        line.replace("？", "") for line in place.read_text("utf-8").splitlines() if not line.startswith("#")
    ]
    for name, meant in changes.items():
        lines = [f'"{name}" = "{meant}"' if line.startswith(f'"{name}"') else line for line in lines]
    place.write_text("\n".join(lines), "utf-8")


def test_what_is_not_known_is_asked_once(workspace: Workspace, tmp_path: Path) -> None:
    """The first time every sheet and column that is not certain is proposed by its cell, and nothing is imported; with
    the mapping decided it is, and the next time nobody is asked.
    """
    path = source(tmp_path)
    first = import_roster(Office(workspace), path)
    asked = {one.heading or one.title: one.proposal for one in first.questions}
    assert asked == {
        "一览表": "项目",
        "微信": "不导入",
        "序号": "编号",
        "工程名称": "项目名称",
        "建设单位": "项目单位",
        "当前阶段": "阶段",
        "手机号码": "联系电话",
        "投资额（万元）": "不导入",
        "备注": "不导入",
    }
    assert (first.exit_code, first.roster) == (ExitCode.REVIEW, None)
    assert next(one.where for one in first.questions if one.heading == "建设单位") == "一览表!C2"
    decide(workspace, 前缀="JC-", 备注="不导入")
    done = import_roster(Office(workspace), path)
    assert (done.exit_code, done.cases, done.roster) == (ExitCode.OK, ("JC-1",), "rosters/源.xlsx")
    (case,) = load_cases(workspace.path).cases
    assert (case.project.name, case.enterprise.name, case.contact.phone) == ("一期", "甲公司", "13900000000")
    again = import_roster(Office(workspace), path)
    assert (again.questions, again.exit_code) == ((), ExitCode.OK)
    assert again.superseded is not None and (workspace.path / again.superseded).exists()


def test_no_column_is_lost_silently(workspace: Workspace, tmp_path: Path) -> None:
    """What is not read is named with its cell, a column without a heading too; a column that is new is asked about."""
    import_roster(Office(workspace), source(tmp_path), accept=True)
    done = import_roster(Office(workspace), source(tmp_path))
    places = [place.partition("“")[0] for place in done.left_out]
    assert places == ["一览表!F2", "一览表!G2", "一览表!H2", "工作表"]
    path = source(tmp_path, [*ROW, "张三"], headings=[*HEADINGS, "项目长姓名"])
    (question,) = import_roster(Office(workspace), path).questions
    assert (question.heading, question.proposal) == ("项目长姓名", "项目长")


def test_with_anything_wrong_nothing_is_written(workspace: Workspace, tmp_path: Path) -> None:
    """Every problem is told at once, each by the cell of the source, and the roster of before stays as it was."""
    path = source(tmp_path)
    before = (
        workspace.path / (import_roster(Office(workspace), path, accept=True).roster or "")
    ).read_bytes()
    wrong = [2, None, "乙公司", "完工", "1390000000000", None, None]
    source(tmp_path, ROW, wrong, ["=A1", "三期", "丙公司", None, None, None, None])
    found = import_roster(Office(workspace), path)
    errors = {one.where for one in found.problems if one.severity == "error"}
    assert {"源.xlsx 一览表!B4", "源.xlsx 一览表!D4", "源.xlsx 一览表!A5"} <= errors
    assert (found.exit_code, found.roster) == (ExitCode.CASE_DATA, None)
    assert (workspace.rosters / "源.xlsx").read_bytes() == before


def test_a_number_that_another_file_has_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """Two files with one 编号 would refuse both cases, so the import names the other place instead."""
    text = '{"id": "1", "document": "jincheng", "project": {"name": "甲"}, "enterprise": {"name": "乙"}}'
    (workspace.cases / "a.json").write_text(text, "utf-8")
    found = import_roster(Office(workspace), source(tmp_path), accept=True)
    assert (found.roster, "cases/a.json" in found.problems[-1].problem) == (None, True)


def test_every_number_that_cannot_be_is_told_by_its_own_cell(workspace: Workspace, tmp_path: Path) -> None:
    """With a prefix before it one 编号 is too long, the next is taken: each is said of the row it stands in."""
    text = '{"id": "前-2", "document": "jincheng", "project": {"name": "甲"}, "enterprise": {"name": "乙"}}'
    (workspace.cases / "a.json").write_text(text, "utf-8")
    path = source(tmp_path, ["X" * 63, *ROW[1:-1], None], [2, *ROW[1:-1], None])
    import_roster(Office(workspace), path)
    decide(workspace, 前缀="前-")
    found = import_roster(Office(workspace), path)
    assert [one.where for one in found.problems] == ["源.xlsx 一览表!A3", "源.xlsx 一览表!A4"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('["工作表"]\n"一" = "项木"', "是不是“项目”"),
        ('["项目"]\n"名" = "项目名"', "是不是“项目名称”"),
        ('["项木"]\n"名" = "项目名称"', "是不是“项目”"),
        ('["项目"]\n"名" = 3', "带引号"),
        ("[项目]", "TOML"),
        (f"a = {'[' * 99}{']' * 99}", "嵌套太深"),
    ],
)
def test_a_mapping_that_is_wrong_is_told(text: str, words: str) -> None:
    """Sheets and columns that a roster does not have are named with the nearest, and no TOML is said to be none."""
    with pytest.raises(CaseDataError, match=words):
        read_mapping(text, shipped_layout(), "import.toml")


def test_a_mapping_saved_in_gbk_is_read(workspace: Workspace, tmp_path: Path) -> None:
    """Editors here save it so; what is no text at all is told, and stays."""
    path, place = source(tmp_path), workspace.import_mapping
    import_roster(Office(workspace), path)
    decide(workspace)
    place.write_bytes(place.read_text("utf-8").encode("gb18030"))
    assert import_roster(Office(workspace), path).cases == ("1",)
    place.write_bytes(b"\xff\xff")
    with pytest.raises(CaseDataError, match="编码"):
        import_roster(Office(workspace), path)
    assert place.read_bytes() == b"\xff\xff"


def test_what_people_write_into_the_mapping_stays(workspace: Workspace, tmp_path: Path) -> None:
    """Comments above and beside lines outlive every later import that adds to the file."""
    import_roster(Office(workspace), source(tmp_path))
    place = workspace.import_mapping
    text = place.read_text("utf-8").replace('"工程名称" =', '# 王芳：经信局的表\n"工程名称" =')
    text = text.replace('"？联系电话"', '"联系电话"').replace("一览表!E2", "二楼打来的")
    place.write_text(text, "utf-8")
    import_roster(Office(workspace), source(tmp_path, headings=[*HEADINGS, "项目长姓名"]), accept=True)
    after = place.read_text("utf-8")
    assert "# 王芳：经信局的表" in after
    assert '"手机号码" = "联系电话" # 二楼打来的' in after
    assert '"工程名称" = "项目名称" # 一览表!B2' in after
    assert '"项目长姓名" = "项目长" # 一览表!I2' in after


def test_a_mapping_holds_whatever_headings_say(workspace: Workspace, tmp_path: Path) -> None:
    """Quotes, line breaks and backslashes of headings come back out of the file as they went in."""
    names = ['编"号"', "项目\n名称", "单\\位", "建设单位"]
    import_roster(Office(workspace), source(tmp_path, [1, "甲", "乙", "丙"], headings=names))
    raw = tomllib.loads(workspace.import_mapping.read_text("utf-8"))
    assert set(raw["项目"]) == {'编"号"', "项目 名称", "单\\位", "建设单位"}
    assert import_roster(Office(workspace), tmp_path / "源.xlsx", accept=True).cases == ("1",)


def test_what_is_no_workbook_is_said_what_it_is(workspace: Workspace, tmp_path: Path) -> None:
    """A CSV by the name of a workbook is refused as one."""
    (tmp_path / "a.xlsx").write_text("编号,项目名称\n1,甲\n", "utf-8")
    with pytest.raises(UnreadableError, match="CSV"):
        import_roster(Office(workspace), tmp_path / "a.xlsx")
