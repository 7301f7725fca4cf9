"""How many pages a document has, written into the headers and footers of its copy in a composite.

LibreOffice would count the composite's pages, and knows no count of a section. So a document's headers and footers are
copied with the number as text, once for every number that occurs in the composite.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from forms.template.docx_file import CONTENT_TYPES
from forms.template.field_codes import PAGE_COUNTS, field_codes, write_results
from forms.template.ooxml import Element
from generator.template.docx_package import DocxPackage

_REFERENCE = re.compile(r'(<w:(?:header|footer)Reference\b[^>]*\br:id=")([^"]+)(")')


@dataclass(frozen=True, slots=True)
class _CountingPart:
    """A header or footer with a page count: its relation's id, its zip name, and what is laid out of it."""

    relation: str
    name: str
    xml: bytes


class PageCounts:
    """The headers and footers of one template that hold a page count."""

    def __init__(self, package: DocxPackage, parts: Mapping[str, bytes]) -> None:
        """Find them.

        :param parts: the package's parts as they are laid out, by zip name.
        """
        self._package = package
        folder, base = posixpath.split(package.main_part)
        self._relations = f"{folder}/_rels/{base}.rels"
        named = {
            posixpath.normpath(posixpath.join(folder, item.get("Target", ""))): item.get("Id", "")
            for item in etree.fromstring(package[self._relations])
        }
        self._parts = tuple(
            _CountingPart(named[story.part], story.part, parts[story.part])
            for story in package.stories
            if story.kind in ("header", "footer")
            and story.part in named
            and any(code.name in PAGE_COUNTS for code in field_codes(story.root))
        )

    def __bool__(self) -> bool:
        """Whether any header or footer counts pages."""
        return bool(self._parts)

    def refer(self, xml: str, pages: int) -> str:
        """Let a document's sections have the headers and footers with this number."""
        known = {part.relation for part in self._parts}

        def numbered(match: re.Match[str]) -> str:
            before, relation, after = match.groups()
            return f"{before}{_numbered(relation, pages) if relation in known else relation}{after}"

        return _REFERENCE.sub(numbered, xml)

    def parts(self, counts: Iterable[int]) -> dict[str, bytes]:
        """What makes headers and footers with these numbers parts of the package."""
        relations = etree.fromstring(self._package[self._relations])
        types = etree.fromstring(self._package[CONTENT_TYPES])
        parts: dict[str, bytes] = {}
        for pages in sorted(set(counts)):
            for part in self._parts:
                parts |= self._copy(part, pages, relations, types)
        return {**parts, self._relations: etree.tostring(relations), CONTENT_TYPES: etree.tostring(types)}

    def _copy(self, part: _CountingPart, pages: int, relations: Element, types: Element) -> dict[str, bytes]:
        root = etree.fromstring(part.xml)
        write_results(root, PAGE_COUNTS, str(pages))
        stem, suffix = posixpath.splitext(part.name)
        name = f"{stem}-{pages}{suffix}"
        _copy_entry(relations, "Id", part.relation, Id=_numbered(part.relation, pages), Target=f"/{name}")
        _copy_entry(types, "PartName", f"/{part.name}", PartName=f"/{name}")
        copied = {name: etree.tostring(root)}
        own_relations = "{}/_rels/{}.rels".format(*posixpath.split(part.name))
        if own_relations in self._package.names:
            copied["{}/_rels/{}.rels".format(*posixpath.split(name))] = self._package[own_relations]
        return copied


def _numbered(relation: str, pages: int) -> str:
    return f"{relation}-{pages}"


def _copy_entry(root: Element, key: str, value: str, **changed: str) -> None:
    """One more entry in a list of the package, like one that is there already."""
    for entry in root:
        if entry.get(key) == value:
            etree.SubElement(
                root, str(entry.tag), {str(name): str(text) for name, text in entry.items()} | changed
            )
            return
