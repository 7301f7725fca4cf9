"""Issuing every form of every document for 100 cases each, per page, against the first six forms of 晋城.

    python -m bench.bench_forms [--cases 100]

Prints pages, seconds and ms a page for each document, and the ratio of all forms to the first six. The goal: at most
twice as much per page, in one run.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.measuring import run_generate
from cases.model.projects import CATEGORIES
from cases.samples import load_case_files, load_sample
from forms.catalogue import Catalogue
from simulator.workspaces.issuing import create_workspace

#: Per document, a sample case for which every form of it can be issued.
_SAMPLE_OF = {
    "jincheng": "JC-2026-006",
    "yangcheng": "YC-2026-001",
    "anshan": "AS-2026-001",
    "jiaocheng": "JX-2026-001",
    "jinkai": "JK-2026-001",
}
_FIRST_SIX = ("service-plan", "authorisation", "completion", "assessment", "ledger", "suggestions")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.bench_forms", description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=100, help="at least 3: one for each list of 鞍山")
    options = parser.parse_args()
    six = tuple(f"jincheng-{name}" for name in _FIRST_SIX)
    base = _report("the six forms of 晋城", *_run("jincheng", six, options.cases))
    seconds = pages = 0.0
    for document in _SAMPLE_OF:
        forms = tuple(form.id for form in Catalogue.load().forms if form.document == document)
        took, made = _run(document, forms, options.cases)
        _report(f"{document}, {len(forms)} forms", took, made)
        seconds, pages = seconds + took, pages + made
    everything = _report("all forms of all documents", seconds, pages)
    print(f"per page, against the six: {everything / base:.2f}x")


def _report(title: str, seconds: float, pages: float) -> float:
    """Print one line; milliseconds a page."""
    each = seconds * 1000 / pages
    print(f"{title}: {pages:.0f} pages in {seconds:.1f} s, {each:.1f} ms a page", flush=True)
    return each


def _run(document: str, forms: Sequence[str], count: int) -> tuple[float, int]:
    """Seconds the whole command takes, and the pages it makes."""
    samples = {case.id: case for case in (*load_sample(), *load_case_files())}
    tree = samples[_SAMPLE_OF[document]].tree()
    cases = [{**_plain(tree), "id": f"B-{number:04d}"} for number in range(count)]
    for number, case in enumerate(cases):
        if document == "anshan":  # a third of the cases for each of its three lists
            case["project"] = {**case["project"], "category": CATEGORIES[number % len(CATEGORIES)]}
    with tempfile.TemporaryDirectory(prefix="daiban-forms-") as scratch:
        folder = create_workspace(Path(scratch) / "ws", cases)
        run = run_generate(folder, *(part for form in forms for part in ("--form", form)))
    assert not run.failed, run.errors[:1]
    return run.seconds, run.pages


def _plain(value: Any) -> Any:
    """The tree of a case as a case file holds it: without what is empty, dates as text."""
    if isinstance(value, dict):
        return {key: plain for key, item in value.items() if (plain := _plain(item)) not in (None, [], {})}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str) else str(value)


if __name__ == "__main__":
    main()
