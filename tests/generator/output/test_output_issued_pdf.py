"""Writing an issued PDF."""

from pathlib import Path

import pikepdf
import pytest

from foundation.digests import sha256_of_file
from generator.layout.fonts import FontBook
from generator.output.issued_pdf import IssuedPdf
from generator.output.mark import MarkDrawer

A4 = (595.28, 841.89)


@pytest.fixture(scope="module")
def marks() -> MarkDrawer:
    return MarkDrawer(bytes(range(32)), FontBook().glyph_fonts("黑体"))


def written(number: str, marks: MarkDrawer, target: Path) -> str:
    """The digest that writing a document of one empty page returns."""
    with pikepdf.new() as pages:
        pages.add_blank_page(page_size=A4)
        return IssuedPdf(number, "授权委托书", (), marks).write(pages.pages, target)


def test_the_digest_is_that_of_the_written_file(marks: MarkDrawer, tmp_path: Path) -> None:
    """What is put on record as a file's digest is that of the file on disk, which reads as a PDF."""
    target = tmp_path / "a.pdf"
    assert written("A0000001", marks, target) == sha256_of_file(target)
    with pikepdf.open(target) as pdf:
        assert len(pdf.pages) == 1


def test_an_id_follows_from_the_content(marks: MarkDrawer, tmp_path: Path) -> None:
    """Two documents have two IDs; the same document written again is the same file."""
    ids = []
    for name, number in (("a", "A0000001"), ("b", "A0000002"), ("c", "A0000001")):
        written(number, marks, tmp_path / name)
        with pikepdf.open(tmp_path / name) as pdf:
            ids.append([bytes(part) for part in pdf.trailer.ID])
    assert ids[0] == ids[2] != ids[1]
    assert ids[0][0] == ids[0][1] != b"1AY&SX\x97\x93#\x84bd38'\x95"
    assert (tmp_path / "a").read_bytes() == (tmp_path / "c").read_bytes()
