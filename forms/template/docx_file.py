"""Opens a DOCX safely: a zip of unknown origin, read part by part, within bounds.

Bounds are on what the zip's directory declares; Python's zipfile never inflates an entry beyond its
declared size, so a directory that understates sizes ends in a checksum error, not in memory.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, TypeAlias

from forms.template.ooxml import STRICT_NAMESPACE, Element, parse_xml
from foundation.errors import Problem, UnreadableError
from foundation.os_errors import NO_FILE, reason_of
from foundation.reading import is_special

DocxSource: TypeAlias = Path | str | bytes

MAX_ENTRIES = 2000
MAX_ENTRY_BYTES = 64 * 2**20
MAX_TOTAL_BYTES = 256 * 2**20
# Real document.xml of long, repetitive tables reaches some 60:1; deflate itself ends at 1032:1.
MAX_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 2**20

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
StoryKind: TypeAlias = Literal["body", "header", "footer", "footnotes", "endnotes"]
#: What each relationship to a part with text is called in places.
_STORIES: Mapping[str, tuple[StoryKind, str]] = {
    "header": ("header", "页眉"),
    "footer": ("footer", "页脚"),
    "footnotes": ("footnotes", "脚注"),
    "endnotes": ("endnotes", "尾注"),
}
CONTENT_TYPES = "[Content_Types].xml"
#: The content type of an ordinary Word document's main part.
WORD_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ADVICE = "用 Word 或 WPS 打开后另存为 .docx 再试"


@dataclass(frozen=True, slots=True)
class Relation:
    """One relationship of a part.

    ``kind`` is the last word of its type; ``target`` a part name, or an outside address if ``external``.
    """

    id: str
    kind: str
    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Story:
    """A part that holds text, by its name in the zip. ``label``: what places call it (页脚2); empty for the body."""

    kind: StoryKind
    label: str
    part: str
    root: Element


class DocxFile:
    """An open DOCX; a context manager.

    :param source: a path, or the file's bytes.
    :param name: how problems call the file; the path's own name if not given.
    :raises UnreadableError: not there, not a DOCX, encrypted, damaged, or beyond the bounds above.
    """

    def __init__(self, source: DocxSource, name: str = "") -> None:
        self.name = name or ("文档" if isinstance(source, bytes) else Path(source).name)
        self._archive = self._open(source)
        try:
            self._check_bounds()
            self.main_part = self._find_main_part()
        except BaseException:
            self._archive.close()
            raise

    def __enter__(self) -> DocxFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._archive.close()

    @property
    def part_names(self) -> tuple[str, ...]:
        """Every part's name, in the order of the zip; folders have none."""
        return tuple(entry.filename for entry in self._archive.infolist() if not entry.is_dir())

    def read(self, part: str, limit: int = -1) -> bytes:
        """A part's bytes, or its first ``limit``; raises UnreadableError if it is missing or damaged."""
        try:
            with self._archive.open(part) as stream:
                return stream.read(limit)
        except KeyError as error:
            raise self._unreadable(f"文件里缺少 {part}", _ADVICE) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise self._unreadable(f"文件已损坏，{part} 解压失败", _ADVICE) from error

    def size(self, part: str) -> int:
        """How many bytes a part has, unpacked."""
        return self._archive.getinfo(part).file_size

    def tree(self, part: str) -> Element:
        """A part parsed as XML; raises UnreadableError."""
        return parse_xml(self.read(part), f"{self.name} {part}")

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self._archive.NameToInfo

    def content_type(self, part: str) -> str:
        """The part's content type from ``[Content_Types].xml``; empty where it has none."""
        suffix = posixpath.splitext(part)[1].removeprefix(".").lower()
        by_suffix = ""
        for item in self.tree(CONTENT_TYPES):
            if item.tag == f"{_TYPES}Override" and item.get("PartName") == f"/{part}":
                return item.get("ContentType", "")
            if item.tag == f"{_TYPES}Default" and item.get("Extension", "").lower() == suffix:
                by_suffix = item.get("ContentType", "")
        return by_suffix

    def relations(self, part: str) -> tuple[Relation, ...]:
        """What a part (or the package, for an empty name) refers to."""
        folder, base = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{base}.rels")
        if not self.has(rels):
            return ()
        return tuple(_relation(item, folder) for item in self.tree(rels).iter(_RELATIONSHIP))

    @property
    def core_properties(self) -> str | None:
        """The name of the part that holds the document properties (title, author …); None where there is none."""
        return next(
            (
                relation.target
                for relation in self.relations("")
                if relation.kind == "core-properties" and not relation.external and self.has(relation.target)
            ),
            None,
        )

    def stories(self) -> Iterator[Story]:
        """The body, then headers, footers and notes in the order they are referred to."""
        yield Story("body", "", self.main_part, self.tree(self.main_part))
        count: Counter[str] = Counter()
        seen: set[str] = set()
        for relation in self.relations(self.main_part):
            part = relation.target
            if relation.kind not in _STORIES or relation.external or part in seen or not self.has(part):
                continue
            seen.add(part)
            kind, label = _STORIES[relation.kind]
            count[kind] += 1
            number = str(count[kind]) if count[kind] > 1 else ""
            yield Story(kind, label + number, part, self.tree(part))

    def _open(self, source: DocxSource) -> zipfile.ZipFile:
        if not isinstance(source, bytes) and is_special(Path(source)):
            raise self._unreadable(NO_FILE)
        try:
            return zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        except zipfile.BadZipFile as error:
            head = source[:8] if isinstance(source, bytes) else Path(source).read_bytes()[:8]
            if head == _COMPOUND_FILE:
                raise self._unreadable(
                    "是加了密码的文档或旧式 .doc，不能直接读取", "去掉密码，另存为 .docx"
                ) from error
            raise self._unreadable("不是 DOCX 文件，或文件已损坏", _ADVICE) from error
        except OSError as error:
            raise self._unreadable(f"文件打不开：{reason_of(error)}") from error

    def _check_bounds(self) -> None:
        entries = self._archive.infolist()
        if len(entries) > MAX_ENTRIES:
            raise self._unreadable(f"压缩包里有 {len(entries)} 个文件，超过上限 {MAX_ENTRIES}，已拒绝")
        if sum(entry.file_size for entry in entries) > MAX_TOTAL_BYTES:
            raise self._unreadable(f"解压后超过 {MAX_TOTAL_BYTES >> 20} MB，疑为压缩炸弹，已拒绝")
        for entry in entries:
            self._check_entry(entry)

    def _check_entry(self, entry: zipfile.ZipInfo) -> None:
        size = entry.file_size
        swollen = size > RATIO_COUNTS_FROM_BYTES and size > MAX_RATIO * max(entry.compress_size, 1)
        if size > MAX_ENTRY_BYTES or swollen:
            swelling = f"由 {entry.compress_size >> 10} KB 解压成 {size >> 20} MB"
            raise self._unreadable(f"{entry.filename} {swelling}，疑为压缩炸弹，已拒绝")
        if entry.flag_bits & 1:
            raise self._unreadable("压缩包加了密码，不能读取", "去掉密码，另存为 .docx")

    def _find_main_part(self) -> str:
        for relation in self.relations(""):
            if relation.kind == "officeDocument" and self.has(relation.target):
                return self._checked_main(relation.target)
        raise self._unreadable("压缩包里没有 Word 正文，不是 DOCX 文件", _ADVICE)

    def _checked_main(self, part: str) -> str:
        # Looked for in the first bytes only: parsing the whole body is left to the caller.
        head = self.read(part, limit=8192)
        if STRICT_NAMESPACE.encode() in head:
            raise self._unreadable("是“严格 Open XML”格式，不能读取", "另存为普通的 .docx（Word 文档）")
        if b"wordprocessingml" not in head:
            raise self._unreadable("不是 Word 文档（可能是表格或演示文稿）", _ADVICE)
        return part

    def _unreadable(self, problem: str, advice: str | None = None) -> UnreadableError:
        return UnreadableError(Problem(where=self.name, problem=problem, advice=advice))


def _relation(item: Element, folder: str) -> Relation:
    target = item.get("Target", "")
    external = item.get("TargetMode") == "External"
    if not external:
        target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
    return Relation(item.get("Id", ""), item.get("Type", "").rpartition("/")[2], target, external)
