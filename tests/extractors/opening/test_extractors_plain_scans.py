"""A page that is one JPEG and nothing else is decoded, as drawing it would show it; anything more is drawn."""

import io
import time
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image

from extractors.opening import open_return
from extractors.opening.drawing import draw
from extractors.opening.plain_scans import PlainScans

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


def plain(path: Path, size: tuple[int, int] = SIZE, pages: int = 1) -> np.ndarray | None:
    document = pdfium.PdfDocument(path)
    with path.open("rb") as stream:
        scans = PlainScans(stream, pages)
        try:
            return scans.picture(1, document[0], *size)
        finally:
            scans.close()
            document.close()


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


def hidden_layer(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.OC = pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="off")


def turned(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.Rotate = 90


def turned_by_a_fraction(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.obj.Rotate = Decimal("180.0")


def cropped(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.CropBox = pikepdf.Array([0, 0, 595.44, 500])


def own_red(page: pikepdf.Page, _: pikepdf.Object) -> None:
    red = pikepdf.Array([pikepdf.Name.CalRGB, pikepdf.Dictionary(WhitePoint=[0.9, 1, 1.1])])
    page.Resources.ColorSpace = pikepdf.Dictionary(DefaultRGB=red)


def in_two_streams(page: pikepdf.Page, _: pikepdf.Object) -> None:
    page.contents_add(b"0 0 90 90 re f", prepend=False)


def grey_it_says(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.ColorSpace = pikepdf.Name.DeviceGray


def no_name_for_its_colours(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.ColorSpace = pikepdf.String("/DeviceRGB")


def wider_it_says(_: pikepdf.Page, picture: pikepdf.Object) -> None:
    picture.Width = SIZE[0] + 1


@pytest.mark.parametrize(
    "change",
    [note, soft_mask, colour_key, inverted, hidden_layer, turned, turned_by_a_fraction, cropped, own_red,
     in_two_streams, grey_it_says, no_name_for_its_colours, wider_it_says],
)  # fmt: skip
def test_what_is_more_than_a_picture_is_drawn(tmp_path: Path, change: Change) -> None:
    """Whatever else may be seen on a page, or change how its picture is seen."""
    assert plain(scan_pdf(tmp_path / "a.pdf", jpeg(photograph()), change=change)) is None


LAID = b"595.44 0 0 842.04 0 0 cm"


@pytest.mark.parametrize(
    "painted",
    [
        b"q " + LAID + b" /Im0 Do Q 0 0 90 90 re f",
        b"q " + LAID + b" /Im0 Do Q q 90 0 0 90 0 0 cm /Im0 Do Q",
        b"q 0 0 300 842 re W n " + LAID + b" /Im0 Do Q",
        b"q /Ghost gs " + LAID + b" /Im0 Do Q",
        b"/OC /Layer BDC q " + LAID + b" /Im0 Do Q EMC",
        b"q 595.44 0 0 -842.04 0 842.04 cm /Im0 Do Q",
        b"q 0 842.04 -595.44 0 595.44 0 cm /Im0 Do Q",
        b"q 560 0 0 842.04 0 0 cm /Im0 Do Q",
        b"q 595.44 0 0 842.04 9 0 cm /Im0 Do Q",
        b"q " + LAID + b" /Other Do Q",
        b"q " + LAID + b" /Im0 Do Q << 1 0 0 rg 100 100 300 300 re f",
        b"0 0 90 90 re f",
    ],
)
def test_a_picture_that_is_not_all_there_is_to_see_is_drawn(tmp_path: Path, painted: bytes) -> None:
    """Beside other things, clipped, pale, in a layer, mirrored, turned, moved."""

    def ghost(page: pikepdf.Page, _: pikepdf.Object) -> None:
        page.Resources.ExtGState = pikepdf.Dictionary(Ghost=pikepdf.Dictionary(ca=0.3))
        page.Resources.Properties = pikepdf.Dictionary(
            Layer=pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="x")
        )

    assert plain(scan_pdf(tmp_path / "a.pdf", jpeg(photograph()), painted=painted, change=ghost)) is None


def test_which_picture_is_painted_pdfium_says(tmp_path: Path) -> None:
    """Of two names before one operator the last counts."""
    path = scan_pdf(tmp_path / "a.pdf", jpeg(photograph()), painted=b"q " + LAID + b" /Im0 /Im1 Do Q")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pictures = pdf.pages[0].Resources.XObject
        grey = Image.new("RGB", SIZE, (200, 200, 200))
        pictures.Im1 = other = pikepdf.Stream(pdf, jpeg(grey))
        for name in ("Type", "Subtype", "Width", "Height", "BitsPerComponent", "ColorSpace", "Filter"):
            other[f"/{name}"] = pictures.Im0[f"/{name}"]
        pdf.save(path)
    found = plain(path)
    assert found is not None and np.array_equal(found, drawn(path))


def test_a_content_stream_that_swells_costs_nothing(tmp_path: Path) -> None:
    """A few bytes that come to millions of instructions are pdfium's to read, and are no plain scan's."""
    many = zlib.compress(zlib.compress(b"q " + LAID + b" /Im0 Do Q" + b" q Q" * 1_000_000))

    def swelling(page: pikepdf.Page, _: pikepdf.Object) -> None:
        page.obj.Contents.write(many, filter=[pikepdf.Name.FlateDecode, pikepdf.Name.FlateDecode])

    path = scan_pdf(tmp_path / "a.pdf", jpeg(photograph((827, 1170))), size=(827, 1170), change=swelling)
    started = time.process_time()
    with open_return(path, "a.pdf") as opened:
        opened.raster(1)
    assert time.process_time() - started < 5


def test_a_jpeg_that_is_not_whole_or_not_what_it_is_called_is_drawn(tmp_path: Path) -> None:
    """Cut short, in four colours, of another size, or no JPEG at all."""
    whole = jpeg(photograph())
    assert plain(scan_pdf(tmp_path / "cut.pdf", whole[: len(whole) // 2])) is None
    assert plain(scan_pdf(tmp_path / "cmyk.pdf", jpeg(photograph(mode="CMYK")))) is None
    assert plain(scan_pdf(tmp_path / "small.pdf", jpeg(photograph((800, 1131))))) is None
    assert plain(scan_pdf(tmp_path / "none.pdf", b"not a picture" + b"\xff\xd9")) is None
    assert plain(scan_pdf(tmp_path / "a.pdf", whole), (827, 1170)) is None


def test_a_jpeg_that_decoders_show_each_in_its_way_is_drawn(tmp_path: Path) -> None:
    """With restarts, at which one goes on where the other does not; coded arithmetically; in no common frame."""
    picture = photograph()
    restarting, whole = jpeg(picture, restart_marker_blocks=50), jpeg(picture)
    assert plain(scan_pdf(tmp_path / "restarts.pdf", restarting)) is None
    frame = whole.index(b"\xff\xc0")
    for marker in (0xC3, 0xC9):
        changed = whole[: frame + 1] + bytes([marker]) + whole[frame + 2 :]
        assert plain(scan_pdf(tmp_path / f"{marker}.pdf", changed)) is None


def test_a_file_that_cannot_be_taken_apart_is_drawn(tmp_path: Path) -> None:
    """Neither a damaged file nor one whose pages are counted in two ways is decoded."""
    path = scan_pdf(tmp_path / "a.pdf", jpeg(photograph()))
    assert plain(path) is not None and plain(path, pages=2) is None
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.Pages.Kids = pikepdf.Array([pdf.pages[0].obj] * 1000)
        pdf.save(path)
    assert plain(path) is None
