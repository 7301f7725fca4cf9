"""generator/output/filled_form.py: what is typed for people reads back as typed, is drawn, and changes nothing else."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from pypdf import PdfReader

from forms.definition import FieldDefinition, FieldKind, FilledBy
from forms.geometry import Box, FieldArea
from foundation.errors import Problem, UnreadableError
from generator.output.acroform import FillableField, add_form
from generator.output.filled_form import TypedText, fill_form, typeset
from generator.output.text_pages import TextRow, text_pages
from generator.output.typesetting import broken_lines, typing_face
from generator.output.typing_fonts import TypingFont

TEXT, DATE, BOX, SIGN = FieldKind.TEXT, FieldKind.DATE, FieldKind.CHECKBOX, FieldKind.SIGNATURE
FIELDS = {
    "contact.name": (TEXT, Box(30, 30, 90, 38)),
    "contact.phone": (TEXT, Box(30, 45, 60, 52)),
    "remark": (TEXT, Box(30, 60, 110, 90)),
    "signed.date": (DATE, Box(30, 100, 90, 108)),
    "items.first": (BOX, Box(30, 120, 35, 125)),
    "items.second": (BOX, Box(40, 120, 45, 125)),
    "signature": (SIGN, Box(30, 140, 90, 180)),
}


def field(name: str) -> FillableField:
    kind, box = FIELDS[name]
    area = FieldArea(name, kind.value, 1, box, True)
    definition = FieldDefinition(id=name, label=name, kind=kind, filled_by=FilledBy.ENTERPRISE)
    return FillableField(area, definition)


@pytest.fixture
def issued(tmp_path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        add_form(pdf, map(field, FIELDS))
        pdf.save(tmp_path / "issued.pdf")
    return tmp_path / "issued.pdf"


def typed(name: str, value: str) -> TypedText:
    made = typeset(field(name), value)
    assert isinstance(made, TypedText), made
    return made


def drawn_text(pdf: bytes) -> str:
    """What a printer gets of the page."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as flat:
        flat.flatten_annotations("print")
        flat.save(out)
    with pdfium.PdfDocument(out.getvalue()) as document:
        return str(document[0].get_textpage().get_text_range())


def test_what_is_typed_reads_back_and_is_drawn(issued: Path) -> None:
    """Values by a library of its own, and what pdfium draws of them, lines broken; fields left open stay open."""
    said = "本项目位于晋城市开发区，占地120亩，总投资3.5亿元，分两期建设；联系邮箱 a.b-c@example.com。\n请尽快办理。"
    values = {"contact.name": "刘彧喆", "remark": said, "signed.date": "2026年3月5日"}
    filled = fill_form(issued, [typed(*item) for item in values.items()], {"items.first": True})
    read = PdfReader(io.BytesIO(filled)).get_fields() or {}
    assert {name: read[name].get("/V") for name in values} == values
    assert read["items.first"]["/V"] == "/Yes" and read["items.second"]["/V"] == "/Off"
    assert "/V" not in read["contact.phone"] and "/V" not in read["signature"]
    text = drawn_text(filled)
    assert all("".join(value.split()) in "".join(text.split()) for value in values.values())
    assert issued.stat().st_size > len(filled) - 40_000  # the font is there once


def test_every_line_stays_inside_its_box() -> None:
    """However long: broken so that no line is wider than its box; a word wider than a line is broken too."""
    face = typing_face(TypingFont.TEXT)
    for text in ("统一" * 40, "a" * 90, "，" * 40, "联系人 Zhang San，电话13800138000；" * 5):
        lines = list(broken_lines(face, text, 10, 100))
        assert "".join(lines) == text and all(face.width_pt(line, 10) <= 100 for line in lines)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("contact.name", "张😀三", "😀"),
        ("contact.name", "很长的单位名称" * 12, "写不下"),
        ("contact.phone", "请与项目负责人或者法定代表人联系为好", "写不下"),
        ("remark", "长" * 5000, "太长"),
        ("signed.date", "五月初五", "打印不出来"),
    ],
)
def test_what_cannot_be_typed_is_said_at_its_field(name: str, value: str, why: str) -> None:
    """Characters no font draws, words that do not fit: the field, why, and what to do; nothing is cut off silently."""
    problem = typeset(field(name), value)
    assert isinstance(problem, Problem) and problem.field == name
    assert why in problem.problem and problem.advice


def test_a_field_that_is_not_there_is_refused(issued: Path, tmp_path: Path) -> None:
    """Nothing typed is dropped; a damaged file is unreadable, no traceback."""
    with pytest.raises(UnreadableError, match=r"items\.third"):
        fill_form(issued, [], {"items.third": True})
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(UnreadableError):
        fill_form(tmp_path / "broken.pdf", [], {})


def test_text_pages_take_as_many_pages_as_they_need() -> None:
    """Every row is there once, in order, none below the margin."""
    rows = [TextRow(f"第{number}行{'内容' * 30}", "标签", ruled=number % 7 == 0) for number in range(60)]
    with pdfium.PdfDocument(text_pages("回执", rows)) as document:
        texts = ["".join(page.get_textpage().get_text_range().split()) for page in document]
    whole = "".join(texts)
    assert len(texts) > 1 and f"第1页，共{len(texts)}页" in texts[0]
    assert [whole.count(f"第{number}行") for number in range(60)] == [1] * 60
