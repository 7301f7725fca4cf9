"""Registered pages with the truth of each of their places, kept on disk: evidence is measured on them again and again.

Four kinds of pages: composed ones (:mod:`bench.fitting.composing`), whose every place holds something that can lie
there; dense ones, whose every date and box does (:mod:`bench.agreement.dense`); returns of the simulator with its drawn
ink; returns with real ink.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.accuracy.ink import InkTrialRunner
from bench.accuracy.trials import Trial
from bench.agreement.dense import compose_densely
from bench.fitting.crops import CropMaker
from bench.fitting.ordinary import LABEL_OF, TODAY
from bench.fitting.registering import PageRegistrar
from extractors.model import Image, RegisteredPage
from forms.definition import FieldKind
from forms.geometry import FieldArea
from simulator.filling.planning import open_areas
from simulator.paper.sheets import sheets_of
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.scanners import pick_scanner, scanned
from simulator.simulate import simulate
from simulator.truth import DocumentTruth, SimulatedDocument, Tier
from simulator.workspaces.issued import case_contexts

PageSource = Literal["composed", "dense", "drawn", "real"]
#: In this order, again and again: dates and boxes are rare on other pages.
PAGE_SOURCES: tuple[PageSource, ...] = ("composed", "dense", "drawn", "real", "dense")
_TIERS: tuple[Tier, ...] = ("A", "B", "C", "D")
_OFTEN = (0.3, 0.35, 0.2, 0.15)


@dataclass(frozen=True, slots=True)
class LabelledPlace:
    """A place of a page and what lies in it (``signature``, ``seal``, ``writing``, ``tick`` or something else).

    ``slots``: of a date, which of its three are written; empty where that is not known. ``spoilt``: something is wrong
    with it that its labels do not say.
    """

    area: FieldArea
    labels: frozenset[str]
    slots: tuple[bool, ...] = ()
    spoilt: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPage:
    """A registered page, its tier, the scanner's look, and its places."""

    source: PageSource
    tier: Tier
    look: str
    page: RegisteredPage
    places: tuple[LabelledPlace, ...]


class LabelledPages:
    """Makes labelled pages of a workspace's documents."""

    def __init__(self, folder: Path, library: InkLibrary, side: Side) -> None:
        self._library, self._side = library, side
        self._registrar = PageRegistrar(folder)
        self._contexts = case_contexts(self._registrar.documents, TODAY)
        self._composer = CropMaker(folder, library, side)
        self._returns = InkTrialRunner(folder, TODAY, library, ocr=False)

    def of(self, source: PageSource, seed: tuple[int, ...]) -> Iterator[LabelledPage]:
        """The pages of one sheet or one return; the same for the same seed."""
        rng = np.random.default_rng(seed)
        match source:
            case "composed":
                yield from self._composed(rng)
            case "dense":
                yield from self._dense(rng)
            case "drawn" | "real":
                yield from self._returned(source, seed, rng)

    def _composed(self, rng: np.random.Generator) -> Iterator[LabelledPage]:
        for tier, look, page, fields in self._composer.pages(rng):
            number = page.original.number
            places = tuple(
                LabelledPlace(FieldArea(f"place.{at}", one.kind, number, one.box, True), one.labels)
                for at, one in enumerate(fields)
            )
            yield LabelledPage("composed", tier, look, page, places)

    def _dense(self, rng: np.random.Generator) -> Iterator[LabelledPage]:
        documents = [
            item
            for item in self._registrar.documents
            if any(area.kind in (FieldKind.DATE, FieldKind.CHECKBOX) for area in open_areas(item))
        ]
        document = documents[int(rng.integers(len(documents)))]
        sheets = sheets_of(document.pdf) if document.pdf else []
        sheet = sheets[int(rng.integers(len(sheets)))]
        fields = compose_densely(sheet, document, self._library, self._side, rng)
        tier: Tier = _TIERS[int(rng.choice(4, p=_OFTEN))]
        look = pick_scanner(self._library, tier, self._side, rng)
        shot = scanned(sheet, self._library, tier, look, rng)
        page = self._registrar.registered(document, sheet.number, shot.pixels, shot.dpi) if fields else None
        if page is not None:
            places = tuple(LabelledPlace(one.area, one.labelled.labels, one.slots) for one in fields)
            yield LabelledPage("dense", tier, look, page, places)

    def _returned(
        self, source: PageSource, seed: tuple[int, ...], rng: np.random.Generator
    ) -> Iterator[LabelledPage]:
        tier = _TIERS[int(rng.choice(4, p=_OFTEN))]
        trial = Trial(tier, seed, defective=bool(rng.random() < 0.4))
        made: SimulatedDocument
        if source == "real":
            document, made = self._returns.simulated(trial)
        else:
            documents = self._registrar.documents
            document = documents[int(rng.integers(len(documents)))]
            made = simulate(document, rng, self._contexts[document.number], tier=tier)
        for picture in made.pages:
            number = picture.truth.page
            areas = [area for area in open_areas(document) if area.page == number]
            if picture.truth.kind != "issued" or number is None or not areas:
                continue
            page = self._registrar.registered(document, number, picture.pixels, picture.dpi)
            if page is not None:
                places = tuple(_place(area, made.truth) for area in areas)
                yield LabelledPage(source, tier, picture.truth.look, page, places)


def _place(area: FieldArea, truth: DocumentTruth) -> LabelledPlace:
    written = next((item for item in truth.written if item.id == area.id), None)
    labels = frozenset(LABEL_OF.get(mark, mark) for mark in written.marks) if written else frozenset[str]()
    parts = (written.text or "").split("-") if written and area.kind == FieldKind.DATE else []
    slots = tuple(bool(part) for part in parts) if len(parts) == 3 else (False,) * 3 if not labels else ()
    spoilt = any(item.field == area.id for item in truth.expected)
    return LabelledPlace(area, labels, slots if area.kind == FieldKind.DATE else (), spoilt)


# -- on disk ---------------------------------------------------------------------------------------------


def keep(page: LabelledPage, file: Path) -> None:
    """Write a page to a file; pictures as PNG, which loses nothing."""
    own = page.page
    pictures = {name: _png(getattr(own, name)) for name in ("rgb", "grey")}
    pictures["original"] = _png(own.original.grey)
    none = np.zeros(0, np.uint8)
    bare = replace(
        own, rgb=none, grey=none, seen=np.zeros(0, np.bool_), original=replace(own.original, grey=none)
    )
    file.write_bytes(
        pickle.dumps((replace(page, page=bare), pictures, (np.packbits(own.seen), own.seen.shape)))
    )


def kept(folder: Path) -> Iterator[tuple[str, LabelledPage]]:
    """The pages of a folder with their names, in order."""
    for file in sorted(folder.glob("*.page")):
        yield file.stem, load_page(file)


def load_page(file: Path) -> LabelledPage:
    """One kept page; only for files that :func:`keep` wrote on this machine: they are pickles."""
    page, pictures, (bits, shape) = pickle.loads(file.read_bytes())
    rgb, grey, blank = (_picture(pictures[name]) for name in ("rgb", "grey", "original"))
    seen = np.unpackbits(bits, count=shape[0] * shape[1]).reshape(shape).astype(np.bool_)
    blank.flags.writeable = False
    original = replace(page.page.original, grey=blank)
    whole: LabelledPage = replace(
        page, page=replace(page.page, original=original, rgb=rgb, grey=grey, seen=seen)
    )
    return whole


def _png(picture: Image) -> bytes:
    return bytes(cv2.imencode(".png", picture, (cv2.IMWRITE_PNG_COMPRESSION, 1))[1])


def _picture(data: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)
