"""daiban merge: several departments' 研判表 as one, and the 服务方案 that follows."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from cases.files.assessment_overlay import AssessmentOverlay
from cases.model.case import Case
from cases.roster.write import write_roster
from cases.settling import chosen, settled
from cases.values.invalid import InvalidValue
from cases.workspace_cases import load_cases
from daiban.cli import cli
from daiban.issuing import GenerateRequest, generate
from daiban.merging.assessment_sheets import AssessmentSheet, assessment_forms
from daiban.merging.combine import merge
from daiban.merging.run import merge_files, settle
from daiban.office import Office
from daiban.planning.plan_from_assessment import effective_plan
from daiban.status import workspace_status
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from forms.definition import FormDefinition
from foundation.errors import CaseDataError, DaibanError, ExitCode, UnreadableError, UsageError
from generator.bind import bind
from generator.template.fill import FormFiller

FORMS = assessment_forms(Catalogue.load().forms)
CITY = "assessment.approval.items.city"
COUNTY = "assessment.approval.items.county"
NAME = "某新材料项目"


def make(**groups: Any) -> Case:
    raw = {
        "id": "JC-1",
        "document": "jincheng",
        "stage": "立项用地规划许可",
        "project": {"name": NAME},
        "enterprise": {"name": "某公司"},
        "agency": {"name": "某局"},
    }
    return Case.model_validate(raw | groups)


def sheet(department: str, answers: Mapping[str, Any] | None = None, **changes: Any) -> AssessmentSheet:
    """A sheet with one tick, unless it says something else."""
    said = {f"{CITY}.3": True} if answers is None else answers
    values = {"project.name": NAME, **said}
    return AssessmentSheet(f"{department}.docx", department, department, values, **changes)


def merged(*sheets: AssessmentSheet) -> AssessmentOverlay:
    return merge(make(), sheets, FORMS)


def ticked(overlay: AssessmentOverlay) -> dict[tuple[str, str], tuple[str, ...]]:
    return {(tick.field, tick.entry): tick.by for tick in overlay.merged.ticks}


# -- ticks and texts ---------------------------------------------------------------------------------------


def test_ticks_are_united_and_keep_who_ticked_them() -> None:
    """Every tick of every sheet is there once, in the printed order, with all who made it."""
    found = merged(sheet("一科", {f"{CITY}.5": True, f"{CITY}.3": True}), sheet("二科", {f"{CITY}.3": True}))
    assert found.assessment.approval.items.city == ("企业投资项目备案", "用地预审与选址意见书核发")
    assert ticked(found) == {
        (CITY, "企业投资项目备案"): ("一科", "二科"),
        (CITY, "用地预审与选址意见书核发"): ("一科",),
    }
    assert found.assessment.filled_by == "一科、二科"


def test_names_on_blank_lines_are_entries() -> None:
    """What is written on a blank line is an entry of its list; the last line may hold several."""
    answers = {
        f"{COUNTY}.0": True,
        f"{COUNTY}.text_0": "甲事项；乙事项",
        f"{CITY}.others": "丙事项",
        f"{CITY}.3": True,
    }
    found = merged(sheet("一科", answers))
    assert found.assessment.approval.items.county == ("甲事项", "乙事项")
    assert found.assessment.approval.items.city == ("企业投资项目备案", "丙事项")
    assert found.merged.contradictions == ()


def test_the_same_entry_in_other_punctuation_is_one() -> None:
    """Entries that differ in width, spaces or brackets alone are united."""
    one = {f"{COUNTY}.0": True, f"{COUNTY}.text_0": "水土保持（登记）"}
    other = {f"{COUNTY}.0": True, f"{COUNTY}.text_0": "水土保持 (登记)"}
    found = ticked(merged(sheet("一科", one), sheet("二科", other)))
    assert list(found.values()) == [("一科", "二科")]


def test_texts_stand_side_by_side() -> None:
    """Texts of several departments stand under their names; one alone, or the same words, need none."""
    tips, steps, fees = (f"assessment.approval.{name}" for name in ("tips", "special_steps", "fees"))
    found = merged(
        sheet("一科", {f"{CITY}.3": True, tips: "先备案。", steps: "节能审查", fees: "无"}),
        sheet("二科", {f"{CITY}.3": True, tips: "带图。", steps: "节能审查"}),
    ).assessment.approval
    assert found.tips == "一科：先备案。\n二科：带图。"
    assert (found.special_steps, found.fees) == ("节能审查", "无")


def test_fee_boxes_and_the_line_after_them_are_one_field() -> None:
    """The two printed fees and what is written after them are the stage's fees."""
    answers = {
        "assessment.planning.fee_items.0": True,
        "assessment.planning.fees": "水土保持补偿费",
        f"{CITY}.3": True,
    }
    assert merged(sheet("一科", answers)).assessment.planning.fees == "基础设施配套费\n水土保持补偿费"


