"""Rosters and workspaces as the application makes and checks them."""

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest

from cases.case_set import CaseSet
from cases.model.case import Case
from cases.model.fields import title
from cases.roster.layout.definition import RosterSheet
from cases.roster.layout.loading import shipped_layout
from cases.roster.read import read_roster
from cases.samples import load_sample
from cases.values.documents import DOCUMENTS
from cases.values.stages import Stage
from cases.workspace_cases import load_cases
from daiban import rosters
from daiban.documents.called_for import forms_of
from daiban.issuing import GenerateRequest, generate
from daiban.office import Office
from daiban.registry import Registry
from daiban.sample import make_workspace, samples_of
from daiban.settings import Settings
from forms.catalogue import Catalogue
from foundation.errors import ExitCode, UsageError
from generator.bind import bind

DEFECTS = Path(__file__).parents[1] / "cases" / "roster" / "defects"
CASE = {"id": "A1", "document": "jincheng", "project": {"name": "厂"}, "enterprise": {"name": "公司"}}


def _check(folder: Path, **changes: object) -> rosters.RosterReport:
    file = folder / "case.json"
    file.write_text(json.dumps({**CASE, **changes}, ensure_ascii=False), encoding="utf-8")
    return rosters.check(file)


def test_choices_are_what_the_forms_print() -> None:
    """The drop-downs offer the labels printed beside the boxes, and none of the 其他 lines."""
    offered = rosters.choices(Catalogue.load())
    assert "企业投资项目备案" in offered["事项"]
    assert "企业申请备案的文件" in offered["材料"]
    assert set(offered["研判.内容"]) == {*offered["事项"], *offered["材料"]}
    assert "其他" not in offered["研判.内容"]


