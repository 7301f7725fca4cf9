"""Whether an issued document still stands: its files in place and as they went out, and saying what its case says.

The one place for it. ``generate`` asks whether to make a document again, ``status`` and ``archive`` what to say of it,
``packet`` whether to hand it on.

A document that people had to sign or fill, and that came back complete, is *settled*: neither a new template nor
changed data makes it void. What has changed is shown; a new issue is made when a person asks for it, with the reason
on record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from daiban.documents.binding import Binder
from daiban.documents.changes import ValueChange, changes
from daiban.documents.return_status import must_return
from forms.catalogue import is_built_in
from foundation.digests import sha256_of_file_if_readable
from foundation.reading import leads_out
from generator.bind import Bound

if TYPE_CHECKING:
    from daiban.registry import IssueRecord, IssueSummary, LatestReturn

_COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class FileCheck:
    """Of files on record, by name: which are ``gone``, and which are there but ``altered`` (another SHA-256)."""

    gone: tuple[str, ...] = ()
    altered: tuple[str, ...] = ()


def check_files(folder: Path, files: Mapping[str, str]) -> FileCheck:
    """Hold files (name in ``folder`` → SHA-256 on record) against what is there. Reads every one of them.

    What is there only by a link out of the folder is gone.
    """
    found = {
        name: None if leads_out(folder / name, folder) else sha256_of_file_if_readable(folder / name)
        for name in files
    }
    gone = tuple(name for name, sha256 in found.items() if sha256 is None)
    altered = tuple(name for name, sha256 in found.items() if sha256 not in (None, files[name]))
    return FileCheck(gone, altered)


class IssueCheck:
    """Tells of the issues of one workspace (its folder: ``root``) whether they still stand.

    ``returns``: what is back, by issue number; ``find``: a whole issue by its number, asked for only if need be;
    ``edited``: the numbers of issues that staff edited.
    """

    def __init__(
        self,
        root: Path,
        binder: Binder,
        returns: Mapping[str, LatestReturn],
        find: Callable[[str], IssueRecord | None],
        edited: Collection[str] = (),
    ) -> None:
        self._root = root
        self._binder = binder
        self._returns = returns
        self._find = find
        self._edited = edited

    def missing_files(self, issue: IssueSummary) -> tuple[str, ...]:
        """The issued files that are not in their places, whatever is in them; relative to the workspace."""
        names = (issue.docx, issue.pdf)
        return tuple(name for name in names if name is not None and not self._is_there(name))

    def _is_there(self, name: str) -> bool:
        return (self._root / name).is_file() and not leads_out(self._root / name, self._root)

    def pdf_file(self, issue: IssueSummary) -> FileCheck:
        """Whether the issued PDF is in its place, and byte for byte what went out."""
        if issue.pdf is None or issue.pdf_sha256 is None:
            return FileCheck()
        return check_files(self._root, {issue.pdf: issue.pdf_sha256})

    def is_outdated(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether the document would say something else by now, and is not settled.

        :raises FormError: the form's template cannot be read.
        """
        if self._binder.digest(bound) == issue.digest or self.is_settled(issue, bound):
            return False
        return not self.is_only_redrawn(issue, bound)

    def is_only_redrawn(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether a paper that people are to sign or fill differs only in how a newer version of the program prints it:
        it is in their hands, and stands. An office that changes a form of its own means it.
        """
        return must_return(bound.form) and is_built_in(bound.form) and not self.changes(issue, bound)

    def says_the_same(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether an issue, maybe of another stage, says what this document would say.

        :raises FormError: the form's template cannot be read.
        """
        if self._binder.digest(bound) == issue.digest:
            return True
        return self.is_complete(issue) and not self.changes(issue, bound)

    def is_complete(self, issue: IssueSummary) -> bool:
        """Whether an issue is back complete, and filed."""
        latest = self._returns.get(issue.number)
        return latest is not None and latest.verdict == _COMPLETE and latest.newest.filed_at is not None

    def is_edited(self, issue: IssueSummary) -> bool:
        """Whether staff edited what went out."""
        return issue.number in self._edited

    def is_settled(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether an issue is back complete and stands, whatever is changed: nobody voids what people signed, or wrote
        themselves, but a person.

        A document that asks nobody for anything (台账, 方案) is settled only while its data are the same: there is
        nothing to lose, and it is to say what is so.
        """
        if self.is_edited(issue):
            return True
        if not self.is_complete(issue):
            return False
        return must_return(bound.form) or not self.changes(issue, bound)

    def changes(self, issue: IssueSummary, bound: Bound) -> tuple[ValueChange, ...]:
        """Which values an issue says otherwise than the document would now, in the form's order."""
        record = self._find(issue.number)
        before = record.values if record is not None else {}
        return changes(before, bound)
