"""The line in an issued DOCX that says where signing is done: on the PDF, whose pages can be told from each other.

A printed DOCX has no page marks, so its pages cannot be found again once they are sealed and scanned. The line stands
in the footers of the issued file alone: neither in the template nor in the copy that is laid out as PDF. It is a frame
at a place of its own on the page and takes no room: nothing on the page moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lxml import etree

from forms.template.docx_file import CONTENT_TYPES
from forms.template.ooxml import SECTION, TWIPS_PER_MM, W_NAMESPACE, Element, is_on, w, whole_number
from generator.template.docx_package import DocxPackage
from generator.template.rendering import RenderedDocument

NOTE = "签字、盖章请用同名 PDF 文件的打印件"

_ABOVE_EDGE_MM = 13.0
_A4_HEIGHT = 16838  # twips
_FRAMED = (
    '<w:p><w:pPr><w:framePr w:wrap="around" w:vAnchor="page" w:hAnchor="page" w:xAlign="center" w:y="{y}"/>'
    '<w:spacing w:before="0" w:after="0" w:line="200" w:lineRule="exact"/><w:ind w:left="0" w:firstLine="0"/>'
    '<w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:cs="宋体"/>'
    '<w:color w:val="808080"/><w:sz w:val="14"/><w:szCs w:val="14"/></w:rPr><w:t>{note}</w:t></w:r></w:p>'
)
#: What a frame stands before; a line that takes no room.
_ANCHOR = '<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
_FOOTER = '<w:ftr xmlns:w="{namespace}">{content}</w:ftr>'
_OWN_FOOTER, _OWN_RELATION = "footer-signing.xml", "rIdSigning"
_FOOTER_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_REFERENCE, _RELATION_ID, _TYPE = w("footerReference"), f"{{{_RELATIONSHIPS}}}id", w("type")


class SigningNote:
    """Writes the documents of one template with the line on every page."""

    def __init__(self, package: DocxPackage) -> None:
        """Prepare the template's footers; one of our own where a page would have none."""
        self._package = package
        sections = list(package.stories[0].root.iter(SECTION))
        self._framed = _FRAMED.format(y=_place(sections), note=NOTE)
        self._footers = tuple(story.part for story in package.stories if story.kind == "footer")
        self._missing = (
            tuple(sorted(_needed(package, sections) - set(_types(sections[0])))) if sections else ()
        )
        self._parts = {part: self._with_note(package[part]) for part in self._footers}
        if self._missing:
            self._parts |= self._own_footer()

    def write(self, rendered: RenderedDocument) -> bytes:
        """A rendered document as DOCX, with the line. The document itself is left as it was."""
        with _references(rendered.body, self._missing):
            parts = dict(rendered.parts)
        filled = {part: self._with_note(parts[part]) for part in self._footers if part in parts}
        return self._package.write({**self._parts, **parts, **filled})

    def _with_note(self, footer: bytes) -> bytes:
        """A footer with the line before all else in it."""
        root = etree.fromstring(footer)
        root.insert(0, etree.fromstring(_FOOTER.format(namespace=W_NAMESPACE, content=self._framed))[0])
        return _serialised(root)

    def _own_footer(self) -> Mapping[str, bytes]:
        """A footer with nothing but the line, and what makes it a part of the package."""
        folder, _, name = self._package.main_part.rpartition("/")
        part, relations = f"{folder}/{_OWN_FOOTER}", f"{folder}/_rels/{name}.rels"
        relation = {"Id": _OWN_RELATION, "Type": f"{_RELATIONSHIPS}/footer", "Target": _OWN_FOOTER}
        override = {"PartName": f"/{part}", "ContentType": _FOOTER_TYPE}
        footer = etree.fromstring(_FOOTER.format(namespace=W_NAMESPACE, content=self._framed + _ANCHOR))
        return {
            part: _serialised(footer),
            relations: _appended(self._package[relations], "Relationship", relation),
            CONTENT_TYPES: _appended(self._package[CONTENT_TYPES], "Override", override),
        }


def _appended(xml: bytes, name: str, attributes: Mapping[str, str]) -> bytes:
    """A list of the package with one more entry, in the list's own namespace."""
    root = etree.fromstring(xml)
    etree.SubElement(root, etree.QName(etree.QName(root).namespace, name), dict(attributes))
    return _serialised(root)


def _serialised(root: Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _place(sections: list[Element]) -> int:
    """How far below the paper's upper edge the line stands, in twips: beside the page number, outside the 版心."""
    sizes = (section.find(w("pgSz")) for section in sections)
    heights = [whole_number(size.get(w("h"))) or _A4_HEIGHT for size in sizes if size is not None]
    return round((heights or [_A4_HEIGHT])[0] - _ABOVE_EDGE_MM * TWIPS_PER_MM)


def _needed(package: DocxPackage, sections: list[Element]) -> set[str]:
    """The kinds of footer by which every page has one (17.10.5): later sections go on with those of the first."""
    needed = {"default"}
    if any(is_on(section.find(w("titlePg"))) for section in sections):
        needed.add("first")
    settings = next((name for name in package.names if name.endswith("/settings.xml")), None)
    if settings and is_on(etree.fromstring(package[settings]).find(w("evenAndOddHeaders"))):
        needed.add("even")
    return needed


def _types(section: Element) -> Iterator[str]:
    return (reference.get(_TYPE, "default") for reference in section.iter(_REFERENCE))


@contextmanager
def _references(body: Element, types: tuple[str, ...]) -> Iterator[None]:
    """Let the first section have our footer for these kinds of pages, for as long as it takes to write it."""
    section = next(body.iter(SECTION), None)
    if section is None:
        yield
        return
    added = [etree.Element(_REFERENCE, {_TYPE: kind, _RELATION_ID: _OWN_RELATION}) for kind in types]
    for at, reference in enumerate(added):
        section.insert(at, reference)
    yield
    for reference in added:
        section.remove(reference)
