"""The composite as LibreOffice laid it out: which pages are whose, and where every field's text stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium

from forms.geometry import MM_PER_PT, Box, FieldArea
from foundation.errors import Problem, ToolFailedError
from generator.bind import Bound
from generator.layout.areas import RuledLines, area_on_paper

_SCHEME = "d:"
_ONE_LINE_MM = 140.0  # a blank up to this long fits on a line of the 版心 (156 mm)
#: A line that ends so far below the foot is one too many: less is how high a face draws (mm).
_BELOW_FOOT_MM = 0.7


@dataclass(slots=True)
class LaidOutDocument:
    """One document's pages in a composite.

    ``first_index``: its first page in the composite, from 0. ``boxes``: field id → page of the document (from 1) →
    boxes of the lines its text stands on, in mm; ``texts``: each page's text.
    """

    first_index: int
    pages: int = 0
    boxes: dict[str, dict[int, list[Box]]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)


class CompositePdf:
    """A laid-out composite, open for reading. Use as a context manager.

    ``documents``: its documents, in the order they were given in.
    """

    def __init__(self, path: Path, count: int) -> None:
        """Read the PDF of ``count`` documents; ToolFailedError if it is not a PDF of just so many."""
        try:
            self._pdf = pikepdf.open(path)
            self.documents = self._read_links(count)
            self._read_texts(path)
        except (pikepdf.PdfError, pdfium.PdfiumError) as error:
            raise ToolFailedError(Problem(where="LibreOffice", problem="转换得到的 PDF 读不出来")) from error

    def __enter__(self) -> CompositePdf:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdf.close()

    def areas(self, document: LaidOutDocument, bound: Bound) -> tuple[FieldArea, ...]:
        """The area of every field of one document, in the form's order."""
        lines_of: dict[int, RuledLines] = {}
        areas = []
        for field_id, value in bound.values.items():
            on_pages = document.boxes.get(field_id)
            if not on_pages:
                continue
            definition = bound.definition(field_id)
            page, text = min(on_pages.items())
            if value is None:
                if page not in lines_of:
                    lines_of[page] = self.ruled_lines(document, page)
                box = area_on_paper(definition, text, lines_of[page])
            else:
                box = _around(text)
            areas.append(FieldArea(field_id, definition.kind.value, page, box, value is None))
        return tuple(areas)

    def split_blanks(self, document: LaidOutDocument, bound: Bound) -> frozenset[str]:
        """Open fields in running text that a line end split in two although one line could hold them."""
        return frozenset(
            field_id
            for field_id, pages in document.boxes.items()
            if bound.values[field_id] is None
            and sum(len(lines) for lines in pages.values()) > 1
            and sum(line.width for lines in pages.values() for line in lines) <= _ONE_LINE_MM
        )

    def runs_past_foot(self, document: LaidOutDocument, foot_mm: float) -> bool:
        """Whether a line of a field stands below where the text of its page ends, ``foot_mm`` over the paper's edge."""
        ends = {
            page: self.page_size(document, page)[1] - foot_mm + _BELOW_FOOT_MM
            for page in range(1, document.pages + 1)
        }
        return any(
            line.y1 > ends[page]
            for pages in document.boxes.values()
            for page, lines in pages.items()
            for line in lines
        )

    def pages(self, document: LaidOutDocument) -> list[pikepdf.Page]:
        """The pages of one document."""
        end = document.first_index + document.pages
        return [self._pdf.pages[index] for index in range(document.first_index, end)]

    def page_size(self, document: LaidOutDocument, page: int) -> tuple[float, float]:
        """Width and height in mm of one page of a document (from 1)."""
        return page_size_mm(self._page(document, page))

    def ruled_lines(self, document: LaidOutDocument, page: int) -> RuledLines:
        """The ruled lines of one page of a document (from 1)."""
        found = self._page(document, page)
        return RuledLines.read(found.Contents.read_bytes(), float(found.mediabox[3]))

    def _page(self, document: LaidOutDocument, page: int) -> pikepdf.Page:
        return self._pdf.pages[document.first_index + page - 1]

    def _read_links(self, count: int) -> list[LaidOutDocument]:
        documents: dict[int, LaidOutDocument] = {}
        for page_index, page in enumerate(self._pdf.pages):
            height = float(page.mediabox[3])
            for number, field_id, rect in _links(page):
                document = documents.setdefault(number, LaidOutDocument(page_index))
                if field_id:
                    lines = document.boxes.setdefault(field_id, {})
                    lines.setdefault(page_index - document.first_index + 1, []).append(
                        Box.from_pdf(rect, height)
                    )
        starts = [documents[number].first_index for number in range(count) if number in documents]
        if len(documents) != count or len(starts) != count or starts != sorted(set(starts)):
            raise ToolFailedError(Problem(where="LibreOffice", problem="转换得到的页面与送去的文书对不上"))
        for number, end in enumerate([*starts[1:], len(self._pdf.pages)]):
            documents[number].pages = end - starts[number]
        return [documents[number] for number in range(count)]

    def _read_texts(self, path: Path) -> None:
        pdf = pdfium.PdfDocument(path)
        try:
            for document in self.documents:
                end = document.first_index + document.pages
                document.texts = [_page_text(pdf, index) for index in range(document.first_index, end)]
        finally:
            pdf.close()


def page_size_mm(page: pikepdf.Page) -> tuple[float, float]:
    """Width and height of a page in mm."""
    left, bottom, right, top = (float(value) for value in page.mediabox)
    return (right - left) * MM_PER_PT, (top - bottom) * MM_PER_PT


def _links(page: pikepdf.Page) -> Iterable[tuple[int, str, list[float]]]:
    """The links of :mod:`generator.layout.composite`: the document's number, the field id, the rectangle."""
    for annotation in page.obj.get("/Annots", ()):
        action = annotation.get("/A")
        target = str(action.get("/URI", "")) if action is not None else ""
        if target.startswith(_SCHEME):
            number, _, field_id = target.removeprefix(_SCHEME).partition("/")
            yield int(number), field_id, [float(value) for value in annotation.Rect]


def _page_text(pdf: pdfium.PdfDocument, page_index: int) -> str:
    page = pdf[page_index]
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()


def _around(lines: Sequence[Box]) -> Box:
    box = lines[0]
    for line in lines[1:]:
        box = box.union(line)
    return box
