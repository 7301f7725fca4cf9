"""Ways to make a DOCX say one thing and show another, named by the defect; each changes the parts of an issued one."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

Parts = dict[str, bytes]
DocxSpoil = Callable[[Parts], None]

BODY, STYLES, FOOTER, FONTS = "word/document.xml", "word/styles.xml", "word/footer1.xml", "word/fontTable.xml"
_RELATIONS, _TYPES = "word/_rels/document.xml.rels", "[Content_Types].xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_FIRST_CELL = b'<w:r><w:t xml:space="preserve">'
_SHAPE = (
    b'<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape style="position:absolute;width:400pt;height:300pt">'
    b"%s</v:shape></w:pict></w:r>"
)


def spoilt_docx(source: Path, target: Path, spoil: DocxSpoil) -> Path:
    """A copy of a DOCX with one thing done to it."""
    with zipfile.ZipFile(source) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    before = dict(parts)
    spoil(parts)
    assert parts != before
    with zipfile.ZipFile(target, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return target


def _run_property(properties: bytes) -> DocxSpoil:
    """The answer in the control of 意见和建议 gets properties."""

    def spoil(parts: Parts) -> None:
        at = parts[BODY].index(b"suggestion.opinion")
        start = parts[BODY].index(b"<w:r>", at) + len(b"<w:r>")
        parts[BODY] = parts[BODY][:start] + b"<w:rPr>" + properties + b"</w:rPr>" + parts[BODY][start:]

    return spoil


def _paragraph_property(properties: bytes) -> DocxSpoil:
    """The paragraph of the same answer gets properties."""

    def spoil(parts: Parts) -> None:
        at = parts[BODY].index(b"suggestion.opinion")
        start = parts[BODY].rindex(b"</w:pPr>", 0, at)
        parts[BODY] = parts[BODY][:start] + properties + parts[BODY][start:]

    return spoil


def _put(where: str, what: bytes, before: bytes) -> DocxSpoil:
    def spoil(parts: Parts) -> None:
        start = parts[where].index(before)
        parts[where] = parts[where][:start] + what + parts[where][start:]

    return spoil


def _style(parts: Parts) -> None:
    """The style of the cells makes their text vanish."""
    at = parts[STYLES].index(b'w:styleId="CellLarge"')
    end = parts[STYLES].index(b"</w:style>", at)
    parts[STYLES] = parts[STYLES][:end] + b"<w:rPr><w:vanish/></w:rPr>" + parts[STYLES][end:]


def _row(parts: Parts) -> None:
    """The row of the answer is one point high."""
    at = parts[BODY].index(b"suggestion.opinion")
    start = parts[BODY].rindex(b"<w:trHeight", 0, at)
    end = parts[BODY].index(b"/>", start)
    parts[BODY] = parts[BODY][:start] + b'<w:trHeight w:val="20" w:hRule="exact"' + parts[BODY][end:]


def _chunk(parts: Parts) -> None:
    """A web page is drawn into the document by whoever opens it."""
    parts["word/more.html"] = b"<html><body>otherwise agreed</body></html>"
    relation = f'<Relationship Id="rIdX" Type="{_OFFICE}/aFChunk" Target="more.html"/></Relationships>'
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"</Relationships>", relation.encode())
    kind = b'<Default Extension="html" ContentType="text/html"/></Types>'
    parts[_TYPES] = parts[_TYPES].replace(b"</Types>", kind)
    _put(BODY, b'<w:altChunk r:id="rIdX"/>', b"<w:sectPr>")(parts)


def _alternate(parts: Parts) -> None:
    """Programs that know a namespace show other words than those that do not."""
    choice = (
        b'<mc:AlternateContent><mc:Choice Requires="w14"><w:r><w:t>otherwise agreed</w:t></w:r></mc:Choice>'
        b"<mc:Fallback/></mc:AlternateContent>"
    )
    _put(BODY, choice, _FIRST_CELL)(parts)


def _header(parts: Parts) -> None:
    """A new header with words."""
    parts["word/header9.xml"] = (
        parts[FOOTER]
        .replace(b"w:ftr", b"w:hdr")
        .replace(b"</w:hdr>", b"<w:p><w:r><w:t>otherwise agreed</w:t></w:r></w:p></w:hdr>")
    )
    relation = f'<Relationship Id="rIdH" Type="{_OFFICE}/header" Target="header9.xml"/></Relationships>'
    parts[_RELATIONS] = parts[_RELATIONS].replace(b"</Relationships>", relation.encode())
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"
    override = b'<Override PartName="/word/header9.xml" ContentType="%s"/></Types>' % kind
    parts[_TYPES] = parts[_TYPES].replace(b"</Types>", override)
    _put(BODY, b'<w:headerReference w:type="default" r:id="rIdH"/>', b"<w:footerReference")(parts)


def _twice(parts: Parts) -> None:
    """The answer stands twice under one tag; the one to be seen is empty."""
    at = parts[BODY].index(b"suggestion.opinion")
    start = parts[BODY].rindex(b"<w:sdt>", 0, at)
    end = parts[BODY].index(b"</w:sdt>", at) + len(b"</w:sdt>")
    control = parts[BODY][start:end]
    empty = re.sub(rb"(<w:t[^>]*>)[^<]*(</w:t>)", rb"\1\2", control)
    parts[BODY] = parts[BODY][:start] + empty + control + parts[BODY][end:]


def _embedded_font(parts: Parts) -> None:
    """A font that the file brings along: its shapes may be anything."""
    parts["word/fonts/font1.odttf"] = bytes(64)
    parts[FONTS] = re.sub(
        rb"</w:font>", b'<w:embedRegular r:id="rId1" w:fontKey="{0}"/></w:font>', parts[FONTS], count=1
    )


def _text_changed(parts: Parts) -> None:
    """Printed wording is another."""
    parts[BODY] = parts[BODY].replace("工作建议表".encode(), "工作承诺表".encode())


DOCX_SPOILS: dict[str, DocxSpoil] = {
    "answer hidden": _run_property(b"<w:vanish/>"),
    "answer hidden on the web": _run_property(b"<w:webHidden/>"),
    "answer hidden for good": _run_property(b"<w:specVanish/>"),
    "answer white": _run_property(b'<w:color w:val="FFFFFF"/>'),
    "answer in the colour of the paper": _run_property(b'<w:color w:val="auto" w:themeColor="background1"/>'),
    "answer black on black": _run_property(b'<w:shd w:val="clear" w:color="auto" w:fill="000000"/>'),
    "answer of 1 pt": _run_property(b'<w:sz w:val="2"/>'),
    "answer narrowed to nothing": _run_property(b'<w:w w:val="1"/>'),
    "answer lifted off its line": _run_property(b'<w:position w:val="1400"/>'),
    "answer in pictographs": _run_property(b'<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'),
    "line of half a point": _paragraph_property(b'<w:spacing w:line="10" w:lineRule="exact"/>'),
    "frame laid over the page": _paragraph_property(
        b'<w:framePr w:w="9000" w:hAnchor="page" w:vAnchor="page" w:x="9" w:y="9"/>'
    ),
    "indented off the page": _paragraph_property(b'<w:ind w:left="20000"/>'),
    "row of one point": _row,
    "style that hides": _style,
    "web page inside": _chunk,
    "two versions of a run": _alternate,
    "words in the footer": _put(FOOTER, "<w:p><w:r><w:t>另行约定</w:t></w:r></w:p>".encode(), b"</w:ftr>"),
    "words in a new header": _header,
    "text box": _put(BODY, _SHAPE % b"<v:textbox><w:txbxContent/></v:textbox>", _FIRST_CELL),
    "picture over the text": _put(BODY, _SHAPE % b'<v:imagedata r:id="rId4"/>', _FIRST_CELL),
    "table laid over the page": _put(BODY, b'<w:tblpPr w:tblpX="1" w:tblpY="1"/>', b"<w:tblW"),
    "same tag twice, the visible one empty": _twice,
    "font in the file": _embedded_font,
    "other wording": _text_changed,
    "answer deleted as a tracked change": _put(
        BODY, b'<w:del w:id="9" w:author="a"><w:r><w:delText>1</w:delText></w:r></w:del>', _FIRST_CELL
    ),
}
