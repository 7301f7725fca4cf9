"""Sheets for fitting the look at print: many alterations on a page, each with the pixels it changed.

No person alters ten places of a page; but each place is learned from by itself. What is fitted to pages without any
alteration is as important: they hold everything legitimate that reaches over print.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractors.model import Image
from forms.geometry import Box
from simulator.defects.altered_print import PrintedLine, around, is_cjk, lines_of
from simulator.defects.catalogue import DEFECTS
from simulator.filling.planning import open_areas
from simulator.ink import handwriting, words
from simulator.paper.sheets import PX, Alpha, PaperSheet, PrintedCharacter
from simulator.real_ink import overwriting
from simulator.real_ink.defects import INK_DEFECTS
from simulator.real_ink.drafts import InkDraft
from simulator.real_ink.families import of_side
from simulator.real_ink.pens import digit, pick_pen

#: What can have been done to a character.
ALTERATIONS = ("overwritten", "struck", "removed", "replaced", "inserted")
_CHANGED = 25  # levels of 255 from which a pixel counts as changed
_BLACK = (14, 14, 16)


class WatchedSheet(PaperSheet):
    """A sheet that remembers what was touched since :meth:`watch`."""

    __slots__ = ("_touched",)
    _touched: list[tuple[Image, Image]] | None

    def watch(self) -> None:
        """Begin anew."""
        self._touched = []

    def leave(self) -> None:
        """Remember nothing any more."""
        self._touched = None

    def changed(self) -> list[tuple[int, int, NDArray[np.bool_]]]:
        """The places touched since: left, top in px, and which pixels are other ones now."""
        places = []
        for before, now in self._touched or ():
            mask = cv2.absdiff(before, np.ascontiguousarray(now)).max(axis=2) > _CHANGED
            if mask.any():
                offset = (
                    now.__array_interface__["data"][0] - self.pixels.__array_interface__["data"][0]
                ) // 3
                places.append((offset % self.pixels.shape[1], offset // self.pixels.shape[1], mask))
        return places

    def window(self, box: Box) -> Image:
        """As the sheet's, remembered."""
        view = super().window(box)
        self._remember(view)
        return view

    def _window(self, alpha: Alpha, x_mm: float, y_mm: float) -> tuple[Image, Alpha]:
        view, mask = super()._window(alpha, x_mm, y_mm)
        self._remember(view)
        return view, mask

    def _remember(self, view: Image) -> None:
        touched = getattr(self, "_touched", None)
        if touched is not None and view.size:
            touched.append((view.copy(), view))


def watched(sheet: PaperSheet) -> WatchedSheet:
    """The same sheet, watched."""
    new = WatchedSheet(sheet.number, sheet.pixels, sheet.width_mm, sheet.height_mm, sheet.characters)
    new.watch()
    return new


@dataclass(frozen=True, slots=True, eq=False)
class AlteredPlace:
    """What was done somewhere on a page: left, top in px of the sheet, and which pixels it changed."""

    page: int
    what: str
    family: str
    left: int
    top: int
    mask: NDArray[np.bool_]


