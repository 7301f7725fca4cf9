"""Born-digital returns: filled, flattened, signed or tampered PDF, and edited DOCX.

What is typed depends only on the random generator that is passed in. The bytes of the files still differ from run to
run, because keys and file ids are generated anew.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from lxml import etree
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, NameObject

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from simulator.digital import signing
from simulator.digital.docx_edits import W, edited, tag, typed_value
from simulator.filling.planning import PlannedEntry, ReturnPlan, complete_plan, open_areas, required_open
from simulator.truth import CaseContext, DocumentTruth, ExpectedFinding, WrittenField

_SOMEBODY = "Simulated Signer"  # where a document does not say who signs


@dataclass(frozen=True, slots=True)
class DigitalReturn:
    """A returned file: its suffix, its bytes and the truth about it. ``way``: how it was made, one of :data:`WAYS`."""

    way: str
    suffix: str
    data: bytes
    truth: DocumentTruth


def simulate_digital(
    document: IssuedDocument, rng: np.random.Generator, context: CaseContext, way: str
) -> DigitalReturn:
    """One born-digital return, made in one of :data:`WAYS`.

    A signed one is complete for a reader that trusts :func:`simulator.digital.signing.root_pem`.

    :raises ValueError: no such way, or it does not fit the document.
    """
    if way not in fitting_ways(document):
        raise ValueError(f"{way!r} does not fit {document.form_id}")
    plan = complete_plan(document, context, rng)
    return WAYS[way](document, plan, rng, context)


def fitting_ways(document: IssuedDocument) -> list[str]:
    """The :data:`WAYS` in which a document can come back."""
    areas = open_areas(document)
    signing_places = [area for area in areas if area.kind == FieldKind.SIGNATURE]
    fits = {
        "pdf-filled": bool(areas),
        "pdf-flattened": bool(areas),
        "pdf-signed": bool(signing_places),
        "pdf-changed": bool(signing_places),
        "pdf-tampered": bool(signing_places),
        "pdf-one-signature": len(signing_places) > 1,
        "docx-filled": bool(areas),
        "docx-altered": True,
        "docx-control-deleted": bool(required_open(document)),
    }
    return [way for way, does in fits.items() if does]


# -- PDF -------------------------------------------------------------------------------------------------


def _filled(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    return _result(document, plan, "pdf-filled", ".pdf", _typed_pdf(document, plan), _unsigned(document))


def _flattened(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    data = _typed_pdf(document, plan, flatten=True)
    return _result(document, plan, "pdf-flattened", ".pdf", data, _unsigned(document))


def _signed(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    data = signing.signed(_typed_pdf(document, plan), _holders(document, context), rng)
    return _result(document, plan, "pdf-signed", ".pdf", data, (), signed=_places(document))


def _one_signature(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    places = _places(document)
    first = {place: _holders(document, context)[place] for place in places[:1]}
    data = signing.signed(_typed_pdf(document, plan), first, rng)
    missing = tuple(ExpectedFinding("signature-missing", place) for place in places[1:])
    return _result(document, plan, "pdf-one-signature", ".pdf", data, missing, signed=places[:1])


def _changed(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    """Page content was added in a later revision of the signed file."""
    data = signing.signed(_typed_pdf(document, plan), _holders(document, context), rng)
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    page = writer.pages[0]
    patch = DecodedStreamObject()
    patch.set_data(b"q 1 1 1 rg 120 500 200 20 re f Q")
    before = page["/Contents"].get_object()
    contents = before if isinstance(before, ArrayObject) else ArrayObject([page.raw_get("/Contents")])
    page[NameObject("/Contents")] = ArrayObject([*contents, writer._add_object(patch)])
    out = io.BytesIO()
    writer.write(out)
    expected = (ExpectedFinding("digital-signature-invalid"),)
    return _result(document, plan, "pdf-changed", ".pdf", out.getvalue(), expected, signed=_places(document))


def _tampered(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    """One byte of the signed content was changed."""
    data = bytearray(signing.signed(_typed_pdf(document, plan), _holders(document, context), rng))
    at = data.index(b"stream\r\n") if b"stream\r\n" in data else data.index(b"stream\n")
    data[at + 40] ^= 0x01
    expected = (ExpectedFinding("digital-signature-invalid"),)
    return _result(document, plan, "pdf-tampered", ".pdf", bytes(data), expected, signed=_places(document))


def _typed_pdf(document: IssuedDocument, plan: ReturnPlan, *, flatten: bool = False) -> bytes:
    assert document.pdf is not None
    writer = PdfWriter(clone_from=PdfReader(document.pdf))
    values = {key: text for key, item in plan.items() if (text := typed_value(item))}
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, values, auto_regenerate=False, flatten=flatten)
    if flatten:
        writer.remove_annotations(subtypes="/Widget")
        del writer.root_object["/AcroForm"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# -- DOCX ------------------------------------------------------------------------------------------------


def _docx_filled(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    return _result(document, plan, "docx-filled", ".docx", edited(document, plan), _unsigned(document))


def _docx_altered(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    """Two characters of the text, outside every content control, were replaced."""

    def alter(root: etree._Element) -> None:
        texts = [
            node
            for node in root.iter(f"{W}t")
            if len(node.text or "") > 5
            and not any(parent.tag == f"{W}sdt" for parent in node.iterancestors())
        ]
        node = texts[int(rng.integers(len(texts)))]
        text = node.text or ""
        at = int(rng.integers(len(text) - 2))
        node.text = f"{text[:at]}另行{text[at + 2 :]}"

    expected = (ExpectedFinding("text-altered"), *_unsigned(document))
    return _result(document, plan, "docx-altered", ".docx", edited(document, plan, alter), expected)


def _docx_deleted(
    document: IssuedDocument, plan: ReturnPlan, rng: np.random.Generator, context: CaseContext
) -> DigitalReturn:
    """A required content control was deleted with its content."""
    choices = required_open(document)
    gone = choices[int(rng.integers(len(choices)))].id

    def delete(root: etree._Element) -> None:
        for control in list(root.iter(f"{W}sdt")):
            parent = control.getparent()
            if tag(control) == gone and parent is not None:
                parent.remove(control)

    plan = {key: replace(item, methods=()) if key == gone else item for key, item in plan.items()}
    unsigned = tuple(item for item in _unsigned(document) if item.field != gone)
    expected = (ExpectedFinding("field-blank", gone, None, ("signature-missing", "text-altered")), *unsigned)
    return _result(document, plan, "docx-control-deleted", ".docx", edited(document, plan, delete), expected)


# -- shared --------------------------------------------------------------------------------------------------


def _places(document: IssuedDocument) -> tuple[str, ...]:
    return tuple(area.id for area in open_areas(document) if area.kind == FieldKind.SIGNATURE)


def _holders(document: IssuedDocument, context: CaseContext) -> dict[str, str]:
    """Who signs at each place: the manager, or the agency, at theirs, else the enterprise."""
    names = {"manager": context.manager or context.agency, "agency": context.agency}
    return {
        place: next((name for key, name in names.items() if key in place and name), "")
        or context.enterprise
        or _SOMEBODY
        for place in _places(document)
    }


def _unsigned(document: IssuedDocument) -> tuple[ExpectedFinding, ...]:
    """The missing signatures: typing does not sign."""
    required = [area for area in required_open(document) if area.kind == FieldKind.SIGNATURE]
    return tuple(ExpectedFinding("signature-missing", area.id, area.page) for area in required)


def _result(
    document: IssuedDocument,
    plan: ReturnPlan,
    way: str,
    suffix: str,
    data: bytes,
    expected: tuple[ExpectedFinding, ...],
    signed: tuple[str, ...] = (),
) -> DigitalReturn:
    written = tuple(_written(item, signed) for item in plan.values())
    truth = DocumentTruth(
        issue=document.number,
        case=document.case_id,
        form=document.form_id,
        pages=document.pages,
        complete=not expected,
        defects=(way,),
        expected=expected,
        written=written,
    )
    return DigitalReturn(way, suffix, data, truth)


def _written(item: PlannedEntry, signed: tuple[str, ...]) -> WrittenField:
    area, text = item.area, typed_value(item)
    if area.id in signed:
        return WrittenField(area.id, area.kind, area.page, ("digital-signature",))
    return WrittenField(area.id, area.kind, area.page, ("typed",) if text else (), text or None)


WAYS: dict[str, Callable[[IssuedDocument, ReturnPlan, np.random.Generator, CaseContext], DigitalReturn]] = {
    "pdf-filled": _filled,
    "pdf-flattened": _flattened,
    "pdf-signed": _signed,
    "pdf-one-signature": _one_signature,
    "pdf-changed": _changed,
    "pdf-tampered": _tampered,
    "docx-filled": _docx_filled,
    "docx-altered": _docx_altered,
    "docx-control-deleted": _docx_deleted,
}

WAY_TITLES = {
    "pdf-filled": "在电脑上填写的 PDF，没有签名",
    "pdf-flattened": "填写后打印成 PDF，没有签名",
    "pdf-signed": "填写并电子签名的 PDF",
    "pdf-one-signature": "只签了一处的电子签名 PDF",
    "pdf-changed": "电子签名以后又被改过的 PDF",
    "pdf-tampered": "电子签名的内容被动过的 PDF",
    "docx-filled": "在 WPS 里填写的 DOCX，没有签名",
    "docx-altered": "改了印刷文字的 DOCX",
    "docx-control-deleted": "删掉了填写处的 DOCX",
}
