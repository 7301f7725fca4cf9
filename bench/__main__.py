"""Runs every speed bench, one after the other: ``python -m bench``. Each prints its own table."""

import subprocess
import sys

RUNS = (
    ("bench.bench_fill",),
    ("bench.bench_batch", "--form", "jincheng-authorisation", "--documents", "400"),
    ("bench.bench_batch", "--form", "jincheng-assessment", "--documents", "100"),
    ("bench.bench_scale",),
    ("bench.bench_forms",),
    ("bench.bench_verify",),
    ("bench.bench_uploads",),
    ("bench.bench_page",),
)

if __name__ == "__main__":
    for arguments in RUNS:
        print(f"== {' '.join(arguments)}", flush=True)
        subprocess.run([sys.executable, "-m", *arguments], check=True)
