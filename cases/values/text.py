"""What a text value may hold, and the little that is changed about it.

A value is kept exactly as written, ``& < > {{ }}``, emoji and rare characters included, but for three things: blanks at
both ends are dropped, a tab becomes a space, and every line end becomes ``\\n``. What XML 1.0 cannot hold (control
characters, lone surrogates, noncharacters) is rejected, because no document could hold it as written; so is what no
font draws, and private-use characters, which every machine shows differently.
"""

from __future__ import annotations

import re
import unicodedata

from cases.values.characters import fold_radicals, require_writable
from cases.values.invalid import InvalidValue

_LINE_END = re.compile(r"\r\n?")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣"), "-")
_PUNCTUATION = re.compile(r"[\s，,、；;。：:（）()《》“”\"'‘’\-—.]+")
_INVISIBLE = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")


def fold_width(text: str) -> str:
    """Full-width ASCII (全角) as plain ASCII: ``９１Ａ（`` → ``91A(``; everything else stays."""
    return text.translate(_FULL_WIDTH)


def fold_code(text: str) -> str:
    """A code as a machine would write it: half width, plain hyphens, no radicals, blanks or invisible marks."""
    return _INVISIBLE.sub("", fold_width(fold_radicals(text)).translate(_DASHES))


def fold_name(name: str) -> str:
    """A name without differences of width, case, blanks and punctuation: what is left is compared."""
    return _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name)).lower()


def clean_text(text: str) -> str:
    """A value that may have several lines.

    :raises InvalidValue: naming the characters that no document can hold.
    """
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    require_writable(text)
    return text.strip()


def clean_line(text: str) -> str:
    """A value of one line.

    :raises InvalidValue: as :func:`clean_text`, and for a line break inside.
    """
    text = clean_text(text)
    if "\n" in text:
        raise InvalidValue("这一项只能有一行，不能换行", "删去换行；有几项的，每项单独填一行")
    return text
