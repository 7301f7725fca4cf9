"""Opening workbooks that others made: the one place that knows how openpyxl and broken files behave.

Before openpyxl opens a file, its type is detected from its first bytes and its unpacked size is limited, so that an
encrypted file, an old .xls, a macro workbook or a zip bomb gives a message instead of a traceback or exhausted memory.
"""

from __future__ import annotations

import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.text import Text
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from foundation.errors import Problem, UnreadableError

MAX_UNPACKED_BYTES = 400 * 1024 * 1024  # 10,000 cases with twenty list rows each are about 100 MB
MAX_STRINGS_BYTES = 150 * 1024 * 1024  # the shared strings are the one part held whole
MAX_PARTS = 2_000
MAX_MERGED_ROWS = 200_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE_AS = "在 Excel 或 WPS 里另存为“Excel 工作簿（*.xlsx）”后再用"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # of which lxml's and the standard library's parse errors are kinds
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    AssertionError,
    struct.error,
)
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_STRING = f"{{{SHEET_MAIN_NS}}}si"
_CHUNK = 1 << 20
_OVERLAP = 256


class RosterWorkbook:
    """An open workbook: sheet names, and the rows of a sheet one after the other."""

    def __init__(self, book: Any, path: Path, label: str) -> None:
        self._book = book
        self._path = path
        self._label = label
        self.sheet_names: list[str] = [sheet.title for sheet in book.worksheets]

    def rows(self, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Row numbers from 1 and their cells (openpyxl's read-only cells), blank rows included."""
        sheet = self._book[name]
        sheet.reset_dimensions()  # other programs write wrong dimensions, and rows beyond them would be lost
        with _translating_errors(self._label):
            yield from enumerate(sheet.iter_rows(), start=1)

    def merged_rows(self, name: str) -> dict[tuple[int, int], int]:
        """For cells merged downwards: (row, column) of each covered cell → the row that holds the value."""
        covered: dict[tuple[int, int], int] = {}
        with _translating_errors(self._label), zipfile.ZipFile(self._path) as archive:
            for match in _merges(archive, self._book[name]._worksheet_path):
                column, top, last = column_index_from_string(match[0].decode()), int(match[1]), int(match[3])
                if len(covered) + last - top > MAX_MERGED_ROWS:
                    break
                covered.update({(row, column): top for row in range(top + 1, last + 1)})
        return covered


@contextmanager
def open_workbook(path: Path, label: str) -> Iterator[RosterWorkbook]:
    """A workbook for reading. Errors: UnreadableError saying what the file is and what to do."""
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter(
            "ignore"
        )  # openpyxl warns that it drops drawings and extensions; none hold data
        with _translating_errors(label):
            _check_kind(path, label)
            file = stack.enter_context(path.open("rb"))  # closed here, also when loading fails half-way
            book = load_workbook(file, read_only=True, keep_links=False)
            _restore_escapes(book, path)
        stack.callback(book.close)
        yield RosterWorkbook(book, path, label)


@contextmanager
def _translating_errors(label: str) -> Iterator[None]:
    """Whatever openpyxl raises for a broken file becomes one UnreadableError."""
    try:
        yield
    except PermissionError as error:
        raise _unreadable(label, "没有权限读，或正被别的程序占用", "关闭打开它的程序后再试") from error
    except FileNotFoundError as error:
        raise _unreadable(label, "文件不存在", "核对文件名和位置") from error
    except _BROKEN as error:
        raise _unreadable(label, "工作簿已损坏，读不出来", _SAVE_AS) from error


def _restore_escapes(book: Any, path: Path) -> None:
    """openpyxl drops every ``x005F_`` from shared strings, which makes ``_x005F_x0041_`` (the text
    ``_x0041_``) the same as ``_x0041_`` (the letter A); where that happened, the strings are read again
    as they stand.
    """
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith("sharedStrings.xml"):
                continue
            with archive.open(name) as part:
                if not any(b"x005F_" in chunk for chunk in _chunks(part)):
                    continue
            with archive.open(name) as part:
                text: Any = Text  # its stub allows None for a node that is there
                strings = [text.from_tree(node).content for _, node in iterparse(part) if node.tag == _STRING]
            for sheet in book.worksheets:
                sheet._shared_strings = strings


def _unreadable(label: str, reason: str, advice: str) -> UnreadableError:
    return UnreadableError(Problem(label, reason, advice=advice))


def _check_kind(path: Path, label: str) -> None:
    with path.open("rb") as file:
        head = file.read(8)
    if head == _OLE:
        raise _old_or_encrypted(path, label)
    if not head:
        raise _unreadable(label, "文件是空的", "换成正确的花名册")
    if not zipfile.is_zipfile(path):
        raise _unreadable(label, "不是 Excel 工作簿（.xlsx）", _SAVE_AS)
    with zipfile.ZipFile(path) as archive:
        _check_parts(archive, label)


def _old_or_encrypted(path: Path, label: str) -> UnreadableError:
    with path.open("rb") as file:
        encrypted = any(_ENCRYPTED in chunk for chunk in _chunks(file))
    if encrypted:
        return _unreadable(label, "工作簿设了打开密码，读不出来", "取消密码并另存后再用")
    return _unreadable(label, "是旧版 Excel（.xls）或 WPS（.et）文件", _SAVE_AS)


def _check_parts(archive: zipfile.ZipFile, label: str) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise _unreadable(label, "解开后太大，不像花名册", "检查文件来源；案件多时分成几个花名册")
    if strings > MAX_STRINGS_BYTES:
        raise _unreadable(label, "文字太多，不像花名册", "检查文件来源；案件多时分成几个花名册")
    if any(name.endswith("vbaProject.bin") for name in names) or _is_macro(archive, names):
        raise _unreadable(label, "是带宏的工作簿（.xlsm），不打开", _SAVE_AS + "，不带宏")
    if "xl/workbook.bin" in names:
        raise _unreadable(label, "是二进制工作簿（.xlsb）", _SAVE_AS)
    if "[Content_Types].xml" not in names:
        raise _unreadable(label, "不是 Excel 工作簿（.xlsx）", _SAVE_AS)


def _is_macro(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if "[Content_Types].xml" not in names:
        return False
    with archive.open("[Content_Types].xml") as file:
        return b"macroEnabled" in file.read(_CHUNK)


def _chunks(file: Any) -> Iterator[bytes]:
    """A file in chunks that overlap, so that no short pattern is cut in two."""
    tail = b""
    while chunk := file.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-_OVERLAP:]


def _merges(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[bytes, ...]]:
    with archive.open(part) as file:
        seen: set[tuple[bytes, ...]] = set()
        for chunk in _chunks(file):
            found = set(_MERGE.findall(chunk)) - seen
            seen |= found
            yield from found
