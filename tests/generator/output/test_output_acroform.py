"""Open fields are form fields: named by id, empty, and fit to be typed into in Chinese."""

import ctypes
import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium_c
import pytest
from PIL import Image, ImageChops, ImageStat

from extractors.digital.pdf_form import read_pdf
from forms.definition import FieldDefinition
from forms.geometry import MM_PER_PT, Box, FieldArea
from generator.model import Produced
from generator.output.acroform import FillableField, add_form
from generator.output.typing_fonts import TypingFont

Issued = Callable[[str], Produced]
FORMS = ("assessment", "authorisation", "completion", "ledger", "service-plan", "suggestions")
REQUIRED = 1 << 1
MULTILINE = 1 << 12
#: What draws nothing and is no empty stream.
NOTHING = b"/Tx BMC EMC"
#: A usual text, with rare characters of names, signs and both kinds of digits.
TYPED = "张喆䶮、犇珺赟：“同意” 2026年６月，③㎡…"


def field(
    field_id: str, kind: str = "text", box: Box | None = None, page: int = 1, **more: Any
) -> FillableField:
    definition = {"id": field_id, "label": f"标签：{field_id}", "kind": kind, "filled_by": "office", **more}
    area = FieldArea(field_id, kind, page, box or Box(30, 40, 100, 48), True)
    return FillableField(area, FieldDefinition.model_validate(definition))


@pytest.fixture
def written() -> Iterator[Callable[..., pikepdf.Pdf]]:
    """Two blank pages with these fields, saved and opened again."""
    opened: list[pikepdf.Pdf] = []

    def write(*fields: FillableField) -> pikepdf.Pdf:
        stream = io.BytesIO()
        with pikepdf.new() as pdf:
            for _ in range(2):
                pdf.add_blank_page(page_size=(595, 842))
            add_form(pdf, fields)
            pdf.save(stream)
        opened.append(pikepdf.open(stream))
        return opened[-1]

    yield write
    for pdf in opened:
        pdf.close()


