"""A batch's outcome as JSON, HTML and XLSX: the contract's shape, every value as text, boxes where they belong."""

from __future__ import annotations

import base64
import datetime as dt
import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from daiban.verifying.outcome import (
    BatchReport,
    DocumentOutcome,
    FailedFile,
    FieldOutcome,
    FindingOutcome,
    PageOutcome,
    UnplacedPage,
)
from daiban.verifying.reporting import html as report_html
from daiban.verifying.reporting.html import render, write_html
from daiban.verifying.reporting.view import frames, next_steps
from daiban.verifying.reporting.xlsx import write_xlsx
from extractors.model import Finding, Measure, verdict_of
from forms.definition import FieldKind
from forms.geometry import Box
from foundation.errors import ExitCode, Problem

JPEG = b"\xff\xd8\xff\xe0 a small picture"
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>"\'&\x07\u202egpj.\ud800'
BLANK = Finding(
    code="field-blank",
    message="第1页“联系电话”未填写",
    weight="incomplete",
    field="contact.phone",
    page=1,
    box=Box(60, 120, 110, 128),
    evidence=b"\x89PNG a crop",
)
EVIDENCE = "returned/JC-2026-001/a/电话 1.png"
DOUBT = Finding(code="area-not-visible", message="看不到", weight="review", page=2)


def seen(field_id: str, state: Any, box: Box | None = None, label: str = "") -> FieldOutcome:
    return FieldOutcome(
        id=field_id,
        label=label or field_id,
        kind=FieldKind.TEXT,
        state=state,
        value=None,
        page=1,
        reason="只有一点笔迹",
        confidence=0.91234,
        box=box,
        measures=(Measure("pen", 0.4, 3.0, "mm"),),
    )


def document(*findings: Finding, evidence: str = EVIDENCE, **changes: Any) -> DocumentOutcome:
    fields = (
        seen("contact.name", "filled", Box(60, 100, 90, 108)),
        seen("contact.phone", "blank", label="联系电话"),
    )
    made: dict[str, Any] = {
        "case": "JC-2026-001",
        "form": "jincheng-authorisation",
        "issue": "7K3M9QX2",
        "title": "“全代办”服务委托书",
        "verdict": verdict_of(findings),
        "machine_verdict": verdict_of(findings),
        "fields": fields,
        "findings": tuple(FindingOutcome.of(item, "联系电话" if item.field else "") for item in findings),
        "pages": (
            PageOutcome(
                number=1,
                state="found",
                source="批.pdf",
                source_page=7,
                rotation=180,
                thumbnail=JPEG,
                framed=True,
            ),
            PageOutcome(number=2, state="missing"),
        ),
        "project": "某项目",
        "filed": "",
    }
    whole = DocumentOutcome(**made | changes)
    return whole.filed_as(whole.filed or "", {"contact.phone": evidence})


def batch(*documents: DocumentOutcome, **changes: Any) -> BatchReport:
    when = dt.datetime(2026, 11, 21, 7, 0, tzinfo=dt.UTC)
    return BatchReport(batch="verify-1", checked_at=when, documents=documents, **changes)


