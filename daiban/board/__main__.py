"""``python -m daiban.board WS [PID]``: bring a workspace's board up to date, and end; also when process PID ends."""

from __future__ import annotations

import os
import sys
import threading
import time

from daiban.board.refreshing import refresh
from daiban.workspace import Workspace
from foundation.errors import DaibanError
from foundation.forking import give_way
from foundation.writing import keep_private, share_with_group_of

_LOOK_EVERY_S = 2.0


def main(path: str, parent: str | None = None) -> int:
    """Whoever waits for a page goes first: this process is the nicer one."""
    keep_private()
    give_way()
    if parent is not None:
        threading.Thread(target=_end_with, args=(int(parent),), daemon=True).start()
    try:
        workspace = Workspace.open(path)
        share_with_group_of(workspace.path)
        refresh(workspace)
    except DaibanError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    return 0


def _end_with(parent: int) -> None:
    import psutil

    while psutil.pid_exists(parent):
        time.sleep(_LOOK_EVERY_S)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
