"""Records what was made and puts it in place: registry first, then the files, then the note that they are there.

A kill between any two steps leaves a record without files, which the next run completes under the same number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from daiban.errors import NotWritableError, Problem
from daiban.issuing.keeping import make_room
from daiban.issuing.outcome import FailedItem, IssuedItem
from daiban.issuing.plan import Task
from daiban.registry import IssueRecord, IssueSummary, Registry
from daiban.workspace import Workspace
from generator.model import Produced


class Publisher:
    """Publishes staged documents into one workspace."""

    def __init__(self, workspace: Workspace, registry: Registry) -> None:
        self.workspace = workspace
        self.registry = registry

    def publish(
        self, produced: Sequence[Produced], tasks: Mapping[str, Task]
    ) -> tuple[list[IssuedItem], list[FailedItem]]:
        """Publish staged documents; ``tasks`` by issue number. A document that cannot be written fails alone."""
        now = dt.datetime.now(dt.UTC)
        records = {item.order.issue: self._record(item, tasks[item.order.issue], now) for item in produced}
        # Before recording: an issue that is made again loses the hashes of its first making.
        known = {number: self._known(record) for number, record in records.items()}
        self.registry.record(list(records.values()))
        self.workspace.flush([path for item in produced for path in (item.docx, item.pdf) if path])
        issued: list[IssuedItem] = []
        failed: list[FailedItem] = []
        for item in produced:
            record = records[item.order.issue]
            try:
                changed = self._place(item, record, known[item.order.issue])
            except NotWritableError as error:
                failed.append(FailedItem(record.case_id, record.form_id, error.problems, error.exit_code))
            else:
                issued.append(issued_item(record, (*item.problems, *changed)))
        self.workspace.flush(
            [self.workspace.path / name for item in issued for name in (item.docx, item.pdf) if name]
        )
        self.registry.mark_published([item.issue for item in issued], now)
        return issued, failed

    def _known(self, record: IssueRecord) -> list[IssueSummary]:
        """The issues of a document on record, from old to new; none need be known where no file is in the way."""
        places = (
            self.workspace.issued(record.case_id, record.form_id, suffix) for suffix in (".docx", ".pdf")
        )
        if not any(place.exists() for place in places):
            return []
        return [issue for issue in self.registry.issues(record.case_id) if issue.form_id == record.form_id]

    def _place(
        self, item: Produced, record: IssueRecord, known: Sequence[IssueSummary]
    ) -> tuple[Problem, ...]:
        """Put both files in place; returns a warning for each that stood there and had been changed by hand."""
        changed: list[Problem] = []
        for staged, suffix in ((item.docx, ".docx"), (item.pdf, ".pdf")):
            target = self.workspace.issued(record.case_id, record.form_id, suffix)
            changed += make_room(self.workspace, target, record, known)
            if staged is not None:
                self.workspace.publish(staged, target, flushed=True)
        return tuple(changed)

    def _record(self, item: Produced, task: Task, now: dt.datetime) -> IssueRecord:
        bound = item.order.bound
        case_id, form_id = bound.case_id, bound.form.id
        relative = self.workspace.relative
        return IssueRecord(
            number=item.order.issue,
            case_id=case_id,
            form_id=form_id,
            digest=task.digest,
            pages=len(item.page_sizes),
            docx=relative(self.workspace.issued(case_id, form_id, ".docx")),
            pdf=relative(self.workspace.issued(case_id, form_id, ".pdf")) if item.pdf else None,
            docx_sha256=item.docx_sha256,
            pdf_sha256=item.pdf_sha256,
            created_at=now,
            blank=item.blank,
            values=bound.json_values(),
            areas=item.areas,
            page_sizes=item.page_sizes,
        )


def issued_item(record: IssueRecord, problems: tuple[Problem, ...]) -> IssuedItem:
    """A published document as the outcome tells it."""
    return IssuedItem(
        record.case_id,
        record.form_id,
        record.number,
        record.docx,
        record.docx_sha256,
        record.pdf,
        record.pdf_sha256,
        record.pages,
        record.blank,
        problems,
    )
