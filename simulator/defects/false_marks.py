"""Defects that resemble an entry or a signature and are none: smudges, folds, staples, strokes from nearby."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from forms.geometry import Box, FieldArea
from simulator.defects.base import Defect, ReturnDraft
from simulator.filling.planning import blanked, required_open
from simulator.ink import handwriting, seals
from simulator.paper.sheets import PX, Alpha, PaperSheet


class _FalseMark(Defect):
    """A required field holds nothing but this mark."""

    kind = FieldKind.SIGNATURE
    code = "signature-missing"

    def fits(self, document: IssuedDocument) -> bool:
        """It has such a field."""
        return any(area.kind == self.kind for area in required_open(document))

    def change_plan(self, draft: ReturnDraft) -> None:
        """Leave that field blank."""
        area = self._area(draft)
        draft.plan[area.id] = blanked(draft.plan[area.id])
        draft.expect(self.code, area.id, area.page)

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Draw the mark in it."""
        area = self._area(draft)
        sheet = draft.sheet(area.page)
        sheet.defects.append(self.name)
        self.draw(sheet, area.box, draft.rng)

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """Draw the mark in that box."""
        raise NotImplementedError

    def _area(self, draft: ReturnDraft) -> FieldArea:
        """The field concerned: always the same for a document, without using the random generator."""
        areas = [area for area in required_open(draft.document) if area.kind == self.kind]
        return areas[sum(map(ord, draft.document.number)) % len(areas)]


def _blob(rows: int, columns: int, rng: np.random.Generator) -> Alpha:
    """A soft irregular patch."""
    coarse = rng.random((5, 5)).astype(np.float32)
    field = cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    patch: Alpha = np.clip(1.3 - 1.5 * (x**2 + y**2), 0, 1).astype(np.float32) * np.clip(field, 0, 1)
    return patch


def _inside(box: Box, width: float, height: float, rng: np.random.Generator) -> tuple[float, float]:
    x = rng.uniform(box.x0, max(box.x1 - width, box.x0 + 0.1))
    return float(x), float(rng.uniform(box.y0, max(box.y1 - height, box.y0 + 0.1)))


class SmudgeOnly(_FalseMark):
    """A smudge, such as of a dirty thumb."""

    name = "smudge-only"
    title = "签章处只有污迹"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """Soft grey ridges, or a plain smear."""
        width, height = min(rng.uniform(10, 20), box.width), min(rng.uniform(10, 22), box.height)
        mask = _blob(round(height * PX), round(width * PX), rng) * rng.uniform(0.12, 0.35)
        if rng.random() < 0.5:
            y, x = np.mgrid[0 : mask.shape[0], 0 : mask.shape[1]]
            bend = np.hypot(x - mask.shape[1] / 2, (y - mask.shape[0]) * 0.7)
            mask *= 0.6 + 0.4 * np.sin(bend / (0.25 * PX / np.pi)).astype(np.float32)
        sheet.ink(mask, *_inside(box, width, height, rng), (70, 65, 60))


class FoldOnly(_FalseMark):
    """The paper was folded across the signature field."""

    name = "fold-only"
    title = "签章处只有折痕"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """A dark and a bright line across the whole page."""
        y = rng.uniform(box.y0 + 2, box.y1 - 2) if box.height > 5 else box.centre[1]
        columns = sheet.pixels.shape[1]
        rows = round(3.0 * PX)
        band = np.zeros((rows, columns), np.float32)
        wander = np.cumsum(rng.normal(0, 0.12, columns))
        middle = rows / 2 + wander - np.linspace(0, wander[-1], columns)
        away = np.abs(np.arange(rows)[:, None] - middle[None])
        band += np.exp(-((away / 4.0) ** 2)) * rng.uniform(0.12, 0.4) + np.exp(-((away / 15.0) ** 2)) * 0.07
        sheet.ink(band.astype(np.float32), 0, float(y) - 1.5, (90, 88, 85))


class StapleOnly(_FalseMark):
    """A staple."""

    name = "staple-only"
    title = "签章处只有订书钉"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """A thin metal bar some 12 mm long."""
        x, y = _inside(box, 12, 8, rng)
        staple(sheet, x, y, rng)


