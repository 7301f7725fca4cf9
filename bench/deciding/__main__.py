"""The four steps of fitting decisions, as commands; see :mod:`bench.deciding`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import cv2

from bench.deciding import tables
from bench.deciding.fitting import fit
from bench.deciding.pages import PAGE_SOURCES, LabelledPages, keep
from bench.deciding.report import report
from simulator.real_ink.families import Side
from simulator.real_ink.library import ink_folder, load_ink


def main(arguments: Sequence[str] | None = None) -> None:
    """Make pages, measure them, fit models, or report how they do."""
    options = _options(arguments)
    cv2.setNumThreads(1)
    match options.step:
        case "pages":
            made = _pages(options.workspace, options.folder, options.side, options.seed, options.minutes)
            print(f"{made} pages")
        case "tables":
            found = tables.of_folder(options.folder)
            tables.write(found, options.file)
            print({kind: len(table.truth) for kind, table in found.items()})
        case "fit":
            fit(options.files, options.out, seed=options.seed)
        case _:
            print(report(options.models, options.file))


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
    parser = argparse.ArgumentParser(prog="python -m bench.deciding", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    pages = steps.add_parser("pages", help="registered pages with their truth, one file each")
    pages.add_argument("workspace", type=Path)
    pages.add_argument("folder", type=Path)
    pages.add_argument("--minutes", type=float, default=10)
    pages.add_argument("--side", choices=("fitting", "held-out"), default="fitting")
    pages.add_argument("--seed", type=int, default=1)
    measured = steps.add_parser("tables", help="evidence and looks of kept pages")
    measured.add_argument("folder", type=Path)
    measured.add_argument("file", type=Path)
    fitted = steps.add_parser("fit", help="fit the models; needs scikit-learn")
    fitted.add_argument("files", type=Path, nargs="+")
    fitted.add_argument("--out", type=Path, required=True)
    fitted.add_argument("--seed", type=int, default=1)
    said = steps.add_parser("report", help="figures of models on tables they were not fitted to")
    said.add_argument("models", type=Path)
    said.add_argument("file", type=Path)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
