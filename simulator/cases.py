"""Workspaces whose documents leave enough open to be filled: for tests of reading back, and for measuring it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

from cases import samples
from cases.samples import load_sample
from simulator import issued_workspaces as workspaces

#: Fields an office may not know yet, and how often it does not.
_LEFT_OPEN = {
    "contact.name": 0.5,
    "contact.phone": 0.6,
    "assessment.filled_by": 0.5,
    "handover.date": 0.25,
    "handover.stage": 0.35,
    "handover.materials": 0.4,
    "suggestion.opinion": 0.5,
    "suggestion.remark": 0.5,
}
FORMS = (
    "jincheng-authorisation",
    "jincheng-completion",
    "jincheng-assessment",
    "jincheng-ledger",
    "jincheng-suggestions",
    "jincheng-service-plan",
    "yangcheng-authorisation",
    "yangcheng-completion",
    "yangcheng-entry-opinion",
)
_YANGCHENG = tuple(sorted((Path(samples.__file__).parent).glob("yc-*.yaml")))


def open_case(number: int, rng: np.random.Generator) -> dict[str, Any]:
    """A case that can be given every form, with some of what the enterprise must fill left open."""
    tree = workspaces.full_case(number)
    done = [item for item in load_sample() if item.handover and item.handover.date]
    lender = done[number % len(done)].tree()
    for part, sign in (("handover", "date"), ("suggestion", "opinion"), ("authorisation", "items")):
        if not (tree.get(part) or {}).get(sign):
            tree[part] = {key: value for key, value in (lender.get(part) or {}).items() if value}
    tree["project"].setdefault("code", lender["project"]["code"])
    days = [str(entry["date"]) for entry in tree.get("ledger", []) if entry.get("date")]
    tree["handover"]["date"] = max([str(tree["handover"]["date"]), *days])
    for path, chance in _LEFT_OPEN.items():
        if rng.random() < chance:
            _drop(tree, path.split("."))
    if rng.random() < 0.5:
        for stage in ("approval", "planning"):
            _drop(tree, ["assessment", stage, "items"])
    return tree


def _drop(tree: dict[str, Any], path: list[str]) -> None:
    *parents, last = path
    for name in parents:
        tree = tree.get(name) or {}
    tree.pop(last, None)


def issue(folder: Path, count: int, rng: np.random.Generator, forms: tuple[str, ...] = FORMS) -> Path:
    """A workspace with ``count`` such cases and the 阳城 samples, every form of them issued (needs LibreOffice).

    The 服务方案 cannot go out without the contact; such a case just has none.

    :raises RuntimeError: a document could not be issued; the message says which and why.
    """
    cases = [open_case(number, rng) for number in range(count)]
    workspaces.make(folder, cases)
    _generate(folder, [case["id"] for case in cases], [form for form in forms if form.startswith("jincheng")])
    for file in _YANGCHENG:
        shutil.copy(file, folder / "cases")
    others = [form for form in forms if form.startswith("yangcheng")]
    if others:
        _generate(folder, [file.stem.upper() for file in _YANGCHENG], others)
    return folder


def _generate(folder: Path, cases: list[str], forms: list[str]) -> None:
    words = [word for case in cases for word in ("--case", case)]
    words += [word for form in forms for word in ("--form", form)]
    command = [sys.executable, "-m", "daiban", "generate", str(folder), *words, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout or "{}")
    failed = [item for item in said.get("failed", []) if item["form"] != "jincheng-service-plan"]
    if failed or done.returncode not in (0, 20) or not said.get("issued"):
        raise RuntimeError(
            f"daiban generate: {done.returncode}: {failed} {done.stdout[-300:]} {done.stderr[-500:]}"
        )
