"""How fast the page answers: many cases on record, people clicking, a batch being verified at the same time.

    python -m bench.bench_page [--cases 10000] [--people 50] [--seconds 60] [--folder DIR]

Prints, per kind of page, the median and the 95th percentile of its answers in ms, and the most memory of the process
that answers. The goals: 200 ms at the 95th percentile, 300 MB.
"""

from __future__ import annotations

import argparse
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from bench.page.clicking import Clicker, click
from bench.page.large_office import large_office

_PORT = 8321
_NAME, _PASSWORD = "click", "bench-2026-click"
_MAKE_ACCOUNT = """
import sys
from daiban.web.configuration import configure
from daiban.workspace import Workspace
configure(Workspace.open(sys.argv[1]))
from django.contrib.auth.models import Group
from daiban.web.accounts.models import Account
account, _ = Account.objects.get_or_create(username=sys.argv[2])
account.set_password(sys.argv[3])
account.save()
account.groups.add(Group.objects.get(name="管理员"))
"""
_MEGABYTE = 1 << 20


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_page", description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--folder", type=Path, help="keep the workspace here, and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="daiban-page-") as scratch:
        folder = options.folder or Path(scratch)
        workspace = folder / "ws"
        if not (workspace / "registry.sqlite").exists():
            large_office(folder, options.cases)
        with _server(workspace) as server:
            _measure(server, workspace, folder / "returns", options)


def _measure(server: psutil.Process, workspace: Path, returns: Path, options: argparse.Namespace) -> None:
    people = [Clicker(_PORT, _NAME, _PASSWORD) for _ in range(options.people)]
    waited = _until_the_board_stands(people[0])
    print(f"{options.cases} cases; the board stood after {waited:.0f} s")
    most = [0]
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(server, most, done))
    watcher.start()
    for label, batch in (("idle", None), ("while a batch is verified", returns)):
        with _verifying(workspace, batch):
            answers = click(people, options.seconds, lambda chance: _next(chance, options.cases))
        print(f"{options.people} people, {label}:")
        for kind in sorted(answers.seconds):
            count = len(answers.seconds[kind])
            middle, slow = answers.at(kind, 0.5), answers.at(kind, 0.95)
            print(f"  {kind:8s} {count:6d} pages  median {middle:6.0f} ms  p95 {slow:6.0f} ms")
        print(f"  not answered with a page: {len(answers.wrong)} {answers.wrong[:3]}")
    done.set()
    watcher.join()
    print(f"memory of the process that answers: at most {most[0] / _MEGABYTE:.0f} MB")


def _next(chance: random.Random, cases: int) -> tuple[str, str]:
    case = f"B-{chance.randrange(cases):05d}"
    pages = [
        ("board", "/cases/"),
        ("board", f"/cases/?page={chance.randint(1, max(1, cases // 50))}"),
        ("board", "/cases/?which=missing"),
        ("board", f"/cases/?search={case}"),
        ("case", f"/cases/{case}/"),
        ("case", f"/cases/{case}/"),
        ("queue", "/queue/"),
    ]
    return chance.choice(pages)


def _until_the_board_stands(person: Clicker) -> float:
    """Wait until the board has worked out all its cases; the seconds that took."""
    began = time.monotonic()
    while True:
        _, page = person.get("/cases/")
        if not re.search("整理", page):
            return time.monotonic() - began
        time.sleep(2)


@contextmanager
def _server(workspace: Path) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "daiban", "serve", str(workspace), "--port", str(_PORT)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{_PORT}/health/", timeout=5):
                break
            time.sleep(0.1)
        subprocess.run([sys.executable, "-c", _MAKE_ACCOUNT, str(workspace), _NAME, _PASSWORD], check=True)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(60)


@contextmanager
def _verifying(workspace: Path, batch: Path | None) -> Iterator[None]:
    """The same batch verified again and again, by the command, as long as the block runs."""
    if batch is None:
        yield
        return
    loop = 'while true; do "$0" -m daiban verify "$1" "$2" --json >/dev/null; done'
    process = subprocess.Popen(
        ["sh", "-c", loop, sys.executable, str(workspace), str(batch)], start_new_session=True
    )
    try:
        yield
    finally:
        for child in psutil.Process(process.pid).children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
        process.kill()
        process.wait()


def _watch(server: psutil.Process, most: list[int], done: threading.Event) -> None:
    while not done.wait(0.5):
        most[0] = max(most[0], server.memory_info().rss)


if __name__ == "__main__":
    main()
