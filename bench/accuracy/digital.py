"""Born-digital returns (filled, signed, altered PDF and DOCX, one per issue) through one ``daiban verify``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from simulator.digital.returns import WAYS, DigitalReturn, fitting_ways, simulate_digital
from simulator.truth import ExpectedFinding
from simulator.workspaces.issued import case_contexts, issued_documents


@dataclass(frozen=True, slots=True)
class DigitalOutcome:
    """What the reader made of one file. ``expected``: expected findings that were reported, and all of them."""

    way: str
    form: str
    complete: bool
    verdict: str
    expected: tuple[int, int]


def read_back(folder: Path, count: int, seed: int) -> list[DigitalOutcome]:
    """Return ``count`` issues as files, every way in turn, and verify them in a copy of the workspace."""
    rng = np.random.default_rng((seed, 9))
    with tempfile.TemporaryDirectory(prefix="daiban-digital-") as scratch:
        copy, returned = Path(scratch) / "ws", Path(scratch) / "returned"
        shutil.copytree(folder, copy)
        returned.mkdir()
        made = _made(folder, count, rng)
        for number, item in enumerate(made):
            (returned / f"{number:03d}{item.suffix}").write_bytes(item.data)
        command = [sys.executable, "-m", "daiban", "verify", str(copy), str(returned), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        result = json.loads(done.stdout)
    documents = {item["issue"]: item for item in result["documents"]}
    return [_outcome(item, documents.get(item.truth.issue)) for item in made]


def _made(folder: Path, count: int, rng: np.random.Generator) -> list[DigitalReturn]:
    documents = issued_documents(folder)
    contexts = case_contexts(documents, date.today())
    ways = list(WAYS)
    made: list[DigitalReturn] = []
    for index in rng.permutation(len(documents)):
        document = documents[int(index)]
        fitting = fitting_ways(document)
        way = next((name for name in ways if name in fitting), None)
        if len(made) == count or way is None:
            continue
        # Used ways go to the end, so that those that fit few documents are tried first.
        ways.append(ways.pop(ways.index(way)))
        made.append(simulate_digital(document, rng, contexts[document.number], way))
    return made


def _outcome(item: DigitalReturn, document: dict[str, Any] | None) -> DigitalOutcome:
    findings = document["findings"] if document else []
    found = sum(any(_answers(finding, wanted) for finding in findings) for wanted in item.truth.expected)
    verdict = document["verdict"] if document else "not found"
    return DigitalOutcome(
        item.way, item.truth.form, item.truth.complete, verdict, (found, len(item.truth.expected))
    )


def _answers(finding: dict[str, Any], wanted: ExpectedFinding) -> bool:
    if finding["code"] not in (wanted.code, *wanted.also):
        return False
    return wanted.field is None or finding.get("field") in (None, wanted.field)


def digital_rows(outcomes: Sequence[DigitalOutcome]) -> list[list[str]]:
    """One table row per way: how many, and the verdicts on the complete and on the incomplete ones."""
    rows = []
    for way in WAYS:
        of = [item for item in outcomes if item.way == way]
        if of:
            found, asked = (sum(item.expected[part] for item in of) for part in (0, 1))
            rows.append(
                [
                    f"`{way}`",
                    str(len(of)),
                    _verdict_counts([item for item in of if item.complete]),
                    _verdict_counts([item for item in of if not item.complete]),
                    f"{found}/{asked}",
                ]
            )
    return rows


def _verdict_counts(outcomes: Sequence[DigitalOutcome]) -> str:
    if not outcomes:
        return "–"
    counts = [
        sum(item.verdict == name for item in outcomes)
        for name in ("incomplete", "review", "complete", "not found")
    ]
    return f"{counts[0]} / {counts[1]} / **{counts[2]}**" + (f"; not found {counts[3]}" if counts[3] else "")
