"""Printed characters with what was done to them, as the look at print sees them: registered windows in one file.

Documents are issued, altered in many places or in none, filled in, worn, scanned and registered by the reader's own
steps. Per window: whether its character was altered and how, or only lies under something legitimate.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.fitting.altering import ALTERATIONS, AlteredPlace, Alterer, watched
from bench.fitting.registering import PageRegistrar
from extractors.layers.page_layers import PageLayers, page_layers
from extractors.model import IssuedDocument, RegisteredPage
from extractors.observe.printed_text.printed import inspect_print, observe_print, release
from extractors.print_witness import as_shown, not_looked_at
from extractors.thresholds import PrintedThresholds, Thresholds, load_thresholds
from extractors.witness.characters import (
    SIDE,
    PrintPictures,
    PrintPlaces,
    conditions_of,
    places_of,
    windows_of,
)
from forms.geometry import Box
from simulator.defects.base import Defect
from simulator.defects.catalogue import DEFECTS
from simulator.filling.planning import complete_plan
from simulator.paper.sheets import PX, PaperSheet, sheets_of
from simulator.real_ink import sealing
from simulator.real_ink.defects import INK_DEFECTS
from simulator.real_ink.drafts import InkDraft
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.lookalikes import lay
from simulator.real_ink.returns import filled
from simulator.real_ink.scanners import pick_scanner, scanned
from simulator.real_ink.signing import HABITS
from simulator.truth import Tier
from simulator.workspaces.issued import case_contexts

_TIERS: tuple[tuple[Tier, float], ...] = (("A", 0.3), ("B", 0.42), ("C", 0.14), ("D", 0.14))
SCANS = 3  # of each sheet: making one takes longer than scanning it
_SOUND = 0.4  # of all documents
_OVER_PRINT = ("stain", "crease", "fingerprint", "bleed-through", "shadow", "smudge", "stamp", "staple")
#: Changed ink, mm² and share of the box, from which a character was altered; below a third of it, it was not.
_TOUCHED_MM2, _TOUCHED_SHARE = 0.12, 0.025
_BESIDE_MM2 = 0.5
#: Kept of each page beside all that was altered: those that look the most altered, others at random, and some that the
#: reader would not ask about.
_LIKELY, _OTHERS, _NOT_ASKED = 70, 40, 20
_CELL = 4  # px


@dataclass(frozen=True, slots=True, eq=False)
class Characters:
    """``windows``: uint8 (n, layers, side, side); ``conditions``: of their pages (n, numbers); ``labels``: 0 or 1 per
    alteration (n, 5); ``place``: which alteration of the run it is of, -1 for none; ``page``: which page of the run;
    ``ruled``: whether the comparison's rules name the place; ``asked``: whether it differs enough to be asked about;
    ``change``: how much differs, levels of 255; ``texts``: the character, "" for ink beside print.
    """

    windows: NDArray[np.uint8]
    conditions: NDArray[np.float32]
    labels: NDArray[np.uint8]
    place: NDArray[np.int64]
    page: NDArray[np.int64]
    sound: NDArray[np.bool_]
    ruled: NDArray[np.bool_]
    asked: NDArray[np.bool_]
    change: NDArray[np.float32]
    texts: NDArray[np.str_]
    tiers: NDArray[np.str_]
    looks: NDArray[np.str_]
    ways: NDArray[np.str_]


class CharacterMaker:
    """Composes, scans and registers pages of a workspace's documents."""

    def __init__(self, folder: Path, library: InkLibrary, side: Side, scans: int = SCANS) -> None:
        self._registrar = PageRegistrar(folder)
        self._contexts = case_contexts(self._registrar.documents, date(2026, 11, 21))
        self._library, self._side, self._scans = library, side, scans
        self.limits = load_thresholds()

    def pages(
        self, rng: np.random.Generator
    ) -> Iterator[tuple[Tier, str, RegisteredPage, list[AlteredPlace]]]:
        """The registered pages of one document, each scanned some times, and what was altered there."""
        documents = self._registrar.documents
        document = documents[int(rng.integers(len(documents)))]
        draft, places = self._composed(document, rng)
        for sheet in draft.sheets:
            if sheet.number < 1 or not sheet.characters:
                continue
            for _ in range(self._scans):
                names, weights = zip(*_TIERS, strict=True)
                tier: Tier = names[int(rng.choice(len(names), p=weights))]
                look = pick_scanner(self._library, tier, self._side, rng)
                shot = scanned(sheet.copy(), self._library, tier, look, rng)
                page = self._registrar.registered(document, sheet.number, shot.pixels, shot.dpi)
                if page is not None:
                    yield tier, look, page, [place for place in places if place.page == sheet.number]

    def _composed(
        self, document: IssuedDocument, rng: np.random.Generator
    ) -> tuple[InkDraft, list[AlteredPlace]]:
        assert document.pdf is not None
        habit = str(rng.choice(["long-armed-ticks", *HABITS])) if rng.random() < 0.55 else None
        context = self._contexts[document.number]
        draft = InkDraft(
            document,
            context,
            rng,
            "A",
            library=self._library,
            side=self._side,
            habit=habit,  # type: ignore[arg-type]
        )
        draft.plan = complete_plan(document, context, rng)
        sheets = [watched(_toned(sheet, rng)) for sheet in sheets_of(document.pdf)]
        draft.sheets = list(sheets)
        alterer = Alterer(draft)
        if rng.random() >= _SOUND:
            alterer.alter(int(rng.integers(14, 42)) * len(sheets))
        for sheet in sheets:
            sheet.leave()
        draft.written = filled(draft)
        for defect in _wear(document, rng):
            defect.change_written_sheets(draft)
        for one in draft.sheets:
            self._over_print(one, rng)
        return draft, alterer.places

    def _over_print(self, sheet: PaperSheet, rng: np.random.Generator) -> None:
        """Seals and what lies on paper, anywhere on a page."""
        for what in rng.permutation(_OVER_PRINT)[: int(rng.choice(4, p=[0.45, 0.3, 0.15, 0.1]))]:
            lay(str(what), sheet, _anywhere(sheet, rng), self._library, self._side, rng)
        if rng.random() < 0.3:
            pressed = sealing.press(self._library, self._side, "round", rng)
            place = _anywhere(sheet, rng)
            sheet.ink(pressed.mark.alpha, place.x0, place.y0, pressed.mark.colour)


