"""The copy of a document that LibreOffice lays out, and many such copies in one composite.

Laying out 100 copies in one document costs a tenth of laying them out one by one. The copy differs from the issued
DOCX in four ways: official fonts are replaced by the faces installed here, hanging punctuation that is off is said in
LibreOffice's way, content controls are unwrapped, and each control's text becomes a link whose target is
``d:<copy>/<field id>``. Links come out of the PDF export as annotations with a box per line of text, so one export
gives both the whole page and the place of every field. (Form fields would take their rules and boxes out of the page;
docs/decisions/0001.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from unicodedata import combining, normalize

from lxml import etree

from forms.template.controls import tag_of
from forms.template.ooxml import (
    BREAK,
    PARAGRAPH,
    PARAGRAPH_PROPERTIES,
    RUN,
    RUN_PROPERTIES,
    SDT,
    SDT_CONTENT,
    SECTION,
    TEXT,
    TWIPS_PER_MM,
    XML_SPACE,
    Element,
    w,
)
from forms.template.text import SYMBOL, symbol_text
from generator.layout.fonts import (
    ALIASES,
    BOLD_STAND_INS,
    BOX_GLYPHS,
    INVISIBLE,
    OFFICIAL_NAMES,
    UNDRAWN,
    FontBook,
)
from generator.layout.page_counts import PageCounts
from generator.template.docx_package import DocxPackage

_FONTS, _SIMPLE_FIELD = w("rFonts"), w("fldSimple")
BODY_PART = "word/document.xml"
_SECTION = "<?section ?>"
_FONT_ATTRIBUTE = re.compile(r'(w:(?:ascii|hAnsi|eastAsia|cs))="([^"]+)"')
_FONT_ELEMENT = re.compile(r"<w:rFonts\b[^>]*/>")
_KEPT_WHOLE = re.compile(r"<w:cantSplit\b[^>]*/>")
_BOTTOM_MARGIN = re.compile(r'<w:pgMar\b[^>]*w:bottom="(\d+)"')
_HEAD_ROW = re.compile(r"<w:trPr>(?:(?!</w:trPr>).)*<w:tblHeader\b[^>]*/>(?:(?!</w:trPr>).)*</w:trPr>")
_ROW_HEIGHT, _REPEATED = re.compile(r'(<w:trHeight\b[^>]*w:val=")(\d+)'), re.compile(r"<w:tblHeader\b[^>]*/>")
#: How much higher repeated heads are made: a line of text, so that pages hold other lines (twips, 5 mm).
_HIGHER = 300
#: So often heads are made higher before they are not repeated any more.
_HEADS_KEPT = 2
#: On a character grid LibreOffice (25.2) hangs or loses a mark at a line's end where hanging is off, and does neither
#: where it is on.
_NO_HANGING, _HANGING = '<w:overflowPunct w:val="0"/>', "<w:overflowPunct/>"
_TITLE_FACE = "方正小标宋_GBK"
_NAMES = (*OFFICIAL_NAMES, *ALIASES)


@dataclass(frozen=True, slots=True)
class DocumentBody:
    """One document's body, ready for a composite.

    ``xml``: its content, with a mark where its last section ends; ``last_section``: that section's properties;
    ``pages``: how many pages it is expected to have, for headers and footers that say so.
    """

    xml: str
    last_section: str
    pages: int = 0

    @property
    def bottom_margin_mm(self) -> float:
        """The last section's bottom margin."""
        match = re.search(r'w:bottom="(\d+)"', self.last_section)
        return int(match.group(1)) / TWIPS_PER_MM if match else 0.0

    @property
    def foot_mm(self) -> float:
        """From the paper's lower edge: where the text of every section ends, its smallest bottom margin."""
        margins = _BOTTOM_MARGIN.findall(self.xml + self.last_section)
        return min(map(int, margins), default=0) / TWIPS_PER_MM

    def with_other_heads(self, attempt: int) -> DocumentBody:
        """The body with its tables' repeated heads a line higher, so that pages hold other lines; from the third
        attempt on with heads that are not repeated.
        """

        def changed(match: re.Match[str]) -> str:
            if attempt > _HEADS_KEPT:
                return _REPEATED.sub("", match.group())
            return _ROW_HEIGHT.sub(lambda height: f"{height[1]}{int(height[2]) + _HIGHER}", match.group())

        return replace(self, xml=_HEAD_ROW.sub(changed, self.xml))

    @property
    def with_rows_broken(self) -> DocumentBody:
        """The body with no table row kept whole: LibreOffice may lose the end of one that is higher than a page."""
        return replace(self, xml=_KEPT_WHOLE.sub("", self.xml))


