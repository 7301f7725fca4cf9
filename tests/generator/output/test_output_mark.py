"""Page marks read back from paper, and leave the page's text alone."""

import io
from collections.abc import Callable, Iterator

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from PIL import Image, ImageChops, ImageDraw

from forms.geometry import MM_PER_PT, Box
from forms.page_mark import MODULES, PageMark, mark_boxes
from generator.layout.fonts import FontBook
from generator.model import Produced
from generator.output.mark import MarkDrawer

KEY = b"k" * 32
MARK = PageMark("7K3M9QX2", 2, 13)
A4 = (210.0, 297.0)
DPI = 100
Size = tuple[float, float]


@pytest.fixture(scope="module")
def pen() -> MarkDrawer:
    """A pen with this machine's 黑体."""
    return MarkDrawer(KEY, FontBook().glyph_fonts("黑体"))


def page_of(pen: MarkDrawer, size: Size = A4, mark: PageMark = MARK) -> pypdfium2.PdfDocument:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(size[0] / MM_PER_PT, size[1] / MM_PER_PT))
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, pen.content(mark, *size)))
        stream = io.BytesIO()
        pdf.save(stream)
    return pypdfium2.PdfDocument(stream.getvalue())


def picture(pen: MarkDrawer, size: Size = A4, dpi: float = DPI) -> Image.Image:
    document = page_of(pen, size)
    page = document[0]
    try:
        return page.render(scale=dpi / 72, grayscale=True).to_pil()
    finally:
        page.close()
        document.close()


def read(image: Image.Image) -> list[PageMark | None]:
    return [PageMark.parse(code.text, KEY) for code in zxingcpp.read_barcodes(image)]


def pixels(box: Box, dpi: float = DPI) -> tuple[int, ...]:
    return tuple(round(value * dpi / 25.4) for value in (box.x0, box.y0, box.x1, box.y1))


def blots(code: Box) -> Iterator[Box]:
    """A quarter of a code's area, at each of its corners in turn and in its middle."""
    half = code.width / 2
    for right, down in ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5)):
        left, top = code.x0 + right * half, code.y0 + down * half
        yield Box(left, top, left + half, top + half)


@pytest.mark.parametrize("size", [A4, A4[::-1]], ids=["upright", "across"])
def test_both_codes_read_at_100_dpi(pen: MarkDrawer, size: Size) -> None:
    """A page scanned coarsely gives its mark twice, upright paper or across."""
    assert read(picture(pen, size)) == [MARK, MARK]


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_codes_read_however_the_page_lies(pen: MarkDrawer, turn: int) -> None:
    """A page fed sideways or upside down gives its mark twice."""
    assert read(picture(pen).rotate(turn, expand=True)) == [MARK, MARK]


@pytest.mark.parametrize("corner", [0, 1], ids=["top right", "bottom left"])
@pytest.mark.parametrize("ink", [0, 255], ids=["black", "white"])
def test_a_quarter_of_one_code_lost_leaves_the_page_known(pen: MarkDrawer, corner: int, ink: int) -> None:
    """With a quarter of one code painted over, wherever, the page is read, and never as another."""
    image = picture(pen)
    for blot in blots(mark_boxes(*A4)[corner]):
        damaged = image.copy()
        ImageDraw.Draw(damaged).rectangle(pixels(blot), fill=ink)
        found = read(damaged)
        assert MARK in found
        assert set(found) <= {MARK}


def test_a_damaged_code_alone_still_reads(pen: MarkDrawer) -> None:
    """A code whose twin is gone still reads with a blot of 5 by 3 modules in its data (level Q)."""
    top, bottom = mark_boxes(*A4)
    image = picture(pen, dpi=200)
    draw = ImageDraw.Draw(image)
    draw.rectangle(pixels(bottom, 200), fill=255)
    side = top.width / MODULES
    blot = Box(top.x0 + 14 * side, top.y0 + 11 * side, top.x0 + 19 * side, top.y0 + 14 * side)
    draw.rectangle(pixels(blot, 200), fill=255)
    assert read(image) == [MARK]


def test_another_key_does_not_know_the_page(pen: MarkDrawer) -> None:
    """The mark of another workspace reads but does not verify."""
    codes = zxingcpp.read_barcodes(picture(pen))
    assert len(codes) == 2
    assert [PageMark.parse(code.text, b"x" * 32) for code in codes] == [None, None]


