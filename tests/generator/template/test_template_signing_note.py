"""The issued DOCX of a form that is signed says on every page where signing is done, and nothing moves by it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest

from forms.definition import FormDefinition
from forms.geometry import MM_PER_PT
from forms.template.docx_file import DocxFile
from forms.template.ooxml import SECTION, w
from forms.template.text import document_text
from generator.model import Produced
from generator.template.docx_package import DocxPackage
from generator.template.rendering import CompiledTemplate
from generator.template.signing_note import NOTE, SigningNote

_SETTINGS = (
    '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:settings>'
)
Issued = Callable[[str], Produced]


def written(docx: bytes) -> tuple[dict[str, str], list[str]]:
    """With the line: text of each footer by its part, and the kinds of footer that the first section names."""
    rendered = CompiledTemplate(DocxPackage.read(docx)).render({})
    before = rendered.to_bytes()
    with_note = SigningNote(rendered.package).write(rendered)
    assert rendered.to_bytes() == before, "the rendered document stays as it was, for the layout"
    with DocxFile(with_note) as file:
        stories = list(file.stories())
        footers = {story.part: document_text(story.root) for story in stories if story.kind == "footer"}
        section = next(stories[0].root.iter(SECTION))
        return footers, [item.get(w("type"), "") for item in section.iter(w("footerReference"))]


def test_every_footer_begins_with_the_line(kit: Any) -> None:
    """Footers keep what they say, tags filled in, after the line."""
    footers, kinds = written(kit.make(kit.paragraph("甲"), footer=kit.paragraph("第{{ 1 + 1 }}页")))
    assert list(footers.values()) == [f"{NOTE}\n第2页"]
    assert kinds == ["default"]


@pytest.mark.parametrize(
    ("title_page", "even_and_odd", "expected"),
    [
        (False, False, ["default"]),
        (True, False, ["default", "first"]),
        (False, True, ["default", "even"]),
        (True, True, ["default", "even", "first"]),
    ],
)
def test_pages_without_a_footer_get_one(
    kit: Any, title_page: bool, even_and_odd: bool, expected: list[str]
) -> None:
    """A template without footers, or without one for its first or even pages, still has the line on all of them."""
    section = f"<w:sectPr>{'<w:titlePg/>' if title_page else ''}</w:sectPr>"
    settings = _SETTINGS.format("<w:evenAndOddHeaders/>" if even_and_odd else "").encode()
    docx = kit.make(kit.paragraph("甲"), section=section, extra={"word/settings.xml": settings})
    footers, kinds = written(docx)
    assert any(text.startswith(NOTE) for text in footers.values())
    assert kinds == expected


@pytest.mark.parametrize("name", ["authorisation", "completion"])
@pytest.mark.office
def test_the_line_is_in_the_docx_alone(issued: Issued, name: str) -> None:
    """Every footer of the issued DOCX has it; the PDF that is signed has not."""
    produced = issued(name)
    with DocxFile(produced.docx) as file:
        footers = [document_text(story.root) for story in file.stories() if story.kind == "footer"]
    assert footers
    assert all(text.startswith(NOTE) for text in footers)
    assert produced.pdf is not None
    assert "同名" not in "".join(character for _, character, *_ in _characters(produced.pdf))


@pytest.mark.office
def test_a_form_that_nobody_signs_has_no_line(issued: Issued) -> None:
    """The 服务方案 is kept, not signed."""
    with DocxFile(issued("service-plan").docx) as file:
        assert all(NOTE not in document_text(story.root) for story in file.stories())


@pytest.mark.office
@pytest.mark.parametrize("name", ["authorisation", "completion"])
def test_nothing_moves_by_the_line(
    issued: Issued,
    form: Callable[[str], FormDefinition],
    lay_out: Callable[[Path], Path],
    tmp_path: Path,
    name: str,
) -> None:
    """Printed from the DOCX, every page has the line, and all else stands where it would without it."""
    docx = issued(name).docx.read_bytes()
    package = DocxPackage.read(form(name).template)
    footers = {story.part: package[story.part] for story in package.stories if story.kind == "footer"}
    (tmp_path / "with.docx").write_bytes(docx)
    (tmp_path / "without.docx").write_bytes(DocxPackage.read(docx).write(footers))
    with_line, without = (_characters(lay_out(tmp_path / f"{which}.docx")) for which in ("with", "without"))
    assert [item for item in with_line if not _is_at_the_foot(item)] == without
    for page in range(1, without[-1][0] + 1):
        foot = "".join(item[1] for item in with_line if item[0] == page and _is_at_the_foot(item))
        assert foot == re.sub(r"\s", "", NOTE)


def _is_at_the_foot(item: tuple[int, str, float, float]) -> bool:
    """Whether a character stands where the line stands, below the page number."""
    return item[3] < 20 / MM_PER_PT


def _characters(path: Path) -> list[tuple[int, str, float, float]]:
    """Every visible character of a PDF: page (from 1), itself, and where it stands in points from below."""
    found = []
    with pdfium.PdfDocument(path) as document:
        for number, page in enumerate(document, 1):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, bottom, *_ = text.get_charbox(index)
                character = text.get_text_range(index, 1)
                if character.strip():
                    found.append((number, character, round(left, 1), round(bottom, 1)))
            text.close()
    return found