class LayoutStyle:
    """How one template's copies are drawn with this machine's fonts; made once per template."""

    def __init__(self, package: DocxPackage, fonts: FontBook) -> None:
        self.package = package
        self.fonts = fonts
        self._faces = {name: fonts.face(name) for name in OFFICIAL_NAMES}
        self._is_rare: dict[str, bool] = {}
        self.parts = {
            name: self._with_faces(package[name].decode("utf-8")).encode("utf-8")
            for name in package.names
            if name.endswith(".xml") and name.startswith("word/") and name != BODY_PART
        }
        self._page_counts = PageCounts(package, self.parts)
        self._head, self._tail = _around_body(package[BODY_PART].decode("utf-8"))

    def document_body(self, body: Element, on_new_line: frozenset[str] = frozenset()) -> DocumentBody:
        """Prepare a filled document's body for a composite. The tree is used up.

        ``on_new_line``: fields to begin on a line of their own, because a line end would cut them in two.
        """
        _write_symbols(body)
        texts = list(body.iter(TEXT))
        characters = frozenset("".join(text.text or "" for text in texts))
        if any(combining(character) for character in characters):
            for text in texts:
                text.text = normalize("NFC", text.text or "")  # é as one glyph, not an e and a mark beside it
            characters = frozenset("".join(text.text or "" for text in texts))
        self._split_rare(body, characters)
        _link_controls(body, on_new_line)
        _link_first_run(body)
        last_section = _detach_section(body)
        return DocumentBody(self._with_faces(_inner_xml(body)), last_section)

    @property
    def counts_pages(self) -> bool:
        """Whether headers or footers say how many pages the document has."""
        return bool(self._page_counts)

    def composite(self, bodies: Sequence[DocumentBody]) -> bytes:
        """One DOCX with the bodies one after the other, each a section of its own with pages from 1."""
        parts = self.parts
        if self.counts_pages:
            parts = parts | self._page_counts.parts(body.pages for body in bodies)
            bodies = [self._with_page_count(body) for body in bodies]
        *firsts, last = bodies
        flow = [_numbered(body.xml, index, body.last_section) for index, body in enumerate(firsts)]
        flow.append(_numbered(last.xml, len(firsts), "") + last.last_section)
        document = self._head + "".join(flow) + self._tail
        return self.package.write({**parts, BODY_PART: document.encode("utf-8")})

    def _with_page_count(self, body: DocumentBody) -> DocumentBody:
        refer = self._page_counts.refer
        return replace(
            body, xml=refer(body.xml, body.pages), last_section=refer(body.last_section, body.pages)
        )

    def _with_faces(self, xml: str) -> str:
        xml = xml.replace(_NO_HANGING, _HANGING)

        def attribute(match: re.Match[str]) -> str:
            return f'{match.group(1)}="{self._face(match.group(2))}"'

        def element(match: re.Match[str]) -> str:
            fonts = _FONT_ATTRIBUTE.sub(attribute, match.group())
            if _TITLE_FACE in match.group() and self._faces[_TITLE_FACE] in BOLD_STAND_INS:
                return f"{fonts}<w:b/>"
            return fonts

        return _FONT_ELEMENT.sub(element, xml) if any(name in xml for name in _NAMES) else xml

    def _face(self, name: str) -> str:
        return self._faces.get(ALIASES.get(name, name), name)

    def _split_rare(self, body: Element, characters: frozenset[str]) -> None:
        """Give characters the usual faces lack a run of their own in a font that has them."""
        rare = {character for character in characters if self._rare(character)}
        if not rare:
            return
        for run in list(body.iter(RUN)):
            texts = [text.text or "" for text in run.iterchildren(TEXT)]
            if all(rare.isdisjoint(text) for text in texts):
                continue
            if len(texts) == 1 and len(texts[0]) == 1 and texts[0] in BOX_GLYPHS:
                _set_family(run, self.fonts.box_family or self._faces["宋体"])  # by far the most frequent
            else:
                _replace_run(run, self._pieces(run, rare))

    def _rare(self, character: str) -> bool:
        """Whether a character cannot simply be drawn by every face the forms use."""
        if character not in self._is_rare:
            plain = character in UNDRAWN or all(
                self.fonts.covers(face, character) for face in self._faces.values()
            )
            special = character in BOX_GLYPHS or character in INVISIBLE
            self._is_rare[character] = special or not plain
        return self._is_rare[character]

    def _pieces(self, run: Element, rare: set[str]) -> Iterator[Element]:
        name = _font_name(run)
        for child in run:
            if child.tag == RUN_PROPERTIES:
                continue
            if child.tag != TEXT:
                yield _run_like(run, deepcopy(child), None)
                continue
            for family, text in self._stretches(name, child.text or "", rare):
                piece = etree.Element(TEXT, {XML_SPACE: "preserve"})
                piece.text = text
                yield _run_like(run, piece, family)

    def _stretches(self, name: str, text: str, rare: set[str]) -> Iterator[tuple[str | None, str]]:
        """Runs of characters drawn by one family; None is the run's own face."""
        stretch, current = "", None
        for character in text:
            if character in INVISIBLE:
                continue  # nothing to draw, and a font without it would draw a box
            family = self._family(name, character) if character in rare else None
            if stretch and family != current:
                yield current, stretch
                stretch = ""
            current, stretch = family, stretch + character
        if stretch:
            yield current, stretch

    def _family(self, name: str, character: str) -> str | None:
        if character in BOX_GLYPHS:
            return self.fonts.box_family
        family = self.fonts.family_for(name, character)
        return None if family == self._face(name) else family