@dataclass(slots=True, eq=False)
class Alterer:
    """Alters the blank sheets of a draft, one place after the other."""

    draft: InkDraft
    places: list[AlteredPlace] = field(default_factory=list)
    _lines: dict[int, list[PrintedLine]] = field(default_factory=dict)

    def alter(self, times: int) -> None:
        """So many alterations, of all kinds."""
        names = list(_WAYS)
        weights = np.array([_WAYS[name][0] for name in names])
        for _ in range(times):
            name = str(self.draft.rng.choice(names, p=weights / weights.sum()))
            for sheet in self.draft.sheets:
                sheet.watch()  # type: ignore[attr-defined]
            self._put(name)
            for sheet in self.draft.sheets:
                for left, top, mask in sheet.changed():  # type: ignore[attr-defined]
                    what = _WAYS[name][1]
                    self.places.append(AlteredPlace(sheet.number, what, name, left, top, mask))

    def _put(self, name: str) -> None:
        way = _WAYS[name][2]
        if way is None:
            defect = INK_DEFECTS.get(name) or DEFECTS[name]
            defect.change_blank_sheets(self.draft)
        else:
            way(self)

    # -- places ------------------------------------------------------------------------------------------

    def fields(self, sheet: PaperSheet) -> list[Box]:
        """Where a page is filled in; what is put there is no alteration."""
        areas = open_areas(self.draft.document)
        return [area.box.all_round(1) for area in areas if area.page == sheet.number]

    def lines(self, sheet: PaperSheet) -> list[PrintedLine]:
        """The printed lines outside the fields."""
        if sheet.number not in self._lines:
            self._lines[sheet.number] = lines_of(sheet, self.fields(sheet))
        return self._lines[sheet.number]

    def some_sheet(self) -> PaperSheet:
        """A page with text on it."""
        able = [sheet for sheet in self.draft.sheets if len(sheet.characters) > 20]
        return able[int(self.draft.rng.integers(len(able)))]

    def some_run(self, least: int, most: int) -> tuple[PaperSheet, PrintedLine]:
        """So many characters beside each other."""
        rng = self.draft.rng
        for _ in range(50):
            sheet = self.some_sheet()
            lines = [line for line in self.lines(sheet) if len(line) >= least]
            if lines:
                break
        line = lines[int(rng.integers(len(lines)))]
        length = int(rng.integers(least, min(most, len(line)) + 1))
        start = int(rng.integers(len(line) - length + 1))
        run = [line[start]]
        for before, letter in itertools.pairwise(line[start : start + length]):
            if letter.box.x0 - before.box.x1 > 6:
                break
            run.append(letter)
        return sheet, run

    def some_character(self, test: Callable[[str], bool]) -> tuple[PaperSheet, PrintedCharacter] | None:
        """A printed character of that kind; None where the page has none."""
        rng = self.draft.rng
        sheet = self.some_sheet()
        able = [letter for line in self.lines(sheet) for letter in line if test(letter.text)]
        return (sheet, able[int(rng.integers(len(able)))]) if able else None

    def donor(self, sheet: PaperSheet, target: PrintedCharacter, wanted: str) -> Alpha | None:
        """The print of some other character of the same size, of these."""
        rng = self.draft.rng
        able = [
            letter
            for letter in sheet.characters
            if letter.text in wanted
            and letter.text != target.text
            and abs(letter.box.height - target.box.height) < 0.15 * target.box.height
        ]
        if not able:
            return None
        box = able[int(rng.integers(len(able)))].box.all_round(0.1)
        ink = 1.0 - sheet.window(box).mean(axis=2).astype(np.float32) / 255
        return np.asarray(ink, np.float32)

    def pen(self) -> handwriting.WritingPen:
        """Blue or black, seldom red."""
        rng = self.draft.rng
        return pick_pen(rng, colour="red" if rng.random() < 0.12 else None)

    def hand(self, pen: handwriting.WritingPen) -> handwriting.Handwriting:
        """A handwriting of this side of the families."""
        rng, faces = self.draft.rng, [face.stem for face in handwriting.FACES]
        pool = of_side(faces, self.draft.side)
        hand = handwriting.pick_handwriting(rng)
        return replace(hand, face=faces.index(pool[int(rng.integers(len(pool)))]), pen=pen)


# -- ways of altering ------------------------------------------------------------------------------------


def _digit_overwritten(it: Alterer) -> None:
    found = it.some_character(str.isdigit)
    if found:
        overwriting.overwrite(*found, it.draft.library, it.draft.side, it.draft.rng)


