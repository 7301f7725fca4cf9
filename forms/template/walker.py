"""Walks a part of a DOCX in reading order: paragraphs and content controls, each with its place.

A place is Chinese and can be counted by a person: ``第5段``, ``表1 第3行 第2格``, ``页脚``. Paragraphs count outside
tables only; a table inside a cell is 内嵌表 and has no number; cells count as drawn, left to right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from forms.template.ooxml import (
    BODY,
    CELL,
    MC_NAMESPACE,
    PARAGRAPH,
    ROW,
    SDT,
    SDT_CONTENT,
    TABLE,
    Element,
    w,
)

#: What a content control wraps.
Level: TypeAlias = Literal["run", "block", "cell", "row"]

_COMPATIBILITY = [f"{{{MC_NAMESPACE}}}{name}" for name in ("AlternateContent", "Choice")]
#: Elements around paragraphs or tables that change nothing about where those stand.
_TRANSPARENT = frozenset(
    {*map(w, ("ins", "moveTo", "customXml", "smartTag", "footnote", "endnote")), *_COMPATIBILITY}
)


@dataclass(frozen=True, slots=True)
class PlacedBlock:
    """A paragraph, or a content control around paragraphs, cells or rows, with its place.

    ``level``: what the control wraps; None for a paragraph. ``control``: the ``w:sdt`` around it, if any, ``cell`` the
    table cell.
    """

    element: Element
    place: str
    level: Level | None
    control: Element | None
    cell: Element | None


def walk(part: Element, label: str = "") -> Iterator[PlacedBlock]:
    """Paragraphs, and controls around paragraphs, cells or rows, in reading order with their places.

    :param part: the root of a part (document, header, footer, notes), or any container of blocks.
    :param label: what places call the part (``页脚``); empty for the body.
    """
    body = part.find(BODY)
    return _PartWalk(label).blocks(part if body is None else body, None, None, "")


class _PartWalk:
    """Counts tables and paragraphs while walking a part, so that each block knows its place."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.tables = 0
        self.paragraphs = 0

    def blocks(
        self, parent: Element, control: Element | None, cell: Element | None, cell_place: str
    ) -> Iterator[PlacedBlock]:
        for child in parent:
            tag = child.tag
            if tag == PARAGRAPH:
                yield PlacedBlock(child, cell_place or self._paragraph_place(), None, control, cell)
            elif tag == TABLE:
                yield from self._table(child, control, cell_place)
            elif tag == SDT:
                yield PlacedBlock(child, cell_place or self._coming_place(child), "block", control, cell)
                yield from self.blocks(_content(child), child, cell, cell_place)
            elif tag in _TRANSPARENT:
                yield from self.blocks(child, control, cell, cell_place)

    def _paragraph_place(self) -> str:
        self.paragraphs += 1
        return self.label or f"第{self.paragraphs}段"

    def _coming_place(self, sdt: Element) -> str:
        if next(_content(sdt).iterchildren(), sdt).tag == TABLE:
            return self._table_place(self.tables + 1)
        return self.label or f"第{self.paragraphs + 1}段"

    def _table_place(self, number: int) -> str:
        return f"{self.label} 表{number}".strip()

    def _table(self, table: Element, control: Element | None, cell_place: str) -> Iterator[PlacedBlock]:
        if cell_place:
            place = f"{cell_place} 内嵌表"
        else:
            self.tables += 1
            place = self._table_place(self.tables)
        yield from self._units(table, _Unit(ROW, "row", f"{place} 第{{}}行"), control, [0])

    def _units(
        self, parent: Element, unit: _Unit, control: Element | None, count: list[int]
    ) -> Iterator[PlacedBlock]:
        """The rows of a table, or the cells of a row: directly in it, or inside controls around them."""
        for child in parent:
            if child.tag == unit.tag:
                count[0] += 1
                yield from self._inside(child, unit, control, unit.place.format(count[0]))
            elif child.tag == SDT:
                yield PlacedBlock(child, unit.place.format(count[0] + 1), unit.level, control, None)
                yield from self._units(_content(child), unit, child, count)
            elif child.tag in _TRANSPARENT:
                yield from self._units(child, unit, control, count)

    def _inside(
        self, element: Element, unit: _Unit, control: Element | None, place: str
    ) -> Iterator[PlacedBlock]:
        if unit.level == "row":
            return self._units(element, _Unit(CELL, "cell", f"{place} 第{{}}格"), control, [0])
        return self.blocks(element, control, element, place)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What a table is counted by: its rows, or a row's cells; ``place`` has a slot for the number."""

    tag: str
    level: Level
    place: str


def _content(sdt: Element) -> Element:
    content = sdt.find(SDT_CONTENT)
    return sdt if content is None else content
