"""Records what was made and puts it in place: registry first, then the files, then the note that they are there.

Before all that, older files are moved out of the way; none is lost (:mod:`daiban.issuing.set_aside`,
:mod:`daiban.issuing.stage_places`).

A kill between any two steps leaves a record without files, which the next run completes under the same number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daiban.issuing.result import FailedItem, IssuedItem
from daiban.issuing.selection import DocumentToMake
from daiban.issuing.set_aside import make_room
from daiban.issuing.stage_places import make_way
from daiban.registry import Decision, IssueRecord, Registry
from daiban.workspace import Workspace
from foundation.errors import NotWritableError, Problem
from generator.model import Produced


@dataclass(frozen=True, slots=True)
class _Cleared:
    """A document whose places are clear. ``changed``: a warning for each file there that somebody had changed."""

    item: Produced
    record: IssueRecord
    changed: tuple[Problem, ...]


class Publisher:
    """Publishes staged documents into one workspace."""

    def __init__(self, workspace: Workspace, registry: Registry) -> None:
        self.workspace = workspace
        self.registry = registry

    def publish(
        self, produced: Sequence[Produced], documents: Mapping[str, DocumentToMake]
    ) -> tuple[list[IssuedItem], list[FailedItem]]:
        """Publish staged documents; ``documents`` by issue number. One that cannot be written fails alone."""
        now = dt.datetime.now(dt.UTC)
        failed: list[FailedItem] = []
        ready: list[_Cleared] = []
        for item in produced:
            record = self._record(item, documents[item.order.issue], now)
            with _failing_alone(record, failed):
                ready.append(
                    _Cleared(item, record, self._make_room(record, bool(item.order.bound.form.per_period)))
                )
        self.registry.record([one.record for one in ready])
        for one in ready:
            self._record_reissue(one.record, documents[one.record.number], now)
        self.workspace.flush([path for one in ready for path in (one.item.docx, one.item.pdf) if path])
        issued: list[IssuedItem] = []
        for one in ready:
            with _failing_alone(one.record, failed):
                self._place(one)
                changes = documents[one.record.number].changes
                issued.append(IssuedItem.of(one.record, (*one.item.problems, *one.changed), changes))
        self.workspace.flush(
            [self.workspace.path / name for item in issued for name in (item.docx, item.pdf) if name]
        )
        self.registry.mark_published([item.issue for item in issued], now)
        return issued, failed

    def _make_room(self, record: IssueRecord, is_periodical: bool) -> tuple[Problem, ...]:
        """Clear the places of a document; a warning for each file there that somebody had changed.

        Before recording, because an issue that is made again loses the hashes of its first making, by which its own
        files are known.
        """
        make_way(self.workspace, self.registry, record, is_periodical=is_periodical)
        places = [self._target(record, suffix) for suffix in (".docx", ".pdf")]
        taken = [place for place in places if place.exists()]
        if not taken:
            return ()
        known = [issue for issue in self.registry.issues(record.case_id) if issue.docx == record.docx]
        return tuple(
            problem for place in taken for problem in make_room(self.workspace, place, record, known)
        )

    def _record_reissue(self, record: IssueRecord, document: DocumentToMake, now: dt.datetime) -> None:
        """Note who asked for a complete document to be issued anew, and why; before its files come."""
        if document.reissue is not None and document.replaces is not None:
            self.registry.decisions.record(
                Decision(
                    case_id=record.case_id,
                    kind="reissue",
                    subject=document.replaces,
                    outcome=record.number,
                    reason=document.reissue.reason,
                    by=document.reissue.by,
                    at=now,
                )
            )

    def _place(self, one: _Cleared) -> None:
        for staged, suffix in ((one.item.docx, ".docx"), (one.item.pdf, ".pdf")):
            if staged is not None:
                self.workspace.publish(staged, self._target(one.record, suffix), flushed=True)

    def _target(self, record: IssueRecord, suffix: str) -> Path:
        return (self.workspace.path / record.docx).with_suffix(suffix)

    def _record(self, item: Produced, document: DocumentToMake, now: dt.datetime) -> IssueRecord:
        bound = item.order.bound
        case_id, form_id = bound.case_id, bound.form.id
        docx = document.docx or self.workspace.relative(self.workspace.issued(case_id, form_id, ".docx"))
        return IssueRecord(
            number=item.order.issue,
            case_id=case_id,
            form_id=form_id,
            digest=document.digest,
            pages=len(item.page_sizes),
            docx=docx,
            pdf=f"{docx.removesuffix('.docx')}.pdf" if item.pdf else None,
            docx_sha256=item.docx_sha256,
            pdf_sha256=item.pdf_sha256,
            created_at=now,
            blank=item.blank,
            values=bound.json_values(),
            areas=item.areas,
            page_sizes=item.page_sizes,
            stage=document.stage,
        )


@contextmanager
def _failing_alone(record: IssueRecord, failed: list[FailedItem]) -> Iterator[None]:
    """A place that cannot be written fails its document, not the batch."""
    try:
        yield
    except NotWritableError as error:
        failed.append(
            FailedItem(
                case=record.case_id,
                form=record.form_id,
                problems=error.problems,
                exit_code=error.exit_code,
            )
        )
