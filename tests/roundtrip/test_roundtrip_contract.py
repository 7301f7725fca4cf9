"""What ``verify --json`` and ``status --json`` promise to the outside, held against what they print.

Written from the contract alone, not from the code: names, enumerations and counts that others rely on.
"""

import io
import random
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
import yaml
from openpyxl import load_workbook
from PIL import Image, ImageDraw

from daiban.workspace import Workspace

pytestmark = pytest.mark.office

Run = Callable[..., tuple[int, dict[str, Any]]]
Start = Callable[..., "subprocess.Popen[str]"]
Pile = tuple[Path, dict[str, int]]

FORM = "jincheng-authorisation"
VERDICTS = {"complete", "incomplete", "review"}
REASONS = {"blank-page", "unknown-document", "unreadable", "superseded"}
KINDS = {"text", "date", "checkbox", "signature"}
CODES = {
    "field-blank",
    "field-invalid",
    "signature-missing",
    "page-missing",
    "page-duplicate",
    "text-altered",
    "date-implausible",
    "inconsistent",
    "nothing-ticked",
    "digital-signature-invalid",
    "area-not-visible",
    "superseded-issue",
}
DOCUMENT = {"case", "form", "issue", "verdict", "pages", "fields", "findings"}
PAGE = {"number", "state", "source", "source_page", "rotation"}
FIELD = {"id", "kind", "state", "value", "page", "reason", "evidence"}
FINDING = {"code", "field", "page", "message"}
UNPLACED = {"source", "source_page", "reason"}


def broken_promises(told: dict[str, Any], workspace: Path) -> list[str]:
    """Everything in which an answer of ``verify --json`` is not what the contract says; empty if nothing."""
    wrong: list[str] = []
    for document in told["documents"]:
        name = f"{document['case']}/{document['form']}"
        wrong += (f"{name}: {what}" for what in _document(document, workspace))
    for page in told["unplaced"]:
        wrong += [
            *_keys("unplaced", page, UNPLACED),
            *_one_of("reason", page["reason"], REASONS),
            *_place(page),
        ]
    return wrong


def _document(document: dict[str, Any], workspace: Path) -> Iterator[str]:
    yield from _keys("document", document, DOCUMENT)
    yield from _one_of("verdict", document["verdict"], VERDICTS)
    for page in document["pages"]:
        yield from _page(page)
    once = Counter(page["number"] for page in document["pages"] if page["state"] != "duplicate")
    if list(once) != list(range(1, len(once) + 1)) or set(once.values()) != {1}:
        yield f"pages are not all told once: {once}"
    for field in document["fields"]:
        yield from _field(field, workspace)
    for finding in document["findings"]:
        yield from _keys("finding", finding, FINDING)
        yield from _one_of("code", finding["code"], CODES)
    if document["verdict"] == "complete" and any(page["state"] == "missing" for page in document["pages"]):
        yield "complete, with a page missing"


def _page(page: dict[str, Any]) -> Iterator[str]:
    yield from _keys("page", page, PAGE)
    yield from _one_of("state", page["state"], {"found", "missing", "duplicate"})
    if page["state"] == "missing":
        if (page["source"], page["source_page"], page["rotation"]) != (None, None, None):
            yield f"page {page['number']} is missing and has a place"
        return
    yield from _place(page)
    yield from _one_of("rotation", page["rotation"], {0, 90, 180, 270})


def _place(page: dict[str, Any]) -> Iterator[str]:
    if not page["source"] or not page["source"].isprintable():
        yield f"source {page['source']!r} is no name"
    if not (isinstance(page["source_page"], int) and page["source_page"] >= 1):
        yield f"source page {page['source_page']!r} of {page['source']}"


def _field(field: dict[str, Any], workspace: Path) -> Iterator[str]:
    yield from _keys("field", field, FIELD)
    yield from _one_of("kind", field["kind"], KINDS)
    yield from _one_of("state", field["state"], {"filled", "blank", "unsure"})
    evidence = field["evidence"]
    if evidence is not None and not (evidence.startswith("returned/") and (workspace / evidence).is_file()):
        yield f"evidence {evidence} is not there"


