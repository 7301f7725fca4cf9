"""Every form of every document for 100 cases each, per page, against the six forms of 晋城.

    python -m bench.bench_forms [--cases 100]

The goal: generating all forms costs at most twice per page what the six first ones cost, in one run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cases.model.projects import CATEGORIES
from cases.samples import load_case_files, load_sample
from forms.catalogue import Catalogue
from simulator.workspaces.issuing import create_workspace

#: A sample case of each document that every form of it can be made for.
_MODELS = {
    "jincheng": "JC-2026-006",
    "yangcheng": "YC-2026-001",
    "anshan": "AS-2026-001",
    "jiaocheng": "JX-2026-001",
    "jinkai": "JK-2026-001",
}
_SIX = ("service-plan", "authorisation", "completion", "assessment", "ledger", "suggestions")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100)
    options = parser.parse_args()
    six = tuple(f"jincheng-{name}" for name in _SIX)
    base = _told("the six forms of 晋城", *_run("jincheng", six, options.cases))
    seconds = pages = 0.0
    for document in _MODELS:
        forms = tuple(form.id for form in Catalogue.load().forms if form.document == document)
        took, made = _run(document, forms, options.cases)
        _told(f"{document}, {len(forms)} forms", took, made)
        seconds, pages = seconds + took, pages + made
    everything = _told("all forms of all documents", seconds, pages)
    print(f"per page, against the six: {everything / base:.2f}x")


def _told(what: str, seconds: float, pages: float) -> float:
    """Milliseconds a page, said."""
    each = seconds * 1000 / pages
    print(f"{what}: {pages:.0f} pages in {seconds:.1f} s, {each:.1f} ms a page", flush=True)
    return each


def _run(document: str, forms: Sequence[str], count: int) -> tuple[float, int]:
    """Seconds the whole command takes, and the pages it makes."""
    samples = {case.id: case for case in (*load_sample(), *load_case_files())}
    tree = samples[_MODELS[document]].tree()
    cases = [{**_plain(tree), "id": f"B-{number:04d}"} for number in range(count)]
    for number, case in enumerate(cases):
        if document == "anshan":  # each of its three lists gets its share
            case["project"] = {**case["project"], "category": CATEGORIES[number % len(CATEGORIES)]}
    with tempfile.TemporaryDirectory(prefix="daiban-forms-") as place:
        folder = create_workspace(Path(place) / "ws", cases)
        named = [part for form in forms for part in ("--form", form)]
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "daiban", "generate", folder, "--json", *named],
            stdout=subprocess.PIPE,
            check=False,
        )
        seconds = time.perf_counter() - started
    told = json.loads(done.stdout)
    assert not told["failed"], told["failed"][:1]
    return seconds, sum(item["pages"] for item in told["issued"])


def _plain(value: Any) -> Any:
    """A case's tree as a case file has it: nothing that is empty, dates as text."""
    if isinstance(value, dict):
        return {key: plain for key, item in value.items() if (plain := _plain(item)) not in (None, [], {})}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str) else str(value)


if __name__ == "__main__":
    main()