class Page(HTMLParser):
    """The tags and the visible text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_json_has_the_contracts_shape() -> None:
    """Documents, pages, fields, findings and unplaced pages have the contract's keys and values."""
    told = batch(
        document(BLANK), unplaced=(UnplacedPage(source="批.pdf", source_page=12, reason="blank-page"),)
    ).model_dump(mode="json")
    [made] = told["documents"]
    contract = ("case", "form", "issue", "verdict")
    assert [made[key] for key in contract] == [
        "JC-2026-001",
        "jincheng-authorisation",
        "7K3M9QX2",
        "incomplete",
    ]
    assert made["pages"] == [
        {"number": 1, "state": "found", "source": "批.pdf", "source_page": 7, "rotation": 180},
        {"number": 2, "state": "missing", "source": None, "source_page": None, "rotation": None},
    ]
    field = made["fields"][1]
    assert {key: field[key] for key in ("id", "kind", "state", "value", "page", "reason", "evidence")} == {
        "id": "contact.phone",
        "kind": "text",
        "state": "blank",
        "value": None,
        "page": 1,
        "reason": "只有一点笔迹",
        "evidence": "returned/JC-2026-001/a/电话 1.png",
    }
    finding = made["findings"][0]
    assert [finding[key] for key in ("code", "field", "page", "message")] == [
        "field-blank",
        "contact.phone",
        1,
        "第1页“联系电话”未填写",
    ]
    [page] = told["unplaced"]
    assert [page[key] for key in ("source", "source_page", "reason")] == ["批.pdf", 12, "blank-page"]


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (batch(), ExitCode.OK),
        (batch(document()), ExitCode.OK),
        (batch(document(), document(DOUBT)), ExitCode.REVIEW),
        (batch(document(BLANK), document(DOUBT)), ExitCode.INCOMPLETE),
        (batch(unplaced=(UnplacedPage(source="a", source_page=1, reason="blank-page"),)), ExitCode.OK),
        (batch(unplaced=(UnplacedPage(source="a", source_page=1, reason="superseded"),)), ExitCode.REVIEW),
        (
            batch(unplaced=(UnplacedPage(source="a", source_page=1, reason="unknown-document"),)),
            ExitCode.REVIEW,
        ),
        (batch(document(BLANK), failed=(FailedFile(source="a", problems=()),)), ExitCode.UNREADABLE),
    ],
)
def test_exit_code_is_the_worst(report: BatchReport, code: ExitCode) -> None:
    """The worst of documents, pages and files decides; a blank back does not."""
    assert report.exit_code is code


def test_html_tells_everything() -> None:
    """Verdicts, findings, readings, pictures, unplaced pages and failed files all stand in the page."""
    problem = Problem("坏.pdf", "打不开", advice="重新扫描")
    report = batch(
        document(BLANK, DOUBT),
        unplaced=(
            UnplacedPage(source="照片.jpg", source_page=1, reason="unknown-document", detail="没有标识"),
        ),
        failed=(FailedFile(source="坏.pdf", problems=(problem,)),),
        warnings=(Problem("空.zip", "不认识这种文件", severity="warning"),),
    )
    page = Page(render(report))
    for said in (
        "不齐全",
        BLANK.message,
        DOUBT.message,
        "笔迹 0.4毫米（门槛 3）",
        "缺第2页",
        "已转正（180°）",
    ):
        assert said in page.text, said
    for said in ("照片.jpg", "没有标识", "坏.pdf", "打不开", "重新扫描", "不认识这种文件", "7K3M9QX2"):
        assert said in page.text, said
    pictures = [attrs["src"] or "" for tag, attrs in page.tags if tag == "img"]
    assert f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}" in pictures
    assert all(picture.startswith("data:image/") for picture in pictures)


def test_html_needs_nothing_beside_it() -> None:
    """No script, no style, font or picture from elsewhere; links lead to the workspace's own files."""
    page = Page(render(batch(document(BLANK, filed="returned/JC-2026-001/a/a b#.pdf"))))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "iframe", "object"}
    links = [attrs["href"] or "" for tag, attrs in page.tags if tag == "a"]
    assert "../returned/JC-2026-001/a/a%20b%23.pdf" in links
    assert all(link.startswith(("../returned/", "#")) for link in links)


def test_hostile_values_stay_text(tmp_path: Path) -> None:
    """Names full of markup, formulas, control characters and lone surrogates are shown, and do nothing."""
    spoilt = replace(BLANK, message=HOSTILE)
    made = document(
        spoilt,
        case=HOSTILE,
        project=HOSTILE,
        title=HOSTILE,
        note=HOSTILE,
        filed=f"returned/../../{HOSTILE}",
        evidence=HOSTILE,
    )
    report = batch(
        made,
        sources=(HOSTILE,),
        unplaced=(
            UnplacedPage(source=HOSTILE, source_page=1, reason="unreadable", detail=HOSTILE, thumbnail=b"x"),
        ),
        failed=(FailedFile(source=HOSTILE, problems=(Problem(HOSTILE, HOSTILE),)),),
    )
    text = write_html(report, tmp_path / "a.html").read_text("utf-8")
    page = Page(text)
    assert "script" not in {tag for tag, _ in page.tags}
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert html.escape("<script>") in text
    assert "\u202e" not in text and "\x07" not in text
    assert all("/../" not in (attrs.get("href") or "")[3:] for tag, attrs in page.tags if tag == "a")
    book = load_workbook(write_xlsx(report, tmp_path / "a.xlsx"))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert any(str(cell.value).startswith("=HYPERLINK") and cell.quotePrefix for cell in cells)


