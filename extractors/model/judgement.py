"""What the facts mean for a document: findings and a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from extractors.model.facts import DigitalFacts, PageFacts
from extractors.model.issued import IssuedDocument
from extractors.model.observations import Observation
from extractors.model.pages import Sighting
from forms.geometry import Box

Verdict = Literal["complete", "incomplete", "review"]
#: How verdicts are called to people, everywhere.
VERDICT_NAMES: Mapping[str, str] = {"complete": "齐全", "incomplete": "不齐全", "review": "待人工核对"}
FindingCode = Literal[
    "field-blank",
    "field-invalid",
    "signature-missing",
    "page-missing",
    "page-duplicate",
    "text-altered",
    "date-implausible",
    "inconsistent",
    "nothing-ticked",
    "digital-signature-invalid",
    "area-not-visible",
    "superseded-issue",
]


FindingWeight = Literal["incomplete", "review", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing a person should know about a document. ``weight``: what it does to the verdict; a ``note``
    does nothing.
    """

    code: FindingCode
    message: str
    weight: FindingWeight
    field: str | None = None
    page: int | None = None
    box: Box | None = None
    evidence: bytes | None = None


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """What these findings make of a document."""
    weights = {finding.weight for finding in findings}
    if "incomplete" in weights:
        return "incomplete"
    return "review" if "review" in weights else "complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedDocument:
    """One issued document as it came back, pages put together: what a judge looks at.

    ``duplicates``: pages that came more than once; ``pages`` holds the better copy of each. Paper and
    digital facts of a page are of the same file (a signed PDF is rendered and looked at too); what another file says
    of it is ``beside``: it satisfies nothing, since one physical document is judged by what it shows itself.
    ``superseded``: pages of an older issue of the same form and case that came along; they
    stand for nothing.
    """

    issue: IssuedDocument
    pages: Mapping[int, PageFacts] = field(default_factory=dict)
    duplicates: tuple[PageFacts, ...] = ()
    digital: tuple[DigitalFacts, ...] = ()
    beside: tuple[DigitalFacts, ...] = ()
    superseded: tuple[Sighting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on one returned document, with every field's final observation and every finding."""

    verdict: Verdict
    observations: tuple[Observation, ...]
    findings: tuple[Finding, ...]
