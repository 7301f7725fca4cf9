"""The plan of a complete return: for every open field, what is entered and how.

It follows the definition of the form: whatever is required on return is filled, one of several where one is enough;
of the rest some fields are filled at random, as people do. Dates agree with the other documents of the case.
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
from simulator.filling.choice_rules import applies, filled_by_office, matching_ids, return_rules
from simulator.ink import words
from simulator.truth import CaseContext

EntryMethod = Literal["hand", "typed", "tick", "cross", "fill", "pen", "seal", "name-seal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedEntry:
    """What is entered into one field. ``methods`` empty: it stays blank.

    ``day``: the date to write; ``date_parts``: which of year, month and day are written. ``offset_mm``: how far to the
    right and down of its field the entry stands. ``by_office``: entered by the office, not by the enterprise.
    """

    area: FieldArea
    methods: tuple[EntryMethod, ...] = ()
    text: str = ""
    day: date | None = None
    date_parts: tuple[bool, bool, bool] = (True, True, True)
    offset_mm: tuple[float, float] = (0.0, 0.0)
    by_office: bool = False


ReturnPlan = dict[str, PlannedEntry]


@dataclass(frozen=True, slots=True)
class FillingStyle:
    """How one document is filled: on which day, and whether typed (打印填写) instead of handwritten."""

    day: date
    typed: bool = False


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    return Catalogue.load()


def form_of(document: IssuedDocument) -> FormDefinition:
    """The definition of a document's form."""
    return _catalogue().form(document.form_id)


def open_areas(document: IssuedDocument) -> list[FieldArea]:
    """The fields that were issued open, in printed order."""
    return [area for area in document.areas if area.is_open]


def complete_plan(document: IssuedDocument, context: CaseContext, rng: np.random.Generator) -> ReturnPlan:
    """The plan of a return that lacks nothing."""
    form = form_of(document)
    plan: ReturnPlan = {}
    style = FillingStyle(_signing_day(context, rng), typed=bool(rng.random() < 0.12))
    for area in open_areas(document):
        item = form.field(area.id)
        required = item is not None and item.required != "no"
        label = item.label if item else ""
        plan[area.id] = _fill(area, label, style, rng) if required else PlannedEntry(area=area)
        if required and item is not None and area.kind == FieldKind.SIGNATURE:
            plan[area.id] = replace(
                plan[area.id], methods=_as_required(plan[area.id].methods, item.signing, area)
            )
    _apply_choice_rules(plan, document, form, style, rng)
    _fill_optional(plan, style, rng)
    _apply_choice_rules(plan, document, form, style, rng)
    return {key: replace(item, by_office=_is_office(form, key)) for key, item in plan.items()}


def _is_office(form: FormDefinition, key: str) -> bool:
    item = form.field(key)
    return item is not None and item.filled_by != FilledBy.ENTERPRISE


def required_open(document: IssuedDocument) -> list[FieldArea]:
    """The open fields that must be filled on return."""
    form = form_of(document)
    areas = open_areas(document)
    return [area for area in areas if (item := form.field(area.id)) is not None and item.required != "no"]


def paired_field(field_id: str) -> str | None:
    """The text line beside a blank box (``….text_3`` beside ``….3``), or the box beside such a line."""
    head, _, last = field_id.rpartition(".")
    if last.isdigit():
        return f"{head}.text_{last}"
    found = re.fullmatch(r"text_(\d+)", last)
    return f"{head}.{found[1]}" if found else None


def _apply_choice_rules(
    plan: ReturnPlan,
    document: IssuedDocument,
    form: FormDefinition,
    style: FillingStyle,
    rng: np.random.Generator,
) -> None:
    """Follow the choice rules: fill one where one is required, and blank the second where only one is allowed."""
    office = filled_by_office(document)
    for rule in return_rules(form, [*plan, *office]):
        filled = office | {key for key, item in plan.items() if item.methods}
        if not applies(rule, filled):
            continue
        taken, free = matching_ids(rule.fields, filled), matching_ids(rule.fields, plan)
        if not taken and free:
            _fill_some(plan, free, style, rng, only_one=rule.only_one)
        if rule.only_one:
            own = [key for key in free if plan[key].methods]
            for key in own if matching_ids(rule.fields, office) else own[1:]:
                plan[key] = blanked(plan[key])


def _fill_some(
    plan: ReturnPlan, free: list[str], style: FillingStyle, rng: np.random.Generator, *, only_one: bool
) -> None:
    """Fill the first line of a list, or tick one or two of its boxes at random."""
    if plan[free[0]].area.kind != FieldKind.CHECKBOX:
        _put(plan, free[0], style, rng)
        return
    boxes = [key for key in free if plan[key].area.kind == FieldKind.CHECKBOX]
    count = 1 if only_one else min(len(boxes), int(rng.integers(1, 3)))
    for key in rng.choice(boxes, size=count, replace=False):
        _put(plan, str(key), style, rng)


