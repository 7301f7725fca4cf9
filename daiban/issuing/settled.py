"""Signed papers that stand: back complete, and saying what their case still says.

A new template, or a new way of printing, is no reason to ask people for their signatures again. Only changed data is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from daiban.registry import IssueRecord, IssueSummary
from daiban.registry_returns import Standing
from generator.bind import Bound

_COMPLETE = "complete"


class Settled:
    """Tells which changed documents are to be left alone.

    ``standings``: what is back, by issue number; ``find``: a whole issue by its number, asked for only if need be.
    """

    def __init__(self, standings: Mapping[str, Standing], find: Callable[[str], IssueRecord | None]) -> None:
        self._standings = standings
        self._find = find

    def stands(self, issue: IssueSummary, bound: Bound) -> bool:
        """Whether an issue is back complete and its values are still those of the case."""
        standing = self._standings.get(issue.number)
        if standing is None or standing.newest.verdict != _COMPLETE or standing.newest.filed_at is None:
            return False
        record = self._find(issue.number)
        return record is not None and dict(record.values) == dict(bound.json_values())
