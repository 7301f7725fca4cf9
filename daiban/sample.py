"""Making a workspace (``daiban init``): empty, or with sample cases to look around in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from cases.model.case import Case
from cases.samples import load_case_files, load_sample
from cases.source_names import ROSTER
from daiban import rosters
from daiban.registry import Registry
from daiban.workspace import SETTINGS_NAME, Workspace


def samples_of(documents: Collection[str]) -> tuple[Case, ...]:
    """The sample cases of these documents; the ten of 晋城 without any."""
    if not documents:
        return load_sample()
    return tuple(case for case in (*load_sample(), *load_case_files()) if case.document in documents)


def make_workspace(
    path: Path, *, sample: bool, agency_name: str = "", documents: Collection[str] = ()
) -> Workspace:
    """Make a workspace with a roster and a registry in it.

    :param documents: whose sheets the roster has, and whose samples.
    :raises UsageError: the folder is a workspace already, or holds other things.
    :raises NotWritableError: it cannot be written.
    """
    workspace = Workspace.create(path, agency_name=agency_name, documents=documents)
    cases = samples_of(documents) if sample else ()
    with _whole_or_not(workspace), workspace.lock(), workspace.staging() as staging:
        staged = staging / workspace.roster.name
        rosters.write_new(staged, cases, documents=documents)
        workspace.publish(staged, workspace.roster)
        Registry.open(workspace.registry).close()
    return workspace


@contextmanager
def _whole_or_not(workspace: Workspace) -> Iterator[None]:
    """Where a new workspace cannot be finished (a full disk), it is none: init can be run again."""
    try:
        yield
    except BaseException:
        for name in (SETTINGS_NAME, ROSTER, "registry.sqlite*"):
            for made in workspace.path.glob(name):
                made.unlink(missing_ok=True)
        raise
