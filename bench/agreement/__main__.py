"""The steps, as commands; see :mod:`bench.agreement`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from bench.agreement import counting
from bench.agreement.pages import PAGE_SOURCES, LabelledPages, keep
from extractors.witness.agreement import AgreementLimits
from simulator.real_ink.families import Side
from simulator.real_ink.library import ink_folder, load_ink


def main(arguments: Sequence[str] | None = None) -> None:
    """Make pages, read them, write limits, or report."""
    options = _options(arguments)
    cv2.setNumThreads(1)
    match options.step:
        case "pages":
            made = _pages(options.workspace, options.folder, options.side, options.seed, options.minutes)
            print(f"{made} pages")
        case "read":
            counting.write(counting.read(options.folder), options.file)
        case "characters":
            from bench.agreement.untouched import untouched_characters
            from bench.fitting.characters import write

            write(untouched_characters(options.folder), options.file)
        case "limits":
            np.savez_compressed(options.out, **counting.limits(counting.load(options.files)))  # type: ignore[arg-type]
        case _:
            print(counting.report(counting.load([options.file]), AgreementLimits.load()))


def _pages(workspace: Path, folder: Path, side: Side, seed: int, minutes: float) -> int:
    """Make pages of all sources in turn, as many as the minutes allow; the same numbers give the same pages."""
    folder.mkdir(parents=True, exist_ok=True)
    maker = LabelledPages(workspace, load_ink(ink_folder()), side)
    until, number = time.monotonic() + 60 * minutes, 0
    while time.monotonic() < until:
        source = PAGE_SOURCES[number % len(PAGE_SOURCES)]
        # Trials with real ink take the side of the families from the last number.
        for at, page in enumerate(maker.of(source, (seed, number, int(side == "held-out")))):
            keep(page, folder / f"{seed}-{number:05}-{at}-{source}.page")
        number += 1
    return len(list(folder.glob("*.page")))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.agreement", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    pages = steps.add_parser("pages", help="registered pages with their truth, one file each")
    pages.add_argument("workspace", type=Path)
    pages.add_argument("folder", type=Path)
    pages.add_argument("--minutes", type=float, default=10)
    pages.add_argument("--side", choices=("fitting", "held-out"), default="fitting")
    pages.add_argument("--seed", type=int, default=1)
    read = steps.add_parser("read", help="what both witnesses say of kept pages")
    read.add_argument("folder", type=Path)
    read.add_argument("file", type=Path)
    characters = steps.add_parser("characters", help="printed characters of kept pages that nobody touched")
    characters.add_argument("folder", type=Path)
    characters.add_argument("file", type=Path)
    limits = steps.add_parser("limits", help="the limits that the program ships")
    limits.add_argument("files", type=Path, nargs="+")
    limits.add_argument("--out", type=Path, required=True)
    said = steps.add_parser("report", help="figures on readings of other families")
    said.add_argument("file", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
