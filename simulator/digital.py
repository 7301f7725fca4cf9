"""Returns that never were paper: filled, flattened, signed or tampered PDF; edited DOCX.

What is typed comes from the generator that is passed in; the bytes differ from run to run all the same, since
keys and file ids are made anew each time.
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
from simulator import signing
from simulator.docx_edits import W, edited, tag, typed_value
from simulator.planning import Intent, Plan, complete_plan, open_areas, required_open
from simulator.truth import DocumentTruth, Expected, Ground, Written


@dataclass(frozen=True, slots=True)
class DigitalReturn:
    """A returned file: its suffix, its bytes and the truth about it. ``way``: how it came about."""

    way: str
    suffix: str
    data: bytes
    truth: DocumentTruth


def simulate_digital(
    document: IssuedDocument, rng: np.random.Generator, ground: Ground, way: str
) -> DigitalReturn:
    """One born-digital return, made in one of :data:`WAYS`.

    A signed one is complete as far as anybody who trusts :func:`simulator.signing.root_pem` can tell.

    :raises ValueError: no such way, or it does not fit the document.
    """
    if way not in fitting_ways(document):
        raise ValueError(f"{way!r} does not fit {document.form_id}")
    plan = complete_plan(document, ground, rng)
    return WAYS[way](document, plan, rng)


def fitting_ways(document: IssuedDocument) -> list[str]:
    """The ways a document can come back in."""
    there = open_areas(document)
    signing_places = [area for area in there if area.kind == FieldKind.SIGNATURE]
    fits = {
        "pdf-filled": bool(there),
        "pdf-flattened": bool(there),
        "pdf-signed": bool(signing_places),
        "pdf-changed": bool(signing_places),
        "pdf-tampered": bool(signing_places),
        "pdf-one-signature": len(signing_places) > 1,
        "docx-filled": bool(there),
        "docx-altered": True,
        "docx-control-deleted": bool(required_open(document)),
    }
    return [way for way, does in fits.items() if does]


# -- PDF -------------------------------------------------------------------------------------------------


def _filled(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    return _result(document, plan, "pdf-filled", ".pdf", _typed_pdf(document, plan), _unsigned(document))


def _flattened(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    data = _typed_pdf(document, plan, flatten=True)
    return _result(document, plan, "pdf-flattened", ".pdf", data, _unsigned(document))


def _signed(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    data = signing.signed(_typed_pdf(document, plan), _places(document), rng)
    return _result(document, plan, "pdf-signed", ".pdf", data, (), signed=_places(document))


def _one_signature(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    places = _places(document)
    data = signing.signed(_typed_pdf(document, plan), places[:1], rng)
    missing = tuple(Expected("signature-missing", place) for place in places[1:])
    return _result(document, plan, "pdf-one-signature", ".pdf", data, missing, signed=places[:1])


def _changed(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    """Something was written over a page in a later revision of the signed file."""
    data = signing.signed(_typed_pdf(document, plan), _places(document), rng)
    writer = PdfWriter(io.BytesIO(data), incremental=True)
    page = writer.pages[0]
    patch = DecodedStreamObject()
    patch.set_data(b"q 1 1 1 rg 120 500 200 20 re f Q")
    before = page["/Contents"].get_object()
    contents = before if isinstance(before, ArrayObject) else ArrayObject([page.raw_get("/Contents")])
    page[NameObject("/Contents")] = ArrayObject([*contents, writer._add_object(patch)])
    out = io.BytesIO()
    writer.write(out)
    expected = (Expected("digital-signature-invalid"),)
    return _result(document, plan, "pdf-changed", ".pdf", out.getvalue(), expected, signed=_places(document))


def _tampered(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    """A byte inside what was signed is another."""
    data = bytearray(signing.signed(_typed_pdf(document, plan), _places(document), rng))
    at = data.index(b"stream\r\n") if b"stream\r\n" in data else data.index(b"stream\n")
    data[at + 40] ^= 0x01
    expected = (Expected("digital-signature-invalid"),)
    return _result(document, plan, "pdf-tampered", ".pdf", bytes(data), expected, signed=_places(document))


def _typed_pdf(document: IssuedDocument, plan: Plan, *, flatten: bool = False) -> bytes:
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


def _docx_filled(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    return _result(document, plan, "docx-filled", ".docx", edited(document, plan), _unsigned(document))


def _docx_altered(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    """A word of the text, outside every control, is another."""

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

    expected = (Expected("text-altered"), *_unsigned(document))
    return _result(document, plan, "docx-altered", ".docx", edited(document, plan, alter), expected)


def _docx_deleted(document: IssuedDocument, plan: Plan, rng: np.random.Generator) -> DigitalReturn:
    """A required control was deleted with what stood in it."""
    choices = required_open(document)
    gone = choices[int(rng.integers(len(choices)))].id

    def delete(root: etree._Element) -> None:
        for control in list(root.iter(f"{W}sdt")):
            parent = control.getparent()
            if tag(control) == gone and parent is not None:
                parent.remove(control)

    plan = {key: replace(item, ways=()) if key == gone else item for key, item in plan.items()}
    unsigned = tuple(item for item in _unsigned(document) if item.field != gone)
    expected = (Expected("field-blank", gone, None, ("signature-missing", "text-altered")), *unsigned)
    return _result(document, plan, "docx-control-deleted", ".docx", edited(document, plan, delete), expected)


# -- shared --------------------------------------------------------------------------------------------------


def _places(document: IssuedDocument) -> tuple[str, ...]:
    return tuple(area.id for area in open_areas(document) if area.kind == FieldKind.SIGNATURE)


def _unsigned(document: IssuedDocument) -> tuple[Expected, ...]:
    """Typing signs nothing."""
    required = [area for area in required_open(document) if area.kind == FieldKind.SIGNATURE]
    return tuple(Expected("signature-missing", area.id, area.page) for area in required)


def _result(
    document: IssuedDocument,
    plan: Plan,
    way: str,
    suffix: str,
    data: bytes,
    expected: tuple[Expected, ...],
    signed: tuple[str, ...] = (),
) -> DigitalReturn:
    written = tuple(_said(item, signed) for item in plan.values())
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


def _said(item: Intent, signed: tuple[str, ...]) -> Written:
    area, text = item.area, typed_value(item)
    if area.id in signed:
        return Written(area.id, area.kind, area.page, ("digital-signature",))
    return Written(area.id, area.kind, area.page, ("typed",) if text else (), text or None)


WAYS: dict[str, Callable[[IssuedDocument, Plan, np.random.Generator], DigitalReturn]] = {
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
