"""Issued documents of a workspace, as the reader gets them, and what a case's other papers say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from daiban.registry import Registry
from daiban.verifying.issues import issued_document
from daiban.workspace import Workspace
from extractors.model import IssuedDocument
from simulator.truth import Ground

_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")


def issued_documents(folder: Path, *, superseded: bool = False) -> list[IssuedDocument]:
    """Every document that went out with a PDF, by case and form; superseded ones only where asked for."""
    workspace = Workspace.open(folder)
    with Registry.open(workspace.registry, create=False) as registry:
        numbers = [item.number for item in registry.issues() if item.published_at and item.pdf]
        records = [record for number in numbers if (record := registry.find(number))]
    found = [issued_document(record, workspace.path) for record in records]
    wanted = [item for item in found if item.pdf and item.pdf.is_file()]
    kept = [item for item in wanted if superseded or item.superseded_by is None]
    return sorted(kept, key=lambda item: (item.case_id, item.form_id, item.number))


def grounds(documents: Iterable[IssuedDocument], today: date) -> dict[str, Ground]:
    """Per issue number, what its case's papers allow: 委托 ≤ 台账 ≤ 办结, and who signs."""
    by_case: dict[str, list[IssuedDocument]] = defaultdict(list)
    for document in documents:
        by_case[document.case_id].append(document)
    return {
        document.number: _ground(document, papers, today)
        for papers in by_case.values()
        for document in papers
    }


def _ground(document: IssuedDocument, papers: list[IssuedDocument], today: date) -> Ground:
    ledger = sorted(day for paper in papers for day in _dates(paper, ("ledger.", "review.")))
    handed = sorted(day for paper in papers for day in _dates(paper, ("handover.date",)))
    before, after = _limits(document.form_id, ledger, handed)
    return Ground(
        today=today,
        not_before=before,
        not_after=after,
        enterprise=_said(papers, "enterprise.name"),
        agency=_said(papers, "agency.name") or "晋城市行政审批服务管理局",
        manager=_said(papers, "manager.name"),
    )


def _limits(form: str, ledger: list[date], handed: list[date]) -> tuple[date | None, date | None]:
    """First and last day on which a form may be signed or filled, as the case's printed dates have it."""
    if "authorisation" in form:
        return None, min([*ledger, *handed], default=None)
    if "ledger" in form:  # without a printed day of completion no row may come after the last printed one
        return max(ledger, default=None), min(handed or ledger[-1:], default=None)
    return max([*handed, *ledger], default=None), None


def _dates(paper: IssuedDocument, start: tuple[str, ...]) -> list[date]:
    found = []
    for key, value in paper.values.items():
        match = _DATE.search(str(value)) if key.startswith(start) and value else None
        if match:
            found.append(date(*map(int, match.groups())))
    return found


def _said(papers: list[IssuedDocument], key: str) -> str:
    return next((str(paper.values[key]) for paper in papers if paper.values.get(key)), "")
