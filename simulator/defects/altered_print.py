"""Defects of altered print (篡改): the printed text of the issued document was changed.

A forger has the same printer, so replaced characters are copied from elsewhere in the same document: typeface and
size agree. Everything happens before the form is filled, outside the open fields.
"""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from forms.geometry import Box
from simulator.defects.base import Defect, ReturnDraft
from simulator.filling.planning import open_areas
from simulator.ink import handwriting, words
from simulator.paper.sheets import PX, Alpha, PaperSheet, PrintedCharacter

_INK = (12, 12, 14)
PrintedLine = list[PrintedCharacter]


def lines_of(sheet: PaperSheet, avoid: list[Box]) -> list[PrintedLine]:
    """The printed lines of the page body, outside these boxes: from top to bottom, each from left to right."""
    body = [
        character
        for character in sheet.characters
        if 36 < character.box.centre[1] < 262 and not any(character.box.overlap_mm2(box) > 0 for box in avoid)
    ]
    lines: list[PrintedLine] = []
    for character in sorted(body, key=lambda item: item.box.centre[1]):
        if (
            lines
            and abs(np.median([item.box.centre[1] for item in lines[-1]]) - character.box.centre[1]) < 2.2
        ):
            lines[-1].append(character)
        else:
            lines.append([character])
    return [sorted(line, key=lambda item: item.box.x0) for line in lines]


def _runs(line: PrintedLine) -> list[PrintedLine]:
    """Parts of a line without a wide gap: the cells of a table row stand apart."""
    runs: list[PrintedLine] = [[line[0]]]
    for before, character in itertools.pairwise(line):
        if character.box.x0 - before.box.x1 > 6:
            runs.append([])
        runs[-1].append(character)
    return runs


def _random_run(draft: ReturnDraft, length: int) -> tuple[PaperSheet, PrintedLine]:
    """A randomly chosen run of that many characters on some page."""
    found = [
        (sheet, run)
        for sheet in draft.sheets
        for line in _lines(draft, sheet)
        for run in _runs(line)
        if len(run) >= length
    ]
    sheet, run = found[int(draft.rng.integers(len(found)))]
    start = int(draft.rng.integers(len(run) - length + 1))
    return sheet, run[start : start + length]


def _lines(draft: ReturnDraft, sheet: PaperSheet) -> list[PrintedLine]:
    avoid = [area.box.all_round(1) for area in open_areas(draft.document) if area.page == sheet.number]
    return lines_of(sheet, avoid)


def around(characters: PrintedLine) -> Box:
    """The box around some characters."""
    box = characters[0].box
    for character in characters[1:]:
        box = box.union(character.box)
    return box


def _patch(sheet: PaperSheet, box: Box) -> Alpha:
    """The ink in a box as a mask, 0..1."""
    ink: Alpha = 1.0 - sheet.window(box).mean(axis=2).astype(np.float32) / 255
    return ink


def is_cjk(text: str) -> bool:
    """Whether it is one Chinese character."""
    return "\u4e00" <= text <= "\u9fff"


class _Altered(Defect):
    """A reader should report the page that was altered."""

    def _record(self, draft: ReturnDraft, sheet: PaperSheet) -> None:
        sheet.defects.append(self.name)
        draft.expect("text-altered", None, sheet.number)


def _replace(
    sheet: PaperSheet, target: PrintedCharacter, donor_sheet: PaperSheet, donor: PrintedCharacter
) -> None:
    """Print another character where one stood: centred on it; digits and letters on its baseline."""
    ink = _patch(donor_sheet, donor.box.all_round(0.1))
    sheet.window(target.box.all_round(0.15))[:] = 255
    x = target.box.centre[0] - ink.shape[1] / PX / 2
    y = target.box.centre[1] - ink.shape[0] / PX / 2
    if not is_cjk(target.text):
        y = target.box.y1 + 0.1 - ink.shape[0] / PX
    sheet.ink(ink, x, y, _INK)


def _donors(draft: ReturnDraft, target: PrintedCharacter) -> list[tuple[PaperSheet, PrintedCharacter]]:
    """Different characters of the same class and size, anywhere in the body of the document."""
    size = max(target.box.height, target.box.width)
    return [
        (sheet, character)
        for sheet in draft.sheets
        for line in _lines(draft, sheet)
        for character in line
        if character.text != target.text
        and character.text.isdigit() == target.text.isdigit()
        and is_cjk(character.text) == is_cjk(target.text)
        and abs(max(character.box.height, character.box.width) - size) < 0.12 * size
    ]


class DigitChanged(_Altered):
    """One digit of the printed text was replaced."""

    name = "print-digit"
    title = "印刷的数字被改"

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """Copy another digit over it."""
        digits = [
            (sheet, character)
            for sheet in draft.sheets
            for line in _lines(draft, sheet)
            for character in line
            if character.text.isdigit() and _donors(draft, character)
        ]
        if not digits:  # a form without digits: a character is replaced instead
            WordChanged().change_blank_sheets(draft)
            return
        sheet, target = digits[int(draft.rng.integers(len(digits)))]
        donors = _donors(draft, target)
        _replace(sheet, target, *donors[int(draft.rng.integers(len(donors)))])
        self._record(draft, sheet)


class WordChanged(_Altered):
    """One to three characters were replaced by others of the same typeface."""

    name = "print-word"
    title = "印刷的文字被改"

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """Copy other characters over them."""
        for _ in range(200):
            sheet, run = _random_run(draft, int(draft.rng.integers(1, 4)))
            if all(is_cjk(character.text) and _donors(draft, character) for character in run):
                break
        for target in run:
            donors = _donors(draft, target)
            _replace(sheet, target, *donors[int(draft.rng.integers(len(donors)))])
        self._record(draft, sheet)


