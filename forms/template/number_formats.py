"""How Word writes the number of an automatically numbered paragraph (ECMA-376 Part 1, 17.18.59 ST_NumberFormat).

Only formats that this program prints as Word does; a template with another one is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

_DIGITS = "〇一二三四五六七八九"
_ZERO = "零"
_LEGAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "十", "百", "千")
_LEGAL_PLACES = ("", "拾", "佰", "仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letters(number: int) -> str:
    """A … Z, AA, BB …: past the alphabet Word repeats the letter."""
    repeats, index = divmod(number - 1, 26)
    return chr(ord("A") + index) * (repeats + 1)


def _counted(number: int, digits: str, places: tuple[str, ...], leading_one: bool) -> str:
    """A Chinese number below ten thousand with its places named: 一百零五. Without ``leading_one``: 十, not 一十."""
    text, zero = "", False
    for place in range(len(places) - 1, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += (_ZERO if zero and text else "") + digits[digit] + places[place]
        zero = digit == 0
    begins_with_ten = 10 <= number < 20 and not leading_one
    return text[1:] if begins_with_ten else text


def _chinese(number: int) -> str:
    return _counted(number, _DIGITS, _PLACES, leading_one=False)


def _legal(number: int) -> str:
    return _counted(number, _LEGAL_DIGITS, _LEGAL_PLACES, leading_one=True)


def _of_set(characters: str) -> Callable[[int], str]:
    """Numbers that are one character each; beyond the last one Word goes on with plain digits."""
    return lambda number: characters[number - 1] if 1 <= number <= len(characters) else str(number)


def _block(first: str, count: int) -> str:
    return "".join(chr(ord(first) + index) for index in range(count))


#: ST_NumberFormat → how a number from 1 is written.
FORMATS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "decimalHalfWidth": str,
    "decimalFullWidth": lambda number: "".join(chr(ord(digit) + 0xFEE0) for digit in str(number)),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "chineseCounting": _chinese,
    "chineseCountingThousand": _chinese,
    "japaneseCounting": _chinese,
    "taiwaneseCountingThousand": _chinese,
    "chineseLegalSimplified": _legal,
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "ideographTraditional": _of_set(_STEMS),
    "ideographZodiac": _of_set(_BRANCHES),
    "decimalEnclosedCircle": _of_set(_block("①", 20)),
    "decimalEnclosedCircleChinese": _of_set(_block("①", 20)),
    "decimalEnclosedFullstop": _of_set(_block("⒈", 20)),
    "decimalEnclosedParen": _of_set(_block("⑴", 20)),
    "ideographEnclosedCircle": _of_set(_block("㊀", 10)),
    "numberInDash": lambda number: f"- {number} -",
    "none": lambda _number: "",
}
