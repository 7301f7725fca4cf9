"""Reading rosters: what staff do to workbooks, and what spreadsheets do to values."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.formula import ArrayFormula

from cases.roster.read import read_roster
from foundation.errors import ExitCode, Problem

STAGED = ["编号", "阶段"]


def said(problems: tuple[Problem, ...]) -> list[tuple[str, str | None, str]]:
    return [(problem.where, problem.field, problem.severity) for problem in problems]


def only(builder: Any) -> Problem:
    """The one problem of a roster."""
    found = builder.read()
    assert len(found.problems) == 1, [str(problem) for problem in found.problems]
    return found.problems[0]


def test_the_first_sheet_is_enough(builder: Any) -> None:
    """A roster with 项目 alone gives its case, 晋城 where 文件 is not said."""
    found = builder.read()
    (case,) = found.cases
    assert found.problems == ()
    assert found.exit_code == ExitCode.OK
    assert (case.id, case.document, case.project.name) == ("JC-1", "jincheng", "某项目")
    assert case.handover.date == dt.date(2026, 6, 30)


def test_lists_join_their_case(builder: Any) -> None:
    """Rows of all list sheets come to their case, in row order."""
    builder.project(编号="JC-2")
    builder.sheet(
        "事项",
        [*STAGED, "事项", "审批权限"],
        ["JC-2", "施工许可", "乙", "县级"],
        ["JC-1", "立项", "甲", "市级"],
        ["JC-2", "施工许可", "丙", None],
    )
    builder.sheet(
        "环节费用",
        [*STAGED, "特殊环节", "需缴纳费用"],
        ["JC-1", "立项", "一", "费"],
        ["JC-1", "立项", "二", None],
    )
    builder.sheet("材料", [*STAGED, "材料"], ["JC-1", "竣工验收", "图"])
    builder.sheet("委托事项", ["编号", "事项"], ["JC-1", "备案"])
    builder.sheet("移交材料", ["编号", "材料"], ["JC-1", "备案证"])
    builder.sheet(
        "台账",
        ["编号", "时间", "内容", "完成许可事项情况"],
        ["JC-1", "2026.3.5", "来访", None],
        ["JC-1", dt.date(2026, 3, 6), "办结", "证"],
    )
    builder.sheet(
        "研判",
        [*STAGED, "类别", "内容"],
        ["JC-1", "规划许可阶段", ["二", "县级审批事项"][1], "某事项"],
        ["JC-1", "规划许可阶段", "需缴纳费用", "甲费"],
        ["JC-1", "规划许可阶段", "需缴纳费用", "乙费"],
        ["JC-1", "规划许可阶段", "其他", "承诺书"],
    )
    found = builder.read()
    assert found.problems == ()
    one, two = found.cases
    assert [(item.name, item.authority) for item in two.plan.construction.items] == [
        ("乙", "县级"),
        ("丙", None),
    ]
    assert one.plan.approval.special_steps == "一\n二"
    assert one.plan.approval.fees == "费"
    assert one.plan.completion.materials == ("图",)
    assert (one.authorisation.items, one.handover.materials) == (("备案",), ("备案证",))
    assert [(entry.date, entry.content) for entry in one.ledger] == [
        (dt.date(2026, 3, 5), "来访"),
        (dt.date(2026, 3, 6), "办结"),
    ]
    assert one.assessment.planning.items.county == ("某事项",)
    assert one.assessment.planning.fees == "甲费\n乙费"
    assert one.assessment.planning.materials.other == ("承诺书",)
    assert found.where("JC-2", "plan.construction.items.1.name") == "roster.xlsx 事项!C4"
    assert found.where("JC-1", "assessment.planning.fees") == "roster.xlsx 研判!D3"
    assert found.where("JC-2", "enterprise.uscc") == "roster.xlsx 项目!F3"
    assert found.where("JC-2", "project.plot") == "roster.xlsx 项目!A3"


def test_headings_match_however_staff_write_them(builder: Any) -> None:
    """Width, blanks, brackets, line breaks, stars, column order and a title above do not matter."""
    page = builder.book["项目"]
    for column, heading in enumerate(
        [
            "编　号*",
            "阶段：",
            "【项目名称】",
            "项目\n代码",
            "项目单位（全称）",
            "“统一社会信用代码”",
            "联系电话（手机）",
            "完结日期\n(年月日)",
        ],
        1,
    ):
        page.cell(1, column, heading)
    page.insert_rows(1, 3)
    page["A1"] = "晋城市全代办项目花名册"
    page.merge_cells("A1:H1")
    page.move_range("A4:A5", cols=9)
    found = builder.read()
    assert found.problems == ()
    assert found.cases[0].id == "JC-1"
    assert found.cases[0].contact.phone == "13900000000"
    assert found.where("JC-1", "id") == "roster.xlsx 项目!J5"


def test_blank_hidden_and_merged_rows_are_tolerated(builder: Any) -> None:
    """Blank rows are passed over, hidden ones read, and a merged 编号 holds for all its rows."""
    page = builder.book["项目"]
    page.insert_rows(2, 5)
    page.row_dimensions[7].hidden = True
    lists = builder.sheet(
        "材料",
        [*STAGED, "材料"],
        ["JC-1", "立项", "甲"],
        [None, None, "乙"],
        [None, None, "丙"],
        [None, None, None],
    )
    lists.merge_cells("A2:A5")
    lists.merge_cells("B2:B4")
    found = builder.read()
    assert found.problems == ()
    assert found.cases[0].plan.approval.materials == ("甲", "乙", "丙")


def test_example_rows_are_no_cases(builder: Any) -> None:
    """Rows marked 示例 are skipped on every sheet; what is picked from a drop-down there says nothing."""
    blank = dict.fromkeys(["项目名称", "项目代码", "项目单位", "统一社会信用代码", "联系电话", "完结日期"])
    builder.project(编号="示例-请删除", **blank)
    builder.sheet("材料", [*STAGED, "材料"], ["示例-请删除", "没有的阶段", None])
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1"]
    assert found.problems == ()


def test_example_rows_that_were_typed_over_are_said(builder: Any) -> None:
    """A row that still has the example's 编号 but values of its own is named by its cell on every sheet."""
    builder.project(编号="示例-请删除", 统一社会信用代码="wrong")
    builder.sheet("材料", [*STAGED, "材料"], ["示例-请删除", "立项", "土地出让合同"])
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1"]
    assert said(found.general) == [
        ("roster.xlsx 项目!A3", "id", "warning"),
        ("roster.xlsx 材料!A2", "id", "warning"),
    ]


