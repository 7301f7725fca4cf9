"""Time and memory of one run against the number of cases: time must grow with them, memory must not.

Memory is the proportional set size of all processes together (shared pages counted once), sampled while it runs.

    python -m bench.bench_scale [--cases 2500 5000 10000] [--form jincheng-authorisation]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from simulator.cases.plausible import small_case
from simulator.workspaces.issuing import create_workspace


def run(folder: Path, form: str) -> tuple[float, float]:
    """Seconds, and peak MB of all processes together."""
    started = time.perf_counter()
    process = psutil.Popen(
        [sys.executable, "-m", "daiban", "generate", str(folder), "--form", form, "--workers", "2", "--json"],
        stdout=subprocess.DEVNULL,
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _total_mb(process))
        time.sleep(0.25)
    if process.returncode:
        raise SystemExit(f"generate ended with {process.returncode}")
    return time.perf_counter() - started, peak


def _total_mb(process: psutil.Popen) -> float:
    total = 0
    try:
        members = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for member in members:
        try:
            total += member.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**20


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, nargs="+", default=[2500, 5000, 10000])
    parser.add_argument("--form", default="jincheng-authorisation")
    options = parser.parse_args()
    for count in options.cases:
        with tempfile.TemporaryDirectory(prefix="daiban-scale-") as place:
            folder = create_workspace(Path(place) / "ws", [small_case(number) for number in range(count)])
            seconds, peak = run(folder, options.form)
        print(
            f"{count:6d} cases  {seconds:7.1f} s  {1000 * seconds / count:6.2f} ms a case  peak {peak:6.0f} MB"
        )


if __name__ == "__main__":
    main()