def test_departments_of_one_name_keep_their_files_apart() -> None:
    """Two sheets filled by one name are told by their files."""
    one, other = (
        sheet("一科"),
        AssessmentSheet("b.docx", "2", "一科", {"project.name": NAME, f"{CITY}.4": True}),
    )
    assert [source.department for source in merged(one, other).merged.sources] == [
        "一科（一科.docx）",
        "一科（b.docx）",
    ]


# -- contradictions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "field", "words"),
    [
        ({f"{CITY}.3": True}, {f"{COUNTY}.0": True, f"{COUNTY}.text_0": "企业投资项目备案"},
         "assessment.approval.items", "一科定为市级，二科定为县级"),
        ({f"{CITY}.3": True}, {f"{CITY}.4": True}, "assessment.approval.items", "只能走一种"),
        ({f"{CITY}.3": True, "assessment.approval.fees": "无。"},
         {f"{CITY}.3": True, "assessment.approval.fees": "水土保持补偿费"}, "assessment.approval.fees", "一科写“无”"),
        ({f"{CITY}.3": True, "assessment.planning.fees": "不涉及"},
         {"assessment.planning.fee_items.0": True, f"{CITY}.3": True}, "assessment.planning.fees", "一科写“无”"),
        ({f"{COUNTY}.0": True, f"{CITY}.3": True}, {f"{CITY}.3": True}, f"{COUNTY}.text_0", "没有写内容"),
        ({f"{COUNTY}.text_0": "甲", f"{CITY}.3": True}, {f"{CITY}.3": True}, f"{COUNTY}.text_0", "没有勾选"),
    ],
)  # fmt: skip
def test_contradictions_are_listed_and_not_resolved(
    one: dict[str, Any], other: dict[str, Any], field: str, words: str
) -> None:
    """Each contradiction is told with its field, and everything both sides said stays in the result."""
    found = merged(sheet("一科", one), sheet("二科", other))
    assert [(item.field, words in item.problem) for item in found.merged.contradictions] == [(field, True)]
    ticks = {key for answers in (one, other) for key, value in answers.items() if value is True}
    assert len(found.merged.ticks) >= len(
        ticks & {f"{CITY}.3", f"{CITY}.4", "assessment.planning.fee_items.0"}
    )


def test_agreement_has_no_contradictions() -> None:
    """Departments that each fill their own part, or say the same, contradict nobody."""
    same = {f"{CITY}.3": True, "assessment.approval.fees": "无"}
    assert merged(sheet("一科", same), sheet("二科", {**same, f"{CITY}.5": True})).merged.contradictions == ()


def test_what_was_not_read_for_certain_is_listed() -> None:
    """A place that a scan left unsure is for a person to look at."""
    found = merged(sheet("一科", unsure=(f"{CITY}.4",), case="JC-1"))
    assert [(item.field, item.by) for item in found.merged.contradictions] == [(f"{CITY}.4", ("一科",))]
    assert "项目核准" in found.merged.contradictions[0].problem


# -- refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("other", "field"),
    [
        (sheet("二科", {"project.name": "别的项目", f"{CITY}.3": True}), "project.name"),
        (sheet("二科", {"project.name": None, f"{CITY}.3": True}), "project.name"),
        (sheet("二科", case="JC-2"), "id"),
        (sheet("二科", {}), "assessment"),
        (sheet("二科", {"assessment.approval.tips": "只写了提示"}), "assessment"),
    ],
)
def test_strange_and_idle_sheets_are_refused(other: AssessmentSheet, field: str) -> None:
    """A sheet of another project, of no project, and one that ticked nothing are refused with file and field."""
    with pytest.raises(CaseDataError) as caught:
        merged(sheet("一科"), other)
    assert [(problem.where.split()[0], problem.field) for problem in caught.value.problems] == [
        ("二科.docx", field)
    ]


