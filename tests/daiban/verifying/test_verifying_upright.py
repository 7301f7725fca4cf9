"""A filed page stands upright, is the page that came, pixel for pixel, and does nothing when it is opened."""

import io
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from daiban.verifying.reading.upright import UprightPages, bind
from extractors.model import Raster
from extractors.opening import open_return

RASTER = Raster(np.full((40, 30), 255, np.uint8), 150.0)


def picture(seed: int = 1) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (120, 80), np.uint8))


def rendered(pdf: Path, page: int = 0) -> Image.Image:
    with pdfium.PdfDocument(pdf) as document:
        return document[page].render(scale=1).to_pil()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_pictures_are_carried_over_as_they_are(tmp_path: Path, suffix: str, turn: int) -> None:
    """The picture in the PDF has the very pixels of the file; the turn is a note beside it."""
    source, target = tmp_path / f"a{suffix}", tmp_path / "page.pdf"
    picture().save(source, dpi=(72, 72))
    with UprightPages(source, is_pdf=False, pages=1) as pages:
        assert pages.write(1, turn, target, RASTER)
    with pikepdf.Pdf.open(target) as made:
        (image,) = made.pages[0].get_images().values()
        pixels = pikepdf.PdfImage(image).as_pil_image()
        assert int(made.pages[0].get("/Rotate", 0)) == turn
    assert np.array_equal(np.asarray(pixels), np.asarray(Image.open(source)))


def test_a_page_of_a_long_tiff_is_that_page(tmp_path: Path) -> None:
    """The second page of a TIFF becomes the PDF's page, not the first."""
    source, target = tmp_path / "a.tif", tmp_path / "page.pdf"
    picture(1).save(source, save_all=True, append_images=[picture(2)], dpi=(72, 72))
    with UprightPages(source, is_pdf=False, pages=2) as pages:
        assert pages.write(2, 0, target, RASTER)
    with pikepdf.Pdf.open(target) as made:
        (image,) = made.pages[0].get_images().values()
        assert np.array_equal(np.asarray(pikepdf.PdfImage(image).as_pil_image()), np.asarray(picture(2)))


def hostile(folder: Path) -> Path:
    """A PDF whose page has scripts, actions, links and a typed field."""
    source = folder / "hostile.pdf"
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    with pikepdf.Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(200, 300))
        drawn = pdf.make_stream(b"0 0 1 rg 0 0 50 50 re f", {"/Type": pikepdf.Name.XObject})
        drawn.Subtype, drawn.BBox = pikepdf.Name.Form, pikepdf.Array([0, 0, 50, 50])
        typed = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            Rect=[20, 20, 70, 70],
            F=4,
            AP=pikepdf.Dictionary(N=drawn),
            A=action,
            FT=pikepdf.Name.Tx,
            T="a",
        )
        typed = pdf.make_indirect(typed)
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[typed])
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
        )
        page.obj.Annots = pdf.make_indirect(pikepdf.Array([typed, link]))
        page.obj.AA = pikepdf.Dictionary(O=action)
        pdf.Root.OpenAction = action
        pdf.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=["a", action]))
        pdf.save(source)
    return source


def test_nothing_that_acts_is_filed(tmp_path: Path) -> None:
    """Scripts, actions and links stay behind, and what was typed into a field is still to be seen."""
    target, bound = tmp_path / "page.pdf", tmp_path / "bound.pdf"
    seen = np.full((300, 200, 3), 255, np.uint8)
    seen[230:280, 20:70] = 0, 0, 255
    with UprightPages(hostile(tmp_path), is_pdf=True, pages=1) as pages:
        assert pages.write(1, 0, target, Raster(seen, 72.0))
    bind([(target, 0), (target, 0)], bound)
    with pikepdf.Pdf.open(bound) as made:
        plain = io.BytesIO()
        made.save(plain, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        assert len(made.pages) == 2
    assert not any(word in plain.getvalue() for word in (b"JavaScript", b"/AA", b"/OpenAction", b"/Annots"))
    assert np.asarray(rendered(bound, 1).convert("RGB"))[270, 40].tolist() == [0, 0, 255]


def test_a_file_that_cannot_be_taken_apart_gives_its_picture(tmp_path: Path) -> None:
    """Where a page cannot be copied, what was looked at is filed, turned the same way."""
    source, target = tmp_path / "broken.pdf", tmp_path / "page.pdf"
    source.write_bytes(b"%PDF-1.7 nothing")
    with UprightPages(source, is_pdf=True, pages=1) as pages:
        assert not pages.write(1, 90, target, RASTER)
    with pikepdf.Pdf.open(target) as made:
        assert len(made.pages) == 1 and int(made.pages[0].Rotate) == 90


def test_what_is_filed_shows_what_was_judged(tmp_path: Path) -> None:
    """Text in a layer that is off was not seen by the judge, and is not in the filed page."""
    with pikepdf.Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        group = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("x")))
        pdf.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array([group]), D=pikepdf.Dictionary(OFF=pikepdf.Array([group]))
        )
        page.add_resource(group, pikepdf.Name.Properties, pikepdf.Name.L)
        page.contents_add(b"0 g 50 700 20 20 re f /OC /L BDC 100 300 200 200 re f EMC")
        pdf.save(tmp_path / "layers.pdf")
    with open_return(tmp_path / "layers.pdf", "layers.pdf") as opened:
        seen = opened.raster(1)
    with UprightPages(tmp_path / "layers.pdf", is_pdf=True, pages=1) as pages:
        pages.write(1, 0, tmp_path / "filed.pdf", seen)
    with open_return(tmp_path / "filed.pdf", "filed.pdf") as opened:
        filed = opened.raster(1)
    assert abs(float(filed.pixels.mean()) - float(seen.pixels.mean())) < 1
