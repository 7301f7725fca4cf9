"""daiban/verifying/reading.py: what was read is told in one order, whichever worker was done first."""

from __future__ import annotations

from itertools import permutations

from daiban.verifying.outcome import FailedFile, UnplacedPage
from daiban.verifying.reading.batch_reader import ReadBatch
from foundation.errors import Problem

NAMES = ("乙/1.pdf", "甲.pdf", "丙.png")


def failed(name: str) -> FailedFile:
    return FailedFile(source=name, problems=(Problem(name, "打不开"),))


def test_the_order_workers_finish_in_is_not_told() -> None:
    """Files that failed and pages in no document come in the order of the inputs, then of their pages."""
    for order in permutations(NAMES):
        pages = [
            UnplacedPage(source=name, source_page=page, reason="unreadable")
            for name in order
            for page in (2, 1)
        ]
        pile = ReadBatch(NAMES, unplaced=pages, failed=[failed(name) for name in order])
        pile.in_order()
        assert tuple(item.source for item in pile.failed) == NAMES
        assert [(page.source, page.source_page) for page in pile.unplaced] == [
            (name, page) for name in NAMES for page in (1, 2)
        ]
