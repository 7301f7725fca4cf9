"""Sheets whose every date and box shows something: forms have few dates that lack a part, and few marks beside a box.

Of dates any of the three slots may be left blank; look-alikes, seals and strokes of neighbours lie over some of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.fitting.composing import LabelledField
from extractors.model import IssuedDocument
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea
from simulator.filling.entries import date_slots
from simulator.filling.planning import open_areas
from simulator.ink import handwriting
from simulator.ink.printing import typed_mask
from simulator.paper.sheets import PX, PaperSheet
from simulator.real_ink import sealing
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.lookalikes import lay
from simulator.real_ink.pens import digit, pick_pen
from simulator.real_ink.signing import printed_box
from simulator.real_ink.strokes import long_armed_tick

_OVER_DATES = (
    "slip",
    "fingerprint",
    "stain",
    "crease",
    "smudge",
    "blot",
    "staple",
    "bleed-through",
    "shadow",
)
_OVER_BOXES = ("stain", "crease", "fingerprint", "smudge", "bleed-through", "blot", "slip", "shadow")
_MOST_BOXES = 45


@dataclass(frozen=True, slots=True)
class DenseField:
    """A field and what lies in it. ``slots``: of a date, which of year, month and day are written."""

    area: FieldArea
    labelled: LabelledField
    slots: tuple[bool, ...] = ()


def compose_densely(
    sheet: PaperSheet, document: IssuedDocument, library: InkLibrary, side: Side, rng: np.random.Generator
) -> list[DenseField]:
    """Fill every date and most boxes of a sheet at random."""
    composer = _DenseComposer(sheet, library, side, rng)
    areas = [area for area in open_areas(document) if area.page == sheet.number]
    dates = [area for area in areas if area.kind == FieldKind.DATE and date_slots(sheet, area.box)]
    boxes = [area for area in areas if area.kind == FieldKind.CHECKBOX]
    chosen = [boxes[int(index)] for index in rng.permutation(len(boxes))[:_MOST_BOXES]]
    return [composer.date(area) for area in dates] + [composer.box(area) for area in chosen]


@dataclass(slots=True, eq=False)
class _DenseComposer:
    sheet: PaperSheet
    library: InkLibrary
    side: Side
    rng: np.random.Generator

    # -- dates -------------------------------------------------------------------------------------------

    def date(self, area: FieldArea) -> DenseField:
        """One date: written, in part, or not at all; with something over it in every third one."""
        rng, box = self.rng, area.box
        slots = date_slots(self.sheet, box)
        assert slots is not None
        written = tuple(
            bool(rng.random() < chance) for chance in ((0.0, 0.75, 1.0)[int(rng.integers(3))],) * 3
        )
        families = []
        typed = rng.random() < 0.12
        pen = pick_pen(rng, colour="red" if rng.random() < 0.06 else None)
        day = str(rng.integers(2024, 2028)), str(rng.integers(1, 13)), str(rng.integers(1, 32))
        for part, slot, wanted in zip(day, slots, written, strict=True):
            if wanted and typed:
                self._typed(part, slot)
            elif wanted:
                self._figures(part, slot, pen)
        labels = {"writing"} if any(written) else set[str]()
        if rng.random() < 0.35:
            what = str(rng.choice(_OVER_DATES))
            over = box if rng.random() < 0.5 else slots[int(rng.integers(3))].all_round(1.0)
            families.append(lay(what, self.sheet, over, self.library, self.side, rng))
            labels.add(what)
        if rng.random() < 0.3:
            families.append(self._pressed(box))
            labels.add("seal")
        labelled = LabelledField(box, FieldKind.DATE, frozenset(labels), tuple(families))
        return DenseField(area, labelled, written)

    def _figures(self, text: str, slot: Box, pen: handwriting.WritingPen) -> None:
        height = min(slot.height * 0.9, self.rng.uniform(2.4, 5.2), 1.5 * slot.width / len(text))
        x = slot.x0 + self.rng.uniform(0.1, 0.6) * max(slot.width - len(text) * height * 0.65, 0)
        for figure in text:
            mark = digit(self.library, figure, self.side, pen, height * self.rng.uniform(0.85, 1.1), self.rng)
            y = slot.centre[1] - mark.size_mm[1] / 2 + self.rng.normal(0, 0.3)
            self.sheet.ink(mark.alpha, float(x), float(y), mark.colour)
            x += mark.size_mm[0] + self.rng.uniform(0.05, 0.5)

    def _typed(self, text: str, slot: Box) -> None:
        alpha = typed_mask(text, min(slot.height * 0.8, 4.2))
        x = slot.x0 + max((slot.width - alpha.shape[1] / PX) / 2, 0)
        self.sheet.ink(alpha, float(x), slot.centre[1] - alpha.shape[0] / PX / 2, (20, 20, 22))

    def _pressed(self, box: Box) -> str:
        pressed = sealing.press(self.library, self.side, "round", self.rng)
        width, height = pressed.mark.size_mm
        x = box.centre[0] + self.rng.uniform(-0.8, 0.8) * box.width
        y = box.centre[1] + self.rng.uniform(-1, 0.6) * pressed.width_mm / 1.6
        self.sheet.ink(pressed.mark.alpha, float(x - width / 2), float(y - height / 2), pressed.mark.colour)
        return pressed.mark.family

    # -- boxes -------------------------------------------------------------------------------------------

    def box(self, area: FieldArea) -> DenseField:
        """One box: marked, with something that is no mark, marked beside, or left empty."""
        rng, box = self.rng, printed_box(self.sheet, area.box)
        pen, size = pick_pen(rng, colour="red" if rng.random() < 0.1 else None), min(box.width, box.height)
        choice = int(rng.choice(5, p=(0.45, 0.24, 0.08, 0.17, 0.06)))
        labels, families = set[str](), []
        if choice == 1:
            kind = str(rng.choice(["tick", "tick", "tick", "cross", "fill"]))
            self._mark(kind, box, size, pen, (rng.normal(0, size * 0.1), rng.normal(0, size * 0.1)))
            labels.add("tick")
        elif choice == 2:
            alpha, knee_x, knee_y = long_armed_tick(size, pen, rng)
            self.sheet.ink(alpha, box.x0 - knee_x, box.y0 - knee_y, pen.colour)
            labels.add("tick")
        elif choice == 3:
            what = str(rng.choice(_OVER_BOXES))
            families.append(lay(what, self.sheet, box.all_round(1.5), self.library, self.side, rng))
            labels.add(what)
        elif choice == 4:  # beside it: nobody can tell whose
            away = rng.choice([-1, 1]) * rng.uniform(1.3, 2.2) * size
            self._mark("tick", box, size, pen, (away, rng.normal(0, size * 0.2)))
            labels.add("beside")
        return DenseField(
            area, LabelledField(area.box, FieldKind.CHECKBOX, frozenset(labels), tuple(families))
        )

    def _mark(
        self, kind: str, box: Box, size: float, pen: handwriting.WritingPen, off: tuple[float, float]
    ) -> None:
        alpha = handwriting.box_mark(kind, size, pen, self.rng)
        x = box.centre[0] - alpha.shape[1] / PX / 2 + off[0]
        y = box.centre[1] - alpha.shape[0] / PX / 2 + off[1]
        self.sheet.ink(alpha, float(x), float(y), pen.colour)
