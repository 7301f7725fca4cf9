"""Registered crops with their labels, made with the reader's own registration, kept in one file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from bench.fitting.composing import LABELS, LabelledField, compose
from bench.fitting.ordinary import OrdinaryMaker
from bench.fitting.registering import PageRegistrar
from extractors.model import RegisteredPage
from extractors.witness.crops import SIZES_MM, CropSize, crop_of, crop_size
from simulator.paper.sheets import sheets_of
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.scanners import pick_scanner, scanned
from simulator.truth import Tier

#: The label of what may lie in a crop or not: it is fitted to by nobody and counted by nobody.
UNKNOWN = 2
Source = Literal["composed", "ordinary"]
_TIERS: tuple[tuple[Tier, float], ...] = (("A", 0.3), ("B", 0.35), ("C", 0.2), ("D", 0.15))


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Crops of one size. ``layers``: uint8 (n, 6, height, width); ``labels``: 0, 1 or :data:`UNKNOWN`, (n, labels);
    per crop its tier, kind of field and, joined by commas, families.
    """

    layers: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    tiers: NDArray[np.str_]
    kinds: NDArray[np.str_]
    families: NDArray[np.str_]


MadePage = tuple[Tier, str, RegisteredPage, list[LabelledField]]


class PageMaker(Protocol):
    """Makes registered pages with labelled fields: its tier, scanner and fields beside each."""

    def pages(self, rng: np.random.Generator) -> list[MadePage]:
        """One or several pages; none where nothing could be registered."""


class CropMaker:
    """Composes, scans and registers pages of a workspace's documents."""

    def __init__(self, folder: Path, library: InkLibrary, side: Side) -> None:
        self._registrar = PageRegistrar(folder)
        self._library, self._side = library, side

    def pages(self, rng: np.random.Generator) -> list[MadePage]:
        """One composed page as it was registered; none where it could not be."""
        documents = self._registrar.documents
        document = documents[int(rng.integers(len(documents)))]
        sheets = sheets_of(document.pdf) if document.pdf else []
        sheet = sheets[int(rng.integers(len(sheets)))]
        fields = compose(sheet, document, self._library, self._side, rng)
        names, weights = zip(*_TIERS, strict=True)
        tier: Tier = names[int(rng.choice(len(names), p=weights))]
        look = pick_scanner(self._library, tier, self._side, rng)
        shot = scanned(sheet, self._library, tier, look, rng)
        page = self._registrar.registered(document, sheet.number, shot.pixels, shot.dpi)
        return [] if page is None else [(tier, look, page, fields)]


def make(
    folder: Path,
    library: InkLibrary,
    side: Side,
    *,
    pages: int,
    seed: int,
    minutes: float | None = None,
    source: Source = "composed",
) -> dict[CropSize, Crops]:
    """Crops of so many composed pages or ordinary returns, or of as many as the minutes allow."""
    maker: PageMaker = (CropMaker if source == "composed" else OrdinaryMaker)(folder, library, side)
    until = time.monotonic() + 60 * minutes if minutes else None
    found: dict[CropSize, list[tuple[NDArray[np.uint8], list[int], str, str, str]]] = {
        size: [] for size in SIZES_MM
    }
    for number in range(pages):
        if until and time.monotonic() > until:
            break
        for tier, look, page, fields in maker.pages(np.random.default_rng((seed, number))):
            for field in fields:
                size = crop_size(field.kind)
                layers = np.round(crop_of(page, field.box, size) * 255).astype(np.uint8)
                labels = [_label(field, label) for label in LABELS]
                families = ",".join((f"scanner/{look}", *field.families))
                found[size].append((layers, labels, tier, field.kind.value, families))
    return {size: _together(items) for size, items in found.items() if items}


def _label(field: LabelledField, label: str) -> int:
    return UNKNOWN if label in field.unknown else int(label in field.labels)


def _together(items: list[tuple[NDArray[np.uint8], list[int], str, str, str]]) -> Crops:
    layers, labels, tiers, kinds, families = zip(*items, strict=True)
    return Crops(
        np.stack(layers), np.array(labels, np.uint8), np.array(tiers), np.array(kinds), np.array(families)
    )


def write(crops: dict[CropSize, Crops], file: Path) -> None:
    """Keep crops of both sizes in one file."""
    names = ("layers", "labels", "tiers", "kinds", "families")
    arrays = {f"{size}_{name}": getattr(of, name) for size, of in crops.items() for name in names}
    np.savez_compressed(file, **arrays)


def load(file: Path) -> dict[CropSize, Crops]:
    """The crops of a file."""
    with np.load(file, allow_pickle=False) as kept:
        sizes = [size for size in SIZES_MM if f"{size}_layers" in kept.files]
        names = ("layers", "labels", "tiers", "kinds", "families")
        return {size: Crops(*(kept[f"{size}_{name}"] for name in names)) for size in sizes}
