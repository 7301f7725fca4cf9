"""Digital signatures (数字签名): whole, of the whole document, and by whom; and what they do for a signing place.

A signature that is whole in a signing place satisfies it as pen and seal do. A broken one satisfies nothing.
Words typed into a signing place are no signature.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from extractors.judge.combining import JudgedDocument
from extractors.model import DigitalSignature, Finding, FindingWeight, SignatureObservation
from forms.definition import FieldKind


def with_signatures(document: JudgedDocument) -> JudgedDocument:
    """The sheet with its signing places as the files' signatures leave them."""
    by_field = {item.field: item for item in _all(document) if item.field}
    stray = [item for item in _all(document) if _is_whole(item) and not _is_place(document, item.field)]
    observations = {
        field_id: _signed(item, by_field.get(field_id), bool(stray))
        if isinstance(item, SignatureObservation)
        else item
        for field_id, item in document.observations.items()
    }
    return replace(document, observations=observations)


def check_signatures(document: JudgedDocument, *, require_trusted: bool) -> Iterator[Finding]:
    """Every finding about digital signatures. ``require_trusted``: whether a signature whose certificate
    leads to no configured root is for a person to look at, or only said.
    """
    for item in _all(document):
        weight, said = _judged(item, require_trusted=require_trusted)
        if said is None:
            continue
        area = document.areas.get(item.field) if item.field else None
        yield Finding(
            code="digital-signature-invalid",
            message=f"{item.signer}的数字签名{said}",
            weight=weight,
            field=item.field,
            page=document.page(item.field) if item.field else None,
            box=area.box if area else None,
        )


def _judged(item: DigitalSignature, *, require_trusted: bool) -> tuple[FindingWeight, str | None]:
    if item.intact is None or item.valid is None:
        return "review", f"核验不了，请人工核对：{item.reason}"
    broken = _broken(item)
    if broken is not None:
        return "incomplete", f"无效：{broken}"
    if item.trusted:
        return "note", None
    return "review" if require_trusted else "note", "完好，但证书不在受信任之列，签署人身份未经证实"


def _all(document: JudgedDocument) -> list[DigitalSignature]:
    return [_allowing(item, document) for facts in document.returned.digital for item in facts.signatures]


def _allowing(item: DigitalSignature, document: JudgedDocument) -> DigitalSignature:
    """A signature after which only other people filled in their own fields still covers what was its own to sign."""
    own = document.form.field(item.field) if item.field else None
    later = [document.form.field(field_id) for field_id in item.filled_later]
    others = (
        bool(later) and own is not None and all(one and one.filled_by is not own.filled_by for one in later)
    )
    return replace(item, covers_all=True) if others else item


def _is_place(document: JudgedDocument, field_id: str | None) -> bool:
    definition = document.form.field(field_id) if field_id else None
    return definition is not None and definition.kind is FieldKind.SIGNATURE


def _is_whole(item: DigitalSignature) -> bool:
    return _broken(item) is None


def _broken(item: DigitalSignature) -> str | None:
    if not item.intact:
        return "签署之后文件内容被改动"
    if not item.valid:
        return "签名与证书不符"
    if not item.covers_all:
        return "签署之后文件又被改动或增补"
    return None


def _signed(
    item: SignatureObservation, signature: DigitalSignature | None, has_stray: bool
) -> SignatureObservation:
    if signature is not None and _is_whole(signature):
        trust = "" if signature.trusted else "，证书不在受信任之列"
        reason = f"有{signature.signer}的数字签名，签名完好{trust}"
        return replace(
            item,
            state="filled",
            confidence=1.0,
            visible=True,
            value=signature.signer,
            pen=None,
            reason=reason,
        )
    if signature is not None:
        return replace(item, state="unsure", reason=signature.reason or f"数字签名无效：{_broken(signature)}")
    if item.state == "filled" and item.value is not None:
        return replace(item, state="unsure", reason=f"只打了字“{item.value}”，不是签字、盖章或数字签名")
    if item.state == "blank" and has_stray:
        return replace(item, state="unsure", reason="文件有数字签名，但不在这一处")
    return item
