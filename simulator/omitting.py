"""Defects of what people forgot or put in the wrong place."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from extractors.model import FindingCode, IssuedDocument
from forms.definition import AnyOf, FieldKind
from forms.geometry import FieldArea
from simulator.planning import Intent, blanked, form_of, open_areas, partner, required_open
from simulator.rules import by_office, named, on_return
from simulator.spoiling import Spoiler, defect

if TYPE_CHECKING:
    from simulator.simulate import Job


def _required(document: IssuedDocument, kind: FieldKind) -> list[FieldArea]:
    return [area for area in required_open(document) if area.kind == kind]


def _pick(job: Job, kind: FieldKind) -> FieldArea:
    areas = _required(job.document, kind)
    return areas[int(job.rng.integers(len(areas)))]


class _OfKind(Spoiler):
    kind = FieldKind.TEXT

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a field that must be filled."""
        return bool(_required(document, self.kind))


class _LeftBlank(_OfKind):
    code: FindingCode = "field-blank"

    def plan(self, job: Job) -> None:
        """Leave one blank."""
        area = _pick(job, self.kind)
        job.plan[area.id] = blanked(job.plan[area.id])
        job.expect(self.code, area.id, area.page)


@defect
class FieldBlank(_LeftBlank):
    """A required text left blank."""

    name = "field-blank"
    title = "必填处未填"


@defect
class DateMissing(_LeftBlank):
    """No date at all."""

    name = "date-missing"
    title = "没有填日期"
    kind = FieldKind.DATE


@defect
class DatePartial(_OfKind):
    """A year and a month but no day, or only a year."""

    name = "date-partial"
    title = "日期没有填全"
    kind = FieldKind.DATE

    def plan(self, job: Job) -> None:
        """Leave one or two of its slots blank."""
        area = _pick(job, self.kind)
        slots = ((True, True, False), (True, False, False), (False, True, True))[int(job.rng.integers(3))]
        job.plan[area.id] = replace(job.plan[area.id], slots=slots)
        job.expect("field-blank", area.id, area.page)


@defect
class Unsigned(_LeftBlank):
    """Neither signature nor seal."""

    name = "unsigned"
    title = "既没有签字也没有盖章"
    kind = FieldKind.SIGNATURE
    code = "signature-missing"


@defect
class SignedElsewhere(_OfKind):
    """The seal is on the page, but far from its place."""

    name = "seal-elsewhere"
    title = "章盖在了别处"
    kind = FieldKind.SIGNATURE

    def fits(self, document: IssuedDocument) -> bool:
        """It has a place for a round seal, with room elsewhere."""
        return any(area.box.width > 38 for area in _required(document, self.kind))

    def plan(self, job: Job) -> None:
        """Press it at the other end of the page."""
        areas = [area for area in _required(job.document, self.kind) if area.box.width > 38]
        area = areas[int(job.rng.integers(len(areas)))]
        height = job.document.page_sizes[area.page - 1][1]
        down = 75.0 if area.box.centre[1] < height / 2 else -75.0
        across = -60.0 if area.box.centre[0] > 100 else 60.0
        job.plan[area.id] = replace(job.plan[area.id], ways=("seal",), aside_mm=(across, down))
        job.expect("signature-missing", area.id, area.page)


def _own_rules(document: IssuedDocument) -> list[AnyOf]:
    """Rules of choice that the office left wholly to the enterprise, and that hold whatever else is filled."""
    office = by_office(document)
    there = [area.id for area in open_areas(document)]
    return [
        rule
        for rule in on_return(form_of(document), [*there, *office])
        if not rule.when and named(rule.fields, there) and not named(rule.fields, office)
    ]


def _box_rules(document: IssuedDocument) -> list[AnyOf]:
    kinds = {area.id: area.kind for area in open_areas(document)}
    return [
        rule
        for rule in _own_rules(document)
        if any(kinds[key] == FieldKind.CHECKBOX for key in named(rule.fields, kinds))
    ]


def _emptied(job: Job, rule: AnyOf) -> list[str]:
    """Leave everything blank that the rule names, and the lines beside its boxes."""
    keys = named(rule.fields, job.plan)
    for key in keys:
        job.plan[key] = blanked(job.plan[key])
        beside = partner(key)
        if beside in job.plan:
            job.plan[beside] = blanked(job.plan[beside])
    return keys


