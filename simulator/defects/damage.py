"""Defects of paper and light: page marks destroyed, fields covered or in glare, stains, punch holes, show-through."""

from __future__ import annotations

import cv2
import numpy as np

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from forms.geometry import FieldArea
from simulator.defects.base import Defect, ReturnDraft
from simulator.defects.false_marks import staple
from simulator.filling.planning import required_open
from simulator.ink.printing import typed_mask
from simulator.ink.seals import press
from simulator.paper.page_marks import destroy_mark, mark_boxes, stain
from simulator.paper.sheets import PX, Alpha, PaperSheet

# -- harmless ------------------------------------------------------------------------------------------


class MarkDestroyed(Defect):
    """One of the two page marks cannot be read on any page."""

    name = "mark-destroyed"
    title = "每页有一个页码标记毁损"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """On each page one of the two, in one of several ways."""
        for sheet in draft.sheets:
            if sheet.number > 0:
                boxes = mark_boxes(sheet)
                if len(boxes) < 2:
                    continue
                way = destroy_mark(sheet, boxes[int(draft.rng.integers(2))], draft.rng)
                sheet.defects.append(f"{self.name}:{way}")


class ShowThrough(Defect):
    """Thin paper: another page shows through."""

    name = "bleed-through"
    title = "背面透印"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Add the next page, faint and mirrored."""
        before = [sheet.pixels.copy() for sheet in draft.sheets]
        for index, sheet in enumerate(draft.sheets):
            other = before[(index + 1) % len(before)]
            if other.shape != sheet.pixels.shape:
                continue
            soft = cv2.GaussianBlur(other[:, ::-1], (0, 0), 3.0)
            faint = 255 - (255 - soft.astype(np.float32)) * draft.rng.uniform(0.05, 0.16)
            sheet.pixels = np.asarray(
                cv2.multiply(sheet.pixels, faint.astype(np.uint8), scale=1 / 255), np.uint8
            )
            sheet.defects.append(self.name)


class WornPaper(Defect):
    """Stapled, punched, folded, lightly stained: what filed paper looks like."""

    name = "worn"
    title = "装订孔、折痕、浅污渍"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Some of each, near the edges."""
        for sheet in draft.sheets:
            if sheet.number <= 0:
                continue
            sheet.defects.append(self.name)
            if draft.rng.random() < 0.6:
                staple(sheet, 9, 9, draft.rng)
            if draft.rng.random() < 0.5:
                self._punch(sheet)
            if draft.rng.random() < 0.4:
                middle = (float(draft.rng.uniform(60, 150)), float(draft.rng.uniform(8, 30)))
                stain(sheet, middle, draft.rng.uniform(12, 25), 0.08, draft.rng)
            if draft.rng.random() < 0.5:
                self._fold(sheet, sheet.height_mm / 2, draft.rng)

    @staticmethod
    def _punch(sheet: PaperSheet) -> None:
        for y in (sheet.height_mm / 2 - 40, sheet.height_mm / 2 + 40):
            cv2.circle(
                sheet.pixels, (round(12 * PX), round(y * PX)), round(2.75 * PX), (70, 70, 70), -1, cv2.LINE_AA
            )

    @staticmethod
    def _fold(sheet: PaperSheet, y: float, rng: np.random.Generator) -> None:
        band = np.exp(-(((np.arange(40) - 20) / 4.0) ** 2)).astype(np.float32) * rng.uniform(0.05, 0.18)
        sheet.ink(np.repeat(band[:, None], sheet.pixels.shape[1], axis=1), 0, y, (90, 88, 85))


class ReceivedStamp(Defect):
    """The receipt stamp (收件章) of the office on the first page."""

    name = "received-stamp"
    title = "首页盖有收件章"
    harmless = True

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """A frame with 收件专用 and a number, in the top margin."""
        colour = ((190, 30, 45), (40, 60, 160))[int(draft.rng.integers(2))]
        mask = np.zeros((round(14 * PX), round(38 * PX)), np.float32)
        mask[:6] = mask[-6:] = 1
        mask[:, :6] = mask[:, -6:] = 1
        word = typed_mask("收件专用", 4.5)
        mask[20 : 20 + word.shape[0], 60 : 60 + word.shape[1]] = word
        number = typed_mask(f"第{draft.rng.integers(1000):03d}号", 3.5)
        mask[90 : 90 + number.shape[0], 90 : 90 + number.shape[1]] = number
        sheet = draft.sheets[0]
        sheet.ink(mask * draft.rng.uniform(0.5, 0.9), float(draft.rng.uniform(60, 110)), 8, colour)
        sheet.defects.append(self.name)


