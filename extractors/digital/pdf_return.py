"""A returned PDF that never was paper: filled in a viewer, flattened, printed to PDF, signed.

Its pages' marks have been read already, so it is known whose pages they are. A page that is no scan is drawn as a
person sees it and laid onto the page that was issued (:mod:`extractors.digital.look`). What its fields say counts as
far as it is to be seen there; where the two differ the field is unsure, and a doubt says both. A page that is a scan
is looked at as paper, whatever text lies under its picture.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
from asn1crypto import x509

from extractors.digital.scans import has_additions, is_scan
from extractors.model import (
    DigitalFacts,
    DigitalSignature,
    Doubt,
    IssuedDocument,
    Observation,
    PageRef,
)
from extractors.thresholds import load_thresholds
from foundation.digests import sha256_of_bytes
from foundation.errors import Problem, UnreadableError

if TYPE_CHECKING:
    from extractors.digital.look import PageLook
    from extractors.digital.pdf_form import PdfForm
    from extractors.digital.shown_page import ShownPdf

#: What stands in a file that has a signature, or pretends to.
_SIGNS_OF_SIGNATURES = (b"/ByteRange", b"/Sig/", b"/Type /Sig", b"/SubFilter")

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

    :raises UnreadableError: the file cannot be taken apart, or what was issued is not what is on record.
    """
    with _open_pdf(path) as pdf:
        text_pages = [source for source in places if not is_scan(pdf, source)]
        added_to = [source for source in places if source not in text_pages and _has_additions(pdf, source)]
        if not text_pages:  # a scan: neither its form nor what was issued is opened
            return _added_to_scans(name, places, added_to)
        returned = _ReturnedPdf(
            path, pdf, name, places, _form(path, text_pages), _signatures(path, roots), added_to
        )
        documents = (lookup(issue) for issue in dict.fromkeys(number for number, _ in places.values()))
        found = [
            facts
            for document in documents
            if document is not None and (facts := _facts(returned, document)) is not None
        ]
        said = {facts.issue for facts in found}
        others = [source for source in added_to if places[source][0] not in said]
        return (*found, *_added_to_scans(name, places, others))


def unread_pdf(
    name: str, places: PagePlaces, lookup: Callable[[str], IssuedDocument | None], why: str
) -> tuple[DigitalFacts, ...]:
    """What is said of a PDF that could not be read as a file: a person looks at each document it has pages of."""
    documents = (lookup(issue) for issue in dict.fromkeys(number for number, _ in places.values()))
    reason = f"交回的 PDF 的文件结构读不出来（{why}），表单内容和电子签名都没有核对，请人工核对"
    return tuple(
        DigitalFacts(
            ref=PageRef(name, min(source for source, (issue, _) in places.items() if issue == one.number)),
            issue=one.number,
            format="pdf",
            observations=(),
            doubts=(Doubt(reason=reason),),
        )
        for one in documents
        if one is not None
    )


def _has_additions(pdf: pdfium.PdfDocument, source: int) -> bool:
    return 1 <= source <= len(pdf) and has_additions(pdf, source)


def _added_to_scans(name: str, places: PagePlaces, sources: Sequence[int]) -> tuple[DigitalFacts, ...]:
    """What is said of documents that are scans, on which somebody put something in a program."""
    issues = dict.fromkeys(places[source][0] for source in sources)
    return tuple(
        DigitalFacts(
            ref=PageRef(name, min(source for source in sources if places[source][0] == issue)),
            issue=issue,
            format="pdf",
            observations=(),
            doubts=_additions(places, sources, issue),
        )
        for issue in issues
    )


def _additions(places: PagePlaces, sources: Sequence[int], issue: str) -> tuple[Doubt, ...]:
    reason = "是扫描件，上面又用程序加了文字、批注或图章，请人工核对"
    return tuple(
        Doubt(reason=reason, page=page)
        for source in sources
        if places[source][0] == issue
        for page in (places[source][1],)
    )


def _form(path: Path, pages: Sequence[int]) -> PdfForm:
    """What the form fields say; pypdf takes a third of a second to load, which a scan need not wait for."""
    from extractors.digital.pdf_form import read_pdf_form

    return read_pdf_form(path, pages)


@contextmanager
def _open_pdf(path: Path) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        problem = Problem(str(path), "PDF 读不出来，可能已损坏", advice="请重新导出或扫描")
        raise UnreadableError(problem) from error
    with closing(document):
        yield document


@dataclass(frozen=True, slots=True)
class _ReturnedPdf:
    """A returned PDF taken apart. ``form``: of its pages that are no scans; ``added_to``: scans on which
    somebody put something.
    """

    path: Path
    pdf: pdfium.PdfDocument
    name: str
    places: PagePlaces
    form: PdfForm
    signatures: Sequence[DigitalSignature]
    added_to: Sequence[int]


