"""The three steps of fitting, as commands; see :mod:`bench.fitting`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2


def main(arguments: Sequence[str] | None = None) -> None:
    """Make crops, train on them, or report how a model does."""
    options = _options(arguments)
    cv2.setNumThreads(1)
    if options.step == "crops":
        from bench.fitting import crops
        from simulator.real_ink.library import ink_folder, load_ink

        made = crops.make(
            options.workspace,
            load_ink(ink_folder(options.ink)),
            options.side,
            pages=options.pages,
            seed=options.seed,
            minutes=options.minutes,
            source=options.source,
        )
        crops.write(made, options.file)
        print({size: len(of.labels) for size, of in made.items()})
    elif options.step == "characters":
        from bench.fitting import characters
        from simulator.real_ink.library import ink_folder, load_ink

        seen = characters.make(
            options.workspace,
            load_ink(ink_folder(options.ink)),
            options.side,
            documents=options.documents,
            seed=options.seed,
            minutes=options.minutes,
        )
        characters.write(seen, options.file)
        print(len(seen.page), "windows")
    elif options.step == "train":
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
    elif options.step == "refit":
        from bench.fitting.refitting import refit

        refit(
            options.model,
            options.fitting,
            options.calibration,
            options.out,
            epochs=options.epochs,
            seed=options.seed,
        )
    elif options.step == "train-print":
        from bench.fitting import print_training

        print_training.train(
            options.fitting, options.calibration, options.out, epochs=options.epochs, seed=options.seed
        )
    elif options.step == "report-print":
        from bench.fitting import print_report

        print(print_report.report(options.model, options.characters))
    elif options.step == "passes":
        from bench.fitting.passes import looks_at_passes
        from simulator.real_ink.library import ink_folder, load_ink

        library = load_ink(ink_folder(options.ink))
        print("\n".join(looks_at_passes(options.model, options.faults, options.workspace, library)))
    else:
        from bench.fitting.report import report

        print(report(options.model, options.crops))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.fitting", description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    crops = steps.add_parser("crops", help="registered crops with their labels")
    crops.add_argument("workspace", type=Path)
    crops.add_argument("file", type=Path)
    crops.add_argument("--pages", type=int, default=400)
    crops.add_argument("--side", choices=("fitting", "held-out", "any"), default="fitting")
    crops.add_argument("--source", choices=("composed", "ordinary"), default="composed")
    crops.add_argument("--ink", type=Path, help="folder of real ink")
    crops.add_argument("--seed", type=int, default=1)
    crops.add_argument("--minutes", type=float, help="stop after so many minutes")
    characters = steps.add_parser("characters", help="printed characters with what was done to them")
    characters.add_argument("workspace", type=Path)
    characters.add_argument("file", type=Path)
    characters.add_argument("--documents", type=int, default=300)
    characters.add_argument("--side", choices=("fitting", "held-out", "any"), default="fitting")
    characters.add_argument("--ink", type=Path, help="folder of real ink")
    characters.add_argument("--seed", type=int, default=1)
    characters.add_argument("--minutes", type=float, help="stop after so many minutes")
    train = steps.add_parser("train", help="fit the weights; needs torch")
    train.add_argument("fitting", type=Path, nargs="+")
    train.add_argument("--calibration", type=Path, nargs="+", required=True)
    train.add_argument("--out", type=Path, required=True)
    train.add_argument("--epochs", type=int, default=40)
    train.add_argument("--minutes", type=float, default=float("inf"), help="take no longer")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--start", type=Path, help="a fitted model to go on from")
    again = steps.add_parser("refit", help="fit the two upper layers once more; needs torch")
    again.add_argument("model", type=Path)
    again.add_argument("fitting", type=Path, nargs="+")
    again.add_argument("--calibration", type=Path, nargs="+", required=True)
    again.add_argument("--out", type=Path, required=True)
    again.add_argument("--epochs", type=int, default=12)
    again.add_argument("--seed", type=int, default=1)
    report = steps.add_parser("report", help="figures of a model on crops it was not fitted to")
    report.add_argument("model", type=Path)
    report.add_argument("crops", type=Path, nargs="+")
    print_ = steps.add_parser("train-print", help="fit the weights of the look at print; needs torch")
    print_.add_argument("fitting", type=Path, nargs="+")
    print_.add_argument("--calibration", type=Path, nargs="+", required=True)
    print_.add_argument("--out", type=Path, required=True)
    print_.add_argument("--epochs", type=int, default=16)
    print_.add_argument("--seed", type=int, default=1)
    told = steps.add_parser(
        "report-print", help="figures of a look at print on characters it was not fitted to"
    )
    told.add_argument("model", type=Path)
    told.add_argument("characters", type=Path, nargs="+")
    passes = steps.add_parser("passes", help="a model's look at documents that the reader passed wrongly")
    passes.add_argument("model", type=Path)
    passes.add_argument("faults", type=Path)
    passes.add_argument("workspace", type=Path)
    passes.add_argument("--ink", type=Path, help="folder of real ink")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
