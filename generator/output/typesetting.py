"""Lines of text in a typing font, set into a box: what is drawn of values that the program types itself.

Chinese breaks anywhere; a run of Latin letters or digits is only broken where it is wider than a line. Sizes are
points, widths of characters thousandths of an em.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from generator.output.typing_fonts import TypingFont, kept_font

#: Nobody reads smaller type off a printed form.
SMALLEST_PT = 7.0
LARGEST_PT = 12.0
_STEP_PT = 0.5
_LEADING = 1.3
_ASCENT, _DESCENT = 0.88, 0.12
_INSET_PT = 2.0
_BFCHAR = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>")
_WORDS = re.compile(r"[0-9A-Za-z.@_/:-]+|.", re.DOTALL)
#: What no line begins with.
_CLOSING = frozenset("，。、；：？！）》」』】〕”’%％")


@dataclass(frozen=True, slots=True)
class TypingFace:
    """Glyph number and width of every character of a font. ``name``: as a form's resources call it."""

    name: TypingFont
    glyphs: dict[str, int]
    widths: dict[int, float]

    def drawable(self, text: str) -> str:
        """The text with □ for what it cannot draw."""
        return "".join(char if char in self.glyphs or char == "\n" else "□" for char in text)

    def lacking(self, text: str) -> str:
        """The characters of a text that it cannot draw, each once."""
        return "".join(dict.fromkeys(char for char in text if char != "\n" and char not in self.glyphs))

    def width_pt(self, text: str, size_pt: float) -> float:
        """How wide a line is."""
        return sum(self.widths.get(self.glyphs[char], 1000.0) for char in text) * size_pt / 1000

    def encoded(self, text: str) -> str:
        """A text as a PDF string of glyph numbers."""
        return "<" + "".join(f"{self.glyphs[char]:04X}" for char in text) + ">"


@dataclass(frozen=True, slots=True)
class SetLines:
    """Lines at one size that fit into a box of ``width_pt`` and ``height_pt``."""

    face: TypingFace
    lines: tuple[str, ...]
    size_pt: float
    width_pt: float
    height_pt: float

    def content(self) -> str:
        """Operators that draw the lines, from the top where there are several, else in the middle."""
        size, step = self.size_pt, self.size_pt * _LEADING
        used = size * (_ASCENT + _DESCENT) + step * (len(self.lines) - 1)
        above = _INSET_PT if len(self.lines) > 1 else max(0.0, (self.height_pt - used) / 2)
        first = self.height_pt - above - size * _ASCENT
        shown = [f"{self.face.encoded(line)} Tj" for line in self.lines]
        rest = "".join(f" 0 {-step:.2f} Td {one}" for one in shown[1:])
        return f"BT 0 g {self.face.name} {size:g} Tf {_INSET_PT:g} {first:.2f} Td {shown[0]}{rest} ET"


@cache
def typing_face(font: TypingFont) -> TypingFace:
    """A typing font's characters, read from the font itself once in a process."""
    kept = kept_font(font)
    pairs = _BFCHAR.findall(kept.ToUnicode.read_bytes())
    listed = [float(number) for number in kept.DescendantFonts[0].W]
    widths = {int(listed[at]): listed[at + 2] for at in range(0, len(listed), 3)}
    return TypingFace(font, {chr(int(code, 16)): int(glyph, 16) for glyph, code in pairs}, widths)


def set_lines(
    face: TypingFace, text: str, width_pt: float, height_pt: float, *, several: bool
) -> SetLines | None:
    """A text as large as it fits into a box; None where it does not fit at the smallest size.

    ``several``: it may take several lines. Every character must be one that the face has.
    """
    room = width_pt - 2 * _INSET_PT
    size = LARGEST_PT if several else min(LARGEST_PT, max(SMALLEST_PT, height_pt * 0.8))
    while size >= SMALLEST_PT:
        lines = tuple(broken_lines(face, text, size, room)) if several else (" ".join(text.split("\n")),)
        used = size * (1 + _LEADING * (len(lines) - 1)) + (2 * _INSET_PT if len(lines) > 1 else 0)
        if used <= max(height_pt, SMALLEST_PT) and all(face.width_pt(one, size) <= room for one in lines):
            return SetLines(face, lines, size, width_pt, height_pt)
        size -= _STEP_PT
    return None


def capacity(width_pt: float, height_pt: float, *, several: bool) -> int:
    """How many Chinese characters a box takes at the smallest size."""
    per_line = int((width_pt - 2 * _INSET_PT) / SMALLEST_PT)
    rows = int((height_pt - 2 * _INSET_PT - SMALLEST_PT) / (SMALLEST_PT * _LEADING)) + 1 if several else 1
    return max(0, per_line) * max(1, rows)


def broken_lines(face: TypingFace, text: str, size_pt: float, room_pt: float) -> Iterator[str]:
    """A text as lines that are no wider than ``room_pt``. Every character must be one that the face has."""
    for paragraph in text.split("\n"):
        line = ""
        for word in _pieces(face, _WORDS.findall(paragraph), size_pt, room_pt):
            if line and face.width_pt(line + word, size_pt) > room_pt:
                carried = line[-1] if word in _CLOSING and len(line) > 1 else ""
                yield line[: len(line) - len(carried)]
                line = carried
            line += word
        yield line


def _pieces(face: TypingFace, words: Sequence[str], size_pt: float, room_pt: float) -> Iterator[str]:
    """The words; one that no line takes, character by character."""
    for word in words:
        if len(word) > 1 and face.width_pt(word, size_pt) > room_pt:
            yield from word
        else:
            yield word
