"""Sheets for fitting: issued pages whose fields, and many places beside them, hold all that can lie in a field.

A page of these is no return that anybody would send: it shows some twenty fields at once, each with its labels, so that
few pages must be made, scanned and registered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea
from simulator.filling.planning import PlannedEntry, open_areas
from simulator.ink import handwriting, seals, words
from simulator.ink.printing import typed_mask
from simulator.paper.sheets import PX, Alpha, Colour, PaperSheet
from simulator.real_ink import sealing
from simulator.real_ink.cursive import drawn_signature
from simulator.real_ink.families import Side, of_side, pick
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.lookalikes import KINDS, lay
from simulator.real_ink.pens import digit, pick_pen, signature
from simulator.real_ink.signing import HABITS, InkWriter, printed_box
from simulator.real_ink.strokes import long_armed_tick
from simulator.real_ink.wear import WEARS, worn

LABELS = ("signature", "seal", "writing", "tick", *KINDS)
_IN_ENTRIES = (
    "slip",
    "fingerprint",
    "stain",
    "crease",
    "smudge",
    "blot",
    "staple",
    "bleed-through",
    "scribble",
    "stamp",
    "shadow",
    "sticker",
)
_IN_BOXES = ("stain", "crease", "fingerprint", "smudge", "staple", "bleed-through", "blot", "shadow", "stamp")
_BESIDE = (
    "crease",
    "stain",
    "shadow",
    "fingerprint",
    "stamp",
    "smudge",
    "slip",
    "blot",
    "bleed-through",
    "staple",
)
#: What a drawn seal says, beside what real ones do.
_UNITS = (
    "晋城市行政审批服务管理局",
    "阳城县煤层气有限公司",
    "高平市仓储物流有限公司",
    "沁水县人民政府",
    "泽州装备制造有限公司",
)
#: How much more often some kinds lie there than the others: those most often taken for a signature or an entry.
_OFTENER = {
    "stamp": 2.0,
    "slip": 2.0,
    "scribble": 2.5,
    "bleed-through": 2.0,
    "smudge": 2.0,
    "fingerprint": 1.5,
}
_TYPED_INKS = ((20, 20, 22), (25, 25, 120), (90, 90, 92), (10, 40, 90))


@dataclass(frozen=True, slots=True)
class LabelledField:
    """One place on a sheet and what lies in it. ``unknown``: labels that nobody knows to be true or false of it."""

    box: Box
    kind: FieldKind
    labels: frozenset[str]
    families: tuple[str, ...]
    unknown: frozenset[str] = frozenset()


def compose(
    sheet: PaperSheet, document: IssuedDocument, library: InkLibrary, side: Side, rng: np.random.Generator
) -> list[LabelledField]:
    """Fill a sheet's fields and other places at random; what lies where."""
    composer = _Composer(sheet, library, side, rng)
    return [composer.fill(area) for area in _places(sheet, document, rng)]


def _places(sheet: PaperSheet, document: IssuedDocument, rng: np.random.Generator) -> Iterator[FieldArea]:
    """Real fields, of many boxes a few; then places made up where there is room, over print too."""
    own = [area for area in open_areas(document) if area.page == sheet.number and area.box.height < 60]
    boxes = [area for area in own if area.kind == FieldKind.CHECKBOX]
    others = [area for area in own if area.kind != FieldKind.CHECKBOX]
    some = [boxes[int(i)] for i in rng.permutation(len(boxes))[:9]]
    some += [others[int(i)] for i in rng.permutation(len(others))[:9]]
    corners = [
        Box(sheet.width_mm - 48, 0, sheet.width_mm, 38),
        Box(0, sheet.height_mm - 40, 48, sheet.height_mm),
    ]
    taken = [*(area.box for area in own), *corners]
    yield from some
    for number in range(18):
        kind = FieldKind.SIGNATURE if number < 12 else FieldKind.TEXT
        box = _free(sheet, taken, kind, rng)
        if box is not None:
            taken.append(box)
            yield FieldArea(f"made-up.{number}", kind, sheet.number, box, True)


