"""Workers that read strangers' files: what one of them does costs only what it was at."""

import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from daiban.verifying.reading.worker_pool import WorkerLost, WorkerPool

ReadingJob = tuple[str, int]


def make() -> Callable[[ReadingJob], Iterator[Any]]:
    return answer


def answer(job: ReadingJob) -> Iterator[Any]:
    """Counts up, and dies or hangs in the middle where it is told to."""
    how, count = job
    for number in range(count):
        if how == "die" and number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "hang" and number == 1:
            time.sleep(600)
        yield number


def test_every_job_is_answered_in_order() -> None:
    """The messages of a job come in their order, and every job's come whole."""
    jobs = deque([("count", size) for size in range(1, 9)])
    heard: dict[ReadingJob, list[Any]] = {}
    with WorkerPool(make, 2, deadline_s=20) as crew:
        for job, message in crew.run(jobs):
            heard.setdefault(job, []).append(message)
    assert heard == {("count", size): list(range(size)) for size in range(1, 9)}


def test_a_death_and_a_hang_cost_one_job_each() -> None:
    """What came before a worker died or hung is kept, the loss is told, and the other jobs are answered."""
    jobs = deque([("die", 5), ("count", 3), ("hang", 4), ("count", 6)])
    heard: dict[ReadingJob, list[Any]] = {}
    started = time.monotonic()
    with WorkerPool(make, 2, deadline_s=8) as crew:
        for job, message in crew.run(jobs):
            heard.setdefault(job, []).append(message)
    assert heard[("die", 5)] == [0, 1, WorkerLost("died")]
    assert heard[("hang", 4)] == [0, WorkerLost("hung")]
    assert heard[("count", 3)] == [0, 1, 2]
    assert heard[("count", 6)] == list(range(6))
    assert time.monotonic() - started < 50


def test_jobs_may_be_added_on_the_way() -> None:
    """A job added between two messages is answered like the others."""
    jobs = deque([("count", 2)])
    heard = []
    with WorkerPool(make, 1, deadline_s=20) as crew:
        for job, message in crew.run(jobs):
            heard.append((job, message))
            if job == ("count", 2) and message == 1:
                jobs.append(("count", 1))
    assert heard[-1] == (("count", 1), 0)
