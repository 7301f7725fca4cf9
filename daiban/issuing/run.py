"""The whole way of ``generate``: select, number, make, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from daiban.converter import configured_converter, generator_settings
from daiban.documents.binding import Binder
from daiban.issuing.layout_workers import Chunk, LayoutWorkers, chunk_size
from daiban.issuing.publishing import Publisher
from daiban.issuing.result import FailedItem, GenerateResult, IssuedItem, PlannedItem
from daiban.issuing.selection import DocumentToMake, Reissue, Selection, Selector
from daiban.merged_assessments import record_rulings
from daiban.office import LockedOffice, Office
from daiban.progress_bar import Progress
from foundation.errors import Problem, ToolMissingError, UsageError
from generator.document_generator import GeneratorSettings
from generator.layout.libreoffice import LibreOffice, find_libreoffice
from generator.model import Failed, Order, Produced


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What to generate: these cases and forms; none named: all cases, and the forms their stages call for.

    ``workers``: how many processes (default: by the settings). ``reissue``: complete documents whose data have changed
    are wanted anew too. ``dry_run``: only say what would be made; nothing is locked or written.
    """

    cases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    workers: int | None = None
    reissue: Reissue | None = None
    dry_run: bool = False


def generate(office: Office, request: GenerateRequest, progress: Progress | None = None) -> GenerateResult:
    """Issue what the office's cases call for. One bad case, row or document never stops the others.

    Raises DaibanError only for what makes the whole run impossible: unknown case or form names, a wish to reissue that
    names no case, a workspace that is locked or cannot be written, a damaged registry.
    """
    if request.reissue is not None and not request.cases:
        problem = Problem(
            "--reissue", "没有写是哪个案件", advice="重新出具已交回齐全的文书，用 --case 写明案件"
        )
        raise UsageError(problem)
    if request.dry_run:
        selection = _select(office, request, _libreoffice(office))
        planned = tuple(document.planned() for document in selection.to_make)
        return _result(selection, planned=planned)
    progress = progress or Progress()
    with office.writing(progress.waiting) as locked:
        record_rulings(locked)
        libreoffice = _libreoffice(locked)
        selection = _select(locked, request, libreoffice)
        making = _Making(locked, libreoffice, request.workers)
        if selection.to_make:
            making.make(selection.to_make, progress)
    return _result(selection, issued=tuple(making.issued), failed=tuple(making.failed))


def _select(office: Office, request: GenerateRequest, libreoffice: LibreOffice | None) -> Selection:
    selector = Selector(office, pdf_possible=libreoffice is not None, reissue=request.reissue)
    return selector.select(request.cases, request.forms)


def _result(
    selection: Selection,
    *,
    issued: tuple[IssuedItem, ...] = (),
    failed: tuple[FailedItem, ...] = (),
    planned: tuple[PlannedItem, ...] = (),
) -> GenerateResult:
    return GenerateResult(
        issued=issued,
        unchanged=tuple(selection.unchanged),
        waiting=tuple(selection.waiting),
        failed=(*selection.failed, *failed),
        held=tuple(selection.held),
        planned=planned,
        data_warnings=tuple(dict.fromkeys(selection.warnings)),
    )


def _libreoffice(office: Office) -> LibreOffice | None:
    try:
        return find_libreoffice(configured_converter(office.settings))
    except ToolMissingError:
        return None


class _Making:
    """Makes the selected documents, chunk by chunk, and publishes each chunk as soon as it is made."""

    def __init__(self, office: LockedOffice, libreoffice: LibreOffice | None, workers: int | None) -> None:
        self._office = office
        self._libreoffice = libreoffice
        self._workers = office.settings.work.worker_count(workers)
        self._publisher = Publisher(office.workspace, office.open_registry)
        self.issued: list[IssuedItem] = []
        self.failed: list[FailedItem] = []

    def make(self, documents: list[DocumentToMake], progress: Progress) -> None:
        numbered = self._numbered(documents)
        chunks = _chunks(numbered, self._office.binder, self._workers)
        with (
            self._office.workspace.staging() as staging,
            progress.bar(len(numbered), "生成文书") as bar,
        ):
            layout = LayoutWorkers(self._generator_settings(), staging, self._workers)
            for results in layout.run(chunks, len(numbered)):
                produced = [result for result in results if isinstance(result, Produced)]
                issued, failed = self._publisher.publish(produced, numbered)
                self.issued += issued
                self.failed += failed
                self.failed += (_failed_item(result) for result in results if isinstance(result, Failed))
                _discard(staging, results)
                bar.advance(len(results))

    def _numbered(self, documents: list[DocumentToMake]) -> dict[str, DocumentToMake]:
        """The documents by issue number; new numbers for those that have none."""
        count = sum(document.issue is None for document in documents)
        fresh = iter(self._office.open_registry.new_numbers(count))
        return {document.issue or next(fresh): document for document in documents}

    def _generator_settings(self) -> GeneratorSettings:
        key = self._office.open_registry.mark_key()
        return generator_settings(self._office.settings, key, self._libreoffice)


def _chunks(documents: Mapping[str, DocumentToMake], binder: Binder, workers: int) -> Iterator[Chunk]:
    """Documents of one form together, in pieces that make good composites."""
    ordered = sorted(documents.items(), key=lambda item: item[1].form.id)
    for _, group in groupby(ordered, key=lambda item: item[1].form.id):
        members = list(group)
        size = chunk_size(max(document.weight for _, document in members), len(members), workers)
        for start in range(0, len(members), size):
            yield Chunk(_orders(members[start : start + size], binder))


def _orders(members: list[tuple[str, DocumentToMake]], binder: Binder) -> Callable[[], list[Order]]:
    return lambda: [Order(number, binder.bound(item.case, item.form)) for number, item in members]


def _discard(staging: Path, results: list[Produced | Failed]) -> None:
    """Remove what a chunk left in staging: files of documents that failed their checks."""
    for result in results:
        for suffix in (".docx", ".pdf"):
            (staging / f"{result.order.issue}{suffix}").unlink(missing_ok=True)


def _failed_item(result: Failed) -> FailedItem:
    bound = result.order.bound
    return FailedItem(
        case=bound.case_id, form=bound.form.id, problems=result.problems, exit_code=result.exit_code
    )
