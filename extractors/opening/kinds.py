"""What a file is, by its first bytes and not by its suffix, which people type."""

from __future__ import annotations

from typing import Literal

from foundation.errors import Problem, UnreadableError

FileContent = Literal["pdf", "JPEG", "PNG", "TIFF", "BMP", "WEBP", "docx"]

#: How many bytes :func:`kind_of` wants to see: a PDF may begin up to 1024 bytes late (ISO 32000-1, H.3, note 13).
HEAD_BYTES = 2048

_HEADS: tuple[tuple[bytes, FileContent], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),
    (b"MM\x00+", "TIFF"),
    (b"BM", "BMP"),
    (b"PK\x03\x04", "docx"),
    (b"PK\x05\x06", "docx"),
)
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "旧式 .doc/.wps 文档，或加了密码的文档",
        "去掉密码，另存为 DOCX 或 PDF",
    ),
    (b"{\\rtf", " RTF 文档", "用 Word 或 WPS 打开，另存为 DOCX 或 PDF"),
    (b"Rar!", " RAR 压缩包", "先解压，再交里面的文件"),
    (b"7z\xbc\xaf\x27\x1c", " 7z 压缩包", "先解压，再交里面的文件"),
    (b"\x1f\x8b", " gzip 压缩包", "先解压，再交里面的文件"),
    (b"GIF8", " GIF 动图", "另存为 JPEG 或 PNG"),
    (b"\x00\x00\x00\x0cjP  ", " JPEG 2000 图片", "另存为 JPEG 或 PDF"),
    (b"AT&TFORM", " DjVu 文档", "另存为 PDF"),
    (b"%!PS", " PostScript 文件", "另存为 PDF"),
)
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_ADVICE = "请交 PDF、JPEG、PNG、TIFF 或 DOCX"


def kind_of(head: bytes, name: str) -> FileContent:
    """The kind of a file from its first :data:`HEAD_BYTES`; raises UnreadableError for one that is not read."""
    if not head:
        raise UnreadableError(Problem(name, "文件是空的（0 字节）", advice="重新扫描或重新发送"))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head.startswith(b"PK") and b"OFD.xml" in head:
        raise UnreadableError(
            Problem(name, "是 OFD 版式文件，不能直接读取", advice="用 OFD 阅读器另存为 PDF")
        )
    for start, content in _HEADS:
        if head.startswith(start):
            return content
    if b"%PDF-" in head[:1024]:
        return "pdf"
    raise UnreadableError(_refusal(head, name))


def _refusal(head: bytes, name: str) -> Problem:
    for start, what, advice in _REFUSED:
        if head.startswith(start):
            return Problem(name, f"是{what}，不能直接读取", advice=advice)
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        return Problem(
            name,
            "是 HEIC 照片，不能直接读取",
            advice="在手机相机设置里选“兼容性最佳”，或另存为 JPEG 再发",
        )
    if head.lstrip()[:1] == b"<":
        return Problem(name, "是网页或 XML 文件，不是扫描件", advice=_ADVICE)
    if not head.strip(b"\0"):
        return Problem(name, "文件内容全是零，可能没有传完", advice="重新发送")
    return Problem(name, "认不出是什么文件，或文件已损坏", advice=_ADVICE)
