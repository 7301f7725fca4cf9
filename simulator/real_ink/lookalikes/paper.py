"""What paper and light do at a place: creases, staples, shadows, smudges, show-through, stickers."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from simulator.ink import handwriting
from simulator.ink.printing import typed_mask
from simulator.paper.sheets import PX, Alpha, Colour, PaperSheet
from simulator.real_ink import sealing
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.lookalikes.liquids import blob
from simulator.real_ink.pens import pick_pen, signature

Laying = Callable[[PaperSheet, tuple[float, float], float, np.random.Generator], None]


def _centred(sheet: PaperSheet, alpha: Alpha, at: tuple[float, float], colour: Colour) -> None:
    sheet.ink(alpha, at[0] - alpha.shape[1] / PX / 2, at[1] - alpha.shape[0] / PX / 2, colour)


# -- creases -------------------------------------------------------------------------------------------


def _crease(
    length: int, rng: np.random.Generator, *, wander: float, slope: float = 0.0
) -> tuple[Alpha, Alpha]:
    """How dark and how bright paper is along one crease, in a level strip of that length, px."""
    rows = round(9 * PX + abs(slope) * length)
    walk = cv2.GaussianBlur(np.cumsum(rng.normal(0, wander, length)).astype(np.float32)[None], (0, 0), 4)[0]
    walk -= np.linspace(walk[0], walk[-1], length, dtype=np.float32)
    along = np.linspace(-0.5, 0.5, length, dtype=np.float32)
    away = np.arange(rows, dtype=np.float32)[:, None] - rows / 2 - (walk + slope * length * along)[None]
    vary = np.clip(0.7 + 0.4 * np.sin(along * rng.uniform(3, 20) + rng.uniform(0, 6)), 0, 1)[None]
    sharp, soft = rng.uniform(1.2, 4.5), rng.uniform(10, 28)
    dark = np.exp(-((away / sharp) ** 2)) * vary * rng.uniform(0.1, 0.55)
    dark += np.exp(-((away / soft) ** 2)) * rng.uniform(0.02, 0.12)
    bright = rng.uniform(0.2, 0.8) if rng.random() < 0.5 else 0.0
    light = np.exp(-(((away - sharp * 1.7) / sharp) ** 2)) * bright
    return dark.astype(np.float32), light.astype(np.float32)


def _fold(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Folded across or along the whole page."""
    upright = rng.random() < 0.35
    whole = sheet.height_mm if upright else sheet.width_mm
    dark, light = _crease(round(2 * whole * PX), rng, wander=0.15, slope=float(rng.normal(0, 0.012)))
    if upright:
        dark, light = np.ascontiguousarray(dark.T), np.ascontiguousarray(light.T)
    _lay_crease(sheet, at, (dark, light))


