"""What is already back of an issue: the newest generation on record, as far as its pages are still there.

A page counts only where its upright PDF can be found unchanged, in its place or in ``history/``: with a record alone
nobody could look at the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from daiban.registry import Generation, GenerationSummary, PageContent, RecordedPage, Returns
from daiban.verifying.reading.returned_page import ReturnedFile, ReturnedPage
from daiban.verifying.returned_folder import EVIDENCE, HISTORY, bound_name
from daiban.workspace import Workspace
from extractors.model import IssuedDocument
from foundation.digests import sha256_of_file_if_readable


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviousReturn:
    """What is back. ``pages``: by number, without those that are gone or were changed; ``known``: contents of all pages
    that ever were on record.
    """

    newest: Generation
    pages: dict[int, ReturnedPage]
    digital: tuple[ReturnedFile, ...] = ()
    known: frozenset[PageContent] = frozenset()

    def without(self, number: int) -> PreviousReturn:
        """The same without one of its pages."""
        return replace(self, pages={place: page for place, page in self.pages.items() if place != number})


def previous_return(workspace: Workspace, returns: Returns, issue: IssuedDocument) -> PreviousReturn | None:
    """What is back of an issue; None if nothing came back yet."""
    newest = returns.newest(issue.number)
    if newest is None:
        return None
    folder = workspace.returned_of(issue.docx)
    contents = returns.contents(issue.number)
    if not workspace.holds(folder):
        return PreviousReturn(
            newest=newest, pages={}, known=frozenset(chain.from_iterable(contents.values()))
        )
    filed = _FiledFiles(folder, bound_name(issue.form_id), contents, returns.generations(issue.number))
    pages = {row.number: page for row in newest.pages if (page := filed.page(issue.number, row))}
    return PreviousReturn(
        newest=newest,
        pages=pages,
        digital=tuple(filed.digital(newest)),
        known=frozenset(chain.from_iterable(contents.values())),
    )


def earlier_page(
    workspace: Workspace, returns: Returns, issue: IssuedDocument, number: int, content: PageContent
) -> ReturnedPage | None:
    """A page of an issue that counted once, with what was seen of it; None where its file is gone."""
    rows = (row for row in returns.pages_from(issue.number, content.sha256) if row.content == content)
    row = next((row for row in rows if row.number == number), None)
    if row is None:
        return None
    folder = workspace.returned_of(issue.docx)
    contents = returns.contents(issue.number)
    filed = _FiledFiles(folder, bound_name(issue.form_id), contents, returns.generations(issue.number))
    return filed.page(issue.number, row)


class _FiledFiles:
    """A document's folder with its history, searched by what is on record."""

    def __init__(
        self,
        folder: Path,
        bound: str,
        contents: Mapping[int, Sequence[PageContent]],
        generations: Sequence[GenerationSummary],
    ) -> None:
        self._bound = bound
        self._folders = [folder, *sorted((folder / HISTORY).glob("*"))]
        self._hashes = {place / bound: sha256_of_file_if_readable(place / bound) for place in self._folders}
        self._contents = contents
        self._generations = generations
        self._places: dict[PageContent, tuple[Path, int]] | None = None

    def page(self, issue: str, row: RecordedPage) -> ReturnedPage | None:
        """A page on record with the file it is in; None where no file has it unchanged."""
        if self._places is None:
            self._places = dict(self._located())
        place = self._places.get(row.content)
        if place is None:
            return None
        pdf, index = place
        facts = row.facts
        return ReturnedPage(
            ref=facts.ref,
            content=row.content,
            issue=issue,
            number=row.number,
            turn=facts.sighting.turn,
            readability=facts.readability,
            registered=facts.registered,
            folder=pdf.parent / EVIDENCE,
            pdf=pdf,
            pdf_page=index,
            recorded=facts,
            came_now=False,
        )

    def digital(self, newest: Generation) -> Iterator[ReturnedFile]:
        """Born-digital returns on record whose files are there."""
        for item in newest.digital:
            places = (folder / item.file for folder in self._folders)
            file = next((one for one in places if sha256_of_file_if_readable(one) == item.content), None)
            if file is not None:
                yield ReturnedFile(facts=item.facts, sha256=item.content, file=file, came_now=False)

    def _located(self) -> Iterator[tuple[PageContent, tuple[Path, int]]]:
        """Content → file and page in it; newer generations last, so that they win."""
        for summary in self._generations:
            wanted = summary.files.get(self._bound)
            file = next((path for path, found in self._hashes.items() if found and found == wanted), None)
            if file is not None:
                for index, content in enumerate(self._contents.get(summary.generation, ())):
                    yield content, (file, index)