def _strokes_added(it: Alterer) -> None:
    """Only the strokes that the other digit has more, by pen: 3 made 8, 1 made 7."""
    found = it.some_character(str.isdigit)
    if not found:
        return
    sheet, target = found
    rng = it.draft.rng
    other = it.donor(sheet, target, overwriting.easily_made(target.text)) if rng.random() < 0.75 else None
    other = it.donor(sheet, target, "0123456789") if other is None else other
    if other is None:
        return
    own = 1.0 - sheet.window(target.box.all_round(0.1)).mean(axis=2).astype(np.float32) / 255
    rows, columns = (max(a, b) for a, b in zip(own.shape, other.shape, strict=True))
    own, other = (_centred(item, rows, columns) for item in (own, other))
    more = np.clip(other - cv2.dilate(own, np.ones((2, 2), np.uint8)), 0, 1)
    more = np.asarray(cv2.GaussianBlur((more > 0.4).astype(np.float32), (0, 0), 1.0), np.float32)
    width = int(rng.integers(1, 5))
    more = cv2.dilate(more, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)))
    shear = np.array([[1, rng.normal(0, 0.08), 0], [rng.normal(0, 0.04), rng.uniform(0.95, 1.1), 0]])
    more = cv2.warpAffine(more, shear, (columns + 4, rows + 4))
    pen = it.pen()
    x = target.box.centre[0] - columns / PX / 2 + rng.normal(0, 0.08)
    y = target.box.centre[1] - rows / PX / 2 + rng.normal(0, 0.08)
    sheet.ink(np.asarray(np.clip(more * 1.4, 0, 1) * max(pen.strength, 0.75), np.float32), x, y, pen.colour)


def _centred(ink: Alpha, rows: int, columns: int) -> Alpha:
    """On paper of that size, its foot at the foot, its middle in the middle."""
    paper = np.zeros((rows, columns), np.float32)
    left = (columns - ink.shape[1]) // 2
    paper[rows - ink.shape[0] :, left : left + ink.shape[1]] = ink
    return paper


def _letter_overwritten(it: Alterer) -> None:
    """A Latin letter or Chinese character with another one written over it."""
    rng = it.draft.rng
    latin = rng.random() < 0.4
    found = it.some_character((lambda text: text.isascii() and text.isalpha()) if latin else is_cjk)
    if not found:
        return
    sheet, target = found
    pen = it.pen()
    pen = replace(pen, width_mm=max(pen.width_mm, 0.3))
    pool = "ABCDEFGHJKLMNPQRTUWXY0123456789" if latin else "".join(words.LEDGER) + "二三五大不同意无元年月日"
    text = str(rng.choice([letter for letter in pool if letter != target.text and letter.strip()]))
    alpha = handwriting.written(it.hand(pen), text, target.box.height * rng.uniform(0.8, 1.3), rng)
    x, y = target.box.centre
    sheet.ink(
        alpha, x - alpha.shape[1] / PX / 2, y - alpha.shape[0] / PX / 2 + rng.normal(0, 0.2), pen.colour
    )


def _printed_over(it: Alterer) -> None:
    """Another character of the same print over the first one."""
    rng = it.draft.rng
    found = it.some_character(str.isdigit if rng.random() < 0.7 else str.isalnum)
    if not found:
        return
    sheet, target = found
    wanted = "0123456789" if target.text.isdigit() else "".join({item.text for item in sheet.characters})
    other = it.donor(sheet, target, "".join(c for c in wanted if is_cjk(c) == is_cjk(target.text)))
    if other is not None:
        x = target.box.centre[0] - other.shape[1] / PX / 2 + rng.normal(0, 0.1)
        sheet.ink(other, x, target.box.y1 + 0.1 - other.shape[0] / PX + rng.normal(0, 0.1), _BLACK)


def _replaced(it: Alterer) -> None:
    """Other characters of the same print in place of one to three."""
    rng = it.draft.rng
    found = it.some_character(str.isdigit) if rng.random() < 0.5 else None
    sheet, run = (found[0], [found[1]]) if found else it.some_run(1, 3)
    for target in run:
        if not target.text.isalnum():
            continue
        wanted = {item.text for item in sheet.characters if item.text.isdigit() == target.text.isdigit()}
        other = it.donor(sheet, target, "".join(c for c in wanted if is_cjk(c) == is_cjk(target.text)))
        if other is None:
            continue
        sheet.window(target.box.all_round(0.15))[:] = 255
        x = target.box.centre[0] - other.shape[1] / PX / 2 + rng.normal(0, 0.06)
        sheet.ink(other, x, target.box.y1 + 0.1 - other.shape[0] / PX + rng.normal(0, 0.06), _BLACK)


