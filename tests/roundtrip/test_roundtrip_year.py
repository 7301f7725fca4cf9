"""A project through its year, as a steward takes it through the command: from 研判 to the files on the shelf."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook

from extractors.digital.answers import read_docx
from extractors.model import IssuedDocument
from simulator import files
from simulator.digital.docx_edits import edited
from simulator.filling.planning import PlannedEntry
from simulator.simulate import simulate
from simulator.workspaces.issued import case_contexts, issued_documents

Run = Callable[..., tuple[int, dict[str, Any]]]
pytestmark = pytest.mark.office

CASE = "JC-2026-100"
TODAY = dt.date.today()
SPRING, SUMMER, AUTUMN = (TODAY - dt.timedelta(days) for days in (200, 120, 30))
CITY = "assessment.approval.items.city"
PROJECT = {
    "编号": CASE,
    "文件": "jincheng",
    "阶段": "立项用地规划许可",
    "项目名称": "太行新材料生产线项目",
    "项目代码": "2601-140502-04-01-123456",
    "项目单位": "太行新材料有限公司",
    "项目联系人": "李明",
    "联系电话": "13900000000",
    "项目长": "王建国",
}


class Steward:
    """A steward at the keyboard: runs commands, fills the roster, sends papers out and gets them back."""

    def __init__(self, workspace: Path, run: Run, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        self._run = run
        self._rng = np.random.default_rng(2026)

    def ask(self, command: str, *arguments: str | Path, code: int = 0) -> dict[str, Any]:
        """One command with --json, which must end with ``code``."""
        ended, told = self._run(command, self.workspace, *arguments)
        assert ended == code, told
        return told

    def generate(self, *forms: str) -> dict[str, str]:
        """What was issued for the case: form → issue number."""
        named = (part for form in forms for part in ("--form", form))
        told = self.ask("generate", "--case", CASE, *named)
        return {item["form"]: item["issue"] for item in told["issued"]}

    def write(self, sheet: str, *rows: Mapping[str, str]) -> None:
        """Rows of one sheet of the roster by their headings; the example, or what stood there, goes."""
        book = load_workbook(self.workspace / "roster.xlsx")
        page = book[sheet]
        columns = {str(cell.value): cell.column for cell in page[1]}
        for column in columns.values():
            page.cell(2, column).value = None
        for number, row in enumerate(rows, 2):
            for heading, value in row.items():
                page.cell(number, columns[heading]).value = value
        book.save(self.workspace / "roster.xlsx")

    def issued(self, form: str) -> IssuedDocument:
        """The current document of a form."""
        return next(one for one in issued_documents(self.workspace) if one.form_id == form)

    def department(self, name: str, ticks: list[str], texts: Mapping[str, str]) -> Path:
        """The issued 研判表 as a department fills it in Word, by its controls."""
        document = self.issued("jincheng-assessment")
        areas = {area.id: area for area in document.areas}
        said = {"assessment.filled_by": name, **texts}
        plan = {
            key: PlannedEntry(area=areas[key], methods=("typed",), text=text) for key, text in said.items()
        }
        plan |= {key: PlannedEntry(area=areas[key], methods=("tick",)) for key in ticks}
        target = self.folder / f"{name}.docx"
        target.write_bytes(edited(document, plan))
        return target

    def bring_back(self, day: dt.date, *forms: str) -> dict[str, Any]:
        """Papers filled, signed and scanned in colour on a day, all in one file, and verified."""
        contexts = case_contexts(issued_documents(self.workspace), day)
        found = [self.issued(form) for form in forms]
        scans = [simulate(one, self._rng, contexts[one.number], turns=False) for one in found]
        file = self.folder / f"交回 {day.isoformat()}.pdf"
        file.write_bytes(files.pdf([page for scan in scans for page in scan.pages]))
        return self.ask("verify", file)

    def files(self, *, code: int) -> dict[str, Any]:
        """What ``archive`` says of the case."""
        (case,) = self.ask("archive", "--case", CASE, code=code)["cases"]
        return dict(case)


@pytest.fixture
def steward(run: Run, daiban: Callable[..., subprocess.Popen[str]], tmp_path: Path) -> Steward:
    """A steward with a new workspace and one project in its roster."""
    workspace = tmp_path / "我的工作区"
    process = daiban("init", workspace, "--agency", "晋城市行政审批服务管理局")
    assert process.communicate(timeout=60)[1] == "" and process.returncode == 0
    one = Steward(workspace, run, tmp_path)
    one.write("项目", PROJECT)
    return one


def states(case: Mapping[str, Any]) -> dict[str, str]:
    """The state of each needed document."""
    return {item["form"]: item["state"] for stage in case["stages"] for item in stage["documents"]}


def test_a_project_from_assessment_to_archive(steward: Steward) -> None:
    """Only when every paper is back complete can the case be filed, and its list says what lies in it."""
    assess(steward)
    entrust(steward)
    complete(steward)
    shelve(steward)


def assess(steward: Steward) -> None:
    """研判: two departments fill the sheet, which becomes the plan."""
    assert set(steward.generate("jincheng-assessment")) == {"jincheng-assessment"}
    sheets = [
        steward.department("项目一科", [f"{CITY}.3"], {"assessment.approval.special_steps": "节能审查"}),
        steward.department("项目二科", [f"{CITY}.5"], {"assessment.approval.fees": "无"}),
    ]
    merged = steward.ask("merge", "--case", CASE, *sheets)
    assert {tick["entry"]: tick["by"] for tick in merged["ticks"]} == {
        "企业投资项目备案": ["项目一科"],
        "用地预审与选址意见书核发": ["项目二科"],
    }
    (plan,) = steward.ask("plan", "--case", CASE)["cases"]
    assert set(plan["origins"].values()) == {"derived"}


def entrust(steward: Steward) -> None:
    """委托: plan and papers go out in a packet, come back signed, and are complete; the case goes on."""
    out = steward.generate()
    assert set(out) == {
        f"jincheng-{name}" for name in ("assessment", "service-plan", "authorisation", "ledger")
    }
    said = read_docx(steward.issued("jincheng-authorisation").docx)
    assert said["authorisation.items"] == "企业投资项目备案、用地预审与选址意见书核发"
    packet = steward.ask("packet", "--case", CASE)
    assert [form["form"] for form in packet["forms"] if form["todos"]] == ["jincheng-authorisation"]
    assert (steward.workspace / packet["zip"]).is_file()

    told = steward.bring_back(SPRING, "jincheng-authorisation")
    assert {document["verdict"] for document in told["documents"]} == {"complete"}
    (case,) = steward.ask("status")["cases"]
    assert case["complete"] == ["jincheng-authorisation"]
    assert case["next"] == []
    case = steward.files(code=10)
    assert set(states(case).values()) == {"complete"}
    assert case["reasons"] == ["还在“立项用地规划许可”阶段，没有办结"]


def complete(steward: Steward) -> None:
    """竣工验收: the ledger is kept, the service ends, and what ends it comes back."""
    ending = {"阶段": "竣工验收", "完结阶段": "竣工验收", "完结日期": AUTUMN.isoformat()}
    steward.write("项目", PROJECT | ending)
    steward.write("移交材料", {"编号": CASE, "材料": "企业投资项目备案证"})
    entry = {"时间": SUMMER.isoformat(), "内容": "指导准备备案材料", "完成许可事项情况": "备案证已领取"}
    steward.write("台账", {"编号": CASE, **entry})
    assert set(steward.generate()) == {f"jincheng-{name}" for name in ("ledger", "completion", "suggestions")}
    awaited = {"jincheng-completion": "awaited", "jincheng-suggestions": "awaited"}
    case = steward.files(code=10)
    assert {form: state for form, state in states(case).items() if state != "complete"} == awaited

    told = steward.bring_back(TODAY, "jincheng-completion", "jincheng-suggestions")
    assert {document["verdict"] for document in told["documents"]} == {"complete"}


def shelve(steward: Steward) -> None:
    """归档: the case can be filed; its list says every paper, once, and stays as it is; a lost file is told."""
    case = steward.files(code=0)
    assert (case["label"], case["reasons"], case["contents"]) == ("可以归档", [], "missing")
    assert set(steward.generate("archive-contents")) == {"archive-contents"}
    assert steward.generate("archive-contents") == {}
    said = read_docx(steward.issued("archive-contents").docx)
    needed = {item["form"]: item for stage in case["stages"] for item in stage["documents"]}
    listed = [said[f"archive.documents.{row}.issue"] for row in range(len(needed))]
    assert listed == [item["issue"] for item in needed.values()]
    assert said[f"archive.documents.{len(needed)}.issue"] is None
    assert not any(said[f"archive.documents.{row}.remark"] for row in range(len(needed)))
    assert steward.files(code=0)["contents"] == "issued"

    (steward.workspace / needed["jincheng-completion"]["file"]).unlink()
    case = steward.files(code=10)
    assert (case["label"], states(case)["jincheng-completion"]) == ("不能归档", "incomplete")
