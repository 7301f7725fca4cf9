"""Where worker processes come from: one clean process that has imported what they need, so that a new one costs little.

Nothing else is imported here, so a command can have that process started before it loads its own libraries: both then
load side by side.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext

#: There is a worker per processor. Threads inside each would only wait for each other: small matrices are solved
#: a hundred times slower by two threads on busy processors than by one.
_ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

#: What workers that read returned pages need.
READING = ("daiban.verifying.reader",)


def forking(modules: tuple[str, ...]) -> ForkServerContext | SpawnContext:
    """Workers forked from one clean process that has everything imported; where there is no fork, spawned."""
    for name in _ONE_THREAD:
        os.environ.setdefault(name, "1")
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(modules))
    return context


def start_early(modules: tuple[str, ...]) -> None:
    """Start that process now, where there is one; it imports ``modules`` while the caller goes on."""
    if isinstance(forking(modules), ForkServerContext):
        forkserver.ensure_running()
