"""Files that are no roster: each is refused in words, by kind, and none does harm."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cases.case_set import CaseSet
from cases.roster.read import read_roster
from cases.roster.reading import file_kinds
from foundation.errors import DaibanError, UnreadableError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
Edit = Callable[[str, bytes], bytes]


@pytest.fixture
def saved(builder: Any) -> Path:
    """A good roster on disk."""
    builder.sheet("材料", ["编号", "阶段", "材料"], ["JC-1", "立项", "甲"])
    builder.read()
    path: Path = builder.path
    return path


def rezip(path: Path, edit: Edit, extra: dict[str, bytes] | None = None, without: str = "") -> Path:
    """A copy of a workbook with its parts edited."""
    copy = path.with_name("edited.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name != without:
                target.writestr(name, edit(name, source.read(name)))
        for name, content in (extra or {}).items():
            target.writestr(name, content)
    return copy


def unchanged(_: str, content: bytes) -> bytes:
    return content


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"hello,world\n", "是 CSV 或文本文件"),
        ("编号,项目名称\n".encode("gb18030"), "是 CSV 或文本文件"),
        (b"PK\x03\x04 not really", "不是完整的 Excel 工作簿"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + "Workbook".encode("utf-16-le"), "旧版 Excel"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "是网页"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:'
            b'schemas-microsoft-com:office:spreadsheet"/>',
            "XML 表格 2003",
        ),
        (b"%PDF-1.7\n", "是 PDF"),
        (b"\x00\x01\x02", "不是 Excel 工作簿"),
    ],
    ids=["empty", "csv", "gbk-csv", "cut-off", "encrypted", "xls", "html", "xml-2003", "pdf", "binary"],
)
def test_other_kinds_of_file_are_refused(tmp_path: Path, content: bytes, words: str) -> None:
    """What is no workbook is unreadable, and the message says what it is and what to do."""
    path = tmp_path / "r.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableError, match=words) as raised:
        read_roster(path)
    assert raised.value.problems[0].where == "r.xlsx"
    assert raised.value.problems[0].advice


def test_an_encrypted_mark_across_a_chunk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The encryption mark is found wherever it lies in the file."""
    monkeypatch.setattr(file_kinds, "_CHUNK", 610)
    path = tmp_path / "r.xlsx"
    path.write_bytes(OLE + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(UnreadableError, match="密码"):
        read_roster(path)


@pytest.mark.parametrize(
    ("extra", "words"),
    [({"xl/vbaProject.bin": b"x"}, "宏"), ({"xl/workbook.bin": b"x"}, "xlsb")],
    ids=["macro", "binary"],
)
def test_workbooks_of_other_kinds_are_refused(saved: Path, extra: dict[str, bytes], words: str) -> None:
    """Macro and binary workbooks are refused before they are opened."""
    with pytest.raises(UnreadableError, match=words):
        read_roster(rezip(saved, unchanged, extra))


def test_a_macro_type_without_macros_is_refused(saved: Path) -> None:
    """A workbook that declares itself macro-enabled is refused though it carries none."""
    declared = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"

    def edit(name: str, content: bytes) -> bytes:
        plain = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
        return content.replace(plain, declared) if name == "[Content_Types].xml" else content

    with pytest.raises(UnreadableError, match="宏"):
        read_roster(rezip(saved, edit))


@pytest.mark.parametrize(
    "part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]
)
def test_a_missing_part_is_a_broken_workbook(saved: Path, part: str) -> None:
    """A workbook without one of its parts is unreadable or read without it, never a crash."""
    try:
        found = read_roster(rezip(saved, unchanged, without=part))
    except UnreadableError as error:
        assert error.problems[0].advice
    else:
        assert isinstance(found, CaseSet)


def test_zip_bombs_are_refused_unopened(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What unpacks to more than a roster can be is refused by its directory, before anything is unpacked."""
    bomb = rezip(saved, unchanged, {"xl/media/x": b"\0" * 3_000_000})
    assert bomb.stat().st_size < 100_000
    assert read_roster(bomb).cases
    monkeypatch.setattr(file_kinds, "MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(UnreadableError, match="太大"):
        read_roster(bomb)


def test_too_many_parts_and_strings_are_refused(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of parts, or more text than a roster has, are refused."""
    with monkeypatch.context() as patch:
        patch.setattr(file_kinds, "MAX_STRINGS_BYTES", 10)
        with pytest.raises(UnreadableError, match="文字太多"):
            read_roster(rezip(saved, unchanged, {"xl/sharedStrings.xml": b"<sst/>     "}))
    monkeypatch.setattr(file_kinds, "MAX_PARTS", 3)
    with pytest.raises(UnreadableError, match="太大"):
        read_roster(saved)


def test_entity_bombs_do_not_expand(saved: Path) -> None:
    """An XML entity bomb in a sheet is a broken workbook, not a full memory."""
    entities = b"".join(
        b'<!ENTITY e%d "%s">' % (level, b"&e%d;" % (level - 1) * 10 if level else b"x" * 1000)
        for level in range(9)
    )

    def edit(name: str, content: bytes) -> bytes:
        if name != "xl/worksheets/sheet1.xml":
            return content
        body = content.replace(b"JC-1", b"&e8;")
        assert body != content
        head = b'<?xml version="1.0"?><!DOCTYPE worksheet [' + entities + b"]>"
        return head + body[body.index(b"<worksheet") :]

    with pytest.raises(UnreadableError, match="损坏"):
        read_roster(rezip(saved, edit))


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    """A roster that is not there is unreadable."""
    with pytest.raises(UnreadableError, match="不存在"):
        read_roster(tmp_path / "none.xlsx")


def test_a_folder_is_no_roster(tmp_path: Path) -> None:
    """A folder by a roster's name is unreadable."""
    with pytest.raises(UnreadableError):
        read_roster(tmp_path)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_never_crash(saved: Path, seed: int) -> None:
    """Whatever bytes of the file are damaged, it is read or refused in words."""
    chance = random.Random(seed)
    content = bytearray(saved.read_bytes())
    for _ in range(chance.choice([1, 5, 50])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    saved.write_bytes(content[: chance.choice([len(content), chance.randrange(len(content))])])
    read_or_refused(saved)


@pytest.mark.parametrize("seed", range(60))
def test_damaged_parts_never_crash(saved: Path, seed: int) -> None:
    """Whatever a part of the workbook says, it is read or refused in words."""
    chance = random.Random(seed)

    def edit(name: str, content: bytes) -> bytes:
        if chance.random() > 0.3 or not content:
            return content
        damaged = bytearray(content)
        for _ in range(3):
            place = chance.randrange(len(damaged))
            damaged[place : place + chance.choice([0, 1, 8])] = chance.choice(
                [b"", b"9", b"<", b"x", b'"', b"-1"]
            )
        return bytes(damaged)

    read_or_refused(rezip(saved, edit))


def read_or_refused(path: Path) -> None:
    try:
        found = read_roster(path)
    except DaibanError as error:
        assert all(problem.problem for problem in error.problems)
    else:
        assert isinstance(found, CaseSet)
