"""Two witnesses: what the physical evidence says of a field counts only where a learned look at it agrees.

Each open field of a page is observed by its ink (:mod:`extractors.observe`). Where any ink is concerned, the network of
:mod:`extractors.witness` looks at the same place by itself. A field is filled only where both say so, and blank only
where the look does not see it filled; else a person looks, with what the look took it for as the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from extractors.model import Measure, Observation, RegisteredPage
from extractors.thresholds import WitnessThresholds
from extractors.witness.agreement import agreement_limits
from extractors.witness.network import FILLS, FieldLook, WitnessModel
from forms.definition import FieldKind, FormDefinition

_FILLING = frozenset(name for names in FILLS.values() for name in names)
_WANTED: Mapping[FieldKind, str] = {
    FieldKind.SIGNATURE: "签字或印章",
    FieldKind.CHECKBOX: "勾选",
    FieldKind.DATE: "日期",
    FieldKind.TEXT: "填写的内容",
}
_NAMES: Mapping[str, str] = {
    "fingerprint": "指纹",
    "stain": "污渍",
    "blot": "墨渍",
    "smudge": "污迹",
    "crease": "折痕",
    "staple": "订书钉或回形针",
    "shadow": "阴影",
    "slip": "误划的一笔",
    "scribble": "乱划",
    "stamp": "其他戳记",
    "bleed-through": "背面透过来的痕迹",
    "sticker": "贴上去的纸条",
}


def second_look(
    page: RegisteredPage, seen: tuple[Observation, ...], form: FormDefinition, limits: WitnessThresholds
) -> tuple[Observation, ...]:
    """The observations of a page's open fields; unsure where the look does not agree."""
    asked = [item for item in seen if _is_asked(item, limits)]
    places = [(item.box, item.kind) for item in asked if item.box is not None]
    looks = dict(zip((item.id for item in asked), _model().looks(page, places), strict=True))
    return tuple(_agreed(item, looks[item.id], form, limits) if item.id in looks else item for item in seen)


def agrees_from(kind: FieldKind, limits: WitnessThresholds) -> float:
    """The chance from which the look agrees that a field of a kind is filled."""
    times = limits.box_risk if kind is FieldKind.CHECKBOX else 1.0
    return agreement_limits().filled_from(kind, times * limits.risk)


@cache
def _model() -> WitnessModel:
    return WitnessModel.load()


def _is_asked(seen: Observation, limits: WitnessThresholds) -> bool:
    """Whether a look has anything to say: something was decided, and it was not plainly that nothing is there."""
    if seen.box is None or not seen.visible or seen.state == "unsure":
        return False
    return seen.state == "filled" or seen.confidence < limits.plainly_blank


def _agreed(
    seen: Observation, look: FieldLook, form: FormDefinition, limits: WitnessThresholds
) -> Observation:
    limit = agrees_from(seen.kind, limits) if seen.state == "filled" else limits.blank_to
    measured = replace(
        seen, measures=(*seen.measures, Measure("look", round(look.filled, 3), round(limit, 3)))
    )
    if seen.state == "filled" and look.filled < limit:
        return _doubted(measured, _unlike(form, seen, look))
    if seen.state == "blank" and look.filled >= limit:
        return _doubted(
            measured, f"“{_label(form, seen)}”处的痕迹很淡或很少，但看起来像{_WANTED[seen.kind]}，不能确定"
        )
    return measured


def _doubted(seen: Observation, reason: str) -> Observation:
    return replace(seen, state="unsure", confidence=0.5, reason=reason)


def _unlike(form: FormDefinition, seen: Observation, look: FieldLook) -> str:
    others = {name: chance for name, chance in look.chances.items() if name not in _FILLING}
    likeliest = _NAMES.get(max(others, key=lambda name: others[name], default=""), "")
    maybe = f"（可能是{likeliest}）" if likeliest else ""
    return f"“{_label(form, seen)}”处有痕迹，但看起来不像{_WANTED[seen.kind]}{maybe}，不能确定"


def _label(form: FormDefinition, seen: Observation) -> str:
    definition = form.field(seen.id)
    return definition.label if definition is not None else seen.id
