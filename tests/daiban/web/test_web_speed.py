"""What keeps pages quick where there are ten thousand cases: how often a request opens the registry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.office

_opened: list[str] = []
_counting: list[bool] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if _counting and event == "sqlite3.connect":
        _opened.append(Path(str(arguments[0]).partition("?")[0]).name)


sys.addaudithook(_hear)


@contextmanager
def _openings() -> Iterator[list[str]]:
    """The databases opened meanwhile, by name."""
    _opened.clear()
    _counting.append(True)
    try:
        yield _opened
    finally:
        _counting.clear()


def test_a_page_opens_the_registry_once(administrator: Any, page: Path) -> None:
    """Whatever a page asks of the registry, it opens it once: opening costs more than most questions."""
    from daiban.deciding.queue import QueueRequest, return_queue
    from daiban.office import Office

    document = return_queue(Office.open(page), QueueRequest(part="all")).documents[0]
    addresses = (
        "/cases/",
        f"/cases/{document.case}/",
        f"/cases/{document.case}/readiness/",
        f"/cases/{document.case}/documents/{document.issue}/",
        f"/cases/{document.case}/change/",
        "/queue/",
        f"/queue/?part=all&text={document.case}",
        f"/documents/{document.issue}/",
        "/unplaced/",
        "/archive/",
        "/returns/",
        "/jobs/",
        "/audit/",
    )
    administrator.get("/cases/")  # what the board has to work out first
    times = {}
    for address in addresses:
        with _openings() as opened:
            assert administrator.get(address).status_code == 200
        times[address] = opened.count("registry.sqlite")
    assert {address: number for address, number in times.items() if number > 1} == {}
