"""Every open field of a page, from picture to observation: measured, looked at, decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from extractors.decide.looks import looks_at
from extractors.decide.marks import DecidedMark, decide_mark
from extractors.layers.page_layers import PageLayers
from extractors.model import (
    CheckboxObservation,
    DateObservation,
    FieldObservation,
    FieldState,
    LineReader,
    Measure,
    Observation,
    RegisteredPage,
    Seal,
    SignatureObservation,
    TextObservation,
)
from extractors.observe.crops import crop
from extractors.observe.date_reading import read_date_in
from extractors.observe.places import MeasuredPlace, measure_places
from extractors.thresholds import Thresholds
from forms.definition import FieldKind, FormDefinition

SomeObservation = TypeVar("SomeObservation", bound=FieldObservation)
_SLOTS: Mapping[str, str] = {"year": "年", "month": "月", "day": "日"}
_SHAPES = {"round": "圆章", "oval": "椭圆章", "square": "方章"}


def observe_fields(
    layers: PageLayers, form: FormDefinition, thresholds: Thresholds, *, reader: LineReader | None = None
) -> tuple[Observation, ...]:
    """What is seen of every field of this page that was left open, in the page's order.

    ``reader``: reads a picture of a date, text and 0..1 confidence; what it says is noted, never decisive.
    """
    page = layers.page
    areas = [area for area in page.original.areas if area.is_open]
    measured, places = measure_places(layers, areas, thresholds)
    seen = []
    for place, looks in zip(places, looks_at(page, places), strict=True):
        marks = tuple(
            decide_mark(mark, look, measured, thresholds.decisions)
            for mark, look in zip(place.marks, looks, strict=True)
        )
        definition = form.field(place.area.id)
        label = definition.label if definition is not None else place.area.id
        observation = replace(
            _observed(place, marks, label, thresholds.decisions.seen), crop=crop(page, place.area.box)
        )
        seen.append(_dated(page, observation, thresholds, reader))
    return tuple(seen)


def _dated(
    page: RegisteredPage, seen: Observation, thresholds: Thresholds, reader: LineReader | None
) -> Observation:
    if reader is None or not isinstance(seen, DateObservation) or seen.state != "filled" or seen.box is None:
        return seen
    return replace(seen, value=read_date_in(page, seen.box, reader, thresholds.dates))


@dataclass(frozen=True, slots=True)
class _Decided:
    """What was decided of a place as a whole: state, 0..1 confidence in it, one Chinese sentence."""

    state: FieldState
    confidence: float
    reason: str
    visible: bool = True


def _observed(
    place: MeasuredPlace, marks: Sequence[DecidedMark], label: str, least_seen: float
) -> Observation:
    """``least_seen``: share of a place that must be seen for anything to be said of it."""
    measures = tuple(measure for mark in marks for measure in mark.measures)
    hidden = _hidden(place, label) if place.seen < least_seen else None
    if hidden is not None:
        measures = (Measure("seen", round(place.seen, 3), least_seen, ""), *measures)
    match FieldKind(place.area.kind):
        case FieldKind.CHECKBOX:
            decided = hidden or _box(marks[0], place, label)
            how = place.how if decided.state != "blank" or place.how == "struck" else "none"
            return replace(_observation(CheckboxObservation, place, decided, measures), mark=how)
        case FieldKind.DATE if len(marks) == len(_SLOTS):
            decided = hidden or _date(marks, label)
            slots: tuple[FieldState, ...] = ("unsure",) * 3 if hidden else tuple(mark.state for mark in marks)
            return replace(_observation(DateObservation, place, decided, measures), slots=slots)
        case FieldKind.DATE:
            return _observation(DateObservation, place, hidden or _text(marks[0], label), measures)
        case FieldKind.TEXT:
            return _observation(TextObservation, place, hidden or _text(marks[0], label), measures)
        case FieldKind.SIGNATURE:
            pen, seal = marks[0], _doubted(marks[1], place.doubt)
            seals = place.seals if seal.state == "filled" else ()
            observation = _observation(
                SignatureObservation, place, hidden or _signing(pen, seal, seals, label), measures
            )
            return replace(observation, seals=seals, pen=pen.state == "filled")


def _doubted(seal: DecidedMark, doubt: str) -> DecidedMark:
    """A seal that cannot count, whatever it looks like, is for a person."""
    return replace(seal, state="unsure", chance=0.5, why=doubt) if doubt and seal.state == "filled" else seal


def _observation(
    kind: type[SomeObservation], place: MeasuredPlace, decided: _Decided, measures: tuple[Measure, ...]
) -> SomeObservation:
    return kind(
        id=place.area.id,
        state=decided.state,
        page=place.area.page,
        confidence=round(min(max(decided.confidence, 0.0), 1.0), 3),
        reason=decided.reason,
        box=place.area.box,
        visible=decided.visible,
        measures=measures,
    )


def _hidden(place: MeasuredPlace, label: str) -> _Decided:
    where = "完全看不到" if place.seen < 0.02 else f"只看得清{place.seen:.0%}"
    return _Decided("unsure", 1.0, f"“{label}”处{where}（切边、反光或未拍到）", visible=False)


def _unsure(said: str, why: str, label: str) -> _Decided:
    return _Decided("unsure", 0.5, f"“{label}”{why or '处有些痕迹'}，不能确定{said}")


def _text(mark: DecidedMark, label: str) -> _Decided:
    match mark.state:
        case "filled":
            return _Decided("filled", mark.chance, f"“{label}”处有填写的笔迹")
        case "blank":
            return _Decided("blank", mark.chance, f"“{label}”处没有填写")
        case _:
            return _unsure("是否填写", f"处{mark.why}" if mark.why else "", label)


def _box(mark: DecidedMark, place: MeasuredPlace, label: str) -> _Decided:
    if place.how == "struck":
        return _Decided("blank", 0.7, f"“{label}”连同方框被划掉了")
    match mark.state:
        case "filled":
            return _Decided("filled", mark.chance, f"“{label}”前的方框已勾选")
        case "blank":
            return _Decided("blank", mark.chance, f"“{label}”前的方框是空的")
        case _:
            return _unsure("是否勾选", f"的方框：{mark.why}" if mark.why else "", label)


def _date(slots: Sequence[DecidedMark], label: str) -> _Decided:
    states = [slot.state for slot in slots]
    chance = min(slot.chance for slot in slots)
    if all(state == "filled" for state in states):
        return _Decided("filled", chance, f"“{label}”的年、月、日都已填写")
    if all(state == "blank" for state in states):
        return _Decided("blank", chance, f"“{label}”没有填写")
    missing = "、".join(_SLOTS[slot.name] for slot in slots if slot.state == "blank")
    doubtful = [slot for slot in slots if slot.state == "unsure"]
    if not doubtful:
        return _Decided("blank", chance, f"“{label}”缺“{missing}”")
    also = f"；缺“{missing}”" if missing else ""
    names = "、".join(_SLOTS[slot.name] for slot in doubtful)
    if any(slot.hidden for slot in slots):
        reason = f"“{label}”的“{names}”被印章压住，看不清是否填写{also}"
        return _Decided("unsure", 0.5, reason, visible=False)
    return _unsure(f"是否填写{also}", f"的“{names}”处{doubtful[0].why}", label)


def _signing(pen: DecidedMark, seal: DecidedMark, seals: Sequence[Seal], label: str) -> _Decided:
    there = [mark for mark in (pen, seal) if mark.state == "filled"]
    if there:
        what = [_named(item) for item in seals] if seal.state == "filled" else []
        what += ["签字"] if pen.state == "filled" else []
        return _Decided("filled", max(mark.chance for mark in there), f"“{label}”处有{'、'.join(what)}")
    if pen.state == seal.state == "blank":
        return _Decided("blank", min(pen.chance, seal.chance), f"“{label}”处没有签字，也没有盖章")
    doubtful = seal if seal.state == "unsure" and (pen.state != "unsure" or not pen.why) else pen
    return _unsure("是签字或印章", f"处{doubtful.why}" if doubtful.why else "", label)


def _named(seal: Seal) -> str:
    colour = "红色" if seal.red else "（扫描件上无颜色的）"
    return f"{colour}{_SHAPES[seal.shape]}，直径约{seal.diameter_mm:.0f}毫米"
