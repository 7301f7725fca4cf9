"""Print altered by pen: digits of codes, sums, dates and telephones overwritten, thin strikes, small insertions."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np

from forms.geometry import Box
from simulator.defects.altered_print import PrintedLine, lines_of
from simulator.ink import handwriting
from simulator.paper.sheets import PX, PaperSheet, PrintedCharacter
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.pens import digit, pick_pen
from simulator.real_ink.strokes import thin_strike

#: What a digit is easily made into by a few strokes more.
_EASY = {
    "0": "689",
    "1": "4790",
    "2": "38",
    "3": "8",
    "4": "9",
    "5": "68",
    "6": "8",
    "7": "912",
    "8": "0",
    "9": "8",
}
#: Of characters that the handwritten typefaces hold: they are cut down to what :mod:`simulator.ink.words` says.
_INSERTED = ("容缺", "补正", "承诺", "专家", "三日", "尽快", "提前", "增加", "同意", "齐全")


def easily_made(figure: str) -> str:
    """The digits that a printed digit is easily made into by a few strokes more."""
    return _EASY[figure]


def numbers(sheet: PaperSheet, avoid: list[Box], least: int = 4) -> list[PrintedLine]:
    """Runs of at least so many printed digits: codes, sums, years and days, telephone numbers."""
    runs: list[PrintedLine] = []
    for line in lines_of(sheet, avoid):
        for is_digit, group in itertools.groupby(line, key=lambda letter: letter.text.isdigit()):
            run = list(group)
            if is_digit and len(run) >= least:
                runs.append(run)
    return runs


def overwrite(
    sheet: PaperSheet, target: PrintedCharacter, library: InkLibrary, side: Side, rng: np.random.Generator
) -> tuple[str, str]:
    """Write another digit over a printed one; the digit written, and its family."""
    easy = easily_made(target.text) if rng.random() < 0.6 else "0123456789".replace(target.text, "")
    figure = str(rng.choice(list(easy)))
    pen = pick_pen(rng, kind=str(rng.choice(["ballpoint", "gel", "gel"])))
    pen = replace(pen, width_mm=max(pen.width_mm, 0.3), strength=max(pen.strength, 0.8))  # people press hard
    mark = digit(library, figure, side, pen, target.box.height * rng.uniform(0.95, 1.5), rng)
    x, y = target.box.centre
    width, height = mark.size_mm
    sheet.ink(
        mark.alpha, x - width / 2 + rng.normal(0, 0.15), y - height / 2 + rng.normal(0, 0.2), mark.colour
    )
    return figure, mark.family


def strike(sheet: PaperSheet, run: PrintedLine, rng: np.random.Generator) -> None:
    """One thin line through some letters."""
    pen = replace(pick_pen(rng, kind="ballpoint"), width_mm=float(rng.uniform(0.14, 0.32)))
    left, right = run[0].box.x0 - rng.uniform(0, 1), run[-1].box.x1 + rng.uniform(0, 1)
    alpha = thin_strike(right - left, pen, rng)
    y = float(np.mean([letter.box.centre[1] for letter in run])) + rng.normal(0, 0.3)
    sheet.ink(alpha, left - pen.width_mm * 2, y - alpha.shape[0] / PX / 2, pen.colour)


def insert(sheet: PaperSheet, line: PrintedLine, rng: np.random.Generator) -> str:
    """Two characters written small above a line, often with a caret; what was written."""
    text = str(rng.choice(_INSERTED))
    hand = replace(handwriting.pick_handwriting(rng), pen=pick_pen(rng, kind="ballpoint"))
    place = line[int(rng.integers(1, max(len(line), 2)))] if len(line) > 1 else line[0]
    alpha = handwriting.written(hand, text, rng.uniform(2.4, 3.6), rng)
    bottom = place.box.y0 + rng.uniform(-0.6, 0.5)
    x = place.box.x0 - alpha.shape[1] / PX / 2
    sheet.ink(alpha, x, bottom - alpha.shape[0] / PX, hand.pen.colour)
    if rng.random() < 0.6:
        caret = handwriting.strokes([np.array([[0.0, 1.6], [0.8, 0.0], [1.6, 1.6]])], hand.pen, rng)
        sheet.ink(caret, place.box.x0 - 0.9, place.box.y1 - 1.4, hand.pen.colour)
    return text
