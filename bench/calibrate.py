"""Calibration: where the thresholds of the observers stand, shown on simulated returns and on what people decided.

    python -m bench.calibrate WORKSPACE OUT [--count 40] [--tier A]… [--seed 1] [--decisions FILE]

Issued documents of the workspace are returned by the simulator and read; each reading is compared with what was really
written. OUT gets one HTML page: per threshold a histogram of blank and filled fields, the values that would separate
them best, and the readings in order beside their pictures. Prints in Chinese, per threshold, how many fields were read,
how many wrongly or not at all, and the thresholds in force and suggested.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from bench.calibration.collecting import collect
from bench.calibration.decided import DecidedLabels, decided_labels
from bench.calibration.measures import calibrated_measures, suggest
from bench.calibration.page import write_page
from extractors.thresholds import load_thresholds
from simulator.truth import Tier

_TIERS: tuple[Tier, ...] = get_args(Tier)


def main(arguments: Sequence[str] | None = None) -> None:
    """Collect the readings, write the page, and print a summary in Chinese."""
    options = _options(arguments)
    tiers: Sequence[Tier] = options.tier or _TIERS
    every = calibrated_measures(load_thresholds())
    readings = collect(options.workspace, options.count, tiers, options.seed) if options.count else []
    if options.decisions is not None:
        decided = decided_labels(options.decisions, options.workspace, every)
        readings += decided.readings
        _say_decided(decided)
    by_measure = {
        measure.key: [item for item in readings if item.measure == measure.key] for measure in every
    }
    page = write_page(
        options.out, every, by_measure, {key: suggest(found) for key, found in by_measure.items()}
    )
    for measure in every:
        found = by_measure[measure.key]
        suggested = suggest(found)
        wrong, unsure = sum(item.wrong for item in found), sum(item.state == "unsure" for item in found)
        print(f"{measure.title}：{len(found)} 处，判反 {wrong} 处，存疑 {unsure} 处；", end="")
        print(f"现用 {measure.blank:g}／{measure.filled:g}，建议 {suggested.blank}／{suggested.filled}")
    print(f"打开看每一处：{page}。这里只给建议，阈值要改的，由人改 extractors/thresholds.toml")


def _say_decided(decided: DecidedLabels) -> None:
    print(f"人的决定：{len(decided.readings)} 个带标签的读数；都是程序拿不准、请人看过的，和模拟回件一起看")
    for why, count in decided.left_out.most_common():
        print(f"  没有算：{why} {count} 处")
    for line in decided.of_print:
        print(f"  {line}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.calibrate",
        description="用模拟回件校准读回的阈值：画出每个阈值两边的分布，列出每一处读数和它的图",
    )
    parser.add_argument("workspace", type=Path, help="已出具文书的工作区文件夹")
    parser.add_argument("out", type=Path, help="放结果的文件夹")
    parser.add_argument("--count", type=int, default=40, help="模拟多少份回件（默认 40；0 只看人的决定）")
    parser.add_argument(
        "--decisions", type=Path, help="连同人的决定：daiban decisions 工作区 --export 写的文件"
    )
    parser.add_argument("--tier", choices=_TIERS, action="append", help="只用这种清晰度，可重复")
    parser.add_argument("--seed", type=int, default=1, help="随机种子")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
