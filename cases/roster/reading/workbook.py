"""Opening workbooks that others made: the one place that knows how openpyxl and broken files behave.

What a file is, :mod:`cases.roster.reading.file_kinds` finds out first; a package that openpyxl cannot read is mended by
:mod:`cases.roster.reading.package`, and sheets are made light by :mod:`cases.roster.reading.sheet_xml`.
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

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from cases.roster.reading.file_kinds import SAVE_AS, check_kind, chunks, unreadable
from cases.roster.reading.package import package_source
from cases.roster.reading.sheet_xml import LightArchive
from foundation.errors import Problem, UnreadableError
from foundation.os_errors import NO_FILE
from foundation.reading import is_special

MAX_MERGED_ROWS = 200_000

# Dates of the East Asian and Thai versions of Excel (ECMA-376 part 1, 18.8.30), which openpyxl takes for numbers.
_DATE_FORMAT_IDS = frozenset({*range(27, 37), *range(50, 59), *range(71, 82)})
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


class RosterWorkbook:
    """An open workbook: sheet names, and the rows of a sheet one after the other."""

    def __init__(self, book: Any, archive: LightArchive, label: str) -> None:
        self._book = book
        self._archive = archive
        self._label = label
        self.struck_styles = frozenset(
            index for index, style in enumerate(book._cell_styles) if book._fonts[style.fontId].strike
        )
        """The styles of cells that are struck out as a whole."""
        self.sheet_names: list[str] = [sheet.title for sheet in book.worksheets]

    def rows(self, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Row numbers from 1 and their cells (openpyxl's read-only cells), blank rows included."""
        sheet = self._book[name]
        sheet.reset_dimensions()  # other programs write wrong dimensions, and rows beyond them would be lost
        with _translating_errors(self._label):
            yield from enumerate(sheet.iter_rows(), start=1)

    def merged_rows(self, name: str) -> dict[int, dict[int, int]]:
        """For cells merged downwards: by row, then column, of each covered cell, the row that holds the value."""
        covered: dict[int, dict[int, int]] = {}
        count = 0
        with _translating_errors(self._label):
            for match in _merges(self._archive, self._book[name]._worksheet_path):
                column, top, last = column_index_from_string(match[0].decode()), int(match[1]), int(match[3])
                count += last - top
                if count > MAX_MERGED_ROWS:
                    break
                for row in range(top + 1, last + 1):
                    covered.setdefault(row, {})[column] = top
        return covered


@contextmanager
def open_workbook(path: Path, label: str) -> Iterator[RosterWorkbook]:
    """A workbook for reading. Errors: UnreadableError saying what the file is and what to do."""
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter(
            "ignore"
        )  # openpyxl warns that it drops drawings and extensions; none hold data
        if is_special(path):
            raise UnreadableError(Problem(label, NO_FILE))
        with _translating_errors(label):
            check_kind(path, label)
            package = package_source(path)
            # Closed here, also when loading fails half-way.
            file = stack.enter_context(path.open("rb") if isinstance(package, Path) else package)
            reader = ExcelReader(file, read_only=True, keep_links=False)
            archive = reader.archive = stack.enter_context(LightArchive(file))
            archive.only_heads = True
            reader.read()
            archive.only_heads = False
            book = reader.wb
            _restore_escapes(book, archive)
            _know_dates(book)
        yield RosterWorkbook(book, archive, label)


@contextmanager
def _translating_errors(label: str) -> Iterator[None]:
    """Whatever openpyxl raises for a broken file becomes one UnreadableError."""
    try:
        yield
    except PermissionError as error:
        raise unreadable(label, "没有权限读，或正被别的程序占用", "关闭打开它的程序后再试") from error
    except FileNotFoundError as error:
        raise unreadable(label, "文件不存在", "核对文件名和位置") from error
    except IsADirectoryError as error:
        raise unreadable(label, "是文件夹，不是花名册", "写到里面的文件名，例如 roster.xlsx") from error
    except _BROKEN as error:
        raise unreadable(label, "工作簿已损坏，读不出来", SAVE_AS) from error


def _know_dates(book: Any) -> None:
    """Have openpyxl read as dates what the East Asian versions of Excel show as dates."""
    dates = {index for index, style in enumerate(book._cell_styles) if style.numFmtId in _DATE_FORMAT_IDS}
    book._date_formats = set(book._date_formats) | dates


def _restore_escapes(book: Any, archive: zipfile.ZipFile) -> None:
    """openpyxl drops every ``x005F_`` from shared strings, which makes ``_x005F_x0041_`` (the text
    ``_x0041_``) the same as ``_x0041_`` (the letter A); where that happened, the strings are read again
    as they stand.
    """
    for name in archive.namelist():
        if not name.endswith("sharedStrings.xml"):
            continue
        with archive.open(name) as part:
            if not any(b"x005F_" in chunk for chunk in chunks(part)):
                continue
        with archive.open(name) as part:
            text: Any = Text  # its stub allows None for a node that is there
            strings = [text.from_tree(node).content for _, node in iterparse(part) if node.tag == _STRING]
        for sheet in book.worksheets:
            sheet._shared_strings = strings


def _merges(archive: LightArchive, part: str) -> Iterator[tuple[bytes, ...]]:
    with archive.open_as_written(part) as file:
        seen: set[tuple[bytes, ...]] = set()
        for chunk in chunks(file):
            if b"mergeCell" not in chunk:
                continue
            found = set(_MERGE.findall(chunk)) - seen
            seen |= found
            yield from found
