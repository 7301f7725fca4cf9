"""What enterprises uploaded and did not hand in is removed after a while (过期清理), and what a killed server left half
done; what was handed in is never touched.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

from daiban.handing_in.uploads import Uploads, drafts_folder
from daiban.workspace import Workspace
from foundation.errors import UsageError

#: A folder that appears in one step and is older than this was left by a server that was killed.
_LEFT_AFTER = dt.timedelta(days=1)


def remove_expired(workspace: Workspace, now: dt.datetime) -> int:
    """Remove uploads of all cases that are older than the settings keep them; returns how many.

    :raises NotWritableError: they cannot be removed.
    """
    oldest = now - dt.timedelta(days=workspace.settings.page.draft_days)
    removed = 0
    for case_id in _cases(workspace):
        uploads = Uploads(workspace, case_id)
        for upload in list(uploads):
            if upload.about.received_at < oldest:
                removed += uploads.remove(upload.about.id)
        for left in _left_over(workspace.inbox(case_id), now):
            shutil.rmtree(left, ignore_errors=True)
    return removed


def _cases(workspace: Workspace) -> Iterator[str]:
    for folder in workspace.inboxes.glob("*"):
        with contextlib.suppress(UsageError):  # a folder that somebody put there
            if folder.is_dir() and not folder.is_symlink() and workspace.inbox(folder.name) == folder:
                yield folder.name


def _left_over(inbox: Path, now: dt.datetime) -> Iterator[Path]:
    for place in (inbox, drafts_folder(inbox)):
        for folder in place.glob(".*"):
            with contextlib.suppress(OSError):  # it was removed, or renamed into place, while we looked
                changed = dt.datetime.fromtimestamp(folder.stat().st_mtime, dt.UTC)
                if folder.is_dir() and not folder.is_symlink() and now - changed > _LEFT_AFTER:
                    yield folder
