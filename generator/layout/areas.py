"""From a field's printed text to the area on paper where a person writes, ticks, signs or seals.

The layout gives the place of a control's text. A definition may ask for a larger area: the whole table cell, the line
across the cell, or the blank grown by a margin. Cells are read from the ruled lines that the page draws.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from forms.definition import FieldDefinition, Margin
from forms.geometry import Box

_RULE = re.compile(rb"[\d.]+ w \d J \d j\n(-?[\d.]+) (-?[\d.]+) m\n(-?[\d.]+) (-?[\d.]+) l S")
_INSET_MM = 0.4
_TOLERANCE_MM = 0.6


@dataclass(frozen=True, slots=True)
class RuledLines:
    """A page's table lines: vertical ones as (x, top, bottom), horizontal ones as (y, left, right), in mm."""

    vertical: tuple[tuple[float, float, float], ...]
    horizontal: tuple[tuple[float, float, float], ...]

    @classmethod
    def read(cls, content: bytes, page_height_pt: float) -> RuledLines:
        """From a page's decoded content stream as LibreOffice writes it."""
        vertical, horizontal = [], []
        for match in _RULE.finditer(content):
            x0, y0, x1, y1 = (float(number) for number in match.groups())
            box = Box.from_pdf((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), page_height_pt)
            if box.width <= box.height:
                vertical.append((box.x0, box.y0, box.y1))
            else:
                horizontal.append((box.y0, box.x0, box.x1))
        return cls(tuple(vertical), tuple(horizontal))

    def cell(self, inside: Box) -> Box | None:
        """The cell around a box, line to line; None where no lines enclose it."""
        x, y = inside.centre
        sides = [
            at for at, top, bottom in self.vertical if top - _TOLERANCE_MM <= y <= bottom + _TOLERANCE_MM
        ]
        levels = [
            at for at, left, right in self.horizontal if left - _TOLERANCE_MM <= x <= right + _TOLERANCE_MM
        ]
        left = max((at for at in sides if at <= inside.x0 + _TOLERANCE_MM), default=None)
        right = min((at for at in sides if at >= max(x, inside.x0 + 1)), default=None)
        top = max((at for at in levels if at <= y), default=None)
        bottom = min((at for at in levels if at >= y), default=None)
        if left is None or right is None or top is None or bottom is None:
            return None
        return Box(left, top, right, bottom)


def area_on_paper(definition: FieldDefinition, text: Sequence[Box], rules: RuledLines) -> Box:
    """The area of an open field, from the boxes of its text's lines on one page.

    Of a blank that a line end split in two it is the longer part: a box around both would cover what stands between.
    """
    box = max(text, key=lambda line: line.width)
    if isinstance(definition.area, Margin):
        margin = definition.area
        return box.grown(left=margin.left, right=margin.right, up=margin.up, down=margin.down)
    if definition.area == "text":
        return box
    cell = rules.cell(box)
    if cell is None:
        return box
    cell = cell.all_round(-_INSET_MM)
    return cell if definition.area == "cell" else Box(cell.x0, box.y0, cell.x1, box.y1)
