"""Bounds on a process that reads files of unknown origin: memory, core dumps, and a deadline per page.

Decoders in C can hang or crash on hostile data, and nothing inside their process can stop them politely. So pages
are read in worker processes, and a worker is expendable: it dies, its file is reported, the next worker goes on.
A pool calls :func:`limit_process` once per worker and wraps each page in :func:`deadline`.
"""

from __future__ import annotations

import ctypes
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

try:
    import resource
except ImportError:  # Windows has no such limits; the deadline still holds
    resource = None  # type: ignore[assignment]

from extractors.thresholds import OpeningThresholds, load_thresholds

#: What a worker's process exits with when a page took too long.
DEADLINE_EXIT = 75

#: glibc's names for them, and what they are set to, bytes. Pictures of a page take up to 12 MB; of those that come and
#: go some 100 MB are kept, larger ones are given back.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT, _LARGE = 96 << 20, 32 << 20


def limit_process(limits: OpeningThresholds | None = None) -> None:
    """Bounds this process's memory from now on, for good, and lets it leave no core dump of people's papers.

    Beyond the bound an allocation fails: a MemoryError, or the end of this process in a library that does not
    check. Call it in a worker, after its imports, never in the main process.
    """
    if resource is None:
        return
    limits = limits or load_thresholds().opening
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_AS, psutil.Process().memory_info().vms + limits.memory_bytes)


def keep_freed_memory() -> None:
    """Has this process keep memory that it freed for what it allocates next, instead of giving it back each time.

    Every page makes and drops the same hundreds of pictures; for memory given back the system clears a page at a
    time anew, a tenth of all the work. Nothing happens where the C library is not glibc.
    """
    with suppress(OSError, TypeError, AttributeError):  # no library of that kind; no such function in it
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_TRIM_THRESHOLD, _KEPT)


@contextmanager
def deadline(seconds: float | None = None) -> Iterator[None]:
    """Ends this whole process with :data:`DEADLINE_EXIT` if the block takes longer; for worker processes only.

    Decoders release the interpreter lock while they work, so the watching thread gets its turn.
    """
    watch = threading.Timer(
        load_thresholds().opening.page_seconds if seconds is None else seconds, os._exit, (DEADLINE_EXIT,)
    )
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _lower(kind: int, wanted: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    with suppress(ValueError, OSError):  # some systems know the limit and do not allow it
        resource.setrlimit(kind, (value, hard))