def _keys(what: str, value: dict[str, Any], wanted: set[str]) -> Iterator[str]:
    if missing := wanted - set(value):
        yield f"{what} without {sorted(missing)}"


def _one_of(what: str, value: Any, allowed: Iterable[Any]) -> Iterator[str]:
    if value not in allowed:
        yield f"{what} {value!r} is not one of the contract's"


def places(told: dict[str, Any]) -> Counter[tuple[str, int]]:
    """How often every page of every source is told of."""
    found = [page for item in told["documents"] for page in item["pages"] if page["state"] != "missing"]
    return Counter((page["source"], page["source_page"]) for page in (*found, *told["unplaced"]))


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory, run: Run, small_case: Callable[..., Any]) -> Path:
    """A workspace with two 委托书 of two pages out; the first was issued anew, the old issue superseded."""
    folder = tmp_path_factory.mktemp("contract") / "工作 区"
    Workspace.create(folder)
    cases = [small_case(0), small_case(1)]
    for name in ("甲项目", cases[0]["project"]["name"]):
        cases[0]["project"]["name"] = name
        (folder / "cases" / "all.yaml").write_text(yaml.safe_dump(cases, allow_unicode=True), "utf-8")
        assert run("generate", folder, "--form", FORM)[0] == 0
    return folder


@pytest.fixture
def ws(issued: Path, tmp_path: Path) -> Path:
    """A copy of that workspace to verify in."""
    return Path(shutil.copytree(issued, tmp_path / "工作 区"))


def papers(pdf: Path) -> list[Image.Image]:
    """The pages of a PDF as a scanner of 150 dpi sees them."""
    with pdfium.PdfDocument(pdf) as document:
        return [page.render(scale=150 / 72).to_pil().convert("L") for page in document]


def foreign() -> Image.Image:
    """A page that nobody issued."""
    letter = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(letter).multiline_text((200, 300), "NOTICE\n" * 20, fill=0, font_size=40)
    return letter


@pytest.fixture
def pile(ws: Path, tmp_path: Path) -> Pile:
    """A pile of everything, and how many pages each of its files has, by the name a person would use."""
    folder = tmp_path / "交 回"
    (folder / "甲").mkdir(parents=True)
    (folder / "乙" / "丙").mkdir(parents=True)
    first, second = (papers(ws / "issued" / case / f"{FORM}.pdf") for case in ("K-0000", "K-0001"))
    (old,) = (ws / "issued" / "K-0000" / "superseded").glob("*.pdf")
    blank = Image.new("L", (1240, 1754), 250)

    first[0].rotate(180).save(folder / "甲" / "扫描 1.png", dpi=(150, 150))
    first[1].save(folder / "乙" / "扫描 1.png", dpi=(150, 150))
    second[0].save(
        folder / "乙" / "丙" / "传真.tif",
        save_all=True,
        append_images=[blank, second[0], foreign()],
        dpi=(150, 150),
    )
    shutil.copy(folder / "乙" / "扫描 1.png", folder / "乙" / "同一页.png")
    shutil.copy(old, folder / "旧件.pdf")
    shutil.copy(ws / "issued" / "K-0001" / f"{FORM}.docx", folder / "改过的.docx")
    (folder / "坏了.pdf").write_bytes(old.read_bytes()[:600])
    (folder / "说明.txt").write_text("请查收", "utf-8")
    (folder / "=cmd|'calc'!A0.jpg").write_bytes(b"\xff\xd8\xff" + random.Random(3).randbytes(800))
    (folder / "<b onload=x>&.png").write_bytes(b"")
    (folder / "换\n行.png").write_bytes(png(foreign()))
    with pikepdf.Pdf.new() as locked:
        locked.add_blank_page()
        locked.save(folder / "加密.pdf", encryption=pikepdf.Encryption(owner="a", user="b"))
    return folder, {
        "甲/扫描 1.png": 1,
        "乙/扫描 1.png": 1,
        "乙/丙/传真.tif": 4,
        "乙/同一页.png": 1,
        "旧件.pdf": 2,
        "坏了.pdf": 1,
        "说明.txt": 1,
        "=cmd|'calc'!A0.jpg": 1,
        "<b onload=x>&.png": 1,
        "换�行.png": 1,
        "加密.pdf": 1,
    }


