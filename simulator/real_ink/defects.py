"""Defects with real ink: what lies at a place that nobody filled, print altered by pen; and harmless wear.

Kept apart from :data:`simulator.defects.catalogue.DEFECTS`, so that returns without real ink stay as they were.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from extractors.model import FindingCode, IssuedDocument
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea
from simulator.defects.altered_print import PrintedLine, lines_of
from simulator.defects.base import Defect
from simulator.defects.catalogue import DEFECTS
from simulator.filling.planning import blanked, open_areas, required_open
from simulator.paper.sheets import PaperSheet
from simulator.real_ink import overwriting, sealing
from simulator.real_ink.drafts import InkDraft
from simulator.real_ink.lookalikes import KINDS, lay
from simulator.real_ink.pens import pick_pen, signature

INK_DEFECTS: dict[str, Defect] = {}
#: What of today's defects is tried with real ink too: what people forget.
PLAIN = (
    "unsigned",
    "field-blank",
    "date-missing",
    "date-partial",
    "nothing-ticked",
    "seal-elsewhere",
    "page-missing",
)
_FIELD_CODES: dict[FieldKind, FindingCode] = {
    FieldKind.SIGNATURE: "signature-missing",
    FieldKind.TEXT: "field-blank",
    FieldKind.DATE: "field-blank",
}


def ink_defects(*, harmless: bool) -> list[str]:
    """The names of all defects with real ink."""
    return [name for name, defect in INK_DEFECTS.items() if defect.harmless == harmless]


def defect_named(name: str) -> Defect:
    """A defect of either kind.

    :raises ValueError: there is none of that name.
    """

    found = INK_DEFECTS.get(name) or DEFECTS.get(name)
    if found is None:
        raise ValueError(f"no defect named {name!r}")
    return found


def chosen(names: Sequence[str], document: IssuedDocument) -> list[Defect]:
    """The defects of these names.

    :raises ValueError: there is no such defect, or it does not fit the document.
    """
    found = [defect_named(name) for name in names]
    for defect in found:
        if not defect.fits(document):
            raise ValueError(f"{defect.name!r} does not fit {document.form_id}")
    return found


class _Instead(Defect):
    """A place that must be filled holds only something that is none of what belongs there."""

    kind = FieldKind.SIGNATURE

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a place."""
        return any(area.kind == self.kind for area in required_open(document))

    def change_plan(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Leave the place blank."""
        areas = [area for area in required_open(draft.document) if area.kind == self.kind]
        area = areas[int(draft.rng.integers(len(areas)))]
        draft.targets[self.name] = area
        draft.plan[area.id] = blanked(draft.plan[area.id])
        draft.expect(_FIELD_CODES[self.kind], area.id, area.page)

    def change_written_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Put the thing there."""
        area = draft.targets[self.name]
        sheet = draft.sheet(area.page)
        sheet.defects.append(self.name)
        draft.families.append(self.draw(draft, sheet, area))

    def draw(self, draft: InkDraft, sheet: PaperSheet, area: FieldArea) -> str:
        """Draw it; its family."""
        raise NotImplementedError


class _Lookalike(_Instead):
    """One of :data:`simulator.real_ink.lookalikes.KINDS`."""

    def __init__(self, what: str, kind: FieldKind) -> None:
        self.kind, self.what = kind, what
        self.name = f"ink-{kind.value}-{what}"
        self.title = f"应填处只有：{what}"

    def draw(self, draft: InkDraft, sheet: PaperSheet, area: FieldArea) -> str:
        """Lay it into the place."""
        return lay(self.what, sheet, area.box, draft.library, draft.side, draft.rng)


class _NeighbourSigned(_Instead):
    """Somebody else's real signature beside the place reaches into it."""

    name = "ink-signature-neighbour"
    title = "签章处只有旁边签名的一角"

    def draw(self, draft: InkDraft, sheet: PaperSheet, area: FieldArea) -> str:
        """A few millimetres of it cross the left or right edge."""
        rng, box = draft.rng, area.box
        mark = signature(draft.library, draft.side, pick_pen(rng), rng.uniform(18, 34), rng)
        width, height = mark.size_mm
        overlap = min(rng.uniform(1.5, 4.5), box.width * 0.15)
        x = box.x1 - overlap if box.x1 + width - overlap < sheet.width_mm else box.x0 + overlap - width
        y = rng.uniform(box.y0, max(box.y1 - height, box.y0 + 0.1))
        sheet.ink(mark.alpha, float(x), float(y), mark.colour)
        return mark.family


class _NeighbourSealed(_Instead):
    """The rim of a real seal that belongs elsewhere."""

    name = "ink-signature-seal-edge"
    title = "签章处只有别处印章的边缘"

    def draw(self, draft: InkDraft, sheet: PaperSheet, area: FieldArea) -> str:
        """Its middle lies well outside, a few millimetres of its rim inside."""
        rng, box = draft.rng, area.box
        pressed = sealing.press(draft.library, draft.side, "round", rng)
        radius, inside = pressed.width_mm / 2, rng.uniform(2.0, 5.0)
        middles = (
            (box.x0 + inside - radius, box.centre[1]),
            (box.x1 - inside + radius, box.centre[1]),
            (box.centre[0], box.y1 - inside + radius),
        )
        x, y = middles[int(rng.integers(3))]
        width, height = pressed.mark.size_mm
        sheet.ink(pressed.mark.alpha, float(x - width / 2), float(y - height / 2), pressed.mark.colour)
        return pressed.mark.family


class _NothingTicked(Defect):
    """Nothing of a choice is ticked; a stain, a crease, a finger lies over the boxes."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.name = f"ink-checkbox-{what}"
        self.title = f"一项也没有勾选，框上只有：{what}"

    def fits(self, document: IssuedDocument) -> bool:
        """The choice is the enterprise's, and there are boxes."""
        boxes = any(
            area.kind == FieldKind.CHECKBOX for area in required_open(document) or open_areas(document)
        )
        return defect_named("nothing-ticked").fits(document) and boxes

    def change_plan(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Take every tick of one group away."""
        before = {key for key, item in draft.plan.items() if item.methods}
        defect_named("nothing-ticked").change_plan(draft)
        gone = [draft.plan[key].area for key in before if not draft.plan[key].methods]
        boxes = sorted((area for area in gone if area.kind == FieldKind.CHECKBOX), key=lambda area: area.id)
        if boxes:
            draft.targets[self.name] = boxes[int(draft.rng.integers(len(boxes)))]

    def change_written_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Lay it over one of them."""
        area = draft.targets.get(self.name)
        if area is not None:
            box = area.box.all_round(2)
            family = lay(self.what, draft.sheet(area.page), box, draft.library, draft.side, draft.rng)
            draft.families.append(family)


# -- print altered by pen --------------------------------------------------------------------------------


def _fields(draft: InkDraft, sheet: PaperSheet) -> list[Box]:
    return [area.box.all_round(1) for area in open_areas(draft.document) if area.page == sheet.number]


class _Altered(Defect):
    """Print altered by pen: the page is what a reader should name."""

    def _noted(self, draft: InkDraft, sheet: PaperSheet, family: str) -> None:
        sheet.defects.append(self.name)
        draft.families.append(family)
        draft.expect("text-altered", None, sheet.number)


class _DigitOverwritten(_Altered):
    """One digit of a printed number overwritten by pen."""

    name = "ink-print-digit"
    title = "印刷的数字被笔改写"

    def change_blank_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Write another digit over it; a form without numbers has two characters put in instead."""
        runs = [
            (sheet, run)
            for sheet in draft.sheets
            for run in overwriting.numbers(sheet, _fields(draft, sheet))
        ]
        if not runs:
            INK_DEFECTS["ink-print-inserted"].change_blank_sheets(draft)
            return
        sheet, run = runs[int(draft.rng.integers(len(runs)))]
        target = run[int(draft.rng.integers(len(run)))]
        figure, family = overwriting.overwrite(sheet, target, draft.library, draft.side, draft.rng)
        self._noted(draft, sheet, f"{family}:{target.text}>{figure}")


class _ThinlyStruck(_Altered):
    """Printed words struck out by one thin line."""

    name = "ink-print-struck"
    title = "印刷的文字被细线划掉"

    def change_blank_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Through three to eight letters of a line."""
        sheet, line = _some_line(draft, 5)
        length = int(draft.rng.integers(3, min(len(line), 8) + 1))
        start = int(draft.rng.integers(len(line) - length + 1))
        overwriting.strike(sheet, line[start : start + length], draft.rng)
        self._noted(draft, sheet, "strike/thin")


class _Inserted(_Altered):
    """Two characters put in by hand above a printed line."""

    name = "ink-print-inserted"
    title = "印刷的行里插了两个字"

    def change_blank_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Small, with or without a caret."""
        sheet, line = _some_line(draft, 4)
        overwriting.insert(sheet, line, draft.rng)
        self._noted(draft, sheet, "insertion/two")


def _some_line(draft: InkDraft, least: int) -> tuple[PaperSheet, PrintedLine]:
    found = [
        (sheet, line)
        for sheet in draft.sheets
        for line in lines_of(sheet, _fields(draft, sheet))
        if len(line) >= least
    ]
    return found[int(draft.rng.integers(len(found)))]


# -- harmless --------------------------------------------------------------------------------------------


class _OverPrint(Defect):
    """Wear of that kind somewhere on each page, over print, the open places left alone."""

    harmless = True

    def __init__(self, what: str) -> None:
        self.what = what
        self.name = f"ink-worn-{what}"
        self.title = f"页面上有：{what}"

    def change_written_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """One on each page, away from the open places and the page marks."""
        for sheet in draft.sheets:
            places = [
                area.box.all_round(14) for area in open_areas(draft.document) if area.page == sheet.number
            ]
            box = _clear_of(places, sheet, draft.rng)
            if box is not None:
                sheet.defects.append(self.name)
                draft.families.append(lay(self.what, sheet, box, draft.library, draft.side, draft.rng))


class _CreaseAcross(Defect):
    """A crease through a place that is signed and sealed."""

    name = "ink-worn-crease-across"
    title = "折痕穿过签章处"
    harmless = True

    def fits(self, document: IssuedDocument) -> bool:
        """It has a signing place."""
        return any(area.kind == FieldKind.SIGNATURE for area in required_open(document))

    def change_written_sheets(self, draft: InkDraft) -> None:  # type: ignore[override]
        """Through one of them."""
        areas = [area for area in required_open(draft.document) if area.kind == FieldKind.SIGNATURE]
        area = areas[int(draft.rng.integers(len(areas)))]
        draft.families.append(
            lay("crease", draft.sheet(area.page), area.box, draft.library, draft.side, draft.rng)
        )


def _clear_of(places: list[Box], sheet: PaperSheet, rng: np.random.Generator) -> Box | None:
    """A square of 24 mm that touches none of these boxes, nor the corners with the page marks."""
    for _ in range(40):
        x, y = rng.uniform(18, sheet.width_mm - 42), rng.uniform(40, sheet.height_mm - 66)
        box = Box(float(x), float(y), float(x) + 24, float(y) + 24)
        if all(box.overlap_mm2(place) == 0 for place in places):
            return box
    return None


_ALL: tuple[Defect, ...] = (
    *(_Lookalike(what, FieldKind.SIGNATURE) for what in KINDS),
    _NeighbourSigned(),
    _NeighbourSealed(),
    *(
        _Lookalike(what, FieldKind.TEXT)
        for what in ("fingerprint", "stain", "crease", "slip", "smudge", "blot")
    ),
    *(_Lookalike(what, FieldKind.DATE) for what in ("fingerprint", "stain", "crease", "slip")),
    *(_NothingTicked(what) for what in ("stain", "crease", "fingerprint", "smudge")),
    _DigitOverwritten(),
    _ThinlyStruck(),
    _Inserted(),
    *(_OverPrint(what) for what in ("stain", "crease", "fingerprint", "bleed-through", "shadow")),
    _CreaseAcross(),
)
INK_DEFECTS.update({defect.name: defect for defect in _ALL})
