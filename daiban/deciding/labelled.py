"""People's decisions as labelled readings (带标签的读数): what was measured at a place, what the machine made of it,
and what a person said of it. For calibrating thresholds; nothing here changes one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from daiban.deciding.places import seen_at
from daiban.office import Office
from daiban.registry import Decision, Registry, standing
from daiban.verifying.outcome import PublishedBox, PublishedConfidence
from daiban.verifying.returned_folder import EVIDENCE
from extractors.model import (
    Alteration,
    FieldState,
    FindingCode,
    FindingWeight,
    Measure,
    Observation,
    SignatureObservation,
)
from forms.definition import FieldKind
from foundation.frozen_model import FrozenModel, Timestamp


class DecidedReading(FrozenModel):
    """One place that a person decided about, and what the machine saw there.

    A place is a ``field`` with its ``kind``, ``state`` and ``confidence``, and of one to sign ``pen`` and ``seals``;
    or print (all of these null) that is ``altered``: how it was. ``measures``: what was measured. ``code``,
    ``weight``: what the machine found; ``accepted``: the person's answer: the place is as it must be. ``about``:
    whether they said so of this finding, or of the document as a whole, which says less about a place. ``picture``:
    where the place's picture is, relative to the workspace.
    """

    issue: str
    case: str
    form: str
    generation: int
    page: int
    box: PublishedBox
    field: str | None = None
    kind: FieldKind | None = None
    state: FieldState | None = None
    confidence: PublishedConfidence
    pen: bool | None = None
    seals: int | None = None
    altered: Literal["changed", "struck", "removed", "added"] | None = None
    measures: tuple[Measure, ...]
    code: FindingCode
    weight: FindingWeight
    accepted: bool
    about: Literal["finding", "document"]
    by: str
    at: Timestamp
    reason: str
    picture: str | None


class DecidedReadings(FrozenModel):
    """Every place that people decided about, in the order of their decisions."""

    readings: tuple[DecidedReading, ...]


def decided_readings(office: Office) -> DecidedReadings:
    """What people's decisions that nobody took back say of single places; of each place the latest answer.

    :raises UnreadableError: the registry is missing though documents went out, or damaged.
    """
    found: dict[tuple[str, int, int], DecidedReading] = {}
    with office.registry() as registry:
        made = standing(registry.decisions.of_kinds(("accept", "reject", "undo"))) if registry else ()
        for one in made:
            assert registry is not None
            for number, reading in _readings(office, registry, one):
                found[(reading.issue, reading.generation, number)] = reading
    return DecidedReadings(readings=tuple(found.values()))


def _readings(office: Office, registry: Registry, made: Decision) -> Iterator[tuple[int, DecidedReading]]:
    """What one decision says of places, each under the number of its finding."""
    generation = registry.returns.generation(made.subject, made.generation or 0)
    issue = registry.find(made.subject)
    if generation is None or issue is None:
        return
    folder = office.workspace.returned_of(issue.docx) / EVIDENCE
    is_newest = registry.returns.generations(issue.number)[-1].generation == generation.generation
    for number, finding in enumerate(generation.findings, 1):
        place = seen_at(generation, finding) if made.finding in (None, number) else None
        if place is None:
            continue
        seen, name = place
        picture = folder / name
        yield (
            number,
            DecidedReading(
                issue=issue.number,
                case=issue.case_id,
                form=issue.form_id,
                generation=generation.generation,
                **_seen(seen),
                code=finding.code,
                weight=finding.weight,
                accepted=made.kind == "accept",
                about="document" if made.finding is None else "finding",
                by=made.by,
                at=made.at,
                reason=made.reason,
                picture=office.workspace.relative(picture) if is_newest and picture.is_file() else None,
            ),
        )


def _seen(item: Observation | Alteration) -> dict[str, Any]:
    """The part of a reading that says what the machine saw."""
    common = {"page": item.page, "box": item.box, "confidence": item.confidence, "measures": item.measures}
    if isinstance(item, Alteration):
        return common | {"altered": item.how}
    field: dict[str, Any] = {"field": item.id, "kind": item.kind, "state": item.state}
    if isinstance(item, SignatureObservation):
        field |= {"pen": item.pen, "seals": len(item.seals)}
    return common | field
