"""The answers of several 研判表 together: entries with who ticked them, texts with who wrote them, contradictions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from cases.files.assessment_overlay import (
    AssessmentOverlay,
    MergedSheet,
    MergedText,
    MergedTick,
    MergeRecord,
)
from cases.model.assessment import AUTHORITIES, Assessment
from cases.model.contradictions import Contradiction
from cases.settling import PREFIX
from cases.values.stages import Stage
from cases.values.text import fold_name
from forms.matters.service import service

LIST = re.compile(r"assessment\.[a-z]+\.(items|materials)\.[a-z]+")
_NOTHING = {"无", "没有", "不涉及", "不需要", "无需", "不收取", "本阶段不收取费用", "不缴纳"}


@dataclass
class CollectedAnswers:
    """Everything the sheets say. ``entries``: list → entry → who ticked it; ``texts``: field → (who, text);
    ``shown``: (list, entry folded) → the entry as first written; ``doubts``: what a person has to settle.
    """

    entries: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    shown: dict[tuple[str, str], str] = field(default_factory=dict)
    texts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    doubts: list[Contradiction] = field(default_factory=list)

    def tick(self, target: str, entry: str, by: str) -> None:
        """Add an entry to a list; entries that differ only in punctuation are one."""
        entry = " ".join(entry.split())
        shown = self.shown.setdefault((target, fold_name(entry)), entry)
        names = self.entries.setdefault(target, {}).setdefault(shown, [])
        if by not in names:
            names.append(by)

    def write(self, target: str, text: str, by: str) -> None:
        """Add a department's text in a free field."""
        self.texts.setdefault(target, []).append((by, text))

    def doubt(
        self,
        field_id: str,
        problem: str,
        *by: str,
        kind: str,
        entry: str | None = None,
        options: Sequence[str] = (),
    ) -> None:
        """Add something for a person to settle; its parts as :class:`Contradiction` has them."""
        self.doubts.append(
            Contradiction(
                field=field_id, problem=problem, by=by, kind=kind, entry=entry, options=tuple(options)
            )
        )


# -- contradictions ----------------------------------------------------------------------------------------


def note_contradictions(collected: CollectedAnswers) -> None:
    """Add every contradiction to the doubts, field by field."""
    for stage in Stage:
        _levels(collected, stage)
        _exclusives(collected, stage)
    for target, texts in collected.texts.items():
        ticked = [(by, entry) for entry, names in collected.entries.get(target, {}).items() for by in names]
        _nothing_and_something(collected, target, [*texts, *ticked])


def _levels(collected: CollectedAnswers, stage: Stage) -> None:
    """A matter that departments put under different levels (市级, 县级, 省级)."""
    found: dict[str, list[tuple[str, str, list[str]]]] = {}
    for level, authority in AUTHORITIES.items():
        for entry, names in collected.entries.get(f"assessment.{stage.value}.items.{level}", {}).items():
            found.setdefault(fold_name(entry), []).append((entry, authority, names))
    for places in found.values():
        if len(places) > 1:
            problem = "，".join(f"{'、'.join(names)}定为{authority}" for _, authority, names in places)
            by = dict.fromkeys(name for *_, names in places for name in names)
            collected.doubt(
                f"assessment.{stage.value}.items",
                f"“{places[0][0]}”审批层级不一：{problem}",
                *by,
                kind="level",
                entry=places[0][0],
                options=[authority for _, authority, _ in places],
            )


def _exclusives(collected: CollectedAnswers, stage: Stage) -> None:
    """Matters of which a project goes through only one."""
    place = f"assessment.{stage.value}.items"
    ticked = {
        fold_name(entry): (entry, names)
        for target, entries in collected.entries.items()
        if target.startswith(place)
        for entry, names in entries.items()
    }
    for rule in service().exclusives:
        found = [ticked[fold_name(name)] for name in rule.names if fold_name(name) in ticked]
        if len(found) > 1:
            problem = "，".join(f"{'、'.join(names)}勾选“{entry}”" for entry, names in found)
            by = dict.fromkeys(name for _, names in found for name in names)
            collected.doubt(
                place,
                f"只能走一种：{problem}（{rule.basis}）",
                *by,
                kind="exclusive",
                options=[entry for entry, _ in found],
            )


def _nothing_and_something(collected: CollectedAnswers, target: str, said: Sequence[tuple[str, str]]) -> None:
    nothing = dict.fromkeys(by for by, text in said if fold_name(text) in _NOTHING)
    something = dict.fromkeys(by for by, text in said if fold_name(text) not in _NOTHING)
    if nothing and something:
        problem = f"{'、'.join(nothing)}写“无”，{'、'.join(something)}写了内容"
        written = dict.fromkeys(" ".join(text.split()) for _, text in said if fold_name(text) not in _NOTHING)
        collected.doubt(
            target,
            problem,
            *nothing,
            *(by for by in something if by not in nothing),
            kind="text",
            options=["无", "；".join(written)],
        )


# -- the result --------------------------------------------------------------------------------------------


def overlay_of(
    case_id: str,
    sources: Sequence[MergedSheet],
    collected: CollectedAnswers,
    printed: Sequence[tuple[str, str]],
) -> AssessmentOverlay:
    """The case's 研判, and where each of its parts came from.

    ``printed``: the lists and labels of the forms' boxes, in their order, which entries are put into.
    """
    # Two sheets of one name are told apart by their files, which are no part of who filled them.
    department = "、".join(
        dict.fromkeys(source.department.partition(f"（{source.file}")[0] for source in sources)
    )
    raw: dict[str, object] = {"filled_by": department}
    order: dict[str, int] = {}
    for place, (target, label) in enumerate(printed):
        order.setdefault(target, place)
        order.setdefault(f"{target} {fold_name(label)}", place)
    ticks: list[MergedTick] = []
    for target in sorted(collected.entries, key=lambda name: order.get(name, len(order))):
        by = collected.entries[target]
        entries = sorted(by, key=partial(_printed_place, order, target))
        ticks += [MergedTick(field=target, entry=entry, by=tuple(by[entry])) for entry in entries]
        _set(raw, target, entries if LIST.fullmatch(target) else "\n".join(entries))
    for target, texts in collected.texts.items():
        ticked = [tick.entry for tick in ticks if tick.field == target]
        _set(raw, target, "\n".join([*ticked, *_side_by_side(texts)]))
    merged = MergeRecord(
        sources=tuple(sources),
        ticks=tuple(ticks),
        texts=tuple(
            MergedText(field=target, by=by, text=text)
            for target, texts in collected.texts.items()
            for by, text in texts
        ),
        contradictions=tuple(collected.doubts),
    )
    return AssessmentOverlay(case=case_id, assessment=Assessment.model_validate(raw), merged=merged)


def _printed_place(order: Mapping[str, int], target: str, entry: str) -> int:
    return order.get(f"{target} {fold_name(entry)}", len(order))


def _side_by_side(texts: Sequence[tuple[str, str]]) -> list[str]:
    """One text alone; several each under its department, the same words once."""
    by_text: dict[str, list[str]] = {}
    for by, text in texts:
        by_text.setdefault(text, []).append(by)
    if len(by_text) == 1:
        return list(by_text)
    return [f"{'、'.join(names)}：{text}" for text, names in by_text.items()]


def _set(tree: dict[str, object], path: str, value: object) -> None:
    *groups, last = path.removeprefix(PREFIX).split(".")
    node = tree
    for name in groups:
        child = node.setdefault(name, {})
        assert isinstance(child, dict)
        node = child
    node[last] = value
