"""Puts a plan onto paper: writes, types, ticks, signs and seals the open fields of a document's sheets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
from PIL import Image as Pictures
from PIL import ImageDraw

from forms.definition import FieldKind
from forms.geometry import Box
from simulator import people, seals
from simulator.planning import Intent, Plan
from simulator.print_fonts import font
from simulator.seals import Impression, Shape
from simulator.sheets import PX, Alpha, Colour, Sheet
from simulator.truth import Ground, Written

_TYPED: Colour = (20, 20, 22)
_GAP_MM = 0.6


@dataclass(slots=True)
class Writer:
    """The people who fill one document: one hand for the enterprise, one for the office."""

    rng: np.random.Generator
    ground: Ground
    hands: dict[bool, people.Hand] = field(default_factory=dict)

    def hand(self, item: Intent) -> people.Hand:
        """The hand that fills this field."""
        if item.office not in self.hands:
            self.hands[item.office] = people.pick_hand(self.rng)
        return self.hands[item.office]


def fill(sheets: list[Sheet], plan: Plan, writer: Writer) -> list[Written]:
    """Write everything planned onto the sheets; what was written, field by field, blanks too."""
    by_number = {sheet.number: sheet for sheet in sheets}
    done = []
    # Seals last: they are pressed over what was written.
    for item in sorted(plan.values(), key=lambda item: _has_seal(item)):
        done.append(_put(by_number[item.area.page], item, writer))
    order = list(plan)
    return sorted(done, key=lambda written: order.index(written.id))


def _has_seal(item: Intent) -> bool:
    return "seal" in item.ways or "name-seal" in item.ways


def _put(sheet: Sheet, item: Intent, writer: Writer) -> Written:
    area = item.area
    if not item.ways:
        return Written(area.id, area.kind, area.page)
    if area.kind == FieldKind.SIGNATURE:
        return _sign(sheet, item, writer)
    if area.kind == FieldKind.CHECKBOX:
        _mark(sheet, item, writer)
        return Written(area.id, area.kind, area.page, tuple(item.ways))
    if area.kind == FieldKind.DATE and item.day is not None:
        said = _date(sheet, item, item.day, writer)
        return Written(area.id, area.kind, area.page, tuple(item.ways), said)
    _text(sheet, _moved(area.box, item.aside_mm), item.text, item, writer)
    return Written(area.id, area.kind, area.page, tuple(item.ways), item.text)


# -- text ------------------------------------------------------------------------------------------------


def _text(sheet: Sheet, box: Box, text: str, item: Intent, writer: Writer) -> None:
    typed = "typed" in item.ways
    for line, where in _lines(text, box, typed=typed):
        if typed:
            _type(sheet, where, line)
        else:
            _write(sheet, where, line, writer.hand(item), writer.rng)


def _lines(text: str, box: Box, *, typed: bool) -> list[tuple[str, Box]]:
    """Break a text over as many lines as its box has room for."""
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


def _write(sheet: Sheet, box: Box, text: str, hand: people.Hand, rng: np.random.Generator) -> None:
    height = min(box.height, 6.5) * rng.uniform(0.8, 1.05)
    if text.isdigit():  # the faces' digits are half an em high; people write them larger
        height *= 1.45
    mask = people.written(hand, text, height, rng)
    room = max(box.width - _GAP_MM, 2.0)
    if mask.shape[1] / PX > room * 1.05:
        mask = people.written(hand, text, max(height * room / (mask.shape[1] / PX), 2.2), rng)
    spare = max(box.width - mask.shape[1] / PX, 0)
    x = box.x0 + min(spare * rng.uniform(0.1, 0.6), 12)
    y = (box.y0 + box.y1) / 2 - mask.shape[0] / PX / 2 + rng.normal(0, 0.35)
    sheet.ink(mask, x, y, hand.pen.colour)


def _type(sheet: Sheet, box: Box, text: str) -> None:
    mask = typed_mask(text, min(box.height * 0.8, 4.4, box.width * 0.95 / max(len(text), 1) * 1.1))
    y = (box.y0 + box.y1) / 2 - mask.shape[0] / PX / 2
    sheet.ink(mask, box.x0 + min(2.0, max((box.width - mask.shape[1] / PX) / 2, 0)), y, _TYPED)


def typed_mask(text: str, height_mm: float) -> Alpha:
    """A line as a printer prints it, trimmed."""
    face = font("song", max(round(height_mm * PX), 8))
    left, top, right, bottom = (int(v) for v in face.getbbox(text))
    picture = Pictures.new("L", (max(right - left, 1) + 4, max(bottom - top, 1) + 4))
    ImageDraw.Draw(picture).text((2 - left, 2 - top), text, 255, face)
    return np.asarray(picture, np.float32) / 255


# -- dates -----------------------------------------------------------------------------------------------


def _date(sheet: Sheet, item: Intent, day: date, writer: Writer) -> str:
    slots = date_slots(sheet, item.area.box)
    if slots is None:
        text = f"{day.year}.{day.month}.{day.day}" if all(item.slots) else f"{day.year}.{day.month}."
        _text(sheet, item.area.box, text, item, writer)
        return text
    parts = [str(day.year), str(day.month), str(day.day)]
    for part, box, wanted in zip(parts, slots, item.slots, strict=True):
        if wanted:
            _text(sheet, _moved(box, item.aside_mm), part, item, writer)
    return "-".join(part if wanted else "" for part, wanted in zip(parts, item.slots, strict=True))


def date_slots(sheet: Sheet, box: Box) -> tuple[Box, Box, Box] | None:
    """Where year, month and day go: before the printed 年, 月 and 日; None where those are not printed."""
    found = {letter.text: letter.box for letter in sheet.letters_in(box.grown(left=1, right=2, up=1, down=1))}
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


def _mark(sheet: Sheet, item: Intent, writer: Writer) -> None:
    rng, hand, box = writer.rng, writer.hand(item), _printed_box(sheet, item.area.box)
    size = min(box.width, box.height)
    mask = people.box_mark(item.ways[0], size, hand.pen, rng)
    x = box.centre[0] - mask.shape[1] / PX / 2 + rng.normal(0, size * 0.08) + item.aside_mm[0]
    y = box.centre[1] - mask.shape[0] / PX / 2 + rng.normal(0, size * 0.08) + item.aside_mm[1]
    sheet.ink(mask, x, y, hand.pen.colour)


def _printed_box(sheet: Sheet, area: Box) -> Box:
    """The printed □ of an area: people aim at that, not at the middle of the line it stands in."""
    printed = (
        letter.box for letter in sheet.letters_in(area.grown(left=0.5, right=0.5)) if letter.text in "□☐"
    )
    return next((box for box in printed if 1.5 < box.width < 8), area)


# -- signing places ----------------------------------------------------------------------------------------


def _sign(sheet: Sheet, item: Intent, writer: Writer) -> Written:
    area, rng = item.area, writer.rng
    if "pen" in item.ways:
        _signature(sheet, item, writer)
    pressed: Impression | None = None
    if "seal" in item.ways:
        shape: Shape = "oval" if rng.random() < 0.06 and not item.office else "round"
        owner = writer.ground.agency if item.office else writer.ground.enterprise
        pressed = seals.press(shape, owner or "晋城市某某有限公司", rng)
    elif "name-seal" in item.ways:
        pressed = seals.press("square", item.text, rng)
    if pressed is not None:
        _press(sheet, pressed, area.box, rng, item.aside_mm)
    return Written(
        area.id,
        area.kind,
        area.page,
        tuple("seal" if way == "name-seal" else way for way in item.ways),
        item.text if "pen" in item.ways else None,
        pressed.shape if pressed else None,
        pressed.width_mm if pressed else None,
    )


def _signature(sheet: Sheet, item: Intent, writer: Writer) -> None:
    rng, box, hand = writer.rng, item.area.box, writer.hand(item)
    width = min(box.width * 0.8, rng.uniform(22, 36))
    mask = people.signature(hand, item.text, width, rng)
    if mask.shape[0] / PX > box.height:
        mask = people.signature(hand, item.text, width * box.height / (mask.shape[0] / PX) * 0.9, rng)
    line = _signing_line(sheet, box)
    spare = max(box.width - mask.shape[1] / PX, 0)
    x = box.x0 + min(spare, max(spare * rng.uniform(0.15, 0.6), 2.0))
    y = np.clip(
        line - mask.shape[0] / PX / 2 + rng.normal(-1.0, 1.5),
        box.y0,
        max(box.y1 - mask.shape[0] / PX, box.y0),
    )
    sheet.ink(mask, x + item.aside_mm[0], float(y) + item.aside_mm[1], hand.pen.colour)


def _signing_line(sheet: Sheet, box: Box) -> float:
    """The height people sign at: beside the label, or under it where it takes the place's whole width."""
    above = [letter.box for letter in sheet.letters_in(box)]
    if above and max(item.x1 for item in above) > box.x0 + 0.6 * box.width:
        return min(max(item.y1 for item in above) + 9, box.y1 - 4)
    label = [letter.box for letter in sheet.letters_in(box.grown(left=30))]
    return max((item.y0 + item.y1) / 2 for item in label) if label else box.centre[1]


def _press(
    sheet: Sheet, pressed: Impression, box: Box, rng: np.random.Generator, aside: tuple[float, float]
) -> None:
    """Press a seal in the middle of its place, a little off, often down over the date (骑年盖月)."""
    rows, columns = pressed.alpha.shape
    loose = 4.0 if pressed.shape != "square" else 1.5
    x = box.centre[0] + rng.normal(0, loose) + aside[0]
    y = box.centre[1] + abs(rng.normal(0, loose * 1.5)) + rng.normal(0, loose * 0.4) + aside[1]
    sheet.ink(pressed.alpha, x - columns / PX / 2, y - rows / PX / 2, pressed.colour)


def _moved(box: Box, by: tuple[float, float]) -> Box:
    return Box(box.x0 + by[0], box.y0 + by[1], box.x1 + by[0], box.y1 + by[1])
