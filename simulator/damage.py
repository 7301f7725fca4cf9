"""Defects of paper and light: marks destroyed, places covered or under glare, stains, punch holes, show-through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from extractors.model import IssuedDocument
from forms.definition import FieldKind
from forms.geometry import FieldArea
from simulator.filling import typed_mask
from simulator.marks import destroy_mark, mark_boxes, stain
from simulator.planning import required_open
from simulator.seals import press
from simulator.sheets import PX, Alpha, Sheet
from simulator.smudging import staple
from simulator.spoiling import Spoiler, defect

if TYPE_CHECKING:
    from simulator.simulate import Job


# -- harmless ------------------------------------------------------------------------------------------


@defect
class MarkDestroyed(Spoiler):
    """One of the two page marks cannot be read on any page."""

    name = "mark-destroyed"
    title = "每页有一个页码标记毁损"
    harmless = True

    def after(self, job: Job) -> None:
        """A different one, in a different way, on each page."""
        for sheet in job.sheets:
            if sheet.number > 0:
                boxes = mark_boxes(sheet)
                way = destroy_mark(sheet, boxes[int(job.rng.integers(2))], job.rng)
                sheet.defects.append(f"{self.name}:{way}")


@defect
class ShowThrough(Spoiler):
    """Thin paper: another page shows through, mirrored."""

    name = "bleed-through"
    title = "背面透印"
    harmless = True

    def after(self, job: Job) -> None:
        """The next page, faintly, mirrored."""
        before = [sheet.pixels.copy() for sheet in job.sheets]
        for index, sheet in enumerate(job.sheets):
            other = before[(index + 1) % len(before)]
            if other.shape != sheet.pixels.shape:
                continue
            soft = cv2.GaussianBlur(other[:, ::-1], (0, 0), 3.0)
            faint = 255 - (255 - soft.astype(np.float32)) * job.rng.uniform(0.05, 0.16)
            sheet.pixels = cv2.multiply(sheet.pixels, faint.astype(np.uint8), scale=1 / 255)
            sheet.defects.append(self.name)


@defect
class Worn(Spoiler):
    """Stapled, punched, folded twice, a light stain: what every archive's paper looks like."""

    name = "worn"
    title = "装订孔、折痕、浅污渍"
    harmless = True

    def after(self, job: Job) -> None:
        """Some of each, away from the open fields."""
        for sheet in job.sheets:
            if sheet.number <= 0:
                continue
            sheet.defects.append(self.name)
            if job.rng.random() < 0.6:
                staple(sheet, 9, 9, job.rng)
            if job.rng.random() < 0.5:
                self._punch(sheet)
            if job.rng.random() < 0.4:
                middle = (float(job.rng.uniform(60, 150)), float(job.rng.uniform(8, 30)))
                stain(sheet, middle, job.rng.uniform(12, 25), 0.08, job.rng)
            if job.rng.random() < 0.5:
                self._fold(sheet, sheet.height_mm / 2, job.rng)

    @staticmethod
    def _punch(sheet: Sheet) -> None:
        for y in (sheet.height_mm / 2 - 40, sheet.height_mm / 2 + 40):
            cv2.circle(
                sheet.pixels, (round(12 * PX), round(y * PX)), round(2.75 * PX), (70, 70, 70), -1, cv2.LINE_AA
            )

    @staticmethod
    def _fold(sheet: Sheet, y: float, rng: np.random.Generator) -> None:
        band = np.exp(-(((np.arange(40) - 20) / 4.0) ** 2)).astype(np.float32) * rng.uniform(0.05, 0.18)
        sheet.ink(np.repeat(band[:, None], sheet.pixels.shape[1], axis=1), 0, y, (90, 88, 85))


@defect
class ReceivedStamp(Spoiler):
    """The office's own 收件 stamp on the first page."""

    name = "received-stamp"
    title = "首页盖有收件章"
    harmless = True

    def after(self, job: Job) -> None:
        """A frame with 收件 and a number, in the top margin."""
        colour = ((190, 30, 45), (40, 60, 160))[int(job.rng.integers(2))]
        mask = np.zeros((round(14 * PX), round(38 * PX)), np.float32)
        mask[:6] = mask[-6:] = 1
        mask[:, :6] = mask[:, -6:] = 1
        word = typed_mask("收件专用", 4.5)
        mask[20 : 20 + word.shape[0], 60 : 60 + word.shape[1]] = word
        number = typed_mask(f"第{job.rng.integers(1000):03d}号", 3.5)
        mask[90 : 90 + number.shape[0], 90 : 90 + number.shape[1]] = number
        sheet = job.sheets[0]
        sheet.ink(mask * job.rng.uniform(0.5, 0.9), float(job.rng.uniform(60, 110)), 8, colour)
        sheet.defects.append(self.name)


