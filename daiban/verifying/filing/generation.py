"""An assembled document as the registry keeps it: one generation, and the digest by which two are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from daiban.registry import Generation, RecordedFile, RecordedPage
from daiban.verifying.assembling.best_copies import AssembledDocument
from daiban.verifying.returned_folder import received_names
from extractors.model import PageFacts
from foundation.digests import sha256_of_value


def generation_digest(document: AssembledDocument) -> str:
    """Over everything that makes a generation what it is: pages, files, and what the judge made of them.

    What goes into it and how it is written must not change: it is compared with the digests on record.
    """
    judgement = document.judgement
    return sha256_of_value(
        {
            "pages": [[number, str(page.content)] for number, page in document.pages.items()],
            "digital": [item.sha256 for item in document.digital],
            "verdict": judgement.verdict,
            "findings": sorted(
                [item.code, item.field or "", item.page or 0, item.weight] for item in judgement.findings
            ),
            "fields": [[item.id, item.page, item.state] for item in judgement.observations],
        }
    )


def generation_of(
    document: AssembledDocument,
    number: int,
    batch: str,
    digest: str,
    files: Mapping[str, str],
    now: datetime,
) -> Generation:
    """The generation of a document. ``files``: name in its folder → SHA-256."""
    judgement = document.judgement
    return Generation(
        issue=document.issue.number,
        generation=number,
        batch=batch,
        verdict=judgement.verdict,
        digest=digest,
        files=files,
        recorded_at=now,
        pages=tuple(
            RecordedPage(
                number=number,
                source=page.ref.source,
                content=page.content,
                facts=_without_pictures(document.returned.pages[number]),
            )
            for number, page in document.pages.items()
        ),
        digital=tuple(
            RecordedFile(file=name, content=item.sha256, facts=item.facts)
            for item, name in zip(document.digital, received_names(document.digital), strict=True)
        ),
        observations=tuple(replace(item, crop=None) for item in judgement.observations),
        findings=tuple(replace(item, evidence=None) for item in judgement.findings),
    )


def _without_pictures(facts: PageFacts) -> PageFacts:
    """Pictures are files of their own: a generation that waits to be filed need not hold them in memory."""
    return replace(
        facts,
        observations=tuple(replace(item, crop=None) for item in facts.observations),
        alterations=tuple(replace(item, crop=None) for item in facts.alterations),
    )
