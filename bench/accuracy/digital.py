"""Born-digital returns through the command itself: filled, signed, altered PDF and DOCX, one per issue, one batch."""

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
    """What became of one file. ``expected``: findings made and asked."""

    way: str
    form: str
    complete: bool
    verdict: str
    expected: tuple[int, int]


def read_back(folder: Path, count: int, seed: int) -> list[DigitalOutcome]:
    """So many issues of a workspace come back as files, every way in turn; a copy of it is verified."""
    rng = np.random.default_rng((seed, 9))
    with tempfile.TemporaryDirectory(prefix="daiban-digital-") as scratch:
        copy, pile = Path(scratch) / "ws", Path(scratch) / "pile"
        shutil.copytree(folder, copy)
        pile.mkdir()
        made = _made(folder, count, rng)
        for number, item in enumerate(made):
            (pile / f"{number:03d}{item.suffix}").write_bytes(item.data)
        command = [sys.executable, "-m", "daiban", "verify", str(copy), str(pile), "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        said = json.loads(done.stdout)
    documents = {item["issue"]: item for item in said["documents"]}
    return [_outcome(item, documents.get(item.truth.issue)) for item in made]


def _made(folder: Path, count: int, rng: np.random.Generator) -> list[DigitalReturn]:
    documents = issued_documents(folder)
    contexts = case_contexts(documents, date.today())
    ways, made = list(WAYS), []
    for index in rng.permutation(len(documents)):
        document = documents[int(index)]
        able = fitting_ways(document)
        way = next((name for name in ways if name in able), None)
        if len(made) == count or way is None:
            continue
        ways.append(ways.pop(ways.index(way)))  # the ones that fit few documents come first again and again
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
    """Per way: how many, and what was said of the complete and of the incomplete ones."""
    rows = []
    for way in WAYS:
        of = [item for item in outcomes if item.way == way]
        if of:
            found, asked = (sum(item.expected[part] for item in of) for part in (0, 1))
            rows.append(
                [
                    f"`{way}`",
                    str(len(of)),
                    _said([item for item in of if item.complete]),
                    _said([item for item in of if not item.complete]),
                    f"{found}/{asked}",
                ]
            )
    return rows


def _said(outcomes: Sequence[DigitalOutcome]) -> str:
    if not outcomes:
        return "–"
    counts = [
        sum(item.verdict == name for item in outcomes)
        for name in ("incomplete", "review", "complete", "not found")
    ]
    return f"{counts[0]} / {counts[1]} / **{counts[2]}**" + (f"; not found {counts[3]}" if counts[3] else "")