def test_boxes_stand_where_something_is() -> None:
    """A finding's box is drawn with its number, a field that was seen in green, and nothing twice."""
    made = document(BLANK, replace(BLANK, code="field-invalid", message="另一句", weight="review"), DOUBT)
    drawn = frames(made, made.pages[0])
    assert [(frame.tone, frame.numbers) for frame in drawn] == [("found", ()), ("missing", (1, 2))]
    marked = drawn[1].box
    assert BLANK.box is not None and BLANK.box.within(marked) and marked.width < BLANK.box.width + 3
    assert frames(made, made.pages[0].model_copy(update={"framed": False})) == ()
    text = render(batch(made))
    assert re.search(r'<rect class="missing" x="59\.2" y="119\.2" width="51\.6"', text)


def test_large_batch_leaves_out_pictures_of_what_is_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file would grow too large only what is not complete is pictured."""
    report = batch(document(), document(BLANK, issue="9QX27K3M"))
    assert render(report).count("data:image/jpeg") == 2
    monkeypatch.setattr(report_html, "PICTURED_PAGES", 3)
    assert render(report).count("data:image/jpeg") == 1


def test_workbook_lists_by_case(tmp_path: Path) -> None:
    """One row a document by case, one a finding; head frozen, columns filtered, verdicts in their colours."""
    report = batch(
        document(case="JC-2"),
        document(BLANK, DOUBT, case="JC-1"),
        unplaced=(UnplacedPage(source="照片.jpg", source_page=1, reason="unknown-document"),),
        failed=(FailedFile(source="坏.pdf", problems=(Problem("坏.pdf", "打不开"),)),),
    )
    book = load_workbook(write_xlsx(report, tmp_path / "list.xlsx"))
    assert book.sheetnames == ["核验清单", "问题明细", "未归入的页", "没能处理的文件"]
    sheet = book["核验清单"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [(row[0], row[5], row[6], row[7], row[8]) for row in rows] == [
        ("JC-1", "不齐全", "1/2", BLANK.message, DOUBT.message),
        ("JC-2", "齐全", "1/2", None, None),
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:M3")
    fills = [sheet.cell(row, 6).fill.fgColor.rgb for row in (2, 3)]
    assert len(set(fills)) == 2 and "00000000" not in fills
    assert [row[7].value for row in book["问题明细"].iter_rows(min_row=2)] == [BLANK.message, DOUBT.message]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (batch(), "没有找到本系统发出的文书"),
        (batch(document()), "都齐全，已归档"),
        (batch(document(BLANK)), "1份不齐全"),
        (batch(document(DOUBT)), "1份待人工核对"),
    ],
)
def test_next_step_is_said(report: BatchReport, said: str) -> None:
    """Whatever came of a batch, somebody is told what to do."""
    assert said in "".join(next_steps(report))
    assert said in Page(render(report)).text


def test_a_guide_is_called_what_it_is(tmp_path: Path) -> None:
    """A page of a packet's guide is 签署指引 to people, not an empty page; it leaves nothing to do."""
    page = UnplacedPage(
        source="材料包.pdf", source_page=1, reason="blank-page", detail="不用处理", is_guide=True
    )
    report = batch(document(), unplaced=(page,))
    book = load_workbook(write_xlsx(report, tmp_path / "a.xlsx"))
    texts = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "签署指引" in texts
    assert "空白页" not in texts
    assert report.exit_code is ExitCode.OK
