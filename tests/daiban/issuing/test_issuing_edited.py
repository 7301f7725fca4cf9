"""A DOCX that staff edited is issued as it is: checked, marked, on record; and stands until a person says otherwise."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pypdf
import pytest

from daiban.history import case_history
from daiban.issuing import GenerateRequest, Reissue, generate
from daiban.issuing.edited import issue_edited
from daiban.office import Office
from daiban.status import workspace_status
from daiban.workspace import Workspace
from foundation.errors import CaseDataError, DaibanError, UsageError

pytestmark = pytest.mark.office
FORM = "jincheng-authorisation"


def write(workspace: Workspace, phone: str = "13800138000") -> None:
    case = {
        "id": "A1",
        "document": "jincheng",
        "stage": "立项用地规划许可",
        "project": {"name": "某项目"},
        "enterprise": {"name": "某公司"},
        "agency": {"name": "某局"},
        "contact": {"name": "李明", "phone": phone},
        "authorisation": {"items": ["企业投资项目备案"]},
    }
    (workspace.cases / "A1.json").write_text(json.dumps(case, ensure_ascii=False), "utf-8")


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """A workspace with one 委托书 that is out, and its number."""
    workspace = Workspace.create(tmp_path_factory.mktemp("edited") / "ws")
    write(workspace)
    (item,) = generate(Office(workspace), GenerateRequest(forms=(FORM,), workers=1)).issued
    return workspace, item.issue


def edit(source: Path, target: Path, *changes: tuple[str, str]) -> Path:
    """The DOCX with other words, as Word would save it."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts["word/document.xml"].decode("utf-8")
    for old, new in changes:
        assert old in xml
        xml = xml.replace(old, new, 1)
    parts["word/document.xml"] = xml.encode("utf-8")
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ((), UsageError, "没有改过"),
        (
            (("<w:p>", '<w:p><w:ins w:id="9" w:author="甲"><w:r><w:t>增</w:t></w:r></w:ins>'),),
            CaseDataError,
            "修订",
        ),
        ((('w:val="contact.name"', 'w:val="contact.nom"'),), CaseDataError, "不是这张表的字段"),
        ((('w:val="contact.name"', 'w:val="contact.phone"'),), CaseDataError, "有几份"),
    ],
)
def test_what_cannot_go_out_as_it_is_is_told(
    issued: tuple[Workspace, str],
    tmp_path: Path,
    changes: tuple[tuple[str, str], ...],
    error: type[DaibanError],
    words: str,
) -> None:
    """An untouched file, tracked changes, and fields that are unknown or there twice are refused, nothing written."""
    workspace, number = issued
    source = workspace.issued("A1", FORM, ".docx")
    path = edit(source, tmp_path / "a.docx", *changes) if changes else source
    with pytest.raises(error, match=words):
        issue_edited(Office(workspace), number, by="王建国", reason="改条款", docx=path)
    assert [issue.number for issue in Office(workspace).issues.values()] == [number]


def test_an_edited_document_goes_out_as_it_is_and_stands(tmp_path: Path) -> None:
    """Its PDF says what it says, under a new number; what is otherwise is shown and on record; the same data issue
    nothing anew, changed data neither, until a person asks for it.
    """
    workspace = Workspace.create(tmp_path / "ws")
    write(workspace)
    (first,) = generate(Office(workspace), GenerateRequest(forms=(FORM,), workers=1)).issued
    docx = workspace.path / first.docx
    edit(docx, docx, ("李明", "李小明"), ("其他确需中止", "经协商确需中止"))
    made = issue_edited(Office(workspace), first.issue, by="王建国", reason="企业要求")
    assert (made.voids, [str(one) for one in made.differs]) == (
        first.issue,
        ["项目联系人：“李明” → “李小明”"],
    )
    assert any("经协商" in line for line in made.wording)
    assert made.issued.pdf is not None
    pages = pypdf.PdfReader(workspace.path / made.issued.pdf).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    assert "李小明" in text and "经协商确需中止" in text
    decided = [event for event in case_history(Office(workspace), "A1").events if event.kind == "decided"]
    assert [(event.by, "经协商" in event.text) for event in decided] == [("王建国", True)]
    request = GenerateRequest(cases=("A1",), forms=(FORM,), workers=1)
    again = generate(Office(workspace), request)
    assert ([item.issue for item in again.unchanged], again.warnings) == ([made.issued.issue], ())
    write(workspace, phone="13900000000")
    changed = generate(Office(workspace), request)
    assert changed.issued == () and "照改过的 DOCX 出具" in changed.warnings[0].problem
    (form,) = (one for one in workspace_status(Office(workspace)).cases[0].forms if one.form == FORM)
    assert (form.state, bool(form.changes)) == ("issued", True)
    wish = Reissue("王建国", "按新电话")
    (anew,) = generate(Office(workspace), GenerateRequest(("A1",), (FORM,), 1, wish)).issued
    assert Office(workspace).published(Office(workspace).case("A1"), FORM) is not None
    assert anew.issue != made.issued.issue