def named(node: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Fully qualified name → terminal field, as ISO 32000-1, 12.7.3.2 builds it."""
    name = f"{prefix}.{node.T}" if prefix else str(node.T)
    if "/Kids" not in node:
        yield name, node
        return
    assert "/FT" not in node
    for kid in node.Kids:
        assert kid.Parent.objgen == node.objgen
        yield from named(kid, name)


def fields_of(pdf: pikepdf.Pdf) -> dict[str, Any]:
    return {name: node for top in pdf.Root.AcroForm.Fields for name, node in named(top)}


# --- what is written -----------------------------------------------------------------------------------------------


def test_a_fields_full_name_is_its_id(written: Callable[..., pikepdf.Pdf]) -> None:
    """Partial names joined by dots give the id; ids with a common beginning share their parents."""
    ids = ["contact.name", "contact.phone", "ledger.0.date", "ledger.10.date", "remark"]
    pdf = written(*(field(field_id) for field_id in ids))
    assert list(fields_of(pdf)) == ids
    assert [str(node.T) for node in pdf.Root.AcroForm.Fields] == ["contact", "ledger", "remark"]
    assert set(pypdf.PdfReader(_bytes(pdf)).get_fields() or {}) >= set(ids)


def test_a_widget_stands_on_its_page_at_its_area(written: Callable[..., pikepdf.Pdf]) -> None:
    """The rectangle is the area in points, on the right page, and prints."""
    box = Box(25.4, 50.8, 76.2, 63.5)
    pdf = written(field("a", box=box), field("b", box=box, page=2))
    for number, page in enumerate(pdf.pages):
        (widget,) = page.Annots
        assert str(widget.T) == "ab"[number]
        assert widget.P.objgen == page.objgen
        assert [float(value) for value in widget.Rect] == pytest.approx([72, 662, 216, 698])
        assert int(widget.F) & 4


def test_the_tooltip_is_the_label(written: Callable[..., pikepdf.Pdf]) -> None:
    """Pointing at a field shows its Chinese label; a date's says how to write one."""
    nodes = fields_of(written(field("contact.name"), field("date", "date")))
    assert str(nodes["contact.name"].TU) == "标签：contact.name"
    assert str(nodes["date"].TU) == "标签：date（写全年、月、日，如 2026年1月5日）"


@pytest.mark.parametrize("kind", ["text", "date", "checkbox", "signature"])
def test_what_must_come_back_is_marked_required(written: Callable[..., pikepdf.Pdf], kind: str) -> None:
    """Viewers ask for what form.toml requires on return, and for nothing else."""
    nodes = fields_of(written(field("a", kind, required="return"), field("b", kind, required="no")))
    assert [bool(int(nodes[name].Ff) & REQUIRED) for name in "ab"] == [True, False]


def test_the_tab_key_goes_as_people_read(written: Callable[..., pikepdf.Pdf]) -> None:
    """On a page fields follow each other line by line, each line from the left, however they were added."""
    boxes = {
        "right": Box(110, 41, 150, 47),
        "below": Box(30, 60, 100, 66),
        "left": Box(30, 40, 100, 48),
        "beside": Box(110, 58, 115, 66),
    }
    pdf = written(*(field(name, box=box) for name, box in boxes.items()))
    page = pdf.pages[0]
    assert [str(widget.T) for widget in page.Annots] == ["left", "right", "below", "beside"]
    assert page.Tabs == pikepdf.Name.R


@pytest.mark.parametrize(
    ("height_mm", "multiline", "flags", "size"),
    [(8, False, 0, 0), (8, True, MULTILINE, 12), (40, False, MULTILINE, 12)],
    ids=["line", "declared", "high"],
)
def test_text_takes_as_many_lines_as_there_is_room(
    written: Callable[..., pikepdf.Pdf], height_mm: float, multiline: bool, flags: int, size: int
) -> None:
    """A high or multi-line field takes several lines in a fixed size; a line fits its text to itself."""
    box = Box(30, 40, 100, 40 + height_mm)
    node = fields_of(written(field("a", box=box, multiline=multiline)))["a"]
    assert (node.FT, int(node.Ff)) == (pikepdf.Name.Tx, flags)
    assert str(node.DA) == f"{TypingFont.TEXT} {size} Tf 0 g"
    assert "/V" not in node


def test_an_open_field_draws_nothing(written: Callable[..., pikepdf.Pdf]) -> None:
    """Fields have an appearance of their own size that draws nothing, so that the page prints as the form.

    Places to sign too: without one, programs cannot flatten them, or draw a mark of their own.
    """
    pdf = written(
        field("a"),
        field("b", "date", box=Box(30, 60, 80, 66)),
        field("c", "signature", box=Box(30, 90, 80, 130)),
    )
    for node in fields_of(pdf).values():
        assert node.AP.N.read_bytes() == NOTHING
        width, height = float(node.Rect[2] - node.Rect[0]), float(node.Rect[3] - node.Rect[1])
        assert [float(value) for value in node.AP.N.BBox] == pytest.approx([0, 0, width, height], abs=0.06)


def test_a_date_covers_what_the_page_prints_there(written: Callable[..., pikepdf.Pdf]) -> None:
    """A date's background is white once it is typed, for 年 月 日 stand beneath; a text's is none."""
    nodes = fields_of(written(field("a", "date"), field("b")))
    assert [float(value) for value in nodes["a"].MK.BG] == [1, 1, 1]
    assert "/MK" not in nodes["b"]


def test_a_box_has_two_states_with_appearances(written: Callable[..., pikepdf.Pdf]) -> None:
    """A check box is /Off, can be /Yes, and draws a tick inside itself in that state only."""
    node = fields_of(written(field("a", "checkbox", box=Box(30, 40, 34, 44))))["a"]
    assert (pikepdf.Name.Btn, pikepdf.Name.Off, pikepdf.Name.Off) == (node.FT, node.V, node.AS)
    assert set(node.AP.N.keys()) == {"/Yes", "/Off"}
    assert node.AP.N.Off.read_bytes() == NOTHING
    points = re.findall(rb"([\d.]+) ([\d.]+) [ml]", node.AP.N.Yes.read_bytes())
    assert len(points) == 3
    side = 4 / MM_PER_PT
    assert all(0 < float(x) < side and 0 < float(y) < side for x, y in points)


def test_a_place_to_sign_is_a_signature_field(written: Callable[..., pikepdf.Pdf]) -> None:
    """A signature is an empty signature field."""
    node = fields_of(written(field("a", "signature")))["a"]
    assert pikepdf.Name.Sig == node.FT
    assert "/V" not in node


def test_no_open_field_no_form(written: Callable[..., pikepdf.Pdf]) -> None:
    """A document without open fields has no form."""
    assert "/AcroForm" not in written().Root


def test_many_boxes_share_their_appearances(written: Callable[..., pikepdf.Pdf]) -> None:
    """A hundred boxes of one size need one tick, not a hundred."""
    boxes = [Box(30, 20 + 2.5 * n, 33, 22.5 + 2.5 * n) for n in range(100)]
    pdf = written(*(field(f"box.{n}", "checkbox", box=box) for n, box in enumerate(boxes)))
    assert len({node.AP.N.Yes.objgen for node in fields_of(pdf).values()}) == 1


# --- what is typed -------------------------------------------------------------------------------------------------


def test_a_pdf_carries_only_the_fonts_its_fields_need(written: Callable[..., pikepdf.Pdf]) -> None:
    """Dates need a few kilobytes, text most of a megabyte; boxes and places to sign need none."""
    small = written(field("a", "date"))
    assert set(small.Root.AcroForm.DR.Font.keys()) == {TypingFont.DATE}
    assert len(_bytes(small).getvalue()) < 10_000
    both = written(field("a", "date"), field("b"))
    assert set(both.Root.AcroForm.DR.Font.keys()) == set(TypingFont)
    assert len(_bytes(both).getvalue()) < 720_000
    assert "/DR" not in written(field("a", "checkbox"), field("b", "signature")).Root.AcroForm


def test_the_font_for_text_has_the_characters_people_need(written: Callable[..., pikepdf.Pdf]) -> None:
    """GB 2312's characters, ASCII and characters of names that GB 2312 lacks are all in the embedded font."""
    han = {
        bytes([row, cell]).decode("gb2312", "ignore")
        for row in range(0xB0, 0xF8)
        for cell in range(0xA1, 0xFF)
    }
    wanted = {*"".join(han), *map(chr, range(32, 127)), *TYPED, *"堃昇翀玥祎䜣䴙䲠㧟䏝䥽䦂煊骉"}
    font = written(field("a")).Root.AcroForm.DR.Font[TypingFont.TEXT]
    assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
    assert wanted - set(_map_of(font).values()) == set()


def test_a_viewer_types_with_the_embedded_font_alone(
    written: Callable[..., pikepdf.Pdf], tmp_path: Path
) -> None:
    """What is typed in pdfium, Chrome's engine, is drawn with fonts that the PDF itself brings, every character."""
    written(field("a"), field("b", "date", box=Box(30, 60, 80, 66))).save(tmp_path / "blank.pdf")
    values = {"a": TYPED, "b": "2026年6月30日"}
    type_in_viewer(tmp_path / "blank.pdf", values, tmp_path / "typed.pdf")
    with pikepdf.open(tmp_path / "typed.pdf") as pdf:
        for name, node in fields_of(pdf).items():
            assert str(node.V) == values[name]
            used = {
                str(item.operands[0])
                for item in pikepdf.parse_content_stream(node.AP.N)
                if str(item.operator) == "Tf"
            }
            assert used <= set(TypingFont), name


@pytest.mark.parametrize("program", ["gs", "pdftoppm"])
def test_other_programs_draw_what_was_typed(
    written: Callable[..., pikepdf.Pdf], tmp_path: Path, program: str
) -> None:
    """Ghostscript and poppler draw every typed character as pdfium does, without a font of their own."""
    if shutil.which(program) is None:
        pytest.skip(f"no {program} on this machine")
    written(field("a", box=Box(30, 40, 180, 48))).save(tmp_path / "blank.pdf")
    writer = pypdf.PdfWriter(clone_from=tmp_path / "blank.pdf")
    writer.update_page_form_field_values(writer.pages[0], {"a": TYPED}, auto_regenerate=False)
    writer.write(tmp_path / "typed.pdf")
    picture = tmp_path / "page.png"
    commands = {
        "gs": ["gs", "-q", "-sDEVICE=pnggray", "-r150", "-dTextAlphaBits=4", "-dLastPage=1", "-o", picture],
        "pdftoppm": ["pdftoppm", "-r", "150", "-gray", "-png", "-singlefile", "-f", "1"],
    }
    after = [] if program == "gs" else [picture.with_suffix("")]
    done = subprocess.run(
        [*commands[program], tmp_path / "typed.pdf", *after], check=True, capture_output=True, text=True
    )
    assert done.stdout + done.stderr == ""
    difference = ImageChops.difference(
        Image.open(picture).convert("L"), _render(tmp_path / "typed.pdf", 1, 150)
    )
    ours = ImageStat.Stat(ImageChops.invert(_render(tmp_path / "typed.pdf", 1, 150))).sum[0]
    assert ImageStat.Stat(difference).sum[0] < 0.6 * ours


# --- issued PDFs ---------------------------------------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.parametrize("name", FORMS)
def test_an_issued_page_has_widgets_and_no_other_annotation(issued: Issued, name: str) -> None:
    """Of the layout's links nothing is left: every annotation is a field's widget, in the form's tree."""
    produced = issued(name)
    assert produced.pdf is not None
    with pikepdf.open(produced.pdf) as pdf:
        annotations = [annotation for page in pdf.pages for annotation in page.get("/Annots", ())]
        assert {str(annotation.Subtype) for annotation in annotations} == {"/Widget"}
        in_tree = {node.objgen for node in fields_of(pdf).values()}
        assert {annotation.objgen for annotation in annotations} == in_tree
        assert set(fields_of(pdf)) == set(produced.blank)
        assert b"d:0/" not in b"".join(_everything(pdf))


@pytest.mark.office
@pytest.mark.parametrize("name", FORMS)
def test_no_stream_of_an_issued_pdf_is_empty(issued: Issued, name: str) -> None:
    """Ghostscript and others call a page damaged that has an empty stream."""
    with pikepdf.open(_pdf(issued(name))) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        assert all(stream.read_raw_bytes() and stream.read_bytes().strip() for stream in streams)


@pytest.mark.office
@pytest.mark.parametrize("name", FORMS)
def test_every_font_on_an_issued_page_is_embedded(issued: Issued, name: str) -> None:
    """Walking the pages' resources and all they draw, each font brings its own file and a ToUnicode map."""
    with pikepdf.open(_pdf(issued(name))) as pdf:
        fonts = [font for page in pdf.pages for font in _fonts(page.Resources)]
        assert fonts
        for font in fonts:
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner.FontDescriptor.keys()), font.BaseFont
            assert "/ToUnicode" in font, font.BaseFont