def _wear(document: IssuedDocument, rng: np.random.Generator) -> list[Defect]:
    """Sometimes one of the harmless defects of either simulator."""
    if rng.random() > 0.35:
        return []
    pool = [one for one in (*DEFECTS.values(), *INK_DEFECTS.values()) if one.harmless and one.fits(document)]
    return [pool[int(rng.integers(len(pool)))]]


def _anywhere(sheet: PaperSheet, rng: np.random.Generator) -> Box:
    side = rng.uniform(10, 30)
    x, y = rng.uniform(15, sheet.width_mm - 45), rng.uniform(38, sheet.height_mm - 70)
    return Box(float(x), float(y), float(x + side), float(y + side))


def _toned(sheet: PaperSheet, rng: np.random.Generator) -> PaperSheet:
    """As other printers print: thicker, thinner, with a pale band along the page."""
    kind = rng.choice(["plain", "thick", "thin", "banded"], p=[0.55, 0.2, 0.15, 0.1])
    if kind in ("thick", "thin"):
        changed = (cv2.erode if kind == "thick" else cv2.dilate)(sheet.pixels, np.ones((3, 3), np.uint8))
        share = rng.uniform(0.3, 1.0) if kind == "thick" else rng.uniform(0.2, 0.6)
        sheet.pixels = np.asarray(cv2.addWeighted(sheet.pixels, 1 - share, changed, share, 0), np.uint8)
    elif kind == "banded":
        x, width = rng.uniform(0, sheet.pixels.shape[1]), rng.uniform(10, 60)
        band = np.exp(-(((np.arange(sheet.pixels.shape[1]) - x) / width) ** 2)) * rng.uniform(0.2, 0.6)
        lighter = 255 - (255 - sheet.pixels) * (1 - band[None, :, None])
        sheet.pixels = lighter.astype(np.uint8)
    return sheet


