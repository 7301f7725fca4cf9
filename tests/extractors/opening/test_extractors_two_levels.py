"""Black and white is told from a file's own pixels, whatever is made of them afterwards."""

import io
from functools import cache
from pathlib import Path

import img2pdf
import numpy as np
import pikepdf
import pytest
from PIL import Image, ImageDraw

from extractors.model import Raster
from extractors.opening import open_return
from extractors.opening.pixels import whole_raster
from extractors.thresholds import load_thresholds

DPI = (200, 300, 600)


@cache
def page(dpi: int, down: int | None = None) -> Image.Image:
    """A page of strokes as a grey scan has it: soft edges, paper and ink with their grain."""
    width, height = round(dpi * 8.27), round((down or dpi) * 11.69)
    picture = Image.new("L", (2 * width, 2 * height), 250)
    draw = ImageDraw.Draw(picture)
    rng = np.random.default_rng(dpi)
    for x, y, across, rise in rng.uniform((0.1, 0.1, -0.02, -0.015), (0.9, 0.9, 0.02, 0.015), (500, 4)):
        ends = [(x * picture.width, y * picture.height)]
        ends += [((x + across) * picture.width, (y + rise) * picture.height)]
        draw.line(ends, fill=25, width=max(4, round(0.03 * dpi)))
    grey = np.asarray(picture.reduce(2), np.int16)
    grain = rng.integers(-5, 6, (97, width), np.int16)  # rows of it again and again are grain enough
    return Image.fromarray(np.clip(grey + np.resize(grain, grey.shape), 0, 255).astype(np.uint8))


@cache
def black_and_white(dpi: int, down: int | None = None) -> Image.Image:
    return page(dpi, down).point(lambda level: 255 * (level > 140)).convert("1")


def opened(path: Path) -> Raster:
    with open_return(path, path.name) as returned:
        return returned.raster(1)


def as_pdf(picture: Image.Image, path: Path, dpi: tuple[int, int], **options: object) -> Path:
    """A PDF of one picture over the whole page, of a size in whole points as scanners' programs make them."""
    stored = io.BytesIO()
    picture.save(stored, **options)  # type: ignore[arg-type]
    size = tuple(round(side / each * 72) for side, each in zip(picture.size, dpi, strict=True))
    layout = img2pdf.get_layout_fun(size, fit=img2pdf.FitMode.fill)
    path.write_bytes(img2pdf.convert(stored.getvalue(), layout_fun=layout))
    return path


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize(("name", "options"), [("a.tif", {"compression": "group4"}), ("a.png", {})])
def test_one_bit_is_black_and_white(tmp_path: Path, dpi: int, name: str, options: dict[str, str]) -> None:
    """TIFF and PNG of one bit, at every resolution."""
    black_and_white(dpi).save(tmp_path / name, dpi=(dpi, dpi), **options)  # type: ignore[arg-type]
    assert opened(tmp_path / name).bitonal


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("quality", [40, 90])
def test_noise_about_two_levels_changes_nothing(tmp_path: Path, dpi: int, mode: str, quality: int) -> None:
    """A black-and-white scan saved as a JPEG, however badly, is still one."""
    black_and_white(dpi).convert(mode).save(tmp_path / "a.jpg", dpi=(dpi, dpi), quality=quality)
    assert opened(tmp_path / "a.jpg").bitonal


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("options", [{"format": "TIFF", "compression": "group4"}, {"format": "JPEG"}])
def test_a_pdf_is_judged_by_the_picture_in_it(tmp_path: Path, dpi: int, options: dict[str, str]) -> None:
    """Also where the page is drawn smaller than its picture, which makes levels between."""
    picture = black_and_white(dpi).convert("1" if options["format"] == "TIFF" else "L")
    assert opened(as_pdf(picture, tmp_path / "a.pdf", (dpi, dpi), **options)).bitonal


@pytest.mark.parametrize("turn", [90, 180])
def test_a_turned_page_is_judged_alike(tmp_path: Path, turn: int) -> None:
    """Scanners turn pages by a number beside the picture."""
    path = as_pdf(black_and_white(600), tmp_path / "a.pdf", (600, 600), format="TIFF", compression="group4")
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        document.pages[0].Rotate = turn
        document.save(path)
    assert opened(path).bitonal


@pytest.mark.parametrize("down", [98, 196])
def test_a_fax_is_black_and_white(tmp_path: Path, down: int) -> None:
    """Its pixels are made square only after they were judged, as a picture and in a PDF."""
    fax = black_and_white(204, down)
    fax.save(tmp_path / "a.tif", compression="group3", dpi=(204, down))
    assert opened(tmp_path / "a.tif").bitonal
    pdf = as_pdf(fax, tmp_path / "a.pdf", (204, down), format="TIFF", compression="group4")
    assert opened(pdf).bitonal


@pytest.mark.parametrize("dpi", DPI)
@pytest.mark.parametrize("lid", [False, True])
def test_a_grey_scan_is_not(tmp_path: Path, dpi: int, lid: bool) -> None:
    """Not as a picture, not in a PDF; nor if much of it is a black lid."""
    scan = page(dpi).copy()
    if lid:
        scan.paste(5, (0, scan.height * 2 // 3, scan.width, scan.height))
    scan.save(tmp_path / "a.jpg", dpi=(dpi, dpi), quality=90)
    scan.save(tmp_path / "a.bmp", dpi=(dpi, dpi))
    pdf = as_pdf(scan, tmp_path / "a.pdf", (dpi, dpi), format="JPEG")
    assert not any(opened(path).bitonal for path in (tmp_path / "a.jpg", tmp_path / "a.bmp", pdf))


def test_a_colour_photograph_is_not(tmp_path: Path) -> None:
    """A sheet on a dark table in daylight, large enough to be decoded at half its size."""
    sheet = page(300).convert("RGB")
    photo = Image.new("RGB", (4600, 4000), (28, 22, 18))
    photo.paste(sheet.rotate(7, expand=True, resample=Image.Resampling.BICUBIC, fillcolor=(28, 22, 18)))
    photo.save(tmp_path / "a.jpg", quality=88)
    assert not opened(tmp_path / "a.jpg").bitonal


def test_a_black_and_white_scan_made_smaller_is_not() -> None:
    """A chat program's picture of one has levels between: what was judged is what lies in the file."""
    smaller = black_and_white(200).convert("L").resize((910, 1280), Image.Resampling.BOX)
    assert not whole_raster(np.asarray(smaller), None, load_thresholds().opening).bitonal
