"""What the machine saw at the place that a finding is about."""

from __future__ import annotations

from daiban.registry import Generation
from daiban.verifying.reading.returned_page import alteration_picture, observation_picture
from extractors.model import Alteration, Finding, Observation


def seen_at(generation: Generation, finding: Finding) -> tuple[Observation | Alteration, str] | None:
    """What a finding rests on, and the name of its picture; None where it is about no single place."""
    if finding.field is not None:
        seen = next((item for item in generation.observations if item.id == finding.field), None)
        return (seen, observation_picture(seen)) if seen is not None else None
    for page in generation.pages:
        for at, item in enumerate(page.facts.alterations):
            if finding.code == "text-altered" and (item.page, item.box) == (finding.page, finding.box):
                return item, alteration_picture(item, at)
    return None
