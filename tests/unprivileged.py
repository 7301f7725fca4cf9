"""Work done as a user whom permissions bind, also where the tests run as root."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534


def as_somebody_else(folder: Path, work: Callable[[], object]) -> None:
    """Do ``work`` in a process that belongs to nobody, to whom ``folder`` is given; its errors are raised here.

    What it imports has to be imported already: Python itself may stand where only root can read. Where the tests do not
    run as root, permissions bind them already, and it is done at once.
    """
    if os.geteuid() != 0:
        work()
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    reading, telling = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            work()
            os._exit(0)
        except BaseException:
            os.write(telling, traceback.format_exc().encode())
            os._exit(1)
    os.close(telling)
    with os.fdopen(reading, encoding="utf-8") as told:
        said = told.read()
    assert os.waitpid(child, 0)[1] == 0, said
