"""Writes an issued PDF out of a document's laid-out pages: page marks, form fields, title and language."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf

from forms.page_mark import PageMark, PageMarks
from generator.layout.composite_pdf import page_size_mm
from generator.output.acroform import FillableField, add_form
from generator.output.mark import MarkDrawer


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

    def write(self, pages: Iterable[pikepdf.Page], target: Path) -> None:
        """Write the issued PDF; the pages are copied, their own document stays as it is."""
        with pikepdf.new() as pdf:
            for page in pages:
                pdf.pages.append(page)
            count = len(pdf.pages)
            for number, page in enumerate(pdf.pages, 1):
                self._finish_page(pdf, page, PageMark(self.number, number, count))
            add_form(pdf, self.fields)
            _describe(pdf, self.title)
            pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    def _finish_page(self, pdf: pikepdf.Pdf, page: pikepdf.Page, mark: PageMark) -> None:
        """Drop the layout's links from a page and draw its marks."""
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
        if self.page_marks == "none":
            return
        project = self.project if mark.page in self.without_case else ""
        content = self.marks.content(mark, *page_size_mm(page), marks=self.page_marks, project=project)
        page.contents_add(pikepdf.Stream(pdf, content))


def _describe(pdf: pikepdf.Pdf, title: str) -> None:
    pdf.docinfo["/Title"] = title
    pdf.docinfo["/Creator"] = "daiban"
    pdf.Root.Lang = pikepdf.String("zh-CN")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