def _slanting(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A crease at any angle, ending where the paper was flat again."""
    length = round(rng.uniform(1.2, 3.0) * max(size, 12) * PX)
    fields = _crease(length, rng, wander=0.5)
    fade = np.clip(1.4 - np.abs(np.linspace(-1.4, 1.4, length)), 0, 1).astype(np.float32)[None]
    turn = cv2.getRotationMatrix2D((0, 0), rng.uniform(0, 360), 1)[:, :2]
    rows = fields[0].shape[0]
    move = np.column_stack(
        [turn, np.array([length / 2, length / 2]) - turn @ np.array([length / 2, rows / 2])]
    )
    dark, light = (cv2.warpAffine(item * fade, move, (length, length)) for item in fields)
    _lay_crease(sheet, at, (np.asarray(dark, np.float32), np.asarray(light, np.float32)))


def _crumpled(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Crumpled and smoothed: three to six short creases that meet."""
    for _ in range(int(rng.integers(3, 7))):
        point = at[0] + rng.normal(0, size * 0.25), at[1] + rng.normal(0, size * 0.2)
        _slanting(sheet, point, size * 0.5, rng)


def _lay_crease(sheet: PaperSheet, at: tuple[float, float], fields: tuple[Alpha, Alpha]) -> None:
    dark, light = fields
    _centred(sheet, dark, at, (70, 68, 66))
    sheet.cover(
        light * 0.7, at[0] - light.shape[1] / PX / 2, at[1] - light.shape[0] / PX / 2, (255, 255, 255)
    )


CREASES: dict[str, Laying] = {"fold": _fold, "slanting": _slanting, "crumpled": _crumpled}


# -- staples, shadows, smudges -----------------------------------------------------------------------------


def _bar(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A staple: a bar of metal with a glint, and its shadow."""
    length, angle = min(rng.uniform(8, 13), size * 1.2), rng.uniform(0, np.pi)
    end = np.array([np.cos(angle), np.sin(angle)]) * length
    pen = handwriting.WritingPen("gel", (120, 122, 128), float(rng.uniform(0.4, 0.7)), 1.0)
    bar = handwriting.strokes([np.array([[0.0, 0.0], end])], pen, rng)
    tone = int(rng.integers(90, 185))
    x, y = at[0] - bar.shape[1] / PX / 2, at[1] - bar.shape[0] / PX / 2
    sheet.ink(cv2.GaussianBlur(bar, (0, 0), 2) * 0.6, x + 0.3, y + 0.4, (60, 60, 60))
    sheet.cover(bar, x, y, (tone, tone, tone + 8))


def _holes(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """The two holes a staple left, with rust about them."""
    half = min(6.0, size * 0.6)
    for sign in (-1, 1):
        side = round(rng.uniform(1.2, 3.0) * PX)
        hole = cv2.GaussianBlur(blob(side, rng, rough=0.3), (0, 0), 2.0) * 0.9
        _centred(sheet, hole * 0.5, (at[0] + sign * half, at[1]), (150, 90, 40))
        _centred(sheet, blob(round(0.9 * PX), rng), (at[0] + sign * half, at[1]), (30, 28, 26))


def _clip(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A paper clip's wire: two long bends."""
    length, wide = min(rng.uniform(14, 30), size * 1.4), rng.uniform(3.0, 6.0)
    turn = np.linspace(-np.pi / 2, np.pi / 2, 12)
    cap = np.column_stack([length + np.cos(turn) * wide / 2, np.sin(turn) * wide / 2])
    line = np.vstack([[[0.0, -wide / 2]], cap, [[length * 0.3, wide / 2]]])
    angle = rng.uniform(0, 2 * np.pi)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    pen = handwriting.WritingPen("gel", (120, 122, 128), 0.9, 1.0)
    wire = handwriting.strokes([line @ matrix.T], pen, rng)
    tone = int(rng.integers(100, 200))
    x, y = at[0] - wire.shape[1] / PX / 2, at[1] - wire.shape[0] / PX / 2
    sheet.ink(cv2.GaussianBlur(wire, (0, 0), 3) * 0.5, x + 0.5, y + 0.6, (60, 60, 60))
    sheet.cover(wire, x, y, (tone, tone, tone))


def _punched(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A filing hole: dark or grey, as the lid behind it is, with a shadow at its edge."""
    side = round(min(rng.uniform(5.0, 6.5), size * 1.1) * PX)
    canvas = np.zeros((side + 8, side + 8), np.uint8)
    cv2.circle(canvas, (side // 2 + 4, side // 2 + 4), side // 2, 255, -1, cv2.LINE_AA)
    hole = np.asarray(canvas / 255, np.float32)
    x, y = at[0] - hole.shape[1] / PX / 2, at[1] - hole.shape[0] / PX / 2
    sheet.ink(cv2.GaussianBlur(hole, (0, 0), 3) * 0.4, x + 0.2, y + 0.3, (60, 60, 60))
    tone = int(rng.choice([rng.integers(5, 60), rng.integers(150, 250)]))
    sheet.cover(hole, x, y, (tone, tone, tone))


STAPLES: dict[str, Laying] = {"bar": _bar, "holes": _holes, "clip": _clip, "punched": _punched}


def _hand(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A soft shadow with one clear edge."""
    side = round(max(size, 20) * rng.uniform(1.5, 3.0) * PX)
    patch = blob(side, rng, rough=0.4, round_=rng.uniform(0.4, 1.0))
    soft = cv2.GaussianBlur(cv2.resize(patch, (side // 4, side // 4)), (0, 0), rng.uniform(2, 18))
    _centred(sheet, cv2.resize(soft, (side, side)) * rng.uniform(0.15, 0.55), at, (45, 45, 50))


def _edge(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """The shadow of another sheet's edge: dark at the edge, fading to one side."""
    side = round(rng.uniform(60, 150) * PX)
    angle = rng.normal(0, 0.1) + (np.pi / 2 if rng.random() < 0.5 else 0)
    steps = np.arange(side, dtype=np.float32) - side / 2
    x, y = np.meshgrid(steps, steps)
    across = (-x * np.sin(angle) + y * np.cos(angle)) / PX
    away = np.where(across > 0, np.exp(-across / rng.uniform(0.5, 5)), np.exp(across / 0.15))
    fade = np.clip(1.4 - np.abs(x * np.cos(angle) + y * np.sin(angle)) / (side / 2) * 1.4, 0, 1)
    _centred(sheet, (away * fade * rng.uniform(0.15, 0.6)).astype(np.float32), at, (45, 45, 50))


def _lit(library: InkLibrary, name: str) -> Laying:
    """Light as it really fell on some paper, over a part of the page."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        side = round(max(size, 20) * rng.uniform(2.0, 4.0) * PX)
        light = cv2.resize(library.shades[name], (side, side), interpolation=cv2.INTER_CUBIC)
        window = cv2.createHanningWindow((side, side), cv2.CV_32F)
        dark = np.clip(1 - light, 0, 1) * np.clip(window * 3, 0, 1)
        _centred(sheet, np.asarray(dark, np.float32), at, (0, 0, 0))

    return lay


def shadows(library: InkLibrary) -> dict[str, Laying]:
    """Every family of shadows."""
    real = {name: _lit(library, name) for name in library.shades}
    return {"hand": _hand, "edge": _edge, **real}


def _thumb(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A grey smear, soft all round."""
    side = round(size * rng.uniform(0.3, 1.0) * PX)
    patch = blob(side, rng, rough=0.4, round_=rng.uniform(0.3, 1))
    cloud = cv2.resize(
        rng.uniform(0.1, 1, (6, 6)).astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC
    )
    soft = cv2.GaussianBlur(patch * np.clip(cloud, 0, 1), (0, 0), rng.uniform(3, 14)) * rng.uniform(0.15, 0.5)
    _centred(sheet, np.asarray(soft, np.float32), at, (70, 65, 60))


def _graphite(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Rubbed out: grey streaks one beside the other."""
    rows, columns = (round(size * rng.uniform(0.2, 0.7) * PX) for _ in range(2))
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (rows, columns)).astype(np.float32), (0, 0), sigmaX=14, sigmaY=1.5
    )
    grain = np.clip(grain / max(grain.std(), 1e-3) * 0.4 + 0.3, 0, 1)
    window = np.outer(np.hanning(rows), np.hanning(columns)).astype(np.float32)
    _centred(sheet, grain * window * rng.uniform(0.3, 0.6), at, (75, 75, 80))


def _toner(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A copier's dirt: specks in a cloud."""
    side = round(size * rng.uniform(0.5, 1.0) * PX)
    window = np.outer(np.hanning(side), np.hanning(side)).astype(np.float32)
    specks = (rng.random((side, side)) < window * rng.uniform(0.002, 0.02)).astype(np.float32)
    grown = np.clip(cv2.GaussianBlur(cv2.dilate(specks, np.ones((2, 2))), (0, 0), 0.9) * 2.5, 0, 1)
    _centred(sheet, np.asarray(grown, np.float32), at, (40, 40, 40))


def _highlighter(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A text marker's band, one stroke or two: clear colour, darker where it started."""
    inks: tuple[Colour, ...] = (
        (250, 240, 60),
        (120, 240, 120),
        (255, 130, 190),
        (255, 170, 60),
        (110, 200, 255),
    )
    colour = inks[int(rng.integers(len(inks)))]
    for _ in range(int(rng.integers(1, 3))):
        columns, rows = (round(size * rng.uniform(0.8, 2.0) * PX), round(rng.uniform(3.0, 5.0) * PX))
        band = np.full((rows, columns), rng.uniform(0.4, 0.9), np.float32)
        band[:, : max(2, rows // 3)] *= 1.1
        turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), rng.normal(0, 3), 1)
        wide = cv2.copyMakeBorder(band, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
        alpha = cv2.warpAffine(wide, turn, (columns + 8, rows + 8))
        point = at[0] + rng.normal(0, size * 0.1), at[1] + rng.normal(0, size * 0.15)
        _centred(sheet, np.asarray(np.clip(alpha, 0, 1), np.float32), point, colour)


def _crayon(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A broad dry rub of a coloured pencil, without lines."""
    rows, columns = (round(size * rng.uniform(0.3, 0.9) * PX) for _ in range(2))
    grain = cv2.GaussianBlur(rng.normal(0, 1, (rows, columns)).astype(np.float32), (0, 0), sigmaX=8, sigmaY=2)
    grain = np.clip(grain / max(float(grain.std()), 1e-3) * 0.5 + 0.2, 0, 1)
    window = np.clip(np.outer(np.hanning(rows), np.hanning(columns)) * 2.5, 0, 1).astype(np.float32)
    colour = tuple(int(v) for v in rng.integers(30, 200, 3))
    _centred(sheet, grain * window * rng.uniform(0.2, 0.6), at, colour)  # type: ignore[arg-type]


SMUDGES: dict[str, Laying] = {
    "thumb": _thumb,
    "graphite": _graphite,
    "toner": _toner,
    "highlighter": _highlighter,
    "crayon": _crayon,
}


# -- stickers ----------------------------------------------------------------------------------------------


def _block(
    sheet: PaperSheet,
    at: tuple[float, float],
    sides_mm: tuple[float, float],
    colour: Colour,
    rng: np.random.Generator,
) -> None:
    """A piece of paper or film that covers what lies below it, with the shadow of its edge."""
    columns, rows = (max(8, round(side * PX)) for side in sides_mm)
    wide = int(np.hypot(rows, columns)) + 12
    block = np.zeros((wide, wide), np.float32)
    top, left = (wide - rows) // 2, (wide - columns) // 2
    block[top : top + rows, left : left + columns] = 1
    turn = cv2.getRotationMatrix2D((wide / 2, wide / 2), rng.normal(0, 6), 1)
    block = np.asarray(cv2.warpAffine(block, turn, (wide, wide)), np.float32)
    x, y = at[0] - wide / PX / 2, at[1] - wide / PX / 2
    sheet.ink(
        cv2.GaussianBlur(block, (0, 0), rng.uniform(2, 6)) * rng.uniform(0.1, 0.5),
        x + 0.4,
        y + 0.5,
        (60, 60, 60),
    )
    sheet.cover(block, x, y, colour)


def _tab(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A sign-here tab: a bright strip, often with an arrow or a word."""
    inks: tuple[Colour, ...] = ((250, 225, 60), (240, 80, 90), (90, 200, 120), (90, 160, 235), (250, 150, 60))
    colour = inks[int(rng.integers(len(inks)))]
    sides = min(rng.uniform(9, 22), size * 1.1), min(rng.uniform(4, 12), size * 0.6)
    _block(sheet, at, sides, colour, rng)
    if rng.random() < 0.6:
        word = typed_mask(str(rng.choice(["签字", "请签名", "此处", "SIGN", "→"])), sides[1] * 0.5)
        _centred(sheet, word[:, : round(sides[0] * PX)], at, (40, 40, 40))


def _note(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """A pale note stuck over the page."""
    tone = int(rng.integers(200, 250))
    sides = size * rng.uniform(0.6, 1.3), size * rng.uniform(0.5, 1.0)
    _block(sheet, at, sides, (tone, tone, int(rng.integers(120, 230))), rng)


def _white_tape(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
    """Correction tape: a strip whiter than the paper."""
    tone = int(rng.integers(240, 256))
    _block(sheet, at, (size * rng.uniform(0.6, 1.6), rng.uniform(4, 6)), (tone, tone, tone), rng)


STICKERS: dict[str, Laying] = {"tab": _tab, "note": _note, "white-tape": _white_tape}


# -- show-through ----------------------------------------------------------------------------


def _through(what: str, library: InkLibrary, side: Side) -> Laying:
    """Ink of the other side of thin paper: mirrored, soft and faint."""

    def lay(sheet: PaperSheet, at: tuple[float, float], size: float, rng: np.random.Generator) -> None:
        if what == "seal":
            pressed = sealing.press(library, side, "round", rng)
            alpha, colour = pressed.mark.alpha, pressed.mark.colour
        elif what == "signature":
            mark = signature(library, side, pick_pen(rng), max(size, 12), rng)
            alpha, colour = mark.alpha, mark.colour
        else:
            rows = [typed_mask("同意按程序办理该项目审批事项", 4.0) for _ in range(4)]
            wide = max(row.shape[1] for row in rows)
            padded = [np.pad(row, ((0, 26), (0, wide - row.shape[1]))) for row in rows]
            alpha, colour = np.vstack(padded), (30, 30, 30)
        soft = cv2.GaussianBlur(np.ascontiguousarray(alpha[:, ::-1]), (0, 0), rng.uniform(2.0, 4.5))
        _centred(sheet, soft * rng.uniform(0.05, 0.3), at, colour)

    return lay


def show_through(library: InkLibrary, side: Side) -> dict[str, Laying]:
    """Every family of what shows through from the back."""
    return {f"through-{what}": _through(what, library, side) for what in ("seal", "signature", "print")}
