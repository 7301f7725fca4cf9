"""Opening files of unknown origin: what is no DOCX, what is damaged, what is meant to harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forms.lint.check import check_path
from forms.template.controls import read_controls
from forms.template.docx_file import DocxFile
from foundation.errors import UnreadableError

Docx = Callable[[str], bytes]
Parts = Callable[[str], dict[str, str]]
Zip = Callable[[dict[str, str]], bytes]

PARAGRAPH = "<w:p><w:r><w:t>甲</w:t></w:r></w:p>"


def refusal(data: bytes) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_controls(data, "甲.docx")
    [problem] = caught.value.problems
    assert problem.where.startswith("甲.docx")
    return problem.problem


def test_not_a_docx() -> None:
    """A file that is no zip at all is refused by name."""
    assert refusal(b"hello") == "不是 DOCX 文件，或文件已损坏"
    assert refusal(b"") == "不是 DOCX 文件，或文件已损坏"


def test_password_or_old_doc() -> None:
    """An encrypted or old-format file is distinguished from an arbitrary file, with what to do."""
    assert refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600).startswith(
        "是加了密码的文档或旧式 .doc"
    )


def test_zip_that_is_no_docx(zip_parts: Zip, docx_parts: Parts) -> None:
    """A zip without a Word body, or with a spreadsheet as its body, is refused."""
    assert refusal(zip_parts({"a.txt": "x"})) == "压缩包里没有 Word 正文，不是 DOCX 文件"
    parts = docx_parts(PARAGRAPH)
    parts["word/document.xml"] = "<workbook/>"
    assert refusal(zip_parts(parts)) == "不是 Word 文档（可能是表格或演示文稿）"


def test_strict_open_xml(zip_parts: Zip, docx_parts: Parts) -> None:
    """The strict variant, whose names are all different, is refused with what to do, not read as empty."""
    parts = docx_parts(PARAGRAPH)
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    parts["word/document.xml"] = f'<w:document xmlns:w="{strict}"><w:body/></w:document>'
    assert refusal(zip_parts(parts)).startswith("是“严格 Open XML”格式")


def test_zip_bomb(docx_parts: Parts, zip_parts: Zip) -> None:
    """A part that swells beyond all proportion is refused before it is inflated."""
    parts = docx_parts(PARAGRAPH)
    parts["word/media/a.xml"] = "0" * 8_000_000
    assert "疑为压缩炸弹" in refusal(zip_parts(parts))


def test_large_whole(docx_parts: Parts, zip_parts: Zip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts that are harmless one by one are refused for their sum or their number."""
    data = zip_parts(docx_parts(PARAGRAPH))
    monkeypatch.setattr("forms.template.docx_file.MAX_TOTAL_BYTES", 500)
    assert "解压后超过" in refusal(data)
    monkeypatch.setattr("forms.template.docx_file.MAX_ENTRIES", 3)
    assert "超过上限 3" in refusal(data)


def test_entities_are_not_expanded(docx_parts: Parts, zip_parts: Zip) -> None:
    """A part with a document type declaration is refused, whatever its entities would do."""
    parts = docx_parts(PARAGRAPH)
    declaration = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document'
    parts["word/document.xml"] = (
        parts["word/document.xml"].replace("<w:document", declaration, 1).replace("甲", "&x;")
    )
    assert "DTD" in refusal(zip_parts(parts))


def test_broken_xml(docx_parts: Parts, zip_parts: Zip) -> None:
    """A body that is not well-formed is refused with the part's name."""
    parts = docx_parts(PARAGRAPH)
    parts["word/document.xml"] = parts["word/document.xml"].replace("</w:body>", "")
    assert refusal(zip_parts(parts)).startswith("XML 损坏")


def test_damaged_zip(docx: Docx) -> None:
    """A file with flipped bytes is refused, never half read."""
    data = bytearray(docx(PARAGRAPH * 200))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo("word/document.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    for offset in range(start + 60, start + 90):
        data[offset] ^= 0xFF
    assert "解压失败" in refusal(bytes(data))


def test_every_truncation_is_refused(docx: Docx) -> None:
    """However much of a file's end is missing, it is refused in words."""
    data = docx(PARAGRAPH)
    for length in range(0, len(data), 97):
        assert refusal(data[:length])


def test_missing_file_and_folder(tmp_path: Path) -> None:
    """A path that is not there, or is a folder, is refused by its name."""
    for path in (tmp_path / "无.docx", tmp_path):
        with pytest.raises(UnreadableError) as caught:
            DocxFile(path)
        assert caught.value.problems[0].where == path.name


def test_lint_tells_an_unreadable_template(sound_form: Path) -> None:
    """A template that is no DOCX is one problem of the form, not an exception."""
    (sound_form / "template.docx").write_bytes(b"PK not really")
    [problem] = check_path(sound_form)
    assert (problem.where, problem.problem) == ("ledger/template.docx", "不是 DOCX 文件，或文件已损坏")