def test_codes_stand_where_the_reader_looks(pen: MarkDrawer) -> None:
    """What is drawn fills the two boxes of the mark, to within a pixel, and the quiet zone around is white."""
    image = picture(pen, dpi=300)
    for box in mark_boxes(*A4):
        left, top, right, bottom = pixels(box, 300)
        drawn = image.crop((left, top, right, bottom)).point(lambda value: 255 * (value < 128)).getbbox()
        assert drawn == pytest.approx((0, 0, right - left, bottom - top), abs=1)
        module = (right - left) // MODULES
        for strip in (
            (left - 4 * module, top, left - 1, bottom),
            (right + 2, top, right + 4 * module, bottom),
            (left, top - 4 * module, right, top - 1),
        ):
            assert image.crop(strip).getextrema()[0] > 200


def test_letters_are_drawn_and_are_no_text(pen: MarkDrawer) -> None:
    """The readable letters put ink under each code, and nothing into the page's text."""
    document = page_of(pen)
    page = document[0]
    text = page.get_textpage()
    assert text.get_text_range() == ""
    text.close()
    page.close()
    document.close()
    image = picture(pen, dpi=300)
    for box in mark_boxes(*A4):
        under = Box(box.x0, box.y1 + 0.9, box.x1, box.y1 + 4)
        assert image.crop(pixels(under, 300)).getextrema()[0] < 100


def test_the_letters_stay_on_the_paper(pen: MarkDrawer) -> None:
    """Even the longest letters stay inside the 版心's outer margins and off the paper's edge."""
    content = page_of(pen, mark=PageMark("WWWWWWWW", 1023, 1023))
    page = content[0]
    image = page.render(scale=DPI / 72, grayscale=True).to_pil()
    page.close()
    content.close()
    left, top, right, bottom = image.point(lambda value: 255 * (value < 128)).getbbox() or (0, 0, 0, 0)
    edge = round(5 / 25.4 * DPI)
    assert left >= edge
    assert top >= edge
    assert right <= image.width - edge
    assert bottom <= image.height - edge


# --- the project's name on pages that do not say it ---------------------------------------------------------------


PROJECT = "年产3万吨精密铸件绿色智能制造项目"


def content(pen: MarkDrawer, project: str, size: Size = A4) -> Image.Image:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(size[0] / MM_PER_PT, size[1] / MM_PER_PT))
        pdf.pages[0].contents_add(pikepdf.Stream(pdf, pen.content(MARK, *size, project=project)))
        stream = io.BytesIO()
        pdf.save(stream)
    with pypdfium2.PdfDocument(stream.getvalue()) as document:
        return document[0].render(scale=DPI / 72, grayscale=True).to_pil()


@pytest.mark.parametrize("project", [PROJECT, "某" * 300], ids=["usual", "very long"])
def test_a_projects_name_stands_at_the_foot(pen: MarkDrawer, project: str) -> None:
    """A small line right of the lower mark, below the page number, on the page however long the name is."""
    drawn = ImageChops.difference(content(pen, ""), content(pen, project)).getbbox()
    assert drawn is not None
    left, top, right, bottom = (side * 25.4 / DPI for side in drawn)
    assert left > mark_boxes(*A4)[1].x1 + 3.6
    assert right < A4[0] - 20
    assert A4[1] - 14 < top < bottom < A4[1] - 9


def test_marks_read_beside_a_projects_name(pen: MarkDrawer) -> None:
    """Both codes of a page with the line are read."""
    assert read(content(pen, PROJECT)) == [MARK, MARK]


@pytest.mark.office
@pytest.mark.parametrize(("name", "pages"), [("authorisation", [2]), ("completion", [])])
def test_a_signed_page_says_whose_it_is(
    issued: Callable[[str], Produced], name: str, pages: list[int]
) -> None:
    """Where the form's own words do not, the line does; and no page that names its case has it."""
    produced = issued(name)
    assert produced.pdf is not None
    with pikepdf.open(produced.pdf) as pdf:
        lines = [b"0.45 g" in page.Contents[-1].read_bytes() for page in pdf.pages]
    assert [number for number, has_line in enumerate(lines, 1) if has_line] == pages
    with pypdfium2.PdfDocument(produced.pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    assert all("项目：" not in texts[number - 1] for number in pages), "outlines: the text stays the form's"