def _part_struck(it: Alterer) -> None:
    """One to six characters struck out: by a line, two, a slanting one, a cross, a scribble."""
    rng = it.draft.rng
    sheet, run = it.some_run(1, 6)
    box, pen = around(run), it.pen()
    way = rng.choice(["line", "lines", "slash", "cross", "scribble"], p=[0.4, 0.15, 0.2, 0.1, 0.15])
    x0, x1 = box.x0 - rng.uniform(0, 0.8), box.x1 + rng.uniform(0, 0.8)
    y0, y1, middle = box.y0 - rng.uniform(0, 0.5), box.y1 + rng.uniform(0, 0.5), box.centre[1]
    if way in ("line", "lines"):
        heights = [middle + rng.normal(0, 0.15 * box.height) for _ in range(1 if way == "line" else 2)]
        lines = [
            np.array([[x0, y], [(x0 + x1) / 2, y + rng.normal(0, 0.15)], [x1, y + rng.normal(0, 0.3)]])
            for y in heights
        ]
    elif way == "slash":
        lines = [np.array([[x0, y1], [(x0 + x1) / 2 + rng.normal(0, 0.2), middle], [x1, y0]])]
    elif way == "cross":
        lines = [
            np.array([[x0, y1], [box.centre[0], middle], [x1, y0]]),
            np.array([[x0, y0], [box.centre[0], middle], [x1, y1]]),
        ]
    else:
        count = int(rng.integers(5, 12))
        xs, ys = np.linspace(x0, x1, count), np.where(np.arange(count) % 2, y0, y1)
        lines = [np.column_stack([xs + rng.normal(0, 0.15, count), ys + rng.normal(0, 0.2, count)])]
    lines = [handwriting.smooth(line) for line in lines]
    alpha = handwriting.strokes(lines, pen, rng)
    low = np.concatenate(lines).min(axis=0) - pen.width_mm * 2
    sheet.ink(alpha, float(low[0]), float(low[1]), pen.colour)


