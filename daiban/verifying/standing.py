"""What is already back of an issue: the newest generation on record, as far as its pages are still there.

A page counts only where its upright PDF can be found unchanged, in its place or in ``history/``: a record alone is
no page that a clerk could look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from daiban.registry import Generation, GenerationSummary, PageContent, RecordedPage, Returns
from daiban.verifying.sheets import Sheet
from daiban.workspace import Workspace
from extractors.model import DigitalFacts, IssuedDocument
from foundation.digests import sha256_of_file_if_readable

EVIDENCE, HISTORY, FINDINGS, RECEIVED = "evidence", "history", "findings.json", "received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digital:
    """A born-digital return: what it says, what it is (hash of its file), and where its file is."""

    facts: DigitalFacts
    content: str
    file: Path
    came_now: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is back. ``lost``: page numbers on record whose pages are gone or were changed; ``known``: contents of all
    pages that ever were on record.
    """

    newest: Generation
    sheets: dict[int, Sheet]
    digital: tuple[Digital, ...] = ()
    lost: tuple[int, ...] = ()
    known: frozenset[PageContent] = frozenset()


def what_is_back(workspace: Workspace, returns: Returns, issue: IssuedDocument) -> Standing | None:
    """The standing of an issue; None if nothing came back yet."""
    newest = returns.newest(issue.number)
    if newest is None:
        return None
    folder = workspace.returned(issue.case_id, issue.form_id)
    contents = returns.contents(issue.number)
    cupboard = _Cupboard(folder, bound_name(issue.form_id), contents, returns.generations(issue.number))
    sheets = {row.number: sheet for row in newest.pages if (sheet := cupboard.sheet(issue.number, row))}
    lost = tuple(row.number for row in newest.pages if row.number not in sheets)
    return Standing(
        newest=newest,
        sheets=sheets,
        digital=tuple(cupboard.digital(newest)),
        lost=lost,
        known=frozenset(chain.from_iterable(contents.values())),
    )


def bound_name(form_id: str) -> str:
    """The file name of a document's upright PDF."""
    return f"{form_id}.pdf"


class _Cupboard:
    """A document's folder with its history, searched by what is on record."""

    def __init__(
        self,
        folder: Path,
        bound: str,
        contents: Mapping[int, Sequence[PageContent]],
        generations: Sequence[GenerationSummary],
    ) -> None:
        self._bound = bound
        places = [folder, *sorted((folder / HISTORY).glob("*"))]
        self._hashes = {place / bound: sha256_of_file_if_readable(place / bound) for place in places}
        self._places = places
        self._generations = generations
        self._contents = contents
        self._pages: dict[PageContent, tuple[Path, int]] | None = None

    def sheet(self, issue: str, row: RecordedPage) -> Sheet | None:
        """A page on record with the file it is in; None where no file has it unchanged."""
        if self._pages is None:
            self._pages = dict(self._located())
        place = self._pages.get(row.content)
        if place is None:
            return None
        pdf, index = place
        facts = row.facts
        return Sheet(
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
            stored=facts,
            came_now=False,
        )

    def digital(self, newest: Generation) -> Iterator[Digital]:
        """Born-digital returns on record whose files are there."""
        for item in newest.digital:
            places = (place / item.file for place in self._places)
            file = next((one for one in places if sha256_of_file_if_readable(one) == item.content), None)
            if file is not None:
                yield Digital(facts=item.facts, content=item.content, file=file, came_now=False)

    def _located(self) -> Iterator[tuple[PageContent, tuple[Path, int]]]:
        """Content → file and page in it; newer generations last, so that they win."""
        for summary in self._generations:
            wanted = summary.files.get(self._bound)
            file = next((path for path, found in self._hashes.items() if found and found == wanted), None)
            if file is not None:
                for index, content in enumerate(self._contents.get(summary.generation, ())):
                    yield content, (file, index)
