"""Issued PDFs that were filled in on a computer: returned as they are, or printed, signed by hand and scanned."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest

pytestmark = pytest.mark.office

Run = Callable[..., tuple[int, dict[str, Any]]]
FORM = "jincheng-authorisation"


def typed(issued: Path, target: Path) -> Path:
    """The issued PDF with its date typed in, by a program that leaves drawing it to the viewer."""
    with pikepdf.Pdf.open(issued) as pdf:
        for page in pdf.pages:
            for widget in page.obj.get("/Annots", ()):
                if widget.get("/FT") == pikepdf.Name.Tx:
                    widget.V = pikepdf.String("2026年3月5日")
                    if "/AP" in widget:
                        del widget["/AP"]
        pdf.Root.AcroForm.NeedAppearances = True
        pdf.save(target)
    return target


def printed(source: Path, target: Path) -> Path:
    """A PDF as it comes out of a printer and back through a scanner of 200 dpi."""
    with pdfium.PdfDocument(source) as document:
        document.init_forms()
        pages = [page.render(scale=200 / 72, may_draw_forms=True).to_pil().convert("L") for page in document]
    pages[0].save(target, save_all=True, append_images=pages[1:], dpi=(200, 200))
    return target


@pytest.mark.parametrize("on_paper", [False, True])
def test_a_typed_date_alters_no_print(
    workspace: Callable[..., Path], run: Run, tmp_path: Path, on_paper: bool
) -> None:
    """A date typed into its form field covers the printed 年 月 日 there; nothing counts as altered."""
    ws = workspace(1)
    assert run("generate", ws, "--form", FORM)[0] == 0
    source = typed(ws / "issued" / "K-0000" / f"{FORM}.pdf", tmp_path / "typed.pdf")
    if on_paper:
        source = printed(source, tmp_path / "scan.tif")
    _, told = run("verify", ws, source)
    (document,) = told["documents"]
    (date,) = [field for field in document["fields"] if field["id"] == "authorisation.date"]
    assert date["state"] == "filled"
    assert on_paper or date["value"] == "2026-03-05"
    assert "text-altered" not in {finding["code"] for finding in document["findings"]}
    assert {page["state"] for page in document["pages"]} == {"found"}
