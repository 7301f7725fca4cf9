"""Draws page marks as PDF content: QR codes and their readable letters, all as filled shapes.

Letters are outlines, not text, so that a page's text stays exactly the form's text. A page
that is signed and names no case gets a small line beside its lower mark that names the project.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from forms.geometry import MM_PER_PT, Box
from forms.page_mark import EDGE_MM, MODULE_MM, MODULES, PageMark, PageMarks, drawn_boxes
from generator.layout.fonts import FontFile
from generator.output.qr_code import QrCode

_LETTER_MM = 2.3
_GAP_MM = 1.2
_QUIET_MM = 3.6  # four modules (ISO/IEC 18004)
_CAPITAL_HEIGHT = 0.75  # of a letter's size
_CASE_LINE_MM = 2.3  # 6.5 pt
_CASE_LINE_GREY = 0.45
_CASE_LINE_LENGTH = 36  # characters; at this size they end well before the page does


class MarkDrawer:
    """Draws one workspace's marks, which issued pages carry beside their form, with the outlines of one font."""

    def __init__(self, key: bytes, fonts: Sequence[FontFile]) -> None:
        """``fonts``: the first draws letters; a character that one lacks is drawn with the next that has it."""
        self._key = key
        self._glyphs = _Outlines(fonts)

    def content(
        self,
        mark: PageMark,
        width_mm: float,
        height_mm: float,
        *,
        marks: PageMarks = "two",
        project: str = "",
    ) -> bytes:
        """A content stream that draws the mark on a page of this size, at both corners or fewer.

        ``project``: the project's name, for a page that does not name it itself.
        """
        code = _code(mark.text(self._key))
        parts = ["q 0 g"]
        for box in drawn_boxes(marks, width_mm, height_mm):
            parts.append(_quiet_zone(box, height_mm))
            parts.append(code.content(box, height_mm))
            parts.append(
                self._letters(mark.readable(self._key), box, height_mm, flush_right=box.y0 < height_mm / 2)
            )
        if project:
            parts.append(self._case_line(f"项目：{project}", height_mm))
        parts.append("Q")
        return "\n".join(parts).encode("ascii")

    def _case_line(self, text: str, height_mm: float) -> str:
        """A line outside the 版心, level with the lower edge of the lower code."""
        if len(text) > _CASE_LINE_LENGTH:
            text = f"{text[: _CASE_LINE_LENGTH - 1]}…"
        left = EDGE_MM + MODULES * MODULE_MM + 2 * _QUIET_MM
        drawn = self._drawn(text, left, EDGE_MM, _CASE_LINE_MM)
        return f"{_CASE_LINE_GREY} g\n{drawn}"

    def _letters(self, text: str, box: Box, height_mm: float, *, flush_right: bool) -> str:
        """The readable letters under a code, flush with its outer side."""
        width_mm = sum(self._glyphs[letter][0] for letter in text) * _LETTER_MM / 1000
        left = box.x1 - width_mm if flush_right else box.x0
        baseline = box.y1 + _GAP_MM + _LETTER_MM * _CAPITAL_HEIGHT
        return self._drawn(text, left, height_mm - baseline, _LETTER_MM)

    def _drawn(self, text: str, left_mm: float, baseline_mm: float, size_mm: float) -> str:
        """A line of text as outlines; ``baseline_mm`` from the page's lower edge."""
        scale = size_mm / MM_PER_PT / 1000
        x, y = left_mm / MM_PER_PT, baseline_mm / MM_PER_PT
        drawn = []
        for letter in text:
            advance, outline = self._glyphs[letter]
            drawn.append(f"q {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm {outline} f Q")
            x += advance * scale
        return "\n".join(drawn)


def _code(text: str) -> QrCode:
    code = QrCode.of(text, "Q")
    assert code.size == MODULES, "sixteen alphanumeric characters at level Q fill a version 1 symbol"
    return code


def _quiet_zone(box: Box, height_mm: float) -> str:
    """White around a code and its letters, in which nothing else can be read as part of them."""
    x0, y0 = (box.x0 - _QUIET_MM) / MM_PER_PT, (height_mm - box.y1 - _QUIET_MM) / MM_PER_PT
    side = (box.width + 2 * _QUIET_MM) / MM_PER_PT
    return f"q 1 g {x0:.2f} {y0:.2f} {side:.2f} {side:.2f} re f Q"


class _Outlines:
    """Letter → advance width and outline, in thousandths of an em; drawn when first asked for."""

    def __init__(self, fonts: Sequence[FontFile]) -> None:
        self._fonts = fonts
        self._known: dict[str, tuple[float, str]] = {}

    def __getitem__(self, letter: str) -> tuple[float, str]:
        if letter not in self._known:
            self._known[letter] = self._draw(letter)
        return self._known[letter]

    def _draw(self, letter: str) -> tuple[float, str]:
        for font in self._fonts:
            face = _face(font)
            name = face.getBestCmap().get(ord(letter))
            if name is not None:
                return _outline(face, name)
        return 1000, ""  # no font has it, and what the form itself prints of it was refused before


@lru_cache(maxsize=8)
def _face(font: FontFile) -> TTFont:
    return TTFont(font.path, fontNumber=font.index, lazy=True)


def _outline(face: TTFont, name: str) -> tuple[float, str]:
    glyphs = face.getGlyphSet()
    per_em = 1000 / face["head"].unitsPerEm
    pen = _ContentPen(glyphs, per_em)
    glyphs[name].draw(pen)
    return glyphs[name].width * per_em, " ".join(pen.operators)


class _ContentPen(BasePen):  # type: ignore[misc]
    """Collects an outline as PDF path operators."""

    def __init__(self, glyphs: object, scale: float) -> None:
        super().__init__(glyphs)
        self.scale = scale
        self.operators: list[str] = []

    def _add(self, operator: str, *points: tuple[float, float]) -> None:
        numbers = [f"{coordinate * self.scale:.0f}" for point in points for coordinate in point]
        self.operators.append(" ".join([*numbers, operator]))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("m", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("l", pt)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self.operators.append("h")
