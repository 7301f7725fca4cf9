"""Pages of a batch that are in no document: kept, so that a person can place them later without the file they came
in; and what people said of them before, heeded.

A page that a person placed is where that person put it, whenever it comes again; one that a person took away is not put
back by its mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from daiban.registry import PageContent, Registry, UnplacedRecord, page_subject
from daiban.verifying.assembling.previous_return import previous_return
from daiban.verifying.issued import IssuedDocuments
from daiban.verifying.outcome import UnplacedPage
from daiban.verifying.reading.batch_reader import ReadBatch
from daiban.verifying.reading.returned_page import ReturnedPage
from daiban.workspace import Workspace
from extractors.model import PageRef, SharedPrint
from foundation.digests import sha256_of_file
from foundation.writing import write_atomically, writing

_LIKENESS = ".json"
_LIKENESSES = TypeAdapter(tuple[SharedPrint, ...])
_SHOWN_HASH = 16  # characters of a hash in a file's name


class UnplacedKeeper:
    """Keeps the unplaced pages of one workspace."""

    def __init__(self, workspace: Workspace, registry: Registry, issues: IssuedDocuments) -> None:
        self._workspace = workspace
        self._registry = registry
        self._issues = issues

    def heed(self, read: ReadBatch) -> None:
        """Put the pages of a batch where people said that they belong."""
        contents = [page.content for page in read.pages]
        contents += [content for page in read.unplaced if (content := _content(page, read)) is not None]
        known = self._registry.unplaced.of_contents(contents)
        if not known:
            return
        heeded = [self._heeded(page, known.get(page.content)) for page in read.pages]
        heeded += [self._placed_again(page, _record(page, read, known)) for page in read.unplaced]
        read.pages = [page for page in heeded if isinstance(page, ReturnedPage)]
        read.unplaced = [page for page in heeded if isinstance(page, UnplacedPage)]
        read.in_order()

    def keep(self, read: ReadBatch, batch: str, now: datetime) -> None:
        """Put the unplaced pages of a batch on record, each with its own file, and name them."""
        new = {
            content: self._kept(page, content, batch, now)
            for page in read.unplaced
            if page.needs_eyes and (content := _content(page, read)) is not None
        }
        known = self._registry.unplaced.record(list(new.values()))
        read.unplaced = [_named(page, known, read) for page in read.unplaced]

    def _heeded(self, page: ReturnedPage, record: UnplacedRecord | None) -> ReturnedPage | UnplacedPage:
        """A page that was read as one of an issue, where people said otherwise."""
        if record is None:
            return page
        if record.issue is not None:
            found = self._again(record, page.ref)
            return found if found is not None else page
        if record.taken_from == page.issue:
            detail = f"由人从 {page.issue} 第{page.number}页移出"
            return _unplaced(page.ref, detail, is_decided=not record.is_open)
        if record.is_open:
            # Read and placed after all, by a better reader: nobody need place it any more.
            self._registry.unplaced.forget([record.number])
        return page

    def _placed_again(self, page: UnplacedPage, record: UnplacedRecord | None) -> ReturnedPage | UnplacedPage:
        """A page that was read as one of no issue, where people said otherwise."""
        if record is None:
            return page
        ref = PageRef(page.source, page.source_page)
        if record.issue is not None:
            found = self._again(record, ref)
            if found is not None:
                return found
            detail = f"由人归入 {record.issue} 第{record.page}页，现在以别的一页为准"
            return page.model_copy(update={"detail": detail, "is_decided": True})
        if record.dismissed_at is not None:
            return page.model_copy(update={"detail": f"{page.detail}；已由人定为不归入", "is_decided": True})
        return page

    def _again(self, record: UnplacedRecord, ref: PageRef) -> ReturnedPage | None:
        """The page on record where a person placed it, come once more; None where another is there by now."""
        issue = self._issues.find(record.issue or "")
        previous = (
            previous_return(self._workspace, self._registry.returns, issue) if issue is not None else None
        )
        page = previous.pages.get(record.page or 0) if previous is not None else None
        if page is None or page.content not in (record.content, PageContent(record.file_sha256 or "", 1)):
            return None
        return replace(page, ref=ref, came_now=True)

    def _kept(self, page: UnplacedPage, content: PageContent, batch: str, now: datetime) -> UnplacedRecord:
        file, sha256 = None, None
        if page.kept is not None:
            target = kept_file(self._workspace, content)
            sha256 = sha256_of_file(page.kept)
            self._workspace.publish(page.kept, target)
            keep_likeness(target, page.alike)
            file = self._workspace.relative(target)
        return UnplacedRecord(
            source_sha256=content.sha256,
            source_page=content.page,
            source=page.source,
            batch=batch,
            reason=page.reason,
            detail=page.detail,
            file=file,
            file_sha256=sha256,
            recorded_at=now,
        )


def keep_likeness(kept: Path, alike: tuple[SharedPrint, ...]) -> None:
    """Put beside a kept page what its print is like. It follows from the page: it may be deleted."""
    place = kept.with_suffix(_LIKENESS)
    with writing(place):
        write_atomically(_LIKENESSES.dump_json(alike), place)


def likeness_of(kept: Path) -> tuple[SharedPrint, ...]:
    """What the print of a kept page is like, those most like first; nothing where that is not known."""
    try:
        return _LIKENESSES.validate_json(kept.with_suffix(_LIKENESS).read_bytes())
    except (OSError, ValidationError):
        return ()


def kept_file(workspace: Workspace, content: PageContent) -> Path:
    """Where a page that is in no document is kept."""
    return workspace.unplaced / f"{content.sha256[:_SHOWN_HASH]}-{content.page}.pdf"


def _content(page: UnplacedPage, read: ReadBatch) -> PageContent | None:
    """What a page is; None where its file could not be read at all."""
    sha256 = read.hashes.get(page.source)
    return PageContent(sha256, page.source_page) if sha256 else None


def _record(
    page: UnplacedPage, read: ReadBatch, known: Mapping[PageContent, UnplacedRecord]
) -> UnplacedRecord | None:
    content = _content(page, read)
    return known.get(content) if content is not None else None


def _named(page: UnplacedPage, known: Mapping[PageContent, UnplacedRecord], read: ReadBatch) -> UnplacedPage:
    record = _record(page, read, known)
    return page.model_copy(update={"page": page_subject(record.number)}) if record is not None else page


def _unplaced(ref: PageRef, detail: str, *, is_decided: bool) -> UnplacedPage:
    return UnplacedPage(
        source=ref.source,
        source_page=ref.page,
        reason="unknown-document",
        detail=detail,
        is_decided=is_decided,
    )
