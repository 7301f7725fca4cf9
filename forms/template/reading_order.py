"""Walks a WordprocessingML part in reading order and says where each paragraph and control stands.

A place is Chinese and can be counted by a person: ``第5段``, ``表1 第3行 第2格``, ``页脚``. Paragraphs
count outside tables only; a table inside a cell is 内嵌表 and has no number; cells count as drawn, left to
right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from forms.template.ooxml import MC_NAMESPACE, Element, w

Level: TypeAlias = Literal["run", "block", "cell", "row"]

SDT, SDT_CONTENT = w("sdt"), w("sdtContent")
PARAGRAPH, TABLE, ROW, CELL = w("p"), w("tbl"), w("tr"), w("tc")
_COMPATIBILITY = [f"{{{MC_NAMESPACE}}}{name}" for name in ("AlternateContent", "Choice")]
_WRAPPERS = frozenset({*map(w, ("ins", "moveTo", "customXml", "smartTag")), *_COMPATIBILITY})


@dataclass(frozen=True, slots=True)
class Spot:
    """A paragraph or a content control outside paragraphs, in reading order, with its place.

    ``level`` is None for a paragraph; ``holder`` is the control around it, if any, ``cell`` the table cell.
    """

    element: Element
    place: str
    level: Level | None
    holder: Element | None
    cell: Element | None


def spots_in(tree: Element, label: str = "") -> Iterator[Spot]:
    """Paragraphs, and controls around paragraphs, cells or rows, in reading order with their places."""
    body = tree.find(w("body"))
    return _Walk(label).blocks(tree if body is None else body, None, None, "")


class _Walk:
    """Counts tables and paragraphs while walking a part, so that each spot knows its place."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.tables = 0
        self.paragraphs = 0

    def blocks(
        self, parent: Element, holder: Element | None, cell: Element | None, cell_place: str
    ) -> Iterator[Spot]:
        for child in parent:
            tag = child.tag
            if tag == PARAGRAPH:
                yield Spot(child, cell_place or self._paragraph_place(), None, holder, cell)
            elif tag == TABLE:
                yield from self._table(child, holder, cell_place)
            elif tag == SDT:
                yield Spot(child, cell_place or self._coming_place(child), "block", holder, cell)
                yield from self.blocks(_content(child), child, cell, cell_place)
            elif tag in _WRAPPERS:
                yield from self.blocks(child, holder, cell, cell_place)

    def _paragraph_place(self) -> str:
        self.paragraphs += 1
        return self.label or f"第{self.paragraphs}段"

    def _coming_place(self, sdt: Element) -> str:
        if next(_content(sdt).iterchildren(), sdt).tag == TABLE:
            return self._table_place(self.tables + 1)
        return self.label or f"第{self.paragraphs + 1}段"

    def _table_place(self, number: int) -> str:
        return f"{self.label} 表{number}".strip()

    def _table(self, table: Element, holder: Element | None, cell_place: str) -> Iterator[Spot]:
        if cell_place:
            place = f"{cell_place} 内嵌表"
        else:
            self.tables += 1
            place = self._table_place(self.tables)
        yield from self._units(table, _Unit(ROW, "row", f"{place} 第{{}}行"), holder, [0])

    def _units(
        self, parent: Element, unit: _Unit, holder: Element | None, count: list[int]
    ) -> Iterator[Spot]:
        """The rows of a table, or the cells of a row: directly in it, or inside controls around them."""
        for child in parent:
            if child.tag == unit.tag:
                count[0] += 1
                yield from self._inside(child, unit, holder, unit.place.format(count[0]))
            elif child.tag == SDT:
                yield Spot(child, unit.place.format(count[0] + 1), unit.level, holder, None)
                yield from self._units(_content(child), unit, child, count)
            elif child.tag in _WRAPPERS:
                yield from self._units(child, unit, holder, count)

    def _inside(self, element: Element, unit: _Unit, holder: Element | None, place: str) -> Iterator[Spot]:
        if unit.level == "row":
            return self._units(element, _Unit(CELL, "cell", f"{place} 第{{}}格"), holder, [0])
        return self.blocks(element, holder, element, place)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a table is counted by: its rows, or a row's cells; ``place`` has a slot for the number."""

    tag: str
    level: Level
    place: str


def _content(sdt: Element) -> Element:
    content = sdt.find(SDT_CONTENT)
    return sdt if content is None else content
