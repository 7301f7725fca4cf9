"""Writes a form's first template.docx from an outline, once; afterwards the docx is the source of truth.

A template is edited in Word or WPS, like any document; nothing reads the outline again. What this tool saves is the
first hour: the page, grid and styles of GB/T 9704-2012 (``page``), and content controls with ids, aliases and
expressions that agree with form.toml (``markup``). It refuses to overwrite an existing template unless called with
``--replace``, since that throws away what was edited by hand.

    python -m tools.drafting jincheng ledger        forms/jincheng/ledger/template.docx
    python -m tools.drafting jincheng               every form the outline has

An outline is a module ``tools/drafting/outlines/<document>.py`` with ``OUTLINES``: folder name → function from a
``Controls`` to the body's XML. ``@on_page(section(…))`` gives an outline another page than the upright one. form.toml
must be there first: labels come from it.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tomllib
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from tools.drafting.markup import Controls, Outline, OutlineOnPage
from tools.drafting.page import (
    HEAD,
    NAMESPACES,
    font_table_xml,
    footer_xml,
    header_xml,
    section,
    settings_xml,
    styles_xml,
)
from tools.drafting.theme import theme_xml

FORMS = Path(__file__).resolve().parents[2] / "forms"

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_KIND = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_APP = "application/vnd.openxmlformats-officedocument.extended-properties+xml"


def main() -> int:
    """Write the templates asked for; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.drafting", description="Writes a form's first template.docx."
    )
    parser.add_argument("document")
    parser.add_argument("form", nargs="*", help="folder names; all of the outline's without any")
    parser.add_argument("--replace", action="store_true", help="overwrite a template that is already there")
    arguments = parser.parse_args()
    outlines: Mapping[str, Outline] = importlib.import_module(
        f"tools.drafting.outlines.{arguments.document}"
    ).OUTLINES
    for name in arguments.form or outlines:
        folder = FORMS / arguments.document / name
        target = folder / "template.docx"
        if target.exists() and not arguments.replace:
            print(f"{target} is already there; edit it in Word or WPS, or pass --replace", file=sys.stderr)
            return 1
        definition = tomllib.loads((folder / "form.toml").read_text("utf-8"))
        labels = {item["id"]: item["label"] for item in definition["field"]}
        outline = outlines[name]
        page = outline if isinstance(outline, OutlineOnPage) else OutlineOnPage(outline, section())
        write(target, definition["title"], page(Controls(labels)), page.section, page.headers)
    return 0


def write(target: Path, title: str, body: str, last_section: str, headers: Sequence[str] = ()) -> None:
    """Write a whole .docx; the same input gives the same bytes.

    ``last_section``: the section the body ends with; ``headers``: the text of each page header.
    """
    header_parts = {f"word/header{number}.xml": header_xml(text) for number, text in enumerate(headers, 1)}
    document = f"{HEAD}<w:document {NAMESPACES}><w:body>{body}{last_section}</w:body></w:document>"
    parts = {
        "[Content_Types].xml": _content_types(header_parts),
        "_rels/.rels": _package_relationships(),
        "word/document.xml": document,
        "word/_rels/document.xml.rels": _document_relationships(header_parts),
        "word/styles.xml": styles_xml(),
        "word/settings.xml": settings_xml(),
        "word/fontTable.xml": font_table_xml(),
        "word/theme/theme1.xml": theme_xml(),
        "word/footer1.xml": footer_xml(odd=False),
        "word/footer2.xml": footer_xml(odd=True),
        **header_parts,
        "docProps/core.xml": _core(title),
        "docProps/app.xml": _app(),
    }
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


def _content_types(headers: Iterable[str]) -> str:
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
        "/word/theme/theme1.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/word/footer2.xml": f"{_WORD}.footer+xml",
        **{f"/{name}": f"{_WORD}.header+xml" for name in headers},
        "/docProps/core.xml": _CORE,
        "/docProps/app.xml": _APP,
    }
    entries = "".join(
        f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides.items()
    )
    return (
        f'{HEAD}<Types xmlns="{_TYPES}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    )


def _package_relationships() -> str:
    return _relationships(
        (f"{_OFFICE}/officeDocument", "word/document.xml"),
        (_CORE_KIND, "docProps/core.xml"),
        (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
    )


def _document_relationships(headers: Iterable[str]) -> str:
    # Sections refer to the footers as rId4 (even) and rId5 (odd), to headers from FIRST_HEADER_ID: the order is theirs.
    return _relationships(
        (f"{_OFFICE}/styles", "styles.xml"),
        (f"{_OFFICE}/settings", "settings.xml"),
        (f"{_OFFICE}/fontTable", "fontTable.xml"),
        (f"{_OFFICE}/footer", "footer1.xml"),
        (f"{_OFFICE}/footer", "footer2.xml"),
        (f"{_OFFICE}/theme", "theme/theme1.xml"),
        *((f"{_OFFICE}/header", name.removeprefix("word/")) for name in headers),
    )


def _relationships(*targets: tuple[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{_RELATIONSHIPS}">{entries}</Relationships>'


def _core(title: str) -> str:
    return (
        f'{HEAD}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:language>zh-CN</dc:language></cp:coreProperties>"
    )


def _app() -> str:
    return (
        f'{HEAD}<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
        "<Application>daiban</Application></Properties>"
    )
