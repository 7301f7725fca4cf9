"""The fonts that typing in form fields is drawn with, embedded, so that no viewer or printer needs one of its own.

``typing/fonts.pdf`` holds them as PDF objects, compressed, to be copied as they are; ``tools/typing_fonts.py`` makes
it. A PDF gets only what its fields need: the font for text has 8,400 characters (GB 2312, and of 通用规范汉字表 what
the basic plane holds) and 0.7 MB; that for dates has digits, 年月日 and Chinese numerals and 3 kB.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

import pikepdf

_FILE = Path(__file__).parent / "typing" / "fonts.pdf"


class TypingFont(StrEnum):
    """A font by the name it has in a form's resources.

    pdfium, which Chrome and Edge draw with, takes a form's own embedded font for letters alone, and for Chinese one
    of the machine's, which it does not embed; unless the form's is named like one known for its own character set.
    """

    TEXT = "/Wingdings"
    DATE = "/Wingdings2"


_KEPT_AS = {TypingFont.TEXT: "/Text", TypingFont.DATE: "/Date"}


def copied_fonts(pdf: pikepdf.Pdf, wanted: Iterable[TypingFont]) -> pikepdf.Dictionary:
    """The ``/Font`` resources of a form, with copies of these fonts."""
    return pikepdf.Dictionary({font: pdf.copy_foreign(kept_font(font)) for font in sorted(set(wanted))})


def kept_font(font: TypingFont) -> pikepdf.Object:
    """A font as it is kept: an object of another PDF, to be read or copied."""
    return _file().Root.Typing[_KEPT_AS[font]]


@cache
def _file() -> pikepdf.Pdf:
    """Read once in a process and held in memory: an open file would be shared by all that are forked from it."""
    return pikepdf.open(io.BytesIO(_FILE.read_bytes()))
