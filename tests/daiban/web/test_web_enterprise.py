"""The enterprise's door: from a code to a receipt; nothing but one case, whatever is asked for."""

import io
import re
import time
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from daiban.access_codes import issue_code, withdraw_codes
from daiban.handing_in.inbox import hand_ins, verify_hand_in
from daiban.office import Office

pytestmark = pytest.mark.office

CASE, OTHER = "JC-2026-001", "JC-2026-002"
FORM = "jincheng-authorisation"


def code_of(workspace: Path, case: str = CASE) -> str:
    return issue_code(Office.open(workspace), case, by="王芳", reason="试").letters


def photos(workspace: Path, case: str = CASE) -> list[bytes]:
    """The pages of a case's 委托书 as pictures, nothing signed."""
    taken = []
    with pdfium.PdfDocument(Office.open(workspace).workspace.issued(case, FORM, ".pdf")) as document:
        for page in document:
            out = io.BytesIO()
            page.render(scale=170 / 72, may_draw_forms=False).to_pil().convert("RGB").save(out, "JPEG")
            taken.append(out.getvalue())
    return taken


def number_of(workspace: Path, case: str = CASE) -> str:
    """The number of what a case has out first; of the case itself its 委托书."""
    with Office.open(workspace).registry() as registry:
        assert registry is not None
        issues = registry.issues(case)
    return next(issue.number for issue in issues if case != CASE or issue.form_id == FORM)


@pytest.fixture
def company(writable_page: Path, stranger: Any) -> Any:
    """A client inside its case."""
    assert stranger.post("/e/", {"code": code_of(writable_page)}).status_code == 302
    return stranger


