"""What is laid out: many documents in one, in fonts that are here, with each field's text as a link."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from forms.definition import FormDefinition
from forms.template.ooxml import w
from forms.template.text import document_text
from foundation.errors import ToolFailedError
from generator.bind import Bound, bind
from generator.layout import fonts
from generator.layout.composite import BODY_PART, LayoutStyle
from generator.layout.composite_pdf import CompositePdf, LaidOutDocument
from generator.layout.fonts import ALIASES, OFFICIAL_NAMES, FontBook
from generator.template.fill import FormFiller

Form = Callable[[str], FormDefinition]
Tree = dict[str, Any]
OFFICIAL = {*OFFICIAL_NAMES, *ALIASES}
SLOTS = tuple(w(name) for name in ("ascii", "hAnsi", "eastAsia", "cs"))


@pytest.fixture
def free_fonts(monkeypatch: pytest.MonkeyPatch) -> FontBook:
    """This machine's fonts without any official one it may have."""
    found = {name: font for name, font in fonts.installed_fonts().items() if name not in OFFICIAL}
    monkeypatch.setattr(fonts, "installed_fonts", lambda: found)
    return FontBook()


def composite(book: FontBook, bounds: Sequence[Bound]) -> bytes:
    filler = FormFiller(bounds[0].form)
    style = LayoutStyle(filler.package, book)
    return style.composite([style.document_body(filler.fill(bound).body) for bound in bounds])


def parts(docx: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".xml")]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def named(tree: Tree, name: str, number: int = 0) -> Tree:
    return {**tree, "id": f"C-{number}", "project": {**tree["project"], "name": name}}


def runs_with(root: etree._Element, character: str) -> list[etree._Element]:
    return [
        run for run in root.iter(w("r")) if character in "".join(text.text or "" for text in run.iter(w("t")))
    ]


def family(run: etree._Element) -> str | None:
    found = run.find(f"{w('rPr')}/{w('rFonts')}")
    return None if found is None else found.get(w("eastAsia"))


# --- the composite -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["assessment", "authorisation", "service-plan"])
def test_no_official_font_reaches_the_composite(
    form: Form, tree: Tree, free_fonts: FontBook, name: str
) -> None:
    """Body, styles and footers name only families that are installed here."""
    installed = fonts.installed_fonts()
    for part, root in parts(composite(free_fonts, [bind(tree, form(name))])).items():
        used = {element.get(slot) for element in root.iter(w("rFonts")) for slot in SLOTS} - {None}
        assert not used & OFFICIAL, part
        assert used <= set(installed), part


def test_a_light_stand_in_for_the_title_is_made_bold(form: Form, tree: Tree, free_fonts: FontBook) -> None:
    """小标宋 is heavy; where a light face stands for it, the styles of title and red head alone are bold."""
    styles = parts(composite(free_fonts, [bind(tree, form("authorisation"))]))["word/styles.xml"]
    bold = [
        style.get(w("styleId"))
        for style in styles.iter(w("style"))
        if style.find(f"{w('rPr')}/{w('b')}") is not None
    ]
    is_light = free_fonts.face("方正小标宋_GBK") in fonts.BOLD_STAND_INS
    assert bold == (["FormTitle", "RedHead"] if is_light else [])


@pytest.mark.parametrize(
    "name", ["assessment", "authorisation", "completion", "ledger", "service-plan", "suggestions"]
)
def test_controls_become_links_that_carry_their_ids(
    form: Form, tree: Tree, free_fonts: FontBook, name: str
) -> None:
    """No control is left; each document's fields, and no others, are links to its number and their id."""
    bounds = [bind(named(tree, f"第{number}号项目", number), form(name)) for number in range(2)]
    body = parts(composite(free_fonts, bounds))[BODY_PART]
    assert not list(body.iter(w("sdt")))
    targets = [link.get(w("instr"), "") for link in body.iter(w("fldSimple"))]
    found = [re.fullmatch(r' HYPERLINK "d:(\d+)/(.*)" ', target) for target in targets]
    ids = [(int(match[1]), match[2]) for match in found if match]
    assert len(ids) == len(targets)
    filler = FormFiller(form(name))
    for number, bound in enumerate(bounds):
        shown = {tag.get(w("val")) for tag in filler.fill(bound).body.iter(w("tag"))}
        own = [field_id for document, field_id in ids if document == number]
        assert own.count("") == 1, "where the document begins"
        assert {field_id for field_id in own if field_id} == shown
        # A numbered list is a paragraph a line within one control, each a link of its own.
        again = {field_id for field_id in own if own.count(field_id) > 1}
        assert all("\n" in str(bound.values[field_id]) for field_id in again)


def test_a_composite_says_what_its_documents_say(form: Form, tree: Tree, free_fonts: FontBook) -> None:
    """Unwrapping, linking and splitting runs change no character and no line."""
    filler = FormFiller(form("authorisation"))
    bounds = [bind(named(tree, f"第{number}喆喆㎡项目", number), filler.form) for number in range(3)]
    apart = [document_text(filler.fill(bound).body) for bound in bounds]
    together = document_text(next(parts(composite(free_fonts, bounds))[BODY_PART].iter(w("body"))))
    assert together == "\n".join(apart)


