"""Form fields of PDFs that no viewer made: read within bounds, or refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from extractors.digital.pdf_form import read_pdf, read_pdf_form, written_values
from foundation.errors import UnreadableError


def made(target: Path, build: Callable[[pikepdf.Pdf], list[pikepdf.Object]]) -> Path:
    """A PDF of one page whose form and page have the fields that ``build`` makes."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        fields = build(pdf)
        pdf.Root.AcroForm = Dictionary(Fields=Array(fields))
        pdf.pages[0].obj.Annots = Array(fields)
        pdf.save(target)
    return target


def field(pdf: pikepdf.Pdf, name: str, **entries: object) -> pikepdf.Object:
    return pdf.make_indirect(Dictionary(Subtype=Name.Widget, T=String(name), FT=Name.Tx, **entries))


def test_answers_by_full_name(tmp_path: Path) -> None:
    """A value may stand with an ancestor, a blank of spaces is nothing written, a box is ticked or not."""

    def build(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
        parent = pdf.make_indirect(Dictionary(T=String("contact"), FT=Name.Tx, V=String("张三")))
        child = pdf.make_indirect(Dictionary(Subtype=Name.Widget, T=String("name"), Parent=parent))
        parent.Kids = Array([child])
        box = pdf.make_indirect(Dictionary(Subtype=Name.Widget, T=String("box"), FT=Name.Btn, V=Name.Yes))
        return [parent, child, field(pdf, "date", V=String(" 年 月 日")), box]

    path = made(tmp_path / "a.pdf", build)
    answers = read_pdf(path)
    assert (answers["contact.name"], answers["date"], answers["box"]) == ("张三", None, True)
    page = read_pdf_form(path, [1]).pages[1]
    assert (page.widgets["contact.name"][0].answer, page.media_box) == ("张三", (0, 0, 595, 842))
    assert written_values(path.read_bytes())["box"] == "/Yes"


@pytest.mark.timeout(20)
def test_fields_that_are_their_own_ancestors_come_to_an_end(tmp_path: Path) -> None:
    """A cycle of fields is read once round, or the file is refused."""

    def build(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
        one = field(pdf, "one", V=String("1"))
        one.Parent, one.Kids = one, Array([one])
        return [one]

    path = made(tmp_path / "a.pdf", build)
    for read in (read_pdf, lambda one: read_pdf_form(one, [1])):
        with suppress(UnreadableError):
            read(path)


@pytest.mark.timeout(20)
def test_fields_with_more_names_than_atoms_come_to_an_end(tmp_path: Path) -> None:
    """Thirty levels of ten times the same child are not walked one by one."""

    def build(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
        node = field(pdf, "leaf")
        for level in range(30):
            node = pdf.make_indirect(Dictionary(T=String(f"n{level}"), Kids=Array([node] * 10)))
        return [node]

    read_pdf(made(tmp_path / "a.pdf", build))


def test_what_is_no_pdf_is_refused_by_name(tmp_path: Path) -> None:
    """Whatever the library raises for rubbish, the caller gets the one error it knows."""
    path = tmp_path / "坏.pdf"
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 4)
    for read in (read_pdf, lambda one: read_pdf_form(one, [1])):
        with pytest.raises(UnreadableError, match=r"坏\.pdf"):
            read(path)