@defect
class SeamSeal(Spoiler):
    """骑缝章: one seal pressed over the fanned right edges of all pages, a slice of it on each."""

    name = "seam-seal"
    title = "盖有骑缝章"
    harmless = True

    def fits(self, document: IssuedDocument) -> bool:
        """A seam needs two pages."""
        return document.pages > 1

    def after(self, job: Job) -> None:
        """Cut the seal into as many slices as there are pages."""
        pressed = press("round", job.ground.enterprise or "晋城市某某有限公司", job.rng)
        issued = [sheet for sheet in job.sheets if sheet.number > 0]
        rows, columns = pressed.alpha.shape
        edges = np.linspace(0, columns, len(issued) + 1).astype(int)
        y = job.rng.uniform(120, 160)
        for sheet, start, end in zip(issued, edges[:-1], edges[1:], strict=True):
            piece = np.ascontiguousarray(pressed.alpha[:, start:end])
            sheet.ink(piece, sheet.width_mm - (end - start) / PX, float(y - rows / PX / 2), pressed.colour)
            sheet.defects.append(self.name)


# -- what hides a place ----------------------------------------------------------------------------------


class _Hidden(Spoiler):
    """A signing place (or, without one, a required blank) that was filled and cannot be seen."""

    def fits(self, document: IssuedDocument) -> bool:
        """There is something to hide."""
        return bool(required_open(document))

    def _area(self, job: Job) -> FieldArea:
        areas = required_open(job.document)
        signing = [area for area in areas if area.kind == FieldKind.SIGNATURE] or areas
        return signing[int(job.rng.integers(len(signing)))]

    def _note(self, job: Job, *areas: FieldArea) -> None:
        job.sheet(areas[0].page).defects.append(self.name)
        for area in areas:
            missing = "signature-missing" if area.kind == FieldKind.SIGNATURE else "field-blank"
            job.expect("area-not-visible", area.id, area.page, also=(missing, "text-altered"))


@defect
class Covered(_Hidden):
    """A slip of paper lay over the place."""

    name = "area-covered"
    title = "应填处被便条遮住"

    def after(self, job: Job) -> None:
        """A slip larger than the place, with a shadow."""
        area = self._area(job)
        box = area.box.grown(left=6, right=6, up=5, down=5)
        slip = np.ones((round(box.height * PX), round(box.width * PX)), np.float32)
        sheet = job.sheet(area.page)
        sheet.ink(cv2.GaussianBlur(slip, (0, 0), 5) * 0.3, box.x0 + 0.8, box.y0 + 0.8, (60, 60, 60))
        colour = ((252, 236, 130), (250, 190, 190), (180, 225, 180), (235, 235, 240))[
            int(job.rng.integers(4))
        ]
        sheet.cover(slip, box.x0, box.y0, colour)
        self._note(job, area)


@defect
class Glare(_Hidden):
    """A lamp's reflection burnt the place out."""

    name = "area-glare"
    title = "应填处反光看不清"

    def after(self, job: Job) -> None:
        """Print and writing fade into white, softly."""
        area = self._area(job)
        x, y = area.box.centre
        width, height = area.box.width * 0.9 + 16, area.box.height * 0.9 + 16
        rows, columns = round(2 * height * PX), round(2 * width * PX)
        v, u = np.mgrid[-2 : 2 : rows * 1j, -2 : 2 : columns * 1j]
        mask: Alpha = np.clip(2.2 - 1.7 * np.hypot(u, v), 0, 1).astype(np.float32)
        job.sheet(area.page).cover(mask, x - width, y - height, (255, 255, 255))
        self._note(job, area)


@defect
class CutOff(_Hidden):
    """The bottom of the page, with the place, was cut or torn away."""

    name = "area-cut"
    title = "应填处所在的下半页缺失"

    def after(self, job: Job) -> None:
        """Everything from the upper part of the place on is the scanner's lid: the places below are gone with it."""
        area = self._area(job)
        sheet = job.sheet(area.page)
        torn = area.box.y0 + 0.15 * area.box.height
        tone = int(job.rng.choice([255, 20, 90]))
        sheet.pixels[round(torn * PX) :] = tone
        sheet.marks_whole -= 1
        places = (item for item in required_open(job.document) if item.page == area.page)
        self._note(job, *(item for item in places if item.box.centre[1] > torn))
