"""Where worker processes come from: one clean process that has imported what they need, so that a new one costs little.

Nothing else is imported here, so a command can have that process started before it loads its own libraries: both then
load side by side.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import threading
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext

_SAFE_PATH = "PYTHONSAFEPATH"

#: There is a worker per processor. Threads inside each would only wait for each other: small matrices are solved
#: a hundred times slower by two threads on busy processors than by one.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

#: The clean process is reached by a socket in the temporary folder, whose whole path has about a hundred bytes.
_LONGEST_FOLDER = 70
_NICENESS = 10


def keep_to_installed_code() -> None:
    """Have every Python that this process starts import what is installed, and nothing from the folder it is called in.

    That folder may be a workspace which somebody else filled: a file ``socket.py`` in it would be run.
    """
    os.environ[_SAFE_PATH] = "1"


def foreign_environment() -> dict[str, str]:
    """The environment for programs that are not ours, without what only our own processes are told."""
    return {name: value for name, value in os.environ.items() if name != _SAFE_PATH}


def forking(modules: tuple[str, ...]) -> ForkServerContext | SpawnContext:
    """Workers forked from one clean process that has everything imported; where that cannot be, spawned."""
    keep_to_installed_code()
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    reachable = len(os.fsencode(tempfile.gettempdir())) <= _LONGEST_FOLDER
    if "forkserver" not in multiprocessing.get_all_start_methods() or not reachable:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context


def start_early(modules: tuple[str, ...]) -> None:
    """Start that process now, where there is one; it imports ``modules`` while the caller goes on."""
    if isinstance(forking(modules), ForkServerContext):
        forkserver.ensure_running()


def give_way() -> None:
    """Have this process, and whatever it starts, wait for others where there are too few processors for all. Systems
    that know no such thing go on as before.
    """
    with suppress(OSError, AttributeError):
        os.nice(_NICENESS)


def end_with_parent() -> None:
    """Called in a worker: end it, and what it started, as soon as the process that wants its work is gone.

    A killed run leaves nobody working behind it, nor anybody who keeps its output open.
    """
    threading.Thread(target=_outlive_nobody, daemon=True).start()


def _outlive_nobody() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None, "not in a worker"
    # By the pipe between the two. A process id can tell nothing here: a worker may begin when its parent is gone
    # already and its own parent is another, and a killed process keeps its id until somebody asks how it ended.
    parent.join()
    end_children()
    os._exit(1)


def end_children() -> None:
    """End every process that this one started, and theirs."""
    import psutil  # here, because a command imports this module before anything else

    with suppress(psutil.Error):
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
