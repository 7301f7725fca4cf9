"""A packet that comes back whole: every page of its forms is placed once, and its guide is known for what it is."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2 as pdfium
import pytest

from cases.samples import load_sample
from daiban import rosters
from daiban.workspace import Workspace

pytestmark = pytest.mark.office

Run = Callable[..., tuple[int, dict[str, Any]]]


CASE = "JC-2026-001"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """A workspace with a packet of two forms: the 服务方案 to be kept, the 委托书 to be signed."""
    folder = tmp_path_factory.mktemp("packed") / "ws"
    made = Workspace.create(folder)
    rosters.write_new(made.roster, [case for case in load_sample() if case.id == CASE])
    forms = ("--form", "jincheng-service-plan", "--form", "jincheng-authorisation")
    assert run("generate", folder, *forms)[0] == 0
    code, result = run("packet", folder, "--case", CASE)
    assert code == 0
    assert len(result["forms"]) == 2
    return folder


@pytest.fixture
def ws(packed: Path, tmp_path: Path) -> Path:
    """A copy of that workspace to verify in."""
    return Path(shutil.copytree(packed, tmp_path / "ws"))


def typed(packet: Path, target: Path) -> Path:
    """The packet with its date typed in, saved by a program that changes nothing else."""
    writer = pypdf.PdfWriter(clone_from=packet)
    for page in writer.pages:
        if "/Annots" in page:
            date = {"authorisation.date": "2026年3月5日"}
            writer.update_page_form_field_values(page, date, auto_regenerate=False)
    writer.write(target)
    return target


def scanned(source: Path, target: Path, dpi: int) -> Path:
    """Every page of a PDF, printed and scanned in grey: a pixel is the light of its whole square, as a scanner's is."""
    with pdfium.PdfDocument(source) as document:
        document.init_forms()
        fine = [
            page.render(scale=3 * dpi / 72, may_draw_forms=True).to_pil().convert("L") for page in document
        ]
    pages = [page.reduce(3) for page in fine]
    pages[0].save(target, save_all=True, append_images=pages[1:], dpi=(dpi, dpi))
    return target


@pytest.mark.parametrize("how", ["as PDF", "scanned at 200 dpi", "scanned at 400 dpi"])
def test_a_packet_comes_back_whole(ws: Path, run: Run, tmp_path: Path, how: str) -> None:
    """Its forms' pages are all found, none twice; the guide asks for nobody's eyes and adds nothing to a form."""
    packet = ws / "packets" / f"{CASE}.pdf"
    returned = typed(packet, tmp_path / "材料包.pdf")
    if how != "as PDF":
        returned = scanned(returned, tmp_path / "材料包.tif", int(how.split()[2]))
    with pikepdf.open(packet) as pdf:
        count = len(pdf.pages)
    _, found = run("verify", ws, returned)
    placed = [page for document in found["documents"] for page in document["pages"]]
    assert {page["state"] for page in placed} == {"found"}
    guide = found["unplaced"]
    assert guide and {page["reason"] for page in guide} == {"blank-page"}
    assert all("签署指引" in page["detail"] for page in guide)
    assert [page["source_page"] for page in guide] == list(range(1, len(guide) + 1))
    assert sorted(page["source_page"] for page in placed) == list(range(len(guide) + 1, count + 1))
    findings = [item for document in found["documents"] for item in document["findings"]]
    assert not [item["message"] for item in findings if item["code"] in ("page-duplicate", "text-altered")]


def test_the_guide_alone_asks_for_nobody(ws: Path, run: Run, tmp_path: Path) -> None:
    """A guide that is all that came back, upside down, leaves nothing to do: exit code 0, no document."""
    with pikepdf.open(ws / "packets" / f"{CASE}.pdf") as pdf:
        del pdf.pages[1:]
        pdf.pages[0].rotate(180, relative=True)
        pdf.save(tmp_path / "指引.pdf")
    code, found = run("verify", ws, scanned(tmp_path / "指引.pdf", tmp_path / "指引.tif", 150))
    assert (code, found["documents"]) == (0, [])
    assert [page["reason"] for page in found["unplaced"]] == ["blank-page"]


def test_pictures_in_the_guide_hold_no_mark(packed: Path) -> None:
    """However finely the guide is looked at, the only marks on it are its own two."""
    import numpy as np
    import zxingcpp

    with pdfium.PdfDocument(packed / "packets" / f"{CASE}.pdf") as document:
        for dpi in (200, 400, 600):
            picture = np.asarray(document[0].render(scale=dpi / 72).to_pil().convert("L"))
            texts = {
                code.text for code in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormat.QRCode)
            }
            assert len(texts) == 1
            assert texts.pop().startswith("ZZZZZZZZ")
