"""Characters that look right on the screen and go wrong on paper, and what to type instead.

They come from copying: private-use characters (自造字) from old fonts, Kangxi radicals (康熙部首) out of PDF, invisible
marks from web pages and chat. Sources: GB 18030-2005 and -2022 (characters that older versions had in the private-use
area), Unicode Standard Annex #44 (compatibility decomposition), Unicode's EquivalentUnifiedIdeograph.txt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from cases.values.invalid import Flaw, InvalidValue

_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
# Line separators, object and replacement marks, marks of writing direction: no font draws them.
_UNDRAWABLE = "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffd"
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr((plane << 16) + 0xFFFE) + chr((plane << 16) + 0xFFFF) for plane in range(17))
    + _PRIVATE
    + _UNDRAWABLE
    + "]"
)
# Joiners and marks, fillers that count as letters, tags, and selectors of a Han character's variant.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u115f\u1160\u180e\u200b-\u200d\u2060-\u2064\u3164\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_RADICAL = re.compile("[\u2e80-\u2eff\u2f00-\u2fdf]")
_DOUBTFUL = re.compile(f"{_HIDDEN.pattern}|{_RADICAL.pattern}")
_JOINED = {"So", "Sk", "Mn", "Me"}  # what a joiner holds together: emoji and their modifiers

_FIRST_PRIVATE = 0xE815  # the private place of GBK 0xFE50; the rows run on to 0xFEA0, without 0xFE7F
_LAST_PRIVATE = 0xE864
_NOT_DECODED = dict(  # those which Python's own codec leaves in the private-use area
    zip(
        (
            0xE816,
            0xE817,
            0xE818,
            0xE81E,
            0xE826,
            0xE82B,
            0xE82C,
            0xE831,
            0xE832,
            0xE83B,
            0xE843,
            0xE854,
            0xE855,
            0xE864,
        ),
        "\U00020087\U00020089\U000200cc\u9fb4\u9fb5\u9fb6\u9fb7\U000215d7\u9fb8\U0002298f\u9fb9\u9fba\U000241fe\u9fbb",
        strict=True,
    )
)
_RADICALS = {
    ord(radical): unicodedata.normalize("NFKC", radical) for radical in map(chr, range(0x2F00, 0x2FD6))
} | dict(
    zip(
        map(ord, "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻰⻳"),
        "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐龙龟",
        strict=True,
    )
)
_SHOWN = 3
_RETYPE = "把它前后的字删去重打"


def fold_radicals(text: str) -> str:
    """Radicals that stand for whole characters as those: ``⼯`` (U+2F2F) is ``工``."""
    return text.translate(_RADICALS) if _RADICAL.search(text) else text


def require_writable(text: str) -> None:
    """Refuse a value that no document could hold, or that no other machine would show as it was written.

    :raises InvalidValue: naming each such character with its place, and what to type instead.
    """
    if not _ILLEGAL.search(text):
        return
    places = [match.start() for match in _ILLEGAL.finditer(text)]
    named = "、".join(
        f"第{place + 1}个字符{_after(text, place)}是{_describe(text[place])}" for place in places[:_SHOWN]
    )
    more = f"，这样的字符共{len(places)}个" if len(places) > _SHOWN else ""
    advice = "；".join(dict.fromkeys(_instead(text[place]) for place in places[:_SHOWN]))
    raise InvalidValue(f"{named}{more}，文书里写不出来", advice)


def doubtful_characters(text: str) -> Iterator[Flaw]:
    """A doubt about invisible characters in a value, and one about radicals that stand for whole characters."""
    if not _DOUBTFUL.search(text):
        return
    hidden = [match.start() for match in _HIDDEN.finditer(text) if not _joins(text, match.start())]
    if hidden:
        named = "、".join(
            f"第{place + 1}个字符{_after(text, place)}看不见（U+{ord(text[place]):04X}）"
            for place in hidden[:_SHOWN]
        )
        yield Flaw("warning", named, _RETYPE)
    radicals = list(dict.fromkeys(_RADICAL.findall(text)))
    if radicals:
        named = "、".join(f"“{radical}”（U+{ord(radical):04X}）" for radical in radicals[:_SHOWN])
        known = "、".join(f"“{_RADICALS[ord(item)]}”" for item in radicals[:_SHOWN] if ord(item) in _RADICALS)
        advice = f"改成{known}" if known else "用输入法重打这个字"
        yield Flaw("warning", f"里{named}是部首符号，不是汉字，多半是从PDF复制来的", advice)


def _joins(text: str, place: int) -> bool:
    """Whether a character is the joiner between two parts of an emoji."""
    return text[place] == "\u200d" and place > 0 and unicodedata.category(text[place - 1]) in _JOINED


def _after(text: str, place: int) -> str:
    before = text[place - 1 : place]
    return f"（“{before}”后面）" if before.isalnum() else ""


def _describe(character: str) -> str:
    code = f"U+{ord(character):04X}"
    special = {"\ufffc": "嵌入对象的占位符", "\ufffd": "乱码"}
    kinds = {
        "Cc": "控制字符",
        "Cs": "不成对的代理字符",
        "Co": "自造字（私有区的字符）",
        "Cf": "看不见的字符",
        "Zl": "行分隔符",
        "Zp": "段分隔符",
    }
    kind = special.get(character) or kinds.get(unicodedata.category(character), "非字符")
    return f"{kind}（{code}）"


def _instead(character: str) -> str:
    if unicodedata.category(character) in {"Zl", "Zp"}:
        return "删去它；要分行按 Alt+回车"
    if unicodedata.category(character) == "Co":
        official = _official(ord(character))
        return f"改成“{official}”（U+{ord(official):04X}）" if official else "用输入法重打这个字，不用自造字"
    if unicodedata.category(character) == "Cf":
        return _RETYPE
    return "删去这个字符后重填"


def _official(code: int) -> str | None:
    """The character that later versions of GB 18030 have for a private-use one of earlier versions."""
    if code in _NOT_DECODED:
        return _NOT_DECODED[code]
    if not _FIRST_PRIVATE <= code <= _LAST_PRIVATE:
        return None
    trail = 0x50 + code - _FIRST_PRIVATE
    return bytes((0xFE, trail + (trail >= 0x7F))).decode("gb18030")
