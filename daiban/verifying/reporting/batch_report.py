"""A batch's reports for people: written once, and found again where the same went in and the same came out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path
from typing import Any

from daiban.registry import Batches, VerifiedBatch
from daiban.verifying.outcome import BatchReport, FailedFile
from daiban.workspace import Workspace
from foundation.digests import sha256_of_value
from foundation.errors import NotWritableError
from foundation.writing import writing

#: Notes, and what is newer than the digests on record: a batch that nobody decided anything about has the digest it
#: had.
_NOT_DIGESTED: Mapping[str, Any] = {
    "documents": {
        "__all__": {
            "note": True,
            "machine_verdict": True,
            "decision": True,
            "waiting": True,
            "earlier": True,
            "findings": {"__all__": {"machine_weight", "decision"}},
        }
    },
    "unplaced": {"__all__": {"page", "is_decided"}},
    "warnings": True,
    "reports": True,
}


def batch_name(reports: Path, now: dt.datetime) -> str:
    """``verify-20260305-141502``, or with ``-2`` … where that is taken."""
    name = f"verify-{now.astimezone():%Y%m%d-%H%M%S}"
    names = chain([name], (f"{name}-{times}" for times in count(2)))
    return next(one for one in names if not (reports / f"{one}.html").exists())


def report_batch(
    workspace: Workspace, batches: Batches, report: BatchReport, hashes: Mapping[str, str], staging: Path
) -> BatchReport:
    """Write the HTML and XLSX report and note the batch; the same batch again keeps its reports.

    A report that cannot be written fails alone: what was filed stays filed.
    """
    digest = _digest(report, hashes)
    before = batches.latest(digest)
    if before is not None and all((workspace.path / name).is_file() for name in before.reports):
        return report.model_copy(update={"batch": before.name, "reports": before.reports})
    # What writes reports takes a while to load; a batch that was reported before does without.
    from daiban.verifying.reporting.html import write_html
    from daiban.verifying.reporting.xlsx import write_xlsx

    places = tuple(workspace.reports / f"{report.batch}{suffix}" for suffix in (".html", ".xlsx"))
    reports = tuple(workspace.relative(place) for place in places)
    named = report.model_copy(update={"reports": reports})
    try:
        for place, write in zip(places, (write_html, write_xlsx), strict=True):
            staged = staging / place.name
            with writing(place):
                write(named, staged)
            workspace.publish(staged, place)
    except NotWritableError as error:
        failed = FailedFile(source="reports", problems=error.problems, exit_code=error.exit_code)
        return report.model_copy(update={"failed": (*report.failed, failed)})
    batches.record(
        VerifiedBatch(
            name=report.batch,
            digest=digest,
            checked_at=report.checked_at,
            sources=report.sources,
            reports=named.reports,
        )
    )
    return named


def _digest(report: BatchReport, hashes: Mapping[str, str]) -> str:
    """Over what went in and what came out, notes on filing apart: verifying again what is filed adds none.

    What goes into it and how it is written must not change: it is compared with the digests on record.
    """
    found = report.model_dump(mode="json", exclude=dict(_NOT_DIGESTED))
    sources = sorted([name, hashes.get(name, "")] for name in report.sources)
    answers = [one.number for document in report.documents for one in document.answers]
    decided = {"decided": answers} if answers else {}
    return sha256_of_value(found | {"sources": sources} | decided, sort_keys=True)
