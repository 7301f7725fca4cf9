"""A page that is one JPEG and nothing else is decoded, as drawing it would show it; anything more is drawn."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from extractors.opening import open_return
from extractors.opening.drawing import draw
from extractors.opening.plain import PlainScans

SIZE = (1654, 2339)
A4_PT = (595.44, 842.04)
Change = Callable[[pikepdf.Page, pikepdf.Object], None]


def photograph(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Image.Image:
    """Something with colours, edges and grain everywhere."""
    width, height = size
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width]
    pixels = np.stack([x * 255 / width, y * 255 / height, (x // 40 + y // 40) % 2 * 200], axis=-1)
    grain = rng.normal(0, 8, (*pixels.shape[:2], 1))
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).convert(mode)


def jpeg(picture: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", **{"quality": 85, **options})
    return stream.getvalue()


def scan_pdf(
    path: Path,
    content: bytes,
    *,
    size: tuple[int, int] = SIZE,
    page_pt: tuple[float, float] = A4_PT,
    space: str = "/DeviceRGB",
    change: Change | None = None,
    painted: bytes | None = None,
) -> Path:
    """One page, one JPEG; ``change`` is what makes it more than that."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=page_pt)
        picture = pikepdf.Stream(pdf, content)
        for name, value in {
            "Type": pikepdf.Name.XObject,
            "Subtype": pikepdf.Name.Image,
            "Width": size[0],
            "Height": size[1],
            "BitsPerComponent": 8,
            "ColorSpace": pikepdf.Name(space),
            "Filter": pikepdf.Name.DCTDecode,
        }.items():
            picture[f"/{name}"] = value
        page = pdf.pages[0]
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
        page.Contents = pdf.make_stream(painted or b"q %f 0 0 %f 0 0 cm /Im0 Do Q" % page_pt)
        if change:
            change(page, picture)
        pdf.save(path)
    return path


def plain(path: Path, size: tuple[int, int] = SIZE) -> np.ndarray | None:
    with path.open("rb") as stream:
        scans = PlainScans(stream, 1)
        try:
            return scans.picture(1, *size)
        finally:
            scans.close()


def drawn(path: Path, size: tuple[int, int] = SIZE) -> np.ndarray:
    document = pdfium.PdfDocument(path)
    try:
        return draw(document[0], *size)
    finally:
        document.close()


@pytest.mark.parametrize("options", [{}, {"subsampling": 0}, {"progressive": True}, {"quality": 30}], ids=str)
@pytest.mark.parametrize(("mode", "space"), [("RGB", "/DeviceRGB"), ("L", "/DeviceGray")])
def test_a_plain_scan_comes_out_as_it_is_drawn(
    tmp_path: Path, mode: str, space: str, options: dict[str, object]
) -> None:
    """Bit for bit, however it was compressed."""
    path = scan_pdf(tmp_path / "a.pdf", jpeg(photograph(mode=mode), **options), space=space)
    found = plain(path)
    assert found is not None and np.array_equal(found, drawn(path))
    with open_return(path, "a.pdf") as opened:
        assert np.array_equal(opened.raster(1).pixels, found)


def test_a_finer_one_is_not_blurred(tmp_path: Path) -> None:
    """At 300 dpi the drawing library is a pixel out at the end of a side; the decoded page is the scanner's."""
    content = jpeg(photograph((2480, 3508)))
    path = scan_pdf(tmp_path / "a.pdf", content, size=(2480, 3508), page_pt=(595.2, 841.92))
    found = plain(path, (2480, 3508))
    assert np.array_equal(found, np.asarray(Image.open(io.BytesIO(content))))


def test_colour_that_says_nothing_is_left_out(tmp_path: Path) -> None:
    """A grey page that was stored in colour is as grey as a drawn one."""
    found = plain(scan_pdf(tmp_path / "a.pdf", jpeg(photograph(mode="L").convert("RGB"))))
    assert found is not None and found.ndim == 2


def test_a_pdf_does_not_ask_how_the_camera_was_held(tmp_path: Path) -> None:
    """The orientation tag of a photograph counts in a picture file; in a PDF the page says how it lies."""
    exif = Image.Exif()
    exif[0x0112] = 6
    path = scan_pdf(tmp_path / "a.pdf", jpeg(photograph(), exif=exif.tobytes()))
    assert np.array_equal(plain(path), drawn(path))


