"""From 研判 to 方案 and timetable: a project as a steward takes it, through the command, on paper forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

from daiban.workspace import Workspace
from extractors.digital.answers import read_docx
from forms.catalogue import Catalogue
from generator.bind import bind
from generator.template.fill import FormFiller

Run = Callable[..., tuple[int, dict[str, Any]]]
pytestmark = pytest.mark.office
CASE: dict[str, Any] = {
    "id": "JC-1",
    "document": "jincheng",
    "stage": "立项用地规划许可",
    "project": {"name": "某新材料项目"},
    "enterprise": {"name": "某公司"},
    "agency": {"name": "某局"},
    "contact": {"name": "李明", "phone": "13900000000"},
    "manager": {"name": "王建国"},
}


def fields_of(siblings: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Form fields by their fully qualified names."""
    for field in list(siblings):
        name = f"{prefix}.{field.T}" if prefix else str(field.T)
        if "/Kids" in field and "/FT" not in field:
            yield from fields_of(field.Kids, name)
        else:
            yield name, field


def tick(source: Path, target: Path, boxes: list[str], texts: dict[str, str]) -> Path:
    """A PDF as a department fills it on screen: boxes ticked, fields typed."""
    with pikepdf.open(source) as pdf:
        for name, field in fields_of(pdf.Root.AcroForm.Fields):
            if name in boxes:
                field.V = field.AS = pikepdf.Name.Yes
            elif name in texts:
                field.V = pikepdf.String(texts[name])
        pdf.save(target)
    return target


def test_a_project_from_assessment_to_plan(run: Run, tmp_path: Path) -> None:
    """Issued 研判表 come back as PDF and DOCX, are merged, and the 服务方案 says what they ticked."""
    workspace = tmp_path / "ws"
    _init(workspace)
    code, told = run("generate", workspace, "--form", "jincheng-assessment")
    assert code == 0, told
    issued = workspace / told["issued"][0]["pdf"]
    city = "assessment.approval.items.city"
    texts = {"assessment.filled_by": "项目一科", "assessment.approval.special_steps": "节能审查"}
    first = tick(issued, tmp_path / "一科.pdf", [f"{city}.3"], texts)
    second = _docx(
        tmp_path / "二科.docx",
        {"items": {"city": ["用地预审与选址意见书核发"]}, "materials": {"land": ["规划条件"]}},
    )

    code, merged = run("merge", workspace, "--case", "JC-1", first, second)
    assert code == 0, merged
    assert {tick["entry"]: tick["by"] for tick in merged["ticks"]} == {
        "企业投资项目备案": ["项目一科"],
        "用地预审与选址意见书核发": ["项目二科"],
        "规划条件": ["项目二科"],
    }
    code, told = run("generate", workspace, "--form", "jincheng-service-plan")
    assert code == 0, told
    plan = read_docx(workspace / told["issued"][0]["docx"])
    assert plan["plan.approval.items"] == "1. 企业投资项目备案（市级）\n2. 用地预审与选址意见书核发（市级）"
    assert plan["plan.approval.materials"] == "规划条件"
    assert plan["plan.approval.special_steps"] == "节能审查"
    assert run("generate", workspace, "--form", "jincheng-service-plan")[1]["issued"] == []


def test_sheets_of_two_projects_are_told_by_their_marks(run: Run, tmp_path: Path) -> None:
    """A PDF of another case is refused by its page marks though its name says nothing; nothing is written."""
    workspace = tmp_path / "ws"
    _init(workspace, {**CASE, "id": "JC-2", "enterprise": {"name": "另一公司"}})
    told = run("generate", workspace, "--form", "jincheng-assessment")[1]
    by_case = {item["case"]: workspace / item["pdf"] for item in told["issued"]}
    box = "assessment.approval.items.city.3"
    sheets = [tick(path, tmp_path / f"{case}.pdf", [box], {}) for case, path in by_case.items()]
    code, merged = run("merge", workspace, "--case", "JC-1", *sheets)
    assert code == 20
    assert [(problem["where"], problem["field"]) for problem in merged["problems"]] == [("JC-2.pdf", "id")]
    assert list((workspace / "cases").glob("*.assessment.yaml")) == []


def _init(workspace: Path, *others: dict[str, Any]) -> None:
    made = Workspace.create(workspace)
    (made.cases / "a.yaml").write_text(yaml.safe_dump([CASE, *others], allow_unicode=True), "utf-8")


def _docx(path: Path, findings: dict[str, Any]) -> Path:
    """A DOCX as a department fills it in Word: the same form, its controls answered."""
    form = Catalogue.load().form("jincheng-assessment")
    tree = {**CASE, "assessment": {"filled_by": "项目二科", "approval": findings}}
    path.write_bytes(FormFiller(form).fill(bind(tree, form)).docx)
    return path
