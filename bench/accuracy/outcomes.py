"""What was counted of one simulated return on paper, by comparing the reading with the truth."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from extractors.model import FieldObservation, Finding, Judgement, PageFacts, SignatureObservation
from forms.definition import FieldKind
from simulator.truth import DocumentTruth, ExpectedFinding, PageTruth, Tier

Count = tuple[int, int]


@dataclass(slots=True)
class PaperOutcome:
    """What the reader made of one document. Every :data:`Count` is (right, asked).

    ``said``: the reported findings as ``code:place``. ``wrong``: pages taken for another page. ``fills_seen``: entries
    not taken for a blank; ``fills_imagined``: blanks taken for an entry; likewise for seals. ``faults``: the fields
    read wrongly, as ``id=state``. ``seconds``: reading time. Of returns with real ink also the families used, the side
    they are from, and what is unusual and valid about the ink.
    """

    tier: Tier
    look: str
    form: str
    seed: tuple[int, ...]
    complete: bool
    verdict: str
    defects: tuple[str, ...]
    said: tuple[str, ...] = ()
    pages: Count = (0, 0)
    registered: Count = (0, 0)
    wrong: int = 0
    expected: Count = (0, 0)
    altered_imagined: bool = False
    seals_seen: Count = (0, 0)
    seals_imagined: Count = (0, 0)
    fills_seen: Count = (0, 0)
    fills_imagined: Count = (0, 0)
    seconds: float = 0.0
    faults: tuple[str, ...] = field(default=())
    families: tuple[str, ...] = ()
    side: str = ""
    habit: str | None = None


def count_pages(outcome: PaperOutcome, read: Iterable[tuple[PageFacts | None, PageTruth]]) -> None:
    """Count the pages identified, registered, and taken for another page."""
    right = registered = asked = 0
    for facts, truth in read:
        identified = (facts.sighting.issue, facts.sighting.page) if facts else None
        if truth.kind == "issued":
            asked += 1
            right += identified == (truth.issue, truth.page)
            registered += bool(facts and facts.registered)
        outcome.wrong += identified is not None and identified != (truth.issue, truth.page)
    outcome.pages, outcome.registered = (right, asked), (registered, asked)


def count_fields(
    outcome: PaperOutcome, truth: DocumentTruth, judgement: Judgement, registered: Collection[int]
) -> None:
    """Count seals and entries, on registered pages only: the other pages are counted as not registered."""
    hidden = {item.field for item in truth.expected if item.code == "area-not-visible"}
    seen = {item.id: item for item in judgement.observations}
    faults = []
    for item in truth.written:
        observation = seen.get(item.id)
        if observation is None or item.page not in registered or item.id in hidden:
            continue
        if item.kind == FieldKind.SIGNATURE and "seal-elsewhere" not in outcome.defects:
            _count_seal(outcome, observation, sealed=item.seal is not None)
        filled, imagined = observation.state == "filled", not item.filled
        if imagined:
            outcome.fills_imagined = _add(outcome.fills_imagined, filled)
        elif "seal-elsewhere" not in outcome.defects and "tick-outside" not in outcome.defects:
            outcome.fills_seen = _add(outcome.fills_seen, observation.state != "blank")
        if filled == imagined or (observation.state == "blank") != imagined:
            faults.append(f"{item.id}={observation.state}")
    outcome.faults = tuple(faults)


def _count_seal(outcome: PaperOutcome, observation: FieldObservation, *, sealed: bool) -> None:
    found = isinstance(observation, SignatureObservation) and bool(observation.seals)
    if sealed:
        outcome.seals_seen = _add(outcome.seals_seen, found)
    elif "seal-edge" not in outcome.defects:
        outcome.seals_imagined = _add(outcome.seals_imagined, found)


def count_findings(outcome: PaperOutcome, truth: DocumentTruth, findings: tuple[Finding, ...]) -> None:
    """Count the expected findings that were reported, and note an alteration that is none."""
    found = sum(any(_answers(item, expected) for item in findings) for expected in truth.expected)
    outcome.expected = (found, len(truth.expected))
    wanted = any(item.code == "text-altered" or "text-altered" in item.also for item in truth.expected)
    outcome.altered_imagined = not wanted and any(item.code == "text-altered" for item in findings)


def _answers(finding: Finding, expected: ExpectedFinding) -> bool:
    if finding.code != expected.code and finding.code not in expected.also:
        return False
    if expected.field is not None and finding.field is not None:
        return finding.field == expected.field
    return expected.page is None or finding.page is None or finding.page == expected.page


def _add(pair: Count, hit: bool) -> Count:
    return pair[0] + bool(hit), pair[1] + 1