def _put(plan: ReturnPlan, key: str, style: FillingStyle, rng: np.random.Generator) -> None:
    """Fill a field, and with a box the text line beside it."""
    plan[key] = _fill(plan[key].area, "", style, rng)
    beside = paired_field(key)
    if beside in plan:
        plan[beside] = _fill(plan[beside].area, "材料", style, rng)


def _fill_optional(plan: ReturnPlan, style: FillingStyle, rng: np.random.Generator) -> None:
    """Fill some fields that are not required: boxes, the next rows of a ledger, remarks."""
    boxes = [key for key, item in plan.items() if item.area.kind == FieldKind.CHECKBOX and not item.methods]
    if len(boxes) > 20:
        for key in rng.choice(boxes, size=int(rng.integers(0, 6)), replace=False):
            _put(plan, str(key), style, rng)
    rows = sorted({key.rsplit(".", 1)[0] for key in plan if re.fullmatch(r".+\.\d+\.\w+", key)}, key=_row)
    rows = [row for row in rows if f"{row}.date" in plan]
    for row in rows[: int(rng.integers(0, 4))]:
        for part in ("date", "content", "completed"):
            key = f"{row}.{part}"
            if key in plan:
                plan[key] = _fill(plan[key].area, part, style, rng)
    for key, item in plan.items():
        single = item.area.kind == FieldKind.TEXT and not item.methods and paired_field(key) not in plan
        if single and not re.search(r"\.\d+\.", key) and rng.random() < 0.25:
            plan[key] = _fill(item.area, "remark", style, rng)


def _row(key: str) -> int:
    return int(key.rsplit(".", 1)[1])


def _fill(area: FieldArea, label: str, style: FillingStyle, rng: np.random.Generator) -> PlannedEntry:
    if area.kind == FieldKind.CHECKBOX:
        mark: EntryMethod = str(rng.choice(["tick", "tick", "tick", "cross", "fill"]))  # type: ignore[assignment]
        return PlannedEntry(area=area, methods=(mark,))
    if area.kind == FieldKind.SIGNATURE:
        return PlannedEntry(area=area, methods=_signing(area, rng), text=words.name(rng))
    method: EntryMethod = "typed" if style.typed else "hand"
    if area.kind == FieldKind.DATE:
        return PlannedEntry(area=area, methods=(method,), day=style.day)
    return PlannedEntry(area=area, methods=(method,), text=_text(area.id, label, rng))


def _signing(area: FieldArea, rng: np.random.Generator) -> tuple[EntryMethod, ...]:
    """Signature, seal or both: a round seal where one fits, a personal name seal elsewhere."""
    if area.box.width > 38 and area.box.height > 25:
        methods: tuple[tuple[EntryMethod, ...], ...] = (
            ("seal",),
            ("pen",),
            ("pen", "seal"),
            ("pen", "name-seal"),
        )
        return methods[rng.choice(4, p=[0.4, 0.2, 0.33, 0.07])]
    return (("pen",), ("name-seal",), ("pen", "name-seal"))[rng.choice(3, p=[0.8, 0.12, 0.08])]


def _as_required(methods: tuple[EntryMethod, ...], signing: str, area: FieldArea) -> tuple[EntryMethod, ...]:
    """The methods changed to what the field asks for: a signature only, a seal only, or both."""
    seal: EntryMethod = next(
        (method for method in methods if method != "pen"), "seal" if area.box.width > 25 else "name-seal"
    )
    wanted: dict[str, tuple[EntryMethod, ...]] = {"pen": ("pen",), "seal": ("seal",), "both": ("pen", seal)}
    return wanted.get(signing, methods)


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
    choices: tuple[str, ...] = words.REMARKS
    if "材料" in label or last.startswith("text_") or ".materials." in field_id:
        choices = words.MATERIALS
    elif "阶段" in label or last == "stage":
        choices = words.STAGES
    elif last == "opinion":
        choices = words.OPINIONS
    elif last in ("content", "completed"):
        choices = words.LEDGER if last == "content" else words.MATERIALS
    return str(rng.choice(choices))


def _signing_day(context: CaseContext, rng: np.random.Generator) -> date:
    """A random day that the other documents of the case allow."""
    latest = min(context.not_after or context.today, context.today)
    earliest = context.not_before or latest - timedelta(days=40)
    return earliest + timedelta(days=int(rng.integers(0, max((latest - earliest).days, 0) + 1)))


def blanked(item: PlannedEntry) -> PlannedEntry:
    """The same field, left blank."""
    return replace(item, methods=(), text="", day=None)
