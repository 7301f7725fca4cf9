"""The staff's door: what is asked is what operations answer, and every write is theirs, checked and on record."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.roster.write import write_roster
from cases.samples import load_sample
from cases.workspace_cases import load_cases
from daiban.office import Office
from foundation.digests import sha256_of_bytes

CASE = "JC-2026-001"


def _text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    content: str = (
        b"".join(response.streaming_content).decode() if response.streaming else response.content.decode()
    )
    return content


def _audited(**of: str) -> list[str]:
    """What the audit log says, once Django is set up."""
    from daiban.web.audit.models import AuditEntry

    return list(AuditEntry.objects.filter(**of).values_list("action", flat=True))


def _issue_of(workspace: Path) -> Any:
    return next(one for one in Office.open(workspace).issues_of_case[CASE] if one.pdf)


def test_the_board_finds_filters_and_sorts(page: Path, staff: Any) -> None:
    """Every case is on it; what is searched for alone is found; an address that asks for nonsense shows the board."""
    text = _text(staff.get("/cases/"))
    for case in Office.open(page).cases.cases[:3]:
        assert case.id in text
        assert case.project.name in text
    found = _text(staff.get("/cases/", {"search": CASE}, headers={"HX-Request": "true"}))
    assert "<html" not in found
    assert f"/cases/{CASE}/" in found
    assert "JC-2026-003" not in found
    assert "没有符合条件的案件" in _text(staff.get("/cases/", {"search": "没有这样的案件"}))
    odd = {"which": "x", "page": "-1", "order": "; drop", "descending": "maybe", "stage": ""}
    assert CASE in _text(staff.get("/cases/", odd))


def test_a_case_shows_its_documents_with_what_is_open(page: Path, staff: Any) -> None:
    """Pages as pictures, places that are open, timetable, history, what is next; what is escaped stays text."""
    text = _text(staff.get(f"/cases/{CASE}/"))
    issue = next(one for one in Office.open(page).issues_of_case[CASE] if one.number in text)
    assert f"编号 {issue.number}" in text
    assert "/pictures/issued/" in text
    assert "出具《" in text
    assert "<rect" in text
    assert "没有案件编号" in _text(staff.get("/cases/none/"), 404)
    ready = _text(staff.get(f"/cases/{CASE}/readiness/"))
    assert "<html" not in ready


def test_a_document_names_its_open_places(page: Path, staff: Any) -> None:
    """Each open place has a number on the page and its name beside it; another case's document is not there."""
    text = _text(staff.get(f"/cases/{CASE}/"))
    number = re.findall(rf'/cases/{CASE}/documents/(\w+)/#page-\d" aria-label="[^"]*，[1-9]\d* 处空着', text)[
        0
    ]
    shown = _text(staff.get(f"/cases/{CASE}/documents/{number}/"))
    assert 'class="open-places"' in shown
    assert "<circle" in shown
    _text(staff.get(f"/cases/JC-2026-003/documents/{number}/"), 404)
    _text(staff.get(f"/cases/JC-2026-003/documents/{number}/pdf/"), 404)


def test_documents_are_downloaded_as_they_went_out(page: Path, staff: Any) -> None:
    """One as PDF or DOCX, all as ZIP under names people read; each download is on record."""
    issue = _issue_of(page)
    response = staff.get(f"/cases/{CASE}/documents/{issue.number}/pdf/")
    content = b"".join(response.streaming_content)
    assert sha256_of_bytes(content) == issue.pdf_sha256
    assert response["Content-Disposition"].startswith("attachment")
    response = staff.get(f"/cases/{CASE}/all.zip")
    names = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))).namelist()
    assert any(name.endswith("清单.csv") for name in names)
    assert any(name.endswith(".pdf") for name in names)
    assert _audited(case=CASE).count("下载") == 2
    _text(staff.get(f"/cases/{CASE}/documents/{issue.number}/exe/"), 404)
    _text(staff.get("/made/prints/daiban.toml/"), 404)
    _text(staff.get("/made/cases/x.pdf/"), 404)


