"""What ``verify --json`` and ``status --json`` promise to the outside, as checks on what they printed.

Written from the contract alone, not from the code: names, enumerations and counts that somebody else relies on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

VERDICTS = {"complete", "incomplete", "review"}
PAGE_STATES = {"found", "missing", "duplicate"}
FIELD_STATES = {"filled", "blank", "unsure"}
REASONS = {"blank-page", "unknown-document", "unreadable", "superseded"}
CODES = {
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
}
_DOCUMENT = {"case", "form", "issue", "verdict", "pages", "fields", "findings"}
_PAGE = {"number", "state", "source", "source_page", "rotation"}
_FIELD = {"id", "kind", "state", "value", "page", "reason", "evidence"}
_FINDING = {"code", "field", "page", "message"}
_UNPLACED = {"source", "source_page", "reason"}
_CONTROLS = {chr(code) for code in (*range(32), 127)}


def broken_promises(told: dict[str, Any], workspace: Path) -> list[str]:
    """Everything in which an answer of ``verify --json`` is not what the contract says; empty if nothing."""
    wrong = [f"no {key}" for key in ("documents", "unplaced") if not isinstance(told.get(key), list)]
    if wrong:
        return wrong
    for document in told["documents"]:
        name = f"{document.get('case')}/{document.get('form')}"
        wrong += (f"{name}: {what}" for what in _document(document, workspace))
    for page in told["unplaced"]:
        wrong += _keys("unplaced", page, _UNPLACED)
        wrong += _one_of("reason", page["reason"], REASONS)
        wrong += _place(page)
    wrong += (f"{place} is told {times} times" for place, times in Counter(places(told)).items() if times > 1)
    issues = Counter(document["issue"] for document in told["documents"])
    wrong += (f"issue {issue} is told {times} times" for issue, times in issues.items() if times > 1)
    return wrong


def places(told: dict[str, Any]) -> list[tuple[str, int]]:
    """Source and page of everything an answer says of the inputs of this run or an earlier one."""
    found = [
        page for document in told["documents"] for page in document["pages"] if page["state"] != "missing"
    ]
    return [(page["source"], page["source_page"]) for page in (*found, *told["unplaced"])]


def expected_exit(told: dict[str, Any]) -> int:
    """10, 11 or 0, as the documents and the pages left over say; 30 and worse come from elsewhere."""
    verdicts = {document["verdict"] for document in told["documents"]}
    if "incomplete" in verdicts:
        return 10
    left = {page["reason"] for page in told["unplaced"]} - {"blank-page"}
    return 11 if "review" in verdicts or left else 0


def _document(document: dict[str, Any], workspace: Path) -> Iterator[str]:
    yield from _keys("document", document, _DOCUMENT)
    yield from _one_of("verdict", document["verdict"], VERDICTS)
    for page in document["pages"]:
        yield from _page(page)
    found = [page["number"] for page in document["pages"] if page["state"] == "found"]
    told = {page["number"] for page in document["pages"]}
    yield from (f"page {number} is found twice" for number, times in Counter(found).items() if times > 1)
    if told != set(range(1, max(told, default=0) + 1)):
        yield f"pages {sorted(told)} have a gap"
    for field in document["fields"]:
        yield from _field(field, workspace)
    for finding in document["findings"]:
        yield from _keys("finding", finding, _FINDING)
        yield from _one_of("code", finding["code"], CODES)
        if not finding["message"]:
            yield f"{finding['code']} has no message"
    if document["verdict"] == "complete":
        yield from _complete(document)


def _complete(document: dict[str, Any]) -> Iterator[str]:
    if any(page["state"] == "missing" for page in document["pages"]):
        yield "complete, with a page missing"
    if any(field["state"] == "unsure" and field["kind"] == "signature" for field in document["fields"]):
        yield "complete, with a signature nobody is sure of"


def _page(page: dict[str, Any]) -> Iterator[str]:
    yield from _keys("page", page, _PAGE)
    yield from _one_of("state", page["state"], PAGE_STATES)
    if page["state"] == "missing":
        if (page["source"], page["source_page"], page["rotation"]) != (None, None, None):
            yield f"page {page['number']} is missing and has a place"
        return
    yield from _place(page)
    yield from _one_of("rotation", page["rotation"], {0, 90, 180, 270})


def _place(page: dict[str, Any]) -> Iterator[str]:
    if not (isinstance(page["source"], str) and page["source"]) or _CONTROLS & set(page["source"]):
        yield f"source {page['source']!r} is no name"
    if not (isinstance(page["source_page"], int) and page["source_page"] >= 1):
        yield f"source page {page['source_page']!r} of {page['source']}"


def _field(field: dict[str, Any], workspace: Path) -> Iterator[str]:
    yield from _keys("field", field, _FIELD)
    yield from _one_of("state", field["state"], FIELD_STATES)
    evidence = field["evidence"]
    if evidence is None:
        return
    if Path(evidence).is_absolute() or ".." in Path(evidence).parts or not evidence.startswith("returned/"):
        yield f"evidence {evidence} is not below returned/"
    elif not (workspace / evidence).is_file():
        yield f"evidence {evidence} is not there"


def _keys(what: str, value: dict[str, Any], wanted: Iterable[str]) -> Iterator[str]:
    missing = set(wanted) - set(value)
    if missing:
        yield f"{what} without {sorted(missing)}"


def _one_of(what: str, value: Any, allowed: Iterable[Any]) -> Iterator[str]:
    if value not in allowed:
        yield f"{what} {value!r} is not one of the contract's"
