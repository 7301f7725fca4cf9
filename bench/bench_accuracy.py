"""Reads simulated returns and counts what was right: ``python -m bench.bench_accuracy [--write]``.

Small by default; ``--full`` reads as many as the promised bounds need. ``--defect`` and ``--tier`` narrow it down;
``--faults FILE`` lists every document that was judged wrongly, with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.digital import read_back
from bench.accuracy.reading import Outcome, Reader
from bench.accuracy.report import TIERS, born_digital, markdown
from foundation.forking import end_with_parent, forking
from simulator.defects.catalogue import DEFECTS
from simulator.truth import Tier
from simulator.workspaces.issuing import issue_workspace

TODAY = date(2026, 11, 21)
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "accuracy.md"
_FULL = {"A": (600, 1000), "B": (600, 1000), "C": (300, 500), "D": (200, 300)}
_reader: Reader | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One return to be made and read."""

    tier: Tier
    seed: tuple[int, ...]
    spoilt: bool
    only: str | None


def main(arguments: Sequence[str] | None = None) -> None:
    """Count, and say or write what was counted."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="daiban-accuracy-") as scratch:
        folder = options.workspace or issue_workspace(
            Path(scratch) / "ws", options.cases, np.random.default_rng(options.seed)
        )
        start = time.perf_counter()
        outcomes = list(_noted(_run(folder, _tasks(options), options), options.faults))
        seconds = time.perf_counter() - start
        files = read_back(folder, options.digital, options.seed) if options.digital else []
    text = "\n".join(
        filter(None, (markdown(outcomes, _how(options, outcomes, seconds)), born_digital(files)))
    )
    if options.write:
        DOCUMENT.write_text(text, "utf-8")
    print(text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.bench_accuracy", description=__doc__)
    parser.add_argument(
        "--workspace", type=Path, help="issued documents to use; default: makes a fresh workspace"
    )
    parser.add_argument("--cases", type=int, default=10, help="cases of the fresh workspace")
    parser.add_argument("--complete", type=int, default=20, help="complete documents per tier")
    parser.add_argument("--spoilt", type=int, default=40, help="incomplete documents per tier")
    parser.add_argument("--digital", type=int, default=36, help="born-digital returns, of one issue each")
    parser.add_argument("--full", action="store_true", help="as many as the promised bounds need")
    parser.add_argument("--tier", choices=TIERS, action="append", help="only this tier (may be repeated)")
    parser.add_argument("--defect", help="only documents with this defect")
    parser.add_argument(
        "--each", type=int, help="so many documents with each defect, and none that is complete"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="stop after so many minutes, whatever is left")
    parser.add_argument("--no-ocr", action="store_true", help="as on a machine that cannot read dates")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write docs/accuracy.md")
    parser.add_argument(
        "--faults", type=Path, help="list wrongly judged documents here, one JSON object a line"
    )
    return parser.parse_args(arguments)


def _tasks(options: argparse.Namespace) -> list[Task]:
    """Every tier's documents, complete and spoilt ones in turn: a run that is cut short has seen some of all."""
    if options.each:
        return _each_defect(options)
    found: list[tuple[float, Task]] = []
    for place, tier in enumerate(TIERS):
        if options.tier and tier not in options.tier:
            continue
        complete, spoilt = _FULL[tier] if options.full else (options.complete, options.spoilt)
        counts = ((0, 0 if options.defect else complete), (1, spoilt))
        for is_spoilt, count in counts:
            only = options.defect if is_spoilt else None
            tasks = (
                Task(tier, (options.seed, place, is_spoilt, number), bool(is_spoilt), only)
                for number in range(count)
            )
            found += [((number + 0.5) / count, task) for number, task in enumerate(tasks)]
    return [task for _, task in sorted(found, key=lambda pair: pair[0])]


def _each_defect(options: argparse.Namespace) -> list[Task]:
    """Every defect equally often, to look for those that are overlooked; the mixture of a count holds few of each."""
    names = [item.name for item in DEFECTS.values() if not item.harmless]
    return [
        Task(tier, (options.seed, place, 1, 100 * number + at), True, name)
        for number in range(options.each)
        for at, name in enumerate(names)
        for place, tier in enumerate(TIERS)
        if not options.tier or tier in options.tier
    ]


def _run(folder: Path, tasks: list[Task], options: argparse.Namespace) -> Iterator[Outcome]:
    """What became of each, in order; no more once the minutes are over."""
    until = time.monotonic() + 60 * options.minutes if options.minutes else None
    # Clean processes whose libraries have one thread each: two that wait for each other take twice as long.
    context = forking(())
    with ProcessPoolExecutor(
        options.workers, context, initializer=_start, initargs=(folder, not options.no_ocr)
    ) as pool:
        for outcome in pool.map(_one, tasks, chunksize=2):
            yield outcome
            if until and time.monotonic() > until:
                pool.shutdown(wait=False, cancel_futures=True)
                return


def _start(folder: Path, ocr: bool) -> None:
    global _reader
    end_with_parent()
    cv2.setNumThreads(1)
    _reader = Reader(folder, TODAY, ocr=ocr)


def _one(task: Task) -> Outcome:
    assert _reader is not None
    return _reader.run(task.tier, task.seed, spoilt=task.spoilt, only=task.only)


def _how(options: argparse.Namespace, outcomes: Sequence[Outcome], seconds: float) -> str:
    pages = sum(item.pages[1] for item in outcomes)
    reading = sum(item.seconds for item in outcomes)
    without = ", without OCR" if options.no_ocr else ""
    return (
        f"This run: seed {options.seed}{without}, {_sizes(outcomes)}; {len(outcomes)} documents, {pages} pages, "
        f"{options.workers} processes on "
        f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}), "
        f"{seconds / 60:.1f} min, of which reading {1000 * reading / max(pages, 1):.0f} ms per page and process."
    )


def _sizes(outcomes: Sequence[Outcome]) -> str:
    """How many of each tier: complete + incomplete."""
    by_tier = ((tier, [item for item in outcomes if item.tier == tier]) for tier in TIERS)
    return ", ".join(
        f"tier {tier} {sum(item.complete for item in of)} complete + {sum(not item.complete for item in of)} "
        "incomplete documents"
        for tier, of in by_tier
    )


def _noted(outcomes: Iterator[Outcome], file: Path | None) -> Iterator[Outcome]:
    """Pass on outcomes, and list each wrong one at once: a long run can be looked at, and stopped, on its way."""
    if file is None:
        yield from outcomes
        return
    with file.open("w", encoding="utf-8") as faults:
        for item in outcomes:
            if _is_wrong(item):
                faults.write(json.dumps(asdict(item), ensure_ascii=False) + "\n")
                faults.flush()
            yield item


def _is_wrong(item: Outcome) -> bool:
    wrong = (item.verdict == "complete") != item.complete or item.wrong or item.pages[0] < item.pages[1]
    seals = item.seals_seen[0] < item.seals_seen[1] or item.seals_imagined[0] > 0
    return bool(wrong) or seals or item.expected[0] < item.expected[1]


if __name__ == "__main__":
    main()
