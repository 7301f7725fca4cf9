"""Runs the program's own commands in a process of their own and measures them: time, processor time, memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_SAMPLING_INTERVAL_S = 0.2


@dataclass(frozen=True, slots=True)
class GenerateRun:
    """One ``daiban generate``: how long it took, what it issued, and the errors of what it could not issue."""

    seconds: float
    exit_code: int
    issued: int
    pages: int
    failed: int
    errors: tuple[str, ...]


def run_generate(workspace: Path, *options: str) -> GenerateRun:
    """The whole command on a workspace, with these options."""
    command = [sys.executable, "-m", "daiban", "generate", str(workspace), *options, "--json"]
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - started
    result = json.loads(done.stdout)
    errors = tuple(
        problem["problem"]
        for item in result["failed"]
        for problem in item["problems"]
        if problem["severity"] == "error"
    )
    pages = sum(item["pages"] for item in result["issued"])
    return GenerateRun(seconds, done.returncode, len(result["issued"]), pages, len(result["failed"]), errors)


@dataclass(slots=True)
class ResourceUse:
    """What a command and its child processes used together.

    ``seconds``: wall time; ``processor_s``: processor time. Peaks in MB: ``pss_mb`` counts shared pages once,
    ``rss_mb`` in every process; ``largest_mb``: RSS of the largest process.
    """

    seconds: float = 0.0
    pss_mb: float = 0.0
    rss_mb: float = 0.0
    largest_mb: float = 0.0
    processor_by_process: dict[int, float] = field(default_factory=dict)

    @property
    def processor_s(self) -> float:
        """Processor time of all processes."""
        return sum(self.processor_by_process.values())


def run_watched(
    command: Sequence[str], *, allowed: Sequence[int] = (0,), environment: Mapping[str, str] | None = None
) -> ResourceUse:
    """Run a command to its end and sample its processes; a failure ends the bench.

    ``allowed``: exit codes that are no failure. ``environment``: instead of this process's own.
    """
    used, started = ResourceUse(), time.perf_counter()
    process = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    while process.poll() is None:
        _sample(process, used)
        time.sleep(_SAMPLING_INTERVAL_S)
    used.seconds = time.perf_counter() - started
    if process.returncode not in allowed:
        raise SystemExit(
            f"{' '.join(command)} ended with {process.returncode}: {process.stderr.read().decode()[-500:]}"
        )
    return used


def _sample(process: psutil.Popen, used: ResourceUse) -> None:
    pss = rss = 0.0
    try:
        members = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for member in members:
        try:
            times, memory = member.cpu_times(), member.memory_full_info()
        except psutil.Error:
            continue
        used.processor_by_process[member.pid] = times.user + times.system
        pss, rss = pss + memory.pss / 2**20, rss + memory.rss / 2**20
        used.largest_mb = max(used.largest_mb, memory.rss / 2**20)
    used.pss_mb, used.rss_mb = max(used.pss_mb, pss), max(used.rss_mb, rss)
