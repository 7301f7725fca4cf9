"""A .docx held in memory: read once, written many times with some of its parts replaced.
 A batch writes the same package hundreds of times with a few parts changed, so every member is deflated once
when the package is read and afterwards copied as it is; only replaced parts are compressed. What is written
is a function of the contents alone (fixed timestamps, ``[Content_Types].xml`` first, the other members in the
order they were read), so equal documents have equal hashes.
 Whatever cannot be a docx (not a zip, password-protected, macro-enabled, a zip bomb) is refused in Chinese
when it is read. Formats: PKWARE APPNOTE 6.3.3 §4.3 (zip), ECMA-376 part 2 (package).
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from posixpath import dirname, join, normpath
from typing import Final

from lxml import etree

from foundation.errors import FormError, Problem

CONTENT_TYPES: Final = "[Content_Types].xml"
OFFICE_DOCUMENT: Final = "/officeDocument"
_RELATIONSHIP: Final = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_WORD_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

_MEBIBYTE: Final = 1 << 20
MAX_FILE_BYTES: Final = 64 * _MEBIBYTE
MAX_UNPACKED_BYTES: Final = 256 * _MEBIBYTE
MAX_MEMBERS: Final = 4096

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

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


@dataclass(frozen=True, slots=True)
class Relationship:
    """One relationship of a part: ``target`` is a zip name, or for an external one the address as written."""

    id: str
    type: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class _Member:
    """One zip member, packed: all that its local and central headers need but the offset."""

    common: tuple[
        int, int, int, int, int, int, int, int
    ]  # flags … uncompressed size, as both headers hold them
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
    """The members of one .docx by zip name. Immutable; safe to share between threads."""

    def __init__(self, members: Mapping[str, bytes], where: str = "模板") -> None:
        """Take ``members`` (zip name → bytes) as a Word document; FormError if they are not one."""
        self.where = where
        names = sorted(members, key=lambda name: name != CONTENT_TYPES)
        self._data: dict[str, bytes] = {name: members[name] for name in names}
        self._types = self._content_types()
        self.main_part = self._main_part()
        self._packed = {name: _Member.pack(name, self._data[name], _LEVEL_ONCE) for name in names}

    @classmethod
    def read(cls, source: Path | str | bytes, where: str | None = None) -> DocxPackage:
        """Read a .docx from a path or its bytes; ``where`` names it in problems. FormError if it cannot be
        one.
        """
        label = where or (place_name(Path(source)) if isinstance(source, (str, Path)) else "模板")
        raw = source if isinstance(source, bytes) else _file_bytes(Path(source), label)
        return cls(_unpack(raw, label), label)

    @property
    def names(self) -> tuple[str, ...]:
        """Zip names in the order they are written."""
        return tuple(self._data)

    def __contains__(self, name: object) -> bool:
        return name in self._data

    def __getitem__(self, name: str) -> bytes:
        return self._data[name]

    def content_type(self, name: str) -> str | None:
        """The content type that ``[Content_Types].xml`` gives a member, or None."""
        return self._types.get("/" + name) or self._types.get(PurePosixPath(name).suffix.lower())

    def relationships(self, name: str = "") -> tuple[Relationship, ...]:
        """The relationships of a part, or with no name those of the package."""
        folder, base = dirname(name), name.rpartition("/")[2]
        rels = join(folder, "_rels", f"{base}.rels")
        if rels not in self._data:
            return ()
        return tuple(_relationship(node, folder) for node in self.parse(rels).iter(_RELATIONSHIP))

    def related(self, ending: str, name: str = "") -> tuple[str, ...]:
        """Zip names, of members present, that ``name`` relates to by a type ending in ``ending``."""
        found = (
            rel.target for rel in self.relationships(name) if rel.type.endswith(ending) and not rel.external
        )
        return tuple(dict.fromkeys(target for target in found if target in self._data))

    def parse(self, name: str) -> etree._Element:
        """A member as a freshly parsed XML tree; FormError if it is not well-formed or holds a DOCTYPE."""
        data = self._data[name]
        if b"<!DOCTYPE" in data:
            raise FormError(
                self._problem(
                    f"其中的 {name} 含有 DOCTYPE 声明，正常的 Word 文件不会有", "用 Word 或 WPS 重新另存"
                )
            )
        try:
            return etree.fromstring(data, _PARSER)
        except etree.XMLSyntaxError as error:
            raise FormError(
                self._problem(f"其中的 {name} 不是完好的 XML：{error}", "用 Word 或 WPS 修复后另存")
            ) from error

    def write(self, replacements: Mapping[str, bytes]) -> bytes:
        """The package as a .docx with ``replacements`` (zip name → bytes) in place of, or added to, its
        members.
        """
        fresh = {name: _Member.pack(name, data, _LEVEL_EACH) for name, data in replacements.items()}
        return _zip((self._packed | fresh).values())

    def _content_types(self) -> dict[str, str]:
        if CONTENT_TYPES not in self._data:
            raise FormError(
                self._problem(
                    "这个压缩包里没有 [Content_Types].xml，不是 Word 文件", "请换成 Word 或 WPS 另存的 .docx"
                )
            )
        types: dict[str, str] = {}
        for node in self.parse(CONTENT_TYPES):
            kind = node.get("ContentType", "")
            if node.tag == _TYPES + "Override":
                types[node.get("PartName", "")] = kind
            elif node.tag == _TYPES + "Default":
                types["." + node.get("Extension", "").lower()] = kind
        return types

    def _main_part(self) -> str:
        found = self.related(OFFICE_DOCUMENT)
        kind = self.content_type(found[0]) if found else None
        if kind == _WORD_MAIN:
            return found[0]
        if kind is not None and "macroEnabled" in kind:
            raise FormError(self._problem("带有宏，不接受带宏的文件", "用 Word 或 WPS 另存为不带宏的 .docx"))
        raise FormError(
            self._problem(
                "不是 Word 文档（可能是表格、演示文稿或 .dotx 模板）", "用 Word 或 WPS 另存为 .docx"
            )
        )

    def _problem(self, problem: str, advice: str) -> Problem:
        return Problem(self.where, problem, advice=advice)


def place_name(path: Path) -> str:
    """How a template is called in a problem: its folder and name, because every form's file is
    ``template.docx``.
    """
    return "/".join(path.parts[-2:]) if path.name == "template.docx" else path.name


def _file_bytes(path: Path, label: str) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FormError(
                _refusal(label, f"文件超过 {MAX_FILE_BYTES // _MEBIBYTE} MB", "压缩其中的图片后另存")
            )
        return path.read_bytes()
    except OSError as error:
        raise FormError(_refusal(label, f"读不到文件：{error.strerror}", "检查路径和权限")) from error


def _unpack(raw: bytes, label: str) -> dict[str, bytes]:
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise FormError(_refusal(label, "有密码保护，或是老式的 .doc 文件", "去掉密码，另存为 .docx"))
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            members = [item for item in archive.infolist() if not item.is_dir()]
            _check_members(members, label)
            # zipfile reads no further than the declared size, which has just been checked, and checks the
            # CRC.
            return {item.filename: archive.read(item) for item in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FormError(
            _refusal(label, f"不是完好的 .docx 文件：{error}", "用 Word 或 WPS 打开后另存为 .docx")
        ) from error


def _check_members(members: list[zipfile.ZipInfo], label: str) -> None:
    problems = []
    if len(members) > MAX_MEMBERS or sum(item.file_size for item in members) > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // _MEBIBYTE
        problems.append(
            _refusal(
                label, f"解压后超过 {limit} MB 或 {MAX_MEMBERS} 个文件，疑似压缩炸弹", "换成正常的 .docx"
            )
        )
    if any(item.flag_bits & 1 for item in members):
        problems.append(_refusal(label, "压缩包带有密码", "去掉密码后另存"))
    names = [item.filename for item in members]
    outside = [name for name in names if name.startswith("/") or normpath(name).startswith("..")]
    if outside or len(set(names)) != len(names):
        odd = outside[0] if outside else next(name for name in names if names.count(name) > 1)
        problems.append(_refusal(label, f"压缩包里的文件名不正常：{odd}", "用 Word 或 WPS 重新另存"))
    if problems:
        raise FormError(*problems)


def _refusal(label: str, problem: str, advice: str) -> Problem:
    return Problem(label, problem, advice=advice)


def _relationship(node: etree._Element, folder: str) -> Relationship:
    external = node.get("TargetMode") == "External"
    target = node.get("Target", "")
    if not external:
        target = target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
    return Relationship(node.get("Id", ""), node.get("Type", ""), target, external)


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