def test_an_empty_roster_warns(builder: Any) -> None:
    """A roster with headings and no case says so and fails nothing."""
    builder.book["项目"].delete_rows(2)
    found = builder.read()
    assert found.cases == ()
    assert [problem.severity for problem in found.problems] == ["warning"]


def test_one_bad_row_never_stops_the_others(builder: Any) -> None:
    """A bad cell costs its case that field, a bad 编号 or 项目名称 the case; every problem is named by cell."""
    builder.project(编号="JC-2", 统一社会信用代码="91140522MA0K12348R", 完结日期="2026-02-30")
    builder.project(编号="a/b", 项目名称=None)
    builder.project(编号="JC-4")
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1", "JC-2", "JC-4"]
    assert (found.cases[1].enterprise.uscc, found.cases[1].handover.date) == (None, None)
    assert [flaw.field for flaw in found.flaws["JC-2"]] == ["enterprise.uscc", "handover.date"]
    assert [refused.case for refused in found.rejected] == ["a/b"]
    assert said(found.problems) == [
        ("roster.xlsx 项目!A4", "id", "error"),
        ("roster.xlsx 项目!C4", "project.name", "error"),
        ("roster.xlsx 项目!F3", "enterprise.uscc", "error"),
        ("roster.xlsx 项目!H3", "handover.date", "error"),
    ]
    assert "校验位错误" in found.problems[2].problem
    assert found.exit_code == ExitCode.CASE_DATA


def test_doubts_keep_the_case(builder: Any) -> None:
    """A doubtful phone is a warning of its case, which is there."""
    builder.set("G2", "139")
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1"]
    assert said(found.warnings["JC-1"]) == [("roster.xlsx 项目!G2", "contact.phone", "warning")]
    assert found.exit_code == ExitCode.OK


