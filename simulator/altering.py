"""Defects of print: what was issued no longer stands on the paper as it was issued.

Forgers use the same printer: replaced characters are copied from elsewhere in the same document, so face and
size agree. Everything happens before the form is filled, outside the open fields.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np

from forms.geometry import Box
from simulator import people, words
from simulator.planning import open_areas
from simulator.sheets import PX, Alpha, Letter, Sheet
from simulator.spoiling import Spoiler, defect

if TYPE_CHECKING:
    from simulator.simulate import Job

_INK = (12, 12, 14)
Line = list[Letter]


def lines_of(sheet: Sheet, avoid: list[Box]) -> list[Line]:
    """The body's printed lines, without what stands in these boxes: letters left to right, lines downwards."""
    body = [
        letter
        for letter in sheet.letters
        if 36 < letter.box.centre[1] < 262 and not any(letter.box.overlap_mm2(box) > 0 for box in avoid)
    ]
    lines: list[Line] = []
    for letter in sorted(body, key=lambda item: item.box.centre[1]):
        if lines and abs(np.median([item.box.centre[1] for item in lines[-1]]) - letter.box.centre[1]) < 2.2:
            lines[-1].append(letter)
        else:
            lines.append([letter])
    return [sorted(line, key=lambda item: item.box.x0) for line in lines]


def _runs(line: Line) -> list[Line]:
    """Parts of a line without a gap (a table's cells stand apart)."""
    runs: list[Line] = [[line[0]]]
    for before, letter in itertools.pairwise(line):
        if letter.box.x0 - before.box.x1 > 6:
            runs.append([])
        runs[-1].append(letter)
    return runs


def _somewhere(job: Job, length: int) -> tuple[Sheet, Line]:
    """A run of at least so many letters on some page, cut to that length."""
    found = [
        (sheet, run)
        for sheet in job.sheets
        for line in _lines(job, sheet)
        for run in _runs(line)
        if len(run) >= length
    ]
    sheet, run = found[int(job.rng.integers(len(found)))]
    start = int(job.rng.integers(len(run) - length + 1))
    return sheet, run[start : start + length]


def _lines(job: Job, sheet: Sheet) -> list[Line]:
    avoid = [area.box.all_round(1) for area in open_areas(job.document) if area.page == sheet.number]
    return lines_of(sheet, avoid)


def _around(letters: Line) -> Box:
    box = letters[0].box
    for letter in letters[1:]:
        box = box.union(letter.box)
    return box


def _patch(sheet: Sheet, box: Box) -> Alpha:
    """The ink of a box as a mask."""
    return 1.0 - sheet.window(box).mean(axis=2).astype(np.float32) / 255


def _is_cjk(text: str) -> bool:
    return "\u4e00" <= text <= "\u9fff"


class _Altered(Spoiler):
    """Shared: the page that was altered is what a reader should name."""

    def _note(self, job: Job, sheet: Sheet) -> None:
        sheet.defects.append(self.name)
        job.expect("text-altered", None, sheet.number)


def _replace(sheet: Sheet, target: Letter, donor_sheet: Sheet, donor: Letter) -> None:
    """Put another letter where one stood: middles aligned, digits on their line."""
    ink = _patch(donor_sheet, donor.box.all_round(0.1))
    sheet.window(target.box.all_round(0.15))[:] = 255
    x = target.box.centre[0] - ink.shape[1] / PX / 2
    y = target.box.centre[1] - ink.shape[0] / PX / 2
    if not _is_cjk(target.text):
        y = target.box.y1 + 0.1 - ink.shape[0] / PX
    sheet.ink(ink, x, y, _INK)


def _donors(job: Job, target: Letter) -> list[tuple[Sheet, Letter]]:
    """Letters of another kind and the same size, anywhere in the document's body."""
    size = max(target.box.height, target.box.width)
    return [
        (sheet, letter)
        for sheet in job.sheets
        for line in _lines(job, sheet)
        for letter in line
        if letter.text != target.text
        and letter.text.isdigit() == target.text.isdigit()
        and _is_cjk(letter.text) == _is_cjk(target.text)
        and abs(max(letter.box.height, letter.box.width) - size) < 0.12 * size
    ]


@defect
class DigitChanged(_Altered):
    """One digit of the printed text is another."""

    name = "print-digit"
    title = "印刷的数字被改"

    def paper(self, job: Job) -> None:
        """Copy another digit over it."""
        digits = [
            (sheet, letter)
            for sheet in job.sheets
            for line in _lines(job, sheet)
            for letter in line
            if letter.text.isdigit() and _donors(job, letter)
        ]
        if not digits:  # a form without digits: then a character
            WordChanged().paper(job)
            return
        sheet, target = digits[int(job.rng.integers(len(digits)))]
        donors = _donors(job, target)
        _replace(sheet, target, *donors[int(job.rng.integers(len(donors)))])
        self._note(job, sheet)


@defect
class WordChanged(_Altered):
    """One to three characters are others, of the same face."""

    name = "print-word"
    title = "印刷的文字被改"

    def paper(self, job: Job) -> None:
        """Copy other characters over them."""
        for _ in range(200):
            sheet, run = _somewhere(job, int(job.rng.integers(1, 4)))
            if all(_is_cjk(letter.text) and _donors(job, letter) for letter in run):
                break
        for target in run:
            donors = _donors(job, target)
            _replace(sheet, target, *donors[int(job.rng.integers(len(donors)))])
        self._note(job, sheet)


