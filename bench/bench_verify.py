"""Reading back, timed: the real ``daiban verify`` on batches of simulated returns, beside full-page RapidOCR.

    python -m bench.bench_verify [--pages 200] [--workers 2] [--ocr 8]

Batches of N and 3N pages (multi-page PDFs, single JPEGs; tier A, and a mixed one) go through the command in a process
of its own. Time is that of the whole command; its start-up is measured by a run on one page. Processor time and memory
are those of all its processes together, sampled while it runs. Identifying alone, and RapidOCR on a sample of the same
pages, follow. Prints per batch pages, seconds, pages/s without start-up, processor time a page and peak memory.
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
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from bench.measuring import ResourceUse, run_watched
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
_PAGES_PER_CASE = 14  # of all forms together
_PDF_PAGES = 40  # what a small document feeder holds
_MIXED: tuple[Tier, ...] = ("A", "A", "B", "B", "C", "D")


def verify(workspace: Path, returned: Path, workers: int, *, ocr: bool = False) -> ResourceUse:
    """The command on a folder of returned files. Without ``ocr`` it runs as on a machine that has none."""
    command = [sys.executable, "-m", "daiban", "verify", str(workspace), str(returned)]
    environment = os.environ | ({} if ocr else {"PYTHONPATH": _without_ocr(workspace.parent)})
    return run_watched(
        [*command, "--workers", str(workers), "--json"], allowed=(0, 10, 11), environment=environment
    )


def _without_ocr(place: Path) -> str:
    """A module path on which the OCR package is an empty one without models: as good as not installed."""
    (place / "no-ocr" / "rapidocr").mkdir(parents=True, exist_ok=True)
    (place / "no-ocr" / "rapidocr" / "__init__.py").touch()
    return os.pathsep.join(part for part in (str(place / "no-ocr"), os.environ.get("PYTHONPATH", "")) if part)


# -- batches -----------------------------------------------------------------------------------------


def make_batch(folder: Path, workspace: Path, pages: int, tiers: Sequence[Tier], seed: int) -> Path:
    """Returned pages of a workspace as files, at most ``pages``: scans as PDFs of forty pages, photographs as JPEGs."""
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
    rng.shuffle(documents)
    count = 0
    for number, document in enumerate(documents):
        tier = tiers[number % len(tiers)]
        for page in simulate(document, rng, contexts[document.number], tier=tier).pages:
            yield page
            count += 1
            if count == pages:
                return


# -- for comparison ---------------------------------------------------------------------------------


def identify_file(path: Path, *, key: bytes) -> tuple[int, int, float]:
    """Open one file and identify each page by its page mark: pages, pages identified, processor seconds."""
    cv2.setNumThreads(1)
    started, identified = time.process_time(), 0
    with open_return(path, path.name) as opened:
        for page in range(1, opened.pages + 1):
            identified += not isinstance(sight(opened.raster(page), key), NoSighting)
        return opened.pages, identified, time.process_time() - started


def identify(batch: Path, workspace: Path, workers: int) -> str:
    """Open and identify a whole batch in ``workers`` processes; the result in words."""
    with Registry.open(Workspace.open(workspace).registry, create=False) as registry:
        one = partial(identify_file, key=registry.mark_key())
    files = sorted(batch.iterdir())
    # Spawned: a forked process would wait for threads that were not forked with it.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        list(pool.map(one, files[:workers]))  # so that imports are not measured
        started = time.perf_counter()
        done = list(pool.map(one, files))
        seconds = time.perf_counter() - started
    pages, identified, processor = (sum(column) for column in zip(*done, strict=True))
    return (
        f"{identified} of {pages} identified, {pages / seconds:.1f} pages/s, "
        f"{1000 * processor / pages:.0f} ms of processor a page"
    )


def ocr_seconds(batch: Path, count: int, threads: int) -> tuple[float, float]:
    """Wall and processor seconds that RapidOCR takes for a page: means over pages spread over the batch.

    Opening the files is not counted.
    """
    reader = text_reader(threads)
    spent: list[tuple[float, float]] = []
    with ExitStack() as stack:
        opened = [stack.enter_context(open_return(path, path.name)) for path in sorted(batch.iterdir())]
        places = [(file, page) for file in opened for page in range(1, file.pages + 1)]
        for file, page in places[:: max(1, len(places) // (count + 1))][: count + 1]:
            pixels = file.raster(page).pixels
            started, worked = time.perf_counter(), time.process_time()
            reader.lines(pixels)
            spent.append((time.perf_counter() - started, time.process_time() - worked))
    seconds, processor = np.mean(spent[1:], axis=0)  # the first page also loads the engine
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
    one = make_batch(place / "one", issued, 1, ("A",), options.seed)
    start = min(verify(fresh(), one, options.workers).seconds for _ in range(2))
    print(f"load of the machine: {_load()}")
    print(f"one page, start to end: {start:.2f} s")
    batch = make_batch(place / "A", issued, options.pages, ("A",), options.seed)
    used = verify(fresh(), batch, options.workers)
    per_page, own = _report("tier A", used, batch, start), used.processor_s / _count(batch)
    print(f"  identify alone: {identify(batch, issued, options.workers)}", flush=True)
    if options.ocr and ocr_available():
        _report("tier A, dates read by OCR", verify(fresh(), batch, options.workers, ocr=True), batch, start)
        seconds, processor = ocr_seconds(batch, options.ocr, options.workers)
        print(
            f"  RapidOCR, {options.workers} threads: {seconds:.2f} s a page, {seconds / per_page:.1f} times ours; "
            f"{processor:.2f} s of processor, {processor / own:.1f} times ours, its start counted",
            flush=True,
        )
    large = make_batch(place / "A3", issued, 3 * options.pages, ("A",), options.seed)
    _report("tier A, three times as many", verify(fresh(), large, options.workers), large, start)
    mixed = make_batch(place / "mixed", issued, options.pages, _MIXED, options.seed)
    _report("mixed tiers", verify(fresh(), mixed, options.workers), mixed, start)
    print(f"load of the machine: {_load()}")


def _fresh(issued: Path, place: Path) -> Path:
    """A copy of the workspace as issued: pages that were read once would be recognised the second time."""
    target = Path(tempfile.mkdtemp(dir=place)) / "ws"
    subprocess.run(["cp", "-a", str(issued), str(target)], check=True)
    return target


def _report(name: str, used: ResourceUse, batch: Path, start: float) -> float:
    """Print what a run used; its seconds a page without start-up."""
    pages = _count(batch)
    per_page = max(used.seconds - start, 1e-9) / pages
    print(
        f"{name}: {pages} pages in {used.seconds:.1f} s; without start {1 / per_page:.1f} pages/s; "
        f"{1000 * used.processor_s / pages:.0f} ms of processor a page; peak {used.pss_mb:.0f} MB "
        f"(sum of RSS {used.rss_mb:.0f} MB, largest process {used.largest_mb:.0f} MB)",
        flush=True,
    )
    return per_page


def _count(batch: Path) -> int:
    pages = 0
    for path in batch.iterdir():
        with open_return(path, path.name) as opened:
            pages += opened.pages
    return pages


def _load() -> str:
    return ", ".join(f"{value:.1f}" for value in os.getloadavg()) + f" on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
