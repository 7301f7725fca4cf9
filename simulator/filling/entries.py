"""Fills the sheets as planned: writes, types, ticks, signs and seals the open fields of a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from forms.definition import FieldKind
from forms.geometry import Box
from simulator.filling.planning import PlannedEntry, ReturnPlan
from simulator.ink import handwriting, seals
from simulator.ink.printing import typed_mask
from simulator.ink.seals import SealImpression, SealShape
from simulator.paper.sheets import PX, Colour, PaperSheet
from simulator.truth import CaseContext, WrittenField

_TYPED: Colour = (20, 20, 22)
_GAP_MM = 0.6


@dataclass(slots=True)
class Writers:
    """The people who fill one document: one handwriting for the enterprise, one for the office."""

    rng: np.random.Generator
    context: CaseContext
    hands: dict[bool, handwriting.Handwriting] = field(default_factory=dict)

    def hand(self, item: PlannedEntry) -> handwriting.Handwriting:
        """The handwriting that fills this field."""
        if item.by_office not in self.hands:
            self.hands[item.by_office] = handwriting.pick_handwriting(self.rng)
        return self.hands[item.by_office]


def fill(sheets: list[PaperSheet], plan: ReturnPlan, writers: Writers) -> list[WrittenField]:
    """Fill the sheets as planned, and return what was written into each field, blank ones included."""
    by_number = {sheet.number: sheet for sheet in sheets}
    done = []
    # Seals come last: they are pressed over what was written.
    for item in sorted(plan.values(), key=lambda item: _has_seal(item)):
        done.append(_put(by_number[item.area.page], item, writers))
    order = list(plan)
    return sorted(done, key=lambda written: order.index(written.id))


def _has_seal(item: PlannedEntry) -> bool:
    return "seal" in item.methods or "name-seal" in item.methods


def _put(sheet: PaperSheet, item: PlannedEntry, writers: Writers) -> WrittenField:
    area = item.area
    if not item.methods:
        return WrittenField(area.id, area.kind, area.page)
    if area.kind == FieldKind.SIGNATURE:
        return _sign(sheet, item, writers)
    if area.kind == FieldKind.CHECKBOX:
        _mark(sheet, item, writers)
        return WrittenField(area.id, area.kind, area.page, tuple(item.methods))
    if area.kind == FieldKind.DATE and item.day is not None:
        text = _date(sheet, item, item.day, writers)
        return WrittenField(area.id, area.kind, area.page, tuple(item.methods), text)
    _text(sheet, _moved(area.box, item.offset_mm), item.text, item, writers)
    return WrittenField(area.id, area.kind, area.page, tuple(item.methods), item.text)


# -- text ------------------------------------------------------------------------------------------------


def _text(sheet: PaperSheet, box: Box, text: str, item: PlannedEntry, writers: Writers) -> None:
    typed = "typed" in item.methods
    for line, where in _lines(text, box, typed=typed):
        if typed:
            _type(sheet, where, line)
        else:
            _write(sheet, where, line, writers.hand(item), writers.rng)


def _lines(text: str, box: Box, *, typed: bool) -> list[tuple[str, Box]]:
    """Break a text into as many lines as its box has room for: each line and its box."""
    height = min(max(box.height, 3.4), 4.6 if typed else 6.5)
    per_line = max(2, int((box.width - 2) / (height * 0.85)))
    rows = max(1, int(box.height // (height * 1.15)))
    if len(text) <= per_line or rows == 1:
        middle = (box.y0 + box.y1) / 2
        return [(text, Box(box.x0, middle - height / 2, box.x1, middle + height / 2))]
    count = min(rows, -(-len(text) // per_line))
    size = -(-len(text) // count)
    step = box.height / count
    return [
        (text[i * size : (i + 1) * size], Box(box.x0, box.y0 + i * step, box.x1, box.y0 + (i + 1) * step))
        for i in range(count)
        if text[i * size : (i + 1) * size]
    ]


def _write(
    sheet: PaperSheet, box: Box, text: str, hand: handwriting.Handwriting, rng: np.random.Generator
) -> None:
    height = min(box.height, 6.5) * rng.uniform(0.8, 1.05)
    if text.isdigit():  # digits of the typefaces are half an em high; people write them larger
        height *= 1.45
    mask = handwriting.written(hand, text, height, rng)
    room = max(box.width - _GAP_MM, 2.0)
    if mask.shape[1] / PX > room * 1.05:
        mask = handwriting.written(hand, text, max(height * room / (mask.shape[1] / PX), 2.2), rng)
    spare = max(box.width - mask.shape[1] / PX, 0)
    x = box.x0 + min(spare * rng.uniform(0.1, 0.6), 12)
    y = (box.y0 + box.y1) / 2 - mask.shape[0] / PX / 2 + rng.normal(0, 0.35)
    sheet.ink(mask, x, y, hand.pen.colour)


def _type(sheet: PaperSheet, box: Box, text: str) -> None:
    mask = typed_mask(text, min(box.height * 0.8, 4.4, box.width * 0.95 / max(len(text), 1) * 1.1))
    y = (box.y0 + box.y1) / 2 - mask.shape[0] / PX / 2
    sheet.ink(mask, box.x0 + min(2.0, max((box.width - mask.shape[1] / PX) / 2, 0)), y, _TYPED)


# -- dates -----------------------------------------------------------------------------------------------


def _date(sheet: PaperSheet, item: PlannedEntry, day: date, writers: Writers) -> str:
    slots = date_slots(sheet, item.area.box)
    if slots is None:
        text = f"{day.year}.{day.month}.{day.day}" if all(item.date_parts) else f"{day.year}.{day.month}."
        _text(sheet, item.area.box, text, item, writers)
        return text
    parts = [str(day.year), str(day.month), str(day.day)]
    for part, box, wanted in zip(parts, slots, item.date_parts, strict=True):
        if wanted:
            _text(sheet, _moved(box, item.offset_mm), part, item, writers)
    return "-".join(part if wanted else "" for part, wanted in zip(parts, item.date_parts, strict=True))


def date_slots(sheet: PaperSheet, box: Box) -> tuple[Box, Box, Box] | None:
    """The boxes for year, month and day, before the printed 年, 月 and 日; None where those are not printed."""
    found = {
        character.text: character.box
        for character in sheet.characters_in(box.grown(left=1, right=2, up=1, down=1))
    }
    if not {"年", "月", "日"} <= found.keys():
        return None
    year, month, day = (found[text] for text in "年月日")
    top, bottom = min(year.y0, box.y0 + 1), max(year.y1, box.y1 - 1)
    left = min(max(box.x0 - 2.5, year.x0 - 16), year.x0 - 10)
    return (
        Box(left, top, year.x0, bottom),
        Box(year.x1, top, month.x0, bottom),
        Box(month.x1, top, day.x0, bottom),
    )


# -- boxes -----------------------------------------------------------------------------------------------


def _mark(sheet: PaperSheet, item: PlannedEntry, writers: Writers) -> None:
    rng, hand, box = writers.rng, writers.hand(item), printed_box(sheet, item.area.box)
    size = min(box.width, box.height)
    mask = handwriting.box_mark(item.methods[0], size, hand.pen, rng)
    x = box.centre[0] - mask.shape[1] / PX / 2 + rng.normal(0, size * 0.08) + item.offset_mm[0]
    y = box.centre[1] - mask.shape[0] / PX / 2 + rng.normal(0, size * 0.08) + item.offset_mm[1]
    sheet.ink(mask, x, y, hand.pen.colour)


def printed_box(sheet: PaperSheet, area: Box) -> Box:
    """The printed □ of a field: people aim at that, not at the middle of the line it stands in."""
    printed = (
        character.box
        for character in sheet.characters_in(area.grown(left=0.5, right=0.5))
        if character.text in "□☐"
    )
    return next((box for box in printed if 1.5 < box.width < 8), area)


# -- signature fields --------------------------------------------------------------------------------------


def _sign(sheet: PaperSheet, item: PlannedEntry, writers: Writers) -> WrittenField:
    area, rng = item.area, writers.rng
    if "pen" in item.methods:
        _signature(sheet, item, writers)
    pressed: SealImpression | None = None
    if "seal" in item.methods:
        shape: SealShape = "oval" if rng.random() < 0.06 and not item.by_office else "round"
        owner = writers.context.agency if item.by_office else writers.context.enterprise
        pressed = seals.press(shape, owner or "晋城市某某有限公司", rng)
    elif "name-seal" in item.methods:
        pressed = seals.press("square", item.text, rng)
    if pressed is not None:
        _press(sheet, pressed, area.box, rng, item.offset_mm)
    return WrittenField(
        area.id,
        area.kind,
        area.page,
        tuple("seal" if method == "name-seal" else method for method in item.methods),
        item.text if "pen" in item.methods else None,
        pressed.shape if pressed else None,
        pressed.width_mm if pressed else None,
    )


def _signature(sheet: PaperSheet, item: PlannedEntry, writers: Writers) -> None:
    rng, box, hand = writers.rng, item.area.box, writers.hand(item)
    width = min(box.width * 0.8, rng.uniform(22, 36))
    mask = handwriting.signature(hand, item.text, width, rng)
    if mask.shape[0] / PX > box.height:
        mask = handwriting.signature(hand, item.text, width * box.height / (mask.shape[0] / PX) * 0.9, rng)
    line = _signing_line(sheet, box)
    spare = max(box.width - mask.shape[1] / PX, 0)
    x = box.x0 + min(spare, max(spare * rng.uniform(0.15, 0.6), 2.0))
    y = np.clip(
        line - mask.shape[0] / PX / 2 + rng.normal(-1.0, 1.5),
        box.y0,
        max(box.y1 - mask.shape[0] / PX, box.y0),
    )
    sheet.ink(mask, x + item.offset_mm[0], float(y) + item.offset_mm[1], hand.pen.colour)


def _signing_line(sheet: PaperSheet, box: Box) -> float:
    """The height people sign at: beside the label, or below one that takes the whole width of the field."""
    above = [character.box for character in sheet.characters_in(box)]
    if above and max(item.x1 for item in above) > box.x0 + 0.6 * box.width:
        return min(max(item.y1 for item in above) + 9, box.y1 - 4)
    label = [character.box for character in sheet.characters_in(box.grown(left=30))]
    return max((item.y0 + item.y1) / 2 for item in label) if label else box.centre[1]


def _press(
    sheet: PaperSheet,
    pressed: SealImpression,
    box: Box,
    rng: np.random.Generator,
    offset: tuple[float, float],
) -> None:
    """Press a seal near the middle of its field, often a little lower, over the date (骑年盖月)."""
    rows, columns = pressed.alpha.shape
    loose = 4.0 if pressed.shape != "square" else 1.5
    x = box.centre[0] + rng.normal(0, loose) + offset[0]
    y = box.centre[1] + abs(rng.normal(0, loose * 1.5)) + rng.normal(0, loose * 0.4) + offset[1]
    sheet.ink(pressed.alpha, x - columns / PX / 2, y - rows / PX / 2, pressed.colour)


def _moved(box: Box, by: tuple[float, float]) -> Box:
    return Box(box.x0 + by[0], box.y0 + by[1], box.x1 + by[0], box.y1 + by[1])