@defect
class StruckOut(_Altered):
    """Printed words struck out by pen, with or without others written above."""

    name = "print-struck"
    title = "印刷的文字被划掉"

    def paper(self, job: Job) -> None:
        """One or two lines through them."""
        sheet, run = _somewhere(job, int(job.rng.integers(3, 8)))
        box, hand = _around(run), people.pick_hand(job.rng)
        for _ in range(int(job.rng.integers(1, 3))):
            tilt = job.rng.uniform(-0.8, 0.8, 2)
            ends = np.array([[box.x0 - 1, tilt[0]], [box.centre[0], 0.2], [box.x1 + 1, tilt[1]]])
            mask = people.strokes([people.smooth(ends)], hand.pen, job.rng)
            sheet.ink(mask, box.x0 - 1, box.centre[1] - mask.shape[0] / PX / 2, hand.pen.colour)
        if job.rng.random() < 0.4:
            text = people.written(hand, str(job.rng.choice(words.LEDGER)), 4.5, job.rng)
            sheet.ink(text, box.x0, box.y0 - 0.2 - text.shape[0] / PX, hand.pen.colour)
        self._note(job, sheet)


@defect
class WhitedOver(_Altered):
    """Correction fluid or tape over printed words."""

    name = "print-whited"
    title = "印刷的文字被涂白"

    def paper(self, job: Job) -> None:
        """A patch slightly whiter or greyer than paper, with a faint edge."""
        sheet, run = _somewhere(job, int(job.rng.integers(2, 9)))
        box = _around(run).grown(left=0.8, right=0.8, up=0.6, down=0.6)
        rows, columns = round(box.height * PX), round(box.width * PX)
        mask = np.ones((rows, columns), np.float32)
        rough = cv2.resize(
            job.rng.random((4, columns // 20 + 2), np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC
        )
        edge = np.minimum.reduce(np.meshgrid(_depth(columns), _depth(rows)))
        mask[edge < 10 * rough] = 0
        tone = int(job.rng.integers(244, 256))
        sheet.cover(mask, box.x0, box.y0, (tone, tone, tone))
        sheet.ink(
            cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3))) * 0.1, box.x0, box.y0, (90, 90, 90)
        )
        self._note(job, sheet)


def _depth(size: int) -> np.ndarray:
    steps = np.arange(size)
    return np.minimum(steps, size - 1 - steps)


@defect
class PastedOver(_Altered):
    """A strip with another printed line pasted over one."""

    name = "print-pasted"
    title = "印刷的一行被贴改"

    def paper(self, job: Job) -> None:
        """Copy a different line's strip over this line, its edge casting a thin shadow."""
        sheet, run = _somewhere(job, 6)
        for _ in range(50):
            from_sheet, other = _somewhere(job, 6)
            if [item.text for item in other] != [item.text for item in run]:
                break
        box = _around(run).all_round(0.6)
        ink = _patch(from_sheet, _around(other).all_round(0.2))
        strip = np.ones((round(box.height * PX), round(box.width * PX)), np.float32)
        sheet.cover(strip, box.x0, box.y0, (252, 252, 250))
        room = ink[: strip.shape[0], : strip.shape[1]]
        sheet.ink(np.ascontiguousarray(room), box.x0 + 0.4, box.y0 + 0.4, _INK)
        shadow = np.zeros_like(strip)
        shadow[-2:], shadow[:, -2:] = 0.35, 0.35
        sheet.ink(shadow, box.x0, box.y0, (60, 60, 60))
        self._note(job, sheet)


@defect
class LineInserted(_Altered):
    """Words put in between two printed lines, small or by hand."""

    name = "print-inserted"
    title = "在印刷的两行之间加了字"

    def paper(self, job: Job) -> None:
        """Typed small from the document's own letters, or written."""
        sheet, box = self._gap(job)
        height = min(box.height * 0.8, 4.2)
        if job.rng.random() < 0.5:
            hand = people.pick_hand(job.rng)
            mask = people.written(hand, str(job.rng.choice(words.MATERIALS)), height, job.rng)
            sheet.ink(mask, box.x0 + 5, box.centre[1] - mask.shape[0] / PX / 2, hand.pen.colour)
        else:
            from_sheet, run = _somewhere(job, int(job.rng.integers(4, 7)))
            ink = _patch(from_sheet, _around(run))
            factor = height * PX / ink.shape[0]
            small = cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
            sheet.ink(small, box.x0 + 5, box.centre[1] - small.shape[0] / PX / 2, _INK)
        self._note(job, sheet)

    @staticmethod
    def _gap(job: Job) -> tuple[Sheet, Box]:
        """The widest gaps between lines that follow each other, where no field stands."""
        gaps = []
        for sheet in job.sheets:
            lines = _lines(job, sheet)
            areas = [area.box for area in open_areas(job.document) if area.page == sheet.number]
            for above, below in itertools.pairwise(lines):
                upper, lower = _around(above), _around(below)
                left = max(upper.x0, lower.x0)
                box = Box(left, upper.y1 + 0.2, min(max(upper.x1, left + 45), 182), lower.y0 - 0.2)
                clear = not any(box.overlap_mm2(area) > 0 for area in areas)
                if clear and 2.4 < box.height < 14:
                    gaps.append((sheet, box))
        if not gaps:
            sheet = job.sheets[0]
            return sheet, Box(60, 264.0, 120, 268.0)
        return gaps[int(job.rng.integers(len(gaps)))]
