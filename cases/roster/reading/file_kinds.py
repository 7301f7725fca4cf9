"""What a file that should be a roster is, detected from its first bytes and its list of parts before it is opened.

An encrypted file, an old .xls, a macro workbook or a zip bomb so gives a message instead of a traceback or exhausted
memory, and a CSV or a web page by the name of a workbook is said to be one.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foundation.errors import Problem, UnreadableError

MAX_UNPACKED_BYTES = 400 * 1024 * 1024  # 10,000 cases with twenty list rows each are about 100 MB
MAX_STRINGS_BYTES = 150 * 1024 * 1024  # the shared strings are the one part held whole
MAX_PARTS = 2_000
SAVE_AS = "在 Excel 或 WPS 里另存为“Excel 工作簿（*.xlsx）”后再用"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 1 << 20
_OVERLAP = 256
_HEAD = 4096
_STARTS = (
    (b"%PDF", "是 PDF，不是 Excel 工作簿（.xlsx）"),
    (b"\x89PNG", "是图片，不是 Excel 工作簿（.xlsx）"),
    (b"\xff\xd8\xff", "是图片，不是 Excel 工作簿（.xlsx）"),
    (b"Rar!", "是 RAR 压缩包，不是 Excel 工作簿（.xlsx）"),
    (b"7z\xbc\xaf", "是 7z 压缩包，不是 Excel 工作簿（.xlsx）"),
)
_PARTS = (
    ("xl/workbook.bin", "是二进制工作簿（.xlsb）"),
    ("content.xml", "是 OpenDocument 表格（.ods）"),
    ("word/document.xml", "是 Word 文档（.docx），不是 Excel 工作簿（.xlsx）"),
    ("ppt/presentation.xml", "是演示文稿（.pptx），不是 Excel 工作簿（.xlsx）"),
    ("Index/Document.iwa", "是苹果的 Numbers 表格（.numbers）"),
)


def unreadable(label: str, reason: str, advice: str = SAVE_AS) -> UnreadableError:
    """The error for a file that is no roster."""
    return UnreadableError(Problem(label, reason, advice=advice))


def check_kind(path: Path, label: str) -> None:
    """Refuse what is no workbook that is opened here. Errors: UnreadableError saying what the file is."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_OLE):
        raise _old_or_encrypted(path, label)
    if not head:
        raise unreadable(label, "文件是空的", "换成正确的花名册")
    if not zipfile.is_zipfile(path):
        raise unreadable(label, _kind_of(head))
    with zipfile.ZipFile(path) as archive:
        _check_parts(archive, label)


def chunks(file: Any) -> Iterator[bytes]:
    """A file in chunks that overlap, so that no short pattern is cut in two."""
    tail = b""
    while chunk := file.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-_OVERLAP:]


def _kind_of(head: bytes) -> str:
    """What a file that is no ZIP archive is."""
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    text = head.decode("utf-8", "replace").lstrip("\ufeff \r\n\t").lower()
    if text.startswith("<?xml") and "office:spreadsheet" in text:
        return "是 XML 表格 2003（.xml），不是 Excel 工作簿（.xlsx）"
    if text.startswith("<"):
        return "是网页或 XML 文件，只是名字像表格，不是 Excel 工作簿（.xlsx）"
    if head[:2] == b"PK":
        return "不是完整的 Excel 工作簿（.xlsx），可能没有下载或拷贝完"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "是 Unicode 文本文件，不是 Excel 工作簿（.xlsx）"
    if b"\0" not in head:
        return "是 CSV 或文本文件，不是 Excel 工作簿（.xlsx）"
    return "不是 Excel 工作簿（.xlsx）"


def _old_or_encrypted(path: Path, label: str) -> UnreadableError:
    with path.open("rb") as file:
        encrypted = any(_ENCRYPTED in chunk for chunk in chunks(file))
    if encrypted:
        return unreadable(label, "工作簿设了打开密码，读不出来", "取消密码并另存后再用")
    names = {".et": "是 WPS 表格自己的格式（.et）", ".xls": "是旧版 Excel（.xls）文件"}
    return unreadable(label, names.get(path.suffix.lower(), "是旧版 Excel（.xls）或 WPS（.et）文件"))


def _check_parts(archive: zipfile.ZipFile, label: str) -> None:
    parts = archive.infolist()
    names = {part.filename.replace("\\", "/"): part.filename for part in parts}
    strings = sum(part.file_size for part in parts if part.filename.endswith("sharedStrings.xml"))
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        advice = "多半是给整张表的空行空列设了格式：删去它们再存；案件很多时分成几个花名册"
        raise unreadable(label, "解开后太大，不像花名册", advice)
    if strings > MAX_STRINGS_BYTES:
        raise unreadable(label, "文字太多，不像花名册", "检查文件来源；案件多时分成几个花名册")
    types = _content_types(archive, names)
    if any(name.endswith("vbaProject.bin") for name in names) or b"macroEnabled" in types:
        raise unreadable(label, "是带宏的工作簿（.xlsm），不打开", SAVE_AS + "，不带宏")
    for part, kind in _PARTS:
        if part in names:
            raise unreadable(label, kind)
    if not types:
        raise unreadable(label, "不是 Excel 工作簿（.xlsx）")


def _content_types(archive: zipfile.ZipFile, names: dict[str, str]) -> bytes:
    if "[Content_Types].xml" not in names:
        return b""
    with archive.open(names["[Content_Types].xml"]) as file:
        return file.read(_CHUNK)
