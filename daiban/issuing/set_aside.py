"""Keeps what people made of issued files: nothing of theirs is ever written over.

A file that stands where a document is to go is either what the program wrote for this very issue, which may be written
over, or what it wrote for an older one, or what somebody made of either (a DOCX edited, a PDF filled in). The last two
move to ``superseded/`` beside it. Which of them it is, its hash tells, compared with every issue on record of that
document.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path

from daiban.registry import IssueRecord, IssueSummary
from daiban.workspace import Workspace
from foundation.digests import sha256_of_file
from foundation.errors import Problem
from foundation.writing import writing

SUPERSEDED = "superseded"


def make_room(
    workspace: Workspace, target: Path, record: IssueRecord, known: Sequence[IssueSummary]
) -> tuple[Problem, ...]:
    """Clear ``target``, a path of the issue about to be published.

    ``known``: the issues of this form of this case that are on record, from old to new; not yet ``record``, but under
    its number there may be an earlier making. Returns a warning if a file was set aside that somebody had changed.
    Raises NotWritableError; the file then is where it was.
    """
    if not target.exists():
        return ()
    with writing(target):
        found = sha256_of_file(target)
    owner, coming = _owner(found, known), _hash(record, target)
    if owner in (record.number, None) and found == coming:
        return ()
    if owner == record.number and coming is not None:
        # Once its hash is off the record, nobody could tell an earlier making from a file changed by hand.
        with writing(target):
            target.unlink()
        return ()
    kept = _free_place(target, owner or _last_published(known) or record.number)
    workspace.publish(target, kept, flushed=True)
    if owner is not None:
        return ()
    problem = f"出具以后被人改过；这次重新出具，改过的那份移到了 {workspace.relative(kept)}"
    advice = "还要用的改动请写进花名册，或抄到新的一份上"
    return (Problem(workspace.relative(target), problem, advice=advice, severity="warning"),)


def _hash(record: IssueRecord, target: Path) -> str | None:
    """The hash of what comes to this place; None where no PDF can be made."""
    return record.pdf_sha256 if target.suffix == ".pdf" else record.docx_sha256


def _owner(sha256: str, known: Sequence[IssueSummary]) -> str | None:
    """The number of the newest issue that this file was written for."""
    made = (issue.number for issue in reversed(known) if sha256 in (issue.docx_sha256, issue.pdf_sha256))
    return next(made, None)


def _last_published(known: Sequence[IssueSummary]) -> str | None:
    """The issue that a changed file was made from: the last one that came as far as its place."""
    return next((issue.number for issue in reversed(known) if issue.published_at is not None), None)


def _free_place(target: Path, number: str) -> Path:
    """``superseded/<form>.<number>.docx``, or the first of ``.<number>-2.docx``, ``-3`` … that is not taken."""
    folder = target.parent / SUPERSEDED
    names = chain([number], (f"{number}-{times}" for times in count(2)))
    places = (folder / f"{target.stem}.{name}{target.suffix}" for name in names)
    return next(place for place in places if not place.exists())