def _around_body(xml: str) -> tuple[str, str]:
    """The document part's text before the body's content, and after it."""
    start = re.search(r"<w:body\b[^>]*>", xml)
    assert start is not None
    return xml[: start.end()], xml[xml.rindex("</w:body>") :]


def _inner_xml(body: Element) -> str:
    xml = etree.tostring(body, encoding="unicode")
    return xml[xml.index(">") + 1 : xml.rindex("</")]


def _link_controls(body: Element, on_new_line: frozenset[str]) -> None:
    """Replace each content control by its content, linked to ``d:@/<field id>``."""
    for control in list(body.iter(SDT)):
        field_id = tag_of(control)
        content = control.find(SDT_CONTENT)
        parent = control.getparent()
        if parent is None:
            continue
        at = parent.index(control)
        parent.remove(control)
        children = list(content) if content is not None else []
        if field_id and all(child.tag == RUN for child in children):
            link = _link(field_id)
            link.extend(children)
            children = [_line_break(), link] if field_id in on_new_line else [link]
        elif field_id and content is not None:
            _link_paragraphs(content, field_id)
        for offset, child in enumerate(children):
            parent.insert(at + offset, child)


def _link_paragraphs(content: Element, field_id: str) -> None:
    """Link the text of a control around whole paragraphs or cells; controls inside it have links of their own."""
    for paragraph in content.iter(PARAGRAPH):
        runs = list(paragraph.iterchildren(RUN))
        if runs:
            link = _link(field_id)
            paragraph.replace(runs[0], link)
            link.extend(runs)