def png(picture: Image.Image) -> bytes:
    """A picture as a PNG file."""
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(150, 150))
    return out.getvalue()


def test_an_answer_is_what_the_contract_says(ws: Path, pile: Pile, run: Run) -> None:
    """Keys, enumerations, evidence and names are the contract's; every page of every input is told of exactly once; the
    worst exit code wins; a second run says the same and changes no file.
    """
    folder, pages = pile
    code, told = run("verify", ws, folder, "--workers", "2")
    assert broken_promises(told, ws) == []
    counted = places(told)
    docx = {place: counted.pop(place) for place in list(counted) if place[0] == "改过的.docx"}
    assert set(docx.values()) == {1} and ("改过的.docx", 1) in docx
    assert counted == {(name, page): 1 for name, many in pages.items() for page in range(1, many + 1)}
    reasons = {(item["source"], item["source_page"]): item["reason"] for item in told["unplaced"]}
    assert reasons["乙/丙/传真.tif", 2] == "blank-page"
    assert reasons["乙/丙/传真.tif", 4] == "unknown-document"
    assert reasons["旧件.pdf", 1] == reasons["旧件.pdf", 2] == "superseded"
    assert reasons["坏了.pdf", 1] == reasons["说明.txt", 1] == reasons["加密.pdf", 1] == "unreadable"
    assert code == 30  # some file unreadable, which is worse than a document that is incomplete
    turns = {page["source"]: page["rotation"] for item in told["documents"] for page in item["pages"]}
    assert turns["甲/扫描 1.png"] == 180 and turns["乙/同一页.png"] == 0
    before = {
        path: path.read_bytes() for part in ("returned", "reports") for path in (ws / part).rglob("*.*")
    }
    assert run("verify", ws, folder)[0] == 30
    after = {path: path.read_bytes() for part in ("returned", "reports") for path in (ws / part).rglob("*.*")}
    assert after == before


def test_reports_take_names_as_text(ws: Path, pile: Pile, run: Run) -> None:
    """A file's name is text in both reports: no markup in the HTML, no formula in the workbook."""
    _, told = run("verify", ws, pile[0])
    html, xlsx = sorted(told["reports"])
    text = (ws / html).read_text("utf-8")
    assert "<b onload" not in text and "&lt;b onload=x&gt;&amp;.png" in text
    cells = [cell for sheet in load_workbook(ws / xlsx) for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    assert any("=cmd|'calc'!A0.jpg" in str(cell.value) for cell in cells)


def test_the_worst_exit_code_wins(ws: Path, tmp_path: Path, run: Run, daiban: Start) -> None:
    """10 for an incomplete document, also beside a foreign page; 11 for that page alone; 30 for no such file; 2 where
    there is no workspace; with ``--json`` stdout is one JSON object and nothing else, and no progress is shown.
    """
    stray, page = tmp_path / "letter.png", tmp_path / "page.png"
    stray.write_bytes(png(foreign()))
    page.write_bytes(png(papers(ws / "issued" / "K-0001" / f"{FORM}.pdf")[0]))
    assert run("verify", ws, stray)[0] == 11
    assert run("verify", ws, stray, page)[0] == 10
    code, told = run("verify", ws, stray, page, tmp_path / "没有.pdf")
    assert code == 30 and places(told)["没有.pdf", 1] == 1
    code, told = run("verify", tmp_path / "nowhere", stray)
    assert code == 2 and told["problems"]
    process = daiban("verify", ws, stray, "--json")
    out, error = process.communicate(timeout=200)
    assert out.startswith("{") and out.endswith("}\n") and error == ""


def test_status_tells_what_verify_found(ws: Path, pile: Pile, run: Run) -> None:
    """Of every document that came back ``status`` names the form as returned, and complete where its verdict was."""
    _, told = run("verify", ws, pile[0])
    _, status = run("status", ws)
    cases = {case["case"]: case for case in status["cases"]}
    for document in told["documents"]:
        case = cases[document["case"]]
        assert document["form"] in case["issued"] and document["form"] in case["returned"]
        assert (document["form"] in case["complete"]) == (document["verdict"] == "complete")
        assert any(case["next"]) or document["verdict"] == "complete"
