"""Worker processes that may be lost: each job is answered by messages, and a worker that dies, hangs or grows costs
nothing but the one thing it was working on.

A pool of the standard library is broken as a whole when one worker dies, and cannot end one that hangs. The files read
here come from outside, so both will happen. Each worker has a pipe of its own; a job's messages come one by one, so
what was done before a death is not lost.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Generic, Literal, TypeVar

import psutil

from foundation.forking import end_with_parent, forking

Job = TypeVar("Job")

#: A worker may take this long to be set up, on a machine that has much else to do.
START_S = 120.0
#: A worker larger than this after a job is replaced by a fresh one: no library that reads such files is free of leaks.
LARGEST_WORKER_MB = 350


@dataclass(frozen=True, slots=True)
class WorkerLost:
    """A job's worker is gone: it died, or said nothing for longer than the deadline and was ended."""

    how: Literal["died", "hung"]


@dataclass(frozen=True, slots=True)
class _WorkerReady:
    """A worker is set up; the time it took does not count against its first job."""


@dataclass(frozen=True, slots=True)
class _JobDone:
    """A job is done. ``size_mb``: memory of the worker's process."""

    size_mb: float


@dataclass(slots=True)
class _PoolWorker(Generic[Job]):
    process: BaseProcess
    pipe: Connection
    job: Job | None = None
    last_message_at: float = field(default_factory=time.monotonic)
    is_ready: bool = False


class WorkerPool(Generic[Job]):
    """``with WorkerPool(make, 2, deadline_s=60) as pool: for job, message in pool.run(jobs): …``.

    ``make`` is called once in each worker and gives the function that answers a job by messages; it, jobs and messages
    must be picklable. ``modules``: what the workers need, imported once for all of them. ``largest_mb``: of a worker.
    """

    def __init__(
        self,
        make: Callable[[], Callable[[Job], Iterable[Any]]],
        workers: int,
        *,
        deadline_s: float,
        modules: tuple[str, ...] = (),
        largest_mb: float = LARGEST_WORKER_MB,
    ) -> None:
        self._largest_mb = largest_mb
        self._make = make
        self._count = max(1, workers)
        self._deadline_s = deadline_s
        self._context = forking(modules)
        self._workers: list[_PoolWorker[Job]] = []

    def __enter__(self) -> WorkerPool[Job]:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            self._end(worker)
        self._workers.clear()

    def run(self, jobs: deque[Job]) -> Iterator[tuple[Job, Any]]:
        """Each message with its job, as they come; a :class:`WorkerLost` as the last of a job whose worker is gone.

        Jobs may be added to ``jobs`` between messages.
        """
        while jobs or any(worker.job is not None for worker in self._workers):
            self._give_out(jobs)
            busy = [worker for worker in self._workers if worker.job is not None]
            ready = wait([worker.pipe for worker in busy], timeout=self._timeout(busy))
            for worker in busy:
                if worker.pipe in ready:
                    yield from self._receive(worker)
                elif time.monotonic() > self._deadline_of(worker):
                    yield from self._lose(worker, "hung")

    def _give_out(self, jobs: deque[Job]) -> None:
        while jobs:
            idle = next((worker for worker in self._workers if worker.job is None), None)
            if idle is None:
                if len(self._workers) >= self._count:
                    return
                idle = self._start()
            job = jobs.popleft()
            idle.job, idle.last_message_at = job, time.monotonic()
            # A worker that died while it was idle is found when its answer is awaited.
            with contextlib.suppress(OSError):
                idle.pipe.send(job)

    def _timeout(self, busy: list[_PoolWorker[Job]]) -> float:
        return max(0.05, min(map(self._deadline_of, busy)) - time.monotonic())

    def _deadline_of(self, worker: _PoolWorker[Job]) -> float:
        return worker.last_message_at + (
            self._deadline_s if worker.is_ready else max(self._deadline_s, START_S)
        )

    def _receive(self, worker: _PoolWorker[Job]) -> Iterator[tuple[Job, Any]]:
        job = worker.job
        assert job is not None
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._lose(worker, "died")
            return
        worker.last_message_at = time.monotonic()
        if isinstance(message, _WorkerReady):
            worker.is_ready = True
            return
        if not isinstance(message, _JobDone):
            yield job, message
            return
        worker.job = None
        if message.size_mb > self._largest_mb:
            self._remove(worker)

    def _lose(self, worker: _PoolWorker[Job], how: Literal["died", "hung"]) -> Iterator[tuple[Job, Any]]:
        job = worker.job
        assert job is not None
        self._remove(worker)
        yield job, WorkerLost(how)

    def _remove(self, worker: _PoolWorker[Job]) -> None:
        self._workers.remove(worker)
        self._end(worker)

    def _start(self) -> _PoolWorker[Job]:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._make), daemon=True)
        process.start()
        theirs.close()
        worker: _PoolWorker[Job] = _PoolWorker(process, ours)
        self._workers.append(worker)
        return worker

    def _end(self, worker: _PoolWorker[Job]) -> None:
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()


def _work(pipe: Connection, make: Callable[[], Callable[[Any], Iterable[Any]]]) -> None:
    """What a worker does: one job after another, until its pipe is closed."""
    end_with_parent()
    answer = make()
    me = psutil.Process()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        pipe.send(_WorkerReady())
        while True:
            for message in answer(pipe.recv()):
                pipe.send(message)
            pipe.send(_JobDone(me.memory_info().rss / 2**20))
