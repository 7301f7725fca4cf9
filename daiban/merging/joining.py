"""What was merged before, and what joins it: a later department's sheet needs nobody to hand in all of them again.

The record of a merged 研判 says who ticked and wrote what, so the answers of its sheets can be taken up again as they
were. A department that sends another sheet replaces its own earlier one. What people changed in the file by hand
stays, unless the new sheets say something else there: then both are for a person to settle.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cases.files.assessment_overlay import AssessmentOverlay, MergeRecord
from cases.model.assessment import Assessment
from cases.model.contradictions import Contradiction
from cases.model.field_types import FieldGroup
from cases.settling import PREFIX, settled
from cases.values.invalid import InvalidValue
from daiban.merging.collected import CollectedAnswers

#: Contradictions that follow from what the departments said; the others are of the sheets themselves.
_DERIVED = ("level", "exclusive", "text")
#: How a derived one is known in a file that was written before contradictions had a kind.
_DERIVED_WORDS = ("审批层级不一", "只能走一种", "写“无”")

Leaf = tuple[str, ...] | str | None


def take_up(collected: CollectedAnswers, record: MergeRecord, replaced: Sequence[str]) -> None:
    """Take up the answers of a merge record, but for those of departments whose sheets are replaced."""
    for tick in record.ticks:
        for by in tick.by:
            if by not in replaced:
                collected.tick(tick.field, tick.entry, by)
    for text in record.texts:
        if text.by not in replaced and text.text:
            collected.write(text.field, text.text, text.by)
    for one in record.contradictions:
        if not _is_derived(one) and not set(one.by) <= set(replaced):
            collected.doubts.append(one.model_copy(update={"settled": None}))


def with_decisions(overlay: AssessmentOverlay, before: AssessmentOverlay) -> AssessmentOverlay:
    """A new merge with what was decided about the one before: contradictions that are still the same stay settled."""
    known = {(one.field, one.problem): one.settled for one in before.merged.contradictions if one.settled}
    assessment = overlay.assessment
    contradictions = []
    for one in overlay.merged.contradictions:
        found = known.get((one.field, one.problem))
        if found is not None and found.choice is not None:
            try:
                assessment = settled(assessment, one, found.choice, overlay.merged.places())
            except InvalidValue:  # its options are others by now
                found = None
        contradictions.append(one.model_copy(update={"settled": found}))
    merged = overlay.merged.model_copy(update={"contradictions": tuple(contradictions)})
    return overlay.model_copy(update={"assessment": assessment, "merged": merged})


def with_hand_edits(
    overlay: AssessmentOverlay, before: AssessmentOverlay, as_merged: Assessment
) -> AssessmentOverlay:
    """A new merge with what people had changed by hand in the one before. ``as_merged``: what that one was without
    them.
    """
    was, edited = dict(_leaves(as_merged)), dict(_leaves(before.assessment))
    now = dict(_leaves(overlay.assessment))
    kept: dict[str, Leaf] = {}
    doubts: list[Contradiction] = []
    for field, value in edited.items():
        if value == was[field] or value == now[field] or field == "filled_by":
            continue
        kept[field] = value
        if now[field] != was[field]:
            problem = f"这里手工改成了“{_shown(value)}”，新交回的研判表写的是“{_shown(now[field])}”"
            doubts.append(Contradiction(field=PREFIX + field, problem=problem, kind="edited"))
    if not kept:
        return overlay
    merged = overlay.merged.model_copy(update={"contradictions": (*overlay.merged.contradictions, *doubts)})
    assessment = _with_leaves(overlay.assessment, kept)
    return overlay.model_copy(update={"assessment": assessment, "merged": merged})


def _is_derived(one: Contradiction) -> bool:
    if one.kind is not None:
        return one.kind in _DERIVED
    return any(words in one.problem for words in _DERIVED_WORDS)


def _leaves(group: FieldGroup, prefix: str = "") -> Iterator[tuple[str, Leaf]]:
    for name in type(group).model_fields:
        value = getattr(group, name)
        if isinstance(value, FieldGroup):
            yield from _leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _with_leaves(assessment: Assessment, leaves: Mapping[str, Leaf]) -> Assessment:
    raw = assessment.model_dump()
    for field, value in leaves.items():
        *groups, last = field.split(".")
        node = raw
        for name in groups:
            node = node[name]
        node[last] = value
    return Assessment.model_validate(raw)


def _shown(value: Leaf) -> str:
    return "、".join(value) if isinstance(value, tuple) else " ".join((value or "空").split())