@pytest.mark.parametrize(
    ("cell", "value", "number_format", "words"),
    [
        ("F2", 9.11405e17, None, "18位数字被 Excel 存成了数值，末位已丢失"),
        ("F2", 911405220000123456, None, "18位数字被 Excel 存成了数值，末位已丢失"),
        ("D2", 26011405020401123456, None, "末位已丢失"),
        ("D2", 123, None, "开头的0可能已丢失"),
        ("G2", 3562024567, None, "开头的0可能已丢失"),
        ("G2", 13900000000.5, None, "不能确定"),
        ("G2", 13900000000, "000-00000000", "开头的0可能已丢失"),
        ("A2", 1, "000", "开头的0可能已丢失"),
        ("A2", 1.5, None, "不能确定"),
        ("C2", "=A2", None, "公式"),
        ("C2", ArrayFormula("C2", "=A2"), None, "公式"),
        ("C2", "#N/A", None, "错误值 #N/A"),
        ("C2", True, None, "逻辑值"),
        ("C2", 0.5, "0%", "带格式的数值"),
        ("C2", 1e20, None, "末位已丢失"),
        ("C2", dt.date(2026, 3, 5), None, "当成了日期"),
        ("F2", dt.date(2026, 3, 5), None, "当成了日期"),
        ("H2", 46086, None, "不是日期"),
        ("H2", 2026.3, None, "不是日期"),
        ("H2", dt.time(8, 30), None, "没有日期"),
        ("H2", "2026年6月31日", None, "不存在"),
        ("H2", 20260231, None, "不存在"),
        ("B2", "开工", None, "四个阶段"),
        ("C2", "a\nb", None, "一行"),
    ],
)
def test_cells_that_cannot_be_trusted_are_refused(
    builder: Any, cell: str, value: object, number_format: str | None, words: str
) -> None:
    """Each way a spreadsheet or a person spoils a cell is one problem at that cell."""
    builder.set(cell, value, number_format=number_format)
    problem = only(builder)
    assert problem.where == f"roster.xlsx 项目!{cell}"
    assert problem.severity == "error"
    assert words in problem.problem


@pytest.mark.parametrize(
    ("cell", "value", "path", "text"),
    [
        ("A2", 2026001, "id", "2026001"),
        ("G2", 13900000000, "contact.phone", "13900000000"),
        ("G2", 2024567, "contact.phone", "2024567"),
        ("C2", 5000, "project.name", "5000"),
        ("C2", 5000.0, "project.name", "5000"),
        ("C2", 0.1 + 0.2, "project.name", "0.3"),
        ("H2", 20260630, "handover.date", "2026-06-30"),
        ("H2", dt.datetime(2026, 6, 30, 8, 30), "handover.date", "2026-06-30"),
        ("C2", "a_x000A_".replace("_x000A_", "_x0062_"), "project.name", "ab"),
    ],
)
def test_cells_that_lost_nothing_are_read(
    builder: Any, cell: str, value: object, path: str, text: str
) -> None:
    """Numbers that show what was typed, and dates by cell type, are that value."""
    builder.set(cell, value)
    found = builder.read()
    assert found.problems == ()
    value_found: Any = found.cases[0]
    for part in path.split("."):
        value_found = getattr(value_found, part)
    assert str(value_found) == text


def test_wrong_list_rows_cost_their_case_that_list(builder: Any) -> None:
    """A row without its matter, with no known stage or category, costs the case it names what it would add to."""
    builder.project(编号="JC-2")
    builder.sheet(
        "材料", [*STAGED, "材料"], ["JC-2", "立项", None], ["JC-2", "开工许可", "甲"], ["JC-2", None, "乙"]
    )
    builder.sheet(
        "研判", [*STAGED, "类别", "内容"], ["JC-2", "立项", "部门意间", "甲"], ["JC-2", "立项", "其他", "=A1"]
    )
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1", "JC-2"]
    assert {flaw.field for flaw in found.flaws["JC-2"]} == {"plan", "assessment"}
    assert [problem.where.split(" ")[1] for problem in found.problems] == [
        "材料!C2",
        "材料!B3",
        "材料!B4",
        "研判!C2",
        "研判!D3",
    ]
    assert "“施工许可”" in (found.problems[1].advice or "")
    assert "“部门意见”" in (found.problems[3].advice or "")


