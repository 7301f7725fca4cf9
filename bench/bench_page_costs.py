"""What a page costs: milliseconds of processor, statements and openings of databases, page by page.

    python -m bench.bench_page_costs WS [--times 12] [--only board,case]

In this process, by Django's test client: no browser, no server, nobody else. WS: the workspace that
``bench.bench_page --folder`` keeps; its board must stand (``python -m daiban.board WS``). Milliseconds are the median
of so many requests for different cases, and the most; statements and openings are of the last one, by database.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NAME = "cost"


class _Counting:
    """Counts statements and openings of every SQLite database of this process, by the file's name."""

    def __init__(self) -> None:
        self.found: Counter[str] = Counter()
        self._connect = sqlite3.connect
        sqlite3.connect = sqlite3.dbapi2.connect = self._open  # type: ignore[assignment]

    def _open(self, database: Any, *arguments: Any, **named: Any) -> sqlite3.Connection:
        name = Path(str(database).partition("?")[0]).stem
        connection: sqlite3.Connection = self._connect(database, *arguments, **named)
        self.found[f"{name} opened"] += 1

        def count(_: str) -> None:
            self.found[name] += 1

        connection.set_trace_callback(count)
        return connection


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.bench_page_costs", description=__doc__.splitlines()[0]
    )
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--times", type=int, default=12)
    parser.add_argument("--only", help="kinds of pages, by name, with commas between")
    options = parser.parse_args()
    counting = _Counting()
    with _client(options.workspace) as client:
        for kind, address in _addresses(options.workspace).items():
            if options.only is None or kind in options.only.split(","):
                print(_costs(client, counting, kind, address, options.times), flush=True)


def _costs(client: Any, counting: _Counting, kind: str, address: Callable[[], str], times: int) -> str:
    client.get(address())
    taken = []
    for _ in range(times):
        path = address()
        counting.found.clear()
        began = time.process_time()
        answer = client.get(path)
        taken.append(1000 * (time.process_time() - began))
    counted = "  ".join(f"{name} {number}" for name, number in sorted(counting.found.items()))
    middle, most = statistics.median(taken), max(taken)
    size = len(answer.content) / 1000
    return f"{kind:14s} {answer.status_code} {size:5.0f} kB  {middle:7.1f} ms  at most {most:7.1f}  {counted}"


def _addresses(workspace: Path) -> dict[str, Callable[[], str]]:
    chance = random.Random(1)
    with sqlite3.connect(workspace / "registry.sqlite") as registry:
        out = "SELECT case_id, number FROM issue WHERE published_at IS NOT NULL ORDER BY number LIMIT 400"
        issued = registry.execute(out).fetchall()
        come = "SELECT issue FROM returned WHERE queue IS NOT NULL ORDER BY issue LIMIT 400"
        back = [row[0] for row in registry.execute(come)]

    def case() -> str:
        return str(chance.choice(issued)[0])

    def document() -> str:
        case_id, number = chance.choice(issued)
        return f"/cases/{case_id}/documents/{number}/"

    return {
        "board": lambda: f"/cases/?page={chance.randint(1, 200)}",
        "board, search": lambda: f"/cases/?search={case()}",
        "case": lambda: f"/cases/{case()}/",
        "readiness": lambda: f"/cases/{case()}/readiness/",
        "document": document,
        "change": lambda: f"/cases/{case()}/change/",
        "queue": lambda: "/queue/",
        "queue, deep": lambda: f"/queue/?part=all&page={chance.randint(2, 300)}",
        "queue, search": lambda: f"/queue/?part=all&text={case()}",
        "decide": lambda: f"/documents/{chance.choice(back)}/",
        "unplaced": lambda: "/unplaced/",
        "archive": lambda: f"/archive/?page={chance.randint(1, 400)}",
        "archive, search": lambda: f"/archive/?text={case()}",
        "returns": lambda: "/returns/",
        "jobs": lambda: "/jobs/",
        "audit": lambda: "/audit/",
        "audit, search": lambda: f"/audit/?q={case()}",
    }


@contextmanager
def _client(workspace: Path) -> Iterator[Any]:
    """Somebody who may see every page."""
    from daiban.web.configuration import configure
    from daiban.workspace import Workspace

    configure(Workspace.open(workspace), hosts=("testserver",))
    from daiban.web.serving import prepare_database

    list(prepare_database())
    from django.contrib.auth.models import Group
    from django.test import Client

    from daiban.web.accounts.models import Account

    account, _ = Account.objects.get_or_create(username=_NAME)
    account.groups.add(Group.objects.get(name="管理员"))
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    client = Client()
    client.force_login(account)
    yield client


if __name__ == "__main__":
    main()
