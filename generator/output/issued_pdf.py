"""Writes an issued PDF out of a document's laid-out pages: page marks, form fields, title and language."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from forms.page_mark import PageMark, PageMarks
from generator.layout.composite_pdf import page_size_mm
from generator.output.acroform import FillableField, add_form
from generator.output.mark import MarkDrawer

#: How hard marks are compressed, each drawn once and read once: the usual 6 takes five times as long and saves a tenth.
_QUICKLY = 2
#: Either half of the ID of a file saved with ``static_id``.
_SAME_ID = b"<31415926535897932384626433832795>"
_TAIL = 4096  # bytes at a file's end, in which its cross-reference stream names the ID


@dataclass(frozen=True, slots=True)
class IssuedPdf:
    """What laid-out pages need to become an issued document.

    ``number``: the issue number. ``page_marks``: how many each page carries. ``project``: the project's name, drawn on
    the pages (from 1) ``without_case``.
    """

    number: str
    title: str
    fields: Sequence[FillableField]
    marks: MarkDrawer
    page_marks: PageMarks = "two"
    project: str = ""
    without_case: frozenset[int] = frozenset()

    def write(self, pages: Iterable[pikepdf.Page], target: Path) -> str:
        """Write the issued PDF, and return the file's SHA-256; the pages' own document stays as it is."""
        file = self._drawn(pages)
        digest = _identify(file)
        target.write_bytes(file.getbuffer())
        return digest

    def _drawn(self, pages: Iterable[pikepdf.Page]) -> io.BytesIO:
        """The file, but for an ID of its own."""
        with pikepdf.new() as pdf:
            for page in pages:
                pdf.pages.append(page)
            count = len(pdf.pages)
            for number, page in enumerate(pdf.pages, 1):
                self._finish_page(pdf, page, PageMark(self.number, number, count))
            add_form(pdf, self.fields)
            _describe(pdf, self.title)
            file = io.BytesIO()
            pdf.save(file, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return file

    def _finish_page(self, pdf: pikepdf.Pdf, page: pikepdf.Page, mark: PageMark) -> None:
        """Drop the layout's links from a page and draw its marks."""
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
        if self.page_marks == "none":
            return
        project = self.project if mark.page in self.without_case else ""
        content = self.marks.content(mark, *page_size_mm(page), marks=self.page_marks, project=project)
        compressed = zlib.compress(content, _QUICKLY)
        page.contents_add(pikepdf.Stream(pdf, compressed, Filter=pikepdf.Name.FlateDecode))


def _identify(file: io.BytesIO) -> str:
    """Give a file an ID (ISO 32000-1, 14.4) that follows from its content, in place of the one qpdf gives to any; and
    return its SHA-256 then. What stands before the ID is read once for both.

    qpdf can do so itself, by an MD5 of the whole; with a font for typing in it that takes longer than all its writing.
    """
    whole = file.getbuffer()
    start = max(0, whole.nbytes - _TAIL)
    start += bytes(whole[start:]).rindex(_SAME_ID * 2)
    digest = hashlib.sha256(whole[:start])
    content = digest.copy()
    content.update(whole[start:])
    own = b"<" + content.hexdigest()[: len(_SAME_ID) - 2].encode("ascii") + b">"
    whole[start : start + 2 * len(own)] = own * 2
    digest.update(whole[start:])
    return digest.hexdigest()


def _describe(pdf: pikepdf.Pdf, title: str) -> None:
    pdf.docinfo["/Title"] = title
    pdf.docinfo["/Creator"] = "daiban"
    pdf.Root.Lang = pikepdf.String("zh-CN")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
