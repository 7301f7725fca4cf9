"""The XML of a sheet, made light before openpyxl parses it: what is empty left out, what is struck out marked.

Formatting a whole sheet leaves a million rows of empty cells, which cost a minute and half a gigabyte when parsed as
elements and a second when passed over as text. Runs of text that are struck out (删除线) lose that mark in openpyxl;
they are put between two noncharacters, which no value can hold.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Any

STRUCK_OPEN, STRUCK_CLOSE = "\ufdd0", "\ufdd1"

_CHUNK = 1 << 18
_LONGEST = 1 << 22  # bytes without the beginning of a row; such a part is passed on as it stands
# An element without its own r is counted from the one before it, so it has to stay.
_EMPTY_CELL = rb'<c r="[^<>/]*+(?:/>|>(?:<v ?/>|<v></v>)?</c>)'
_EMPTY_CELLS = re.compile(rb"(?:" + _EMPTY_CELL + rb")++")
_EMPTY_ROWS = re.compile(rb'(?:<row r="[^<>/]*+(?:/>|>(?:' + _EMPTY_CELL + rb")*+</row>))++")
_RUN = re.compile(rb"<r>.*?</r>", re.DOTALL)
_STRUCK = re.compile(
    rb'<d?strike(?:\s+val="(?:1|true|on)")?\s*/>|<d?strike(?:\s+val="(?:1|true|on)")?\s*></d?strike>'
)
_TEXT = re.compile(rb"(<t(?:\s[^>]*)?>)(.*?)(</t>)", re.DOTALL)
_MARKED = rb"\1" + STRUCK_OPEN.encode() + rb"\2" + STRUCK_CLOSE.encode() + rb"\3"


class LightArchive(zipfile.ZipFile):
    """A workbook's package whose sheets and shared strings are made light as they are read.

    While ``only_heads`` holds, sheets are read without their rows: openpyxl, which looks for a stated size when it
    opens a workbook, would otherwise read all of a sheet that states none.
    """

    only_heads = False

    def open(self, name: Any, mode: Any = "r", pwd: bytes | None = None, *, force_zip64: bool = False) -> Any:
        """A part for reading."""
        part = super().open(name, mode, pwd, force_zip64=force_zip64)
        written = name if isinstance(name, str) else name.filename
        if "/worksheets/" in written and written.endswith(".xml"):
            return _head(part) if self.only_heads else LightPart(part, b"<row")
        return LightPart(part, b"<si") if written.endswith("sharedStrings.xml") else part

    def open_as_written(self, name: str) -> IO[bytes]:
        """A part for reading, nothing left out."""
        return super().open(name)


class LightPart:
    """A part for reading, its empty cells and rows left out and struck-out runs marked.

    :param boundary: what its rows or strings begin with.
    """

    def __init__(self, part: IO[bytes], boundary: bytes) -> None:
        self._part = part
        self._boundary = boundary
        self._ready = b""
        self._waiting = b""

    def read(self, size: int = -1) -> bytes:
        """Bytes as a file gives them: at most ``size``, all that are left without one, none at the end."""
        if size < 0:
            return self._ready + lighten(self._waiting + self._part.read())
        while not self._ready:
            chunk = self._part.read(_CHUNK)
            if not chunk and not self._waiting:
                return b""
            self._take(chunk)
        given, self._ready = self._ready[:size], self._ready[size:]
        return given

    def _take(self, chunk: bytes) -> None:
        """Make ready what is whole: up to the beginning of the last row, which may go on in the next chunk."""
        self._waiting += chunk
        end = self._waiting.rfind(self._boundary) if chunk else len(self._waiting)
        if end <= 0 and len(self._waiting) > _LONGEST:
            end = len(self._waiting)
        if end > 0:
            self._ready, self._waiting = lighten(self._waiting[:end]), self._waiting[end:]

    def __enter__(self) -> LightPart:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the part."""
        self._part.close()


def _head(part: IO[bytes]) -> IO[bytes]:
    """A sheet without its rows; the whole of it where they do not begin soon."""
    with part:
        start = part.read(_CHUNK)
        rows = start.find(b"<sheetData")
        return io.BytesIO(start[:rows] + b"<sheetData/></worksheet>" if rows > 0 else start + part.read())


def lighten(xml: bytes) -> bytes:
    """XML of whole rows without what is empty, and with marks around what is struck out."""
    if b"strike" in xml:
        xml = _RUN.sub(_mark_struck, xml)
    return _EMPTY_CELLS.sub(b"", _EMPTY_ROWS.sub(b"", xml))


def _mark_struck(run: re.Match[bytes]) -> bytes:
    return _TEXT.sub(_MARKED, run[0]) if _STRUCK.search(run[0]) else run[0]


def split_struck(text: str) -> tuple[str, str]:
    """What stands in a marked text and what is struck out of it."""
    kept, struck = "", ""
    for part in re.split(f"({STRUCK_OPEN}.*?{STRUCK_CLOSE})", text, flags=re.DOTALL):
        if part.startswith(STRUCK_OPEN):
            struck += part.strip(STRUCK_OPEN + STRUCK_CLOSE)
        else:
            kept += part
    return kept, struck