class SeamSeal(Defect):
    """A seam seal (骑缝章): one seal pressed across the fanned right edges of all pages, a slice of it on each."""

    name = "seam-seal"
    title = "盖有骑缝章"
    harmless = True

    def fits(self, document: IssuedDocument) -> bool:
        """It takes two pages."""
        return document.pages > 1

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Cut the seal into as many slices as there are pages."""
        pressed = press("round", draft.context.enterprise or "晋城市某某有限公司", draft.rng)
        issued = [sheet for sheet in draft.sheets if sheet.number > 0]
        rows, columns = pressed.alpha.shape
        edges = np.linspace(0, columns, len(issued) + 1).astype(int)
        y = draft.rng.uniform(120, 160)
        for sheet, start, end in zip(issued, edges[:-1], edges[1:], strict=True):
            piece = np.ascontiguousarray(pressed.alpha[:, start:end])
            sheet.ink(piece, sheet.width_mm - (end - start) / PX, float(y - rows / PX / 2), pressed.colour)
            sheet.defects.append(self.name)


# -- hidden fields ----------------------------------------------------------------------------------------


class _Hidden(Defect):
    """A signature field (or, without one, another required field) that was filled and cannot be seen."""

    def fits(self, document: IssuedDocument) -> bool:
        """There is something to hide."""
        return bool(required_open(document))

    def _area(self, draft: ReturnDraft) -> FieldArea:
        areas = required_open(draft.document)
        signing = [area for area in areas if area.kind == FieldKind.SIGNATURE] or areas
        return signing[int(draft.rng.integers(len(signing)))]

    def _record(self, draft: ReturnDraft, *areas: FieldArea) -> None:
        draft.sheet(areas[0].page).defects.append(self.name)
        for area in areas:
            missing = "signature-missing" if area.kind == FieldKind.SIGNATURE else "field-blank"
            draft.expect("area-not-visible", area.id, area.page, also=(missing, "text-altered"))


class CoveredArea(_Hidden):
    """A slip of paper covered the field."""

    name = "area-covered"
    title = "应填处被便条遮住"

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """A slip larger than the field, with a shadow."""
        area = self._area(draft)
        box = area.box.grown(left=6, right=6, up=5, down=5)
        slip = np.ones((round(box.height * PX), round(box.width * PX)), np.float32)
        sheet = draft.sheet(area.page)
        sheet.ink(cv2.GaussianBlur(slip, (0, 0), 5) * 0.3, box.x0 + 0.8, box.y0 + 0.8, (60, 60, 60))
        colour = ((252, 236, 130), (250, 190, 190), (180, 225, 180), (235, 235, 240))[
            int(draft.rng.integers(4))
        ]
        sheet.cover(slip, box.x0, box.y0, colour)
        self._record(draft, area)


class Glare(_Hidden):
    """The reflection of a lamp overexposed the field."""

    name = "area-glare"
    title = "应填处反光看不清"

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Print and writing fade into white, softly."""
        area = self._area(draft)
        x, y = area.box.centre
        width, height = area.box.width * 0.9 + 16, area.box.height * 0.9 + 16
        rows, columns = round(2 * height * PX), round(2 * width * PX)
        v, u = np.mgrid[-2 : 2 : rows * 1j, -2 : 2 : columns * 1j]
        mask: Alpha = np.clip(2.2 - 1.7 * np.hypot(u, v), 0, 1).astype(np.float32)
        draft.sheet(area.page).cover(mask, x - width, y - height, (255, 255, 255))
        self._record(draft, area)


class CutOff(_Hidden):
    """The lower part of the page was cut or torn off, and the field with it."""

    name = "area-cut"
    title = "应填处所在的下半页缺失"

    def change_written_sheets(self, draft: ReturnDraft) -> None:
        """Below the upper part of the field only the lid of the scanner shows: the fields further down are lost too."""
        area = self._area(draft)
        sheet = draft.sheet(area.page)
        torn = area.box.y0 + 0.15 * area.box.height
        tone = int(draft.rng.choice([255, 20, 90]))
        sheet.pixels[round(torn * PX) :] = tone
        sheet.marks_whole -= 1
        lost = (item for item in required_open(draft.document) if item.page == area.page)
        self._record(draft, *(item for item in lost if item.box.centre[1] > torn))
