"""Digital signatures (数字签名): whole, of the whole document, and by whom; and what they do for a signing place.

A signature that is whole in a signing place satisfies it as pen and seal do. A broken one satisfies nothing. Whose
certificate it is must fit who signs there. Words typed into a signing place are no signature; a picture put there is
one only where the form says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from extractors.judge.combining import JudgedDocument
from extractors.judge.fields import finding
from extractors.judge.values import folded
from extractors.model import DigitalSignature, Finding, FindingWeight, SignatureObservation
from forms.definition import FieldKind, FilledBy

#: Whose certificates may sign at a place, by who fills it: ids of the names a document is issued with.
SIGNER_NAMES: Mapping[FilledBy, tuple[str, ...]] = {
    FilledBy.ENTERPRISE: (
        "enterprise.name",
        "enterprise.uscc",
        "enterprise.legal_representative",
        "contact.name",
    ),
    FilledBy.OFFICE: ("agency.name",),
    FilledBy.MANAGER: ("manager.name", "agency.name"),
}
_BRACKETS = str.maketrans("（）", "()")
#: What a certificate's name may carry behind the name: a mark, then a code.
_CODE = re.compile(r"[@_/:;,#-]?\(?[0-9a-z]{6,}\)?$")


def with_signatures(document: JudgedDocument) -> JudgedDocument:
    """The sheet with its signing places as the files' signatures leave them."""
    by_field = {place: item for item in _all(document) if (place := item.place or item.field)}
    stray = [
        item
        for item in _all(document)
        if _is_whole(item) and not _is_place(document, item.place or item.field)
    ]
    observations = {
        field_id: _signed(_put_there(document, item), by_field.get(field_id), bool(stray))
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
        if said is not None:
            yield _finding(document, item, f"的数字签名{said}", weight)
        if not _is_whole(item):
            continue
        for doubt in item.doubts:
            yield _finding(document, item, f"的数字签名完好，但{doubt}，请人工核对", "review")
        expected = _expected(document, item)
        if expected and not is_holder(item.holders or (item.signer,), expected):
            names = "、".join(f"“{name}”" for name in expected)
            said = f"在这里作了数字签名，与应签的{names}不是同一个名称，请人工核对"
            yield _finding(document, item, said, "review")
        for remark in item.remarks:
            yield _finding(document, item, f"的数字签名：{remark}", "note")
    yield from _pictures(document)


def _finding(document: JudgedDocument, item: DigitalSignature, said: str, weight: FindingWeight) -> Finding:
    place = item.place or item.field
    area = document.areas.get(place) if place else None
    return Finding(
        code="digital-signature-invalid",
        message=f"{item.signer}{said}",
        weight=weight,
        field=place,
        page=document.page(place) if place else None,
        box=area.box if area else None,
    )


def _pictures(document: JudgedDocument) -> Iterator[Finding]:
    """Signing places that a picture satisfies because the form says so: what it is, is said."""
    for item in document.observations.values():
        if isinstance(item, SignatureObservation) and item.electronic == "picture" and item.state == "filled":
            yield finding(
                document, item.id, "signature-missing", "note", f"{_what_picture(item)}；按本表规则算已签章"
            )


def _expected(document: JudgedDocument, item: DigitalSignature) -> tuple[str, ...]:
    """The names of whoever signs at a place, as the document was issued; empty where it does not say."""
    place = item.place or item.field
    definition = document.form.field(place) if place else None
    if definition is None:
        return ()
    ids = SIGNER_NAMES.get(definition.filled_by, ())
    found = (document.issued(field_id) for field_id in ids)
    return tuple(dict.fromkeys(one for one in found if isinstance(one, str) and one.strip()))


def is_holder(holders: Sequence[str], expected: Sequence[str]) -> bool:
    """Whether a certificate is that of one of the expected: its names may carry a code behind (“某公司@91…”)."""
    named = [folded(one).casefold().translate(_BRACKETS) for one in holders]
    wanted = [folded(one).casefold().translate(_BRACKETS) for one in expected]
    return any(
        holder == name or (holder.startswith(name) and _CODE.match(holder[len(name) :]))
        for holder in named
        for name in wanted
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


def _put_there(document: JudgedDocument, item: SignatureObservation) -> SignatureObservation:
    """A picture in a signing place as far as the form is content with one."""
    if item.electronic != "picture":
        return item
    definition = document.form.field(item.id)
    what = _what_picture(item)
    if definition is not None and "picture" in definition.electronic:
        return replace(item, state="filled", confidence=1.0, pen=None, reason=what)
    return replace(item, state="unsure", reason=f"{what}，不是纸上的签字盖章，也不是数字签名")


def _what_picture(item: SignatureObservation) -> str:
    return "是电子文件里的印章图片" if item.seals else "是电子文件里的图片或笔画"


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
            electronic="certified",
        )
    if signature is not None:
        return replace(item, state="unsure", reason=signature.reason or f"数字签名无效：{_broken(signature)}")
    if item.state == "filled" and item.value is not None and item.electronic != "picture":
        return replace(item, state="unsure", reason=f"只打了字“{item.value}”，不是签字、盖章或数字签名")
    if item.state == "blank" and has_stray:
        return replace(item, state="unsure", reason="文件有数字签名，但不在这一处")
    return item
