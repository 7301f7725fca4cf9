"""Makes workspaces from cases, and issues documents that leave enough fields open to be filled."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml

from cases import samples
from daiban.workspace import Workspace
from simulator.cases.plausible import CaseTree, case_with_open_fields

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
#: Cases per file: a case file is limited in size.
_CASES_PER_FILE = 500


def create_workspace(folder: Path, cases: Sequence[CaseTree]) -> Path:
    """A new workspace that holds these cases as case files; nothing is issued."""
    Workspace.create(folder)
    for start in range(0, len(cases), _CASES_PER_FILE):
        some = list(cases[start : start + _CASES_PER_FILE])
        text = yaml.dump(some, Dumper=_dumper(), allow_unicode=True, sort_keys=False)
        (folder / "cases" / f"cases-{start:05d}.yaml").write_text(text, "utf-8")
    return folder


def issue_workspace(folder: Path, count: int, rng: np.random.Generator, forms: Sequence[str] = FORMS) -> Path:
    """A workspace with ``count`` cases with open fields and the 阳城 samples, the forms issued (needs LibreOffice).

    A service plan (服务方案) cannot be issued without the contact; a case that lacks it gets none.

    :raises RuntimeError: a document could not be issued; the message says which and why.
    """
    cases = [case_with_open_fields(number, rng) for number in range(count)]
    create_workspace(folder, cases)
    jincheng = [form for form in forms if form.startswith("jincheng")]
    _generate(folder, [case["id"] for case in cases], jincheng)
    for file in _YANGCHENG:
        shutil.copy(file, folder / "cases")
    yangcheng = [form for form in forms if form.startswith("yangcheng")]
    if yangcheng:
        _generate(folder, [file.stem.upper() for file in _YANGCHENG], yangcheng)
    return folder


def _generate(folder: Path, cases: Sequence[str], forms: Sequence[str]) -> None:
    selection = [word for case in cases for word in ("--case", case)]
    selection += [word for form in forms for word in ("--form", form)]
    command = [sys.executable, "-m", "daiban", "generate", str(folder), *selection, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    result = json.loads(done.stdout or "{}")
    failed = [item for item in result.get("failed", []) if item["form"] != "jincheng-service-plan"]
    if failed or done.returncode not in (0, 20) or not result.get("issued"):
        raise RuntimeError(
            f"daiban generate: {done.returncode}: {failed} {done.stdout[-300:]} {done.stderr[-500:]}"
        )


def _dumper() -> type[yaml.SafeDumper]:
    """The C implementation where there is one: ten thousand cases take a while."""
    dumper: type[yaml.SafeDumper] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return dumper
