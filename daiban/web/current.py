"""The workspace that this process serves, opened for one request or one job."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from daiban.office import Office


def current_folder() -> Path:
    """The folder of the workspace."""
    folder: Path = settings.DAIBAN_WORKSPACE
    return folder


def current_office() -> Office:
    """One look at the workspace: a request opens its own, and says only what that one says.

    :raises UsageError: it is no workspace any more, or its settings are wrong.
    """
    return Office.open(current_folder())
