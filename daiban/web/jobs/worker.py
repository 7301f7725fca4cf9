"""The worker: the one process that works jobs off, started by ``daiban serve`` and ended with it."""

from __future__ import annotations

import signal
from pathlib import Path
from types import FrameType

from filelock import FileLock

from daiban.web.configuration import configure, private_folder
from daiban.workspace import Workspace
from foundation.forking import end_with_parent, give_way
from foundation.writing import keep_private, share_with_group_of

_LOOKS_EVERY_S = 0.5
#: A worker whose server was killed ends within a moment; its successor waits for that.
_PATIENCE_S = 120.0


def work(folder: Path) -> None:
    """Work jobs off until the server ends. Runs in a process of its own."""
    keep_private()
    give_way()  # whoever clicks goes first, while a batch is verified or documents are issued
    end_with_parent()
    workspace = Workspace.open(folder)
    share_with_group_of(workspace.path)
    configure(workspace)
    from django_tasks_db.management.commands.db_worker import Worker

    from daiban.web.jobs.queue import recover

    worker = Worker(
        queue_names=["default"],
        interval=_LOOKS_EVERY_S,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="serve",
        excluded_queue_names=[],
    )

    def end(number: int, frame: FrameType | None) -> None:
        # What runs is interrupted as by Ctrl-C: its record says "running", and the next start goes on with it.
        worker.running = False
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C on a terminal reaches the server, which ends its worker
    try:
        with FileLock(private_folder(workspace.path) / "worker.lock", timeout=_PATIENCE_S):
            recover()
            worker.run()
    except KeyboardInterrupt:
        return