def test_list_rows_of_nobody_are_named(builder: Any) -> None:
    """A list row without 编号, or with one that 项目 lacks, is a problem of the roster with the nearest id."""
    builder.sheet(
        "材料", [*STAGED, "材料"], ["JC-l", "立项", "甲"], [None, "立项", "乙"], ["完全不同", "立项", "丙"]
    )
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-1"]
    assert said(found.general) == [
        ("roster.xlsx 材料!A2", "id", "error"),
        ("roster.xlsx 材料!A3", "id", "error"),
        ("roster.xlsx 材料!A4", "id", "error"),
    ]
    assert "“JC-1”" in (found.general[0].advice or "")
    assert found.exit_code == ExitCode.CASE_DATA


def test_list_rows_find_their_case_in_any_letter_case(builder: Any) -> None:
    """Ids differ by more than letter case, so jc-1 is JC-1; a refused case still owns its rows."""
    builder.project(编号="JC-2", 项目名称=None)
    builder.sheet("材料", [*STAGED, "材料"], ["jc-1", "立项", "甲"], ["ＪＣ－2", "立项", "乙"])
    found = builder.read()
    assert found.cases[0].plan.approval.materials == ("甲",)
    assert found.general == ()


def test_repeated_ids_refuse_both_naming_both_cells(builder: Any) -> None:
    """Ids equal but for letter case would share a folder: both are refused, each naming the other's cell."""
    builder.project(编号="jc-1")
    builder.project(编号="JC-3")
    found = builder.read()
    assert [case.id for case in found.cases] == ["JC-3"]
    assert [problem.where for problem in found.problems] == ["roster.xlsx 项目!A2", "roster.xlsx 项目!A3"]
    assert "项目!A3" in found.problems[0].problem
    assert "项目!A2" in found.problems[1].problem


def test_a_row_without_id_is_refused_at_its_cell(builder: Any) -> None:
    """A project without 编号 is refused, not skipped."""
    builder.project(编号=None)
    found = builder.read()
    assert [(refused.case, len(refused.problems)) for refused in found.rejected] == [(None, 1)]
    assert found.problems[0].where == "roster.xlsx 项目!A3"


def test_missing_project_sheet_names_the_nearest(builder: Any) -> None:
    """Without 项目 nothing is read, and the sheet most like it is named."""
    builder.book["项目"].title = "项目表"
    found = builder.read()
    assert found.cases == ()
    assert "缺少工作表“项目”" in found.problems[0].problem
    assert "“项目表”" in (found.problems[0].advice or "")


@pytest.mark.parametrize(("title", "severity"), [("移交的材料", "error"), ("会议记录", "warning")])
def test_unknown_sheets_are_said(builder: Any, title: str, severity: str) -> None:
    """A sheet like a known one that is absent is an error; any other is only said not to be read."""
    builder.sheet(title, ["编号", "材料"], ["JC-1", "甲"])
    problem = only(builder)
    assert problem.where == f"roster.xlsx {title}"
    assert problem.severity == severity


def test_empty_spare_sheets_are_silent(builder: Any) -> None:
    """An empty Sheet2, an empty list sheet and the guide say nothing."""
    for title in ("Sheet2", "材料", "填表说明"):
        builder.sheet(title, *([["说明"]] if title == "填表说明" else []))
    assert builder.read().problems == ()


def test_headings_near_a_known_one_stop_the_roster(builder: Any) -> None:
    """A misspelt heading would lose its column: it is an error at its cell, beside notes of staff's own columns."""
    builder.set("F1", "统一信用代码证")
    builder.set("I1", "内部序列")
    builder.sheet("材料", [*STAGED, "材 料", "材料明"], ["JC-1", "立项", "甲", "乙"])
    found = builder.read()
    assert found.cases == ()
    assert said(found.problems) == [
        ("roster.xlsx 项目!F1", None, "error"),
        ("roster.xlsx 项目!I1", None, "warning"),
        ("roster.xlsx 材料!D1", None, "warning"),
    ]
    assert "“统一社会信用代码”" in (found.problems[0].advice or "")


