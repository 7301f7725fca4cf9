"""Our own originals, page by page: the issued PDF as a picture, its printed characters, its field areas.

Everything that is read back is read as the difference from these. The PDF is rendered without form fields
and annotations (what a printer draws of an empty field is nothing), and only when its SHA-256 is the one on
record: an original that somebody edited would make every true copy look altered, and the reverse.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from ctypes import byref, c_double
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.model import WORK_DPI, Glyph, Image, IssuedDocument, OriginalPage
from forms.geometry import MM_PER_PT, Box
from foundation.digests import sha256_of_bytes
from foundation.errors import Problem, UnreadableError

#: What pdfium reports for characters it made up (line ends), beside real control characters.
_NOT_PRINTED = {"\ufffe", "\uffff", "\x02", "\ufeff"}


class Originals:
    """Pages of issued documents, rendered when first asked for; the last ``cache_pages`` are kept (some 3 MB
    each). Not for sharing between threads or processes: each worker has its own.

    ``lookup``: issue number → what is on record, None where no such issue went out.
    """

    def __init__(self, lookup: Callable[[str], IssuedDocument | None], cache_pages: int = 64) -> None:
        self._lookup = lookup
        self._cache_pages = max(1, cache_pages)
        self._pages: OrderedDict[tuple[str, int], OriginalPage] = OrderedDict()
        self._open: tuple[IssuedDocument, pdfium.PdfDocument] | None = None

    def page(self, issue_number: str, page: int) -> OriginalPage:
        """One page as it was issued; ``page`` counts from 1.

        :raises UnreadableError: no such issue or page; its PDF is gone, damaged, or not the one on record.
        """
        key = (issue_number, page)
        if key not in self._pages:
            self._pages[key] = self._load(issue_number, page)
            while len(self._pages) > self._cache_pages:
                self._pages.popitem(last=False)
        self._pages.move_to_end(key)
        return self._pages[key]

    def texts(self, issue_number: str) -> tuple[str, ...]:
        """The printed text of every page of an issue, without looking at it.

        :raises UnreadableError: no such issue; its PDF is gone, damaged, or not the one on record.
        """
        return tuple(_text(page) for page in self._opened(self._issue(issue_number)))

    def _load(self, issue_number: str, page: int) -> OriginalPage:
        issue = self._issue(issue_number)
        document = self._opened(issue)
        if not 1 <= page <= len(document):
            raise _refusal(str(issue.pdf), f"发出的 PDF 没有第{page}页", "请核对登记库和这个文件")
        pdf_page = document[page - 1]
        try:
            return _render(pdf_page, issue, page)
        finally:
            pdf_page.close()

    def _issue(self, number: str) -> IssuedDocument:
        issue = self._lookup(number)
        if issue is None:
            raise _refusal(number, "登记库里没有这一份文件", "请核对页码标记是不是本单位发出的")
        return issue

    def _opened(self, issue: IssuedDocument) -> pdfium.PdfDocument:
        """An issue's document; the one asked for last stays open: its pages come together, and share their fonts."""
        if self._open is None or self._open[0] != issue:
            content = _content_on_record(issue)
            if self._open is not None:
                self._open[1].close()
                self._open = None
            try:
                self._open = issue, pdfium.PdfDocument(content)
            except pdfium.PdfiumError as error:
                raise _refusal(str(issue.pdf), "发出的 PDF 打不开", "请从备份恢复这个文件") from error
        return self._open[1]


def _content_on_record(issue: IssuedDocument) -> bytes:
    """The issued PDF's bytes, compared with the digest on record each time they are read."""
    if issue.pdf is None or issue.pdf_sha256 is None:
        raise _refusal(
            f"{issue.case_id} {issue.form_id}", "当时没有生成 PDF，无从比对", "请先装好转换程序并重新生成"
        )
    try:
        content = Path(issue.pdf).read_bytes()
    except OSError as error:
        raise _refusal(str(issue.pdf), "发出的 PDF 不在了或读不出来", "请从备份恢复这个文件") from error
    if sha256_of_bytes(content) != issue.pdf_sha256:
        raise _refusal(
            str(issue.pdf), "发出的 PDF 被改动过，与登记的不一致，不能用来比对", "请从备份恢复原来的文件"
        )
    return content


def _refusal(where: str, problem: str, advice: str) -> UnreadableError:
    return UnreadableError(Problem(where, problem, advice=advice))


def _render(page: pdfium.PdfPage, issue: IssuedDocument, number: int) -> OriginalPage:
    width_pt, height_pt = page.get_size()
    bitmap = page.render(
        scale=WORK_DPI / 72, may_draw_forms=False, draw_annots=False, grayscale=True, rev_byteorder=False
    )
    try:
        grey: Image = np.array(bitmap.to_numpy(), dtype=np.uint8).reshape(bitmap.height, bitmap.width)
    finally:
        bitmap.close()
    grey.flags.writeable = False
    return OriginalPage(
        issue=issue.number,
        number=number,
        width_mm=width_pt * MM_PER_PT,
        height_mm=height_pt * MM_PER_PT,
        grey=grey,
        glyphs=tuple(_glyphs(page, height_pt)),
        areas=tuple(area for area in issue.areas if area.page == number),
    )


def _text(page: pdfium.PdfPage) -> str:
    text = page.get_textpage()
    try:
        return str(text.get_text_range())
    finally:
        text.close()
        page.close()


def _glyphs(page: pdfium.PdfPage, height_pt: float) -> Iterator[Glyph]:
    """Every character that leaves ink, with the box of its outline (not of its advance)."""
    text = page.get_textpage()
    edges = tuple(c_double() for _ in range(4))
    left, right, bottom, top = edges
    pointers = tuple(byref(edge) for edge in edges)
    try:
        for index in range(text.count_chars()):
            character = chr(pdfium_c.FPDFText_GetUnicode(text.raw, index))
            if not character.strip() or character in _NOT_PRINTED or not character.isprintable():
                continue
            if not pdfium_c.FPDFText_GetCharBox(text.raw, index, *pointers):
                continue
            box = Box.from_pdf((left.value, bottom.value, right.value, top.value), height_pt)
            if box.width > 0 and box.height > 0:
                yield Glyph(character, box)
    finally:
        text.close()
