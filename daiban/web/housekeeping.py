"""Clearing away while the page is served: uploads that nobody handed in, files whose job nobody began again, sessions
that ended. At the start, and every few hours.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from contextlib import AbstractContextManager
from functools import partial
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from daiban.handing_in.expiry import remove_expired
from daiban.web.audit.log import Action, record_by_itself
from daiban.web.beside import beside
from daiban.web.jobs.incoming import drop_forgotten
from daiban.workspace import Workspace
from foundation.errors import DaibanError

_log = logging.getLogger(__name__)
_FIRST_AFTER_S, _EVERY_S = 20.0, 6 * 3600.0


def housekeeping(folder: Path) -> AbstractContextManager[None]:
    """Clear away for as long as the block runs."""
    return beside(partial(_keep_house, folder), name="housekeeping")


def clear_away(workspace: Workspace, now: dt.datetime) -> None:
    """Do it once.

    :raises NotWritableError: the disk refuses.
    """
    removed = remove_expired(workspace, now)
    if removed:
        days = workspace.settings.page.draft_days
        record_by_itself(Action.UPLOADS_EXPIRED, f"{removed} 个文件，上传了 {days} 天没有交")
    drop_forgotten()
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


def _keep_house(folder: Path, ending: threading.Event) -> None:
    pause = _FIRST_AFTER_S
    while not ending.wait(pause):
        pause = _EVERY_S
        try:
            clear_away(Workspace.open(folder), dt.datetime.now(dt.UTC))
        except (DaibanError, OSError, DatabaseError) as error:
            _log.warning("clearing away: %s", error)  # a full disk, a database that is busy: the next time
        finally:
            close_old_connections()
