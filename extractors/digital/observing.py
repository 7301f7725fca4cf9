"""From what a field of a born-digital return says to an observation of it, the same for PDF and DOCX."""

from __future__ import annotations

import re

from cases.refusal import Refusal
from cases.values.dates import read_date
from extractors.digital.answers import Answer
from extractors.model import DigitalSignature, Observation, State
from forms.definition import FieldKind
from forms.geometry import FieldArea

_SLOTS = re.compile(r"\s*([^年月日]*)年([^年月日]*)月([^年月日]*)日\s*")
_NAMES = ("年", "月", "日")


def observe(area: FieldArea, kind: FieldKind, answer: Answer) -> Observation:
    """One field as it was answered; None is a field left open."""
    if kind is FieldKind.CHECKBOX:
        return _box(area, answer)
    text = str(answer).strip() if answer is not None else ""
    if kind is FieldKind.SIGNATURE:
        return _signing_place(area, text)
    if kind is FieldKind.DATE:
        return _date(area, text)
    reason = "已填写" if text else "未填写"
    return _of(area, kind, "filled" if text else "blank", reason, value=text or None)


def unreadable(area: FieldArea, kind: FieldKind, reason: str) -> Observation:
    """A field that should be there and cannot be found: nobody knows whether it was filled."""
    return _of(area, kind, "unsure", reason, visible=False, confidence=0.0)


def signed(area: FieldArea, signature: DigitalSignature) -> Observation:
    """A signing place with a digital signature. Whether it counts is the judge's to say; here: whether it stands."""
    stands = bool(signature.intact and signature.valid)
    return _of(
        area, FieldKind.SIGNATURE, "filled" if stands else "unsure", signature.reason, value=signature.signer
    )


def _box(area: FieldArea, answer: Answer) -> Observation:
    if not isinstance(answer, bool):
        return _of(area, FieldKind.CHECKBOX, "unsure", "选项框的状态前后矛盾", confidence=0.5)
    state: State = "filled" if answer else "blank"
    return Observation(
        id=area.id,
        kind=FieldKind.CHECKBOX,
        state=state,
        page=area.page,
        confidence=1.0,
        reason="已勾选" if answer else "未勾选",
        value=answer,
        box=area.box,
        mark="tick" if answer else "none",
    )


def _signing_place(area: FieldArea, text: str) -> Observation:
    if text:
        # Typed words are no signature; but somebody meant something by them, so a person looks.
        return _of(area, FieldKind.SIGNATURE, "unsure", "只键入了文字，不是签字或盖章", value=text)
    return Observation(
        id=area.id,
        kind=FieldKind.SIGNATURE,
        state="blank",
        page=area.page,
        confidence=1.0,
        reason="没有签字或盖章",
        box=area.box,
        pen=False,
    )


def _date(area: FieldArea, text: str) -> Observation:
    try:
        day = read_date(text)
    except Refusal as refusal:
        return _unfinished_date(area, text, refusal.reason)
    return _of(
        area, FieldKind.DATE, "filled", "已填写", value=day.isoformat(), slots=("filled", "filled", "filled")
    )


def _unfinished_date(area: FieldArea, text: str, why: str) -> Observation:
    """A date that cannot be read: empty, only partly filled, or written so that it names no day."""
    match = _SLOTS.fullmatch(text)
    slots: tuple[State, ...] = (
        tuple("filled" if part.strip() else "blank" for part in match.groups()) if match else ()
    )
    if not text or (slots and set(slots) == {"blank"}):
        return _of(area, FieldKind.DATE, "blank", "日期未填写", slots=("blank", "blank", "blank"))
    if "blank" in slots:
        lacking = "、".join(name for name, slot in zip(_NAMES, slots, strict=True) if slot == "blank")
        return _of(area, FieldKind.DATE, "blank", f"日期缺{lacking}", value=text, slots=slots)
    return _of(area, FieldKind.DATE, "filled", why, value=text, slots=slots)


def _of(
    area: FieldArea,
    kind: FieldKind,
    state: State,
    reason: str,
    *,
    value: str | bool | None = None,
    visible: bool = True,
    confidence: float = 1.0,
    slots: tuple[State, ...] = (),
) -> Observation:
    return Observation(
        id=area.id,
        kind=kind,
        state=state,
        page=area.page,
        confidence=confidence,
        reason=reason,
        value=value,
        box=area.box,
        visible=visible,
        slots=slots,
    )
