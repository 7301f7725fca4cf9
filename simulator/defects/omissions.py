"""Defects of filling: what people left blank, put in the wrong place, or dated implausibly."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from extractors.model import FindingCode, IssuedDocument
from forms.definition import AnyOf, FieldKind
from forms.geometry import FieldArea
from simulator.defects.base import Defect, ReturnDraft
from simulator.filling.choice_rules import filled_by_office, matching_ids, return_rules
from simulator.filling.planning import PlannedEntry, blanked, form_of, open_areas, paired_field, required_open


def _required(document: IssuedDocument, kind: FieldKind) -> list[FieldArea]:
    return [area for area in required_open(document) if area.kind == kind]


def _pick(draft: ReturnDraft, kind: FieldKind) -> FieldArea:
    areas = _required(draft.document, kind)
    return areas[int(draft.rng.integers(len(areas)))]


class _RequiredField(Defect):
    """Concerns a required field of one kind."""

    kind = FieldKind.TEXT

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a field that must be filled."""
        return bool(_required(document, self.kind))


class _LeftBlank(_RequiredField):
    """Leaves one blank."""

    code: FindingCode = "field-blank"

    def change_plan(self, draft: ReturnDraft) -> None:
        """Leave one blank."""
        area = _pick(draft, self.kind)
        draft.plan[area.id] = blanked(draft.plan[area.id])
        draft.expect(self.code, area.id, area.page)


class FieldBlank(_LeftBlank):
    """A required text field left blank."""

    name = "field-blank"
    title = "必填处未填"


class DateMissing(_LeftBlank):
    """No date at all."""

    name = "date-missing"
    title = "没有填日期"
    kind = FieldKind.DATE


class DatePartial(_RequiredField):
    """A year and a month but no day, or only a year."""

    name = "date-partial"
    title = "日期没有填全"
    kind = FieldKind.DATE

    def change_plan(self, draft: ReturnDraft) -> None:
        """Leave one or two of its parts blank."""
        area = _pick(draft, self.kind)
        parts = ((True, True, False), (True, False, False), (False, True, True))[int(draft.rng.integers(3))]
        draft.plan[area.id] = replace(draft.plan[area.id], date_parts=parts)
        draft.expect("field-blank", area.id, area.page)


class Unsigned(_LeftBlank):
    """Neither signature nor seal."""

    name = "unsigned"
    title = "既没有签字也没有盖章"
    kind = FieldKind.SIGNATURE
    code = "signature-missing"


class SealElsewhere(_RequiredField):
    """The seal is on the page, but far from the field it belongs in."""

    name = "seal-elsewhere"
    title = "章盖在了别处"
    kind = FieldKind.SIGNATURE

    def fits(self, document: IssuedDocument) -> bool:
        """It has a signature field wide enough for a round seal."""
        return any(area.box.width > 38 for area in _required(document, self.kind))

    def change_plan(self, draft: ReturnDraft) -> None:
        """Press it in another part of the page."""
        areas = [area for area in _required(draft.document, self.kind) if area.box.width > 38]
        area = areas[int(draft.rng.integers(len(areas)))]
        height = draft.document.page_sizes[area.page - 1][1]
        down = 75.0 if area.box.centre[1] < height / 2 else -75.0
        across = -60.0 if area.box.centre[0] > 100 else 60.0
        draft.plan[area.id] = replace(draft.plan[area.id], methods=("seal",), offset_mm=(across, down))
        draft.expect("signature-missing", area.id, area.page)


def _own_rules(document: IssuedDocument) -> list[AnyOf]:
    """Choice rules that the office left wholly to the enterprise, and that apply whatever else is filled."""
    office = filled_by_office(document)
    there = [area.id for area in open_areas(document)]
    return [
        rule
        for rule in return_rules(form_of(document), [*there, *office])
        if not rule.when and matching_ids(rule.fields, there) and not matching_ids(rule.fields, office)
    ]


def _box_rules(document: IssuedDocument) -> list[AnyOf]:
    kinds = {area.id: area.kind for area in open_areas(document)}
    return [
        rule
        for rule in _own_rules(document)
        if any(kinds[key] == FieldKind.CHECKBOX for key in matching_ids(rule.fields, kinds))
    ]


def _emptied(draft: ReturnDraft, rule: AnyOf) -> list[str]:
    """Leave every field of the rule blank, and the lines beside its boxes."""
    keys = matching_ids(rule.fields, draft.plan)
    for key in keys:
        draft.plan[key] = blanked(draft.plan[key])
        beside = paired_field(key)
        if beside in draft.plan:
            draft.plan[beside] = blanked(draft.plan[beside])
    return keys