def _write_symbols(body: Element) -> None:
    """Write characters of symbol fonts as the same characters of fonts for text, as the check expects them."""
    for symbol in list(body.iter(SYMBOL)):
        text = etree.Element(TEXT)
        text.text = symbol_text(symbol)
        parent = symbol.getparent()
        if parent is not None:
            parent.replace(symbol, text)


def _link_first_run(body: Element) -> None:
    """Link the first printed words to ``d:@/``: where a copy begins in the composite."""
    for run in body.iter(RUN):
        text = run.find(TEXT)
        parent = run.getparent()
        if text is None or not text.text or not text.text.strip() or parent is None:
            continue
        if parent.tag == _SIMPLE_FIELD:
            continue  # a field's own link must keep its box
        link = _link("")
        parent.replace(run, link)
        link.append(run)
        return


def _line_break() -> Element:
    run = etree.Element(RUN)
    etree.SubElement(run, BREAK)
    return run


def _link(target: str) -> Element:
    return etree.Element(_SIMPLE_FIELD, {w("instr"): f' HYPERLINK "d:@/{target}" '})


def _numbered(xml: str, index: int, section: str) -> str:
    return (
        xml.replace('HYPERLINK "d:@/', f'HYPERLINK "d:{index}/')
        .replace("HYPERLINK &quot;d:@/", f"HYPERLINK &quot;d:{index}/")
        .replace(_SECTION, section)
    )


def _detach_section(body: Element) -> str:
    """Take the body's last section out, restart pages in the first, and mark where the last one ends."""
    section = body.find(SECTION)
    assert section is not None, "a document body ends with its section"
    body.remove(section)
    first = next(body.iter(SECTION), section)
    _restart_pages(first)
    last = body[-1]
    properties = last.find(PARAGRAPH_PROPERTIES)
    if properties is None:
        properties = etree.Element(PARAGRAPH_PROPERTIES)
        last.insert(0, properties)
    mark = etree.ProcessingInstruction("section")
    change = properties.find(w("pPrChange"))
    properties.insert(len(properties) if change is None else properties.index(change), mark)
    xml = etree.tostring(section, encoding="unicode")
    return re.sub(r'\sxmlns:\w+="[^"]*"', "", xml)


def _restart_pages(section: Element) -> None:
    for old in section.findall(w("pgNumType")):
        section.remove(old)
    numbering = etree.Element(w("pgNumType"), {w("start"): "1"})
    margins = section.find(w("pgMar"))
    after = section.index(margins) + 1 if margins is not None else len(section)
    while after < len(section) and section[after].tag in (w("paperSrc"), w("pgBorders"), w("lnNumType")):
        after += 1
    section.insert(after, numbering)


def _font_name(run: Element) -> str:
    fonts = run.find(f"{RUN_PROPERTIES}/{_FONTS}")
    name = fonts.get(w("eastAsia")) if fonts is not None else None
    return name or "仿宋_GB2312"


def _replace_run(run: Element, pieces: Iterable[Element]) -> None:
    parent = run.getparent()
    assert parent is not None
    at = parent.index(run)
    parent.remove(run)
    for offset, piece in enumerate(pieces):
        parent.insert(at + offset, piece)


def _run_like(run: Element, content: Element, family: str | None) -> Element:
    """A run with the same properties, another content, and another family if one is named."""
    copy = etree.Element(RUN)
    properties = run.find(RUN_PROPERTIES)
    if properties is not None:
        copy.append(deepcopy(properties))
    if family is not None:
        _set_family(copy, family)
    copy.append(content)
    return copy


def _set_family(run: Element, family: str) -> None:
    properties = run.find(RUN_PROPERTIES)
    if properties is None:
        properties = etree.SubElement(run, RUN_PROPERTIES)
    fonts = properties.find(_FONTS)
    if fonts is None:
        fonts = etree.Element(_FONTS)
        style = properties.find(w("rStyle"))
        properties.insert(0 if style is None else 1, fonts)
    fonts.attrib.clear()
    for slot in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(w(slot), family)