@pytest.mark.office
def test_typed_chinese_is_stored_and_drawn(issued: Issued, tmp_path: Path) -> None:
    """张三 written by pypdf reads back as 张三, and pypdfium2 draws it inside its field and nowhere else."""
    before = _pdf(issued("authorisation"))
    after = tmp_path / "typed.pdf"
    writer = pypdf.PdfWriter(clone_from=before)
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, {"contact.name": "张三"}, auto_regenerate=False)
    writer.write(after)
    assert read_pdf(after)["contact.name"] == "张三"
    area = _area(issued("authorisation"), "contact.name")
    drawn = _difference(before, after, area.page)
    assert drawn is not None
    assert drawn.within(area.box.all_round(0.5))
    assert drawn.width > 4
    assert drawn.height > 2
    assert _typed_text(after, "contact.name") == "张三"


@pytest.mark.office
@pytest.mark.parametrize(
    ("name", "field_id"),
    [
        ("authorisation", "authorisation.date"),
        ("completion", "handover.enterprise_date"),
        ("completion", "handover.manager_date"),
    ],
)
def test_a_date_field_covers_the_printed_slots(issued: Issued, name: str, field_id: str) -> None:
    """年, 月 and 日 as printed stand inside the date's field, so that what is typed hides them."""
    assert _printed_in(issued(name), field_id) == "年月日"


