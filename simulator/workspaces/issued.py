"""The issued documents of a workspace as the reader gets them, and what the other documents of a case say."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from daiban.registry import Registry
from daiban.verifying.issued import issued_document
from daiban.workspace import Workspace
from extractors.model import IssuedDocument
from simulator.truth import CaseContext

_DATE = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")


def issued_documents(folder: Path, *, superseded: bool = False) -> list[IssuedDocument]:
    """Every document published with a PDF, sorted by case and form; superseded ones only where asked for."""
    workspace = Workspace.open(folder)
    with Registry.open(workspace.registry, create=False) as registry:
        numbers = [item.number for item in registry.issues() if item.published_at and item.pdf]
        records = [record for number in numbers if (record := registry.find(number))]
    found = [issued_document(record, workspace.path) for record in records]
    wanted = [item for item in found if item.pdf and item.pdf.is_file()]
    kept = [item for item in wanted if superseded or not item.is_void]
    return sorted(kept, key=lambda item: (item.case_id, item.form_id, item.number))


def case_contexts(documents: Iterable[IssuedDocument], today: date) -> dict[str, CaseContext]:
    """Per issue number, what the documents of its case allow: dates in the order 委托, 台账, 办结, and who signs."""
    by_case: dict[str, list[IssuedDocument]] = defaultdict(list)
    for document in documents:
        by_case[document.case_id].append(document)
    return {
        document.number: _case_context(document, siblings, today)
        for siblings in by_case.values()
        for document in siblings
    }


def _case_context(document: IssuedDocument, siblings: list[IssuedDocument], today: date) -> CaseContext:
    ledger = sorted(day for sibling in siblings for day in _dates(sibling, ("ledger.", "review.")))
    completed = sorted(day for sibling in siblings for day in _dates(sibling, ("handover.date",)))
    before, after = _limits(document.form_id, ledger, completed)
    return CaseContext(
        today=today,
        not_before=before,
        not_after=after,
        enterprise=_first_value(siblings, "enterprise.name"),
        agency=_first_value(siblings, "agency.name") or "晋城市行政审批服务管理局",
        manager=_first_value(siblings, "manager.name"),
    )


def _limits(form: str, ledger: list[date], completed: list[date]) -> tuple[date | None, date | None]:
    """The first and last day on which a form may be signed, as the printed dates of the case have it."""
    if "authorisation" in form:
        return None, min([*ledger, *completed], default=None)
    if "ledger" in form:  # without a printed completion date no row may come after the last printed one
        return max(ledger, default=None), min(completed or ledger[-1:], default=None)
    return max([*completed, *ledger], default=None), None


def _dates(document: IssuedDocument, start: tuple[str, ...]) -> list[date]:
    found = []
    for key, value in document.values.items():
        match = _DATE.search(str(value)) if key.startswith(start) and value else None
        if match:
            found.append(date(*map(int, match.groups())))
    return found


def _first_value(siblings: list[IssuedDocument], key: str) -> str:
    return next((str(sibling.values[key]) for sibling in siblings if sibling.values.get(key)), "")
