"""A document as its reports and ``verify --json`` show it."""

from __future__ import annotations

from collections.abc import Mapping

from daiban.verifying.assembling.best_copies import AssembledDocument
from daiban.verifying.outcome import DocumentOutcome, FieldOutcome, FindingOutcome, PageOutcome, PageState
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from extractors.model import Judgement
from forms.definition import FormDefinition

_KEPT = "已有更齐全的一份，这次交回的没有替换它"
_A4_MM = (210.0, 297.0)


def document_outcome(document: AssembledDocument, form: FormDefinition | None) -> DocumentOutcome:
    """Everything there is to say of a document before it is filed."""
    issue = document.issue
    values: Mapping[str, object] = issue.values
    return DocumentOutcome(
        case=issue.case_id,
        form=issue.form_id,
        issue=issue.number,
        title=form.title if form else issue.form_id,
        verdict=document.judgement.verdict,
        machine_verdict=document.judgement.verdict,
        note=_KEPT if document.kept_better else "",
        pages=_pages(document),
        fields=_fields(document.judgement, form),
        findings=_findings(document.judgement, form),
        project=str(values.get("project.name") or ""),
        enterprise=str(values.get("enterprise.name") or ""),
    )


def _fields(judgement: Judgement, form: FormDefinition | None) -> tuple[FieldOutcome, ...]:
    """Every field, without its picture, which is a file of its own."""
    return tuple(
        FieldOutcome(
            id=item.id,
            label=field_label(item.id, form),
            kind=item.kind,
            state=item.state,
            value=item.value,
            page=item.page,
            reason=item.reason,
            confidence=item.confidence,
            box=item.box,
            measures=item.measures,
        )
        for item in judgement.observations
    )


def _findings(judgement: Judgement, form: FormDefinition | None) -> tuple[FindingOutcome, ...]:
    pictures = {item.id: item.crop for item in judgement.observations}
    return tuple(
        FindingOutcome.of(item, field_label(item.field, form), pictures.get(item.field or ""))
        for item in judgement.findings
    )


def field_label(field_id: str | None, form: FormDefinition | None) -> str:
    """What the form prints beside a field; its id where that is not known; nothing for no field."""
    if not field_id:
        return ""
    field = form.field(field_id) if form else None
    return field.label if field is not None else field_id


def _pages(document: AssembledDocument) -> tuple[PageOutcome, ...]:
    """Every page of the issue, found or missing, and every other page that came of it."""
    found = {number: _from_paper(document, page, "found") for number, page in document.pages.items()}
    others = [_from_paper(document, page, "duplicate") for page in document.other_pages]
    for item in document.digital:
        for page in _from_file(document, item, "found"):
            if page.number in found:
                others += [page.model_copy(update={"state": "duplicate"})] if item.came_now else []
            else:
                found[page.number] = page
    others += [page for item in document.other_digital for page in _from_file(document, item, "duplicate")]
    for number in range(1, document.issue.pages + 1):
        missing = PageOutcome(number=number, state="missing", size_mm=_size(document, number))
        found.setdefault(number, missing)
    return tuple(
        sorted([*found.values(), *others], key=lambda page: (page.number, page.state == "duplicate"))
    )


def _from_paper(document: AssembledDocument, page: ReturnedPage, state: PageState) -> PageOutcome:
    return PageOutcome(
        number=page.number,
        state=state,
        source=page.ref.source,
        source_page=page.ref.page,
        rotation=page.turn,
        thumbnail=page.thumbnail(),
        framed=page.registered,
        size_mm=_size(document, page.number),
    )


def _from_file(document: AssembledDocument, item: ReturnedFile, state: PageState) -> list[PageOutcome]:
    """The pages of a DOCX, which has no pages of its own: those of the issue. A PDF's pages are returned pages."""
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


def _size(document: AssembledDocument, number: int) -> tuple[float, float]:
    sizes = document.issue.page_sizes
    return sizes[number - 1] if number <= len(sizes) else _A4_MM