def test_each_document_is_a_section_with_pages_from_one(form: Form, tree: Tree, free_fonts: FontBook) -> None:
    """n documents give n sections, each restarting its page numbers; nothing is left of the marks between."""
    bounds = [bind(named(tree, "甲", number), form("suggestions")) for number in range(4)]
    body = parts(composite(free_fonts, bounds))[BODY_PART]
    sections = list(body.iter(w("sectPr")))
    assert len(sections) == 4
    for section in sections:
        assert [item.get(w("start")) for item in section.iter(w("pgNumType"))] == ["1"]
    assert not list(body.iter(etree.ProcessingInstruction))


# --- rare characters -----------------------------------------------------------------------------------------------


def test_rare_characters_get_a_run_of_their_own(form: Form, tree: Tree, install: Callable[..., None]) -> None:
    """Characters the face lacks stand in runs of a family that has them; the text around keeps its face."""
    common = "".join(
        chr(code) for code in (*range(0x20, 0x7F), *range(0x2010, 0x2040), *range(0x3000, 0x3020))
    )
    every = common + "".join(chr(code) for code in (*range(0x4E00, 0xA000), *range(0xFF00, 0xFF60)))
    usual = every.replace("喆", "").replace("堃", "")
    faces = dict.fromkeys(("FandolFang R", "FandolKai", "FandolHei", "FandolSong"), usual)
    install({**faces, "Noto Serif CJK SC": usual + "喆", "LXGW WenKai": every, "DejaVu Sans": "□☑"})
    bound = bind(named(tree, "甲喆喆乙堃丙"), form("authorisation"))
    body = parts(composite(FontBook(), [bound]))[BODY_PART]
    assert {family(run) for run in runs_with(body, "喆")} == {"Noto Serif CJK SC"}
    assert {family(run) for run in runs_with(body, "堃")} == {"LXGW WenKai"}
    (link,) = (link for link in body.iter(w("fldSimple")) if "project.name" in link.get(w("instr"), ""))
    pieces = ["".join(text.text or "" for text in run.iter(w("t"))) for run in link.iter(w("r"))]
    assert pieces == ["甲", "喆喆", "乙", "堃", "丙"]
    assert all(run.find(f"{w('rPr')}/{w('u')}") is not None for run in link.iter(w("r"))), (
        "underlined as before"
    )


def test_ticked_and_empty_boxes_are_drawn_by_one_font(form: Form, tree: Tree, free_fonts: FontBook) -> None:
    """□ and ☑ stand in the same family everywhere, so that a ticked box is as large as an empty one."""
    body = parts(composite(free_fonts, [bind(tree, form("assessment"))]))[BODY_PART]
    assert {family(run) for glyph in "□☑" for run in runs_with(body, glyph)} == {free_fonts.box_family}


# --- laid out ------------------------------------------------------------------------------------------------------


@pytest.fixture
def laid_out(
    form: Form, tree: Tree, lay_out: Callable[[Path], Path], tmp_path: Path
) -> Callable[[str, Sequence[str]], list[LaidOutDocument]]:
    """Lays out one composite of a form, a document for each project name."""

    def run(name: str, projects: Sequence[str]) -> list[LaidOutDocument]:
        bounds = [bind(named(tree, project, number), form(name)) for number, project in enumerate(projects)]
        docx = tmp_path / "composite.docx"
        docx.write_bytes(composite(FontBook(), bounds))
        with CompositePdf(lay_out(docx), len(bounds)) as opened:
            return opened.documents

    return run


@pytest.mark.office
@pytest.mark.parametrize("name", ["authorisation", "suggestions", "assessment"])
def test_every_document_counts_its_pages_from_one(
    laid_out: Callable[[str, Sequence[str]], list[LaidOutDocument]], name: str
) -> None:
    """Three documents in one come out as three, whole and in order, each with footers 1, 2, 3 …"""
    projects = ["甲项目", "乙" * 200 + "项目", "丙项目"]
    documents = laid_out(name, projects)
    assert len(documents) == 3
    assert documents[0].first_index == 0
    for document, project in zip(documents, projects, strict=True):
        footers = [re.findall(r"[—－-]\s*(\d+)\s*[—－-]", text) for text in document.texts]
        assert [numbers[-1:] for numbers in footers] == [[str(n)] for n in range(1, document.pages + 1)]
        text = re.sub(r"\s", "", "".join(document.texts))
        assert [other for other in projects if other in text] == [project]
    assert [document.first_index for document in documents[1:]] == [
        documents[0].pages,
        documents[0].pages + documents[1].pages,
    ]


@pytest.mark.office
def test_a_long_neighbour_moves_nothing(
    laid_out: Callable[[str, Sequence[str]], list[LaidOutDocument]],
) -> None:
    """A document's fields stand at the same places whatever stands before it in the composite."""
    alone = laid_out("authorisation", ["甲项目"])[0]
    _, behind = laid_out("authorisation", ["乙" * 300, "甲项目"])
    assert alone.boxes.keys() == behind.boxes.keys()
    for field_id, on_pages in alone.boxes.items():
        assert on_pages == behind.boxes[field_id], field_id


@pytest.mark.office
def test_a_composite_that_lacks_a_document_is_refused(
    form: Form, tree: Tree, lay_out: Callable[[Path], Path], tmp_path: Path
) -> None:
    """A PDF that holds fewer documents than were sent is not cut at all."""
    docx = tmp_path / "composite.docx"
    docx.write_bytes(composite(FontBook(), [bind(tree, form("suggestions"))] * 2))
    pdf = lay_out(docx)
    with pytest.raises(ToolFailedError, match="对不上"):
        CompositePdf(pdf, 3)
