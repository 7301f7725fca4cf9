"""Facts as plain data and back, for the registry: what was seen is kept, so that a later return can be put
together with an earlier one and judged again without a new scan.

Pictures stay out of it (they are files beside the filed document), and so do the page mark's corners, which mean
something only in the raster they were read in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from extractors.model import Alteration, DigitalFacts, Measure, Observation, PageFacts, PageRef, Sighting
from forms.geometry import Box

_OBSERVATION: TypeAdapter[Observation] = TypeAdapter(Observation)
_OBSERVATIONS: TypeAdapter[tuple[Observation, ...]] = TypeAdapter(tuple[Observation, ...])
_ALTERATIONS: TypeAdapter[tuple[Alteration, ...]] = TypeAdapter(tuple[Alteration, ...])
_BOXES: TypeAdapter[tuple[Box, ...]] = TypeAdapter(tuple[Box, ...])
_MEASURES: TypeAdapter[tuple[Measure, ...]] = TypeAdapter(tuple[Measure, ...])
_DIGITAL: TypeAdapter[DigitalFacts] = TypeAdapter(DigitalFacts)
_NO_PICTURES = {"__all__": {"crop"}}


def observation_json(item: Observation) -> dict[str, Any]:
    """One observation without its picture."""
    plain: dict[str, Any] = _OBSERVATION.dump_python(item, mode="json", exclude={"crop"})
    return plain


def page_json(facts: PageFacts) -> dict[str, Any]:
    """Everything seen on a page, without pictures."""
    sighting = facts.sighting
    return {
        "ref": {"source": facts.ref.source, "page": facts.ref.page},
        "sighting": {
            "issue": sighting.issue,
            "page": sighting.page,
            "pages": sighting.pages,
            "turn": sighting.turn,
            "by": sighting.by,
        },
        "registered": facts.registered,
        "observations": _OBSERVATIONS.dump_python(facts.observations, mode="json", exclude=_NO_PICTURES),
        "alterations": _ALTERATIONS.dump_python(facts.alterations, mode="json", exclude=_NO_PICTURES),
        "unseen": _BOXES.dump_python(facts.unseen, mode="json"),
        "readability": facts.readability,
        "residual_mm": facts.residual_mm,
        "dpi": facts.dpi,
        "seam": _MEASURES.dump_python(facts.seam, mode="json"),
    }


def page_facts(data: Mapping[str, Any]) -> PageFacts:
    """The facts that :func:`page_json` wrote. Raises ValueError or KeyError for anything else."""
    return PageFacts(
        ref=PageRef(**data["ref"]),
        sighting=Sighting(**data["sighting"]),
        registered=data["registered"],
        observations=_OBSERVATIONS.validate_python(data["observations"]),
        alterations=_ALTERATIONS.validate_python(data["alterations"]),
        unseen=_BOXES.validate_python(data["unseen"]),
        readability=data["readability"],
        residual_mm=data["residual_mm"],
        dpi=data["dpi"],
        seam=_MEASURES.validate_python(data["seam"]),
    )


def digital_json(facts: DigitalFacts) -> dict[str, Any]:
    """Everything a born-digital return says, without pictures."""
    pictures: Any = {"observations": _NO_PICTURES, "alterations": _NO_PICTURES}
    plain: dict[str, Any] = _DIGITAL.dump_python(facts, mode="json", exclude=pictures)
    return plain


def digital_facts(data: Mapping[str, Any]) -> DigitalFacts:
    """The facts that :func:`digital_json` wrote. Raises ValueError for anything else."""
    return _DIGITAL.validate_python(data)
