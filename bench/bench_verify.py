"""Reading back, timed: the real ``daiban verify`` on piles of simulated returns, beside full-page RapidOCR.

Piles of N and 3N pages (multi-page PDFs, single JPEGs; tier A, and a mixed one) go through the command in a process of
its own. Time is the whole command's; start-up is a run on one page. Processor time and memory are those of all its
processes together, sampled while it runs. Identifying alone, and RapidOCR on a sample of the same pages, follow.

    python -m bench.bench_verify [--pages 200] [--workers 2] [--ocr 8]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import psutil

from daiban.registry import Registry
from daiban.workspace import Workspace
from extractors.identify import NoSighting, ocr_available, sight, text_reader
from extractors.opening import open_return
from simulator.files import jpeg_bytes, pdf
from simulator.simulate import simulate
from simulator.truth import SimulatedPage, Tier
from simulator.workspaces.issued import case_contexts, issued_documents
from simulator.workspaces.issuing import issue_workspace

TODAY = date(2026, 11, 21)
_PAGES_PER_CASE = 14  # what the forms of one case come to
_PDF_PAGES = 40  # a load of a small feeder
_MIXED: tuple[Tier, ...] = ("A", "A", "B", "B", "C", "D")
_SAMPLE_S = 0.2


@dataclass(slots=True)
class Used:
    """What a command used: seconds on the clock, of processors; peak MB, shared pages once (PSS) and not (RSS)."""

    seconds: float = 0.0
    processor: float = 0.0
    pss_mb: float = 0.0
    rss_mb: float = 0.0
    largest_mb: float = 0.0
    by_process: dict[int, float] = field(default_factory=dict)


def verify(workspace: Path, pile: Path, workers: int, *, ocr: bool = False) -> Used:
    """The command on a pile, watched. Without ``ocr`` it runs as on a machine that has none."""
    command = [sys.executable, "-m", "daiban", "verify", str(workspace), str(pile)]
    used, started = Used(), time.perf_counter()
    process = psutil.Popen(
        [*command, "--workers", str(workers), "--json"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=os.environ | ({} if ocr else {"PYTHONPATH": _without_ocr(workspace.parent)}),
    )
    while process.poll() is None:
        _watch(process, used)
        time.sleep(_SAMPLE_S)
    used.seconds = time.perf_counter() - started
    used.processor = sum(used.by_process.values())
    if process.returncode not in (0, 10, 11):
        raise SystemExit(f"verify ended with {process.returncode}: {process.stderr.read().decode()[-500:]}")
    return used


def _without_ocr(place: Path) -> str:
    """A path for modules on which the OCR package is there and has no models: as good as not installed."""
    (place / "no-ocr" / "rapidocr").mkdir(parents=True, exist_ok=True)
    (place / "no-ocr" / "rapidocr" / "__init__.py").touch()
    return os.pathsep.join(part for part in (str(place / "no-ocr"), os.environ.get("PYTHONPATH", "")) if part)


def _watch(process: psutil.Popen, used: Used) -> None:
    """One sample of a command and everything it started."""
    pss = rss = 0.0
    try:
        members = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in members:
        try:
            times, memory = member.cpu_times(), member.memory_full_info()
        except psutil.Error:
            continue
        used.by_process[member.pid] = times.user + times.system
        pss, rss = pss + memory.pss / 2**20, rss + memory.rss / 2**20
        used.largest_mb = max(used.largest_mb, memory.rss / 2**20)
    used.pss_mb, used.rss_mb = max(used.pss_mb, pss), max(used.rss_mb, rss)


# -- piles -------------------------------------------------------------------------------------------


def make_pile(folder: Path, workspace: Path, pages: int, tiers: Sequence[Tier], seed: int) -> Path:
    """About so many returned pages of a workspace as files: scans as PDFs of forty pages, photographs as JPEGs."""
    folder.mkdir()
    kept: list[SimulatedPage] = []
    count = files = 0
    for page in _returned(workspace, pages, tiers, seed):
        count += 1
        if page.truth.tier in "CD":
            (folder / f"照片{count:04d}.jpg").write_bytes(jpeg_bytes(page))
            continue
        kept.append(page)
        if len(kept) == _PDF_PAGES:
            files += 1
            (folder / f"扫描{files:03d}.pdf").write_bytes(pdf(kept))
            kept.clear()
    if kept:
        (folder / f"扫描{files + 1:03d}.pdf").write_bytes(pdf(kept))
    return folder


def _returned(workspace: Path, pages: int, tiers: Sequence[Tier], seed: int) -> Iterator[SimulatedPage]:
    documents = issued_documents(workspace)
    contexts = case_contexts(documents, TODAY)
    rng = np.random.default_rng(seed)
    rng.shuffle(documents)  # type: ignore[arg-type]
    count = 0
    for number, document in enumerate(documents):
        tier = tiers[number % len(tiers)]
        for page in simulate(document, rng, contexts[document.number], tier=tier).pages:
            yield page
            count += 1
            if count == pages:
                return


# -- beside it ---------------------------------------------------------------------------------------


def identify_file(path: Path, *, key: bytes) -> tuple[int, int, float]:
    """Opens one file and tells each page by its mark: pages, pages told, processor seconds."""
    cv2.setNumThreads(1)
    started, told = time.process_time(), 0
    with open_return(path, path.name) as opened:
        for page in range(1, opened.pages + 1):
            told += not isinstance(sight(opened.raster(page), key), NoSighting)
        return opened.pages, told, time.process_time() - started


def identify(pile: Path, workspace: Path, workers: int) -> str:
    """Opening and identifying a whole pile with so many processes, in words."""
    with Registry.open(Workspace.open(workspace).registry, create=False) as registry:
        one = partial(identify_file, key=registry.mark_key())
    files = sorted(pile.iterdir())
    # Spawned: a copy of this process would wait for threads that were not copied with it.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(one, files[:workers]))  # imports are not what is measured
        started = time.perf_counter()
        done = list(pool.map(one, files))
        seconds = time.perf_counter() - started
    pages, told, processor = (sum(column) for column in zip(*done, strict=True))
    return (
        f"{told} of {pages} told, {pages / seconds:.1f} pages/s, "
        f"{1000 * processor / pages:.0f} ms of processor a page"
    )


def ocr_seconds(pile: Path, count: int, threads: int) -> tuple[float, float]:
    """Seconds that RapidOCR takes for a page, on the clock and of processors; means of pages spread over the pile,
    opening them not counted.
    """
    reader = text_reader(threads)
    spent: list[tuple[float, float]] = []
    with ExitStack() as stack:
        opened = [stack.enter_context(open_return(path, path.name)) for path in sorted(pile.iterdir())]
        places = [(file, page) for file in opened for page in range(1, file.pages + 1)]
        for file, page in places[:: max(1, len(places) // (count + 1))][: count + 1]:
            pixels = file.raster(page).pixels
            started, worked = time.perf_counter(), time.process_time()
            reader.lines(pixels)
            spent.append((time.perf_counter() - started, time.process_time() - worked))
    seconds, processor = np.mean(spent[1:], axis=0)  # the first one warms the engine
    return float(seconds), float(processor)


# -- the run -----------------------------------------------------------------------------------------


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="daiban-verify-") as place:
        _measure(Path(place), options)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.bench_verify", description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=200, help="N; memory is also measured at 3N")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument(
        "--ocr", type=int, default=8, help="pages that RapidOCR reads for comparison; 0: none"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def _measure(place: Path, options: argparse.Namespace) -> None:
    cases = max(2, 3 * options.pages // _PAGES_PER_CASE + 1)
    issued = issue_workspace(place / "ws", cases, np.random.default_rng(options.seed))
    fresh = partial(_fresh, issued, place)
    one = make_pile(place / "one", issued, 1, ("A",), options.seed)
    start = min(verify(fresh(), one, options.workers).seconds for _ in range(2))
    print(f"load of the machine: {_load()}")
    print(f"one page, start to end: {start:.2f} s")
    pile = make_pile(place / "A", issued, options.pages, ("A",), options.seed)
    used = verify(fresh(), pile, options.workers)
    per_page, own = _told("tier A", used, pile, start), used.processor / _count(pile)
    print(f"  identify alone: {identify(pile, issued, options.workers)}", flush=True)
    if options.ocr and ocr_available():
        _told("tier A, dates read by OCR", verify(fresh(), pile, options.workers, ocr=True), pile, start)
        seconds, processor = ocr_seconds(pile, options.ocr, options.workers)
        print(
            f"  RapidOCR, {options.workers} threads: {seconds:.2f} s a page, {seconds / per_page:.1f} times ours; "
            f"{processor:.2f} s of processor, {processor / own:.1f} times ours, its start counted",
            flush=True,
        )
    large = make_pile(place / "A3", issued, 3 * options.pages, ("A",), options.seed)
    _told("tier A, three times as many", verify(fresh(), large, options.workers), large, start)
    mixed = make_pile(place / "mixed", issued, options.pages, _MIXED, options.seed)
    _told("mixed tiers", verify(fresh(), mixed, options.workers), mixed, start)
    print(f"load of the machine: {_load()}")


def _fresh(issued: Path, place: Path) -> Path:
    """The workspace as it was issued: what was read once would be known the second time."""
    target = Path(tempfile.mkdtemp(dir=place)) / "ws"
    subprocess.run(["cp", "-a", str(issued), str(target)], check=True)
    return target


def _told(name: str, used: Used, pile: Path, start: float) -> float:
    """Says what a run used; gives its seconds a page, start-up taken off."""
    pages = _count(pile)
    per_page = max(used.seconds - start, 1e-9) / pages
    print(
        f"{name}: {pages} pages in {used.seconds:.1f} s; without start {1 / per_page:.1f} pages/s; "
        f"{1000 * used.processor / pages:.0f} ms of processor a page; peak {used.pss_mb:.0f} MB "
        f"(sum of RSS {used.rss_mb:.0f} MB, largest process {used.largest_mb:.0f} MB)",
        flush=True,
    )
    return per_page


def _count(pile: Path) -> int:
    pages = 0
    for path in pile.iterdir():
        with open_return(path, path.name) as opened:
            pages += opened.pages
    return pages


def _load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg()) + f" on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
