"""Accuracy: simulated returns are read, and what was right is counted.

    python -m bench.bench_accuracy [--write] [--full] [--tier A]… [--defect NAME] [--each N] [--faults FILE]
    python -m bench.bench_accuracy --ink [FOLDER] …                  with real ink, held-out families counted apart

Small by default; ``--full`` reads as many returns as the promised bounds need. ``--defect`` and ``--tier`` narrow the
run. Prints the Markdown of docs/accuracy.md (the promised rates with their bounds, verdicts by defect and by way of
making the picture), and writes it there with ``--write``. ``--faults FILE`` lists every document that was judged
wrongly, with the seed that makes it again.
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
from dataclasses import asdict
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from bench.accuracy.digital import read_back
from bench.accuracy.ink import InkTrialRunner, ink_markdown
from bench.accuracy.outcomes import PaperOutcome
from bench.accuracy.report import TIERS, born_digital, markdown
from bench.accuracy.trials import Trial, TrialRunner
from foundation.forking import end_with_parent, forking
from simulator.defects.catalogue import harmful_defects
from simulator.real_ink.library import ink_folder, load_ink
from simulator.workspaces.issuing import issue_workspace

TODAY = date(2026, 11, 21)
DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "accuracy.md"
_AS_FOUND = Path("?")  # the folder of real ink where it is usually found; drawn ink only where there is none
_FULL = {"A": (600, 1000), "B": (600, 1000), "C": (300, 500), "D": (200, 300)}
_runner: TrialRunner | None = None


def main(arguments: Sequence[str] | None = None) -> None:
    """Read, count, and print or write the counts."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="daiban-accuracy-") as scratch:
        folder = options.workspace or issue_workspace(
            Path(scratch) / "ws", options.cases, np.random.default_rng(options.seed)
        )
        start = time.perf_counter()
        outcomes = list(_noted(_run(folder, _trials(options), options), options.faults))
        seconds = time.perf_counter() - start
        files = read_back(folder, options.digital, options.seed) if options.digital else []
    ink = ink_markdown(outcomes) if options.ink else ""
    text = "\n".join(
        filter(None, (markdown(outcomes, _how(options, outcomes, seconds)), ink, born_digital(files)))
    )
    if options.write:
        DOCUMENT.write_text(text, "utf-8")
    print(text)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.bench_accuracy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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
    parser.add_argument(
        "--ink", type=Path, nargs="?", const=_AS_FOUND, help="returns with real ink, of this folder of it"
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


def _trials(options: argparse.Namespace) -> list[Trial]:
    """The returns of every tier, complete and incomplete ones mixed: a run that is cut short has seen some of all."""
    if options.each:
        return _each_defect(options)
    found: list[tuple[float, Trial]] = []
    for place, tier in enumerate(TIERS):
        if options.tier and tier not in options.tier:
            continue
        complete, incomplete = _FULL[tier] if options.full else (options.complete, options.spoilt)
        counts = ((0, 0 if options.defect else complete), (1, incomplete))
        for defective, count in counts:
            only = options.defect if defective else None
            trials = (
                Trial(tier, (options.seed, place, defective, number), bool(defective), only)
                for number in range(count)
            )
            found += [((number + 0.5) / count, trial) for number, trial in enumerate(trials)]
    return [trial for _, trial in sorted(found, key=lambda pair: pair[0])]


def _each_defect(options: argparse.Namespace) -> list[Trial]:
    """Every defect equally often, to find those that are overlooked: a mixed run holds few of each."""
    names = harmful_defects()
    return [
        Trial(tier, (options.seed, place, 1, 100 * number + at), True, name)
        for number in range(options.each)
        for at, name in enumerate(names)
        for place, tier in enumerate(TIERS)
        if not options.tier or tier in options.tier
    ]


def _run(folder: Path, trials: list[Trial], options: argparse.Namespace) -> Iterator[PaperOutcome]:
    """The outcome of each trial, in order; none after ``--minutes``."""
    until = time.monotonic() + 60 * options.minutes if options.minutes else None
    # Forked from a clean process, one thread each: processes whose threads compete take twice as long.
    context = forking(())
    with ProcessPoolExecutor(
        options.workers, context, initializer=_start, initargs=(folder, not options.no_ocr, options.ink)
    ) as pool:
        for outcome in pool.map(_one, trials, chunksize=2):
            yield outcome
            if until and time.monotonic() > until:
                pool.shutdown(wait=False, cancel_futures=True)
                return


def _start(folder: Path, ocr: bool, ink: Path | None) -> None:
    global _runner
    end_with_parent()
    cv2.setNumThreads(1)
    if ink is None:
        _runner = TrialRunner(folder, TODAY, ocr=ocr)
    else:
        library = load_ink(ink_folder(None if ink == _AS_FOUND else ink))
        _runner = InkTrialRunner(folder, TODAY, library, ocr=ocr)


def _one(trial: Trial) -> PaperOutcome:
    assert _runner is not None
    return _runner.run(trial)


def _how(options: argparse.Namespace, outcomes: Sequence[PaperOutcome], seconds: float) -> str:
    pages = sum(item.pages[1] for item in outcomes)
    reading = sum(item.seconds for item in outcomes)
    without = ", without OCR" if options.no_ocr else ""
    return (
        f"This run: seed {options.seed}{without}, {_sizes(outcomes)}; {len(outcomes)} documents, {pages} pages, "
        f"{options.workers} processes on "
        f"{os.cpu_count()} cores ({platform.machine()}, Python {platform.python_version()}), "
        f"{seconds / 60:.1f} min, of which reading {1000 * reading / max(pages, 1):.0f} ms per page and process."
    )


def _sizes(outcomes: Sequence[PaperOutcome]) -> str:
    """How many documents of each tier: complete + incomplete."""
    by_tier = ((tier, [item for item in outcomes if item.tier == tier]) for tier in TIERS)
    return ", ".join(
        f"tier {tier} {sum(item.complete for item in of)} complete + {sum(not item.complete for item in of)} "
        "incomplete documents"
        for tier, of in by_tier
    )


def _noted(outcomes: Iterator[PaperOutcome], file: Path | None) -> Iterator[PaperOutcome]:
    """Pass on the outcomes, and list each wrong one at once, so that a long run can be watched and stopped."""
    if file is None:
        yield from outcomes
        return
    with file.open("w", encoding="utf-8") as faults:
        for item in outcomes:
            if _is_wrong(item):
                faults.write(json.dumps(asdict(item), ensure_ascii=False) + "\n")
                faults.flush()
            yield item


def _is_wrong(item: PaperOutcome) -> bool:
    wrong = (item.verdict == "complete") != item.complete or item.wrong or item.pages[0] < item.pages[1]
    seals = item.seals_seen[0] < item.seals_seen[1] or item.seals_imagined[0] > 0
    return bool(wrong) or seals or item.expected[0] < item.expected[1]


if __name__ == "__main__":
    main()