def staple(sheet: PaperSheet, x: float, y: float, rng: np.random.Generator) -> None:
    """A staple with its left end at (x, y)."""
    rise = rng.uniform(-5, 5)
    length = min(12.0, sheet.width_mm - x)
    pen = handwriting.WritingPen("gel", (120, 122, 128), 0.5, 1.0)
    bar = handwriting.strokes([np.array([[0.0, 0.0], [length, rise]])], pen, rng)
    sheet.cover(bar, x, y, (140, 142, 150))
    sheet.ink(bar * 0.35, x + 0.25, y + 0.3, (60, 60, 60))


class StrayLine(_FalseMark):
    """A stray pen stroke across the field."""

    name = "stray-line"
    title = "签章处只有一道无关的笔划"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """One nearly straight line that enters from outside."""
        pen = handwriting.pick_pen(rng)
        reach = np.array([box.width * rng.uniform(0.5, 1.2), rng.uniform(-0.35, 0.35) * box.height])
        line = handwriting.smooth(np.array([[0, 0], reach * 0.5 + rng.normal(0, 0.5, 2), reach]))
        mask = handwriting.strokes([line], pen, rng)
        sheet.ink(
            mask, box.x0 - rng.uniform(2, 12), box.centre[1] + rng.uniform(-0.3, 0.2) * box.height, pen.colour
        )


class NeighbourStroke(_FalseMark):
    """A signature beside the field reaches into it."""

    name = "neighbour-stroke"
    title = "签章处只有旁边笔划的一角"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """A signature whose last few millimetres cross the left or right edge."""
        hand = handwriting.pick_handwriting(rng)
        mask = handwriting.signature(hand, "王某", rng.uniform(18, 26), rng)
        overlap = min(rng.uniform(2.0, 4.5), box.width * 0.15)
        width = mask.shape[1] / PX
        x = box.x1 - overlap if box.x1 + width - overlap < sheet.width_mm else box.x0 + overlap - width
        y = rng.uniform(box.y0, max(box.y1 - mask.shape[0] / PX, box.y0 + 0.1))
        sheet.ink(mask, float(x), float(y), hand.pen.colour)


class SealEdge(_FalseMark):
    """The rim of a seal that belongs elsewhere."""

    name = "seal-edge"
    title = "签章处只有别处印章的边缘"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """A round seal whose middle is well outside, a few millimetres of its rim inside."""
        pressed = seals.press("round", "晋城市某某有限公司", rng)
        radius = pressed.width_mm / 2
        inside = rng.uniform(2.0, 5.0)
        sides = [
            (box.x0 + inside - radius, box.centre[1]),
            (box.x1 - inside + radius, box.centre[1]),
            (box.centre[0], box.y1 - inside + radius),
        ]
        x, y = sides[int(rng.integers(3))]
        rows, columns = pressed.alpha.shape
        sheet.ink(pressed.alpha, float(x - columns / PX / 2), float(y - rows / PX / 2), pressed.colour)


class _FalseText(_FalseMark):
    """A required text field holds nothing but this mark."""

    kind = FieldKind.TEXT
    code = "field-blank"


class TextStrayLine(_FalseText):
    """A stray line through a text field that was left blank."""

    name = "text-stray-line"
    title = "空白处只有一道无关的笔划"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """From above the field to below it."""
        pen = handwriting.pick_pen(rng)
        reach = np.array([rng.uniform(3, 12), box.height * rng.uniform(1.2, 2.0)])
        mask = handwriting.strokes([handwriting.smooth(np.array([[0, 0], reach * 0.5, reach]))], pen, rng)
        x = rng.uniform(box.x0, max(box.x1 - 8, box.x0 + 0.1))
        sheet.ink(mask, float(x), box.centre[1] - mask.shape[0] / PX / 2, pen.colour)


class TextSealEdge(_FalseText):
    """The rim of a seal across a text field that was left blank."""

    name = "text-seal-edge"
    title = "空白处只有印章的边缘"

    def draw(self, sheet: PaperSheet, box: Box, rng: np.random.Generator) -> None:
        """Press a seal whose rim crosses the field."""
        pressed = seals.press("round", "晋城市某某有限公司", rng)
        rows, columns = pressed.alpha.shape
        across = rng.uniform(-0.3, 0.3) * box.width
        y = box.centre[1] + rng.choice([-1, 1]) * (pressed.width_mm / 2 - rng.uniform(0.5, 2.5))
        x = box.centre[0] + across
        sheet.ink(pressed.alpha, float(x - columns / PX / 2), float(y - rows / PX / 2), pressed.colour)