def test_all_refusals_come_at_once() -> None:
    """Every sheet that cannot be used is told, not the first alone."""
    with pytest.raises(CaseDataError) as caught:
        merged(sheet("一科", {}), sheet("二科", case="JC-2"), sheet("三科"), sheet("三科"))
    assert [problem.where.split()[0] for problem in caught.value.problems] == [
        "二科.docx",
        "一科.docx",
        "三科.docx",
    ]


# -- files -------------------------------------------------------------------------------------------------


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace.create(tmp_path / "ws")
    write_roster(made.roster, [make(assessment={"filled_by": "代办员", "approval": {"tips": "旧"}})])
    return made


@pytest.fixture
def department(tmp_path: Path, form: Callable[[str], FormDefinition]) -> Callable[..., Path]:
    """A DOCX that a department filled: the printed 研判表 with these findings."""

    def fill(name: str, project: str = NAME, **findings: Any) -> Path:
        case = make(project={"name": project}, assessment={"filled_by": name, **findings})
        bound = bind(case.tree(), form("assessment"))
        path = tmp_path / f"{name}.docx"
        path.write_bytes(FormFiller(form("assessment")).fill(bound).docx)
        return path

    return fill


ONE = {"approval": {"items": {"city": ["企业投资项目备案"], "county": ["水土保持登记"]}, "tips": "先备案。"}}
TWO = {"approval": {"items": {"city": ["用地预审与选址意见书核发"]}, "materials": {"land": ["规划条件"]}}}


def test_docx_files_become_the_cases_assessment(
    workspace: Workspace, department: Callable[..., Path]
) -> None:
    """Two departments' DOCX become the 研判 of a case that stands in a roster, and its plan follows."""
    outcome = merge_files(Office(workspace), "JC-1", [department("一科", **ONE), department("二科", **TWO)])
    assert outcome.file == "cases/JC-1.assessment.yaml"
    cases = load_cases(workspace.path)
    (case,) = cases.cases
    assert case.assessment == outcome.assessment
    assert [(item.name, item.authority) for item in effective_plan(case).approval.items] == [
        ("企业投资项目备案", "市级"),
        ("用地预审与选址意见书核发", "市级"),
        ("水土保持登记", "县级"),
    ]
    assert effective_plan(case).approval.materials == ("规划条件",)
    assert "JC-1.assessment.yaml" in cases.where("JC-1", "assessment.filled_by")
    assert cases.where("JC-1", "project.name") == "roster.xlsx 项目!B2"
    assert ["为准" in problem.problem for problem in cases.warnings["JC-1"]] == [True]


def test_merging_anew_keeps_the_first_aside(workspace: Workspace, department: Callable[..., Path]) -> None:
    """What was merged before, and perhaps settled by hand, moves aside and is not read as a case."""
    first = merge_files(Office(workspace), "JC-1", [department("一科", **ONE)])
    before = (workspace.path / first.file).read_bytes()
    second = merge_files(Office(workspace), "JC-1", [department("二科", **TWO)], anew=True)
    assert second.superseded is not None
    assert (workspace.path / second.superseded).read_bytes() == before
    assert [case.assessment.filled_by for case in load_cases(workspace.path).cases] == ["二科"]


