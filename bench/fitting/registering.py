"""Pictures of a workspace's issued pages, registered to their originals as the reader does."""

from __future__ import annotations

from pathlib import Path

from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify.marks import sight
from extractors.model import Image, IssuedDocument, RegisteredPage, Sighting
from extractors.opening.pixels import whole_raster
from extractors.originals import Originals
from extractors.register.page import register
from extractors.thresholds import load_thresholds
from simulator.workspaces.issued import issued_documents


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
