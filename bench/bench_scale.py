"""Time and memory of one ``daiban generate`` against the number of cases: time must grow with it, memory must not.

    python -m bench.bench_scale [--cases 2500 5000 10000] [--form jincheng-authorisation]

Prints one line per number of cases: seconds, ms a case, and the peak memory of all processes together (proportional
set size: shared pages count once).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.measuring import run_watched
from simulator.cases.plausible import small_case
from simulator.workspaces.issuing import create_workspace


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_scale", description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[2500, 5000, 10000])
    parser.add_argument("--form", default="jincheng-authorisation")
    options = parser.parse_args()
    for count in options.cases:
        with tempfile.TemporaryDirectory(prefix="daiban-scale-") as scratch:
            folder = create_workspace(Path(scratch) / "ws", [small_case(number) for number in range(count)])
            command = [sys.executable, "-m", "daiban", "generate", str(folder), "--form", options.form]
            used = run_watched([*command, "--workers", "2", "--json"])
        per_case = 1000 * used.seconds / count
        print(
            f"{count:6d} cases  {used.seconds:7.1f} s  {per_case:6.2f} ms a case  peak {used.pss_mb:6.0f} MB"
        )


if __name__ == "__main__":
    main()