def _form(staff: Any, address: str) -> dict[str, str]:
    """The inputs of the form at an address as a browser would send them."""
    text = _text(staff.get(address))
    sent = dict(re.findall(r'<input type="(?:text|hidden)"[^>]* name="([^"]+)" value="([^"]*)"', text))
    for name, inner in re.findall(r'<select [^>]*name="(s[^"]+)"[^>]*>(.*?)</select>', text, re.DOTALL):
        chosen = re.findall(r"<option selected>([^<]*)", inner)
        sent[name] = chosen[0] if chosen else ""
    sent |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', text, re.DOTALL))
    return sent


def _name_of(staff: Any, address: str, label: str) -> str:
    text = _text(staff.get(address))
    return re.findall(rf'<label for="(s[^"]+)">{label}<', text)[0]


def test_a_case_is_changed_and_nobody_elses_change_is_lost(writable_page: Path, staff: Any) -> None:
    """What is wrong is said at its input and nothing is saved; what is right is saved, on record, and told to whoever
    had the old one open.
    """
    address = f"/cases/{CASE}/change/"
    sent = _form(staff, address)
    code = _name_of(staff, address, "统一社会信用代码")
    wrong = _text(staff.post(address, {**sent, code: "91140522MA0K12348Z"}), 422)
    assert "没有保存" in wrong
    assert re.search(rf'id="p-{code}"[^>]*><p class="error">', wrong)
    site = _name_of(staff, address, "建设地点")
    response = staff.post(address, {**sent, site: "改到这里<b>"})
    assert response.status_code == 302
    (case,) = [case for case in load_cases(writable_page).cases if case.id == CASE]
    assert case.project.site == "改到这里<b>"
    assert _audited(case=CASE).count("保存案件") == 1
    assert "被别人改过" in _text(staff.post(address, {**sent, site: "又改"}), 409)
    assert "改到这里&lt;b&gt;" in _text(staff.get(address))


def test_a_new_case_is_on_the_board_at_once(writable_page: Path, staff: Any) -> None:
    """Entered after the pattern of another; a number that is taken is refused."""
    address = f"/cases/-/new/?copy={CASE}"
    sent = _form(staff, address)
    number = _name_of(staff, address, "编号")
    assert sent[number] == ""
    assert "已经有案件用了" in _text(staff.post(address, {**sent, number: "jc-2026-001"}), 409)
    assert staff.post(address, {**sent, number: "新-1"})["Location"] == "/cases/%E6%96%B0-1/"
    assert "案件 新-1 已保存" in _text(staff.get("/cases/新-1/"))
    assert "/cases/%E6%96%B0-1/" in _text(staff.get("/cases/", {"search": "新-1"}))


def test_typing_is_checked_at_each_input(page: Path, staff: Any) -> None:
    """While a form is typed in, what is wrong is said at once; what is still empty is nobody's mistake."""
    code = _name_of(staff, "/cases/-/new/", "统一社会信用代码")
    said = _text(
        staff.post("/cases/-/check/", {code: "91140522MA0K12348Z", "s0-0-1": "", "form_document": "jincheng"})
    )
    assert "有 1 处要改" in said
    assert re.search(rf'id="p-{code}" hx-swap-oob="true"><p class="error">', said)
    assert "必须填写" not in said
    assert "s1-4-" in _text(staff.get("/cases/-/row/?section=事项&row=4&document=jincheng"))
    for row in ("-1", "99999", "x"):
        _text(staff.get(f"/cases/-/row/?section=事项&row={row}"), 404)


def _roster(tmp_path: Path) -> bytes:
    file = tmp_path / "dropped.xlsx"
    first, second, *_ = load_sample()
    changed = second.model_copy(update={"contact": second.contact.model_copy(update={"name": "换了人"})})
    write_roster(file, [first, changed])
    return file.read_bytes()


