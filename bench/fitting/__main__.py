"""The steps of fitting, as commands; see :mod:`bench.fitting`."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2

from simulator.real_ink.library import InkLibrary, ink_folder, load_ink


def main(arguments: Sequence[str] | None = None) -> None:
    """Take one step; what is found is printed."""
    options = _options(arguments)
    cv2.setNumThreads(1)
    _STEPS[options.step](options)


def _crops(options: argparse.Namespace) -> None:
    from bench.fitting import crops

    made = crops.make(
        options.workspace,
        _ink(options),
        options.side,
        pages=options.pages,
        seed=options.seed,
        minutes=options.minutes,
        source=options.source,
    )
    crops.write(made, options.file)
    print({size: len(of.labels) for size, of in made.items()})


def _characters(options: argparse.Namespace) -> None:
    from bench.fitting import characters

    seen = characters.make(
        options.workspace,
        _ink(options),
        options.side,
        documents=options.documents,
        seed=options.seed,
        minutes=options.minutes,
    )
    characters.write(seen, options.file)
    print(len(seen.page), "windows")


def _train(options: argparse.Namespace) -> None:
    from bench.fitting.training import train

    train(
        options.fitting,
        options.calibration,
        options.out,
        epochs=options.epochs,
        seed=options.seed,
        minutes=options.minutes,
        start=options.start,
    )


def _refit(options: argparse.Namespace) -> None:
    from bench.fitting.refitting import refit

    refit(
        options.model,
        options.fitting,
        options.calibration,
        options.out,
        epochs=options.epochs,
        seed=options.seed,
    )


def _train_print(options: argparse.Namespace) -> None:
    from bench.fitting.print_training import train

    train(options.fitting, options.calibration, options.out, epochs=options.epochs, seed=options.seed)


def _report(options: argparse.Namespace) -> None:
    from bench.fitting.report import report

    print(report(options.model, options.crops))


def _report_print(options: argparse.Namespace) -> None:
    from bench.fitting.print_report import report

    print(report(options.model, options.characters))


def _passes(options: argparse.Namespace) -> None:
    from bench.fitting.passes import looks_at_passes

    print("\n".join(looks_at_passes(options.model, options.faults, options.workspace, _ink(options))))


def _ink(options: argparse.Namespace) -> InkLibrary:
    return load_ink(ink_folder(options.ink))


#: What each step does; each loads what it needs, torch among it, by itself.
_STEPS: dict[str, Callable[[argparse.Namespace], None]] = {
    "crops": _crops,
    "characters": _characters,
    "train": _train,
    "refit": _refit,
    "train-print": _train_print,
    "report": _report,
    "report-print": _report_print,
    "passes": _passes,
}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fitting", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    crops = steps.add_parser("crops", help="registered crops with their labels")
    crops.add_argument("--pages", type=int, default=400)
    crops.add_argument("--source", choices=("composed", "ordinary"), default="composed")
    characters = steps.add_parser("characters", help="printed characters with what was done to them")
    characters.add_argument("--documents", type=int, default=300)
    for made in (crops, characters):
        made.add_argument("workspace", type=Path)
        made.add_argument("file", type=Path)
        made.add_argument("--side", choices=("fitting", "held-out", "any"), default="fitting")
        made.add_argument("--minutes", type=float, help="stop after so many minutes")
    train = steps.add_parser("train", help="fit the weights; needs torch")
    train.add_argument("--minutes", type=float, default=float("inf"), help="take no longer")
    train.add_argument("--start", type=Path, help="a fitted model to go on from")
    again = steps.add_parser("refit", help="fit the two upper layers once more; needs torch")
    again.add_argument("model", type=Path)
    print_ = steps.add_parser("train-print", help="fit the weights of the look at print; needs torch")
    for fitted, epochs in ((train, 40), (again, 12), (print_, 16)):
        fitted.add_argument("fitting", type=Path, nargs="+")
        fitted.add_argument("--calibration", type=Path, nargs="+", required=True)
        fitted.add_argument("--out", type=Path, required=True)
        fitted.add_argument("--epochs", type=int, default=epochs)
    for seeded in (crops, characters, train, again, print_):
        seeded.add_argument("--seed", type=int, default=1)
    report = steps.add_parser("report", help="figures of a model on crops it was not fitted to")
    report.add_argument("model", type=Path)
    report.add_argument("crops", type=Path, nargs="+")
    told = steps.add_parser(
        "report-print", help="figures of a look at print on characters it was not fitted to"
    )
    told.add_argument("model", type=Path)
    told.add_argument("characters", type=Path, nargs="+")
    passes = steps.add_parser("passes", help="a model's look at documents that the reader passed wrongly")
    passes.add_argument("model", type=Path)
    passes.add_argument("faults", type=Path)
    passes.add_argument("workspace", type=Path)
    for inked in (crops, characters, passes):
        inked.add_argument("--ink", type=Path, help="folder of real ink")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