def _facts(returned: _ReturnedPdf, document: IssuedDocument) -> DigitalFacts | None:
    from extractors.digital.page_fields import (
        doubts_of_page,
        observations_of,
        page_alterations,
        signing_places,
    )

    own = {source: page for source, (issue, page) in returned.places.items() if issue == document.number}
    drawn = {source: page for source, page in own.items() if source in returned.form.pages}
    if not drawn:
        return None  # a scan: what was issued is not even opened
    from extractors.digital.active_content import active_content
    from extractors.digital.shown_page import ShownPdf

    with ShownPdf(_issued(document)) as issued, _shown(returned) as shown:
        looks = [
            look
            for source, number in drawn.items()
            if (look := _look(issued, shown, returned, document, source, number))
        ]
    signatures = _placed(returned.signatures, looks, document)
    by_place = {place: one for one in signatures if (place := one.place or one.field)}
    whole = [look for look in looks if look.alike >= load_thresholds().digital.page_alike]
    observations: list[Observation] = []
    doubts = list(_additions(returned.places, returned.added_to, document.number))
    for look in looks:
        if look in whole:
            found, more = observations_of(document, look, by_place)
            observations += found
            doubts += [*more, *doubts_of_page(document, look)]
        else:
            observations += signing_places(document, look, by_place)
            doubts.append(
                Doubt(
                    reason="是电子文件，但文字与发出的对不上（可能重新排过版，或转成了图形），请人工核对",
                    page=look.number,
                )
            )
    active = active_content(returned.path)
    return DigitalFacts(
        ref=PageRef(returned.name, min(own)),
        issue=document.number,
        format="pdf",
        observations=tuple(observations),
        alterations=tuple(item for look in whole for item in page_alterations(document, look)),
        signatures=signatures,
        pages_seen=tuple(sorted({look.number for look in whole})),
        added_pages=len(returned.pdf) - len(returned.places),
        attachments=tuple(dict.fromkeys((*returned.form.attachments, *active.files))),
        active=active.kinds,
        doubts=tuple(doubts),
    )


def _shown(returned: _ReturnedPdf) -> ShownPdf:
    """The file to be drawn: opened already, unless something in it must not be heard (``/ActualText``)."""
    from extractors.digital.as_stored import as_stored
    from extractors.digital.shown_page import ShownPdf

    stored = as_stored(returned.path)
    return ShownPdf(stored if isinstance(stored, bytes) else returned.pdf)


def _issued(document: IssuedDocument) -> bytes:
    """The issued PDF, as it is on record: one that somebody changed is nothing to compare with.

    :raises UnreadableError: it is gone, or is another.
    """
    try:
        content = document.pdf.read_bytes() if document.pdf is not None else b""
    except OSError as error:
        raise UnreadableError(
            Problem(str(document.pdf), "发出的 PDF 不在了，无从比对", advice="请从备份恢复")
        ) from error
    if sha256_of_bytes(content) != document.pdf_sha256:
        problem = "发出的 PDF 被改动过，与登记的不一致，不能用来比对"
        raise UnreadableError(Problem(str(document.pdf), problem, advice="请从备份恢复原来的文件"))
    return content


def _look(
    issued: ShownPdf,
    shown: ShownPdf,
    returned: _ReturnedPdf,
    document: IssuedDocument,
    source: int,
    number: int,
) -> PageLook | None:
    from extractors.digital.look import look

    if not 1 <= number <= len(issued):
        return None
    size = document.page_sizes[number - 1]
    return look(issued, shown, source - 1, returned.form.pages[source], number, size)


def _placed(
    signatures: Sequence[DigitalSignature], looks: Sequence[PageLook], document: IssuedDocument
) -> tuple[DigitalSignature, ...]:
    """Signatures with the signing places they stand at: many programs make a field of their own for each."""
    areas = [area for area in document.areas if area.is_open and area.kind == "signature"]
    names = {area.id for area in areas}
    places: dict[str, str] = {}
    for look in looks:
        for name, widgets in look.form.widgets.items():
            for widget in widgets:
                x, y = look.centre(widget)
                for area in areas:
                    if (
                        widget.is_signature
                        and area.page == look.number
                        and area.box.x0 <= x <= area.box.x1
                        and area.box.y0 <= y <= area.box.y1
                    ):
                        places.setdefault(name, area.id)
    return tuple(
        one if one.field in names or one.field not in places else replace(one, place=places[one.field])
        for one in signatures
    )


def _signatures(path: Path, roots: Sequence[x509.Certificate]) -> tuple[DigitalSignature, ...]:
    """Digital signatures, where there can be any: what verifies them takes half a second to load."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if all(content.find(sign) < 0 for sign in _SIGNS_OF_SIGNATURES):
            return ()
    from extractors.digital.signatures import read_signatures

    return read_signatures(path, roots)
