"""A template's DOCX held in memory: read once, written for every document with some of its parts replaced.

Every member is deflated once when the package is read and afterwards copied as it is; only replaced parts are
compressed again. What is written is a function of the contents alone (fixed timestamps, ``[Content_Types].xml`` first,
the other members in the order they were read), so equal documents have equal digests. Formats: PKWARE APPNOTE 6.3.3
§4.3 (zip), ECMA-376 part 2 (package).
"""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import normpath
from typing import Final

from forms.definition_file import shown_name
from forms.template.docx_file import CONTENT_TYPES, WORD_MAIN_TYPE, DocxFile, DocxSource, Story
from foundation.errors import FormError, Problem, UnreadableError

# Members kept for the package's life are packed once, as small as zlib can. Replaced ones for every document:
# a 117 KB document.xml (our largest form's) takes 0.12 ms for 8.6 KB at level 3, 0.39 ms for 7.4 KB
# at level 6.
_LEVEL_ONCE: Final = 9
_LEVEL_EACH: Final = 3

_STORED, _DEFLATED = 0, 8
_VERSION: Final = 20  # 2.0: deflate
_UTF8_NAME: Final = 1 << 11
_MIDNIGHT, _DAY_ONE = 0, (1 << 5) | 1  # MS-DOS time and date of 1980-01-01 00:00:00
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class _Member:
    """One zip member, packed: all that its local and central headers need but the offset."""

    #: Flags … uncompressed size, as both headers hold them.
    common: tuple[int, int, int, int, int, int, int, int]
    name: bytes
    packed: bytes

    @classmethod
    def pack(cls, name: str, data: bytes, level: int) -> _Member:
        packed, method = zlib.compress(data, level, -15), _DEFLATED
        if len(packed) >= len(data):
            packed, method = data, _STORED
        flags = 0 if name.isascii() else _UTF8_NAME
        crc = zlib.crc32(data)
        return cls(
            (flags, method, _MIDNIGHT, _DAY_ONE, crc, len(packed), len(data), 0), name.encode(), packed
        )

    def local(self) -> bytes:
        *head, _ = self.common
        return _LOCAL.pack(b"PK\x03\x04", _VERSION, *head, len(self.name), 0) + self.name

    def central(self, offset: int) -> bytes:
        *head, _ = self.common
        fixed = _CENTRAL.pack(b"PK\x01\x02", _VERSION, _VERSION, *head, len(self.name), 0, 0, 0, 0, 0, offset)
        return fixed + self.name


class DocxPackage:
    """The members of one template by zip name, and its stories. Immutable; safe to share between threads.

    ``where`` names the template in problems. ``core_properties``: zip name of its document properties, if it has any.
    """

    def __init__(self, docx: DocxFile) -> None:
        """Read an open DOCX whole.

        :raises FormError: it is not a plain Word document: a template with macros, a .dotx, odd names in the zip.
        :raises UnreadableError: a part is damaged.
        """
        self.where = docx.name
        _check_main_part(docx)
        _check_names(docx)
        self.stories: tuple[Story, ...] = tuple(docx.stories())
        self.core_properties = docx.core_properties
        names = sorted(docx.part_names, key=lambda name: name != CONTENT_TYPES)
        self._data = {name: docx.read(name) for name in names}
        self._packed = {name: _Member.pack(name, data, _LEVEL_ONCE) for name, data in self._data.items()}

    @classmethod
    def read(cls, source: DocxSource, where: str | None = None) -> DocxPackage:
        """Read a template from a path or its bytes; ``where`` names it in problems.

        :raises FormError: it cannot be read, or is not a plain Word document.
        """
        label = where or ("模板" if isinstance(source, bytes) else shown_name(Path(source)))
        try:
            with DocxFile(source, label) as docx:
                return cls(docx)
        except UnreadableError as error:
            raise FormError(*error.problems) from error

    @property
    def names(self) -> tuple[str, ...]:
        """Zip names in the order they are written."""
        return tuple(self._data)

    @property
    def main_part(self) -> str:
        """Zip name of the part that holds the body."""
        return self.stories[0].part

    def __getitem__(self, name: str) -> bytes:
        return self._data[name]

    def write(self, replacements: Mapping[str, bytes]) -> bytes:
        """The package as a .docx with ``replacements`` (zip name → bytes) in place of, or added to, its members."""
        fresh = {name: _Member.pack(name, data, _LEVEL_EACH) for name, data in replacements.items()}
        return _zip((self._packed | fresh).values())


def _check_main_part(docx: DocxFile) -> None:
    kind = docx.content_type(docx.main_part)
    if "macroEnabled" in kind:
        raise _refusal(docx, "带有宏，不接受带宏的文件", "用 Word 或 WPS 另存为不带宏的 .docx")
    if kind != WORD_MAIN_TYPE:
        raise _refusal(
            docx, "不是 Word 文档（可能是表格、演示文稿或 .dotx 模板）", "用 Word 或 WPS 另存为 .docx"
        )


def _check_names(docx: DocxFile) -> None:
    """Refuse names that would leave the folder, or overwrite each other, when an issued document is unpacked."""
    counted = Counter(docx.part_names)
    odd = [
        name
        for name, count in counted.items()
        if count > 1 or name.startswith("/") or normpath(name).startswith("..")
    ]
    if odd:
        raise _refusal(docx, f"压缩包里的文件名不正常：{odd[0]}", "用 Word 或 WPS 重新另存")


def _refusal(docx: DocxFile, problem: str, advice: str) -> FormError:
    return FormError(Problem(docx.name, problem, advice=advice))


def _zip(members: Iterable[_Member]) -> bytes:
    body: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for member in members:
        head = member.local()
        directory.append(member.central(offset))
        body += (head, member.packed)
        offset += len(head) + len(member.packed)
    size = sum(map(len, directory))
    count = len(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, size, offset, 0)
    return b"".join((*body, *directory, end))
