"""From what a field of a born-digital return says to an observation of it, the same for PDF and DOCX."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal, TypeVar

from cases.values.dates import read_date
from cases.values.invalid import InvalidValue
from extractors.digital.answers import FieldAnswer
from extractors.model import (
    OBSERVATION_TYPES,
    CheckboxObservation,
    DateObservation,
    DigitalSignature,
    FieldObservation,
    FieldState,
    Observation,
    SignatureObservation,
    TextObservation,
)
from forms.definition import FieldKind
from forms.geometry import FieldArea

_SLOTS = re.compile(r"\s*([^年月日]*)年([^年月日]*)月([^年月日]*)日\s*")
_NAMES = ("年", "月", "日")
_WHOLE: tuple[FieldState, ...] = ("filled", "filled", "filled")

_SomeObservation = TypeVar("_SomeObservation", bound=FieldObservation)


def observe(area: FieldArea, kind: FieldKind, answer: FieldAnswer) -> Observation:
    """One field as it was answered; None is a field left open."""
    if kind is FieldKind.CHECKBOX:
        return _box(area, answer)
    text = str(answer).strip() if answer is not None else ""
    if kind is FieldKind.SIGNATURE:
        return _signing_place(area, text)
    if kind is FieldKind.DATE:
        return observe_date(area, text)
    if not text:
        return _of(TextObservation, area, "blank", "未填写")
    return replace(_of(TextObservation, area, "filled", "已填写"), value=text)


def observe_date(area: FieldArea, text: str) -> DateObservation:
    """A date as it was typed."""
    try:
        day = read_date(text)
    except InvalidValue as refusal:
        return _unfinished_date(area, text, refusal.reason)
    return replace(_of(DateObservation, area, "filled", "已填写"), value=day.isoformat(), slots=_WHOLE)


def unreadable(area: FieldArea, kind: FieldKind, reason: str) -> Observation:
    """A field that should be there and cannot be found: it is not known whether it was filled."""
    return OBSERVATION_TYPES[kind](
        id=area.id, state="unsure", page=area.page, confidence=0.0, reason=reason, box=area.box, visible=False
    )


def unsure(area: FieldArea, reason: str) -> Observation:
    """A field of which the file says one thing and shows another, or that cannot be made out."""
    return OBSERVATION_TYPES[FieldKind(area.kind)](
        id=area.id, state="unsure", page=area.page, confidence=0.0, reason=reason, box=area.box
    )


def put_there(area: FieldArea, how: Literal["picture", "typed"], text: str = "") -> SignatureObservation:
    """A signing place of a file that never was paper with something in it that is no digital signature.

    Whether that suffices is for the judge to say, who knows the form.
    """
    reason = (
        f"只键入了文字“{text}”，不是签字或盖章"
        if how == "typed"
        else "是放在电子文件里的图片或笔画，不是纸上的签字或盖章"
    )
    seen = _of(SignatureObservation, area, "unsure", reason)
    return replace(seen, value=text or None, electronic=how)


def signed(area: FieldArea, signature: DigitalSignature) -> SignatureObservation:
    """A signing place with a digital signature. Whether it counts is the judge's to say; here: whether it stands."""
    stands = bool(signature.intact and signature.valid)
    seen = _of(SignatureObservation, area, "filled" if stands else "unsure", signature.reason)
    return replace(seen, value=signature.signer, electronic="certified")


def _box(area: FieldArea, answer: FieldAnswer) -> CheckboxObservation:
    if not isinstance(answer, bool):
        return _of(CheckboxObservation, area, "unsure", "选项框的状态前后矛盾", confidence=0.5)
    if answer:
        return replace(_of(CheckboxObservation, area, "filled", "已勾选"), value=True, mark="tick")
    return replace(_of(CheckboxObservation, area, "blank", "未勾选"), value=False, mark="none")


def _signing_place(area: FieldArea, text: str) -> SignatureObservation:
    if text:
        # Typed words are no signature; but somebody meant something by them, so a person looks.
        return put_there(area, "typed", text)
    return replace(_of(SignatureObservation, area, "blank", "没有签字或盖章"), pen=False)


def _unfinished_date(area: FieldArea, text: str, why: str) -> DateObservation:
    """A date that cannot be read: empty, only partly filled, or written so that it names no day."""
    match = _SLOTS.fullmatch(text)
    slots: tuple[FieldState, ...] = (
        tuple("filled" if part.strip() else "blank" for part in match.groups()) if match else ()
    )
    if not text or (slots and set(slots) == {"blank"}):
        return replace(_of(DateObservation, area, "blank", "日期未填写"), slots=("blank", "blank", "blank"))
    if "blank" in slots:
        lacking = "、".join(name for name, slot in zip(_NAMES, slots, strict=True) if slot == "blank")
        return replace(_of(DateObservation, area, "blank", f"日期缺{lacking}"), value=text, slots=slots)
    return replace(_of(DateObservation, area, "filled", why), value=text, slots=slots)


def _of(
    kind: type[_SomeObservation], area: FieldArea, state: FieldState, reason: str, *, confidence: float = 1.0
) -> _SomeObservation:
    return kind(id=area.id, state=state, page=area.page, confidence=confidence, reason=reason, box=area.box)
