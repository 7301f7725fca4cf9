"""A returned PDF that never was paper: filled in a viewer, flattened, printed to PDF, signed.

Its pages' marks have been read already, so it is known whose pages they are. A page counts as born-digital
when most of the text it was issued with is still its text and no picture covers it: a scan with a text layer
is a scan. Values come from the form fields that stand on the page; where a viewer has flattened them, from the
text that stands in their areas.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from asn1crypto import x509

from extractors.digital.answers import FieldAnswer
from extractors.digital.observing import observe, observe_date, signed
from extractors.digital.page_text import PageCharacter, alterations, likeness, page_text, typed
from extractors.model import (
    Alteration,
    DateObservation,
    DigitalFacts,
    DigitalSignature,
    IssuedDocument,
    Observation,
    PageRef,
)
from forms.definition import FieldKind
from forms.geometry import FieldArea
from foundation.errors import Problem, UnreadableError

if TYPE_CHECKING:
    from extractors.digital.pdf_form import PdfForm

#: Share of the issued text a page must still have to be read as text.
_ALIKE = 0.8
#: A picture over more than this share of a page: a scan, whatever text lies under it.
_PICTURE = 0.5

_SLOTS = ("年", "月", "日")

#: Source page → issue number and page of it, as the marks say.
PagePlaces = Mapping[int, tuple[str, int]]


def read_pdf_return(
    path: Path,
    name: str,
    places: PagePlaces,
    lookup: Callable[[str], IssuedDocument | None],
    roots: Sequence[x509.Certificate] = (),
) -> tuple[DigitalFacts, ...]:
    """What a PDF says of each issue whose pages it holds, as far as it was never paper; empty for a scan.

    :raises UnreadableError: the file cannot be taken apart.
    """
    with _open_pdf(path) as pdf:
        text_pages = [source for source in places if not _is_picture(pdf, source)]
        if not text_pages:
            return ()  # a scan: neither its form nor what was issued is opened
        returned = _ReturnedPdf(pdf, name, places, _form(path, text_pages), _signatures(path, roots))
        documents = (lookup(issue) for issue in dict.fromkeys(number for number, _ in places.values()))
        return tuple(
            facts
            for document in documents
            if document is not None and document.pdf is not None and document.pdf.is_file()
            if (facts := _facts(returned, document)) is not None
        )


def _form(path: Path, pages: Sequence[int]) -> PdfForm:
    """What the form fields say; pypdf takes a third of a second to load, which a scan need not wait for."""
    from extractors.digital.pdf_form import read_pdf_form

    return read_pdf_form(path, pages)


class _open_pdf:  # noqa: N801  # a context manager, read as a verb
    """A PDF opened by pdfium for the length of a block."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> pdfium.PdfDocument:
        try:
            self._document = pdfium.PdfDocument(self._path)
        except pdfium.PdfiumError as error:
            problem = Problem(str(self._path), f"PDF 读不出来：{error}", advice="请重新导出或扫描")
            raise UnreadableError(problem) from error
        return self._document

    def __exit__(self, *_: object) -> None:
        self._document.close()


@dataclass(frozen=True, slots=True)
class _ReturnedPdf:
    """A returned PDF taken apart. ``form``: of its pages that are no pictures."""

    pdf: pdfium.PdfDocument
    name: str
    places: PagePlaces
    form: PdfForm
    signatures: Sequence[DigitalSignature]


@dataclass(frozen=True, slots=True)
class _BornDigitalPage:
    """One born-digital page: its text beside the text it was issued with, and what its form fields say."""

    number: int
    issued: tuple[PageCharacter, ...]
    returned: tuple[PageCharacter, ...]
    answers: Mapping[str, FieldAnswer]