@pytest.mark.parametrize(
    "heading",
    [
        "序号",
        "办理进展",
        "跟进人",
        "更新时间",
        "投资额（万元）",
        "乡镇",
        "行业",
        "项目状态",
        "是否办结",
        "责任科室",
        "入库时间",
        "项目名称（简称）",
        "备注（内部）",
        "备注一",
    ],
)
def test_columns_of_ones_own_are_passed_over_with_a_note(builder: Any, heading: str) -> None:
    """An own column anywhere, whatever it holds, costs one note by its cell and no case."""
    page = builder.book["项目"]
    page.insert_cols(1)
    page["A1"], page["A2"] = heading, "=ROW()-1"
    problem = only(builder)
    assert (problem.where, problem.severity) == ("roster.xlsx 项目!A1", "warning")
    assert f"“{heading}”这一列是自己加的" in problem.problem
    assert [case.id for case in builder.read().cases] == ["JC-1"]


def test_missing_and_repeated_headings_stop_the_roster(builder: Any) -> None:
    """A heading that is needed and absent, or there twice, is named with its place."""
    builder.set("E1", "项目名称")
    found = builder.read()
    assert found.cases == ()
    assert "表头“项目名称”重复" in found.problems[0].problem
    assert "缺少表头“项目单位”" in found.problems[1].problem


def test_a_misspelt_needed_heading_is_paired_with_its_column(builder: Any) -> None:
    """An unknown heading and the missing column it stands for name each other, never a column that is there."""
    for cell in builder.book["项目"][1]:
        if cell.value == "项目名称":
            cell.value = "工程名称"
    builder.set("I1", "项目长")
    unknown, missing = builder.read().problems
    assert unknown.problem == "不认识的表头“工程名称”"
    assert unknown.advice == "是不是“项目名称”？"
    assert missing.problem == "缺少表头“项目名称”"
    assert missing.advice == "是不是写成了“工程名称”？"


def test_a_sheet_without_headings_says_what_they_are(builder: Any) -> None:
    """When no row is a heading row, the needed headings are listed."""
    builder.book["项目"].delete_rows(1, 2)
    builder.set("A1", "甲")
    problem = only(builder)
    assert "找不到表头" in problem.problem
    assert "项目名称" in (problem.advice or "")


def test_headings_below_the_tenth_row_are_not_looked_for(builder: Any) -> None:
    """Headings must stand within the first ten rows."""
    builder.book["项目"].insert_rows(1, 10)
    assert "找不到表头" in only(builder).problem


