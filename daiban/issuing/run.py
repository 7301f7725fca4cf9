"""The whole way of ``generate``: read, plan, make, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from cases.workspace_cases import load_cases
from daiban.issuing.layout_workers import Chunk, LayoutWorkers, chunk_size
from daiban.issuing.publishing import Publisher
from daiban.issuing.result import FailedItem, GenerateResult, IssuedItem
from daiban.issuing.selection import DocumentToMake, Selection, Selector
from daiban.progress_bar import ProgressBar
from daiban.registry import Registry
from daiban.settings import Settings
from daiban.workspace import Workspace
from forms.catalogue import Catalogue
from foundation.errors import ToolMissingError
from generator.document_generator import GeneratorSettings
from generator.layout.fonts import FontBook
from generator.layout.libreoffice import LibreOffice, find_libreoffice
from generator.model import Failed, Order, Produced


@dataclass(frozen=True, slots=True)
class GenerateRequest:
    """What to generate: these cases and forms (none named: all, and what the stage calls for)."""

    cases: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    workers: int | None = None


def generate(
    workspace: Workspace, request: GenerateRequest, *, show_progress: bool = False
) -> GenerateResult:
    """Issue what the workspace's cases call for. One bad case, row or document never stops the others.

    Raises DaibanError only for what makes the whole run impossible: unknown case or form names, a workspace that is
    locked or cannot be written, a damaged registry.
    """
    with workspace.lock(), Registry.open(workspace.registry, create=not workspace.has_issued) as registry:
        return _Run(workspace, registry, request, show_progress).outcome()


class _Run:
    def __init__(
        self, workspace: Workspace, registry: Registry, request: GenerateRequest, show_progress: bool
    ) -> None:
        self.workspace = workspace
        self.registry = registry
        self.request = request
        self.show_progress = show_progress
        self.settings: Settings = workspace.settings
        self.publisher = Publisher(workspace, registry)
        self.office: LibreOffice | None = None

    def outcome(self) -> GenerateResult:
        self.office = self._find_libreoffice()
        catalogue = Catalogue.load(self.workspace.forms)
        selector = Selector(
            self.workspace,
            load_cases(self.workspace.path),
            catalogue,
            FontBook(self.settings.fonts),
            self.registry.current(),
            self.registry.returns.latest(),
            self.registry.find,
            pdf_possible=self.office is not None,
            today=dt.date.today(),
        )
        plan = selector.plan(self.request.cases, self.request.forms)
        outcome = GenerateResult(
            unchanged=[IssuedItem.of(issue) for issue in plan.unchanged],
            failed=plan.failed,
            warnings=list(dict.fromkeys(plan.warnings)),
        )
        if plan.tasks:
            self._make(plan, selector, outcome)
        return outcome

    def _find_libreoffice(self) -> LibreOffice | None:
        try:
            return find_libreoffice(self.settings.converter.program)
        except ToolMissingError:
            return None

    def _make(self, plan: Selection, selector: Selector, outcome: GenerateResult) -> None:
        tasks = self._numbered(plan.tasks)
        settings = GeneratorSettings(
            mark_key=self.registry.mark_key(),
            fonts=self.settings.fonts,
            libreoffice=self.office or self.settings.converter.program,
            deadline_s=self.settings.converter.deadline_s,
        )
        workers = self.settings.work.worker_count(self.request.workers)
        with (
            self.workspace.staging() as staging,
            ProgressBar(len(tasks), "生成文书", enabled=self.show_progress) as bar,
        ):
            layout = LayoutWorkers(settings, staging, workers)
            for results in layout.run(_chunks(tasks, selector, workers), len(tasks)):
                produced = [result for result in results if isinstance(result, Produced)]
                issued, failed = self.publisher.publish(produced, tasks)
                outcome.issued.extend(issued)
                outcome.failed.extend(failed)
                outcome.failed.extend(
                    _failed_item(result) for result in results if isinstance(result, Failed)
                )
                _discard(staging, results)
                bar.advance(len(results))

    def _numbered(self, tasks: list[DocumentToMake]) -> dict[str, DocumentToMake]:
        fresh = iter(self.registry.new_numbers(sum(task.issue is None for task in tasks)))
        return {task.issue or next(fresh): task for task in tasks}


def _chunks(tasks: dict[str, DocumentToMake], selector: Selector, workers: int) -> Iterator[Chunk]:
    """Tasks of one form together, in pieces that make good composites."""
    ordered = sorted(tasks.items(), key=lambda item: item[1].form.id)
    for _, group in groupby(ordered, key=lambda item: item[1].form.id):
        members = list(group)
        size = chunk_size(max(task.weight for _, task in members), len(members), workers)
        for start in range(0, len(members), size):
            piece = members[start : start + size]
            yield Chunk(_maker(piece, selector))


def _maker(piece: list[tuple[str, DocumentToMake]], selector: Selector) -> Callable[[], list[Order]]:
    return lambda: [Order(number, selector.bound(task.case, task.form)) for number, task in piece]


def _discard(staging: Path, results: list[Produced | Failed]) -> None:
    """Remove what a chunk left in staging: files of documents that failed their checks."""
    for result in results:
        for suffix in (".docx", ".pdf"):
            (staging / f"{result.order.issue}{suffix}").unlink(missing_ok=True)


def _failed_item(result: Failed) -> FailedItem:
    return FailedItem(
        result.order.bound.case_id, result.order.bound.form.id, result.problems, result.exit_code
    )
