"""Runs document generators: in this process for a few documents, in worker processes for a batch.

Each worker holds one. A worker that dies takes only what was running with it; each of that is given out again, alone.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from foundation.errors import ExitCode, Problem
from foundation.forking import end_children, forking
from generator import worker
from generator.document_generator import DocumentGenerator, GeneratorSettings
from generator.layout.libreoffice import office_folder
from generator.model import Failed, Order, Result

#: A chunk's documents go into one composite. LibreOffice's time per document rises with the links in it.
MAXIMUM_ORDERS = 200
MAXIMUM_FIELDS = 3000
_SMALL = 10  # fewer in a composite are not worth another start of LibreOffice
_FEW = 8  # documents that are not worth starting processes for
_TRIES = 3  # how often a chunk is given out when workers die


@dataclass(slots=True)
class Chunk:
    """Documents of one form that are made together. ``make`` binds them when their turn comes."""

    make: Callable[[], list[Order]]
    tries: int = 0


class LayoutWorkers:
    """Makes chunks of orders with a number of workers."""

    def __init__(self, settings: GeneratorSettings, staging: Path, workers: int) -> None:
        self._settings = settings
        self._staging = staging
        self._workers = workers

    def run(self, chunks: Iterable[Chunk], total: int) -> Iterator[list[Result]]:
        """Results of chunk after chunk, in the order they finish."""
        if self._workers <= 1 or total <= _FEW:
            with DocumentGenerator(self._settings) as generator:
                for chunk in chunks:
                    yield list(generator.run(chunk.make(), self._staging))
            return
        waiting = deque(chunks)
        with office_folder() as profiles:
            while waiting:
                yield from self._with_pool(waiting, profiles)

    def _with_pool(self, waiting: deque[Chunk], profiles: Path) -> Iterator[list[Result]]:
        """Work off the queue with one pool; when a worker dies, put its chunks back and return."""
        pool = ProcessPoolExecutor(
            self._workers,
            mp_context=forking((worker.__name__,)),
            initializer=worker.start,
            initargs=(self._settings, profiles),
        )
        running: dict[Future[list[Result]], tuple[Chunk, list[Order]]] = {}
        try:
            while waiting or running:
                while waiting and self._has_room(waiting[0], running.values()):
                    # Taken off the queue only once the pool has it: it may be found broken here.
                    orders = waiting[0].make()
                    future = pool.submit(worker.run, orders, self._staging)
                    running[future] = waiting.popleft(), orders
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
                    running.pop(future)
        except KeyboardInterrupt:
            end_children()  # not one more document: whoever ends us does not wait for it
            raise
        except BrokenProcessPool:
            for chunk, orders in running.values():
                chunk.tries += 1
                if chunk.tries < _TRIES:
                    waiting.append(chunk)
                else:
                    yield [_given_up(order) for order in orders]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _has_room(self, chunk: Chunk, running: Collection[tuple[Chunk, list[Order]]]) -> bool:
        """Whether a chunk may begin. One that was running when a worker died runs alone: no other is blamed for it."""
        if chunk.tries or any(other.tries for other, _ in running):
            return not running
        return len(running) < self._workers + 1


def chunk_size(fields: int, documents: int, workers: int) -> int:
    """How many documents of so many fields each go into one chunk, of so many documents that workers share."""
    share = max(_SMALL, ceil(documents / max(1, workers)))
    return max(1, min(MAXIMUM_ORDERS, MAXIMUM_FIELDS // max(1, fields), share))


def _given_up(order: Order) -> Failed:
    problem = Problem("排版进程", "处理这批文书的进程多次意外终止", advice="请检查内存是否充足，稍后重新运行")
    return Failed(order, (problem,), ExitCode.TOOL_FAILED)