class NothingTicked(Defect):
    """Nothing is ticked or written where at least one choice is required."""

    name = "nothing-ticked"
    title = "一项也没有勾选（填写）"

    def fits(self, document: IssuedDocument) -> bool:
        """The office left the choice to the enterprise."""
        return bool(_own_rules(document))

    def change_plan(self, draft: ReturnDraft) -> None:
        """Leave every choice of one rule blank."""
        rules = _own_rules(draft.document)
        _emptied(draft, rules[int(draft.rng.integers(len(rules)))])
        draft.expect("nothing-ticked", also=("field-blank",))


def _blank_lines(document: IssuedDocument) -> list[tuple[FieldArea, FieldArea]]:
    """Boxes with a line to write on beside them, both open."""
    by_id = {area.id: area for area in open_areas(document)}
    found = []
    for key, area in by_id.items():
        beside = paired_field(key)
        if area.kind == FieldKind.CHECKBOX and beside in by_id:
            found.append((area, by_id[beside]))
    return found


class TickedLineBlank(Defect):
    """The box 其他 is ticked and nothing is written beside it."""

    name = "ticked-line-blank"
    title = "勾了“其他”却没有写是什么"

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a line."""
        return bool(_blank_lines(document))

    def change_plan(self, draft: ReturnDraft) -> None:
        """Tick the box and leave the line blank."""
        lines = _blank_lines(draft.document)
        box, line = lines[int(draft.rng.integers(len(lines)))]
        draft.plan[box.id] = PlannedEntry(area=box, methods=("tick",))
        draft.plan[line.id] = PlannedEntry(area=line)
        draft.expect("field-blank", line.id, line.page)


class TickOutside(Defect):
    """The only required tick stands beside its box, so that nobody can be sure which box was meant."""

    name = "tick-outside"
    title = "勾打在了框外"

    def fits(self, document: IssuedDocument) -> bool:
        """The office left the choice to the enterprise, and it is made by ticking."""
        return bool(_box_rules(document))

    def change_plan(self, draft: ReturnDraft) -> None:
        """Place the one tick to the left of its box."""
        keys = _emptied(draft, _box_rules(draft.document)[0])
        plain = [key for key in keys if paired_field(key) not in draft.plan] or keys
        boxes = [key for key in plain if draft.plan[key].area.kind == FieldKind.CHECKBOX]
        key = boxes[int(draft.rng.integers(len(boxes)))]
        area = draft.plan[key].area
        offset = (-1.9 * area.box.width, float(draft.rng.uniform(-0.6, 0.6)) * area.box.height)
        draft.plan[key] = PlannedEntry(area=area, methods=("tick",), offset_mm=offset)
        draft.expect("nothing-ticked", None, area.page)


class TwoTicked(Defect):
    """Two boxes of a choice are ticked where only one may be."""

    name = "two-ticked"
    title = "只能选一项的勾了两项"

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a choice, and the office left it open."""
        return any(rule.only_one for rule in _box_rules(document))

    def change_plan(self, draft: ReturnDraft) -> None:
        """Tick two boxes of it."""
        rules = [rule for rule in _box_rules(draft.document) if rule.only_one]
        keys = matching_ids(rules[int(draft.rng.integers(len(rules)))].fields, draft.plan)
        for key in draft.rng.choice(keys, size=2, replace=False):
            draft.plan[str(key)] = PlannedEntry(area=draft.plan[str(key)].area, methods=("tick",))
        draft.expect("inconsistent")


class DateInFuture(_RequiredField):
    """Dated in the future."""

    name = "date-future"
    title = "日期在今天以后"
    kind = FieldKind.DATE

    def change_plan(self, draft: ReturnDraft) -> None:
        """Typed, so that it can be read: a reader leaves handwritten dates to a person."""
        area = _pick(draft, self.kind)
        day = draft.context.today + timedelta(days=int(draft.rng.integers(40, 400)))
        draft.plan[area.id] = PlannedEntry(area=area, methods=("typed",), day=day)
        draft.expect("date-implausible", area.id, area.page)


class DateTooEarly(_RequiredField):
    """Dated before the service was completed."""

    name = "date-early"
    title = "日期早于完结日期"
    kind = FieldKind.DATE

    def fits(self, document: IssuedDocument) -> bool:
        """A completion form (办结单) with a printed completion date."""
        printed = str(document.values.get("handover.date") or "")
        signed = [area for area in _required(document, self.kind) if area.id != "handover.date"]
        return bool(re.search(r"\d{4}", printed)) and bool(signed)

    def change_plan(self, draft: ReturnDraft) -> None:
        """Typed, half a year early."""
        areas = [area for area in _required(draft.document, self.kind) if area.id != "handover.date"]
        area = areas[int(draft.rng.integers(len(areas)))]
        early = draft.context.not_before or draft.context.today
        draft.plan[area.id] = PlannedEntry(area=area, methods=("typed",), day=early - timedelta(days=180))
        draft.expect("date-implausible", area.id, area.page)