def _facts(returned: _ReturnedPdf, document: IssuedDocument) -> DigitalFacts | None:
    own = {source: page for source, (issue, page) in returned.places.items() if issue == document.number}
    texts = {source: page for source, page in own.items() if source in returned.form.pages}
    if not texts:
        return None  # a scan: what was issued is not even opened
    with _open_pdf(document.pdf or Path()) as issued:
        found = (_page(issued, returned, document, source, number) for source, number in texts.items())
        pages = [page for page in found if page is not None]
    if not pages:
        return None
    by_field = {signature.field: signature for signature in returned.signatures if signature.field}
    return DigitalFacts(
        ref=PageRef(returned.name, min(own)),
        issue=document.number,
        format="pdf",
        observations=tuple(_observations(document, pages, by_field)),
        alterations=tuple(_alterations(document, pages)),
        signatures=tuple(returned.signatures),
        pages_seen=tuple(sorted({page.number for page in pages})),
        added_pages=len(returned.pdf) - len(returned.places),
        attachments=returned.form.attachments,
    )


def _page(
    issued: pdfium.PdfDocument, returned: _ReturnedPdf, document: IssuedDocument, source: int, number: int
) -> _BornDigitalPage | None:
    """A page beside the one that was issued; None where its text is another."""
    if not 1 <= number <= len(issued):
        return None
    size, form = document.page_sizes[number - 1], returned.form.pages[source]
    before, after = issued[number - 1], returned.pdf[source - 1]
    try:
        texts = (
            page_text(before, (0.0, 0.0, *before.get_size()), size),
            page_text(after, form.media_box, size),
        )
    finally:
        before.close()
        after.close()
    return _BornDigitalPage(number, *texts, form.answers) if likeness(*texts) >= _ALIKE else None


def _is_picture(returned: pdfium.PdfDocument, source: int) -> bool:
    """Whether a page is covered by a picture, or is none of the file's."""
    if not 1 <= source <= len(returned):
        return True
    page = returned[source - 1]
    try:
        width, height = page.get_size()
        for item in page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=4):
            left, bottom, right, top = item.get_bounds()
            if (right - left) * (top - bottom) > _PICTURE * width * height:
                return True
        return False
    finally:
        page.close()


def _observations(
    document: IssuedDocument, pages: Sequence[_BornDigitalPage], signatures: Mapping[str, DigitalSignature]
) -> Iterator[Observation]:
    for page in pages:
        for area in document.areas:
            if area.is_open and area.page == page.number:
                observation = _observation(area, page, signatures)
                if observation is not None:
                    yield observation


def _observation(
    area: FieldArea, page: _BornDigitalPage, signatures: Mapping[str, DigitalSignature]
) -> Observation | None:
    """What the file says of one field; None where only its picture can say."""
    kind = FieldKind(area.kind)
    if area.id in signatures:
        return signed(area, signatures[area.id])
    if kind is FieldKind.SIGNATURE:
        return None  # a seal or a signature may have been stamped on as a picture: looked at, not read
    answer = page.answers.get(area.id)
    if area.id in page.answers and (answer is not None or kind is FieldKind.CHECKBOX):
        return observe(area, kind, answer)
    # Typed beside the form fields, or flattened: what stands there as text. A box's mark is looked at.
    text = typed(page.returned, page.issued, area)
    if text and kind is FieldKind.DATE:
        return _flattened_date(area, text, "".join(one.text for one in page.returned if _inside(one, area)))
    if text and kind is FieldKind.TEXT:
        return observe(area, kind, text)
    return None


def _flattened_date(area: FieldArea, text: str, among_print: str) -> DateObservation:
    """A date typed over the printed 年 月 日, whole, or into the slots between them."""
    whole = observe_date(area, text)
    return whole if whole.slots.count("filled") == len(_SLOTS) else observe_date(area, among_print)


def _inside(one: PageCharacter, area: FieldArea) -> bool:
    x, y = one.box.centre
    return area.box.x0 <= x <= area.box.x1 and area.box.y0 <= y <= area.box.y1


def _alterations(document: IssuedDocument, pages: Sequence[_BornDigitalPage]) -> Iterator[Alteration]:
    for page in pages:
        areas = [area for area in document.areas if area.is_open and area.page == page.number]
        yield from alterations(page.issued, page.returned, areas, page.number)


def _signatures(path: Path, roots: Sequence[x509.Certificate]) -> tuple[DigitalSignature, ...]:
    """Digital signatures, where there can be any: what verifies them takes half a second to load.

    The bytes a signature covers (``/ByteRange``) are filled in after signing, so they stand in the file as they are.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b"/ByteRange") < 0:
            return ()
    from extractors.digital.signatures import read_signatures

    return read_signatures(path, roots)