@defect
class NothingTicked(Spoiler):
    """Nothing of what one must be ticked of, or written of."""

    name = "nothing-ticked"
    title = "一项也没有勾选（填写）"

    def fits(self, document: IssuedDocument) -> bool:
        """The office left the choice to the enterprise."""
        return bool(_own_rules(document))

    def plan(self, job: Job) -> None:
        """Take everything of one group away."""
        rules = _own_rules(job.document)
        _emptied(job, rules[int(job.rng.integers(len(rules)))])
        job.expect("nothing-ticked", also=("field-blank",))


def _blank_lines(document: IssuedDocument) -> list[tuple[FieldArea, FieldArea]]:
    """Boxes with a line to write on beside them, both open."""
    by_id = {area.id: area for area in open_areas(document)}
    found = []
    for key, area in by_id.items():
        beside = partner(key)
        if area.kind == FieldKind.CHECKBOX and beside in by_id:
            found.append((area, by_id[beside]))
    return found


@defect
class TickedLineBlank(Spoiler):
    """The box 其他 is ticked and nothing is written beside it."""

    name = "ticked-line-blank"
    title = "勾了“其他”却没有写是什么"

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a line."""
        return bool(_blank_lines(document))

    def plan(self, job: Job) -> None:
        """Tick, and leave the line."""
        lines = _blank_lines(job.document)
        box, line = lines[int(job.rng.integers(len(lines)))]
        job.plan[box.id] = Intent(area=box, ways=("tick",))
        job.plan[line.id] = Intent(area=line)
        job.expect("field-blank", line.id, line.page)


@defect
class TickOutside(Spoiler):
    """The only tick that counts stands beside its box: nobody can be sure which was meant."""

    name = "tick-outside"
    title = "勾打在了框外"

    def fits(self, document: IssuedDocument) -> bool:
        """The office left the ticking to the enterprise."""
        return bool(_box_rules(document))

    def plan(self, job: Job) -> None:
        """Move the one tick to the left of its box."""
        keys = _emptied(job, _box_rules(job.document)[0])
        plain = [key for key in keys if partner(key) not in job.plan] or keys
        boxes = [key for key in plain if job.plan[key].area.kind == FieldKind.CHECKBOX]
        key = boxes[int(job.rng.integers(len(boxes)))]
        area = job.plan[key].area
        aside = (-1.9 * area.box.width, float(job.rng.uniform(-0.6, 0.6)) * area.box.height)
        job.plan[key] = Intent(area=area, ways=("tick",), aside_mm=aside)
        job.expect("nothing-ticked", None, area.page)


@defect
class TwoTicked(Spoiler):
    """Two boxes of a choice are ticked where only one may be."""

    name = "two-ticked"
    title = "只能选一项的勾了两项"

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a choice, and the office did not make it."""
        return any(rule.only_one for rule in _box_rules(document))

    def plan(self, job: Job) -> None:
        """Tick a second one."""
        rules = [rule for rule in _box_rules(job.document) if rule.only_one]
        keys = named(rules[int(job.rng.integers(len(rules)))].fields, job.plan)
        for key in job.rng.choice(keys, size=2, replace=False):
            job.plan[str(key)] = Intent(area=job.plan[str(key)].area, ways=("tick",))
        job.expect("inconsistent")


@defect
class DateInFuture(_OfKind):
    """Signed on a day that has not come."""

    name = "date-future"
    title = "日期在今天以后"
    kind = FieldKind.DATE

    def plan(self, job: Job) -> None:
        """Typed, so that it can be read: by hand nobody may decide."""
        area = _pick(job, self.kind)
        today: date = job.ground.today
        day = today + timedelta(days=int(job.rng.integers(40, 400)))
        job.plan[area.id] = Intent(area=area, ways=("typed",), day=day)
        job.expect("date-implausible", area.id, area.page)


@defect
class DateTooEarly(_OfKind):
    """Signed before the work was done."""

    name = "date-early"
    title = "日期早于完结日期"
    kind = FieldKind.DATE

    def fits(self, document: IssuedDocument) -> bool:
        """A 办结单 whose day of completion is printed."""
        printed = str(document.values.get("handover.date") or "")
        signed = [area for area in _required(document, self.kind) if area.id != "handover.date"]
        return bool(re.search(r"\d{4}", printed)) and bool(signed)

    def plan(self, job: Job) -> None:
        """Typed, half a year early."""
        areas = [area for area in _required(job.document, self.kind) if area.id != "handover.date"]
        area = areas[int(job.rng.integers(len(areas)))]
        early: date = job.ground.not_before or job.ground.today
        job.plan[area.id] = Intent(area=area, ways=("typed",), day=early - timedelta(days=180))
        job.expect("date-implausible", area.id, area.page)
