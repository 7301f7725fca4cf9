"""A document as its reports and ``verify --json`` tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from daiban.verifying.outcome import DocumentOutcome, PageOutcome, PageState
from daiban.verifying.sheets import Sheet
from daiban.verifying.sorting import Document
from daiban.verifying.standing import Digital
from extractors.model import Finding, Judgement
from forms.definition import FormDefinition

KEPT = "已有更齐全的一份，这次交回的没有替换它"
UNCHANGED = "与已归档的相同，没有新内容"


def outcome_of(document: Document, form: FormDefinition | None) -> DocumentOutcome:
    """Everything there is to tell of a document before it is filed."""
    issue = document.issue
    values: Mapping[str, object] = issue.values
    return DocumentOutcome(
        case=issue.case_id,
        form=issue.form_id,
        issue=issue.number,
        title=form.title if form else issue.form_id,
        judgement=_light(document.judgement),
        pages=_pages(document),
        project=str(values.get("project.name") or ""),
        enterprise=str(values.get("enterprise.name") or ""),
        labels=_labels(document, form),
        note=KEPT if document.kept_better else "",
    )


def _light(judgement: Judgement) -> Judgement:
    """Without the pictures of fields, which are files by then; those of findings stay."""
    observations = tuple(replace(item, crop=None) for item in judgement.observations)
    pictures = {item.id: item.crop for item in judgement.observations}
    return replace(
        judgement,
        observations=observations,
        findings=tuple(_with_picture(item, pictures) for item in judgement.findings),
    )


def _with_picture(item: Finding, pictures: Mapping[str, bytes | None]) -> Finding:
    if item.evidence is not None or item.field is None:
        return item
    return replace(item, evidence=pictures.get(item.field))


def _labels(document: Document, form: FormDefinition | None) -> dict[str, str]:
    named = {item.id for item in document.judgement.observations}
    named |= {item.field for item in document.judgement.findings if item.field}
    fields = {name: form.field(name) for name in sorted(named)} if form else {}
    return {name: field.label for name, field in fields.items() if field is not None}


def _pages(document: Document) -> tuple[PageOutcome, ...]:
    """Every page of the issue, found or missing, and every other page that came of it."""
    found = {number: _of_sheet(document, sheet, "found") for number, sheet in document.sheets.items()}
    others = [_of_sheet(document, sheet, "duplicate") for sheet in document.extra]
    for item in document.digital:
        for page in _of_file(document, item, "found"):
            if page.number in found:
                others += [replace(page, state="duplicate")] if item.came_now else []
            else:
                found[page.number] = page
    others += [page for item in document.extra_digital for page in _of_file(document, item, "duplicate")]
    for number in range(1, document.issue.pages + 1):
        missing = PageOutcome(number=number, state="missing", size_mm=_size(document, number))
        found.setdefault(number, missing)
    return tuple(
        sorted([*found.values(), *others], key=lambda page: (page.number, page.state == "duplicate"))
    )


def _of_sheet(document: Document, sheet: Sheet, state: PageState) -> PageOutcome:
    return PageOutcome(
        number=sheet.number,
        state=state,
        source=sheet.ref.source,
        source_page=sheet.ref.page,
        rotation=sheet.turn,
        thumbnail=sheet.thumbnail(),
        framed=sheet.registered,
        size_mm=_size(document, sheet.number),
    )


def _of_file(document: Document, item: Digital, state: PageState) -> list[PageOutcome]:
    """The pages of a DOCX, which has no pages of its own: those of the issue. A PDF's pages are sheets."""
    if item.facts.format != "docx":
        return []
    source = item.facts.ref.source
    return [
        PageOutcome(
            number=number,
            state=state,
            source=source,
            source_page=number,
            rotation=0,
            size_mm=_size(document, number),
        )
        for number in item.facts.pages_seen
    ]


def _size(document: Document, number: int) -> tuple[float, float]:
    sizes = document.issue.page_sizes
    return sizes[number - 1] if number <= len(sizes) else (210.0, 297.0)
