"""A workspace of many cases with documents on record: a few are issued and verified, the rest are copies of those rows.

Nothing that a page shows can tell a copied row from a real one: every case has rows of its own under numbers of their
own, and files of its own in ``issued/`` (hard links).
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from simulator.cases.plausible import small_case
from simulator.workspaces.issuing import create_workspace

_FORMS = ("jincheng-authorisation", "jincheng-ledger", "jincheng-suggestions")
_REAL = 12
#: Tables whose rows are copied for each copied issue, the column that holds its number, and the other columns' names.
_OF_ISSUE = ("page", "returned", "return_page", "observation", "finding")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def large_office(folder: Path, cases: int) -> Path:
    """The workspace; ``returns`` beside it holds scans of its real documents, to be verified while people click."""
    workspace = create_workspace(folder / "ws", [small_case(number) for number in range(cases)])
    real = [f"B-{number:05d}" for number in range(_REAL)]
    named = [word for case in real for word in ("--case", case)]
    named += [word for form in _FORMS for word in ("--form", form)]
    _daiban("daiban", "generate", workspace, *named)
    _daiban("simulator", workspace, folder / "returns", "--count", 2 * _REAL, "--tier", "B")
    (folder / "returns" / "truth.json").unlink()
    _daiban("daiban", "verify", workspace, folder / "returns")
    _copy_rows(workspace, real, cases)
    return workspace


def _daiban(module: str, *arguments: object) -> None:
    done = subprocess.run([sys.executable, "-m", module, *map(str, arguments)], stdout=subprocess.DEVNULL)
    if done.returncode not in (0, 10, 11):
        raise RuntimeError(f"{module} {arguments[0]}: {done.returncode}")


def _copy_rows(workspace: Path, real: list[str], cases: int) -> None:
    with sqlite3.connect(workspace / "registry.sqlite") as registry:
        known = registry.execute(
            "SELECT number, case_id FROM issue WHERE published_at IS NOT NULL"
        ).fetchall()
        of_case: dict[str, list[str]] = {}
        for number, case in known:
            of_case.setdefault(case, []).append(number)
        serial = 0
        for index in range(_REAL, cases):
            case, model = f"B-{index:05d}", real[index % _REAL]
            _link_files(workspace, model, case)
            for number in of_case[model]:
                serial += 1
                _copy_issue(registry, number, _number(serial), model, case)


def _copy_issue(registry: sqlite3.Connection, number: str, copied: str, model: str, case: str) -> None:
    columns = _columns(registry, "issue")
    changed = {
        "number": "?1",
        "case_id": "?2",
        "docx": "replace(docx, ?3, ?2)",
        "pdf": "replace(pdf, ?3, ?2)",
    }
    values = ", ".join(changed.get(name, f'"{name}"') for name in columns)
    listed = ", ".join(f'"{name}"' for name in columns)
    registry.execute(
        f"INSERT INTO issue ({listed}) SELECT {values} FROM issue WHERE number = ?4",
        (copied, case, model, number),
    )
    for table in _OF_ISSUE:
        others = [name for name in _columns(registry, table) if name != "issue"]
        listed = ", ".join(f'"{name}"' for name in others)
        registry.execute(
            f"INSERT INTO {table} (issue, {listed}) SELECT ?1, {listed} FROM {table} WHERE issue = ?2",
            (copied, number),
        )


def _columns(registry: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in registry.execute(f"PRAGMA table_info({table})")]


def _link_files(workspace: Path, model: str, case: str) -> None:
    folder = workspace / "issued" / case
    folder.mkdir(exist_ok=True)
    for file in (workspace / "issued" / model).iterdir():
        os.link(file, folder / file.name)


def _number(serial: int) -> str:
    """An issue number no real one is likely to have."""
    digits = ""
    for _ in range(6):
        serial, digit = divmod(serial, len(_LETTERS))
        digits = _LETTERS[digit] + digits
    return f"ZZ{digits}"
