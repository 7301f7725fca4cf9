"""研判 → 方案: the 服务方案 (service plan) that follows from what the business sections ticked.

Source: 晋市审管发〔2022〕28号, “一站式”机制 第七条 (what 会商 settles: items, materials by stage, who decides, the
optimised process) and 第八条 (the 研判表, summed up, becomes the project's own plan). A plan the office wrote by hand
wins, field by field; where both say something and say it differently, :func:`differences` lists it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from cases.model.assessment import AUTHORITIES, Assessment, StageAssessment
from cases.model.case import Case
from cases.model.service_plan import ApprovalItem, ServicePlan, StagePlan
from cases.values.stages import Stage
from cases.values.text import fold_name
from foundation.frozen_model import FrozenModel

#: What a field of a plan holds: items, materials, or a text.
PlanValue: TypeAlias = tuple[ApprovalItem, ...] | tuple[str, ...] | str | None
_FIELDS = ("items", "special_steps", "fees", "materials")
_TEXTS = ("tips", "optimisation")
_NOTHING_FOUND = StageAssessment()
_TITLES = {name: str(StagePlan.model_fields[name].title) for name in _FIELDS}
_TRAILING = re.compile(r"[；;。，,、\s]+$")


class PlanDifference(FrozenModel):
    """A field where plan and 研判 both say something, and not the same. Texts are for people, one entry to a line.

    ``missing``: entries that the 研判 has and the plan lacks; ``extra``: entries that only the plan has.
    """

    field: str
    title: str
    written: str
    derived: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


def derive_plan(case: Case) -> ServicePlan:
    """The plan that follows from a case's 研判 alone; empty where nothing was ticked or written."""
    found = case.assessment
    stages = {stage.value: _stage(getattr(found, stage.value)) for stage in Stage}
    return ServicePlan(tips=_by_stage(found, "tips"), optimisation=_by_stage(found, "optimisation"), **stages)


def effective_plan(case: Case) -> ServicePlan:
    """The plan to print: the case's own, and from its 研判 whatever the office left empty.

    Only what is empty is derived: this is asked for every document, and most plans are written by hand.
    """
    own, found = case.plan, case.assessment
    changed: dict[str, StagePlan | str] = {
        stage.value: _filled(written, _stage(getattr(found, stage.value)), _FIELDS)
        for stage in Stage
        if not all(getattr(written := getattr(own, stage.value), name) for name in _FIELDS)
        and getattr(found, stage.value) != _NOTHING_FOUND
    }
    changed |= {name: text for name in _TEXTS if not getattr(own, name) and (text := _by_stage(found, name))}
    return own.model_copy(update=changed) if changed else own


def differences(case: Case) -> tuple[PlanDifference, ...]:
    """Every field where the hand-written plan and the 研判 differ; a field one of them leaves empty does not."""
    derived = plan_fields(derive_plan(case))
    found = [
        _difference(field, title, written, derived[field][1])
        for field, (title, written) in plan_fields(case.plan).items()
    ]
    return tuple(item for item in found if item is not None)


def plan_fields(plan: ServicePlan) -> dict[str, tuple[str, PlanValue]]:
    """What a 研判 can fill of a plan: field id → its Chinese title and its value."""
    fields = {
        f"plan.{stage.value}.{name}": (
            f"{stage.label}阶段{_TITLES[name]}",
            getattr(getattr(plan, stage.value), name),
        )
        for stage in Stage
        for name in _FIELDS
    }
    texts = {
        f"plan.{name}": (str(ServicePlan.model_fields[name].title), getattr(plan, name)) for name in _TEXTS
    }
    return fields | texts


def _stage(found: StageAssessment) -> StagePlan:
    items = [
        ApprovalItem(name=_tidy(name), authority=authority)
        for level, authority in AUTHORITIES.items()
        for name in getattr(found.items, level)
    ]
    materials = [
        _tidy(name)
        for group in type(found.materials).model_fields
        for name in getattr(found.materials, group)
    ]
    return StagePlan(
        items=tuple({(fold_name(item.name), item.authority): item for item in reversed(items)}.values())[
            ::-1
        ],
        materials=tuple(_once(materials)),
        special_steps=found.special_steps,
        fees=found.fees,
    )


def _tidy(name: str) -> str:
    """A box's label as an entry of a list, without the punctuation that some labels are printed with."""
    return _TRAILING.sub("", name) or name


def _once(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if fold_name(name) not in seen:
            seen.add(fold_name(name))
            yield name


def _by_stage(found: Assessment, name: str) -> str | None:
    """The stages' texts as one; each under its stage where several say something."""
    texts = [(stage.label, text) for stage in Stage if (text := getattr(getattr(found, stage.value), name))]
    if len(texts) < 2:
        return texts[0][1] if texts else None
    return "\n".join(f"{label}阶段：{text}" for label, text in texts)


def _filled(own: StagePlan, derived: StagePlan, names: Iterable[str]) -> StagePlan:
    empty = [name for name in names if not getattr(own, name) and getattr(derived, name)]
    return own.model_copy(update={name: getattr(derived, name) for name in empty}) if empty else own


def _difference(field: str, title: str, written: PlanValue, derived: PlanValue) -> PlanDifference | None:
    if not written or not derived:
        return None
    if isinstance(written, str) and isinstance(derived, str):
        same = fold_name(written) == fold_name(derived)
        return None if same else PlanDifference(field=field, title=title, written=written, derived=derived)
    ours, theirs = [_shown(item) for item in written], [_shown(item) for item in derived]
    missing, extra = _lacking(theirs, ours), _lacking(ours, theirs)
    if not missing and not extra:
        return None
    return PlanDifference(
        field=field,
        title=title,
        written="\n".join(ours),
        derived="\n".join(theirs),
        missing=missing,
        extra=extra,
    )


def _shown(item: ApprovalItem | str) -> str:
    if isinstance(item, str):
        return item
    return f"{item.name}（{item.authority}）" if item.authority else item.name


def _lacking(wanted: Iterable[str], there: Iterable[str]) -> tuple[str, ...]:
    known = {fold_name(name) for name in there}
    return tuple(name for name in wanted if fold_name(name) not in known)
