"""Cuts a laid-out composite into its documents and makes each an issued PDF: marks, form fields, metadata."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium

from forms.geometry import MM_PER_PT, Box, FieldArea
from forms.page_mark import PageMark
from foundation.errors import Problem, ToolFailedError
from generator.bind import Bound
from generator.layout.areas import Rules, area_on_paper
from generator.output.acroform import OpenField, add_form
from generator.output.mark import Pen

_SCHEME = "d:"
_ONE_LINE_MM = 140.0  # a blank up to this long fits on a line of the 版心 (156 mm)


@dataclass(slots=True)
class Copy:
    """One document's pages in a composite.

    ``boxes``: field id → page (from 1) → boxes of the lines its text stands on; ``texts``: each page's text.
    """

    first_index: int
    pages: int = 0
    boxes: dict[str, dict[int, list[Box]]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class Composite:
    """A laid-out composite PDF, open for cutting. Use as a context manager."""

    def __init__(self, path: Path, count: int) -> None:
        try:
            self._pdf = pikepdf.open(path)
            self.copies = self._read_links(count)
            self._read_texts(path)
        except (pikepdf.PdfError, pdfium.PdfiumError) as error:
            raise ToolFailedError(
                Problem(where="LibreOffice", problem=f"转换得到的 PDF 无法读取：{error}")
            ) from error

    def __enter__(self) -> Composite:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdf.close()

    def areas(self, copy: Copy, bound: Bound) -> tuple[FieldArea, ...]:
        """The area of every field of one document, in the form's order."""
        rules: dict[int, Rules] = {}
        areas = []
        for field_id, value in bound.values.items():
            on_pages = copy.boxes.get(field_id)
            if not on_pages:
                continue
            definition = bound.definition(field_id)
            page, lines = next(iter(sorted(on_pages.items())))
            if value is None:
                if page not in rules:
                    rules[page] = self.rules(copy, page)
                box = area_on_paper(definition, lines, rules[page])
            else:
                box = _around(lines)
            areas.append(FieldArea(field_id, definition.kind.value, page, box, value is None))
        return tuple(areas)

    def split_blanks(self, copy: Copy, bound: Bound) -> frozenset[str]:
        """Open fields in running text that a line end cut in two although one line could hold them."""
        return frozenset(
            field_id
            for field_id, pages in copy.boxes.items()
            if bound.values[field_id] is None
            and sum(len(lines) for lines in pages.values()) > 1
            and sum(line.width for lines in pages.values() for line in lines) <= _ONE_LINE_MM
        )

    def write(self, copy: Copy, issue: IssuedPdf, target: Path) -> None:
        """Write one document's issued PDF."""
        with pikepdf.new() as pdf:
            for page_index in range(copy.first_index, copy.first_index + copy.pages):
                pdf.pages.append(self._pdf.pages[page_index])
            for number, page in enumerate(pdf.pages, 1):
                issue.finish_page(pdf, page, PageMark(issue.number, number, copy.pages))
            add_form(pdf, issue.fields)
            _describe(pdf, issue.title)
            pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)

    def page_size(self, copy: Copy, page: int) -> tuple[float, float]:
        """Width and height in mm of one page of a copy (from 1)."""
        return _size(self._pdf.pages[copy.first_index + page - 1])

    def rules(self, copy: Copy, page: int) -> Rules:
        """The table rules of one page of a copy (from 1)."""
        sheet = self._pdf.pages[copy.first_index + page - 1]
        return Rules.read(sheet.Contents.read_bytes(), float(sheet.mediabox[3]))

    def _read_links(self, count: int) -> list[Copy]:
        copies: dict[int, Copy] = {}
        for page_index, page in enumerate(self._pdf.pages):
            height = float(page.mediabox[3])
            for number, field_id, rect in _links(page):
                copy = copies.setdefault(number, Copy(page_index))
                if field_id:
                    lines = copy.boxes.setdefault(field_id, {}).setdefault(
                        page_index - copy.first_index + 1, []
                    )
                    lines.append(Box.from_pdf(rect, height))
        starts = [copies[number].first_index for number in range(count) if number in copies]
        if len(copies) != count or len(starts) != count or starts != sorted(set(starts)):
            raise ToolFailedError(Problem(where="LibreOffice", problem="转换得到的页面与送去的文书对不上"))
        for number, end in enumerate([*starts[1:], len(self._pdf.pages)]):
            copies[number].pages = end - starts[number]
        return [copies[number] for number in range(count)]

    def _read_texts(self, path: Path) -> None:
        document = pdfium.PdfDocument(path)
        try:
            for copy in self.copies:
                copy.texts = [
                    _page_text(document, page_index)
                    for page_index in range(copy.first_index, copy.first_index + copy.pages)
                ]
        finally:
            document.close()


@dataclass(frozen=True, slots=True)
class IssuedPdf:
    """What a cut document needs to become an issued one."""

    number: str
    title: str
    fields: Sequence[OpenField]
    pen: Pen

    def finish_page(self, pdf: pikepdf.Pdf, page: pikepdf.Page, mark: PageMark) -> None:
        """Drop the layout's links from a page and draw its mark."""
        if "/Annots" in page.obj:
            del page.obj["/Annots"]
        page.contents_add(pikepdf.Stream(pdf, self.pen.content(mark, *_size(page))))


def _links(page: pikepdf.Page) -> Iterable[tuple[int, str, list[float]]]:
    for annotation in page.obj.get("/Annots", ()):
        action = annotation.get("/A")
        target = str(action.get("/URI", "")) if action is not None else ""
        if target.startswith(_SCHEME):
            number, _, field_id = target.removeprefix(_SCHEME).partition("/")
            yield int(number), field_id, [float(value) for value in annotation.Rect]


def _page_text(document: pdfium.PdfDocument, page_index: int) -> str:
    page = document[page_index]
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()


def _size(page: pikepdf.Page) -> tuple[float, float]:
    left, bottom, right, top = (float(value) for value in page.mediabox)
    return (right - left) * MM_PER_PT, (top - bottom) * MM_PER_PT


def _around(lines: Sequence[Box]) -> Box:
    box = lines[0]
    for line in lines[1:]:
        box = box.union(line)
    return box


def _describe(pdf: pikepdf.Pdf, title: str) -> None:
    pdf.docinfo["/Title"] = title
    pdf.docinfo["/Creator"] = "daiban"
    pdf.Root.Lang = pikepdf.String("zh-CN")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
