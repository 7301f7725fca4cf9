"""What a complete return says: for every open field, what goes into it and how.

Follows the form's own definition: what must be there on return is there, one of several where one is enough;
the rest is filled now and then, as people do. Dates fit the case's other papers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import numpy as np

from extractors.model import IssuedDocument
from forms.catalogue import Catalogue
from forms.definition import FieldKind, FilledBy, FormDefinition
from forms.geometry import FieldArea
from simulator import words
from simulator.rules import by_office, holds, named, on_return
from simulator.truth import Ground

Way = Literal["hand", "typed", "tick", "cross", "fill", "pen", "seal", "name-seal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What goes into one field. ``ways`` empty: it stays blank. ``slots``: which of year, month, day are
    written. ``aside_mm``: how far from its place it goes. ``office``: filled by the office's people.
    """

    area: FieldArea
    ways: tuple[Way, ...] = ()
    text: str = ""
    day: date | None = None
    slots: tuple[bool, bool, bool] = (True, True, True)
    aside_mm: tuple[float, float] = (0.0, 0.0)
    office: bool = False


Plan = dict[str, Intent]


@dataclass(frozen=True, slots=True)
class Manner:
    """How one document is filled: on which day, and whether typed (打印填写) rather than by hand."""

    day: date
    typed: bool = False


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    return Catalogue.load()


def form_of(document: IssuedDocument) -> FormDefinition:
    """The definition of a document's form."""
    return _catalogue().form(document.form_id)


def open_areas(document: IssuedDocument) -> list[FieldArea]:
    """The areas left for people to fill, in printed order."""
    return [area for area in document.areas if area.is_open]


def complete_plan(document: IssuedDocument, ground: Ground, rng: np.random.Generator) -> Plan:
    """A return that lacks nothing."""
    form = form_of(document)
    plan: Plan = {}
    manner = Manner(_signing_day(ground, rng), typed=bool(rng.random() < 0.12))
    for area in open_areas(document):
        item = form.field(area.id)
        required = item is not None and item.required != "no"
        label = item.label if item else ""
        plan[area.id] = _fill(area, label, manner, rng) if required else Intent(area=area)
        if required and item is not None and area.kind == FieldKind.SIGNATURE:
            plan[area.id] = replace(plan[area.id], ways=_asked(plan[area.id].ways, item.signing, area))
    _choose(plan, document, form, manner, rng)
    _now_and_then(plan, manner, rng)
    _choose(plan, document, form, manner, rng)
    return {key: replace(item, office=_is_office(form, key)) for key, item in plan.items()}


def _is_office(form: FormDefinition, key: str) -> bool:
    item = form.field(key)
    return item is not None and item.filled_by != FilledBy.ENTERPRISE


def required_open(document: IssuedDocument) -> list[FieldArea]:
    """Open areas that must be filled on return."""
    form = form_of(document)
    areas = open_areas(document)
    return [area for area in areas if (item := form.field(area.id)) is not None and item.required != "no"]


def partner(field_id: str) -> str | None:
    """The text line beside a blank box (``….text_3`` beside ``….3``), or the box beside such a line."""
    head, _, last = field_id.rpartition(".")
    if last.isdigit():
        return f"{head}.text_{last}"
    found = re.fullmatch(r"text_(\d+)", last)
    return f"{head}.{found[1]}" if found else None


def _choose(
    plan: Plan, document: IssuedDocument, form: FormDefinition, manner: Manner, rng: np.random.Generator
) -> None:
    """Follow the form's rules of choice: one where one is asked for, no second where only one may be."""
    office = by_office(document)
    for rule in on_return(form, [*plan, *office]):
        filled = office | {key for key, item in plan.items() if item.ways}
        if not holds(rule, filled):
            continue
        taken, free = named(rule.fields, filled), named(rule.fields, plan)
        if not taken and free:
            _take(plan, free, manner, rng, only_one=rule.only_one)
        if rule.only_one:
            own = [key for key in free if plan[key].ways]
            for key in own if named(rule.fields, office) else own[1:]:
                plan[key] = blanked(plan[key])


def _take(plan: Plan, free: list[str], manner: Manner, rng: np.random.Generator, *, only_one: bool) -> None:
    """Lists are written from the top; of boxes any one or two are ticked."""
    if plan[free[0]].area.kind != FieldKind.CHECKBOX:
        _put(plan, free[0], manner, rng)
        return
    boxes = [key for key in free if plan[key].area.kind == FieldKind.CHECKBOX]
    count = 1 if only_one else min(len(boxes), int(rng.integers(1, 3)))
    for key in rng.choice(boxes, size=count, replace=False):
        _put(plan, str(key), manner, rng)


