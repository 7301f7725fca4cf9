"""Small Word documents made in memory, and docxtpl beside us to compare with."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import pytest
from docxtpl import DocxTemplate
from lxml import etree

from generator.template.environment import template_environment
from generator.template.rendering import CompiledTemplate

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": W,
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    }.items()
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rId1"/>'
    '<w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
)
CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/">%s</cp:coreProperties>'
)

DocxMaker = Callable[..., bytes]


def paragraph(*runs: str) -> str:
    """A paragraph with one run per text."""
    texts = "".join(f"<w:r><w:t>{text}</w:t></w:r>" for text in runs)
    return f"<w:p>{texts}</w:p>"


def table(*rows: str, columns: int) -> str:
    """A table out of rows of ``<w:tc>`` XML."""
    grid = '<w:gridCol w:w="2000"/>' * columns
    body = "".join(f"<w:tr>{row}</w:tr>" for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{body}</w:tbl>"


def cell(*texts: str) -> str:
    """A cell with one paragraph per text."""
    body = "".join(map(paragraph, texts))
    return f'<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>{body}</w:tc>'


def relationships(*targets: tuple[str, str]) -> str:
    """A .rels part out of (type, target)."""
    items = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def content_types() -> str:
    """The content types of the parts made here."""
    kinds = {"document": "document.main", "header1": "header", "footer1": "footer", "footnotes": "footnotes"}
    overrides = {f"word/{name}": f"{WORD}.{kind}+xml" for name, kind in kinds.items()}
    overrides["docProps/core"] = "application/vnd.openxmlformats-package.core-properties+xml"
    items = "".join(
        f'<Override PartName="/{name}.xml" ContentType="{kind}"/>' for name, kind in overrides.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="{rels}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{items}</Types>'
    )


def make(
    body: str,
    *,
    header: str = paragraph("页眉"),
    footer: str = paragraph("页脚"),
    footnote: str = paragraph("脚注"),
    section: str = SECTION,
    core: str = "<dc:title>题目</dc:title>",
    extra: Mapping[str, bytes] | None = None,
) -> bytes:
    """A whole .docx around ``body``."""
    related = [(f"{OFFICE}/{kind}", f"{kind}1.xml") for kind in ("header", "footer")]
    members = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships(
            (f"{OFFICE}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        "word/_rels/document.xml.rels": relationships(*related, (f"{OFFICE}/footnotes", "footnotes.xml")),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}{section}</w:body></w:document>",
        "word/header1.xml": f"<w:hdr {NAMESPACES}>{header}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {NAMESPACES}>{footer}</w:ftr>",
        "word/footnotes.xml": f"<w:footnotes {NAMESPACES}>"
        f'<w:footnote w:id="1">{footnote}</w:footnote></w:footnotes>',
        "docProps/core.xml": CORE % core,
    }
    output = BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text if name.startswith("[") else XML + text)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return output.getvalue()


def read(data: bytes) -> dict[str, bytes]:
    """A .docx's members."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def canonical(xml: bytes) -> bytes:
    """Canonical XML; of document properties without the empty ones, which docxtpl always adds."""
    root = etree.fromstring(xml)
    if root.tag.endswith("}coreProperties"):
        for child in list(root):
            if not child.text:
                root.remove(child)
    return bytes(etree.tostring(root, method="c14n"))


def by_docxtpl(template: bytes, context: Mapping[str, Any], environment: Any = None) -> bytes:
    """What docxtpl itself renders, with the same environment options and autoescape."""
    document = DocxTemplate(BytesIO(template))
    document.render(dict(context), environment or template_environment(), autoescape=True)
    output = BytesIO()
    document.save(output)
    return output.getvalue()


def assert_same(ours: bytes, theirs: bytes) -> None:
    """Every XML part of both, canonicalised, is equal; relationships and content types as sets."""
    mine, other = read(ours), read(theirs)
    for name in sorted(set(mine) & set(other)):
        if name.endswith(".rels") or name.startswith("["):
            assert sorted(map(etree.tostring, etree.fromstring(mine[name]))) == sorted(
                map(etree.tostring, etree.fromstring(other[name]))
            )
        elif name.endswith(".xml"):
            assert canonical(mine[name]).decode() == canonical(other[name]).decode(), name
    assert {name for name in mine if name.startswith("word/")} == {
        name for name in other if name.startswith("word/")
    }


class Kit:
    """What the tests build with."""

    make = staticmethod(make)
    paragraph = staticmethod(paragraph)
    table = staticmethod(table)
    cell = staticmethod(cell)
    read = staticmethod(read)
    canonical = staticmethod(canonical)
    by_docxtpl = staticmethod(by_docxtpl)
    assert_same = staticmethod(assert_same)

    def same(self, template: bytes, context: Mapping[str, Any]) -> None:
        """We render what docxtpl renders; twice, because the second must not see the first."""
        compiled = CompiledTemplate.load(template)
        theirs = by_docxtpl(template, context)
        first = compiled.render(context).to_bytes()
        assert_same(first, theirs)
        assert compiled.render(context).to_bytes() == first

    def text(self, document: bytes, part: str = "word/document.xml") -> str:
        """A part's text as a reader sees it: paragraphs and line breaks are newlines."""
        root = etree.fromstring(read(document)[part])
        lines = []
        for element in root.iter(f"{{{W}}}p"):
            words = {
                f"{{{W}}}t": lambda e: e.text or "",
                f"{{{W}}}br": lambda e: "\n",
                f"{{{W}}}tab": lambda e: "\t",
            }
            lines.append("".join(words[e.tag](e) for e in element.iter(*words)))
        return "\n".join(lines)


@pytest.fixture(scope="session")
def kit() -> Kit:
    return Kit()
