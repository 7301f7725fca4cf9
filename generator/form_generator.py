"""Everything made once per form, and a batch's way through it: fill, lay out, read back, check.

What fails is tried again in smaller composites, down to a document alone, so that one document that breaks the layout
engine is set aside and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from forms.definition import FieldKind, FormDefinition
from forms.geometry import FieldArea
from foundation.digests import sha256_of_bytes
from foundation.errors import DaibanError, ExitCode, Problem, ToolFailedError, ToolMissingError
from generator.bind import Bound
from generator.layout.composite import DocumentBody, LayoutStyle
from generator.layout.composite_pdf import CompositePdf, LaidOutDocument
from generator.layout.fonts import FontBook
from generator.layout.libreoffice import TimedOutError
from generator.layout.padding import entries_to_page_end
from generator.model import Failed, Order, Produced, Result
from generator.output import check
from generator.output.acroform import FillableField
from generator.output.issued_pdf import IssuedPdf
from generator.output.mark import MarkDrawer
from generator.template.edited import EditedDocument
from generator.template.fill import FilledDocument, FormFiller

#: Lays out a DOCX of so many documents and returns the PDF.
Convert = Callable[[Path, int], Path]

#: How often a document alone is tried. Processes die of other things than documents (memory, an administrator), on a
#: slow machine several times in a row.
_ATTEMPTS_ALONE = 10
_TIMEOUT_COUNTS = 5  # a document that hangs costs a whole deadline each time
#: What a page says by which its case is known, and what is drawn on one that says none of it.
_PROJECT = "project.name"
_NAMING = (_PROJECT, "project.code", "enterprise.name", "enterprise.uscc")
_COMPOSITE_CHARACTERS = 32 * 2**20  # of XML in one composite; a hundred 研判表 have 11 million
_PARTS = 6  # a composite that failed is tried again in so many parts


@dataclass(slots=True)
class _PendingDocument:
    """A filled document that has yet to be laid out: its DOCX, where that will stand, and what the check needs."""

    order: Order
    path: Path
    docx: bytes
    printed: check.PrintedText
    body: DocumentBody
    blank: tuple[str, ...]
    attempts: int = 0
    on_new_line: frozenset[str] = frozenset()
    pages_before: int = 0
    other_heads: int = 0

    @property
    def sha256(self) -> str:
        return sha256_of_bytes(self.docx)

    def write(self) -> None:
        self.path.write_bytes(self.docx)


class FormGenerator:
    """One form's compiled template, layout style and page furniture; makes its documents."""

    def __init__(
        self,
        form: FormDefinition,
        fonts: FontBook,
        marks: MarkDrawer,
        edited: EditedDocument | None = None,
    ) -> None:
        """``edited``: a document that staff edited, to be issued as it is; nothing is filled in or padded then."""
        self.form = form
        self.marks = marks
        self.filler = edited or FormFiller(form)
        self._pads = edited is None
        self.style = LayoutStyle(self.filler.package, fonts)
        self.page_furniture = check.PageFurniture(self.style.parts)

    def run(self, orders: Sequence[Order], staging: Path, convert: Convert) -> Iterator[Result]:
        """Make the orders; each gives one result, in any order."""
        pending: list[_PendingDocument] = []
        for item in self._fill_all(orders, staging):
            if isinstance(item, Failed):
                yield item
                continue
            pending.append(item)
            if sum(len(document.body.xml) for document in pending) > _COMPOSITE_CHARACTERS:
                yield from self._make(pending, staging, convert)
                pending = []
        yield from self._make(pending, staging, convert)

    def _make(self, pending: list[_PendingDocument], staging: Path, convert: Convert) -> Iterator[Result]:
        """Lay out what is filled, once lists are padded to the ends of their pages."""
        padded = self._padded([document.order for document in pending], staging, convert)
        if padded is not None:
            pending = _filled(self._fill_all(padded, staging))
        for document in pending:
            document.write()
        yield from self._lay_out(pending, staging, convert)

    def _fill_all(self, orders: Sequence[Order], staging: Path) -> Iterator[_PendingDocument | Failed]:
        for order in orders:
            try:
                filled = self.filler.fill(order.bound)
                problems = check.docx_problems(filled.docx, order.bound)
            except DaibanError as error:
                yield Failed(order, error.problems, error.exit_code)
                continue
            if problems:
                yield Failed(order, tuple(problems), ExitCode.FORM)
            else:
                yield self._pending(order, filled, staging)

    def _pending(self, order: Order, filled: FilledDocument, staging: Path) -> _PendingDocument:
        printed = check.PrintedText.of(filled.body)
        blank = tuple(tag for tag in check.shown_ids(filled.body) if order.bound.values[tag] is None)
        body = replace(self.style.document_body(filled.body), pages=self.form.pages[0])
        return _PendingDocument(order, staging / f"{order.issue}.docx", filled.docx, printed, body, blank)

    def _padded(self, orders: Sequence[Order], staging: Path, convert: Convert) -> list[Order] | None:
        """Where a list is to fill its last page: the orders with as many blank entries as a trial has room for."""
        list_id = next((item.id for item in self.form.lists if item.fill_page), None)
        if list_id is None or not orders or not self._pads:
            return None
        trials = [_with_entries(order, list_id, 1) for order in orders]
        pending = _filled(self._fill_all(trials, staging))
        try:
            with self._composite(pending, staging, convert) as composite:
                room = [
                    entries_to_page_end(
                        composite, laid_out, trial.order.bound, list_id, trial.body.bottom_margin_mm
                    )
                    for trial, laid_out in zip(pending, composite.documents, strict=True)
                ]
        except (ToolFailedError, ToolMissingError):
            return trials  # the layout itself will report what is wrong with the tool
        return [_with_entries(trial.order, list_id, more) for trial, more in zip(pending, room, strict=True)]

    def _lay_out(self, pending: list[_PendingDocument], staging: Path, convert: Convert) -> Iterator[Result]:
        if not pending:
            return
        again: list[tuple[_PendingDocument, tuple[Problem, ...]]] = []
        changed: list[_PendingDocument] = []
        try:
            with self._composite(pending, staging, convert) as composite:
                for document, laid_out in zip(pending, composite.documents, strict=True):
                    if self._moves_split_blanks(
                        document, composite.split_blanks(laid_out, document.order.bound)
                    ) or self._counts_other_pages(document, laid_out.pages):
                        changed.append(document)
                        continue
                    result = self._produce(document, laid_out, composite, staging)
                    if isinstance(result, Failed) and (len(pending) > 1 or _break_rows(document)):
                        again.append((document, result.problems))
                    elif _changes_heads(document, laid_out, composite):
                        changed.append(document)
                    else:
                        yield result
        except ToolMissingError as missing:
            yield from (_without_pdf(document, missing) for document in pending)
            return
        except ToolFailedError as error:
            weight = _TIMEOUT_COUNTS if isinstance(error, TimedOutError) else 1
            yield from self._again(pending, error.problems, weight, staging, convert)
            return
        for document, problems in again:
            yield from self._again([document], problems, 1, staging, convert)
        yield from self._lay_out(changed, staging, convert)

    def _moves_split_blanks(self, document: _PendingDocument, split: frozenset[str]) -> bool:
        """Put blanks and dates that a line end split on lines of their own, once; whether that was done."""
        if document.on_new_line or not split:
            return False
        document.on_new_line = split
        filled = self.filler.fill(document.order.bound)
        body = self.style.document_body(filled.body, split)
        document.body = replace(body, pages=document.body.pages)
        return True

    def _counts_other_pages(self, document: _PendingDocument, pages: int) -> bool:
        """Where headers or footers say how many pages there are: correct a number that was not; whether it was not."""
        if not self.style.counts_pages or pages in (document.body.pages, document.pages_before):
            return False
        document.pages_before, document.body = document.body.pages, replace(document.body, pages=pages)
        return True

    def _again(
        self,
        pending: list[_PendingDocument],
        problems: tuple[Problem, ...],
        weight: int,
        staging: Path,
        convert: Convert,
    ) -> Iterator[Result]:
        """Try failed documents again: many in smaller composites, one alone a few times."""
        if len(pending) == 1:
            (document,) = pending
            document.attempts += weight
            if document.attempts >= _ATTEMPTS_ALONE:
                yield Failed(document.order, problems, ExitCode.TOOL_FAILED)
                return
        size = ceil(len(pending) / _PARTS)
        for start in range(0, len(pending), size):
            yield from self._lay_out(pending[start : start + size], staging, convert)

    def _composite(
        self, pending: Sequence[_PendingDocument], staging: Path, convert: Convert
    ) -> CompositePdf:
        docx = staging / f"composite-{pending[0].order.issue}.docx"
        pdf: Path | None = None
        try:
            docx.write_bytes(self.style.composite([document.body for document in pending]))
            pdf = convert(docx, len(pending))
            return CompositePdf(pdf, len(pending))
        finally:
            docx.unlink(missing_ok=True)
            if pdf is not None:
                pdf.unlink(missing_ok=True)

    def _produce(
        self, document: _PendingDocument, laid_out: LaidOutDocument, composite: CompositePdf, staging: Path
    ) -> Result:
        order, bound = document.order, document.order.bound
        areas = composite.areas(laid_out, bound)
        sizes = tuple(composite.page_size(laid_out, page) for page in range(1, laid_out.pages + 1))
        pages = [
            self.page_furniture.without(check.squeezed(text), number, laid_out.pages)
            for number, text in enumerate(laid_out.texts, 1)
        ]
        problems = [
            *check.text_problems(document.printed, pages),
            *check.value_problems(bound, pages),
            *check.page_problems(self.form, bound, laid_out.pages),
            *check.area_problems(bound, document.blank, areas, sizes),
        ]
        if problems:
            return Failed(order, tuple(problems), ExitCode.TOOL_FAILED)
        pdf = staging / f"{order.issue}.pdf"
        fields = [FillableField(area, bound.definition(area.id)) for area in areas if area.is_open]
        issued = IssuedPdf(
            order.issue,
            self.form.title,
            fields,
            self.marks,
            self.form.page_marks,
            project=str(bound.values.get(_PROJECT) or ""),
            without_case=_without_case(bound, areas, pages),
        )
        digest = issued.write(composite.pages(laid_out), pdf)
        return Produced(order, document.path, document.sha256, pdf, digest, sizes, areas, document.blank)