def test_nothing_is_written_when_a_sheet_is_refused(
    workspace: Workspace, department: Callable[..., Path]
) -> None:
    """One sheet of another project among good ones: refused, and the workspace is as before."""
    before = sorted(path.name for path in workspace.cases.rglob("*"))
    with pytest.raises(CaseDataError, match="不是同一个项目"):
        merge_files(
            Office(workspace), "JC-1", [department("一科", **ONE), department("二科", "别的项目", **TWO)]
        )
    assert sorted(path.name for path in workspace.cases.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("gone.docx", None, UnreadableError, "gone.docx"),
        ("a.docx", b"PK\x03\x04 no zip", UnreadableError, "a.docx"),
        ("a.pdf", b"%PDF-1.7 no pdf", UnreadableError, "a.pdf"),
        ("a.txt", b"text", UnreadableError, "a.txt"),
    ],
)
def test_files_that_are_none_are_refused(
    workspace: Workspace,
    tmp_path: Path,
    name: str,
    content: bytes | None,
    error: type[DaibanError],
    words: str,
) -> None:
    """Missing and broken files and other kinds are refused by name."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(error, match=words):
        merge_files(Office(workspace), "JC-1", [path])


def test_other_forms_are_no_assessments(
    workspace: Workspace, tmp_path: Path, form: Callable[[str], FormDefinition]
) -> None:
    """A DOCX of another form is refused as no 研判表."""
    path = tmp_path / "委托书.docx"
    path.write_bytes(FormFiller(form("ledger")).fill(bind(make().tree(), form("ledger"))).docx)
    with pytest.raises(CaseDataError, match="不是研判表"):
        merge_files(Office(workspace), "JC-1", [path])


def test_an_unknown_case_is_refused(workspace: Workspace, department: Callable[..., Path]) -> None:
    """A case nobody knows is a wrong command line, with the nearest known."""
    with pytest.raises(UsageError, match="JC-1"):
        merge_files(Office(workspace), "JC-11", [department("一科", **ONE)])


# -- joining and settling ------------------------------------------------------------------------------------


def test_a_later_sheet_joins_what_was_merged_before() -> None:
    """Merged one after the other, sheets give the same as merged together; the same file again adds nothing."""
    sheets = (sheet("一科", {f"{CITY}.5": True}), sheet("二科", {f"{CITY}.3": True}), sheet("三科"))
    step: AssessmentOverlay | None = None
    for one in (*sheets, sheets[0]):
        step = merge(make(), [one], FORMS, step)
    assert step == merged(*sheets)


def test_a_departments_newer_sheet_replaces_its_older_one() -> None:
    """What a department ticked before counts no more, and contradictions with it are gone."""
    first = merged(sheet("一科", {f"{CITY}.3": True}), sheet("二科", {f"{CITY}.4": True}))
    assert len(first.merged.contradictions) == 1
    newer = AssessmentSheet("二科改.docx", "new", "二科", {"project.name": NAME, f"{CITY}.3": True})
    found = merge(make(), [newer], FORMS, first)
    assert found.assessment.approval.items.city == ("企业投资项目备案",)
    assert found.merged.contradictions == ()


LEVELS = ({f"{CITY}.3": True}, {f"{COUNTY}.0": True, f"{COUNTY}.text_0": "企业投资项目备案"})
EXCLUSIVE = ({f"{CITY}.3": True}, {f"{CITY}.4": True})
FEES = (
    {f"{CITY}.3": True, "assessment.approval.fees": "无"},
    {f"{CITY}.3": True, "assessment.approval.fees": "水土保持补偿费"},
)


@pytest.mark.parametrize(
    ("sheets", "choice", "said"),
    [
        (LEVELS, "县级", ((), ("企业投资项目备案",), None)),
        (LEVELS, "1", (("企业投资项目备案",), (), None)),
        (EXCLUSIVE, "项目核准", (("项目核准",), (), None)),
        (FEES, "1", (("企业投资项目备案",), (), "无")),
        (FEES, "2", (("企业投资项目备案",), (), "水土保持补偿费")),
        (FEES, "水土保持补偿费，按规定收取", (("企业投资项目备案",), (), "水土保持补偿费，按规定收取")),
    ],
)
def test_a_choice_settles_a_contradiction(
    sheets: tuple[dict[str, Any], dict[str, Any]], choice: str, said: tuple[Any, ...]
) -> None:
    """By number or words, a choice leaves one side of a contradiction, and nothing else changes."""
    found = merged(sheet("一科", sheets[0]), sheet("二科", sheets[1]))
    (one,) = found.merged.contradictions
    stage = settled(found.assessment, one, chosen(one, choice)).approval
    assert (stage.items.city, stage.items.county, stage.fees) == said


def test_a_box_nobody_could_read_is_settled_by_who_looks() -> None:
    """An unread box is ticked by a person's word, or not; what is none of the options is refused with all of them."""
    found = merged(sheet("一科", {f"{CITY}.3": True}, unsure=(f"{CITY}.5",)))
    (one,) = found.merged.contradictions
    ticked_too = ("企业投资项目备案", "用地预审与选址意见书核发")
    assert settled(found.assessment, one, chosen(one, "勾选")).approval.items.city == ticked_too
    assert settled(found.assessment, one, chosen(one, "不勾选")) == found.assessment
    with pytest.raises(InvalidValue, match="不在可选的里面") as caught:
        chosen(one, "也许")
    assert caught.value.advice is not None and "1 勾选；2 不勾选" in caught.value.advice


