"""统一社会信用代码, the 18-character code of every legal person and other organisation in China.

Issuer: the registering departments; source: GB 32100-2015《法人和其他组织统一社会信用代码编码规则》,
inner part GB 11714-1997. Structure: 登记管理部门 (1) 机构类别 (1) 登记管理机关行政区划 (6) 主体标识码, an
organisation code (9) 校验码 (1). Alphabet: digits and capital letters without I O S V Z. The last
character is a weighted sum modulo 31; characters 9 to 17 carry the organisation code's own check, which
was not always kept when codes were converted, so it is only a warning.

Examples: ``91140522MA0K12348Q`` (an enterprise), ``N2140522MA0K123488`` (a village collective).
"""

from __future__ import annotations

from cases.identifiers import regions
from cases.values.invalid import Flaw, errors_of
from cases.values.text import fold_code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_WEIGHTS = tuple(
    pow(3, place, 31) for place in range(17)
)  # 1, 3, 9, 27, 19, 26 … 28, as GB 32100 prints them
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LOOK_ALIKE = {"O": "0", "I": "1", "S": "5", "Z": "2", "V": "U 或 Y"}
# GB 32100-2015 table 1: which categories each registering department uses.
_CATEGORIES = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "123",
    "A": "19",
    "N": "1239",
    "Y": "1",
}


def compact(text: str) -> str:
    """Half width, capitals, without blanks and hyphens."""
    return fold_code(text).replace("-", "").upper()


def check_character(first17: str) -> str:
    """The 18th character for 17 characters of the alphabet."""
    total = sum(weight * ALPHABET.index(char) for weight, char in zip(_WEIGHTS, first17, strict=True))
    return ALPHABET[-total % 31]


def inner_check_character(first8: str) -> str:
    """GB 11714: the ninth character of an organisation code; its letters run A=10 … Z=35."""
    total = sum(weight * int(char, 36) for weight, char in zip(_INNER_WEIGHTS, first8, strict=True))
    return "0123456789X0"[11 - total % 11]


def validate(text: str) -> tuple[Flaw, ...]:
    """Every flaw of a code, folded first. Wrong length, character or check is an error, the rest a warning."""
    code = compact(text)
    errors = _length(code) + _alphabet(code)
    if errors:
        return errors
    expected = check_character(code[:17])
    if code[17] != expected:
        reason = f"统一社会信用代码校验位错误：末位应为{expected}，现为{code[17]}，其中必有一位写错"
        return (Flaw("error", reason, "对照营业执照逐位核对"),)
    return tuple(Flaw("warning", reason, "对照营业执照核对") for reason in _warnings(code))


def is_valid(text: str) -> bool:
    """Whether nothing is certainly wrong with the code."""
    return not errors_of(validate(text))


def _length(code: str) -> tuple[Flaw, ...]:
    if len(code) == LENGTH:
        return ()
    advice = "15位的旧注册号请换成18位的统一社会信用代码" if len(code) == 15 else "对照营业执照补全"
    return (Flaw("error", f"统一社会信用代码应为18位，现为{len(code)}位", advice),)


def _alphabet(code: str) -> tuple[Flaw, ...]:
    wrong = [(place, char) for place, char in enumerate(code, 1) if char not in ALPHABET]
    if not wrong:
        return ()
    named = "、".join(f"第{place}位“{char}”" for place, char in wrong[:3]) + ("等" if len(wrong) > 3 else "")
    likely = "、".join(f"{char}应是{_LOOK_ALIKE[char]}" for _, char in wrong[:3] if char in _LOOK_ALIKE)
    advice = f"是否{likely}？请对照营业执照" if likely else "对照营业执照核对"
    return (Flaw("error", f"统一社会信用代码不用{named}（只用数字和除 I、O、S、V、Z 外的大写字母）", advice),)


def _warnings(code: str) -> list[str]:
    warnings = []
    if code[1] not in _CATEGORIES.get(code[0], ""):
        warnings.append(f"统一社会信用代码存疑：前两位“{code[:2]}”不在登记管理部门和机构类别表内")
    region = regions.PROVINCES.get(code[2:4])
    if code[2:8] != "100000" and (region is None or not code[2:8].isdigit()):
        warnings.append(f"统一社会信用代码存疑：第3至8位“{code[2:8]}”不像行政区划代码")
    if code[16] != inner_check_character(code[8:16]):
        warnings.append("统一社会信用代码存疑：第9至17位（组织机构代码）自身的校验不符，旧代码转换时可能如此")
    return warnings
