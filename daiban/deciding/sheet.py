"""What a person needs before them to decide about a document (核对单): its pages as they came beside our own, every
finding with its place, its reason and what was measured.
"""

from __future__ import annotations

import io
from pathlib import Path

from daiban.deciding.places import seen_at
from daiban.deciding.queue import QueueDocument, QueueFinding, queued_document
from daiban.office import Office
from daiban.registry import Generation, IssueRecord
from daiban.verifying.issued import issued_document
from daiban.verifying.reporting.document_outcome import field_label
from daiban.verifying.reporting.view import CODE_NAMES, measures_text, unsaid
from daiban.verifying.returned_folder import bound_name, main_file
from extractors.model import Alteration, FieldState, Image, Observation, Sighting
from forms.definition import FormDefinition
from foundation.errors import UsageError
from foundation.frozen_model import FrozenModel

_JPEG_QUALITY = 84


class SheetPage(FrozenModel):
    """One page of the issue. ``place``: which page of the filed PDF it is, from 1, null where it is not back;
    ``is_framed``: it can be shown in the frame of our original, so that a place on one is the same on the other.
    """

    number: int
    size_mm: tuple[float, float]
    place: int | None
    is_framed: bool
    source: str | None
    source_page: int | None


class SheetFinding(FrozenModel):
    """One finding, with what was seen at its place. ``label``: what the form prints beside the field; ``measures``: in
    words, empty where nothing was measured.
    """

    finding: QueueFinding
    code_name: str
    label: str
    reason: str
    measures: str


class SheetField(FrozenModel):
    """What was seen of a field."""

    id: str
    label: str
    page: int
    state: FieldState
    value: str | bool | None
    reason: str


class DecisionSheet(FrozenModel):
    """A document that a person decides about. ``file``: the filed file, relative to the workspace."""

    document: QueueDocument
    pages: tuple[SheetPage, ...]
    findings: tuple[SheetFinding, ...]
    fields: tuple[SheetField, ...]
    file: str | None


def decision_sheet(office: Office, issue: str) -> DecisionSheet:
    """What there is to see of a document that is back.

    :raises UsageError: there is no such issue, it is void, or nothing is back of it.
    """
    document = queued_document(office, issue)
    with office.registry() as registry:
        record = registry.find(issue) if registry is not None else None
        generation = registry.returns.newest(issue) if registry is not None else None
    if record is None or generation is None:
        raise UsageError(f"编号“{issue}”没有交回")
    form = office.forms.get(record.form_id)
    found = zip(document.findings, generation.findings, strict=True)
    return DecisionSheet(
        document=document,
        pages=_pages(record, generation),
        findings=tuple(_finding(item, seen_at(generation, own), form) for item, own in found),
        fields=tuple(_field(item, form) for item in generation.observations),
        file=_file(office, record, generation),
    )


def framed_page(workspace: Path, issue: str, number: int) -> bytes | None:
    """A page that is back, as it came, in the frame of our original at 150 dpi (JPEG); None where it does not fit.

    It takes a second or two, and the libraries of the reader: whoever serves people asks a process of its own, and
    keeps the answer.
    """
    from extractors.identify import sight
    from extractors.opening import open_return
    from extractors.originals import Originals
    from extractors.register import register
    from extractors.thresholds import load_thresholds

    office = Office.open(workspace)
    with office.registry() as registry:
        record = registry.find(issue) if registry is not None else None
        generation = registry.returns.newest(issue) if registry is not None else None
        key = registry.mark_key() if registry is not None else b""
    place = _place(generation, number) if generation is not None else None
    if record is None or place is None:
        return None
    known = issued_document(record, workspace)
    filed = office.workspace.returned_of(record.docx) / bound_name(record.form_id)
    with open_return(filed, filed.name) as opened:
        raster = opened.raster(place)
    found = sight(raster, key)
    is_it = isinstance(found, Sighting) and (found.issue, found.page) == (issue, number)
    sighting = found if is_it else Sighting(issue, number, record.pages, 0, "print")
    assert isinstance(sighting, Sighting)
    original = Originals({issue: known}.get).page(issue, number)
    page = register(raster, sighting, original, load_thresholds().registration)
    return _jpeg(page.rgb) if page is not None else None


def _jpeg(rgb: Image) -> bytes:
    from PIL import Image as Pictures

    out = io.BytesIO()
    Pictures.fromarray(rgb).save(out, "JPEG", quality=_JPEG_QUALITY, optimize=True)
    return out.getvalue()


def _pages(record: IssueRecord, generation: Generation) -> tuple[SheetPage, ...]:
    back = {page.number: page for page in generation.pages}
    return tuple(
        SheetPage(
            number=number,
            size_mm=record.page_size(number),
            place=_place(generation, number),
            is_framed=number in back and back[number].facts.registered,
            source=back[number].source if number in back else None,
            source_page=back[number].content.page if number in back else None,
        )
        for number in range(1, record.pages + 1)
    )


def _place(generation: Generation, number: int) -> int | None:
    """Which page of the filed PDF a page of the issue is: it holds only those that are back, in order."""
    numbers = [page.number for page in generation.pages]
    return numbers.index(number) + 1 if number in numbers else None


def _finding(
    item: QueueFinding, place: tuple[Observation | Alteration, str] | None, form: FormDefinition | None
) -> SheetFinding:
    seen = place[0] if place is not None else None
    return SheetFinding(
        finding=item,
        code_name=CODE_NAMES[item.code],
        label=field_label(item.field, form),
        reason=unsaid(seen.reason, item.message) if seen is not None else "",
        measures=measures_text(seen.measures) if seen is not None else "",
    )


def _field(item: Observation, form: FormDefinition | None) -> SheetField:
    return SheetField(
        id=item.id,
        label=field_label(item.id, form),
        page=item.page,
        state=item.state,
        value=item.value,
        reason=item.reason,
    )


def _file(office: Office, record: IssueRecord, generation: Generation) -> str | None:
    name = main_file(record.form_id, generation.files)
    return office.workspace.relative(office.workspace.returned_of(record.docx) / name) if name else None