def files(*contents: bytes, name: str = "image.jpg") -> dict[str, Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return {"files": [SimpleUploadedFile(name, content) for content in contents]}


def settled(client: Any) -> str:
    """The result once everything uploaded was read."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        text: str = client.get("/e/uploads/result/").content.decode()
        if "every 1s" not in text:
            return text
        time.sleep(0.2)
    raise AssertionError("nothing was read")


def test_a_code_opens_one_case_until_it_ends(writable_page: Path, stranger: Any) -> None:
    """Without a code there is only the door; a wrong one is told nothing; once ended, its sessions are outside too."""
    for path in ("/e/case/", "/e/uploads/", f"/e/papers/{number_of(writable_page)}/"):
        assert stranger.get(path)["Location"] == "/e/"
    wrong = stranger.post("/e/", {"code": "ACDE-FGHJ-KMNP"})
    assert wrong.status_code == 400 and CASE not in wrong.content.decode()
    code = code_of(writable_page)
    assert stranger.post("/e/", {"code": code.lower()})["Location"] == "/e/case/"
    shown = stranger.get("/e/case/").content.decode()
    assert CASE in shown and OTHER not in shown and "委托书" in shown
    withdraw_codes(Office.open(writable_page), CASE, by="王芳", reason="丢了")
    assert stranger.get("/e/case/")["Location"] == "/e/"
    assert stranger.post("/e/", {"code": code}).status_code == 400


def test_guessing_is_slowed_down(writable_page: Path, stranger: Any) -> None:
    """After a dozen wrong codes from one address even a right one waits; another address does not."""
    for _ in range(12):
        assert stranger.post("/e/", {"code": "ACDE-FGHJ-KMNP"}).status_code == 400
    code = code_of(writable_page)
    assert stranger.post("/e/", {"code": code}).status_code == 429
    assert stranger.post("/e/", {"code": code}, REMOTE_ADDR="10.0.0.9").status_code == 302


def test_everything_else_is_not_there(writable_page: Path, company: Any, staff: Any) -> None:
    """Another case's papers, uploads and receipts answer as what never was; the office's pages stay shut, and an
    account of the office is nobody here.
    """
    foreign, missing = number_of(writable_page, OTHER), "ZZZZZZZZ"
    own = number_of(writable_page)
    for route in ("{}/", "{}/fill/", "{}/pdf/", "{}/pages/1/1x/"):
        assert company.get(f"/e/papers/{route.format(own)}").status_code == 200
        answers = [company.get(f"/e/papers/{route.format(number)}") for number in (foreign, missing)]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert (
            len({re.sub(r'value="\w+"|"X-CSRFToken": "\w+"', "", one.content.decode()) for one in answers})
            == 1
        )
    for route in (
        "uploads/1/pages/a/",
        "uploads/../pages/a/b/",
        "receipts/20260101-AAAAAA/",
        "receipts/draft/pdf/",
    ):
        assert company.get(f"/e/{route}").status_code == 404
    assert company.post("/e/uploads/1/remove/").status_code == 404
    assert company.get("/cases/").status_code == 302
    assert company.get(f"/pictures/issued/{own}/1/1x/").status_code == 302
    assert staff.get("/e/case/")["Location"] == "/e/"


def test_typing_gives_the_pdf(writable_page: Path, company: Any) -> None:
    """What does not fit is said at its field; what does comes back as the issued PDF with it typed in."""
    own = number_of(writable_page)
    page = company.get(f"/e/papers/{own}/fill/").content.decode()
    names = re.findall(r'name="([a-z_.]+)"', page)
    (date,) = [name for name in names if name.endswith("date")]
    wrong = company.post(f"/e/papers/{own}/fill/", {date: "2026年2月30日"})
    assert wrong.status_code == 400 and "不存在" in wrong.content.decode()
    right = company.post(f"/e/papers/{own}/fill/", {date: "2026年3月5日"})
    assert right["Content-Type"] == "application/pdf" and right["Content-Disposition"].startswith(
        "attachment"
    )
    from pypdf import PdfReader

    fields = PdfReader(io.BytesIO(right.content)).get_fields() or {}
    assert fields[date]["/V"] == "2026年3月5日"


def test_from_upload_to_receipt(writable_page: Path, company: Any) -> None:
    """Photographs are read at once, what lacks has its place and picture; handed in they wait for the clerk, with a
    receipt; then the enterprise reads what the office says.
    """
    assert company.post("/e/uploads/", files(*photos(writable_page))).status_code == 302
    text = settled(company)
    assert "委托书" in text and "签" in text and "<rect" in text
    pictures = set(re.findall(r'/e/uploads/[^" ]+/pages/[^" ]+', text))
    kinds = {(answer.status_code, answer["Content-Type"]) for answer in map(company.get, pictures)}
    assert kinds <= {(200, "image/jpeg"), (200, "image/png")} and len(pictures) >= 2
    receipt = company.post("/e/uploads/hand-in/")["Location"]
    page = company.get(receipt).content.decode()
    (item,) = hand_ins(Office.open(writable_page).workspace, CASE)
    assert item.receipt.number in page and item.receipt.digest in page and "等待核对" in page
    assert company.get(f"{receipt}pdf/").content.startswith(b"%PDF")
    assert "正在核对" in company.get("/e/case/").content.decode()
    assert company.post("/e/uploads/hand-in/")["Location"] == "/e/uploads/"
    verify_hand_in(Office.open(writable_page), item, workers=1)
    assert "已核对" in company.get("/e/case/").content.decode()
    mended = company.get(f"/e/papers/{number_of(writable_page)}/").content.decode()
    crops = re.findall(r'src="(/e/papers/[^"]+/places/[^"]+)"', mended)
    assert "要补正的" in mended and "<rect" in mended and crops
    assert {company.get(crop)["Content-Type"] for crop in crops} == {"image/png"}


def test_nothing_uploaded_is_served_as_it_came(writable_page: Path, company: Any) -> None:
    """A page with a script, under a name with markup: told in words, its name escaped, its bytes at no address."""
    content = b"<html><script>alert(1)</script></html>"
    company.post("/e/uploads/", files(content, name="<img src=x onerror=alert(1)>.html"))
    text = settled(company)
    assert "<img src=x" not in text and "&lt;img src=x" in text and "没有算进去的" in text
    (kept,) = (writable_page / "inbox" / CASE / "draft").glob("[0-9a-f]*")
    for name in (kept.name, f"{kept.name}/original", f"{kept.name}/pages/original/"):
        assert company.get(f"/e/uploads/{name}").status_code in (301, 404)
    assert company.post(f"/e/uploads/{kept.name}/remove/").status_code == 302
    assert not kept.exists()


def test_what_nobody_hands_in_is_removed_after_a_while(writable_page: Path, company: Any) -> None:
    """After the stated days an upload is gone, and so is what a killed server left half done; what was handed in, or
    came lately, stays; the log says that the server removed it.
    """
    import datetime as dt
    import os

    from daiban.web.audit.models import AuditEntry
    from daiban.web.housekeeping import clear_away
    from daiban.workspace import Workspace

    workspace, now = Workspace.open(writable_page), dt.datetime.now(dt.UTC)
    company.post("/e/uploads/", files(photos(writable_page)[0]))
    settled(company)
    company.post("/e/uploads/hand-in/")
    company.post("/e/uploads/", files(b"nothing of ours"))
    settled(company)
    inbox = workspace.inbox(CASE)
    left = inbox / "draft" / ".reading-killed"
    left.mkdir()
    os.utime(left, (0, 0))
    clear_away(workspace, now + dt.timedelta(days=29))
    assert len(list((inbox / "draft").iterdir())) == 1
    assert "30 天以后自动删去" in company.get("/e/uploads/").content.decode()
    clear_away(workspace, now + dt.timedelta(days=31))
    assert not list((inbox / "draft").iterdir())
    assert len(hand_ins(workspace, CASE)) == 1
    entry = AuditEntry.objects.get(action="清理过期上传")
    assert entry.who == "系统" and entry.detail.startswith("1 个文件")


@pytest.mark.parametrize("who", ["desktop", "telephone"])
def test_journey_in_a_browser(who: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """From the link with a code to the receipt, at a desk and on a telephone; axe and the screen's width hold."""
    visitor = request.getfixturevalue(who)
    workspace = visitor.served.workspace
    page = visitor.page
    visitor.open(f"/e/#{code_of(workspace)}")
    page.wait_for_url("**/e/case/")
    assert "#" not in page.url
    visitor.look("enterprise-case")
    page.click(f"a[href='/e/papers/{number_of(workspace)}/']")
    picture = page.locator(".page-picture img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert picture.evaluate("image => image.naturalWidth") > 0
    visitor.look("enterprise-paper")
    page.click("text=在线填写")
    visitor.look("enterprise-fill")
    with page.expect_download() as download:
        page.click("text=生成填好的 PDF")
    assert download.value.suggested_filename.endswith(".pdf")
    for index, content in enumerate(photos(workspace)):
        (tmp_path / f"{index}.jpg").write_bytes(content)
    page.click("nav >> text=拍照交件")
    visitor.look("enterprise-uploads-empty")
    page.set_input_files("input[multiple]", [tmp_path / "0.jpg", tmp_path / "1.jpg"])
    page.wait_for_selector("#result:not([hx-trigger]) .findings", timeout=60_000)
    visitor.look("enterprise-result")
    page.on("dialog", lambda dialog: dialog.accept())
    page.click("form[action$='hand-in/'] button")
    page.wait_for_url("**/e/receipts/**")
    visitor.look("enterprise-receipt")
    assert "等待核对" in page.content()


def test_the_door_at_rest_looks_right(desktop: Any, telephone: Any) -> None:
    """Where the code is typed, and what a wrong one is told."""
    for visitor in (desktop, telephone):
        visitor.open("/e/")
        visitor.look("enterprise-door")
        visitor.page.fill("#id_code", "ACDE-FGHJ-KMNP")
        visitor.page.click("button[type=submit]")
        visitor.look("enterprise-door-wrong")