@pytest.mark.office
def test_a_date_in_running_text_stays_in_one_piece(
    press_all: Callable[..., list[Produced]], least: Callable[[str], dict[str, Any]]
) -> None:
    """However long the name before it, the date's slots stand together inside its field."""
    trees = [{**least("completion"), "id": f"C-{length}"} for length in range(6, 20)]
    for length, tree in enumerate(trees, 6):
        tree["project"] = {**tree["project"], "name": "陶" * length}
    results = press_all("completion", *trees)
    assert {_printed_in(produced, "handover.date") for produced in results} == {"年月日"}


@pytest.mark.office
def test_a_ticked_box_shows_its_tick(issued: Issued, tmp_path: Path) -> None:
    """A box set to /Yes by pypdf is drawn ticked inside its field, and reads back as ticked."""
    produced = issued("assessment")
    field_id = "assessment.approval.items.city.3"
    area = _area(produced, field_id)
    after = tmp_path / "ticked.pdf"
    writer = pypdf.PdfWriter(clone_from=_pdf(produced))
    writer.update_page_form_field_values(
        writer.pages[area.page - 1], {field_id: "/Yes"}, auto_regenerate=False
    )
    writer.write(after)
    assert read_pdf(after)[field_id] is True
    drawn = _difference(_pdf(produced), after, area.page)
    assert drawn is not None
    assert drawn.within(area.box.all_round(0.3))


