"""Everything made once per form, and a batch's way through it: fill, lay out, cut, check.

What fails is tried again in smaller composites, down to a document alone, so that one document that breaks the layout
engine is set aside and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from pathlib import Path

from forms.definition import FormDefinition
from foundation.digests import sha256_of_bytes, sha256_of_file
from foundation.errors import DaibanError, ExitCode, Problem, ToolFailedError, ToolMissingError
from generator.layout.composite import LayoutStyle, Sheet
from generator.layout.cut import Composite, Copy, IssuedPdf
from generator.layout.fonts import FontBook
from generator.layout.libreoffice import TimedOutError
from generator.layout.padding import entries_to_page_end
from generator.model import Failed, Order, Produced, Result
from generator.output import check
from generator.output.acroform import OpenField
from generator.output.mark import Pen
from generator.template.fill import Filled, FormFiller

#: Lays out a DOCX of so many documents and returns the PDF.
Convert = Callable[[Path, int], Path]

#: How often a document alone is tried. Processes die of other things than documents (memory, an administrator), on a
#: slow machine several times in a row.
_ATTEMPTS_ALONE = 10
_TIMEOUT_COUNTS = 5  # a document that hangs costs a whole deadline each time
_PARTS = 6  # a composite that failed is tried again in so many parts


@dataclass(slots=True)
class _Job:
    """One order on its way to its document."""

    order: Order
    path: Path
    docx: bytes
    printed: check.Printed
    sheet: Sheet
    blank: tuple[str, ...]
    attempts: int = field(default=0)
    on_new_line: frozenset[str] = frozenset()

    @property
    def sha256(self) -> str:
        return sha256_of_bytes(self.docx)

    def write(self) -> None:
        self.path.write_bytes(self.docx)


class FormGenerator:
    """What is made once per form: compiled template, layout style, furniture."""

    def __init__(self, form: FormDefinition, fonts: FontBook, pen: Pen) -> None:
        self.form = form
        self.pen = pen
        self.filler = FormFiller(form)
        self.style = LayoutStyle(self.filler.package, fonts)
        self.furniture = check.Furniture(self.style.parts)

    def run(self, orders: Sequence[Order], staging: Path, convert: Convert) -> Iterator[Result]:
        """Make the orders; each gives one result, in any order."""
        jobs: list[_Job] = []
        for item in self._fill_all(orders, staging):
            if isinstance(item, Failed):
                yield item
            else:
                jobs.append(item)
        padded = self._padded([job.order for job in jobs], staging, convert)
        if padded is not None:
            jobs = [job for job in self._fill_all(padded, staging) if isinstance(job, _Job)]
        for job in jobs:
            job.write()
        yield from self._lay_out(jobs, staging, convert)

    def _fill_all(self, orders: Sequence[Order], staging: Path) -> Iterator[_Job | Failed]:
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
                yield self._job(order, filled, staging)

    def _job(self, order: Order, filled: Filled, staging: Path) -> _Job:
        printed = check.Printed.of(filled.body)
        blank = tuple(tag for tag in check.shown_ids(filled.body) if order.bound.values[tag] is None)
        return _Job(
            order, staging / f"{order.issue}.docx", filled.docx, printed, self.style.sheet(filled.body), blank
        )

    def _padded(self, orders: Sequence[Order], staging: Path, convert: Convert) -> list[Order] | None:
        """Where a list is to fill its last page: the orders with as many blank entries as a trial has room for."""
        list_id = next((item.id for item in self.form.lists if item.fill_page), None)
        if list_id is None or not orders:
            return None
        trials = [_with_entries(order, list_id, 1) for order in orders]
        jobs = [job for job in self._fill_all(trials, staging) if isinstance(job, _Job)]
        try:
            with self._composite(jobs, staging, convert) as composite:
                room = [
                    entries_to_page_end(composite, copy, job.order.bound, list_id, job.sheet.bottom_margin_mm)
                    for job, copy in zip(jobs, composite.copies, strict=True)
                ]
        except (ToolFailedError, ToolMissingError):
            return trials  # the layout proper will say what is wrong with the tool
        return [_with_entries(job.order, list_id, more) for job, more in zip(jobs, room, strict=True)]

    def _lay_out(self, jobs: list[_Job], staging: Path, convert: Convert) -> Iterator[Result]:
        if not jobs:
            return
        again: list[tuple[_Job, tuple[Problem, ...]]] = []
        cut_blanks: list[_Job] = []
        try:
            with self._composite(jobs, staging, convert) as composite:
                for job, copy in zip(jobs, composite.copies, strict=True):
                    if self._must_mend_blanks(job, copy, composite):
                        cut_blanks.append(job)
                        continue
                    result = self._produce(job, copy, composite, staging)
                    if isinstance(result, Failed) and (len(jobs) > 1 or _break_rows(job)):
                        again.append((job, result.problems))
                    else:
                        yield result
        except ToolMissingError as missing:
            yield from (_without_pdf(job, missing) for job in jobs)
            return
        except ToolFailedError as error:
            weight = _TIMEOUT_COUNTS if isinstance(error, TimedOutError) else 1
            yield from self._again(jobs, error.problems, weight, staging, convert)
            return
        for job, problems in again:
            yield from self._again([job], problems, 1, staging, convert)
        yield from self._lay_out(cut_blanks, staging, convert)

    def _must_mend_blanks(self, job: _Job, copy: Copy, composite: Composite) -> bool:
        """Whether a document has to be laid out once more because a line end cut a blank, or a date, in two."""
        if job.on_new_line:
            return False
        job.on_new_line = composite.split_blanks(copy, job.order.bound)
        if job.on_new_line:
            job.sheet = self.style.sheet(self.filler.fill(job.order.bound).body, job.on_new_line)
        return bool(job.on_new_line)

    def _again(
        self, jobs: list[_Job], problems: tuple[Problem, ...], weight: int, staging: Path, convert: Convert
    ) -> Iterator[Result]:
        """Try failed jobs again: many in smaller composites, one alone a few times."""
        if len(jobs) == 1:
            (job,) = jobs
            job.attempts += weight
            if job.attempts >= _ATTEMPTS_ALONE:
                yield Failed(job.order, problems, ExitCode.TOOL_FAILED)
                return
        size = ceil(len(jobs) / _PARTS)
        for start in range(0, len(jobs), size):
            yield from self._lay_out(jobs[start : start + size], staging, convert)

    def _composite(self, jobs: Sequence[_Job], staging: Path, convert: Convert) -> Composite:
        docx = staging / f"composite-{jobs[0].order.issue}.docx"
        pdf: Path | None = None
        try:
            docx.write_bytes(self.style.composite([job.sheet for job in jobs]))
            pdf = convert(docx, len(jobs))
            return Composite(pdf, len(jobs))
        finally:
            docx.unlink(missing_ok=True)
            if pdf is not None:
                pdf.unlink(missing_ok=True)

    def _produce(self, job: _Job, copy: Copy, composite: Composite, staging: Path) -> Result:
        bound = job.order.bound
        areas = composite.areas(copy, bound)
        sizes = tuple(composite.page_size(copy, page) for page in range(1, copy.pages + 1))
        pages = [
            self.furniture.without(check.squeezed(text), number) for number, text in enumerate(copy.texts, 1)
        ]
        problems = [
            *check.text_problems(job.printed, pages),
            *check.value_problems(bound, pages),
            *check.page_problems(self.form, bound, copy.pages),
            *check.area_problems(bound, job.blank, areas, sizes),
        ]
        if problems:
            return Failed(job.order, tuple(problems), ExitCode.TOOL_FAILED)
        pdf = staging / f"{job.order.issue}.pdf"
        fields = [OpenField(area, bound.definition(area.id)) for area in areas if area.is_open]
        issued = IssuedPdf(job.order.issue, self.form.title, fields, self.pen)
        composite.write(copy, issued, pdf)
        digest = sha256_of_file(pdf)
        return Produced(job.order, job.path, job.sha256, pdf, digest, sizes, areas, job.blank)


def _break_rows(job: _Job) -> bool:
    """Let the table rows of a document break that failed alone; whether any had been kept whole."""
    whole, job.sheet = job.sheet, job.sheet.with_rows_broken
    return job.sheet != whole


def _without_pdf(job: _Job, missing: ToolMissingError) -> Produced:
    """Without LibreOffice the DOCX still comes out; the problem says what to install."""
    return Produced(job.order, job.path, job.sha256, blank=job.blank, problems=missing.problems)


def _with_entries(order: Order, list_id: str, more: int) -> Order:
    """The order with so many more entries in a list, all open."""
    return replace(order, bound=order.bound.with_entries(list_id, order.bound.entries[list_id] + more))