def _free(sheet: PaperSheet, taken: list[Box], kind: FieldKind, rng: np.random.Generator) -> Box | None:
    """Room for one more place; of several the one with the least print, mostly."""
    found: list[tuple[float, Box]] = []
    for _ in range(60):
        if kind is FieldKind.SIGNATURE:
            width, height = rng.uniform(26, 66), rng.uniform(12, 46)
        else:
            width, height = rng.uniform(10, 90), rng.uniform(4.5, 14)
        x, y = rng.uniform(10, sheet.width_mm - width - 10), rng.uniform(12, sheet.height_mm - height - 12)
        box = Box(float(x), float(y), float(x + width), float(y + height))
        if all(box.all_round(3).overlap_mm2(other) == 0 for other in taken):
            printed = sum(box.overlap_mm2(item.box) for item in sheet.characters_in(box))
            found.append((printed if rng.random() < 0.8 else 0.0, box))
        if len(found) == 3:
            break
    return min(found, key=lambda pair: pair[0])[1] if found else None


@dataclass(slots=True, eq=False)
class _Composer:
    """Puts something into one place after the other."""

    sheet: PaperSheet
    library: InkLibrary
    side: Side
    rng: np.random.Generator

    def fill(self, area: FieldArea) -> LabelledField:
        kind = FieldKind(area.kind)
        match kind:
            case FieldKind.SIGNATURE:
                labels, families = self._signing(area)
            case FieldKind.CHECKBOX:
                labels, families = self._box(area.box)
            case _:
                labels, families = self._entry(area.box)
        return LabelledField(area.box, kind, frozenset(labels), tuple(families))

    def _lay(self, what: str, box: Box) -> tuple[list[str], list[str]]:
        return [what], [lay(what, self.sheet, box, self.library, self.side, self.rng)]

    # -- signature fields --------------------------------------------------------------------------------

    def _signing(self, area: FieldArea) -> tuple[list[str], list[str]]:
        choice = self.rng.choice(7, p=[0.08, 0.37, 0.35, 0.09, 0.04, 0.04, 0.03])
        if choice == 0:
            return [], []
        if choice == 2:
            return self._unsigned(area.box)
        if choice == 4:
            return [], self._neighbour_signed(area.box)
        if choice == 5:
            return [], self._neighbour_sealed(area.box)
        if choice == 6:  # only the day or a telephone number was written
            return ["writing"], [self._written(area.box, figures=True)]
        labels, families = self._signed(area)
        if choice == 3:  # signed, and something beside or over it
            also, of = self._lay(str(self.rng.choice(_BESIDE)), area.box)
            return labels + also, families + of
        if self.rng.random() < 0.1:
            return [*labels, "writing"], [*families, self._written(area.box, figures=True)]
        return labels, families

    def _unsigned(self, box: Box) -> tuple[list[str], list[str]]:
        """One or two things that sign nothing."""
        kinds = self._some(KINDS, 1 if self.rng.random() < 0.8 else 2)
        found = [self._lay(kind, box) for kind in kinds]
        return [label for labels, _ in found for label in labels], [of for _, names in found for of in names]

    def _some(self, kinds: tuple[str, ...], count: int = 1) -> list[str]:
        weights = np.array([_OFTENER.get(kind, 1.0) for kind in kinds])
        chosen = self.rng.choice(len(kinds), size=count, replace=False, p=weights / weights.sum())
        return [kinds[int(index)] for index in chosen]

    def _signed(self, area: FieldArea) -> tuple[list[str], list[str]]:
        if self.rng.random() < 0.3:
            return self._drawn(area.box)
        habit = str(self.rng.choice(list(HABITS))) if self.rng.random() < 0.45 else None
        writer = InkWriter(self.library, self.side, self.rng, habit)  # type: ignore[arg-type]
        small = min(area.box.width, area.box.height) < 24
        ways = (
            (("pen",), ("name-seal",), ("pen", "name-seal"))
            if small
            else (("pen",), ("seal",), ("pen", "seal"), ("name-seal",))
        )
        chances = [0.7, 0.2, 0.1] if small else [0.38, 0.34, 0.18, 0.1]
        methods = ways[int(self.rng.choice(len(ways), p=chances))]
        aside = tuple(float(v) for v in self.rng.normal(0, 0.06, 2) * (area.box.width, area.box.height))
        entry = PlannedEntry(area=area, methods=methods, text=words.name(self.rng), offset_mm=aside)  # type: ignore[arg-type]
        written, families = writer.sign(self.sheet, entry)
        return ["signature" if mark == "pen" else mark for mark in written.marks], list(families)

    def _drawn(self, box: Box) -> tuple[list[str], list[str]]:
        """Signed or sealed with the drawn ink of ordinary simulated returns, or by a Latin hand."""
        rng = self.rng
        small = min(box.width, box.height) < 24
        labels, families = [], []
        if small or rng.random() < 0.65:
            pen = pick_pen(rng, colour="red" if rng.random() < 0.1 else None)
            width = float(rng.uniform(8, min(48, box.width * 0.95)))
            mark = drawn_signature(self.side, pen, width, box.height, rng)
            self._scatter(mark.alpha, box, mark.colour)
            labels, families = ["signature"], [mark.family]
        if not labels or rng.random() < 0.3:
            shape: seals.SealShape = (
                "square" if small or rng.random() < 0.25 else "oval" if rng.random() < 0.1 else "round"
            )
            text = words.name(rng) if shape == "square" else pick(_UNITS, self.side, rng)
            pressed = seals.press(shape, text, rng)
            alpha = pressed.alpha
            if rng.random() < 0.3:
                alpha = np.asarray(
                    np.clip(worn(alpha, WEARS[int(rng.integers(len(WEARS)))], rng), 0, 1), np.float32
                )
            self._scatter(alpha, box, pressed.colour)
            labels, families = [*labels, "seal"], [*families, f"seal/older-{shape}"]
        return labels, families

    def _scatter(self, alpha: Alpha, box: Box, colour: Colour) -> None:
        """Lay ink about the middle of a place, where there is room farther from it."""
        x, y = box.centre
        spare_x = max(box.width - alpha.shape[1] / PX, 4.0) / 2
        spare_y = max(box.height - alpha.shape[0] / PX, 4.0) / 2
        x += float(np.clip(self.rng.normal(0, 0.5), -1, 1)) * spare_x
        y += float(np.clip(self.rng.normal(0, 0.5), -1, 1)) * spare_y
        self.sheet.ink(alpha, x - alpha.shape[1] / PX / 2, y - alpha.shape[0] / PX / 2, colour)

    def _neighbour_signed(self, box: Box) -> list[str]:
        mark = signature(self.library, self.side, pick_pen(self.rng), self.rng.uniform(15, 30), self.rng)
        width, height = mark.size_mm
        overlap = self.rng.uniform(0.5, 4.0)
        x = box.x1 - overlap if self.rng.random() < 0.5 else box.x0 + overlap - width
        self.sheet.ink(
            mark.alpha,
            float(x),
            float(self.rng.uniform(box.y0, max(box.y1 - height, box.y0 + 0.1))),
            mark.colour,
        )
        return [mark.family]

    def _neighbour_sealed(self, box: Box) -> list[str]:
        pressed = sealing.press(self.library, self.side, "round", self.rng)
        width, height = pressed.mark.size_mm
        reach = pressed.width_mm / 2 - self.rng.uniform(0.5, 4.5)
        x = box.x1 + reach if self.rng.random() < 0.5 else box.x0 - reach
        self.sheet.ink(
            pressed.mark.alpha, float(x - width / 2), box.centre[1] - height / 2, pressed.mark.colour
        )
        return [pressed.mark.family]

    # -- texts and dates ---------------------------------------------------------------------------------

    def _entry(self, box: Box) -> tuple[list[str], list[str]]:
        choice = self.rng.choice(6, p=[0.2, 0.28, 0.1, 0.3, 0.05, 0.07])
        if choice == 0:
            return [], []
        if choice == 1:
            return ["writing"], [self._written(box)]
        if choice == 2:
            self._typed(box)
            return ["writing"], ["writing/typed"]
        if choice == 3:
            return self._lay(self._some(_IN_ENTRIES)[0], box)
        if choice == 4:
            return ["seal"], self._seal_over(box)
        labels, families = self._lay(str(self.rng.choice(["crease", "stain", "fingerprint", "smudge"])), box)
        return ["writing", *labels], [self._written(box), *families]

    def _written(self, box: Box, *, figures: bool = False) -> str:
        rng = self.rng
        kind = "worn-out" if rng.random() < 0.1 else None
        pen = pick_pen(rng, colour="red" if rng.random() < 0.1 else None, kind=kind)
        if figures or rng.random() < 0.45:
            text = "".join(str(figure) for figure in rng.integers(0, 10, int(rng.integers(1, 12))))
            return self._figures(text, box, pen)
        pool = of_side([face.stem for face in handwriting.FACES], self.side)
        stem = pool[int(rng.integers(len(pool)))]
        drawn = handwriting.pick_handwriting(rng)
        face = [face.stem for face in handwriting.FACES].index(stem)
        hand = handwriting.Handwriting(face, pen, drawn.slant, drawn.drift, drawn.untidy, drawn.spread)
        text = str(rng.choice([*words.REMARKS, *words.MATERIALS, *words.OPINIONS, words.name(rng)]))
        height = min(box.height, rng.uniform(2.8, 7.5)) * 0.95
        text = text[: max(1, int(box.width / height))]
        alpha = handwriting.written(hand, text, height, rng)
        spare = max(box.width - alpha.shape[1] / PX, 0)
        x, y = (
            box.x0 + rng.uniform(0.02, 0.7) * spare,
            box.centre[1] - alpha.shape[0] / PX / 2 + rng.normal(0, 0.4),
        )
        self.sheet.ink(alpha, float(x), float(y), pen.colour)
        return f"writing/{stem}"

    def _figures(self, text: str, box: Box, pen: handwriting.WritingPen) -> str:
        height = min(box.height * 0.85, self.rng.uniform(2.0, 5.5))
        x = box.x0 + self.rng.uniform(0.02, 0.5) * max(box.width - len(text) * height * 0.65, 0)
        for figure in text:
            mark = digit(self.library, figure, self.side, pen, height * self.rng.uniform(0.85, 1.1), self.rng)
            width, tall = mark.size_mm
            if x + width > box.x1 + 1:
                break
            y = box.centre[1] - tall / 2 + self.rng.normal(0, 0.25)
            self.sheet.ink(mark.alpha, float(x), float(y), mark.colour)
            x += width + self.rng.uniform(0.1, 0.6)
        return "writing/figures"

    def _typed(self, box: Box) -> None:
        text = str(self.rng.choice([*words.REMARKS, *words.MATERIALS, "2026", "13800001234"]))
        alpha = typed_mask(text, min(box.height * 0.8, self.rng.uniform(2.2, 4.8)))
        self.sheet.ink(
            alpha[:, : round(box.width * PX)],
            box.x0 + 1,
            box.centre[1] - alpha.shape[0] / PX / 2,
            _TYPED_INKS[int(self.rng.integers(len(_TYPED_INKS)))],
        )

    def _seal_over(self, box: Box) -> list[str]:
        pressed = sealing.press(self.library, self.side, "round", self.rng)
        width, height = pressed.mark.size_mm
        x = box.centre[0] + self.rng.uniform(-0.3, 0.3) * box.width
        y = box.centre[1] + self.rng.choice([-1, 1]) * self.rng.uniform(0, pressed.width_mm / 2)
        self.sheet.ink(pressed.mark.alpha, float(x - width / 2), float(y - height / 2), pressed.mark.colour)
        return [pressed.mark.family]

    # -- boxes -------------------------------------------------------------------------------------------

    def _box(self, area: Box) -> tuple[list[str], list[str]]:
        rng = self.rng
        choice = rng.choice(4, p=[0.28, 0.4, 0.12, 0.2])
        if choice == 0:
            return [], self._neighbour_ticked(area) if rng.random() < 0.3 else []
        if choice == 3:
            return self._lay(self._some(_IN_BOXES)[0], area.all_round(1.5))
        box, pen = printed_box(self.sheet, area), pick_pen(rng, colour="red" if rng.random() < 0.12 else None)
        size = min(box.width, box.height)
        if choice == 2:
            alpha, knee_x, knee_y = long_armed_tick(size, pen, rng)
            self.sheet.ink(alpha, box.x0 - knee_x, box.y0 - knee_y, pen.colour)
            return ["tick"], ["tick/long-armed"]
        kind = str(rng.choice(["tick", "tick", "tick", "cross", "fill"]))
        alpha = handwriting.box_mark(kind, size, pen, rng)
        x = box.centre[0] - alpha.shape[1] / PX / 2 + rng.normal(0, size * 0.1)
        y = box.centre[1] - alpha.shape[0] / PX / 2 + rng.normal(0, size * 0.1)
        self.sheet.ink(alpha, float(x), float(y), pen.colour)
        return ["tick"], [f"tick/{kind}"]

    def _neighbour_ticked(self, area: Box) -> list[str]:
        """The arm of another box's tick crosses this one, or ends in it."""
        box, pen = printed_box(self.sheet, area), pick_pen(self.rng)
        size = min(box.width, box.height)
        alpha, knee_x, knee_y = long_armed_tick(size, pen, self.rng)
        x, y = box.x0 - size * self.rng.uniform(1.6, 3.2), box.y0 + size * self.rng.uniform(0.0, 1.6)
        self.sheet.ink(alpha, float(x - knee_x), float(y - knee_y), pen.colour)
        return ["tick/of-a-neighbour"]
