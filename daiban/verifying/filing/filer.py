"""Files what came back (归档): ``returned/<case>/<form>/`` holds one upright PDF, its evidence and its findings.

Order of things, so that a kill between any two leaves nothing half done: everything is made in staging; the generation
is recorded; what stands in its place moves to ``history/``, whichever issue of the document it is of; the new files are
renamed into place; the record is marked filed. A file in the way that somebody changed moves to ``history/`` too, and a
warning says so. What has not changed is not touched.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from daiban.registry import Generation, GenerationSummary, Returns
from daiban.verifying.assembling.best_copies import AssembledDocument
from daiban.verifying.filing.generation import generation_digest, generation_of
from daiban.verifying.outcome import DocumentOutcome, FailedFile, FiledFindings
from daiban.verifying.reading.returned_page import observation_picture, page_picture, pictures
from daiban.verifying.reading.upright import bind
from daiban.verifying.returned_folder import EVIDENCE, FINDINGS, HISTORY, bound_name, received_names
from daiban.workspace import Workspace
from extractors.model import IssuedDocument
from foundation.digests import sha256_of_file_if_readable
from foundation.errors import DaibanError, NotWritableError, Problem
from foundation.writing import writing

_UNCHANGED = "与已归档的相同，没有新内容"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFiling:
    """A document ready to be filed. ``staged``: the folder in staging with all its files; None: nothing to do.
    ``older``: the generation on record before; ``outcome``: what is said of the document, with its places.
    """

    issue: IssuedDocument
    older: GenerationSummary | None
    generation: Generation
    folder: Path
    staged: Path | None
    outcome: DocumentOutcome


class Filer:
    """Files documents of one batch into one workspace."""

    def __init__(self, workspace: Workspace, returns: Returns, staging: Path, batch: str) -> None:
        self._workspace = workspace
        self._returns = returns
        self._staging = staging
        self._batch = batch

    def prepare(self, document: AssembledDocument, outcome: DocumentOutcome, now: datetime) -> PreparedFiling:
        """Make a document's files in staging, unless the same stand in their place already.

        :raises NotWritableError: staging is full; nothing has then been changed.
        :raises UnreadableError: its pages cannot be put together.
        """
        issue, newest = document.issue, document.previous.newest if document.previous else None
        folder = self._workspace.returned_of(issue.docx)
        filed = outcome.filed_as(self._filed(document, folder), self._evidence(document, folder))
        digest = generation_digest(document)
        if newest is not None and newest.digest == digest and _in_place(folder, newest):
            note = filed.note or _UNCHANGED
            return PreparedFiling(
                issue=issue,
                older=newest,
                generation=newest,
                folder=folder,
                staged=None,
                outcome=filed.model_copy(update={"note": note}),
            )
        self._workspace.require_inside(folder / FINDINGS)
        number = 1 if newest is None else newest.generation + (newest.digest != digest)
        staged = self._staging / f"filing-{issue.number}"
        with writing(folder):
            files = self._stage(document, staged, FiledFindings(**dict(filed), generation=number))
        return PreparedFiling(
            issue=issue,
            older=newest,
            generation=generation_of(document, number, self._batch, digest, files, now),
            folder=folder,
            staged=staged,
            outcome=filed,
        )

    def place(self, ready: Sequence[PreparedFiling], now: datetime) -> tuple[list[Problem], list[FailedFile]]:
        """Record prepared documents and put their files in place; a later run completes what a kill left undone.

        Returns warnings about files that somebody had changed, and the documents that could not be filed.
        """
        warnings: list[Problem] = []
        failed: list[FailedFile] = []
        todo = [one for one in ready if one.staged is not None]
        if not todo:
            return warnings, failed
        self._workspace.flush(path for one in todo if one.staged for path in one.staged.rglob("*.*"))
        placed = []
        for one in todo:
            try:
                warnings += self._place(one)
                placed.append(one)
            except NotWritableError as error:
                failed.append(not_filed(one.issue, error))
        self._workspace.flush(one.folder / name for one in placed for name in one.generation.files)
        for one in placed:
            self._returns.mark_filed(one.issue.number, one.generation.generation, now)
        return warnings, failed

    def _place(self, prepared: PreparedFiling) -> tuple[Problem, ...]:
        if prepared.staged is None:
            return ()
        folder, staged = prepared.folder, prepared.staged
        self._returns.record(prepared.generation)
        self._workspace.require_inside(folder / FINDINGS)
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            warnings = tuple(self._make_room(prepared))
            # The findings last: whoever finds them finds what they speak of.
            names = sorted((item.name for item in staged.iterdir()), key=lambda name: name == FINDINGS)
            for name in names:
                if (staged / name).is_dir():
                    (staged / name).rename(folder / name)
                else:
                    self._workspace.publish(staged / name, folder / name, flushed=True)
        return warnings

    def _stage(self, document: AssembledDocument, staged: Path, findings: FiledFindings) -> dict[str, str]:
        """All files of a document in a folder in staging; their hashes by name, pictures left out."""
        shutil.rmtree(staged, ignore_errors=True)
        evidence = staged / EVIDENCE
        evidence.mkdir(parents=True)
        if document.pages:
            upright = [(page.pdf, page.pdf_page) for page in document.pages.values()]
            bind(upright, staged / bound_name(document.issue.form_id))
        for number, facts in document.returned.pages.items():
            folder = document.pages[number].folder
            for name in (*(name for name, _ in pictures(facts)), page_picture(number)):
                _link_or_copy(folder / name, evidence / name)
        for item, name in zip(document.digital, received_names(document.digital), strict=True):
            shutil.copyfile(item.file, staged / name)
        (staged / FINDINGS).write_text(findings.model_dump_json(indent=2) + "\n", "utf-8")
        return {
            path.name: sha256_of_file_if_readable(path) or "" for path in staged.iterdir() if path.is_file()
        }

    def _evidence(self, document: AssembledDocument, folder: Path) -> dict[str, str]:
        """Field id → path of its picture once it is filed."""
        return {
            item.id: self._workspace.relative(folder / EVIDENCE / observation_picture(item))
            for facts in document.returned.pages.values()
            for item in facts.observations
            if item.crop
        }

    def _filed(self, document: AssembledDocument, folder: Path) -> str:
        """Where the upright PDF is to be, or the file as it came."""
        if document.pages:
            return self._workspace.relative(folder / bound_name(document.issue.form_id))
        return self._workspace.relative(folder / next(iter(received_names(document.digital)), FINDINGS))

    def _make_room(self, prepared: PreparedFiling) -> Iterator[Problem]:
        """Move what stands in the way to ``history/``; a warning for each file that somebody had changed."""
        folder, staged = prepared.folder, prepared.staged
        assert staged is not None
        before = self._before(prepared)
        label = _label(prepared, before)
        names = {path.name for path in staged.iterdir()}.union(*(generation.files for generation in before))
        for name in sorted(names):
            place = folder / name
            if not place.exists():
                continue
            if _equal(place, staged / name):
                shutil.rmtree(place) if place.is_dir() else place.unlink()
                continue
            kept = _free(folder / HISTORY, label, name)
            kept.parent.mkdir(parents=True, exist_ok=True)
            changed = place.is_file() and not _is_on_record(place, before)
            place.rename(kept)
            if changed:
                where = self._workspace.relative(place)
                problem = f"归档以后被人改过；这次重新归档，改过的那份移到了 {self._workspace.relative(kept)}"
                yield Problem(where, problem, severity="warning")

    def _before(self, prepared: PreparedFiling) -> list[GenerationSummary]:
        """Every generation that may have left files in this folder, of this issue and of older ones, in order."""
        issue, older = prepared.issue, prepared.older
        known = self._returns.of_place(self._workspace.relative(issue.docx))
        # The generation about to be filed is on record by now; the one it replaces under its number is not any more.
        coming = (issue.number, prepared.generation.generation)
        others = [item for item in known if (item.issue, item.generation) != coming]
        return [*others, older] if older is not None else others


def _link_or_copy(picture: Path, target: Path) -> None:
    """Have a picture, if there is one, in a second place as well; not copied where the disk can do without."""
    if not picture.exists() or target.exists():
        return
    try:
        os.link(picture, target)
    except OSError:
        shutil.copyfile(picture, target)


def not_filed(issue: IssuedDocument, error: DaibanError) -> FailedFile:
    """A document that was judged and could not be filed."""
    return FailedFile(
        source=f"{issue.case_id}/{issue.form_id}", problems=error.problems, exit_code=error.exit_code
    )


def _is_on_record(place: Path, before: Sequence[GenerationSummary]) -> bool:
    """Whether a file is as some generation left it."""
    found = sha256_of_file_if_readable(place)
    return any(found == generation.files.get(place.name) for generation in before)


def _label(prepared: PreparedFiling, before: Sequence[GenerationSummary]) -> str:
    """What history calls the files in the way: the number of the generation, or other issue, that stood there."""
    older, number = prepared.older, prepared.generation.generation
    if older is None and before:
        return before[-1].issue
    if older is not None and older.generation == number and older.filed_at is not None:
        return f"{number}"
    return f"{number - 1}"


def _free(history: Path, label: str, name: str) -> Path:
    """``history/<label>/<name>``, or under ``<label>-2`` … where that is taken."""
    labels = chain([label], (f"{label}-{times}" for times in count(2)))
    return next(place for one in labels if not (place := history / one / name).exists())


def _equal(place: Path, staged: Path) -> bool:
    """Whether a file, or a folder of files, is the same as the one that is to take its place."""
    if not staged.exists() or place.is_dir() != staged.is_dir():
        return False
    if place.is_file():
        return sha256_of_file_if_readable(place) == sha256_of_file_if_readable(staged)
    ours = {path.name: sha256_of_file_if_readable(path) for path in staged.iterdir()}
    return ours == {path.name: sha256_of_file_if_readable(path) for path in place.iterdir()}


def _in_place(folder: Path, newest: GenerationSummary) -> bool:
    """Whether a generation was filed, and its files are there as they were."""
    if newest.filed_at is None or not (folder / EVIDENCE).is_dir():
        return False
    return all(sha256_of_file_if_readable(folder / name) == wanted for name, wanted in newest.files.items())
