"""Renders as docxtpl does: which parts, from which source, and what it does to the result.

docxtpl's template language is what people know, and its patches of Word's XML are years of cases; so its own
code is called, once per template instead of once per document. Three of its habits are changed on purpose:

* it turns ``{_{`` into ``{{`` in the finished document, so a value that holds ``{_{`` is changed: here only
  the template's own text is (:mod:`generator.template.part`);
* with autoescape it writes document properties escaped twice (``A&amp;B`` as a title): here they come out as
  written;
* it renders footnotes once per section, so that a value holding ``{{ }}`` is executed the second time: here
  once.

And it parses a malformed result with ``recover=True``, which drops what it cannot read: here that is an error.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from docx.oxml.parser import parse_xml
from docxtpl import DocxTemplate
from lxml import etree

from forms.template.docx_file import Story
from forms.template.ooxml import BODY, CELL, ROW, TABLE, VAL, Element, w
from foundation.errors import FormError, Problem
from generator.template.docx_package import DocxPackage

DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
# The properties DocxTemplate.render_properties fills, and python-docx's names for their elements.
PROPERTIES: Final[Mapping[str, str]] = {
    "author": "作者",
    "comments": "备注",
    "identifier": "标识",
    "language": "语言",
    "subject": "主题",
    "title": "标题",
}
# ECMA-376 part 2 sets no limit; Word and python-docx do.
PROPERTY_LIMIT: Final = 255
#: Of a table in Word.
MOST_COLUMNS: Final = 63
_DOC_PR: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_FIRST_DOC_PR_ID: Final = 1001

# What docxtpl would change in a part: a tag, an escaped delimiter, or a character it turns into markup.
_TOUCHED: Final = re.compile(r"\{[{%#]|\{_[{%]|[}%]_\}|[\t\n\a\f]")
_LISTING_CHARACTERS: Final = "\t\n\a\f"
_LISTING: Final = re.compile(f"[{_LISTING_CHARACTERS}]")
_PARAGRAPH_START: Final = re.compile(r"<w:p(?: [^>]*)?>")
_PARAGRAPH_END: Final = "</w:p>"
_BODY_START, _BODY_END = "<w:body>", "</w:body>"

# resolve_listing and fix_tables are methods that use nothing of their object.
_docxtpl = DocxTemplate(BytesIO())


@dataclass(frozen=True, slots=True)
class PartSource:
    """A part to render: ``source`` is patched and rendered, ``before`` and ``after`` are copied around it."""

    story: Story
    before: str
    source: str
    after: str


def part_sources(package: DocxPackage) -> list[PartSource]:
    """The parts docxtpl renders: the body, and what it would change of headers, footers and footnotes."""
    body, *others = package.stories
    sources = [_part_source(package, story) for story in others if story.kind != "endnotes"]
    return [_body_source(package, body), *(item for item in sources if _TOUCHED.search(item.source))]


def _part_source(package: DocxPackage, story: Story) -> PartSource:
    if story.kind == "footnotes":
        return PartSource(story, "", package[story.part].decode("utf-8-sig"), "")
    return PartSource(story, DECLARATION, _text(parse_xml(package[story.part])), "")


def _body_source(package: DocxPackage, story: Story) -> PartSource:
    """The document's body, as docxtpl takes it, and what surrounds it.

    Only the body is patched. It is cut out with the namespaces that lxml declares on it anew, which the root
    declares already; without them the parts join to the whole document, and it is parsed once.
    """
    root = parse_xml(package[story.part])
    body = root.find(BODY)
    xml = "" if body is None else _text(body)
    start, end = xml.find(">") + 1, xml.rfind(_BODY_END)
    if body is None or end < 0 or not xml.startswith("<w:body"):
        problem = "正文是空的，或命名空间前缀不是“w”"
        raise FormError(Problem(package.where, problem, advice="用 Word 或 WPS 打开后另存"))
    opening = _BODY_START if body.nsmap == root.nsmap and not body.attrib else xml[:start]
    root.replace(body, etree.SubElement(root, BODY))
    head, _, foot = _text(root).partition("<w:body/>")
    before = DECLARATION + head + opening
    return PartSource(story, before, xml[start:end], _BODY_END + foot)


def _text(element: Element) -> str:
    return str(_docxtpl.xml_to_string(element))


def resolve_listing(xml: str) -> str:
    r"""Turn ``\n \t \a \f`` in text into Word's markup, exactly as docxtpl does, but only in paragraphs that
    hold one.

    docxtpl runs three nested substitutions over the whole part. Paragraphs are found here as its pattern
    finds them: from a start tag to the next end tag.
    """
    if not any(character in xml for character in _LISTING_CHARACTERS):  # ten times faster than a pattern
        return xml
    control = _LISTING.search(xml)
    resolved: list[str] = []
    done = position = 0
    while control and (start := _PARAGRAPH_START.search(xml, position)):
        position = xml.find(_PARAGRAPH_END, start.end()) + len(_PARAGRAPH_END)
        if position < len(_PARAGRAPH_END):
            break
        if control.start() < start.start():
            control = _LISTING.search(xml, start.start())
        if control and control.start() < position:
            resolved += (xml[done : start.start()], _docxtpl.resolve_listing(xml[start.start() : position]))
            done = position
            control = _LISTING.search(xml, position)
    return "".join((*resolved, xml[done:])) if done else xml


def body_of(root: Element) -> Element:
    """The ``w:body`` of a document that has been checked to have one."""
    return next(root.iterchildren(BODY))


def settle_body(root: Element) -> bool:
    """What docxtpl does to a rendered body: column widths that fit the cells, drawing ids; whether anything
    changed. ValueError for a span of columns that no table has.
    """
    changed = False
    if any(grid_differs(table) for table in root.iter(TABLE)):
        body = body_of(root)
        root.replace(body, _docxtpl.fix_tables(etree.tostring(body, encoding="unicode")))
        changed = True
    for number, drawing in enumerate(root.iter(_DOC_PR), _FIRST_DOC_PR_ID):
        drawing.set("id", str(number))
        changed = True
    return changed


def grid_differs(table: Element) -> bool:
    """Whether docxtpl's ``fix_tables`` would add or remove columns: a row has more cells, or all span fewer
    columns.
    """
    columns = len(table.findall(f"{w('tblGrid')}/{w('gridCol')}"))
    widest = 0
    for row in table.iter(ROW):
        cells = row.findall(CELL)
        if len(cells) > columns:
            return True
        if widest < columns:
            widest = max(widest, sum(_span(cell) for cell in cells))
    return widest < columns


def _span(cell: Element) -> int:
    span = cell.find(f"{w('tcPr')}/{w('gridSpan')}")
    columns = 1 if span is None else int(span.get(VAL, "1"))
    if not 1 <= columns <= MOST_COLUMNS:
        raise ValueError(columns)
    return columns


def read_properties(core_xml: bytes) -> dict[str, str]:
    """The texts of the properties docxtpl renders, by python-docx's names."""
    element = parse_xml(core_xml)
    return {name: str(getattr(element, f"{name}_text")) for name in PROPERTIES}


def write_properties(core_xml: bytes, values: Mapping[str, str]) -> bytes:
    """The properties part with new texts; ValueError for one that Word does not take (255 characters, control
    codes).
    """
    element = parse_xml(core_xml)
    for name, value in values.items():
        setattr(element, f"{name}_text", value)
    return bytes(etree.tostring(element, encoding="UTF-8", standalone=True))