def test_wrong_dimensions_lose_no_row(builder: Any, tmp_path: Path) -> None:
    """A workbook whose stated size is too small is still read to its last row."""
    builder.project(编号="JC-2")
    builder.book.save(builder.path)
    shrunk = tmp_path / "shrunk.xlsx"
    with zipfile.ZipFile(builder.path) as source, zipfile.ZipFile(shrunk, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', content))
    assert [case.id for case in read_roster(shrunk).cases] == ["JC-1", "JC-2"]


SHARED = """<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">
<si><r><rPr><b/></rPr><t>某</t></r><r><t xml:space="preserve"> 新项目</t></r><rPh sb="0" eb="1"><t>mou</t></rPh></si>
<si><t>a_x000D_\nb _x005F_x0041_ x005F_</t></si></sst>"""


def test_text_as_spreadsheet_programs_store_it_is_read(builder: Any, tmp_path: Path) -> None:
    """Shared strings, coloured runs, reading marks and escapes give the text a person sees."""
    builder.set("I1", "建设内容")
    builder.set("C2", 111)
    builder.set("I2", 222)
    builder.book.save(builder.path)
    shared = tmp_path / "shared.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    with zipfile.ZipFile(builder.path) as source, zipfile.ZipFile(shared, "w") as target:
        for name in source.namelist():
            content = source.read(name).decode()
            for number, index in (("111", "0"), ("222", "1")):
                content = re.sub(rf't="n"><v>{number}</v>', f't="s"><v>{index}</v>', content)
            override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
            if name != "xl/sharedStrings.xml":
                plain = content if kind in content else content.replace("</Types>", override)
                target.writestr(name, plain)
        target.writestr("xl/sharedStrings.xml", SHARED)
    found = read_roster(shared)
    assert found.problems == ()
    assert found.cases[0].project.name == "某 新项目"
    assert found.cases[0].project.content == "a\nb _x0041_ x005F_"


def test_more_fields_of_a_case_stand_on_one_row(builder: Any) -> None:
    """联审 goes on with 项目: its cells come to the case, those of several lines as lists."""
    builder.sheet(
        "联审",
        ["编号", "征求意见单位", "推送日期", "与会单位"],
        ["JC-1", "县发改局\n\n 县应急局 ", dt.datetime(2026, 5, 18), None],
    )
    found = builder.read()
    (case,) = found.cases
    assert found.problems == ()
    assert case.review.departments == ("县发改局", "县应急局")
    assert case.review.referral.date == dt.date(2026, 5, 18)
    assert case.review.minutes.attending == ()


def test_a_second_row_of_fields_is_refused(builder: Any) -> None:
    """Two rows of 联审 for one case are refused by the second one's cell, not laid over each other."""
    rows = [["JC-1", "〔2026〕2号"], ["JC-1", "〔2026〕3号"]]
    builder.sheet("联审", ["编号", "纪要编号"], *rows)
    problem = only(builder)
    assert problem.where.endswith("联审!A3")
    assert "第2行" in problem.problem


@pytest.mark.parametrize(
    ("headings", "values", "cell"),
    [
        (["编号", "纪要编号", "联审会议日期"], ["JC-1", "〔2026〕2号", "不知道"], "联审!C2"),
        (["编号", "是否涉及“两重点一重大”"], ["JC-1", "也许"], "联审!B2"),
        (["编号", "推送日期", "反馈期限"], ["JC-1", "2026-05-18", "2026-05-01"], "联审!A2"),
    ],
)
def test_what_is_wrong_with_a_field_stands_at_its_cell(
    builder: Any, headings: list[str], values: list[str], cell: str
) -> None:
    """A mistake on 联审 is told by that sheet's cell; one of two dates together by its row."""
    builder.sheet("联审", headings, values)
    assert only(builder).where.endswith(cell)


def test_people_go_where_their_place_says(builder: Any) -> None:
    """身份 sorts people into the groups of their list, in row order; another word is refused by its cell."""
    people = [["JC-1", "成员", "甲", "某局"], ["JC-1", "组长", "乙", None], ["JC-1", "成员", "丙", None]]
    builder.sheet("领导小组", ["编号", "身份", "姓名", "职务"], *people)
    group = builder.read().cases[0].leading_group
    assert [person.name for person in group.members] == ["甲", "丙"]
    assert [person.name for person in group.leaders] == ["乙"]


def test_a_place_nobody_has_is_refused(builder: Any) -> None:
    """An 身份 that is not on the list is refused by its cell, with the nearest."""
    builder.sheet("领导小组", ["编号", "身份", "姓名"], ["JC-1", "副组员", "甲"])
    problem = only(builder)
    assert problem.where.endswith("领导小组!B2")
    assert problem.advice is not None


def test_a_sheet_of_ones_own_is_not_taken_for_a_rare_one(builder: Any) -> None:
    """A sheet with a name like 问题清单's is left aside, unless its headings say that it is one."""
    builder.sheet("问题", ["谁说的", "说了什么"], ["张三", "很好"])
    assert [problem.severity for problem in builder.read().problems] == ["warning"]
    builder.sheet("问题清单表", ["编号", "问题", "责任单位"], ["JC-1", "甲", "乙"])
    problems = builder.read().problems
    assert [problem.severity for problem in problems if "问题清单表" in problem.where] == ["error"]


def test_a_case_is_known_by_what_its_drop_down_offers(builder: Any) -> None:
    """On the other sheets a 编号 may have the name of its project beside it, as the drop-down writes it."""
    builder.sheet("材料", [*STAGED, "材料"], ["JC-1　甲项目", "立项", "甲"], ["JC-1", "立项", "乙"])
    found = builder.read()
    assert found.cases[0].plan.approval.materials == ("甲", "乙") and found.problems == ()


def test_a_name_that_was_refused_is_said_once(builder: Any) -> None:
    """A row whose only name cannot be read has that one problem, at its cell."""
    builder.set("C2", "=A2")
    found = builder.read()
    assert [problem.field for problem in found.problems] == ["project.name"]