class StruckOut(_Altered):
    """Printed words struck out by pen, with or without others written above."""

    name = "print-struck"
    title = "印刷的文字被划掉"

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """Draw one or two lines through them."""
        sheet, run = _random_run(draft, int(draft.rng.integers(3, 8)))
        box, hand = around(run), handwriting.pick_handwriting(draft.rng)
        for _ in range(int(draft.rng.integers(1, 3))):
            tilt = draft.rng.uniform(-0.8, 0.8, 2)
            ends = np.array([[box.x0 - 1, tilt[0]], [box.centre[0], 0.2], [box.x1 + 1, tilt[1]]])
            mask = handwriting.strokes([handwriting.smooth(ends)], hand.pen, draft.rng)
            sheet.ink(mask, box.x0 - 1, box.centre[1] - mask.shape[0] / PX / 2, hand.pen.colour)
        if draft.rng.random() < 0.4:
            text = handwriting.written(hand, str(draft.rng.choice(words.LEDGER)), 4.5, draft.rng)
            sheet.ink(text, box.x0, box.y0 - 0.2 - text.shape[0] / PX, hand.pen.colour)
        self._record(draft, sheet)


class WhitedOver(_Altered):
    """Correction fluid or tape over printed words."""

    name = "print-whited"
    title = "印刷的文字被涂白"

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """A patch slightly whiter or greyer than paper, with a faint edge."""
        sheet, run = _random_run(draft, int(draft.rng.integers(2, 9)))
        box = around(run).grown(left=0.8, right=0.8, up=0.6, down=0.6)
        rows, columns = round(box.height * PX), round(box.width * PX)
        mask = np.ones((rows, columns), np.float32)
        rough = cv2.resize(
            draft.rng.random((4, columns // 20 + 2), np.float32),
            (columns, rows),
            interpolation=cv2.INTER_CUBIC,
        )
        edge = np.minimum.reduce(np.meshgrid(_depth(columns), _depth(rows)))
        mask[edge < 10 * rough] = 0
        tone = int(draft.rng.integers(244, 256))
        sheet.cover(mask, box.x0, box.y0, (tone, tone, tone))
        sheet.ink(
            cv2.morphologyEx(mask, cv2.MORPH_GRADIENT, np.ones((3, 3))) * 0.1, box.x0, box.y0, (90, 90, 90)
        )
        self._record(draft, sheet)


def _depth(size: int) -> np.ndarray:
    steps = np.arange(size)
    return np.minimum(steps, size - 1 - steps)


class PastedOver(_Altered):
    """A strip with another printed line was pasted over one."""

    name = "print-pasted"
    title = "印刷的一行被贴改"

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """Copy the strip of a different line over this line; its edge casts a thin shadow."""
        sheet, run = _random_run(draft, 6)
        for _ in range(50):
            from_sheet, other = _random_run(draft, 6)
            if [item.text for item in other] != [item.text for item in run]:
                break
        box = around(run).all_round(0.6)
        ink = _patch(from_sheet, around(other).all_round(0.2))
        strip = np.ones((round(box.height * PX), round(box.width * PX)), np.float32)
        sheet.cover(strip, box.x0, box.y0, (252, 252, 250))
        room = ink[: strip.shape[0], : strip.shape[1]]
        sheet.ink(np.ascontiguousarray(room), box.x0 + 0.4, box.y0 + 0.4, _INK)
        shadow = np.zeros_like(strip)
        shadow[-2:], shadow[:, -2:] = 0.35, 0.35
        sheet.ink(shadow, box.x0, box.y0, (60, 60, 60))
        self._record(draft, sheet)


class LineInserted(_Altered):
    """Words were inserted between two printed lines, in small print or by hand."""

    name = "print-inserted"
    title = "在印刷的两行之间加了字"

    def change_blank_sheets(self, draft: ReturnDraft) -> None:
        """Print them small from characters of the document, or write them."""
        sheet, box = self._gap(draft)
        height = min(box.height * 0.8, 4.2)
        if draft.rng.random() < 0.5:
            hand = handwriting.pick_handwriting(draft.rng)
            mask = handwriting.written(hand, str(draft.rng.choice(words.MATERIALS)), height, draft.rng)
            sheet.ink(mask, box.x0 + 5, box.centre[1] - mask.shape[0] / PX / 2, hand.pen.colour)
        else:
            from_sheet, run = _random_run(draft, int(draft.rng.integers(4, 7)))
            ink = _patch(from_sheet, around(run))
            factor = height * PX / ink.shape[0]
            small = np.asarray(
                cv2.resize(ink, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA), np.float32
            )
            sheet.ink(small, box.x0 + 5, box.centre[1] - small.shape[0] / PX / 2, _INK)
        self._record(draft, sheet)

    @staticmethod
    def _gap(draft: ReturnDraft) -> tuple[PaperSheet, Box]:
        """A gap between two successive lines that holds no field."""
        gaps = []
        for sheet in draft.sheets:
            lines = _lines(draft, sheet)
            areas = [area.box for area in open_areas(draft.document) if area.page == sheet.number]
            for above, below in itertools.pairwise(lines):
                upper, lower = around(above), around(below)
                left = max(upper.x0, lower.x0)
                box = Box(left, upper.y1 + 0.2, min(max(upper.x1, left + 45), 182), lower.y0 - 0.2)
                clear = not any(box.overlap_mm2(area) > 0 for area in areas)
                if clear and 2.4 < box.height < 14:
                    gaps.append((sheet, box))
        if not gaps:
            sheet = draft.sheets[0]
            return sheet, Box(60, 264.0, 120, 268.0)
        return gaps[int(draft.rng.integers(len(gaps)))]
