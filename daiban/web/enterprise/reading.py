"""Uploads are read at once, beside the server's threads: a thread each for few cases at a time, worker processes for
the files themselves. What a killed server left unread is read when somebody asks for it.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor

from daiban.handing_in.uploads import Uploads
from daiban.worker_modules import UPLOAD_MODULES
from foundation.forking import start_early

_log = logging.getLogger(__name__)
_AT_ONCE = 2
_WORKERS = 2


class UploadReader:
    """Reads the uploads of cases; one case is read by one thread."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="uploads")
        self._lock = threading.Lock()
        self._reading: dict[str, Future[None]] = {}

    def read(self, case: str, uploads: Uploads) -> bool:
        """See to it that what is unread is being read; whether anything is."""
        with self._lock:
            running = self._reading.get(case)
            if running is not None and not running.done():
                return True
            if not uploads.unread():
                self._reading.pop(case, None)
                return False
            self._reading[case] = self._threads.submit(_read, uploads)
            return True


def warm_up() -> None:
    """Have the process that reading forks from load its libraries while somebody still takes the photograph."""
    start_early(UPLOAD_MODULES)


def _read(uploads: Uploads) -> None:
    try:
        while uploads.unread():
            before = len(uploads.unread())
            uploads.read(_WORKERS)
            if len(uploads.unread()) >= before:
                return  # what cannot even be noted (a full disk) is tried again when it is asked for
    except Exception:
        _log.exception("uploads could not be read")


reader = UploadReader()
