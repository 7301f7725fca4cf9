"""Titles and headings as people vary them: what is the same name, however it is written."""

from __future__ import annotations

import re

from cases.values.characters import fold_radicals
from cases.values.text import fold_width

_DECORATION = re.compile(
    r"[\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff()\[\]{}<>【】〔〕《》「」“”\"'‘’*:_•]+"
)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")


def fold_heading(text: str) -> str:
    """A heading or sheet title without width, case, radicals, blanks, invisible marks, brackets and quotation marks."""
    return _DECORATION.sub("", fold_width(fold_radicals(text))).casefold()


def without_brackets(text: str) -> str:
    """The same, also without what stands in brackets: ``完结日期（年月日）`` is 完结日期."""
    return fold_heading(_BRACKETED.sub("", fold_width(text)))
