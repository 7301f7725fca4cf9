"""Two witnesses: what the physical evidence calls filled counts as such only if a learned look at it agrees.

Each open field of a page is observed by its ink (:mod:`extractors.observe`); of those called filled, and of places to
sign that are called blank, the network of :mod:`extractors.witness` says what it sees there. Where the two differ, the
field is unsure, and a person looks. What it said is kept with the observation, as the measure ``look``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from extractors.model import Measure, Observation, RegisteredPage
from extractors.thresholds import WitnessThresholds
from extractors.witness.crops import crop_size
from extractors.witness.network import WitnessModel
from forms.definition import FieldKind, FormDefinition

_FILLS = ("signature", "seal", "writing", "tick")
_WANTED = {
    FieldKind.SIGNATURE: "签字或印章",
    FieldKind.CHECKBOX: "勾选",
    FieldKind.DATE: "日期",
    FieldKind.TEXT: "填写的内容",
}
_NAMES = {
    "fingerprint": "指纹",
    "stain": "污渍",
    "blot": "墨渍",
    "smudge": "污迹",
    "crease": "折痕",
    "staple": "订书钉",
    "shadow": "阴影",
    "slip": "误划",
    "scribble": "乱划",
    "stamp": "其他戳记",
    "bleed-through": "背面透过来的痕迹",
}


def second_look(
    page: RegisteredPage, seen: tuple[Observation, ...], form: FormDefinition, limits: WitnessThresholds
) -> tuple[Observation, ...]:
    """The observations of a page's open fields; unsure where the look does not agree."""
    return tuple(_looked_at(page, item, form, limits) for item in seen)


@cache
def _model() -> WitnessModel:
    return WitnessModel.load()


def _looked_at(
    page: RegisteredPage, seen: Observation, form: FormDefinition, limits: WitnessThresholds
) -> Observation:
    is_blank_place_to_sign = seen.state == "blank" and seen.kind is FieldKind.SIGNATURE
    if seen.box is None or not seen.visible or not (seen.state == "filled" or is_blank_place_to_sign):
        return seen
    chances = _model().look(page, seen.box, crop_size(seen.kind))
    chance = max(chances[name] for name in _FILLS)
    limit = limits.signature_blank if is_blank_place_to_sign else limits.least(seen.kind)
    measured = replace(seen, measures=(*seen.measures, Measure("look", round(chance, 3), limit)))
    if is_blank_place_to_sign:
        return _doubted(measured, _signed(form, seen)) if chance >= limit else measured
    return _doubted(measured, _unlike(form, seen, chances)) if chance < limit else measured


def _doubted(seen: Observation, reason: str) -> Observation:
    return replace(seen, state="unsure", confidence=0.5, reason=reason)


def _signed(form: FormDefinition, seen: Observation) -> str:
    return f"“{_label(form, seen)}”处的痕迹很淡或很少，但看起来像签字或印章，不能确定"


def _unlike(form: FormDefinition, seen: Observation, chances: Mapping[str, float]) -> str:
    likeliest = max(_NAMES, key=lambda name: chances[name])
    return f"“{_label(form, seen)}”处有痕迹，但看起来不像{_WANTED[seen.kind]}（可能是{_NAMES[likeliest]}），不能确定"


def _label(form: FormDefinition, seen: Observation) -> str:
    definition = form.field(seen.id)
    return definition.label if definition is not None else seen.id
