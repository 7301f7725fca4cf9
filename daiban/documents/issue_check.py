"""Signed papers that stand: back complete, and saying what their case still says.

A new template, or a new way of printing, is no reason to ask people for their signatures again. Only changed data is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daiban.documents.binding import Binder
from daiban.registry import IssueRecord, IssueSummary, LatestReturn, Registry
from daiban.workspace import Workspace
from generator.bind import Bound

_COMPLETE = "complete"


class Settled:
    """Tells which changed documents are to be left alone.

    ``standings``: what is back, by issue number; ``find``: a whole issue by its number, asked for only if need be.
    """

    def __init__(
        self, standings: Mapping[str, LatestReturn], find: Callable[[str], IssueRecord | None]
    ) -> None:
        self._standings = standings
        self._find = find

    @classmethod
    def of(cls, workspace: Workspace, standings: Mapping[str, LatestReturn]) -> Settled:
        """Of a workspace whose registry is not open; it is opened for an issue that must be looked at whole."""

        def find(number: str) -> IssueRecord | None:
            with Registry.open(workspace.registry, create=False) as registry:
                return registry.find(number)

        return cls(standings, find)

    def is_outdated(self, issue: IssueSummary, bound: Bound, binder: Binder) -> bool:
        """Whether a document would be made anew: it would say something else by now, and is not settled.

        :raises FormError: the form's template cannot be read.
        """
        return binder.digest(bound) != issue.digest and not self.stands(issue, bound)

    def stands(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether an issue is back complete and its values are still those of the case."""
        standing = self._standings.get(issue.number)
        if standing is None or standing.newest.verdict != _COMPLETE or standing.newest.filed_at is None:
            return False
        record = self._find(issue.number)
        return record is not None and dict(record.values) == dict(bound.json_values())
