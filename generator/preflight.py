"""Finds, before anything is laid out, the characters of a document's values that no installed font can draw."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from foundation.errors import Problem
from generator.bind import Bound, Locate
from generator.layout.fonts import BOX_GLYPHS, UNDRAWN, FontBook
from generator.values import written

_BODY_FACE = "仿宋_GB2312"


def glyph_problems(bound: Bound, fonts: FontBook, place: Locate) -> tuple[Problem, ...]:
    """Errors for characters without any glyph, warnings for those another face must draw, per field."""
    problems: list[Problem] = []
    for field_id, value in bound.values.items():
        if not isinstance(value, str) or value.isascii():
            continue
        problems.extend(_of_text(written(value), field_id, place(field_id), fonts))
    return tuple(problems)


def _of_text(text: str, field_id: str, where: str, fonts: FontBook) -> Iterator[Problem]:
    face = fonts.face(_BODY_FACE)
    for character in dict.fromkeys(unicodedata.normalize("NFC", text)):
        if unicodedata.combining(character):
            yield Problem(
                where,
                f"组合附加符号{_named(character)}不能与前面的字组成一个字形",
                field_id,
                "请改用单个字符",
            )
            continue
        if character in UNDRAWN or character in BOX_GLYPHS or fonts.covers(face, character):
            continue
        family = fonts.family_for(_BODY_FACE, character)
        named = _named(character)
        if family is None:
            yield Problem(
                where, f"本机没有任何字体能印出{named}", field_id, "请改用其他写法，或安装含该字的字体"
            )
        else:
            yield Problem(where, f"仿宋字库没有{named}，改用 {family} 印出", field_id, severity="warning")


def _named(character: str) -> str:
    return f"“{character}”（U+{ord(character):04X}）"