def test_new_roster_offers_the_choices(tmp_path: Path) -> None:
    """A new roster carries the printed labels for its drop-downs, and no case yet."""
    rosters.write_new(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    texts = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "可行性研究报告(初步设计深度)审批" in texts
    assert read_roster(tmp_path / "r.xlsx").cases == ()


def test_drop_downs_follow_the_stage_of_their_row(tmp_path: Path) -> None:
    """事项, 材料 and 研判 offer what the forms print for the stage in their row, and everything without one."""
    rosters.write_new(tmp_path / "r.xlsx")
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    rules = book["事项"].data_validations.dataValidation
    (rule,) = [one for one in rules if str(one.sqref).startswith("C2:")]
    ranges = dict(re.findall(r'\$B2="(\w+)",\'选项\'!(\$\w+\$2:\$\w+\$\d+)', rule.formula1))
    found = {stage: [cell.value for (cell,) in book["选项"][area]] for stage, area in ranges.items()}
    assert "企业投资项目备案" in found["立项用地规划许可"]
    assert "企业投资项目备案" not in found["工程建设许可"]
    assert all(entries and None not in entries for entries in found.values())
    assert len(rule.formula1) <= 255  # what Excel takes for a rule


@pytest.mark.parametrize(
    ("documents", "document", "stage", "code", "contact"),
    [
        ((), None, "竣工验收", True, False),
        ((), "晋城", "施工许可", False, True),
        ((), None, None, False, True),
        ((), "阳城", "施工许可", False, False),
        (("yangcheng",), None, "施工许可", False, False),
    ],
)
def test_what_is_to_be_filled_follows_from_the_forms_of_the_stage(
    documents: tuple[str, ...], document: str | None, stage: str | None, code: bool, contact: bool
) -> None:
    """应填 at a stage is what the forms called for there want before they go out; what has a default is not."""
    wanted = rosters.needed(Catalogue.load(), documents)

    def is_wanted(field: str) -> bool:
        return (stage or "") in wanted.get(field, {}).get(document or "", ())

    assert (is_wanted("project.code"), is_wanted("contact.phone")) == (code, contact)
    assert not {"agency.name", "manager.name"} & set(wanted)


def test_blank_cells_to_be_filled_are_coloured(tmp_path: Path) -> None:
    """The sheet of projects has a rule for each column that some stage wants, over the rows that can hold cases."""
    rosters.write_new(tmp_path / "r.xlsx")
    page = openpyxl.load_workbook(tmp_path / "r.xlsx")["项目"]
    headings = {cell.column_letter: cell.value for cell in page[1]}
    ruled = {headings[str(item.sqref).partition("2:")[0]] for item in page.conditional_formatting}
    assert ruled == {"项目名称", "项目单位", "项目联系人", "联系电话", "项目代码"}


#: What papers about many projects compile from the cases (daiban/documents/project_lists.py).
COMPILED = {"circular", "dispatches", "listing", "portfolio", "projects"}


@pytest.mark.parametrize("document", DOCUMENTS.values())
def test_the_sheets_of_a_document_hold_what_its_forms_say(tmp_path: Path, document: str) -> None:
    """Whatever of a case the forms of a document print, a new roster of that document has a column for; what many
    projects say in sum is compiled from theirs.
    """
    rosters.write_new(tmp_path / "r.xlsx", documents=(document,))
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    columns = {
        (sheet.title, column.heading): column.field
        for sheet in shipped_layout().sheets
        for column in sheet.columns
        if sheet.title in book.sheetnames and column.heading in {cell.value for cell in book[sheet.title][1]}
    }
    case_keys = {key for (name, _), key in columns.items() if _sheet(name).rows in ("case", "fields")}
    targets = {_sheet(name).target for name, _ in columns}
    forms = [form for form in Catalogue.load().forms if form.document == document]
    fields = {
        field.reads or field.id
        for form in forms
        for field in form.fields
        if not (form.is_about_many and field.id.split(".")[0] in COMPILED)
        and title(tuple(part for part in field.id.split(".") if part != "*" and not part.isdigit()))
    }
    assert fields or any(form.is_about_many for form in forms)
    assert [field for field in fields if not _has_place(field, case_keys, targets)] == []


def _sheet(name: str) -> RosterSheet:
    return next(sheet for sheet in shipped_layout().sheets if sheet.title == name)


def _has_place(field: str, case_keys: set[str], targets: set[str]) -> bool:
    """Whether a field is a column itself, or lies under what a list sheet's rows go to."""
    parts = field.split(".")
    if any(".".join(parts[:end]) in case_keys for end in range(1, len(parts) + 1)):
        return True
    stages = {stage.value for stage in Stage}
    patterns = {target.replace("{stage}", stage) for target in targets for stage in stages}
    heads = {pattern.partition(".{category}")[0] for pattern in patterns if pattern}
    return any(field == head or field.startswith(f"{head}.") for head in heads)


def test_samples_of_a_document(tmp_path: Path) -> None:
    """A workspace made for a document holds its samples; without one, the ten of 晋城."""
    assert samples_of(()) == load_sample()
    made = make_workspace(tmp_path / "ws", sample=True, documents=("yangcheng",))
    assert {case.document for case in read_roster(made.roster).cases} == {"yangcheng"}
    assert all(samples_of((document,)) for document in DOCUMENTS.values())


def test_new_roster_needs_its_suffix(tmp_path: Path) -> None:
    """A name that Excel would not open is refused with a better one."""
    with pytest.raises(UsageError, match=r"花名册\.xlsx"):
        rosters.write_new(tmp_path / "花名册.xls")
    assert not list(tmp_path.iterdir())


def test_good_case_file(tmp_path: Path) -> None:
    """A case whose document and stage have forms passes."""
    checked = _check(tmp_path, stage="施工许可")
    assert (checked.problems, checked.exit_code) == ((), ExitCode.OK)


def test_unknown_document_is_found_at_its_place(tmp_path: Path) -> None:
    """A document without forms is a problem of its case, at its field, with the nearest name."""
    checked = _check(tmp_path, document="jinchen")
    (problem,) = checked.problems
    assert problem.field == "document"
    assert "case.json" in problem.where
    assert "jincheng" in (problem.advice or "")
    assert checked.exit_code is ExitCode.CASE_DATA


def test_wrong_case_is_case_data(tmp_path: Path) -> None:
    """What the reader refuses is told as the reader tells it."""
    checked = _check(tmp_path, enterprise={"nam": "公司"})
    assert checked.cases == ()
    assert checked.exit_code is ExitCode.CASE_DATA


def test_forms_follow_the_stage() -> None:
    """Each stage has the forms its document prescribes; none named means the first stage."""
    catalogue = Catalogue.load()
    case = Case.model_validate(CASE)
    first = forms_of(case, catalogue)
    assert first == catalogue.for_stage("jincheng", "立项用地规划许可")
    last = Case.model_validate({**CASE, "stage": "竣工验收"})
    assert "jincheng-completion" in forms_of(last, catalogue)
    assert forms_of(last, catalogue) != first


def test_sample_workspace(tmp_path: Path) -> None:
    """A sample workspace holds the ten sample cases, a registry, default settings and no problem."""
    workspace = make_workspace(tmp_path / "示例", sample=True)
    found: CaseSet = load_cases(workspace.path)
    assert found.cases == load_sample()
    assert len(found.cases) == 10
    assert found.problems == ()
    assert workspace.settings == Settings()
    checked = rosters.check(workspace.roster)
    assert checked.ok and {problem.severity for problem in checked.problems} <= {"warning"}
    with Registry.open(workspace.registry, create=False) as registry:
        assert registry.current() == {}
    assert not list((workspace.path / ".daiban").glob("staging-*"))


def test_empty_workspace(tmp_path: Path) -> None:
    """Without the sample the roster is there, empty, and the agency is in the settings."""
    workspace = make_workspace(tmp_path / "w", sample=False, agency_name="晋城市行政审批服务管理局")
    assert load_cases(workspace.path).cases == ()
    assert workspace.roster.is_file()
    assert workspace.settings.agency.name == "晋城市行政审批服务管理局"


def test_an_empty_document_is_that_of_the_workspace(tmp_path: Path) -> None:
    """文件 left empty is the workspace's document, as the example says; with several each case has to name its own."""
    folder = make_workspace(tmp_path / "阳城", sample=False, documents=("yangcheng",)).path
    book = openpyxl.load_workbook(folder / "roster.xlsx")
    sheet = book["项目"]
    column = next(cell.column for cell in sheet[1] if cell.value == "文件")
    assert sheet.cell(2, column).value == "阳城"
    for heading, text in (("编号", "YC-1"), ("项目名称", "甲"), ("项目单位", "乙")):
        sheet.cell(3, next(cell.column for cell in sheet[1] if cell.value == heading)).value = text
    book.save(folder / "roster.xlsx")
    (folder / "cases" / "a.yaml").write_text(
        "id: YC-2\nproject: {name: 甲}\nenterprise: {name: 乙}\n", "utf-8"
    )
    assert {case.document for case in Office.open(folder).cases.cases} == {"yangcheng"}
    toml = folder / "daiban.toml"
    toml.write_text(toml.read_text("utf-8").replace('["阳城"]', '["阳城", "anshan"]'), "utf-8")
    refused = Office.open(folder).cases.rejected
    assert {item.case for item in refused} == {"YC-1", "YC-2"}
    assert {problem.field for item in refused for problem in item.problems} == {"document"}


def test_first_contact_waits(tmp_path: Path) -> None:
    """A case with nothing but its names is in order: what cannot be made yet waits, and it is said for what."""
    checked = _check(tmp_path, stage="立项用地规划许可")
    assert checked.exit_code is ExitCode.OK and checked.ok
    assert "jincheng-service-plan" in {item.form for item in checked.waiting}
    assert {problem.severity for item in checked.waiting for problem in item.awaited} == {"awaited"}


def test_a_bad_cell_costs_what_it_concerns(tmp_path: Path) -> None:
    """A wrong telephone holds back the forms that print it, and a wrong code, which none prints, no form."""
    full = {"manager": {"name": "王"}, "stage": "立项用地规划许可", "agency": {"name": "局"}}
    checked = _check(tmp_path, **full, contact={"name": "张\U000f0000", "phone": "13800138000"})
    assert {item.form for item in checked.failed} == {"jincheng-service-plan", "jincheng-authorisation"}
    other = _check(tmp_path, **full, enterprise={"name": "公司", "uscc": "91140522MA0K12348R"})
    assert [item.form for item in other.failed] == [None]
    assert other.cases == ("A1",) and other.exit_code is ExitCode.CASE_DATA


def test_nobody_agrees_over_a_dissent_without_a_word(tmp_path: Path) -> None:
    """Minutes that agree over a 不同意 wait for a word about it; with that word, or without dissent, they go out."""

    def minutes(conclusion: str, verdict: str) -> set[str | None]:
        review = {
            "opinions": [{"department": "县水务局", "verdict": verdict}],
            "minutes": {"conclusion": conclusion},
        }
        case = {"document": "yangcheng", "stage": "立项用地规划许可", "agency": {"name": "局"}}
        return {item.form for item in _check(tmp_path, **case, review=review).failed}

    assert "yangcheng-review-minutes" in minutes("与会单位同意该项目入园。", "不同意")
    assert minutes("同意入园；县水务局的意见由项目单位另行落实。", "不同意") == set()
    assert minutes("不同意该项目入园。", "不同意") == set()
    assert "yangcheng-review-minutes" in minutes("与会单位一致同意。", "补正后同意")


def test_the_city_is_applied_to_for_what_passed(tmp_path: Path) -> None:
    """市级联审项目申请书 says “两重点一重大” and 通过县级联审, so it waits until the case says both."""
    catalogue = Catalogue.load()
    form = catalogue.form("yangcheng-city-application")
    for review, waits in (
        ({}, 2),
        ({"hazard": "否", "minutes": {"outcome": "通过"}}, 1),
        ({"hazard": "是", "minutes": {"outcome": "未通过"}}, 1),
        ({"hazard": "是", "minutes": {"outcome": "通过"}}, 0),
    ):
        case = Case.model_validate({**CASE, "document": "yangcheng", "review": review})
        assert len(bind(case.tree(), form).awaited) == waits


@pytest.mark.parametrize("name", sorted(path.name for path in DEFECTS.glob("*.xlsx")))
def test_check_and_generate_find_the_same(tmp_path: Path, name: str) -> None:
    """What ``roster check`` says of a broken roster is what ``generate`` says of it, document by document."""
    folder = make_workspace(tmp_path / "w", sample=False).path
    shutil.copy(DEFECTS / name, folder / "roster.xlsx")
    toml = folder / "daiban.toml"
    toml.write_text(toml.read_text("utf-8").replace('path = ""', 'path = "/no/soffice"'), "utf-8")
    checked = rosters.check(folder / "roster.xlsx")
    made = generate(Office.open(folder), GenerateRequest(workers=1))
    assert (checked.failed, checked.waiting) == (made.failed, made.waiting)
    errors = {problem for problem in checked.problems if problem.severity == "error"}
    found = (problem for item in made.failed for problem in item.problems)
    assert errors == {problem for problem in found if problem.severity == "error"}
    assert {problem for problem in checked.problems if problem.severity == "warning"} >= set(made.warnings)
