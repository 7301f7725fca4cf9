"""Places on paper: one box order, one origin, one unit.

A :class:`Box` is in millimetres from the page's top left corner, x to the right, y down, as a person measures on
paper and as an image is indexed. PDF's points from the bottom left are converted here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MM_PER_PT = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: left, top, right, bottom in mm from the page's top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    @classmethod
    def from_pdf(cls, rect: Iterable[float], page_height_pt: float) -> Box:
        """From a PDF rectangle (points, origin bottom left)."""
        left, bottom, right, top = rect
        return cls(
            left * MM_PER_PT,
            (page_height_pt - top) * MM_PER_PT,
            right * MM_PER_PT,
            (page_height_pt - bottom) * MM_PER_PT,
        )

    def to_pdf(self, page_height_pt: float) -> tuple[float, float, float, float]:
        """As a PDF rectangle: left, bottom, right, top in points."""
        return (
            round(self.x0 / MM_PER_PT, 3),
            round(page_height_pt - self.y1 / MM_PER_PT, 3),
            round(self.x1 / MM_PER_PT, 3),
            round(page_height_pt - self.y0 / MM_PER_PT, 3),
        )

    @property
    def width(self) -> float:
        """Width in mm."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """Height in mm."""
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point in mm."""
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def grown(self, *, left: float = 0, up: float = 0, right: float = 0, down: float = 0) -> Box:
        """Moved outwards by so many mm on each side."""
        return Box(self.x0 - left, self.y0 - up, self.x1 + right, self.y1 + down)

    def all_round(self, mm: float) -> Box:
        """Moved outwards by so many mm on every side; inwards by a negative number."""
        return self.grown(left=mm, up=mm, right=mm, down=mm)

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point (x, y in mm) lies in it or on its edge."""
        return self.x0 <= point[0] <= self.x1 and self.y0 <= point[1] <= self.y1

    def union(self, other: Box) -> Box:
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1)
        )

    def within(self, other: Box) -> bool:
        """Whether it lies wholly inside the other."""
        return other.x0 <= self.x0 and other.y0 <= self.y0 and self.x1 <= other.x1 and self.y1 <= other.y1

    def overlap_mm2(self, other: Box) -> float:
        """The common area in mm²."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)


@dataclass(frozen=True, slots=True)
class FieldArea:
    """Where one field stands on the issued page. ``page`` counts from 1; ``is_open``: left for a person to fill."""

    id: str
    kind: str
    page: int
    box: Box
    is_open: bool