# -- labels ----------------------------------------------------------------------------------------------


def _labelled(
    boxes: list[Box], beside: NDArray[np.bool_], places: list[AlteredPlace]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.bool_]]:
    """Per box: the alterations it has, the place's number, and whether nothing certain can be said. ``beside``: which
    boxes are of no character; there is nothing there but what was put in.
    """
    labels = np.zeros((len(boxes), len(ALTERATIONS)), np.uint8)
    of, unclear = np.full(len(boxes), -1, np.int64), np.zeros(len(boxes), np.bool_)
    edges = np.array([(box.x0, box.y0, box.x1, box.y1) for box in boxes]).reshape(-1, 4)
    sides = edges[:, 2:] - edges[:, :2]
    least = np.maximum(_TOUCHED_MM2, _TOUCHED_SHARE * sides.prod(axis=1))
    reach = 0.3 * np.maximum(sides.max(axis=1), 2.0)[:, None]
    for number, place in enumerate(places):
        own = _area_mm2(place, edges + np.array([-0.1, -0.1, 0.1, 0.1]))
        around = _area_mm2(place, np.concatenate([edges[:, :2] - reach, edges[:, 2:] + reach], axis=1))
        touched = ~beside & (own >= least)
        if place.what == "inserted":
            touched = np.where(beside, own >= _BESIDE_MM2, touched | (around >= _BESIDE_MM2))
        labels[touched, ALTERATIONS.index(place.what)] = 1
        of[touched] = number
        unclear |= ~touched & ((own > least / 3) | (around > 0.06))
    unclear &= ~labels.any(axis=1)
    return labels, of, unclear


