"""Walking the parts of a DOCX: every story, in the order of reading, with places a person can count to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from forms.template.docx_file import WORD_MAIN_TYPE, DocxFile
from forms.template.ooxml import W_NAMESPACE
from forms.template.text import document_text
from forms.template.walker import walk

Parts = Callable[[str], dict[str, str]]
Zip = Callable[[dict[str, str]], bytes]


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def placed(data: bytes) -> list[tuple[str, str]]:
    with DocxFile(data) as docx:
        return [
            (block.place, document_text(block.element))
            for story in docx.stories()
            for block in walk(story.root, story.label)
        ]


@pytest.mark.parametrize(("part", "label"), [("footnotes", "脚注"), ("endnotes", "尾注")])
def test_notes_are_stories(docx_parts: Parts, zip_parts: Zip, part: str, label: str) -> None:
    """The paragraphs of footnotes and endnotes are walked too, after the other stories."""
    parts = docx_parts(paragraph("甲"))
    note = f'<w:{part[:-1]} w:id="1">{paragraph("乙")}</w:{part[:-1]}>'
    parts[f"word/{part}.xml"] = f'<w:{part} xmlns:w="{W_NAMESPACE}">{note}</w:{part}>'
    kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{part}"
    related = f'<Relationship Id="rId9" Type="{kind}" Target="{part}.xml"/></Relationships>'
    rels = "word/_rels/document.xml.rels"
    parts[rels] = parts[rels].replace("</Relationships>", related)
    assert placed(zip_parts(parts)) == [("第1段", "甲"), ("页脚", "— 1"), (label, "乙")]


def test_a_part_that_is_referred_to_twice_is_one_story(docx_parts: Parts, zip_parts: Zip) -> None:
    """Two relationships to one footer make one story of it."""
    parts = docx_parts(paragraph("甲"))
    rels = "word/_rels/document.xml.rels"
    again = parts[rels].partition("<Relationship Id=")[2].replace("rId1", "rId8").replace("rId2", "rId9")
    parts[rels] = parts[rels].replace("</Relationships>", "<Relationship Id=" + again)
    assert [place for place, _ in placed(zip_parts(parts))] == ["第1段", "页脚"]


def test_the_kind_of_a_part_is_what_the_package_says(docx_parts: Parts, zip_parts: Zip) -> None:
    """A part's content type is its own override, else its suffix's default, else nothing."""
    parts = docx_parts(paragraph("甲"))
    types = parts["[Content_Types].xml"]
    parts["[Content_Types].xml"] = types.replace(WORD_MAIN_TYPE, "a/document")
    with DocxFile(zip_parts(parts)) as docx:
        kinds = [docx.content_type(part) for part in ("word/document.xml", "word/styles.xml", "a.bin")]
    assert kinds == ["a/document", "application/xml", ""]
