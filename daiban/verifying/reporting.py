"""A batch's reports for people: written once, and found again where the same went in and the same came out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from daiban.registry import Batches, VerifiedBatch
from daiban.verifying.outcome import BatchReport, FailedFile
from daiban.workspace import Workspace
from foundation.digests import sha256_of_bytes
from foundation.errors import NotWritableError
from foundation.writing import writing


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
        return replace(report, batch=before.name, reports=before.reports)
    # Workers import this room as well and write no reports, so what writes them is loaded here.
    from daiban.verifying.report_html import write_html
    from daiban.verifying.report_xlsx import write_xlsx

    places = tuple(workspace.reports / f"{report.batch}{suffix}" for suffix in (".html", ".xlsx"))
    named = replace(report, reports=tuple(workspace.relative(place) for place in places))
    try:
        for place, write in zip(places, (write_html, write_xlsx), strict=True):
            staged = staging / place.name
            with writing(place):
                write(named, staged)
            workspace.publish(staged, place)
    except NotWritableError as error:
        failed = FailedFile(source="reports", problems=error.problems, exit_code=error.exit_code)
        return replace(report, failed=(*report.failed, failed))
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
    """Over what went in and what came out, notes on filing apart: verifying again what is filed adds none."""
    told = report.to_json()
    for document in told["documents"]:
        document.pop("note")
    for name in ("warnings", "reports"):
        told.pop(name)
    told["sources"] = sorted([name, hashes.get(name, "")] for name in report.sources)
    text = json.dumps(told, ensure_ascii=False, sort_keys=True)
    return sha256_of_bytes(text.encode())
