"""Where a template's tags stand, in the words of someone who has it open in Word: 正文 表1 第3行 第2格.
 docxtpl patches a part until Jinja can read it, and Jinja's line numbers are then of no use to a person. So
tags are read from the part as it was, with their places, and a patched tag is traced to its original by what
it says and by how many of the same came before it.
"""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_QUOTES: Final = str.maketrans("“”‘’", "\"\"''")
# {{r x}}, {%tr if y %}: docxtpl's letters say which element makes way for the tag.
LETTER: Final = re.compile(r"\{[{%#]-?(tr|tc|p|r)\s")
_CELL_TAG: Final = re.compile(r"(?:cellbg|colspan)\b")
# Elements that a tag cannot begin outside of and end inside of.
_CONTAINERS: Final = frozenset(
    W + name for name in ("p", "sdtContent", "hyperlink", "ins", "del", "smartTag", "fldSimple", "customXml")
)


@dataclass(frozen=True, slots=True)
class TemplateTag:
    """A tag as its author wrote it, and where. ``keyword`` is a statement's first word, empty for ``{{ }}``
    and comments.

    ``crosses`` says that the tag begins inside one element (a content control, a link) and ends inside
    another.
    """

    text: str
    place: str
    crosses: bool = False

    @property
    def letter(self) -> str:
        """``tr``, ``tc``, ``p`` or ``r``, or empty."""
        found = LETTER.match(self.text)
        return found.group(1) if found else ""

    @property
    def inner(self) -> str:
        """What stands between the delimiters, without docxtpl's letter and with straight quotes."""
        inner = html.unescape(self.text[2:-2]).translate(_QUOTES).removeprefix("-").removesuffix("-")
        return inner[len(self.letter) :].strip()

    @property
    def keyword(self) -> str:
        """A statement's first word: ``for``, ``endif``."""
        words = self.inner.split(None, 1) if self.text.startswith("{%") else []
        return words[0] if words else ""

    @property
    def key(self) -> str:
        """What stays of a tag through docxtpl's patching, to find it again."""
        kind, inner = self.text[:2], self.inner
        if kind == "{%" and _CELL_TAG.match(inner):
            kind, inner = "{{", _CELL_TAG.sub("", inner)
        return kind + re.sub(r"\s+", "", inner)


@dataclass(slots=True)
class Paragraph:
    """One paragraph's own text (that of text boxes in it is theirs), its place, and the tags in it."""

    element: etree._Element
    place: str
    text: str
    tags: list[TemplateTag] = field(default_factory=list)


def paragraphs(root: etree._Element, label: str) -> list[Paragraph]:
    """All paragraphs of a part in document order; ``label`` (正文, 页眉1) begins their places."""
    return list(_Walk().blocks(root, label))


class _Walk:
    """Document order with counters: tables and paragraphs are numbered as a reader counts them."""

    def __init__(self) -> None:
        self.tables = 0
        self.loose = 0

    def blocks(self, parent: etree._Element, place: str, in_cell: bool = False) -> Iterator[Paragraph]:
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child, place, in_cell)
            elif child.tag == W + "tbl":
                yield from self._table(child, place)
            else:
                yield from self.blocks(child, place, in_cell)

    def _paragraph(self, element: etree._Element, place: str, in_cell: bool) -> Iterator[Paragraph]:
        self.loose += not in_cell
        here = place if in_cell else f"{place} 第{self.loose}段"
        yield _read_paragraph(element, here)
        for box in element.iter(W + "txbxContent"):
            if next(box.iterancestors(W + "p"), None) is element:
                yield from _Walk().blocks(box, f"{here} 文本框")

    def _table(self, table: etree._Element, place: str) -> Iterator[Paragraph]:
        self.tables += 1
        here = f"{place} 表{self.tables}"
        for row_number, row in enumerate(_own(table, "tr"), 1):
            for cell_number, cell in enumerate(_own(row, "tc"), 1):
                walk = _Walk()
                yield from walk.blocks(cell, f"{here} 第{row_number}行 第{cell_number}格", in_cell=True)


def _own(parent: etree._Element, name: str) -> Iterator[etree._Element]:
    """Rows of this table or cells of this row, those in content controls included, not a nested table's."""
    for child in parent:
        if child.tag == W + name:
            yield child
        elif child.tag != W + "tc":
            yield from _own(child, name)


def _read_paragraph(element: etree._Element, place: str) -> Paragraph:
    nodes = [node for node in element.iter(W + "t") if next(node.iterancestors(W + "p"), None) is element]
    homes: list[etree._Element] = []
    text = ""
    for node in nodes:
        words = node.text or ""
        text += words
        homes += [next(a for a in node.iterancestors() if a.tag in _CONTAINERS)] * len(words)
    found = Paragraph(element, place, text)
    for match in TAG.finditer(text):
        crosses = any(home is not homes[match.start()] for home in homes[match.start() : match.end()])
        found.tags.append(TemplateTag(match.group(), place, crosses))
    return found


class TagFinder:
    """Finds the original of a patched tag: the n-th one that says the same."""

    def __init__(self, originals: Sequence[TemplateTag]) -> None:
        self._by_key: dict[str, list[TemplateTag]] = defaultdict(list)
        for tag in originals:
            self._by_key[tag.key].append(tag)

    def trace(self, patched: Sequence[str]) -> list[TemplateTag | None]:
        """For each patched tag, in order, its original, or None for one that docxtpl made (``{% hm %}``)."""
        seen: Counter[str] = Counter()
        traced: list[TemplateTag | None] = []
        for text in patched:
            key = TemplateTag(text, "").key
            same = self._by_key.get(key, [])
            traced.append(same[min(seen[key], len(same) - 1)] if same else None)
            seen[key] += 1
        return traced
