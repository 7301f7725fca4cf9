"""The workshop gives out every chunk until it is made, whenever a worker dies."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from daiban.issuing import layout_workers
from daiban.issuing.layout_workers import Chunk, LayoutWorkers
from generator.document_generator import GeneratorSettings
from generator.model import Failed, Order


class BreaksWhenGivenTheSecond:
    """A pool whose workers die after the first chunk, once; later pools echo what they are given."""

    broken = False

    def __init__(self, *_: Any, **__: Any) -> None:
        self.given = 0

    def submit(self, _: Any, orders: list[Any], __: Path) -> "Future[list[Any]]":
        self.given += 1
        if self.given == 2 and not BreaksWhenGivenTheSecond.broken:
            BreaksWhenGivenTheSecond.broken = True
            raise BrokenProcessPool("a worker died")
        future: Future[list[Any]] = Future()
        future.set_result(orders)
        return future

    def shutdown(self, **_: Any) -> None:
        """Nothing to end."""


def test_a_chunk_refused_by_a_broken_pool_is_given_out_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A pool that is found broken when a chunk is handed to it loses neither that chunk nor the ones before."""
    monkeypatch.setattr(layout_workers, "ProcessPoolExecutor", BreaksWhenGivenTheSecond)
    chunks = [Chunk(lambda number=number: [number]) for number in range(5)]  # type: ignore[misc]
    shop = LayoutWorkers(GeneratorSettings(b"k" * 32, {}), tmp_path, workers=2)
    made = [result for results in shop.run(chunks, total=100) for result in results]
    assert BreaksWhenGivenTheSecond.broken
    assert sorted(made) == [0, 1, 2, 3, 4]  # type: ignore[type-var]


class DiesOfOneChunk:
    """A pool in which a worker dies of chunk 2; whatever else was running then is lost with it."""

    def __init__(self, *_: Any, **__: Any) -> None:
        self.running: list[Future[list[Any]]] = []

    def submit(self, _: Any, orders: list[Any], __: Path) -> "Future[list[Any]]":
        future: Future[list[Any]] = Future()
        self.running.append(future)
        if orders[0].issue == "2":
            for each in self.running:
                if not each.done():
                    each.set_exception(BrokenProcessPool("a worker died"))
        elif orders[0].issue == "3":
            future.set_result(orders)
        else:  # still running when the other comes, unless it runs alone
            future.add_done_callback(lambda _: None)
            if len(self.running) == 1 and not hasattr(DiesOfOneChunk, "first"):
                DiesOfOneChunk.first = True  # type: ignore[attr-defined]
            else:
                future.set_result(orders)
        return future

    def shutdown(self, **_: Any) -> None:
        """Nothing to end."""


def test_only_the_chunk_of_which_workers_die_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A chunk that kills its worker each time fails; one that only ran beside it is made."""
    monkeypatch.setattr(layout_workers, "ProcessPoolExecutor", DiesOfOneChunk)
    chunks = [Chunk(lambda number=number: [Order(str(number), None)]) for number in (1, 2, 3)]  # type: ignore[misc,arg-type]
    shop = LayoutWorkers(GeneratorSettings(b"k" * 32, {}), tmp_path, workers=2)
    made = [result for results in shop.run(chunks, total=100) for result in results]
    failed = [one.order.issue for one in made if isinstance(one, Failed)]
    assert (failed, len(made)) == (["2"], 3)
