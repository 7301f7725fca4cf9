"""Signs and seals the open places of a document with real ink, and ticks its boxes with long arms where asked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from forms.geometry import Box
from simulator.filling.planning import PlannedEntry
from simulator.ink import handwriting
from simulator.paper.sheets import PaperSheet
from simulator.real_ink import sealing
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.pens import Mark, pick_pen, signature
from simulator.real_ink.strokes import long_armed_tick
from simulator.real_ink.wear import WEARS, Wear
from simulator.truth import WrittenField

Habit = Literal["red-pen", "marker", "worn-out-pen", "tiny-signature", "long-armed-ticks", "odd-seal"]
#: What is unusual and as valid as anything else: per habit its Chinese name.
HABITS: dict[Habit, str] = {
    "red-pen": "红笔",
    "marker": "记号笔",
    "worn-out-pen": "笔快没水",
    "tiny-signature": "签名很小",
    "long-armed-ticks": "勾画得很长",
    "odd-seal": "印章只沾了一半印泥、划痕、重影、很淡",
}
_ODD: tuple[tuple[Wear, ...], ...] = (
    *((wear,) for wear in WEARS),
    ("scratched", "doubled"),
)


@dataclass(slots=True, eq=False)
class InkWriter:
    """Whoever signs one document: from one side of the families, with their habits."""

    library: InkLibrary
    side: Side
    rng: np.random.Generator
    habit: Habit | None = None

    def pen(self, *, small: bool = False) -> handwriting.WritingPen:
        """The pen at hand. ``small``: for writing, where a marker has a finer point."""
        if self.habit == "red-pen":
            return pick_pen(self.rng, colour="red")
        if self.habit == "worn-out-pen":
            return pick_pen(self.rng, kind="worn-out")
        if self.habit == "marker" and not small:
            return pick_pen(self.rng, kind="marker")
        return pick_pen(self.rng)

    def sign(self, sheet: PaperSheet, item: PlannedEntry) -> tuple[WrittenField, tuple[str, ...]]:
        """Sign and seal one place as planned; what was put there, and the families it is of."""
        area, marks, used = item.area, [], []
        if "pen" in item.methods:
            mark = self._signature(area.box, item.text)
            _lay(sheet, mark, _free_place(sheet, area.box, mark.size_mm, self.rng), item.offset_mm)
            marks.append("pen")
            used.append(mark.family)
        pressed: sealing.PressedSeal | None = None
        if "seal" in item.methods or "name-seal" in item.methods:
            pressed = self._seal(area.box, name="name-seal" in item.methods, office=item.by_office)
            _lay(sheet, pressed.mark, self._sealing_place(area.box, pressed), item.offset_mm)
            marks.append("seal")
            used.append(pressed.mark.family)
        written = WrittenField(
            area.id,
            area.kind,
            area.page,
            tuple(marks),
            item.text if "pen" in item.methods else None,
            pressed.shape if pressed else None,
            pressed.width_mm if pressed else None,
        )
        return written, tuple(used)

    def _signature(self, box: Box, name: str) -> Mark:
        if self.habit == "tiny-signature":
            width = float(self.rng.uniform(7, 11))
        else:
            width = float(min(self.rng.uniform(16, 46), box.width * 0.95))
        mark = signature(self.library, self.side, self.pen(), width, self.rng, name)
        if mark.size_mm[1] > box.height:
            width *= 0.9 * box.height / mark.size_mm[1]
            mark = signature(self.library, self.side, self.pen(), width, self.rng, name)
        return mark

    def _seal(self, box: Box, *, name: bool, office: bool) -> sealing.PressedSeal:
        wears: tuple[Wear, ...] = ()
        if self.habit == "odd-seal":
            wears = _ODD[int(self.rng.integers(len(_ODD)))]
        shape: sealing.Shape = (
            "square" if name else "oval" if not office and self.rng.random() < 0.08 else "round"
        )
        room = min(box.width, box.height) + 14
        return sealing.press(self.library, self.side, shape, self.rng, wears=wears, room_mm=room)

    def _sealing_place(self, box: Box, pressed: sealing.PressedSeal) -> tuple[float, float]:
        loose = 1.5 if pressed.shape == "square" else 4.0
        return (
            float(box.centre[0] + self.rng.normal(0, loose)),
            float(box.centre[1] + abs(self.rng.normal(0, loose * 1.3)) + self.rng.normal(0, 1)),
        )

    def tick(self, sheet: PaperSheet, item: PlannedEntry) -> WrittenField:
        """Tick one box with an arm that reaches far out of it."""
        area, pen = item.area, self.pen(small=True)
        box = printed_box(sheet, area.box)
        alpha, knee_x, knee_y = long_armed_tick(min(box.width, box.height), pen, self.rng)
        x = box.x0 + item.offset_mm[0] - knee_x + self.rng.normal(0, 0.2)
        y = box.y0 + item.offset_mm[1] - knee_y + self.rng.normal(0, 0.2)
        sheet.ink(alpha, float(x), float(y), pen.colour)
        return WrittenField(area.id, area.kind, area.page, ("tick",))


def printed_box(sheet: PaperSheet, area: Box) -> Box:
    """The printed □ of an area; the area where none is printed."""
    letters = sheet.characters_in(area.grown(left=0.5, right=0.5))
    return next((item.box for item in letters if item.text in "□☐" and 1.5 < item.box.width < 8), area)


def _lay(sheet: PaperSheet, mark: Mark, at: tuple[float, float], aside: tuple[float, float]) -> None:
    """Lay a mark with its middle at a point."""
    width, height = mark.size_mm
    sheet.ink(mark.alpha, at[0] + aside[0] - width / 2, at[1] + aside[1] - height / 2, mark.colour)


def _free_place(
    sheet: PaperSheet, box: Box, size: tuple[float, float], rng: np.random.Generator
) -> tuple[float, float]:
    """Where people sign: in the place, where little is printed; the middle of the signature."""
    best, least = box.centre, np.inf
    half_x, half_y = size[0] / 2, size[1] / 2
    for _ in range(12):
        x = rng.uniform(min(box.x0 + half_x, box.centre[0]), max(box.x1 - half_x, box.centre[0]))
        y = rng.uniform(min(box.y0 + half_y, box.centre[1]), max(box.y1 - half_y, box.centre[1]))
        here = Box(x - half_x, y - half_y, x + half_x, y + half_y)
        covered = sum(here.overlap_mm2(letter.box) for letter in sheet.characters_in(here))
        if covered < least:
            best, least = (float(x), float(y)), covered
        if covered == 0:
            break
    return best
