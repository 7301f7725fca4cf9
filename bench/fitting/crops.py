"""Registered crops with their labels, made with the reader's own registration, kept in one file."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.fitting.composing import LABELS, LabelledField, compose
from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify.marks import sight
from extractors.model import Image, IssuedDocument, RegisteredPage, Sighting
from extractors.opening.pixels import whole_raster
from extractors.originals import Originals
from extractors.register.page import register
from extractors.thresholds import load_thresholds
from extractors.witness.crops import SIZES_MM, CropSize, crop_of, crop_size
from simulator.paper.sheets import sheets_of
from simulator.real_ink.families import Side
from simulator.real_ink.library import InkLibrary
from simulator.real_ink.scanners import pick_scanner, scanned
from simulator.truth import Tier
from simulator.workspaces.issued import issued_documents

TODAY = date(2026, 11, 21)
_TIERS: tuple[tuple[Tier, float], ...] = (("A", 0.3), ("B", 0.35), ("C", 0.2), ("D", 0.15))


@dataclass(frozen=True, slots=True, eq=False)
class Crops:
    """Crops of one size. ``layers``: uint8 (n, 6, height, width); ``labels``: 0 or 1, (n, labels); per crop its tier,
    kind of field and, joined by commas, families.
    """

    layers: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    tiers: NDArray[np.str_]
    kinds: NDArray[np.str_]
    families: NDArray[np.str_]


class PageRegistrar:
    """Brings pictures of a workspace's documents into the frame of their originals, as the reader does."""

    def __init__(self, folder: Path) -> None:
        issued = issued_documents(folder)
        self.documents = [item for item in issued if any(area.is_open for area in item.areas)]
        by_number = {item.number: item for item in issued}
        self._originals = Originals(by_number.get)
        self._limits = load_thresholds()
        with Registry.open(Workspace.open(folder).registry, create=False) as registry:
            self._key = registry.mark_key()

    def registered(
        self, document: IssuedDocument, number: int, pixels: Image, dpi: float | None
    ) -> RegisteredPage | None:
        """One page, by its own marks; None where it cannot be registered."""
        raster = whole_raster(pixels, dpi, self._limits.opening)
        sighting = sight(raster, self._key)
        if not isinstance(sighting, Sighting):
            return None
        original = self._originals.page(document.number, number)
        return register(raster, sighting, original, self._limits.registration)


class CropMaker:
    """Composes, scans and registers pages of a workspace's documents."""

    def __init__(self, folder: Path, library: InkLibrary, side: Side) -> None:
        self._registrar = PageRegistrar(folder)
        self._library, self._side = library, side

    def page(self, rng: np.random.Generator) -> tuple[Tier, str, RegisteredPage, list[LabelledField]] | None:
        """One composed page as it was registered; None where it could not be."""
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
        return None if page is None else (tier, look, page, fields)


def make(
    folder: Path, library: InkLibrary, side: Side, *, pages: int, seed: int, minutes: float | None = None
) -> dict[CropSize, Crops]:
    """Crops of so many pages, or of as many as the minutes allow."""
    maker = CropMaker(folder, library, side)
    until = time.monotonic() + 60 * minutes if minutes else None
    found: dict[CropSize, list[tuple[NDArray[np.uint8], list[int], str, str, str]]] = {
        size: [] for size in SIZES_MM
    }
    for number in range(pages):
        if until and time.monotonic() > until:
            break
        made = maker.page(np.random.default_rng((seed, number)))
        if made is None:
            continue
        tier, look, page, fields = made
        for field in fields:
            size = crop_size(field.kind)
            layers = np.round(crop_of(page, field.box, size) * 255).astype(np.uint8)
            labels = [int(label in field.labels) for label in LABELS]
            families = ",".join((f"scanner/{look}", *field.families))
            found[size].append((layers, labels, tier, field.kind.value, families))
    return {size: _together(items) for size, items in found.items() if items}


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