def test_a_roster_is_shown_before_it_counts(
    writable_page: Path, staff: Any, work_off: Callable[[], list[Any]], tmp_path: Path
) -> None:
    """Nothing is written until it is confirmed; then the old one is kept, the new one counts, documents are made."""
    before = (writable_page / "roster.xlsx").read_bytes()
    content = _roster(tmp_path)
    response = staff.post("/rosters/", {"roster": SimpleUploadedFile("台账<1>.xlsx", content)})
    address = response["Location"]
    assert "等待" in _text(staff.get(address))
    _text(staff.post(f"{address}confirm/"), 400)
    work_off()
    text = _text(staff.get(address))
    assert "台账&lt;1&gt;.xlsx" in text
    assert "花名册里不再有的" in text
    assert "将作废" in text
    assert (writable_page / "roster.xlsx").read_bytes() == before
    assert staff.post(f"{address}confirm/").status_code == 302
    (job,) = work_off()
    assert job.state == "done", job.problems
    assert (writable_page / "roster.xlsx").read_bytes() == content
    (kept,) = (writable_page / "superseded").glob("roster.*.xlsx")
    assert kept.read_bytes() == before
    assert "已确认" in _text(staff.get(address))
    assert {"上传花名册", "确认花名册"} <= set(_audited())


def test_a_file_that_is_no_roster_is_answered_in_words(
    writable_page: Path, staff: Any, work_off: Callable[[], list[Any]]
) -> None:
    """Whatever is dropped, the page says what it is not."""
    response = staff.post("/rosters/", {"roster": SimpleUploadedFile("a.xlsx", b"MZ" + bytes(2000))})
    (job,) = work_off()
    assert job.state == "failed"
    assert "没有做成" in _text(staff.get(response["Location"]))
    _text(staff.post("/rosters/"), 400)
    for token in ("x", "20260101-000000-000000000000", ".."):
        _text(staff.get(f"/rosters/{token}/"), 404)


def test_sheets_are_merged_and_contradictions_settled(
    writable_page: Path, staff: Any, work_off: Callable[[], list[Any]]
) -> None:
    """Sheets of two departments become one 研判; what they contradict each other in is settled with a click."""
    from docx import Document
    from docx.oxml.ns import qn

    (sheet,) = (writable_page / "issued" / CASE).glob("jincheng-assessment.docx")
    files = []
    for name, special in (("规划科", "无"), ("环保科", "节能审查")):
        book = Document(str(sheet))
        for control in book.element.body.iter(qn("w:sdt")):
            tag = next((item.get(qn("w:val")) for item in control.iter(qn("w:tag"))), "")
            texts = list(control.iter(qn("w:t")))
            if tag in ("assessment.filled_by", "assessment.approval.special_steps") and texts:
                for text in texts[1:]:
                    text.text = ""
                texts[0].text = name if tag.endswith("filled_by") else special
        out = io.BytesIO()
        book.save(out)
        files.append(SimpleUploadedFile(f"{name}.docx", out.getvalue()))
    staff.post("/merge/", {"case": CASE, "sheets": files})
    (job,) = work_off()
    assert job.state == "done", job.problems
    text = _text(staff.get(f"/cases/{CASE}/"))
    assert "研判的矛盾" in text
    number = re.findall(rf"/cases/{CASE}/settle/(\d+)/", text)[0]
    assert staff.post(f"/cases/{CASE}/settle/{number}/", {"choice": "无"}).status_code == 302
    assert f"/settle/{number}/" not in _text(staff.get(f"/cases/{CASE}/"))
    assert _audited(case=CASE).count("定下研判矛盾") == 1
    _text(staff.post("/merge/", {"case": CASE}), 400)
    _text(staff.post("/merge/", {"case": "none", "sheets": SimpleUploadedFile("a.docx", b"x")}), 404)


@pytest.mark.office
def test_an_own_form_is_checked_and_tried(
    writable_page: Path, staff: Any, work_off: Callable[[], list[Any]]
) -> None:
    """Its problems stand beside its pages; a broken one says what is wrong."""
    import shutil

    import forms

    source = Path(forms.__file__).parent / "jincheng" / "suggestions"
    own = writable_page / "forms" / "own-suggestions"
    shutil.copytree(source, own)
    definition = (own / "form.toml").read_text("utf-8").replace("jincheng-suggestions", "own-suggestions")
    (own / "form.toml").write_text(definition, "utf-8")
    broken = writable_page / "forms" / "broken"
    broken.mkdir()
    (broken / "form.toml").write_text("id = 1", "utf-8")
    text = _text(staff.get("/own-forms/"))
    assert "own-suggestions" in text
    assert "不能使用" in text
    staff.post("/own-forms/own-suggestions/try/")
    (job,) = work_off()
    assert job.state == "done", job.problems
    assert job.link == "/own-forms/own-suggestions/"
    assert "试印第1页" in _text(staff.get(job.link))
    assert staff.get("/own-forms/own-suggestions/pages/1/1x/")["Content-Type"] == "image/png"
    _text(staff.get("/own-forms/jincheng-ledger/"), 404)
    _text(staff.get("/own-forms/own-suggestions/pages/9/1x/"), 404)


