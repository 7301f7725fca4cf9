"""A .docx in memory: deterministic to write, and nothing else is taken for one."""

from __future__ import annotations

import struct
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from forms.template import docx_file
from foundation.errors import FormError
from generator.template.docx_package import DocxPackage


def zipped(**members: bytes) -> bytes:
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return output.getvalue()


def test_written_package_holds_exactly_its_members(kit: Any) -> None:
    """What is written is read back by another zip reader, replaced and added members included."""
    package = DocxPackage.read(kit.make(kit.paragraph("甲"), extra={"word/图.bin": bytes(256)}))
    written = package.write({"word/document.xml": b"<new/>" * 99, "customXml/新.xml": b"<x/>"})
    expected = {name: package[name] for name in package.names}
    expected |= {"word/document.xml": b"<new/>" * 99, "customXml/新.xml": b"<x/>"}
    assert kit.read(written) == expected
    with zipfile.ZipFile(BytesIO(written)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_written_package_opens_in_other_programs(kit: Any, tmp_path: Path) -> None:
    """python-docx opens the file, and unzip finds nothing to complain of."""
    path = tmp_path / "a.docx"
    path.write_bytes(DocxPackage.read(kit.make(kit.paragraph("甲"))).write({}))
    assert [paragraph.text for paragraph in Document(str(path)).paragraphs] == ["甲"]
    tested = subprocess.run(
        [sys.executable, "-m", "zipfile", "-t", str(path)], capture_output=True, check=True
    )
    assert b"Done" in tested.stdout


def test_same_content_gives_same_bytes(kit: Any) -> None:
    """Neither the order in which replacements are given nor the time shows in the file."""
    template = kit.make(kit.paragraph("甲"))
    names = ("word/document.xml", "word/header1.xml")
    one = DocxPackage.read(template).write(dict.fromkeys(names, b"<a/>"))
    two = DocxPackage.read(template).write(dict.fromkeys(reversed(names), b"<a/>"))
    assert one == two


def test_relationships_are_resolved_to_members(kit: Any) -> None:
    """The parts a template's relationships lead to are found by their kind, under their zip names."""
    package = DocxPackage.read(kit.make(""))
    assert package.main_part == "word/document.xml"
    assert [(story.kind, story.part) for story in package.stories[1:]] == [
        ("header", "word/header1.xml"),
        ("footer", "word/footer1.xml"),
        ("footnotes", "word/footnotes.xml"),
    ]
    assert package.core_properties == "docProps/core.xml"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "不是 DOCX 文件"),
        (b"%PDF-1.7", "不是 DOCX 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "密码"),
        (zipped(a=b"1"), "没有 Word 正文"),
        (zipped(**{"[Content_Types].xml": b"<Types/>"}), "没有 Word 正文"),
    ],
)
def test_what_is_no_docx_is_refused_with_its_reason(data: bytes, expected: str) -> None:
    """Each way of not being a Word file has its own Chinese message."""
    with pytest.raises(FormError, match=expected) as refused:
        DocxPackage.read(data, "某模板")
    assert all(problem.where == "某模板" and problem.advice for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"[Content_Types].xml": b"<Types/>"}, "不是 Word 文档"),
        ({"[Content_Types].xml": b"<Types"}, "XML 损坏"),
        ({"[Content_Types].xml": b"<!DOCTYPE x><Types/>"}, "DTD"),
        ({"word/document.xml": b"<!DOCTYPE x><w wordprocessingml=''/>"}, "DTD"),
        ({"../x": b"1"}, "文件名不正常"),
        ({"/x": b"1"}, "文件名不正常"),
    ],
)
def test_an_odd_part_is_refused_with_its_reason(kit: Any, changes: dict[str, bytes], expected: str) -> None:
    """A package whose parts are not those of a plain Word document is refused, and says where."""
    with pytest.raises(FormError, match=expected) as refused:
        DocxPackage.read(zipped(**{**kit.read(kit.make(kit.paragraph("甲"))), **changes}), "某模板")
    assert all(problem.where.startswith("某模板") for problem in refused.value.problems)


def test_two_members_of_one_name_are_refused(kit: Any) -> None:
    """A zip that holds a name twice shows different programs different documents; it is refused."""
    output = BytesIO(kit.make(kit.paragraph("甲")))
    with zipfile.ZipFile(output, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("word/header1.xml", b"<x/>")
    with pytest.raises(FormError, match=r"文件名不正常：word/header1\.xml"):
        DocxPackage.read(output.getvalue())


def test_macro_document_is_refused(kit: Any) -> None:
    """A document with macros is refused as such."""
    members = kit.read(kit.make(""))
    types = members["[Content_Types].xml"].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    with pytest.raises(FormError, match="宏"):
        DocxPackage.read(zipped(**{**members, "[Content_Types].xml": types}))


def test_every_truncation_is_refused_or_whole(kit: Any) -> None:
    """A file cut off anywhere is refused; none is read as something else."""
    whole = kit.make(kit.paragraph("甲"))
    for length in range(0, len(whole) - 1, 97):
        with pytest.raises(FormError):
            DocxPackage.read(whole[:length])


def test_zip_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Members that declare more than the limit are not read at all."""
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", bytes(3 << 20))
    monkeypatch.setattr(docx_file, "MAX_TOTAL_BYTES", 2 << 20)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_, **__: pytest.fail("unpacked"))
    with pytest.raises(FormError, match="压缩炸弹"):
        DocxPackage.read(bomb.getvalue())


def test_member_that_lies_about_its_size_is_refused(kit: Any) -> None:
    """A member holding more than it declares is an error, not a way around the limit."""
    data = bytearray(zipped(**{"[Content_Types].xml": b"<Types/>" * 100}))
    directory = data.index(b"PK\x01\x02")
    struct.pack_into("<L", data, directory + 24, 8)
    struct.pack_into("<L", data, 22, 8)
    with pytest.raises(FormError):
        DocxPackage.read(bytes(data))


def test_files_that_cannot_be_opened_are_named(tmp_path: Path) -> None:
    """A path that is not there and a folder are refused by their folder's name and their own."""
    for path in (tmp_path / "无.docx", tmp_path):
        with pytest.raises(FormError, match="文件打不开") as refused:
            DocxPackage.read(path)
        assert refused.value.problems[0].where == f"{path.parent.name}/{path.name}"
