"""Case ids (编号): the staff's own numbers, which also name folders.

A case id becomes a folder of the workspace (``issued/<case>/``) on Linux and on Windows alike, so it may
hold only letters (Chinese too), digits, ``-`` and ``_``. Only width and Unicode form (NFC) are
normalised, so that ``ＪＣ－１`` and ``JC-1`` are one case and no id can leave its folder.
"""

from __future__ import annotations

import re
import unicodedata

from cases.values.invalid import InvalidValue
from cases.values.text import fold_width

MAX_LENGTH = 64
MAX_BYTES = 200  # a folder name holds 255 bytes; room is left for what is put around it
BESIDE_ID = "　"  # between an id and the name of its project, as drop-downs offer them
EXAMPLE_PREFIX = "示例"
_DEVICES = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])", re.IGNORECASE)
_FILLERS = "\u115f\u1160\u3164\uffa0"  # letters by category, but invisible
_LETTERS = {"Lu", "Ll", "Lt", "Lo"}


def fold_case_id(text: str) -> str:
    """An id in the form it is stored in, without any check."""
    return unicodedata.normalize("NFC", fold_width(text).strip())


def same_folder_key(case_id: str) -> str:
    """Two ids with the same key would share a folder on Windows."""
    return unicodedata.normalize("NFC", case_id.casefold())


def is_example(text: str) -> bool:
    """Whether an id marks the roster's example row (示例)."""
    return fold_case_id(text).startswith(EXAMPLE_PREFIX)


def read_case_id(text: str) -> str:
    """The id in the form it is stored in.

    :raises InvalidValue: naming what is wrong with it.
    """
    case_id = fold_case_id(text)
    if not case_id:
        raise InvalidValue("编号必须填写", "每个案件给一个不重复的编号，如 JC-2026-001")
    _check_length(case_id)
    forbidden = [character for character in case_id if not _allowed(character)]
    if forbidden:
        raise InvalidValue(f"编号不能含{_name(forbidden[0])}", "编号只能用汉字、字母、数字、“-”和“_”")
    if _DEVICES.fullmatch(case_id):
        raise InvalidValue(f"编号不能是“{case_id}”：这是 Windows 的设备名，建不了文件夹", "换一个编号")
    if case_id.startswith(EXAMPLE_PREFIX):
        raise InvalidValue("编号不能以“示例”开头：花名册里这样的行当作示例跳过", "换一个编号")
    return case_id


def _check_length(case_id: str) -> None:
    if len(case_id) > MAX_LENGTH:
        raise InvalidValue(f"编号有{len(case_id)}个字符，最多{MAX_LENGTH}个", "换一个短些的编号")
    if len(case_id.encode("utf-8", "replace")) > MAX_BYTES:
        raise InvalidValue("编号太长，建不了文件夹", "换一个短些的编号")


def _allowed(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character in "-_"
    return unicodedata.category(character) in _LETTERS and character not in _FILLERS


def _name(character: str) -> str:
    if character.isspace():
        return "空格或换行"
    if unicodedata.category(character).startswith(("C", "M", "Z")) or character in _FILLERS:
        return f"看不见的字符（U+{ord(character):04X}）"
    return f"“{character}”"