def _pdf(produced: Produced) -> Path:
    assert produced.pdf is not None
    return produced.pdf


def _area(produced: Produced, field_id: str) -> FieldArea:
    (found,) = (area for area in produced.areas if area.id == field_id)
    return found


def _printed_in(produced: Produced, field_id: str) -> str:
    """What the page prints inside a field's area."""
    area = _area(produced, field_id)
    around = area.box.grown(left=0.3, right=0.3, up=0.5, down=0.5)
    document = pypdfium2.PdfDocument(_pdf(produced))
    page = document[area.page - 1]
    text = page.get_textpage()
    height = page.get_height()
    inside = [
        text.get_text_range(index, 1)
        for index in range(text.count_chars())
        if Box.from_pdf(text.get_charbox(index), height).within(around)
    ]
    for opened in (text, page, document):
        opened.close()
    return re.sub(r"\s", "", "".join(inside))


def _bytes(pdf: pikepdf.Pdf) -> io.BytesIO:
    stream = io.BytesIO()
    pdf.save(stream)
    return stream


def _everything(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    for item in pdf.objects:
        yield item.unparse()
        if isinstance(item, pikepdf.Stream):
            yield item.read_bytes() if item.get("/Subtype") != "/Image" else b""


def _fonts(resources: Any) -> Iterator[Any]:
    yield from dict(resources.get("/Font", {})).values()
    for drawn in dict(resources.get("/XObject", {})).values():
        if "/Resources" in drawn:
            yield from _fonts(drawn.Resources)


def type_in_viewer(source: Path, values: Mapping[str, str], target: Path) -> None:
    """Type into form fields of the first page as a person does, with pdfium, and save."""
    document = pypdfium2.PdfDocument(source)
    document.init_forms()
    page = document[0]
    with pikepdf.open(source) as pdf:
        places = {str(widget.T): [float(side) for side in widget.Rect] for widget in pdf.pages[0].Annots}
    for name, text in values.items():
        x, y = (places[name][0] + places[name][2]) / 2, (places[name][1] + places[name][3]) / 2
        for event in (pdfium_c.FORM_OnMouseMove, pdfium_c.FORM_OnLButtonDown, pdfium_c.FORM_OnLButtonUp):
            event(document.formenv, page, 0, x, y)
        wide = ctypes.create_string_buffer((text + "\0").encode("utf-16-le"))
        pdfium_c.FORM_ReplaceSelection(
            document.formenv, page, ctypes.cast(wide, ctypes.POINTER(ctypes.c_ushort))
        )
        pdfium_c.FORM_ForceToKillFocus(document.formenv)
    document.save(target)
    page.close()
    document.close()


def _render(path: Path, number: int, dpi: int) -> Image.Image:
    """A page as a viewer shows it, form fields and all."""
    document = pypdfium2.PdfDocument(path)
    document.init_forms()
    page = document[number - 1]
    try:
        return page.render(scale=dpi / 72, grayscale=True, may_draw_forms=True).to_pil()
    finally:
        page.close()
        document.close()


def _difference(before: Path, after: Path, number: int, dpi: int = 150) -> Box | None:
    """What one page shows more or less than another, in mm."""
    changed = ImageChops.difference(_render(before, number, dpi), _render(after, number, dpi)).getbbox()
    return Box(*(value * 25.4 / dpi for value in changed)) if changed else None


def _typed_text(path: Path, field_id: str) -> str:
    """The text a field's appearance draws, by its own font's ToUnicode map."""
    with pikepdf.open(path) as pdf:
        appearance = fields_of(pdf)[field_id].AP.N
        shown = [
            bytes(operand)
            for item in pikepdf.parse_content_stream(appearance)
            if str(item.operator) == "Tj"
            for operand in item.operands
        ]
        text = _map_of(next(_fonts(appearance.Resources)))
    codes = b"".join(shown)
    return "".join(text[codes[at : at + 2]] for at in range(0, len(codes), 2))


def _map_of(font: Any) -> dict[bytes, str]:
    """A font's ToUnicode map: code → character."""
    pairs = re.findall(rb"^<([0-9A-F]{4})> <([0-9A-F]{4})>$", font.ToUnicode.read_bytes(), re.M)
    return {bytes.fromhex(code.decode()): chr(int(character, 16)) for code, character in pairs}


def test_a_field_in_two_places_is_one_field(tmp_path: Path) -> None:
    """Two places of one id are two widgets of one field, so what is typed in one stands in both."""
    definition = FieldDefinition(id="contact.name", label="项目联系人", filled_by="enterprise")
    places = [
        FillableField(
            FieldArea("contact.name", "text", page, Box(20, 20 * page, 60, 20 * page + 8), True), definition
        )
        for page in (1, 2, 2)
    ]
    pdf = pikepdf.new()
    for _ in range(2):
        pdf.add_blank_page(page_size=(595, 842))
    add_form(pdf, places)
    pdf.save(tmp_path / "two.pdf")
    fields = pypdf.PdfReader(tmp_path / "two.pdf").get_fields() or {}
    assert [name for name, field in fields.items() if "/FT" in field] == ["contact.name"]
    with pikepdf.open(tmp_path / "two.pdf") as read:
        widgets = [widget for page in read.pages for widget in page.obj.Annots]
        assert [str(widget.Subtype) for widget in widgets] == ["/Widget"] * 3
        assert all(str(widget.Parent.T) == "name" and "/T" not in widget for widget in widgets)