def test_a_settled_contradiction_is_on_record_and_stays_settled(
    workspace: Workspace, department: Callable[..., Path]
) -> None:
    """Who, when and what stand in the file; a sheet that adds nothing to it leaves it settled, one that does opens
    it.
    """
    sides = ({"items": {"city": ["企业投资项目备案"]}}, {"items": {"city": ["项目核准"]}})
    paths = [department(name, approval=side) for name, side in zip(("一科", "二科"), sides, strict=True)]
    merge_files(Office(workspace), "JC-1", paths)
    done = settle(Office(workspace), "JC-1", 1, choice="企业投资项目备案", by="王建国", reason="会商定的")
    (one,) = done.contradictions
    assert one.settled is not None
    assert (one.settled.by, one.settled.choice, one.settled.reason) == (
        "王建国",
        "企业投资项目备案",
        "会商定的",
    )
    assert one.settled.at[:2] == "20"
    third = department("三科", planning={"items": {"city": ["建设工程规划许可证核发"]}})
    joined = merge_files(Office(workspace), "JC-1", [third])
    assert [item.settled for item in joined.contradictions] == [one.settled]
    assert joined.assessment.approval.items.city == ("企业投资项目备案",)
    fourth = merge_files(Office(workspace), "JC-1", [department("四科", approval=sides[1])])
    assert [item.settled for item in fourth.contradictions] == [None]


def test_a_choice_can_be_taken_back_by_another() -> None:
    """Who settles a contradiction anew gets what the new choice says, also where the first one removed it."""
    found = merged(sheet("一科", EXCLUSIVE[0]), sheet("二科", EXCLUSIVE[1]))
    (one,), ticks = found.merged.contradictions, found.merged.places()
    first = settled(found.assessment, one, "企业投资项目备案", ticks)
    assert settled(first, one, "项目核准", ticks).approval.items.city == ("项目核准",)


def test_a_row_of_the_roster_settles_a_contradiction(
    workspace: Workspace, department: Callable[..., Path]
) -> None:
    """Who, when and what a row of the roster says settles a contradiction; the next run of generate puts it on record,
    where it stays once the row is gone.
    """
    sides = ({"items": {"city": ["企业投资项目备案"]}}, {"items": {"city": ["项目核准"]}})
    paths = [department(name, approval=side) for name, side in zip(("一科", "二科"), sides, strict=True)]
    (one,) = merge_files(Office(workspace), "JC-1", paths).contradictions
    row = {"matter": one.code, "choice": "项目核准", "by": "王建国", "date": "2026-03-06", "reason": "会商"}
    write_roster(workspace.roster, [make(rulings=[row])], overwrite=True)
    office = Office(workspace)
    (case,) = office.cases.cases
    (done,) = office.contradictions(case)
    assert case.assessment.approval.items.city == ("项目核准",)
    assert done.settled is not None
    assert (done.settled.by, done.settled.at, done.settled.reason) == ("王建国", "2026-03-06", "会商")
    assert office.cases.exit_code is ExitCode.OK
    generate(office, GenerateRequest(forms=("jincheng-ledger",)))
    write_roster(workspace.roster, [make()], overwrite=True)
    assert Office(workspace).cases.contradictions["JC-1"] == (done,)
    third = merge_files(Office(workspace), "JC-1", [department("三科", planning=TWO["approval"])])
    assert [item.settled for item in third.contradictions] == [done.settled]