def _area_mm2(place: AlteredPlace, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much of each box (x0, y0, x1, y1 in mm) an alteration changed."""
    sums = cv2.integral(place.mask.astype(np.uint8))
    rows, columns = place.mask.shape
    px = np.round(boxes * PX).astype(np.int64) - np.array([place.left, place.top, place.left, place.top])
    x0, x1 = np.clip(px[:, 0], 0, columns), np.clip(px[:, 2], 0, columns)
    y0, y1 = np.clip(px[:, 1], 0, rows), np.clip(px[:, 3], 0, rows)
    return np.asarray((sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0]) / PX**2, np.float64)


# -- the file --------------------------------------------------------------------------------------------


def make(
    folder: Path,
    library: InkLibrary,
    side: Side,
    *,
    documents: int,
    seed: int,
    minutes: float | None = None,
    scans: int = SCANS,
) -> Characters:
    """Windows of the pages of so many documents, or of as many as the minutes allow."""
    maker = CharacterMaker(folder, library, side, scans)
    until = time.monotonic() + 60 * minutes if minutes else None
    found: list[Characters] = []
    for number in range(documents):
        if until and time.monotonic() > until:
            break
        rng = np.random.default_rng((seed, number))
        for shown, (tier, look, page, places) in enumerate(maker.pages(rng)):
            known = ((seed * 1000 + number) * 100 + shown) * 1000
            one = characters_of(page, places, maker.limits, rng, tier, look, known)
            if one is not None:
                found.append(one)
            release()
    return together(found)


def together(found: list[Characters]) -> Characters:
    """Those of several pages, behind one another."""
    return Characters(
        *(np.concatenate([getattr(one, item.name) for one in found]) for item in fields(Characters))
    )


def characters_of(
    page: RegisteredPage,
    places: list[AlteredPlace],
    limits: Thresholds,
    rng: np.random.Generator | None,
    tier: Tier,
    look: str,
    known: int,
) -> Characters | None:
    """The windows of a page; without ``rng`` all that the reader asks about."""
    layers = page_layers(page, limits.ink)
    compared = as_shown(inspect_print(layers, limits.printed))
    if 1 - float(np.median(compared.agreement)) > limits.printed.illegible:
        return None
    closed = not_looked_at(page.original)
    pictures = PrintPictures.of(page, compared)
    asked = places_of(page, pictures, closed)
    every = PrintPlaces(np.flatnonzero(~closed), asked.beside)
    boxes, count = every.boxes(page), len(every.characters)
    labels, of, unclear = _labelled(boxes, np.arange(len(boxes)) >= count, places)
    is_asked = np.isin(every.characters, asked.characters)
    is_asked = np.concatenate([is_asked, np.ones(len(every.beside), np.bool_)])
    windows = windows_of(pictures, boxes)
    change = _change_of(windows)
    which = np.flatnonzero(is_asked)
    if rng is not None:
        which = _chosen(np.asarray(labels.any(axis=1)), unclear, is_asked, change, rng)
    if not len(which):
        return None
    letters = [page.original.glyphs[index].text for index in every.characters.tolist()] + [""] * len(
        every.beside
    )
    return Characters(
        windows=windows[which],
        conditions=conditions_of(page, compared.agreement, every)[which],
        labels=labels[which],
        place=np.where(of[which] >= 0, known + of[which], -1),
        page=np.full(len(which), known),
        sound=np.full(len(which), not places),
        ruled=_ruled(layers, boxes, limits.printed)[which],
        asked=is_asked[which],
        change=change[which],
        texts=np.array(letters, "U4")[which],
        tiers=np.full(len(which), tier, "U1"),
        looks=np.full(len(which), look, "U24"),
        ways=np.array([places[index].family if index >= 0 else "" for index in of[which].tolist()], "U24"),
    )


def _change_of(windows: NDArray[np.uint8]) -> NDArray[np.float32]:
    """How much differs in each window: the greatest mean difference of any small square of it, levels of 255."""
    most = np.abs(windows[:, 1].astype(np.int16) - windows[:, 0])
    cells = most.reshape(len(windows), SIDE // _CELL, _CELL, SIDE // _CELL, _CELL).mean(axis=(2, 4))
    return np.asarray(cells.max(axis=(1, 2), initial=0), np.float32)


def _chosen(
    altered: NDArray[np.bool_],
    unclear: NDArray[np.bool_],
    asked: NDArray[np.bool_],
    change: NDArray[np.float32],
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    untouched = np.flatnonzero(asked & ~altered & ~unclear)
    ordered = untouched[np.argsort(-change[untouched], kind="stable")]
    others = rng.permutation(ordered[_LIKELY:])[:_OTHERS]
    plain = rng.permutation(np.flatnonzero(~asked & ~altered & ~unclear))[:_NOT_ASKED]
    return np.sort(np.concatenate([np.flatnonzero(altered), ordered[:_LIKELY], others, plain]))


def _ruled(layers: PageLayers, boxes: list[Box], limits: PrintedThresholds) -> NDArray[np.bool_]:
    """Which places lie where the rules name an alteration."""
    found = [one.box.all_round(1.5) for one in observe_print(layers, limits)]
    return np.array([any(box.overlap_mm2(one) > 0 for one in found) for box in boxes], np.bool_)


def write(characters: Characters, file: Path) -> None:
    """Keep them in one file."""
    arrays = {item.name: getattr(characters, item.name) for item in fields(Characters)}
    np.savez_compressed(file, **arrays)


def load(*files: Path) -> Characters:
    """The characters of some files."""
    parts = []
    for file in files:
        with np.load(file, allow_pickle=False) as kept:
            parts.append({name: kept[name] for name in kept.files})
    return Characters(*(np.concatenate([part[item.name] for part in parts]) for item in fields(Characters)))
