"""Watching a folder while the page is served: whole files in it become a job of their own."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from django.db import close_old_connections
from django.utils import timezone

from daiban.verifying.watched_folder import WatchedFolder
from daiban.web.beside import beside
from daiban.web.clerk.job_kinds import WATCHED, WatchedArguments
from daiban.web.jobs.models import ENDED, Job, JobState
from daiban.web.jobs.queue import ask_for
from daiban.workspace import Workspace
from foundation.errors import DaibanError

_log = logging.getLogger(__name__)
_LOOKS_EVERY_S = 5.0
_TRIES_AGAIN_AFTER_S = 600.0
_WHO = "看着的文件夹"


def watching(folder: Path) -> AbstractContextManager[None]:
    """Watch what the workspace's settings name, for as long as the block runs; a changed setting counts at once."""
    return beside(partial(_watch, folder), name="folder watcher", patience_s=_LOOKS_EVERY_S)


def watched_place(workspace: Workspace) -> Path | None:
    """The folder that the settings name; None where they name none."""
    named = workspace.settings.page.watch
    return workspace.path / named if named else None


def look(watched: WatchedFolder) -> None:
    """Ask for a job where there are whole files, none is at work on them, and none has just failed at them."""
    files = watched.whole_files()
    if files and not _is_at_work() and not _has_just_failed():
        names = tuple(path.name for path in files)
        arguments = WatchedArguments(folder=str(watched.folder), files=names)
        ask_for(WATCHED, arguments, title=f"核验文件夹里的 {len(names)} 个文件", who=_WHO)


def _is_at_work() -> bool:
    return Job.objects.filter(kind=WATCHED).exclude(state__in=ENDED).exists()


def _has_just_failed() -> bool:
    """A locked registry or a full disk is not mended within seconds, and each try would be a job on record."""
    last = Job.objects.filter(kind=WATCHED).defer("result").first()
    if last is None or last.state == JobState.DONE or last.ended_at is None:
        return False
    return (timezone.now() - last.ended_at).total_seconds() < _TRIES_AGAIN_AFTER_S


def _watch(folder: Path, ending: threading.Event) -> None:
    watched: WatchedFolder | None = None
    while not ending.wait(_LOOKS_EVERY_S):
        try:
            place = watched_place(Workspace.open(folder))
            if place is None:
                watched = None
                continue
            if watched is None or watched.folder != place:
                watched = WatchedFolder(place)
            look(watched)
        except (DaibanError, OSError) as error:
            _log.warning("watched folder: %s", error)  # it may be a share that is away for a while
        finally:
            close_old_connections()