def _without_case(bound: Bound, areas: Sequence[FieldArea], pages: Sequence[str]) -> frozenset[int]:
    """The pages (squeezed texts, in order) that are signed and do not say whose they are: of any case, to a reader."""
    names = [
        check.squeezed(str(bound.values[field_id])) for field_id in _NAMING if bound.values.get(field_id)
    ]
    signed = {area.page for area in areas if area.kind == FieldKind.SIGNATURE}
    return frozenset(page for page in signed if not any(name in pages[page - 1] for name in names))


def _filled(items: Iterator[_PendingDocument | Failed]) -> list[_PendingDocument]:
    return [item for item in items if isinstance(item, _PendingDocument)]


def _break_rows(document: _PendingDocument) -> bool:
    """Let the table rows of a document break that failed alone; whether any had been kept whole."""
    whole, document.body = document.body, document.body.with_rows_broken
    return document.body != whole


def _changes_heads(document: _PendingDocument, laid_out: LaidOutDocument, composite: CompositePdf) -> bool:
    """Change the repeated heads of a document that runs below the foot of a page; whether there were any.

    Of a table row longer than a page, under a repeated head, LibreOffice (25.2) draws the last line below the page's
    foot, across the table's rule, where exactly that line would be left for the next page.
    """
    if not composite.runs_past_foot(laid_out, document.body.foot_mm):
        return False
    document.other_heads += 1
    before, document.body = document.body, document.body.with_other_heads(document.other_heads)
    return document.body != before


def _without_pdf(document: _PendingDocument, missing: ToolMissingError) -> Produced:
    """Without LibreOffice the DOCX still comes out; the problem advises what to install."""
    return Produced(
        document.order, document.path, document.sha256, blank=document.blank, problems=missing.problems
    )


def _with_entries(order: Order, list_id: str, more: int) -> Order:
    """The order with so many more entries in a list, all open."""
    return replace(order, bound=order.bound.with_entries(list_id, order.bound.entries[list_id] + more))