@pytest.mark.parametrize(
    ("row", "severity", "words"),
    [
        ({"matter": "ZZZZ"}, "warning", "没有“ZZZZ”这一处矛盾"),
        ({"choice": "都要"}, "error", "不在可选的里面"),
        ({"by": None}, "error", "决定人"),
        ({"date": None}, "error", "决定日期"),
        ({"matter": "只能走一种", "choice": "2"}, None, ""),
        ({"choice": "按文件"}, None, ""),
    ],
)
def test_a_row_that_settles_nothing_is_told_by_its_cell(
    workspace: Workspace,
    department: Callable[..., Path],
    row: dict[str, Any],
    severity: str | None,
    words: str,
) -> None:
    """A row that names no contradiction, no possible choice, nobody or no day is told where it stands, and leaves the
    contradiction open; words that one contradiction alone holds, and a choice by its number, are understood.
    """
    sides = ({"items": {"city": ["企业投资项目备案"]}}, {"items": {"city": ["项目核准"]}})
    paths = [department(name, approval=side) for name, side in zip(("一科", "二科"), sides, strict=True)]
    (one,) = merge_files(Office(workspace), "JC-1", paths).contradictions
    whole = {"matter": one.code, "choice": "项目核准", "by": "王建国", "date": "2026-03-06", **row}
    (workspace.cases / "a.yaml").write_text(
        yaml.safe_dump(
            {
                **make().model_dump(include={"id", "project", "enterprise"}),
                "id": "JC-1",
                "document": "jincheng",
                "rulings": [whole],
            },
            allow_unicode=True,
        ),
        "utf-8",
    )
    workspace.roster.unlink()
    office = Office(workspace)
    told = [item for item in office.cases.problems_of("JC-1") if (item.field or "").startswith("rulings")]
    assert [(item.severity, words in item.problem) for item in told] == (
        [(severity, True)] if severity else []
    )
    (found,) = office.cases.contradictions["JC-1"]
    assert (found.settled is None) == (severity is not None)


def test_of_two_rulings_the_later_day_counts(workspace: Workspace, department: Callable[..., Path]) -> None:
    """A contradiction is settled anew by a row of a later day; one of an earlier day is said to count no more."""
    sides = ({"items": {"city": ["企业投资项目备案"]}}, {"items": {"city": ["项目核准"]}})
    paths = [department(name, approval=side) for name, side in zip(("一科", "二科"), sides, strict=True)]
    (one,) = merge_files(Office(workspace), "JC-1", paths).contradictions
    rows = [
        {"matter": one.code, "choice": choice, "by": "王建国", "date": day}
        for choice, day in (
            ("项目核准", "2026-03-06"),
            ("企业投资项目备案", "2026-03-09"),
            ("项目核准", "2026-03-08"),
        )
    ]
    write_roster(workspace.roster, [make(rulings=rows)], overwrite=True)
    office = Office(workspace)
    assert office.case("JC-1").assessment.approval.items.city == ("企业投资项目备案",)
    (doubt,) = (item for item in office.cases.warnings["JC-1"] if item.field == "rulings")
    assert (doubt.where, "2026-03-09" in doubt.problem) == ("roster.xlsx 研判矛盾!C4", True)


def test_a_hand_edit_survives_a_later_sheet(workspace: Workspace, department: Callable[..., Path]) -> None:
    """What staff wrote into the merged file stays when a sheet joins; where both changed, a person is asked."""
    first = merge_files(Office(workspace), "JC-1", [department("一科", **ONE)])
    file = workspace.path / first.file
    data = yaml.safe_load(file.read_text("utf-8"))
    data["assessment"]["approval"]["tips"] = "手工写的要点"
    file.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    second = merge_files(Office(workspace), "JC-1", [department("二科", **TWO)])
    assert second.assessment.approval.tips == "手工写的要点"
    both = {**ONE["approval"], "tips": "三科的要点"}
    third = merge_files(Office(workspace), "JC-1", [department("三科", approval=both)])
    assert "手工改成了“手工写的要点”" in third.contradictions[-1].problem
    assert third.contradictions[-1].settled is None


def test_what_prints_a_contradiction_is_held_back(
    workspace: Workspace, department: Callable[..., Path]
) -> None:
    """方案, 委托书 and 研判表 wait for the decision and say so, the 台账 does not; settled, none waits any more."""
    sides = ({"items": {"city": ["企业投资项目备案"]}}, {"items": {"city": ["项目核准"]}})
    paths = [department(name, approval=side) for name, side in zip(("一科", "二科"), sides, strict=True)]
    merge_files(Office(workspace), "JC-1", paths)
    result = generate(Office(workspace), GenerateRequest(dry_run=True))
    held = {f"jincheng-{name}" for name in ("service-plan", "authorisation", "assessment")}
    assert {item.form for item in result.held} == held
    assert held.isdisjoint(item.form for item in result.planned)
    assert all("第1处，只能走一种" in problem.problem for item in result.held for problem in item.problems)
    assert result.exit_code is ExitCode.REVIEW
    (case,) = workspace_status(Office(workspace)).cases
    assert {form.form for form in case.forms if form.next and "矛盾" in form.next} == held
    shown = CliRunner().invoke(cli, ["status", str(workspace.path)]).stdout
    assert "只能走一种" in shown and "可选：1 企业投资项目备案　2 项目核准" in shown
    assert "只能走一种" in CliRunner().invoke(cli, ["plan", str(workspace.path)]).stdout
    arguments = ["settle", str(workspace.path), "--case", "JC-1", "1", "--choose", "2", "--by", "王建国"]
    assert "已定：项目核准" in CliRunner().invoke(cli, arguments).stdout
    after = generate(Office(workspace), GenerateRequest(dry_run=True))
    assert after.held == ()
    assert held <= {item.form for item in after.planned} | {item.form for item in after.waiting}
    shown = CliRunner().invoke(cli, ["plan", str(workspace.path)]).stdout
    assert "（已定）" in shown and "王建国" in shown


