"""Making a workspace (``daiban init``): empty, or with the ten sample cases to look around in."""

from __future__ import annotations

from pathlib import Path

from cases.samples import load_sample
from daiban import rosters
from daiban.registry import Registry
from daiban.workspace import Workspace


def make_workspace(path: Path, *, sample: bool, agency_name: str = "") -> Workspace:
    """Make a workspace with a roster and a registry in it.

    :raises UsageError: the folder is a workspace already, or holds other things.
    :raises NotWritableError: it cannot be written.
    """
    workspace = Workspace.create(path, agency_name=agency_name)
    cases = load_sample() if sample else ()
    with workspace.lock(), workspace.staging() as staging:
        staged = staging / workspace.roster.name
        rosters.write_new(staged, cases)
        workspace.publish(staged, workspace.roster)
        Registry.open(workspace.registry).close()
    return workspace