def test_an_own_form_is_handed_over_as_a_zip(
    writable_page: Path, staff: Any, work_off: Callable[[], list[Any]]
) -> None:
    """Dropped, it is checked as a job and stands among the others; what is no form is said, and nothing changes."""
    import forms

    source = Path(forms.__file__).parent / "jincheng" / "suggestions"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        text = (source / "form.toml").read_text("utf-8").replace("jincheng-suggestions", "own-dropped")
        archive.writestr("表/form.toml", text)
        archive.write(source / "template.docx", "表/template.docx")
    staff.post("/own-forms/", {"form": SimpleUploadedFile("表<b>.zip", out.getvalue())})
    staff.post("/own-forms/", {"form": SimpleUploadedFile("x.zip", b"no archive")})
    taken, refused = work_off()
    assert (taken.state, taken.link) == ("done", "/own-forms/own-dropped/")
    assert refused.state == "failed" and any("ZIP" in problem.problem for problem in refused.said)
    assert "own-dropped" in _text(staff.get("/own-forms/"))
    assert "表<b>" not in _text(staff.get(f"/jobs/{taken.pk}/"))
    assert _audited().count("上传自有表单") == 2
    _text(staff.post("/own-forms/", {}), 400)


# -- in a browser ------------------------------------------------------------------------------------------


def test_from_a_roster_to_the_packet(desktop: Any, tmp_path: Path) -> None:
    """The whole way of 经办 at a desk: drop a roster, see what it would bring, confirm, make the packet, take it."""
    page = desktop.page
    desktop.log_in("经办")
    desktop.look("staff-board")
    page.fill("#search", CASE)
    page.wait_for_selector("text=共 1 页（1 个案件")
    page.click("nav.menu >> text=花名册")
    page.set_input_files(
        "input[name=roster]", files=[{"name": "台账.xlsx", "mimeType": "", "buffer": _roster(tmp_path)}]
    )
    desktop.look("staff-roster-drop")
    page.click("text=检查 >> nth=-1")
    page.wait_for_selector("text=查看结果", timeout=60_000)
    page.click("text=查看结果")
    desktop.look("staff-roster-review")
    page.click("text=换上并出具")
    page.wait_for_selector(".badge.good >> text=完成", timeout=120_000)
    desktop.open(f"/cases/{CASE}/")
    page.wait_for_selector("text=正在看还能出哪些", state="detached")
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; })")
    page.wait_for_load_state("networkidle")
    desktop.look("staff-case")
    page.click("text=企业材料包")
    page.wait_for_selector("text=查看结果", timeout=120_000)
    with page.expect_download() as packet:
        page.click("text=查看结果")
    assert packet.value.suggested_filename == f"{CASE}.zip"


def test_a_case_on_a_telephone(telephone: Any) -> None:
    """Board, case, page and form fit 360 px; typing is checked at once, what is right is saved."""
    page = telephone.page
    telephone.log_in("经办")
    telephone.look("staff-board")
    page.click("text=JC-2026-002")
    page.wait_for_selector("text=正在看还能出哪些", state="detached")
    telephone.look("staff-case")
    page.click("text=看页面 >> nth=0")
    telephone.look("staff-document")
    telephone.open("/cases/JC-2026-002/change/")
    code = page.get_by_label("统一社会信用代码")
    code.fill("91140522MA0K12348Z")
    code.blur()
    page.wait_for_selector("#checked >> text=有 1 处要改")
    telephone.look("staff-form")
    code.fill("91140522MA0K12348Q")
    code.blur()
    page.wait_for_selector("#checked >> text=已填的没有问题")
    page.click(".save-bar button")
    page.wait_for_selector("text=案件 JC-2026-002 已保存")