# -- overlays in a workspace -------------------------------------------------------------------------------


def lay(workspace: Workspace, name: str, content: Any) -> None:
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    (workspace.cases / f"{name}.assessment.yaml").write_text(text, "utf-8")


def test_an_overlay_settled_by_hand_counts(workspace: Workspace) -> None:
    """People may edit the merged file: what stands under assessment is the case's 研判."""
    lay(workspace, "JC-1", {"case": "JC-1", "assessment": {"approval": {"items": {"city": ["甲"]}}}})
    assert load_cases(workspace.path).cases[0].assessment.approval.items.city == ("甲",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"case": "JC-1", "assessment": {"approval": {"item": {}}}}, "不认识的键“item”"),
        ({"case": "JC-1"}, "必须填写"),
        ("case: JC-1\nassessment: [", "不是合格的 YAML"),
        ("case: JC-1\nassessment: {}\nassessment: {}\n", "写了两次"),
        ("- 1", "必须填写"),
    ],
)
def test_a_broken_overlay_refuses_its_case(workspace: Workspace, content: Any, words: str) -> None:
    """A merged 研判 that cannot be read refuses its case: the old one must not silently stand in for it."""
    lay(workspace, "JC-1", content)
    found = load_cases(workspace.path)
    assert found.cases == ()
    told = "".join(str(problem) for problem in found.rejected[0].problems)
    assert words in told and "JC-1.assessment.yaml" in told


def test_an_overlay_of_no_case_is_a_doubt(workspace: Workspace) -> None:
    """A merged 研判 whose case is gone is told, and stops nothing."""
    lay(workspace, "X", {"case": "X", "assessment": {}})
    found = load_cases(workspace.path)
    assert len(found.cases) == 1
    assert [problem.severity for problem in found.general] == ["warning"]


# -- the commands ------------------------------------------------------------------------------------------


def run(*arguments: str | Path) -> Any:
    result = CliRunner().invoke(cli, [*map(str, arguments), "--json"], standalone_mode=False)
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_commands_tell_programs(workspace: Workspace, department: Callable[..., Path]) -> None:
    """merge --json says what was merged; plan --json where each part of the plan comes from."""
    told = run("merge", workspace.path, "--case", "JC-1", department("一科", **ONE))
    assert set(told) == {
        "case", "file", "superseded", "assessment", "sources", "ticks", "texts", "contradictions",
    }  # fmt: skip
    assert told["ticks"][0] == {"field": CITY, "entry": "企业投资项目备案", "by": ["一科"]}
    (case,) = run("plan", workspace.path, "--case", "JC-1")["cases"]
    assert case["plan"]["approval"]["items"][0] == {"name": "企业投资项目备案", "authority": "市级"} | {
        key: None for key in case["plan"]["approval"]["items"][0] if key not in ("name", "authority")
    }
    assert set(case["origins"].values()) == {"derived"}
    assert case["differences"] == []


def test_commands_tell_people(workspace: Workspace, department: Callable[..., Path]) -> None:
    """merge lists who ticked how much and what contradicts; plan lists where plan and 研判 differ."""
    paths = [department("一科", **ONE), department("二科", approval={"items": {"city": ["项目核准"]}})]
    result = CliRunner().invoke(cli, ["merge", str(workspace.path), "--case", "JC-1", *map(str, paths)])
    assert "一科　一科.docx　勾选 2 项，填写 1 处" in result.stdout
    assert "只能走一种" in result.stdout
    shown = CliRunner().invoke(cli, ["plan", str(workspace.path)])
    assert "由研判得出：立项用地规划许可阶段事项及审批权限" in shown.stdout
