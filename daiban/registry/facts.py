"""What was seen of a return, as JSON and back: kept, so that a later return can be put together with an earlier one
and judged again without a new scan.

Pictures stay out of it (they are files beside the filed document), and so do the page mark's corners, which mean
something only in the raster they were read in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from pydantic import ConfigDict, TypeAdapter

from extractors.model import (
    Alteration,
    DigitalFacts,
    Measure,
    Observation,
    PageFacts,
    PageRef,
    Sighting,
)
from forms.geometry import Box
from foundation.frozen_model import FrozenModel

_NO_CROPS: Mapping[str, Any] = {"__all__": {"crop"}}
_NO_PICTURES: Mapping[str, Any] = {"observations": _NO_CROPS, "alterations": _NO_CROPS}


class _Stored(FrozenModel):
    """What is kept. Keys that are not known are passed over: observations written before 2026-12 have more of them.

    Validators are built when they are first needed: commands that only list returns do without.
    """

    model_config = ConfigDict(extra="ignore", defer_build=True)


class StoredSighting(_Stored):
    """Whose page a picture was: :class:`extractors.model.Sighting` without its codes."""

    issue: str
    page: int
    pages: int
    turn: int
    by: Literal["mark", "print", "person"]


class StoredPageFacts(_Stored):
    """:class:`extractors.model.PageFacts` as JSON."""

    ref: PageRef
    sighting: StoredSighting
    registered: bool
    observations: tuple[Observation, ...]
    alterations: tuple[Alteration, ...]
    unseen: tuple[Box, ...]
    readability: float
    residual_mm: float | None
    dpi: float | None
    seam: tuple[Measure, ...]

    @classmethod
    def of(cls, facts: PageFacts) -> StoredPageFacts:
        """The model of a page's facts."""
        sighting = facts.sighting
        return cls(
            ref=facts.ref,
            sighting=StoredSighting(
                issue=sighting.issue,
                page=sighting.page,
                pages=sighting.pages,
                turn=sighting.turn,
                by=sighting.by,
            ),
            registered=facts.registered,
            observations=facts.observations,
            alterations=facts.alterations,
            unseen=facts.unseen,
            readability=facts.readability,
            residual_mm=facts.residual_mm,
            dpi=facts.dpi,
            seam=facts.seam,
        )

    def facts(self) -> PageFacts:
        """The facts it was made from, without pictures."""
        return PageFacts(
            ref=self.ref,
            sighting=Sighting(**dict(self.sighting)),
            registered=self.registered,
            observations=self.observations,
            alterations=self.alterations,
            unseen=self.unseen,
            readability=self.readability,
            residual_mm=self.residual_mm,
            dpi=self.dpi,
            seam=self.seam,
        )


class RecordedFile(_Stored):
    """A born-digital return on record. ``file``: its name in the document's folder; ``content``: its SHA-256."""

    file: str
    content: str
    facts: DigitalFacts


def dump_page_facts(facts: PageFacts) -> dict[str, Any]:
    """Everything seen on a page as plain data."""
    return StoredPageFacts.of(facts).model_dump(mode="json", exclude=dict(_NO_PICTURES))


def load_page_facts(data: Any) -> PageFacts:
    """The facts that :func:`dump_page_facts` wrote.

    :raises ValueError: it is anything else.
    """
    return StoredPageFacts.model_validate(data).facts()


def dump_files(files: tuple[RecordedFile, ...]) -> Any:
    """Born-digital returns as plain data."""
    return [item.model_dump(mode="json", exclude={"facts": _NO_PICTURES}) for item in files]


def load_files(data: Any) -> tuple[RecordedFile, ...]:
    """The files that :func:`dump_files` wrote. Raises ValueError for anything else."""
    return tuple(map(RecordedFile.model_validate, data))


def dump_observation(item: Observation) -> Any:
    """One observation as plain data."""
    return _observation().dump_python(item, mode="json", exclude={"crop"})


def load_observation(data: Any) -> Observation:
    """The observation that :func:`dump_observation` wrote. Raises ValueError for anything else."""
    return _observation().validate_python(data)


@cache
def _observation() -> TypeAdapter[Observation]:
    return TypeAdapter(Observation)
