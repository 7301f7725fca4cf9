"""What a command is asked about: cases by their number (编号), and what is on record of a workspace; read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cases.case_set import CaseSet
from cases.model.case import Case
from daiban.registry import IssueSummary, LatestReturn, Registry
from daiban.workspace import Workspace
from foundation.errors import CaseDataError, Problem, UsageError
from foundation.nearest import did_you_mean


class OnRecord(NamedTuple):
    """What went out and what is back: issues by case and form, superseded ones left out; standings by issue number."""

    issues: Mapping[tuple[str, str], IssueSummary]
    standings: Mapping[str, LatestReturn]


def on_record(workspace: Workspace) -> OnRecord:
    """What is on record; nothing where nothing ever went out.

    :raises UnreadableError: the registry is missing though documents went out, or damaged.
    """
    registry = opened_registry(workspace)
    if registry is None:
        return OnRecord({}, {})
    with registry:
        return OnRecord(registry.current(), registry.returns.latest())


def opened_registry(workspace: Workspace) -> Registry | None:
    """The workspace's registry, never made anew; None where there is none yet and nothing went out.

    :raises UnreadableError: as above.
    """
    place = workspace.registry
    if isinstance(place, Path) and not place.exists() and not workspace.has_issued:
        return None
    return Registry.open(place, create=False)


def require_known(cases: CaseSet, case_ids: Sequence[str]) -> None:
    """Raises UsageError for every case nobody knows, naming the nearest. A refused case is known."""
    known = [case.id for case in cases.cases] + [item.case for item in cases.rejected if item.case]
    problems = [
        Problem("--case", f"没有案件编号“{name}”", advice=did_you_mean(name, known))
        for name in case_ids
        if name not in known
    ]
    if problems:
        raise UsageError(*problems)


def case_named(cases: CaseSet, case_id: str) -> Case:
    """The one case of a number.

    :raises UsageError: nobody knows it. :raises CaseDataError: it was refused; with everything that is wrong with it.
    """
    require_known(cases, [case_id])
    for case in cases.cases:
        if case.id == case_id:
            return case
    raise CaseDataError(
        *(problem for item in cases.rejected if item.case == case_id for problem in item.problems)
    )