def _removed(it: Alterer) -> None:
    """One to five characters scraped or rubbed away, wholly or in part; seldom with others written in their place."""
    rng = it.draft.rng
    sheet, run = it.some_run(1, 5)
    box = around(run).all_round(float(rng.uniform(0.1, 0.5)))
    if rng.random() < 0.35:  # only a part of one character
        part = rng.uniform(0.35, 0.8)
        box = Box(
            run[0].box.x0 - 0.2,
            run[0].box.y0 - 0.2,
            run[0].box.x0 + run[0].box.width * part,
            run[0].box.y1 + 0.2,
        )
    rows, columns = round(box.height * PX), round(box.width * PX)
    cells = (rows // 6 + 2, columns // 6 + 2)
    rough = cv2.resize(rng.random(cells).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    mask = np.clip(rng.uniform(0.75, 1.3) + (rough - 0.5) * rng.uniform(0, 0.6), 0, 1)
    tone = int(rng.integers(235, 256))
    sheet.cover(np.asarray(mask, np.float32), box.x0, box.y0, (tone, tone, int(tone - rng.integers(0, 5))))
    if rng.random() < 0.3:
        _write_into(it, sheet, run)


def _write_into(it: Alterer, sheet: PaperSheet, run: PrintedLine) -> None:
    rng, box, pen = it.draft.rng, around(run), it.pen()
    if all(letter.text.isdigit() for letter in run):
        for letter in run:
            mark = digit(it.draft.library, str(rng.integers(10)), it.draft.side, pen, box.height, rng)
            sheet.ink(mark.alpha, letter.box.centre[0] - mark.size_mm[0] / 2, box.y0, mark.colour)
        return
    text = str(rng.choice(words.MATERIALS))[: len(run)]
    alpha = handwriting.written(it.hand(pen), text, box.height, rng)
    sheet.ink(alpha, box.x0, box.centre[1] - alpha.shape[0] / PX / 2, pen.colour)


def _squeezed_in(it: Alterer) -> None:
    """A digit right before, after or between the digits of a number; a word behind a line's end; by pen or printed."""
    rng = it.draft.rng
    sheet = it.some_sheet()
    fields = it.fields(sheet)
    runs = overwriting.numbers(sheet, fields, 1)
    if rng.random() < 0.3 or not runs:
        runs = it.lines(sheet)
    run = runs[int(rng.integers(len(runs)))]
    after = rng.random() < 0.65
    end = run[-1] if after else run[0]
    height, pen = end.box.height, it.pen()
    if end.text.isdigit() or rng.random() < 0.3:
        printed = it.donor(sheet, end, "0123456789") if rng.random() < 0.35 else None
        if printed is not None:
            alpha, colour = printed, _BLACK
        else:
            mark = digit(
                it.draft.library,
                str(rng.integers(10)),
                it.draft.side,
                pen,
                height * rng.uniform(0.7, 1.2),
                rng,
            )
            alpha, colour = mark.alpha, mark.colour
    else:
        text = str(rng.choice(words.MATERIALS))[: int(rng.integers(1, 3))]
        alpha, colour = (
            handwriting.written(it.hand(pen), text, max(height, 2.2) * rng.uniform(0.7, 1.1), rng),
            pen.colour,
        )
    width, gap = alpha.shape[1] / PX, rng.uniform(0.0, 0.6)
    x = end.box.x1 + gap if after else end.box.x0 - gap - width
    y = end.box.centre[1] - alpha.shape[0] / PX / 2 + rng.normal(0, 0.2)
    place = Box(float(x), float(y), float(x) + width, float(y) + alpha.shape[0] / PX)
    if not any(place.overlap_mm2(field) > 0 for field in fields):  # there it would be an entry
        sheet.ink(alpha, place.x0, place.y0, colour)


def _put_between(it: Alterer) -> None:
    """One to four characters written small above or below some printed ones, in the gap between two lines or across it;
    with whatever pen.
    """
    rng = it.draft.rng
    sheet, run = it.some_run(1, 3)
    pen, box = it.pen(), around(run)
    pool = [*words.MATERIALS, *words.REMARKS, *words.OPINIONS]
    text = str(rng.choice(pool))[: int(rng.integers(1, 5))]
    alpha = handwriting.written(it.hand(pen), text, rng.uniform(1.9, 4.2), rng)
    high, wide = alpha.shape[0] / PX, alpha.shape[1] / PX
    overlap = rng.uniform(-0.8, 0.7)
    y = box.y0 + overlap - high if rng.random() < 0.75 else box.y1 - overlap
    x = box.x0 + rng.uniform(-0.8, 0.3) * wide
    place = Box(float(x), float(y), float(x) + wide, float(y) + high)
    inside = place.within(Box(8, 8, sheet.width_mm - 8, sheet.height_mm - 8))
    if inside and not any(place.overlap_mm2(field) > 0 for field in it.fields(sheet)):
        sheet.ink(alpha, place.x0, place.y0, pen.colour)


#: Per way: how often, what it is, and how it is done; None: the defect of that name.
_WAYS: dict[str, tuple[float, str, Callable[[Alterer], None] | None]] = {
    "digit-overwritten": (7, "overwritten", _digit_overwritten),
    "strokes-added": (8, "overwritten", _strokes_added),
    "letter-overwritten": (2, "overwritten", _letter_overwritten),
    "printed-over": (2, "overwritten", _printed_over),
    "ink-print-struck": (1.5, "struck", None),
    "print-struck": (0.4, "struck", None),
    "part-struck": (2.5, "struck", _part_struck),
    "removed": (2.5, "removed", _removed),
    "print-whited": (0.4, "removed", None),
    "replaced": (4, "replaced", _replaced),
    "print-digit": (0.3, "replaced", None),
    "print-word": (0.2, "replaced", None),
    "print-pasted": (0.2, "replaced", None),
    "put-between": (5, "inserted", _put_between),
    "ink-print-inserted": (2.5, "inserted", None),
    "print-inserted": (0.5, "inserted", None),
    "squeezed-in": (3, "inserted", _squeezed_in),
}
