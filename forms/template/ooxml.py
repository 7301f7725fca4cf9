"""Names and units of WordprocessingML (ECMA-376, transitional), and the one XML parser the program uses for it.

The parser resolves no entities, fetches nothing, and keeps libxml2's own bounds on depth and text length: a
template or a returned DOCX comes from outside.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from lxml import etree

from foundation.errors import Problem, UnreadableError

Element: TypeAlias = "etree._Element"

W_NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14_NAMESPACE = "http://schemas.microsoft.com/office/word/2010/wordml"
MC_NAMESPACE = "http://schemas.openxmlformats.org/markup-compatibility/2006"
STRICT_NAMESPACE = "http://purl.oclc.org/ooxml/wordprocessingml/main"

TWIPS_PER_MM = 1440 / 25.4


def w(name: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W_NAMESPACE}}}{name}"


def w14(name: str) -> str:
    """The qualified name of a Word 2010 extension element or attribute (check boxes)."""
    return f"{{{W14_NAMESPACE}}}{name}"


VAL = w("val")
BODY, SECTION = w("body"), w("sectPr")
PARAGRAPH, RUN, TEXT, BREAK = w("p"), w("r"), w("t"), w("br")
PARAGRAPH_PROPERTIES, RUN_PROPERTIES = w("pPr"), w("rPr")
TABLE, ROW, CELL = w("tbl"), w("tr"), w("tc")
#: A content control (内容控件), what it holds, what it is, and its id.
SDT, SDT_CONTENT, SDT_PROPERTIES, TAG = w("sdt"), w("sdtContent"), w("sdtPr"), w("tag")
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def parse_xml(data: bytes, name: str) -> Element:
    """The root of an XML part, without comments and processing instructions.

    :param name: how problems call the part.
    :raises UnreadableError: not well-formed, beyond libxml2's bounds, or with a DTD, which Open Packaging
        Conventions forbid and entity bombs need.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        problem = Problem(where=name, problem=f"XML 损坏，无法解析（第{error.lineno or 1}行）")
        raise UnreadableError(problem) from error
    # Any: the installed stubs know docinfo only in part.
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise UnreadableError(Problem(where=name, problem="XML 中含有文档类型声明（DTD），不安全，已拒绝"))
    return root


def sections(body: Element) -> list[Element]:
    """The properties of a document's sections, without earlier ones that a tracked change keeps."""
    return [item for item in body.iter(SECTION) if next(item.iterancestors(w("sectPrChange")), None) is None]


def is_on(element: Element | None, attribute: str = VAL) -> bool:
    """Whether an on/off property (ST_OnOff) is on: present and not ``0``, ``false`` or ``off``."""
    return element is not None and element.get(attribute, "1") not in ("0", "false", "off")


def whole_number(text: str | None) -> int | None:
    """A whole number attribute, or None if it is missing or holds something else (an expression, say)."""
    try:
        return int(float(text)) if text is not None else None
    except ValueError:
        return None