def note(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.obj.Annots = pikepdf.Array(
        [pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[0, 0, 9, 9])]
    )


def soft_mask(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.SMask = picture


def colour_key(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.Mask = pikepdf.Array([0, 9, 0, 9, 0, 9])


def inverted(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.Decode = pikepdf.Array([1, 0, 1, 0, 1, 0])


def turned(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.Rotate = 90


def cropped(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.CropBox = pikepdf.Array([0, 0, 595.44, 500])


def in_another_unit(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.obj.UserUnit = 2


def own_red(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.Resources.ColorSpace = pikepdf.Dictionary(DefaultRGB=pikepdf.Name.DeviceRGB)


def in_two_streams(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.contents_add(b"0 0 90 90 re f", prepend=False)


def grey_it_says(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.ColorSpace = pikepdf.Name.DeviceGray


def wider_it_says(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.Width = SIZE[0] + 1


@pytest.mark.parametrize(
    "change",
    [note, soft_mask, colour_key, inverted, turned, cropped, in_another_unit, own_red, in_two_streams,
     grey_it_says, wider_it_says],
)  # fmt: skip
def test_what_is_more_than_a_picture_is_drawn(tmp_path: Path, change: Change) -> None:
    """Whatever else may be seen on a page, or change how its picture is seen."""
    assert plain(scan_pdf(tmp_path / "a.pdf", jpeg(photograph()), change=change)) is None


@pytest.mark.parametrize(
    "painted",
    [
        b"q 595.44 0 0 842.04 0 0 cm /Im0 Do Q 0 0 90 90 re f",
        b"q 595.44 0 0 842.04 0 0 cm /Im0 Do Q q 90 0 0 90 0 0 cm /Im0 Do Q",
        b"q /Ghost gs 595.44 0 0 842.04 0 0 cm /Im0 Do Q",
        b"q 595.44 0 0 -842.04 0 842.04 cm /Im0 Do Q",
        b"q 0 842.04 -595.44 0 595.44 0 cm /Im0 Do Q",
        b"q 560 0 0 842.04 0 0 cm /Im0 Do Q",
        b"q 595.44 0 0 842.04 9 0 cm /Im0 Do Q",
        b"q 595.44 0 0 842.04 0 0 cm /Other Do Q",
        b"q 595.44 0 0 842.04 0 cm /Im0 Do Q",
        b"0 0 90 90 re f",
    ],
)
def test_a_picture_that_is_not_laid_over_the_whole_page_is_drawn(tmp_path: Path, painted: bytes) -> None:
    """Beside other things, mirrored, turned, moved, or by words that are not understood."""
    assert plain(scan_pdf(tmp_path / "a.pdf", jpeg(photograph()), painted=painted)) is None


def test_a_jpeg_that_is_not_whole_or_not_what_it_is_called_is_drawn(tmp_path: Path) -> None:
    """Cut short, in four colours, of another size, or no JPEG at all."""
    whole = jpeg(photograph())
    assert plain(scan_pdf(tmp_path / "cut.pdf", whole[: len(whole) // 2])) is None
    assert plain(scan_pdf(tmp_path / "cmyk.pdf", jpeg(photograph(mode="CMYK")))) is None
    assert plain(scan_pdf(tmp_path / "small.pdf", jpeg(photograph((800, 1131))))) is None
    assert plain(scan_pdf(tmp_path / "none.pdf", b"not a picture" + b"\xff\xd9")) is None
    assert plain(scan_pdf(tmp_path / "a.pdf", whole), (827, 1170)) is None


def test_a_file_that_cannot_be_taken_apart_is_drawn(tmp_path: Path) -> None:
    """Neither a damaged file nor one whose pages are counted in two ways is decoded."""
    path = scan_pdf(tmp_path / "a.pdf", jpeg(photograph()))
    with path.open("rb") as stream:
        assert PlainScans(stream, 2).picture(1, *SIZE) is None
    damaged = tmp_path / "b.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + b"x" * 500)
    assert plain(damaged) is None