def _put(plan: Plan, key: str, manner: Manner, rng: np.random.Generator) -> None:
    """Fill a field, and with a blank box the line beside it."""
    plan[key] = _fill(plan[key].area, "", manner, rng)
    beside = partner(key)
    if beside in plan:
        plan[beside] = _fill(plan[beside].area, "材料", manner, rng)


def _now_and_then(plan: Plan, manner: Manner, rng: np.random.Generator) -> None:
    """What nobody asks for but people fill: some boxes, some remarks, a ledger's next rows."""
    boxes = [key for key, item in plan.items() if item.area.kind == FieldKind.CHECKBOX and not item.ways]
    if len(boxes) > 20:
        for key in rng.choice(boxes, size=int(rng.integers(0, 6)), replace=False):
            _put(plan, str(key), manner, rng)
    rows = sorted({key.rsplit(".", 1)[0] for key in plan if re.fullmatch(r".+\.\d+\.\w+", key)}, key=_row)
    rows = [row for row in rows if f"{row}.date" in plan]
    for row in rows[: int(rng.integers(0, 4))]:
        for part in ("date", "content", "completed"):
            key = f"{row}.{part}"
            if key in plan:
                plan[key] = _fill(plan[key].area, part, manner, rng)
    for key, item in plan.items():
        single = item.area.kind == FieldKind.TEXT and not item.ways and partner(key) not in plan
        if single and not re.search(r"\.\d+\.", key) and rng.random() < 0.25:
            plan[key] = _fill(item.area, "remark", manner, rng)


def _row(key: str) -> int:
    return int(key.rsplit(".", 1)[1])


def _fill(area: FieldArea, label: str, manner: Manner, rng: np.random.Generator) -> Intent:
    if area.kind == FieldKind.CHECKBOX:
        mark: Way = str(rng.choice(["tick", "tick", "tick", "cross", "fill"]))  # type: ignore[assignment]
        return Intent(area=area, ways=(mark,))
    if area.kind == FieldKind.SIGNATURE:
        return Intent(area=area, ways=_signing(area, rng), text=words.name(rng))
    way: Way = "typed" if manner.typed else "hand"
    if area.kind == FieldKind.DATE:
        return Intent(area=area, ways=(way,), day=manner.day)
    return Intent(area=area, ways=(way,), text=_text(area.id, label, rng))


def _signing(area: FieldArea, rng: np.random.Generator) -> tuple[Way, ...]:
    """A round seal where one fits, a name's small seal elsewhere; pen, seal or both."""
    if area.box.width > 38 and area.box.height > 25:
        ways: tuple[tuple[Way, ...], ...] = (("seal",), ("pen",), ("pen", "seal"), ("pen", "name-seal"))
        return ways[rng.choice(4, p=[0.4, 0.2, 0.33, 0.07])]
    return (("pen",), ("name-seal",), ("pen", "name-seal"))[rng.choice(3, p=[0.8, 0.12, 0.08])]


def _asked(ways: tuple[Way, ...], signing: str, area: FieldArea) -> tuple[Way, ...]:
    """What a place that takes only one of signature and seal, or both, gets instead."""
    seal: Way = next((way for way in ways if way != "pen"), "seal" if area.box.width > 25 else "name-seal")
    wanted: dict[str, tuple[Way, ...]] = {"pen": ("pen",), "seal": ("seal",), "both": ("pen", seal)}
    return wanted.get(signing, ways)


_BY_LABEL = {
    "联系人": words.name,
    "填表人": words.name,
    "联系电话": words.phone,
}


def _text(field_id: str, label: str, rng: np.random.Generator) -> str:
    for part, make in _BY_LABEL.items():
        if part in label:
            return make(rng)
    last = field_id.rsplit(".", 1)[-1]
    choices = words.REMARKS
    if "材料" in label or last.startswith("text_") or ".materials." in field_id:
        choices = words.MATERIALS
    elif "阶段" in label or last == "stage":
        choices = words.STAGES
    elif last == "opinion":
        choices = words.OPINIONS
    elif last in ("content", "completed"):
        choices = words.LEDGER if last == "content" else words.MATERIALS
    return str(rng.choice(choices))


def _signing_day(ground: Ground, rng: np.random.Generator) -> date:
    """A day between what the case's other papers allow."""
    latest = min(filter(None, (ground.not_after, ground.today)))
    earliest = ground.not_before or latest - timedelta(days=40)
    return earliest + timedelta(days=int(rng.integers(0, max((latest - earliest).days, 0) + 1)))


def blanked(item: Intent) -> Intent:
    """The same field, left blank."""
    return replace(item, ways=(), text="", day=None)
